//! Mel scales, filter banks, mel spectrograms, decibels, MFCC, Whisper's and NeMo's features.

mod bank;
mod nemo;
mod plan;
mod stream;

use crate::array::OutputArray;
use crate::options::{JsOptions, count};
use crate::task::caught;
use crate::values::{Sample, Samples, Values};
use dsp_core::Result;
use dsp_core::mel::{self, DbOptions, MelFrequencyOptions, Scale};
use dsp_core::options::read;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

/// Frequencies to mels, or mels to frequencies.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn mel_convert(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] values: Samples<'_>,
    to_hertz: bool,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<Values> {
    fn convert<T: Sample>(values: &[T], to_hertz: bool, scale: Scale) -> Values {
        if to_hertz { mel::mel_to_hz(values, scale) } else { mel::hz_to_mel(values, scale) }.into()
    }
    caught(|| {
        let scale = read(&JsOptions(options))?;
        Ok(match values {
            Either::A(values) => convert(values, to_hertz, scale),
            Either::B(values) => convert(values, to_hertz, scale),
        })
    })
}

/// Frequencies evenly spaced in mel.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn mel_frequencies(
    length: f64,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<OutputArray<f64>> {
    caught(|| {
        let options: MelFrequencyOptions = read(&JsOptions(options))?;
        Ok(mel::mel_frequencies(count(length), &options).into())
    })
}

/// Decibels of powers, or of amplitudes.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn to_db(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
    amplitudes: bool,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<Values> {
    fn convert<T: Sample>(s: &[T], amplitudes: bool, options: &DbOptions) -> Result<Values> {
        if amplitudes { mel::amplitude_to_db(s, options) } else { mel::power_to_db(s, options) }.map(Values::from)
    }
    caught(|| {
        let options = read(&JsOptions(options))?;
        match s {
            Either::A(s) => convert(s, amplitudes, &options),
            Either::B(s) => convert(s, amplitudes, &options),
        }
    })
}

/// Powers, or amplitudes, of decibels.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn from_db(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] s: Samples<'_>,
    amplitudes: bool,
    reference: f64,
) -> napi::Result<Values> {
    fn convert<T: Sample>(s: &[T], amplitudes: bool, reference: f64) -> Result<Values> {
        if amplitudes { mel::db_to_amplitude(s, reference) } else { mel::db_to_power(s, reference) }.map(Values::from)
    }
    caught(|| match s {
        Either::A(s) => convert(s, amplitudes, reference),
        Either::B(s) => convert(s, amplitudes, reference),
    })
}
