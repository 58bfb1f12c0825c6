//! Chroma.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{DictOptions, read};
use dsp_core::chroma::{self as core, CensOptions, ChromaCqtOptions, ChromaStftOptions, ChromaVqtOptions, FilterNorm};
use dsp_core::norm::Norm;
use dsp_core::options::FromOption;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: ChromaCqtOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::chroma_cqt(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_cqt_from_cqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    n_bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: ChromaCqtOptions = read(py, options)?;
    by_precision!(py, c, |c, _parallel| core::chroma_cqt_from_cqt(c, n_bins, frames, &options))
}

/// Channels of `samples` samples to `[channels, bins_per_octave, frames]`.
#[pyfunction]
pub fn chroma_vqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: ChromaVqtOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::chroma_vqt(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_vqt_from_vqt<'py>(
    py: Python<'py>,
    v: Samples<'py>,
    n_bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: ChromaVqtOptions = read(py, options)?;
    by_precision!(py, v, |v, _parallel| core::chroma_vqt_from_vqt(v, n_bins, frames, &options))
}

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_cens<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: CensOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::chroma_cens(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_cens_from_cqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    n_bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: CensOptions = read(py, options)?;
    by_precision!(py, c, |c, _parallel| core::chroma_cens_from_cqt(c, n_bins, frames, &options))
}

/// Options with the norm of the filter bank, which is a separate argument in librosa.
fn by_stft(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<ChromaStftOptions> {
    let filter_norm = FilterNorm(raised(py, || Norm::from_option(&DictOptions(options), "filter_norm"))?);
    Ok(ChromaStftOptions { filter_norm, ..read(py, options)? })
}

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_stft<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = by_stft(py, options)?;
    by_precision!(py, y, |y, parallel| core::chroma_stft(y, samples, &options, parallel))
}

/// The same of powers `[channels, bins, frames]`.
#[pyfunction]
pub fn chroma_stft_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = by_stft(py, options)?;
    by_precision!(py, s, |s, parallel| core::chroma_stft_from_spectrogram(s, bins, frames, &options, parallel))
}

/// Chroma `[channels, n_chroma, frames]` to `[channels, 6, frames]`.
#[pyfunction]
pub fn tonnetz<'py>(
    py: Python<'py>,
    chroma: Samples<'py>,
    n_chroma: usize,
    frames: usize,
) -> PyResult<Bound<'py, PyAny>> {
    by_precision!(py, chroma, |chroma, _parallel| core::tonnetz_from_chroma(chroma, n_chroma, frames))
}
