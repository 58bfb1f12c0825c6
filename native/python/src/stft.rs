//! The short-time transform and its inverse.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::read;
use dsp_core::stft::{Stft, StftOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples to `[channels, bins, frames, 2]`.
#[pyfunction]
pub fn stft<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: StftOptions = read(py, options)?;
    let plan = raised(py, || Stft::new(&options))?;
    by_precision!(py, y, |y, parallel| {
        let channels = y.len() / samples.max(1);
        let frames = plan.check(channels, samples)?;
        let mut output = vec![Default::default(); channels * 2 * plan.bins() * frames];
        plan.clone().forward(y, samples, &mut output, parallel)?;
        Ok(output)
    })
}

/// `[channels, bins, frames, 2]` to channels of samples.
#[pyfunction]
pub fn istft<'py>(
    py: Python<'py>,
    spectrum: Samples<'py>,
    frames: usize,
    options: &Bound<'py, PyDict>,
    length: Option<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: StftOptions = read(py, options)?;
    let plan = raised(py, || Stft::new(&options))?;
    by_precision!(py, spectrum, |spectrum, parallel| {
        let samples = plan.inverse_length(frames, length)?;
        let channels = spectrum.len() / (2 * plan.bins() * frames);
        let mut output = vec![Default::default(); channels * samples];
        plan.clone().inverse(spectrum, frames, length, &mut output, parallel)?;
        Ok(output)
    })
}
