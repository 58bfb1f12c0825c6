//! The short-time transform, its inverse and its streaming form.

use crate::closable::Closable;
use crate::floats::{Floats, InOut};
use crate::online::Online;
use crate::options::{JsOptions, count};
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::options::read;
use dsp_core::results::results;
use dsp_core::stft::{IstftOptions, OnlineStft, PadMode, Stft, StftOptions};
use dsp_core::{Error, Result};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

impl Plan for Stft {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        let channels = y.len().checked_div(samples).unwrap_or(0);
        let mut output = results(self.check(channels, samples)? * channels * 2 * self.bins());
        self.forward(y, samples, &mut output, threads)?;
        Ok(output.into_values())
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(all_values)
    }
}

/// The short-time transform: one array, `[channels, bins, frames, 2]`.
#[napi]
pub struct StftPlan(Closable<Stft>);

#[napi]
impl StftPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| {
            let options: StftOptions = read(&JsOptions(options))?;
            Stft::new(&options).map(|plan| Self(Closable::new(plan)))
        })
    }

    /// Values that the transform of so many samples in so many channels has.
    #[napi(catch_unwind)]
    pub fn size(&self, channels: f64, samples: f64) -> napi::Result<f64> {
        let (channels, samples) = (count(channels), count(samples));
        caught(|| self.0.with(|plan| Ok((plan.check(channels, samples)? * channels * 2 * plan.bins()) as f64)))
    }

    /// `run` into an array of the caller's.
    #[napi(catch_unwind)]
    pub fn run_into(
        &self,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] y: Floats,
        samples: f64,
        #[napi(ts_arg_type = "Float32Array | Float64Array")] output: Floats,
    ) -> napi::Result<()> {
        let samples = count(samples);
        caught(|| {
            self.0.with(|plan| match InOut::new(&y, &output)? {
                InOut::F32(y, output) => plan.forward(y, samples, output, false),
                InOut::F64(y, output) => plan.forward(y, samples, output, false),
            })
        })
    }
}
plan_methods!(StftPlan);

/// The inverse transform of spectra, with the requested length.
#[derive(Clone)]
struct Istft {
    plan: Stft,
    length: Option<usize>,
}

impl Plan for Istft {
    fn run<T: Sample>(&mut self, spectra: &[T], bins: usize, frames: usize, threads: bool) -> Result<Vec<Values>> {
        let size = bins.saturating_mul(frames).saturating_mul(2);
        let channels = spectra.len().checked_div(size).unwrap_or(0);
        let mut output = results(channels * self.plan.inverse_length(frames, self.length)?);
        self.plan.inverse(spectra, frames, self.length, &mut output, threads)?;
        Ok(output.into_values())
    }

    fn batch<T: Sample>(&mut self, _: &[&[T]]) -> Result<Vec<Values>> {
        Err(Error::argument("signals", "one spectrum", "a batch"))
    }
}

/// The inverse short-time transform of `[channels, bins, frames, 2]`: one array, `[channels, samples]`.
#[napi]
pub struct IstftPlan(Closable<Istft>);

#[napi]
impl IstftPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| {
            let IstftOptions { frames, length } = read(&JsOptions(options))?;
            // The padding is cut off, whatever it was.
            let plan = Stft::new(&frames.stft(PadMode::Constant)?)?;
            Ok(Self(Closable::new(Istft { plan, length })))
        })
    }
}
plan_methods!(IstftPlan);

stream!(OnlineStft);

/// The short-time transform of a stream: the frames that are complete, `[bins, frames, 2]`.
#[napi(custom_finalize)]
pub struct StftStream(Online<OnlineStft<f32>, OnlineStft<f64>>);

#[napi]
impl StftStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: StftOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlineStft::new(&options), || OnlineStft::new(&options)).map(Self)
    }
}
stream_methods!(StftStream);
