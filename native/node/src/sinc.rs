//! SincNet's filters and its first layer.

use crate::array::OutputArray;
use crate::closable::Closable;
use crate::online::Online;
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::Result;
use dsp_core::options::read;
use dsp_core::sinc::{self, Filters, OnlineSinc, Sinc, SincOptions};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

/// The filters, and their partners in quadrature: two arrays, `[filters, kernelSize]`.
#[napi(catch_unwind, ts_return_type = "Array<Float64Array>")]
pub fn sinc_filters(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Vec<Values>> {
    caught(|| {
        let Filters { real, partner, .. } = Filters::new(&read(&JsOptions(options))?)?;
        Ok((real, partner).into_values())
    })
}

/// The magnitudes of the filters' frequency responses, `[filters, 1 + nFft / 2]`.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn sinc_responses(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<OutputArray<f64>> {
    caught(|| sinc::frequency_responses(&read(&JsOptions(options))?).map(OutputArray::from))
}

impl Plan for Sinc<f32> {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        Self::run(self, y, samples, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(all_values)
    }
}

/// SincNet's first layer in single precision: one array, `[filters, frames]`.
#[napi]
pub struct SincPlan(Closable<Sinc<f32>>);

#[napi]
impl SincPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Sinc::new(&read(&JsOptions(options))?).map(|plan| Self(Closable::new(plan))))
    }
}
plan_methods!(SincPlan);

stream!(OnlineSinc);

/// The layer over a stream: the frames that are complete.
#[napi(custom_finalize)]
pub struct SincStream(Online<OnlineSinc<f32>, OnlineSinc<f64>>);

#[napi]
impl SincStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: SincOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlineSinc::new(&options), || OnlineSinc::new(&options)).map(Self)
    }
}
stream_methods!(SincStream);
