//! Chroma.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{Count, CqtDict, StftDict, count};
use dsp_core::Result;
use dsp_core::chroma::{
    self as core, CensOptions, ChromaCqtOptions, ChromaStftOptions, ChromaVqtOptions, CqtMode, Kernel,
};
use dsp_core::norm::Norm;
use dsp_core::window::Window;
use pyo3::prelude::*;

/// How a transform is folded to chroma.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct FoldDict {
    cqt_mode: String,
    norm: Option<f64>,
    threshold: Option<f64>,
    n_chroma: Count,
    /// Rows of a kernel, and its values.
    window: Option<(usize, Vec<f64>)>,
}

fn by_cqt(cqt: CqtDict, fold: FoldDict) -> Result<ChromaCqtOptions> {
    Ok(ChromaCqtOptions {
        cqt: cqt.core()?,
        mode: CqtMode::parse(&fold.cqt_mode)?,
        norm: Norm::parse(fold.norm)?,
        threshold: fold.threshold,
        n_chroma: count(fold.n_chroma),
        window: fold.window.map(|(rows, values)| Kernel { rows, values }),
    })
}

fn by_vqt(vqt: CqtDict, fold: &FoldDict) -> Result<ChromaVqtOptions> {
    Ok(ChromaVqtOptions { vqt: vqt.core()?, norm: Norm::parse(fold.norm)?, threshold: fold.threshold })
}

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    cqt: CqtDict,
    fold: FoldDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, by_cqt(cqt, fold))?;
    by_precision!(py, y, |y, parallel| core::chroma_cqt(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_cqt_from_cqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    n_bins: usize,
    frames: usize,
    cqt: CqtDict,
    fold: FoldDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, by_cqt(cqt, fold))?;
    by_precision!(py, c, |c, _parallel| core::chroma_cqt_from_cqt(c, n_bins, frames, &options))
}

/// Channels of `samples` samples to `[channels, bins_per_octave, frames]`.
#[pyfunction]
pub fn chroma_vqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    vqt: CqtDict,
    fold: FoldDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, by_vqt(vqt, &fold))?;
    by_precision!(py, y, |y, parallel| core::chroma_vqt(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_vqt_from_vqt<'py>(
    py: Python<'py>,
    v: Samples<'py>,
    n_bins: usize,
    frames: usize,
    vqt: CqtDict,
    fold: FoldDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, by_vqt(vqt, &fold))?;
    by_precision!(py, v, |v, _parallel| core::chroma_vqt_from_vqt(v, n_bins, frames, &options))
}

/// What follows the folding.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct CensDict {
    norm: Option<f64>,
    win_len_smooth: Option<Count>,
    smoothing_window: (String, f64),
}

fn cens(cqt: CqtDict, fold: FoldDict, cens: CensDict) -> Result<CensOptions> {
    Ok(CensOptions {
        chroma: by_cqt(cqt, fold)?,
        norm: Norm::parse(cens.norm)?,
        win_len_smooth: cens.win_len_smooth.map(count),
        smoothing_window: Window::parse(&cens.smoothing_window.0, cens.smoothing_window.1)?,
    })
}

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_cens<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    cqt: CqtDict,
    fold: FoldDict,
    after: CensDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, cens(cqt, fold, after))?;
    by_precision!(py, y, |y, parallel| core::chroma_cens(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, n_bins, frames]`.
#[pyfunction]
pub fn chroma_cens_from_cqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    n_bins: usize,
    frames: usize,
    cqt: CqtDict,
    fold: FoldDict,
    after: CensDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, cens(cqt, fold, after))?;
    by_precision!(py, c, |c, _parallel| core::chroma_cens_from_cqt(c, n_bins, frames, &options))
}

/// Chroma of a Fourier transform.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct ChromaStftDict<'py> {
    sr: f64,
    stft: StftDict<'py>,
    norm: Option<f64>,
    tuning: Option<f64>,
    n_chroma: Count,
    ctroct: f64,
    octwidth: Option<f64>,
    filter_norm: Option<f64>,
    base_c: bool,
}

impl ChromaStftDict<'_> {
    fn core(&self) -> Result<ChromaStftOptions> {
        Ok(ChromaStftOptions {
            sr: self.sr,
            frames: self.stft.frames()?,
            norm: Norm::parse(self.norm)?,
            tuning: self.tuning,
            n_chroma: count(self.n_chroma),
            ctroct: self.ctroct,
            octwidth: self.octwidth,
            filter_norm: Norm::parse(self.filter_norm)?,
            base_c: self.base_c,
        })
    }
}

/// Channels of `samples` samples to `[channels, n_chroma, frames]`.
#[pyfunction]
pub fn chroma_stft<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: ChromaStftDict<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, y, |y, parallel| core::chroma_stft(y, samples, &options, parallel))
}

/// The same of powers `[channels, bins, frames]`.
#[pyfunction]
pub fn chroma_stft_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    options: ChromaStftDict<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
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
