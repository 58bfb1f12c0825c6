//! NeMo's log-mel features, one-shot and of a stream.

use super::bank::empty_filters;
use crate::closable::Closable;
use crate::online::Online;
use crate::options::{JsOptions, count};
use crate::plan::Plan;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use crate::{plan_methods, stream, stream_methods};
use dsp_core::Result;
use dsp_core::nemo::{Nemo, NemoOptions, OnlineNemo};
use dsp_core::options::read;
use napi::Env;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

impl Plan for Nemo {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        self.forward(y, samples, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(all_values)
    }
}

/// NeMo's features: one array, `[rows, columns]`.
#[napi]
pub struct NemoPlan(Closable<Nemo>);

#[napi]
impl NemoPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Nemo::new(read(&JsOptions(options))?).map(|plan| Self(Closable::new(plan))))
    }

    /// Indices of the filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> napi::Result<Vec<u32>> {
        caught(|| self.0.with(|plan| Ok(empty_filters(plan.bank()))))
    }

    /// Valid frames of a signal of so many samples.
    #[napi(catch_unwind)]
    pub fn valid_frames(&self, samples: f64) -> napi::Result<f64> {
        caught(|| self.0.with(|plan| Ok(plan.valid(count(samples)) as f64)))
    }
}
plan_methods!(NemoPlan);

stream!(OnlineNemo);

/// NeMo's features of a stream: the frames that are complete, `[rows, frames]`.
#[napi(custom_finalize)]
pub struct NemoStream(Online<OnlineNemo<f32>, OnlineNemo<f64>>);

#[napi]
impl NemoStream {
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, #[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        let options: NemoOptions = caught(|| read(&JsOptions(options)))?;
        let copy = options.clone();
        Online::open(env, float32, || OnlineNemo::new(options), || OnlineNemo::new(copy)).map(Self)
    }

    /// Indices of the filters without any bin; none after the end.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> Vec<u32> {
        self.0.stream().map_or_else(Vec::new, |stream| match stream {
            Either::A(stream) => empty_filters(stream.plan().bank()),
            Either::B(stream) => empty_filters(stream.plan().bank()),
        })
    }
}
stream_methods!(NemoStream);
