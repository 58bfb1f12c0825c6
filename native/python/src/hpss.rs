//! Harmonic and percussive parts.

use crate::array::{Arrays, Samples};
use crate::by_precision;
use crate::error::raised;
use crate::options::{Count, StftDict, count};
use dsp_core::hpss::{self as core, HpssOptions, MaskOptions, Parts};
use pyo3::prelude::*;

/// How the masks are made.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct MaskDict {
    kernel_size: (Count, Count),
    power: f64,
    margin: (f64, f64),
    mask: bool,
}

impl From<MaskDict> for MaskOptions {
    fn from(dict: MaskDict) -> Self {
        let kernel_size = (count(dict.kernel_size.0), count(dict.kernel_size.1));
        Self { kernel_size, power: dict.power, margin: dict.margin, mask: dict.mask }
    }
}

/// Channels of `samples` samples to their harmonic and percussive parts, those that are wanted.
#[pyfunction]
pub fn hpss<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    stft: StftDict<'py>,
    masks: MaskDict,
    harmonic: bool,
    percussive: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let options = HpssOptions { stft: raised(py, stft.core())?, masks: masks.into() };
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
    masks: MaskDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = masks.into();
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
