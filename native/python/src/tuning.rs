//! Peaks of spectra, and tuning.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{Count, StftDict, count};
use dsp_core::tuning::{self as core, PiptrackOptions, Reference, TuningOptions};
use pyo3::prelude::*;

/// What a peak is measured by: a magnitude, or one value a frame.
#[derive(FromPyObject)]
pub enum ReferenceValue {
    Magnitude(f64),
    Frames(Vec<f64>),
}

/// A search for peaks.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct PiptrackDict<'py> {
    sr: f64,
    stft: StftDict<'py>,
    fmin: f64,
    fmax: f64,
    threshold: f64,
    reference: Option<ReferenceValue>,
}

impl PiptrackDict<'_> {
    fn core(self) -> dsp_core::Result<PiptrackOptions> {
        Ok(PiptrackOptions {
            sr: self.sr,
            frames: self.stft.frames()?,
            fmin: self.fmin,
            fmax: self.fmax,
            threshold: self.threshold,
            reference: match self.reference {
                None => Reference::Max,
                Some(ReferenceValue::Magnitude(magnitude)) => Reference::Magnitude(magnitude),
                Some(ReferenceValue::Frames(frames)) => Reference::Frames(frames),
            },
        })
    }
}

/// Channels of `samples` samples to pitches and magnitudes, `[channels, bins, frames]` each.
#[pyfunction]
pub fn piptrack<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: PiptrackDict<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, y, |y, parallel| core::piptrack(y, samples, &options, parallel))
}

/// The same of magnitudes `[channels, bins, frames]`.
#[pyfunction]
pub fn piptrack_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    options: PiptrackDict<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options.core())?;
    by_precision!(py, s, |s, parallel| core::piptrack_from_spectrogram(s, bins, frames, &options, parallel))
}

/// The tuning of channels of `samples` samples; None where there is no peak.
#[pyfunction]
pub fn estimate_tuning<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    piptrack: PiptrackDict<'py>,
    resolution: f64,
    bins_per_octave: Count,
) -> PyResult<Bound<'py, PyAny>> {
    let piptrack = raised(py, piptrack.core())?;
    let options = TuningOptions { piptrack, resolution, bins_per_octave: count(bins_per_octave) };
    by_precision!(py, y, |y, parallel| core::try_estimate_tuning(y, samples, &options, parallel))
}

/// The tuning of magnitudes `[channels, bins, frames]`; None where there is no peak.
#[pyfunction]
pub fn estimate_tuning_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    bins: usize,
    frames: usize,
    piptrack: PiptrackDict<'py>,
    resolution: f64,
    bins_per_octave: Count,
) -> PyResult<Bound<'py, PyAny>> {
    let piptrack = raised(py, piptrack.core())?;
    let options = TuningOptions { piptrack, resolution, bins_per_octave: count(bins_per_octave) };
    by_precision!(py, s, |s, parallel| core::estimate_tuning_from_spectrogram(s, bins, frames, &options, parallel))
}

/// The tuning of frequencies; None where none is positive.
#[pyfunction]
pub fn pitch_tuning<'py>(
    py: Python<'py>,
    frequencies: Samples<'py>,
    resolution: f64,
    bins_per_octave: Count,
) -> PyResult<Bound<'py, PyAny>> {
    by_precision!(py, frequencies, |f, _parallel| core::pitch_tuning(f, resolution, count(bins_per_octave)))
}
