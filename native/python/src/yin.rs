//! Fundamental frequencies.

use crate::array::Samples;
use crate::by_precision;
use crate::options::read;
use dsp_core::pyin::{self, PyinOptions};
use dsp_core::yin::{self, YinOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples to `[channels, frames]`.
#[pyfunction(name = "yin")]
pub fn find<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: YinOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| yin::yin(y, samples, &options, parallel))
}

/// Channels of `samples` samples to frequencies, flags and probabilities, `[channels, frames]` each.
#[pyfunction(name = "pyin")]
pub fn follow<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: PyinOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| {
        let found = pyin::pyin(y, samples, &options, parallel)?;
        Ok((found.f0, found.voiced_flag, found.voiced_prob))
    })
}
