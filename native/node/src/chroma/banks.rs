//! Filter banks.

use super::Singles;
use super::parameters::{ChromaFilterParameters, CqToChromaParameters, WaveletParameters};
use crate::array::InV8;
use crate::options::count;
use crate::task::caught;
use dsp_core::chroma;
use dsp_core::cqt::Intervals;
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// Weights of `[nChroma, nFft / 2 + 1]`.
#[napi(catch_unwind, ts_return_type = "Float32Array")]
pub fn chroma_filters(parameters: ChromaFilterParameters) -> Result<Singles> {
    caught(|| chroma::chroma_filters(&parameters.core()?)).map(Into::into)
}

/// Weights of `[nChroma, nInput]`.
#[napi(catch_unwind, ts_return_type = "Float32Array")]
pub fn cq_to_chroma(n_input: f64, parameters: CqToChromaParameters) -> Result<Singles> {
    caught(|| chroma::cq_to_chroma(count(n_input), &parameters.core())).map(Into::into)
}

/// `[filters, size, 2]`, and each filter's length before it was rounded.
#[napi(object, object_from_js = false)]
pub struct WaveletBank {
    #[napi(ts_type = "Float32Array")]
    pub values: InV8<f32>,
    pub size: f64,
    #[napi(ts_type = "Float64Array")]
    pub lengths: InV8<f64>,
}

/// Filters in time.
#[napi(catch_unwind)]
pub fn wavelet(
    freqs: &[f64],
    alpha: Option<&[f64]>,
    pad_fft: bool,
    parameters: WaveletParameters,
) -> Result<WaveletBank> {
    let bank = caught(|| parameters.core()?.bank(freqs, alpha, pad_fft))?;
    Ok(WaveletBank { values: bank.values.into(), size: bank.size as f64, lengths: bank.lengths.into() })
}

/// Lengths of filters, and the highest frequency that one of them reaches.
#[napi(object, object_from_js = false)]
pub struct WaveletLengths {
    #[napi(ts_type = "Float64Array")]
    pub lengths: InV8<f64>,
    pub cutoff: f64,
}

/// Lengths of filters.
#[napi(catch_unwind)]
pub fn wavelet_lengths(freqs: &[f64], alpha: Option<&[f64]>, parameters: WaveletParameters) -> Result<WaveletLengths> {
    let (lengths, cutoff) = caught(|| parameters.core()?.lengths(freqs, alpha))?;
    Ok(WaveletLengths { lengths: lengths.into(), cutoff })
}

/// Frequencies of a scale, in hertz, ascending.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn interval_frequencies(
    n_bins: f64,
    fmin: f64,
    intervals: Either<String, &[f64]>,
    bins_per_octave: f64,
) -> Result<InV8<f64>> {
    caught(|| {
        let intervals = match intervals {
            Either::A(name) => Intervals::parse(&name)?,
            Either::B([]) => return Err(dsp_core::Error::argument("intervals", "at least one ratio", "none")),
            Either::B(ratios) => Intervals::Ratios(ratios.to_vec()),
        };
        intervals.frequencies(count(n_bins), fmin, count(bins_per_octave))
    })
    .map(Into::into)
}
