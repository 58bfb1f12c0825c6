//! Peaks of spectra, and tuning.

use crate::array::Samples;
use crate::by_precision;
use crate::options::read;
use dsp_core::tuning::{self as core, PiptrackOptions, PitchTuningOptions, TuningOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples to pitches and magnitudes, `[channels, bins, frames]` each.
#[pyfunction]
pub fn piptrack<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: PiptrackOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::piptrack(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, bins, frames]`.
#[pyfunction]
pub fn piptrack_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: PiptrackOptions = read(py, options)?;
    by_precision!(py, s, |s, parallel| core::piptrack_from_spectrogram(s, bins, frames, &options, parallel))
}

/// The tuning of channels of `samples` samples; None if there is no peak.
#[pyfunction]
pub fn estimate_tuning<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: TuningOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::try_estimate_tuning(y, samples, &options, parallel))
}

/// The tuning of magnitudes `[channels, bins, frames]`; None where there is no peak.
#[pyfunction]
pub fn estimate_tuning_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: TuningOptions = read(py, options)?;
    by_precision!(py, s, |s, parallel| core::estimate_tuning_from_spectrogram(s, bins, frames, &options, parallel))
}

/// The tuning of frequencies; None if none is positive.
#[pyfunction]
pub fn pitch_tuning<'py>(
    py: Python<'py>,
    frequencies: Samples<'py>,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: PitchTuningOptions = read(py, options)?;
    by_precision!(py, frequencies, |frequencies, _parallel| core::pitch_tuning(frequencies, &options))
}
