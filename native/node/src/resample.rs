//! Resampling and mixing down.

use crate::closable::Closable;
use crate::online::Online;
use crate::options::{JsOptions, count};
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Samples, Values, all_values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::Result;
use dsp_core::mono;
use dsp_core::options::read;
use dsp_core::resample::{OnlineChannels, Options, resample, resample_batch};
use napi::Env;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

impl Plan for Options {
    fn run<T: Sample>(&mut self, x: &[T], _: usize, samples: usize, _: bool) -> Result<Vec<Values>> {
        resample(x, samples, self).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        resample_batch(self, signals, true).map(all_values)
    }
}

/// Resampling: one array.
#[napi]
pub struct ResamplePlan(Closable<Options>);

#[napi]
impl ResamplePlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|options| Self(Closable::new(options))))
    }
}
plan_methods!(ResamplePlan);

stream!(OnlineChannels);

/// Resampling of a stream of some channels, which a block holds one after another.
#[napi(custom_finalize)]
pub struct ResampleStream(Online<OnlineChannels<f32>, OnlineChannels<f64>>);

#[napi]
impl ResampleStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        #[napi(ts_arg_type = "object")] options: Object<'_>,
        float32: bool,
        channels: f64,
    ) -> napi::Result<Self> {
        let (options, channels): (Options, _) = (caught(|| read(&JsOptions(options)))?, count(channels));
        let single = || OnlineChannels::new(&options, channels);
        Online::open(env, float32, single, || OnlineChannels::new(&options, channels)).map(Self)
    }
}
stream_methods!(ResampleStream);

/// The mean of the channels of `[channels, samples]`.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn to_mono(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] samples: Samples<'_>,
    channels: f64,
) -> napi::Result<Values> {
    let channels = count(channels);
    caught(|| match samples {
        Either::A(samples) => mono::to_mono(samples, channels).map(Values::from),
        Either::B(samples) => mono::to_mono(samples, channels).map(Values::from),
    })
}
