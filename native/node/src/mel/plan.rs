//! Plans of mel spectrograms and of what is made of them.

use super::bank::empty_filters;
use crate::closable::Closable;
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::plan_methods;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values, all_values};
use dsp_core::Result;
use dsp_core::librosa::Librosa;
use dsp_core::mel::{self, Cepstrum, Mel, MfccOptions, Whisper};
use dsp_core::options::read;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

impl Plan for Mel {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        self.forward(y, samples, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(all_values)
    }
}

/// A mel spectrogram and what is made of it.
#[derive(Clone)]
struct Mfcc {
    mel: Mel,
    cepstrum: Cepstrum,
    librosa: Librosa,
}

impl Plan for Mfcc {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        mel::mfcc_with(&mut self.mel, y, samples, &self.cepstrum, self.librosa, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        mel::mfcc_batch(&self.mel, signals, &self.cepstrum, true).map(all_values)
    }
}

impl Plan for Cepstrum {
    fn run<T: Sample>(&mut self, s: &[T], mels: usize, frames: usize, _: bool) -> Result<Vec<Values>> {
        mel::mfcc_from_spectrogram(s, mels, frames, self).map(IntoValues::into_values)
    }
}

impl Plan for Whisper {
    fn run<T: Sample>(&mut self, y: &[T], _: usize, samples: usize, threads: bool) -> Result<Vec<Values>> {
        self.forward(y, samples, threads).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        Self::batch(self, signals, true).map(all_values)
    }
}

/// librosa's mel spectrogram: one array, `[mels, frames]`.
#[napi]
pub struct MelPlan(Closable<Mel>);

#[napi]
impl MelPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Mel::new(&read(&JsOptions(options))?).map(|plan| Self(Closable::new(plan))))
    }

    /// Indices of the filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> napi::Result<Vec<u32>> {
        caught(|| self.0.with(|plan| Ok(empty_filters(plan.bank()))))
    }
}
plan_methods!(MelPlan);

/// librosa's MFCC: one array, `[coefficients, frames]`.
#[napi]
pub struct MfccPlan(Closable<Mfcc>);

#[napi]
impl MfccPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| {
            let MfccOptions { mel, cepstrum, librosa } = read(&JsOptions(options))?;
            Ok(Self(Closable::new(Mfcc { mel: Mel::new(&mel)?, cepstrum, librosa })))
        })
    }

    /// Indices of the filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> napi::Result<Vec<u32>> {
        caught(|| self.0.with(|plan| Ok(empty_filters(plan.mel.bank()))))
    }
}
plan_methods!(MfccPlan);

/// librosa's MFCC of mel spectrograms in decibels, `[mels, frames]`: one array, `[coefficients, frames]`.
#[napi]
pub struct CepstrumPlan(Closable<Cepstrum>);

#[napi]
impl CepstrumPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| read(&JsOptions(options)).map(|cepstrum| Self(Closable::new(cepstrum))))
    }
}
plan_methods!(CepstrumPlan);

/// Whisper's features: one array, `[mels, frames]`.
#[napi]
pub struct WhisperPlan(Closable<Whisper>);

#[napi]
impl WhisperPlan {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Whisper::new(&read(&JsOptions(options))?).map(|plan| Self(Closable::new(plan))))
    }
}
plan_methods!(WhisperPlan);
