//! Filter banks and scales.

use crate::array::OutputArray;
use crate::options::{JsOptions, count};
use crate::task::caught;
use dsp_core::options::read;
use dsp_core::{chroma, cqt};
use napi::Result;
use napi::bindgen_prelude::Object;
use napi_derive::napi;

/// The note C1 in hertz.
#[napi]
pub const C1: f64 = cqt::C1;

/// Weights of `[nChroma, nFft / 2 + 1]`.
#[napi(catch_unwind, ts_return_type = "Float32Array")]
pub fn chroma_filters(#[napi(ts_arg_type = "object")] options: Object<'_>) -> Result<OutputArray<f32>> {
    caught(|| chroma::chroma_filters(&read(&JsOptions(options))?)).map(Into::into)
}

/// Weights of `[nChroma, nInput]`.
#[napi(catch_unwind, ts_return_type = "Float32Array")]
pub fn cq_to_chroma(n_input: f64, #[napi(ts_arg_type = "object")] options: Object<'_>) -> Result<OutputArray<f32>> {
    caught(|| chroma::cq_to_chroma(count(n_input), &read(&JsOptions(options))?)).map(Into::into)
}

/// `[filters, size, 2]`, and each filter's length before it was rounded.
#[napi(object, object_from_js = false)]
pub struct WaveletBank {
    #[napi(ts_type = "Float32Array")]
    pub values: OutputArray<f32>,
    pub size: f64,
    #[napi(ts_type = "Float64Array")]
    pub lengths: OutputArray<f64>,
}

impl From<cqt::Wavelets> for WaveletBank {
    fn from(bank: cqt::Wavelets) -> Self {
        Self { values: bank.values.into(), size: bank.size as f64, lengths: bank.lengths.into() }
    }
}

/// Filters in time.
#[napi(catch_unwind)]
pub fn wavelet(freqs: &[f64], #[napi(ts_arg_type = "object")] options: Object<'_>) -> Result<WaveletBank> {
    caught(|| cqt::wavelet(freqs, &read(&JsOptions(options))?)).map(Into::into)
}

/// Filters of a constant-Q transform in time.
#[napi(catch_unwind)]
pub fn constant_q(#[napi(ts_arg_type = "object")] options: Object<'_>) -> Result<WaveletBank> {
    caught(|| cqt::constant_q(&read(&JsOptions(options))?)).map(Into::into)
}

/// Lengths of filters, and the highest frequency that one of them reaches.
#[napi(object, object_from_js = false)]
pub struct WaveletLengths {
    #[napi(ts_type = "Float64Array")]
    pub lengths: OutputArray<f64>,
    pub cutoff: f64,
}

/// Lengths of filters.
#[napi(catch_unwind)]
pub fn wavelet_lengths(freqs: &[f64], #[napi(ts_arg_type = "object")] options: Object<'_>) -> Result<WaveletLengths> {
    let (lengths, cutoff) = caught(|| cqt::wavelet_lengths(freqs, &read(&JsOptions(options))?))?;
    Ok(WaveletLengths { lengths: lengths.into(), cutoff })
}

/// Frequencies of a scale, in hertz, ascending.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn interval_frequencies(
    n_bins: f64,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> Result<OutputArray<f64>> {
    caught(|| cqt::interval_frequencies(count(n_bins), &read(&JsOptions(options))?)).map(Into::into)
}
