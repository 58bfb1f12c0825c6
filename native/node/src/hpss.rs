//! Harmonic-percussive separation of signals, spectrograms and streams, masks and median filters.

use crate::closable::Closable;
use crate::floats::other_type;
use crate::job::Job;
use crate::online::Online;
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Owned, Sample, Samples, Values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::hpss::{
    self, DecomposeOptions, HpssOptions, OnlineHpss, Parts, SeparationOptions, SoftmaskOptions, softmask as mask,
};
use dsp_core::median::{self, MedianOptions};
use dsp_core::options::read;
use dsp_core::{Error, Result};
use napi::Env;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Object};
use napi_derive::napi;

/// The separation of signals into the wanted parts.
#[derive(Clone)]
struct Separation {
    options: HpssOptions,
    parts: Parts,
}

impl Separation {
    fn both(options: Object<'_>) -> Result<Self> {
        let SeparationOptions { hpss: options, residual } = read(&JsOptions(options))?;
        Ok(Self { options, parts: Parts { harmonic: true, percussive: true, residual } })
    }

    fn part(options: Object<'_>, harmonic: bool) -> Result<Self> {
        let parts = Parts { harmonic, percussive: !harmonic, residual: false };
        Ok(Self { options: read(&JsOptions(options))?, parts })
    }
}

impl Plan for Separation {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        let Self { options, parts } = self;
        hpss::hpss(y, samples, options, *parts, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        let parts = hpss::batch(signals, &self.options, self.parts, true)?;
        Ok(parts.into_iter().flat_map(IntoValues::into_values).collect())
    }
}

/// The separation of signals: an array per wanted part, in the order harmonic, percussive, residual.
#[napi]
pub struct HpssPlan(Closable<Separation>);

#[napi]
impl HpssPlan {
    /// Both parts, and the residual where the options ask for it.
    #[napi(factory, catch_unwind)]
    pub fn both(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Separation::both(options).map(|plan| Self(Closable::new(plan))))
    }

    /// The harmonic part.
    #[napi(factory, catch_unwind)]
    pub fn harmonic(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Separation::part(options, true).map(|plan| Self(Closable::new(plan))))
    }

    /// The percussive part.
    #[napi(factory, catch_unwind)]
    pub fn percussive(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Separation::part(options, false).map(|plan| Self(Closable::new(plan))))
    }
}
plan_methods!(HpssPlan);

impl Plan for DecomposeOptions {
    fn run<T: Sample>(&mut self, spectra: &[T], bins: usize, frames: usize, threads: bool) -> Result<Vec<Values>> {
        let Self { masks, residual, complex } = self;
        hpss::decompose(spectra, bins, frames, *complex, masks, *residual, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, _: &[&[T]]) -> Result<Vec<Values>> {
        Err(Error::argument("signals", "one spectrogram", "a batch"))
    }
}

/// The separation of spectrograms: an array per part, in the order harmonic, percussive, residual.
#[napi]
pub struct DecomposePlan(Closable<DecomposeOptions>);

#[napi]
impl DecomposePlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|options| Self(Closable::new(options))))
    }
}
plan_methods!(DecomposePlan);

impl Plan for MedianOptions {
    fn run<T: Sample>(&mut self, x: &[T], rows: usize, columns: usize, threads: bool) -> Result<Vec<Values>> {
        let options = self.over(rows, columns);
        median::filter(x, &options, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, _: &[&[T]]) -> Result<Vec<Values>> {
        Err(Error::argument("signals", "one tensor", "a batch"))
    }
}

/// A running median over planes of `rows * columns` values: one array.
#[napi]
pub struct MedianPlan(Closable<MedianOptions>);

#[napi]
impl MedianPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|options| Self(Closable::new(options))))
    }
}
plan_methods!(MedianPlan);

/// The share of `x` against `x_ref`, both of one precision.
#[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
pub fn softmask(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x_ref: Samples<'_>,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<Vec<Values>> {
    caught(|| {
        let SoftmaskOptions { power, split_zeros } = read(&JsOptions(options))?;
        match (x, x_ref) {
            (Either::A(x), Either::A(x_ref)) => mask(x, x_ref, power, split_zeros).map(IntoValues::into_values),
            (Either::B(x), Either::B(x_ref)) => mask(x, x_ref, power, split_zeros).map(IntoValues::into_values),
            _ => Err(other_type("xRef")),
        }
    })
}

/// The same off the main thread.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn softmask_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x_ref: Samples<'_>,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
    signal: Option<AbortSignal>,
) -> napi::Result<AsyncTask<Job>> {
    let SoftmaskOptions { power, split_zeros } = caught(|| read(&JsOptions(options)))?;
    let (x, x_ref) = (Owned::from(x), Owned::from(x_ref));
    Ok(Job::start(signal, move || match (x, x_ref) {
        (Owned::F32(x), Owned::F32(x_ref)) => mask(&x, &x_ref, power, split_zeros).map(IntoValues::into_values),
        (Owned::F64(x), Owned::F64(x_ref)) => mask(&x, &x_ref, power, split_zeros).map(IntoValues::into_values),
        _ => Err(other_type("xRef")),
    }))
}

stream!(
    OnlineHpss,
    fn bytes(&self) -> usize {
        self.bytes()
    }
);

/// The separation of a stream: an array per wanted part, as many samples of each.
#[napi(custom_finalize)]
pub struct HpssStream(Online<OnlineHpss<f32>, OnlineHpss<f64>>);

#[napi]
impl HpssStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let Separation { options, parts } = caught(|| Separation::both(options))?;
        Online::open(env, float32, || OnlineHpss::new(&options, parts), || OnlineHpss::new(&options, parts)).map(Self)
    }
}
stream_methods!(HpssStream);
