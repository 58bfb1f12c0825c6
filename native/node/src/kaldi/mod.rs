//! Kaldi's features, and what becomes of them afterwards.

mod matrix;
mod online;

use crate::closable::Closable;
use crate::options::{JsOptions, count};
use crate::plan::Plan;
use crate::plan_methods;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use dsp_core::Result;
use dsp_core::kaldi::{Extractor, Features, FrameOptions, Options};
use dsp_core::options::read;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use std::sync::Arc;

/// The tables of a feature, and the precision of its result: the samples may have another one.
#[derive(Clone)]
pub struct Kaldi {
    extractor: Arc<Extractor>,
    float32: bool,
}

impl Plan for Kaldi {
    fn run<T: Sample>(&mut self, signal: &[T], _: usize, _: usize, _: bool) -> Result<Vec<Values>> {
        if self.float32 {
            self.extractor.compute::<T, f32>(signal).map(IntoValues::into_values)
        } else {
            self.extractor.compute::<T, f64>(signal).map(IntoValues::into_values)
        }
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        if self.float32 {
            self.extractor.batch::<T, f32>(signals, true).map(all_values)
        } else {
            self.extractor.batch::<T, f64>(signals, true).map(all_values)
        }
    }
}

/// One of Kaldi's features: one array, `[frames, columns]`, of a signal of one channel.
#[napi]
pub struct KaldiPlan(pub(super) Closable<Kaldi>);

#[napi]
impl KaldiPlan {
    #[napi(factory, catch_unwind)]
    pub fn fbank(#[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        Self::plan(options, float32, |options| read(options).map(Features::Fbank))
    }

    #[napi(factory, catch_unwind)]
    pub fn mfcc(#[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        Self::plan(options, float32, |options| read(options).map(Features::Mfcc))
    }

    #[napi(factory, catch_unwind)]
    pub fn spectrogram(#[napi(ts_arg_type = "object")] options: Object<'_>, float32: bool) -> napi::Result<Self> {
        Self::plan(options, float32, |_| Ok(Features::Spectrogram))
    }

    /// Columns of the result.
    #[napi(getter, catch_unwind)]
    pub fn columns(&self) -> napi::Result<f64> {
        caught(|| self.0.with(|plan| Ok(plan.extractor.columns() as f64)))
    }

    /// Indices of the filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> napi::Result<Vec<u32>> {
        caught(|| {
            self.0.with(|plan| Ok(plan.extractor.bank().empty_rows().into_iter().map(|row| row as u32).collect()))
        })
    }

    /// Frames of a signal of so many samples.
    #[napi(catch_unwind)]
    pub fn num_frames(&self, samples: f64) -> napi::Result<f64> {
        caught(|| self.0.with(|plan| Ok(plan.extractor.num_frames(count(samples)) as f64)))
    }
}
plan_methods!(KaldiPlan);

impl KaldiPlan {
    fn plan(
        options: Object<'_>,
        float32: bool,
        features: impl FnOnce(&JsOptions<'_>) -> Result<Features>,
    ) -> napi::Result<Self> {
        let options = JsOptions(options);
        caught(|| {
            let frames: FrameOptions = read(&options)?;
            let extractor = Extractor::new(Options { frames, features: features(&options)? })?;
            Ok(Self(Closable::new(Kaldi { extractor: Arc::new(extractor), float32 })))
        })
    }
}
