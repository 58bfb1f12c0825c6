//! Resampling.

use crate::array::Samples;
use crate::by_precision;
use crate::options::read;
use dsp_core::resample::{self as core, Options};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples at another rate, one after another.
#[pyfunction]
pub fn resample<'py>(
    py: Python<'py>,
    x: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: Options = read(py, options)?;
    by_precision!(py, x, |x, _parallel| {
        core::resample(x, samples, &options).map_err(|error| error.renamed("signal", "waveform"))
    })
}
