//! Harmonic and percussive parts.

use crate::array::{Arrays, Samples};
use crate::by_precision;
use crate::options::read;
use dsp_core::hpss::{self as core, HpssOptions, MaskOptions, Parts};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Channels of `samples` samples to their harmonic and percussive parts, those that are wanted.
#[pyfunction]
pub fn hpss<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
    harmonic: bool,
    percussive: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let options: HpssOptions = read(py, options)?;
    let parts = Parts { harmonic, percussive, residual: false };
    by_precision!(py, y, |y, parallel| core::hpss(y, samples, &options, parts, parallel).map(Arrays))
}

/// Magnitudes, or complex values as pairs, `[channels, bins, frames]`, to their harmonic and percussive parts or masks.
#[pyfunction]
pub fn decompose<'py>(
    py: Python<'py>,
    spectra: Samples<'py>,
    bins: usize,
    frames: usize,
    complex: bool,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: MaskOptions = read(py, options)?;
    by_precision!(py, spectra, |spectra, parallel| {
        let parts = core::decompose(spectra, bins, frames, complex, &options, false, parallel)?;
        Ok((parts.harmonic, parts.percussive))
    })
}

/// The mask of the first half of an array against the second.
#[pyfunction]
pub fn softmask<'py>(
    py: Python<'py>,
    both: Samples<'py>,
    power: f64,
    split_zeros: bool,
) -> PyResult<Bound<'py, PyAny>> {
    by_precision!(py, both, |both, _parallel| {
        let (x, x_ref) = both.split_at(both.len() / 2);
        core::softmask(x, x_ref, power, split_zeros)
    })
}
