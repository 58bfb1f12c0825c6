//! Constant-Q transforms.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{DictOptions, read};
use dsp_core::cqt::{self as core, CqtOptions, IcqtOptions, PseudoCqtOptions, VqtOptions};
use dsp_core::librosa::Librosa;
use dsp_core::options::FromOption;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// The number of filters that fit below half of the rate, where the options have none.
#[pyfunction]
pub fn count_bins(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<usize> {
    let options: VqtOptions = read(py, options)?;
    raised(py, || options.count_bins())
}

/// Channels of `samples` samples to `[channels, bins, frames, 2]`.
#[pyfunction]
pub fn vqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: VqtOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::vqt(y, samples, &options, parallel))
}

/// Channels of `samples` samples to `[channels, bins, frames]`.
#[pyfunction]
pub fn hybrid_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: CqtOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::hybrid_cqt(y, samples, &options, parallel))
}

/// Channels of `samples` samples to `[channels, bins, frames]`.
#[pyfunction]
pub fn pseudo_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: PseudoCqtOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::pseudo_cqt(y, samples, &options, parallel))
}

/// `[channels, n_bins, frames, 2]` to channels of samples.
#[pyfunction]
pub fn icqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    n_bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let librosa = raised(py, || Librosa::from_option(&DictOptions(options), "librosa"))?;
    let options: IcqtOptions = read(py, options)?;
    by_precision!(py, c, |c, parallel| core::icqt(c, n_bins, frames, &options, librosa, parallel))
}
