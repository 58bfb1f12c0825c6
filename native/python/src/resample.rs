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

/// Channels of `samples` samples as soxr's high quality resamples them.
#[pyfunction]
pub fn resample_soxr<'py>(
    py: Python<'py>,
    x: Samples<'py>,
    samples: usize,
    in_rate: u32,
    out_rate: u32,
) -> PyResult<Bound<'py, PyAny>> {
    by_precision!(py, x, |x, _parallel| {
        core::soxr_hq(x, samples, in_rate, out_rate)
            .map_err(|error| error.renamed("samples", "x").renamed("newFreq", "out_rate"))
    })
}
