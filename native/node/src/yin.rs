//! YIN and probabilistic YIN.

use crate::closable::Closable;
use crate::online::Online;
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::Result;
use dsp_core::options::read;
use dsp_core::pyin::{self, OnlinePyin, Pitches, PyinOptions};
use dsp_core::yin::{self, OnlineYin, YinOptions};
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

impl Plan for YinOptions {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        yin::yin(y, samples, self, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        yin::yin_batch(signals, self, true).map(all_values)
    }
}

impl Plan for PyinOptions {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        pyin::pyin(y, samples, self, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        pyin::pyin_batch(signals, self, true).map(all_values)
    }
}

/// Frequencies, flags (0 or 1) and probabilities.
impl IntoValues for Pitches {
    fn into_values(self) -> Vec<Values> {
        let flags: Vec<f64> = self.voiced_flag.iter().map(|&flag| flag.into()).collect();
        vec![self.f0.into(), flags.into(), self.voiced_prob.into()]
    }
}

/// YIN: one array, the frequencies.
#[napi]
pub struct YinPlan(Closable<YinOptions>);

#[napi]
impl YinPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|options| Self(Closable::new(options))))
    }
}
plan_methods!(YinPlan);

/// Probabilistic YIN: three arrays, frequencies, flags (0 or 1) and probabilities.
#[napi]
pub struct PyinPlan(Closable<PyinOptions>);

#[napi]
impl PyinPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|options| Self(Closable::new(options))))
    }
}
plan_methods!(PyinPlan);

stream!(OnlineYin);
stream!(OnlinePyin);

/// YIN of a stream: the frequencies of the frames that are complete.
#[napi(custom_finalize)]
pub struct YinStream(Online<OnlineYin<f32>, OnlineYin<f64>>);

#[napi]
impl YinStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: YinOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlineYin::new(&options), || OnlineYin::new(&options)).map(Self)
    }
}
stream_methods!(YinStream);

/// Probabilistic YIN of a stream: the voicing probability of each frame that is complete, and all three arrays at the end.
#[napi(custom_finalize)]
pub struct PyinStream(Online<OnlinePyin<f32>, OnlinePyin<f64>>);

#[napi]
impl PyinStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: PyinOptions = caught(|| read(&JsOptions(options)))?;
        Online::open(env, float32, || OnlinePyin::new(&options), || OnlinePyin::new(&options)).map(Self)
    }
}
stream_methods!(PyinStream);
