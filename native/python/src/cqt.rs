//! Constant-Q transforms.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::CqtDict;
use dsp_core::cqt::{self as core, CqtOptions};
use pyo3::prelude::*;

/// Channels of `samples` samples to `[channels, bins, frames, 2]`.
#[pyfunction]
pub fn vqt<'py>(py: Python<'py>, y: Samples<'py>, samples: usize, options: CqtDict) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, y, |y, parallel| core::vqt(y, samples, &options, parallel))
}

/// Channels of `samples` samples to `[channels, bins, frames]`.
#[pyfunction]
pub fn hybrid_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: CqtDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, y, |y, parallel| core::hybrid_cqt(y, samples, &options, parallel))
}

/// Channels of `samples` samples to `[channels, bins, frames]`.
#[pyfunction]
pub fn pseudo_cqt<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: CqtDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, y, |y, parallel| core::pseudo_cqt(y, samples, &options, parallel))
}

/// `[channels, n_bins, frames, 2]` to channels of samples.
#[pyfunction]
pub fn icqt<'py>(
    py: Python<'py>,
    c: Samples<'py>,
    frames: usize,
    options: CqtDict,
    length: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: CqtOptions = raised(py, options.core())?;
    by_precision!(py, c, |c, parallel| core::icqt(c, frames, &options, length, parallel))
}
