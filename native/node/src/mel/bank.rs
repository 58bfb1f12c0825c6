//! Banks of mel filters.

use crate::closable::Closable;
use crate::options::{JsOptions, count};
use crate::plan::Plan;
use crate::plan_methods;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Values};
use dsp_core::Result;
use dsp_core::mel::{self, Bank};
use dsp_core::options::read;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

impl Plan for Bank {
    fn run<T: Sample>(&mut self, s: &[T], _: usize, frames: usize, _: bool) -> Result<Vec<Values>> {
        mel::mel_from_spectrogram(s, frames, self).map(IntoValues::into_values)
    }
}

/// A filter bank: spectrograms `[bins, frames]` to `[mels, frames]`.
#[napi]
pub struct MelBank(Closable<Bank>);

#[napi]
impl MelBank {
    #[napi(constructor, catch_unwind)]
    pub fn new(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
        caught(|| Bank::new(&read(&JsOptions(options))?).map(|bank| Self(Closable::new(bank))))
    }

    /// Whisper's.
    #[napi(factory, catch_unwind)]
    pub fn whisper(n_mels: f64) -> napi::Result<Self> {
        caught(|| mel::whisper_bank(count(n_mels)).map(|bank| Self(Closable::new(bank))))
    }

    /// All weights, `[mels, bins]`.
    #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
    pub fn weights(&self, float32: bool) -> napi::Result<Values> {
        caught(|| {
            self.0.with(|bank| if float32 { bank.dense().map(Values::F32) } else { bank.dense().map(Values::F64) })
        })
    }

    /// Indices of the filters without any bin.
    #[napi(catch_unwind)]
    pub fn empty_filters(&self) -> napi::Result<Vec<u32>> {
        caught(|| self.0.with(|bank| Ok(empty_filters(bank))))
    }
}
plan_methods!(MelBank);

/// Indices of the filters without any bin.
pub fn empty_filters(bank: &Bank) -> Vec<u32> {
    bank.empty_filters().iter().map(|&filter| filter as u32).collect()
}
