//! Mel spectrograms and cepstra.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::read;
use dsp_core::mel::{self as core, Bank, BankOptions, Cepstrum, DbOptions, Mel, MelOptions, MfccOptions};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Whether some filters of a bank are empty.
#[pyfunction]
pub fn has_empty_filters(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<bool> {
    let options: BankOptions = read(py, options)?;
    Ok(!raised(py, || Bank::new(&options))?.empty_filters().is_empty())
}

/// Channels of `samples` samples to `[channels, mels, frames]`; and whether some filters are empty.
#[pyfunction]
pub fn melspectrogram<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: MelOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| {
        let mut plan = Mel::new(&options)?;
        let energies = plan.forward(y, samples, parallel)?;
        Ok((energies, !plan.bank().empty_filters().is_empty()))
    })
}

/// Spectrograms `[channels, bins, frames]` to `[channels, mels, frames]`; and whether some filters are empty.
#[pyfunction]
pub fn mel_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: BankOptions = read(py, options)?;
    by_precision!(py, s, |s, _parallel| {
        let bank = Bank::new(&options)?;
        Ok((core::mel_from_spectrogram(s, frames, &bank)?, !bank.empty_filters().is_empty()))
    })
}

/// Channels of `samples` samples to `[channels, n_mfcc, frames]`.
#[pyfunction]
pub fn mfcc<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: MfccOptions = read(py, options)?;
    by_precision!(py, y, |y, parallel| core::mfcc(y, samples, &options, parallel))
}

/// Mel spectrograms in decibels, `[channels, mels, frames]`, to `[channels, n_mfcc, frames]`.
#[pyfunction]
pub fn mfcc_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    mels: usize,
    frames: usize,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let cepstrum: Cepstrum = read(py, options)?;
    by_precision!(py, s, |s, _parallel| core::mfcc_from_spectrogram(s, mels, frames, &cepstrum))
}

/// Powers (or amplitudes) to decibels.
#[pyfunction]
pub fn decibels<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    amplitudes: bool,
    options: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let options: DbOptions = read(py, options)?;
    by_precision!(py, s, |s, _parallel| {
        if amplitudes { core::amplitude_to_db(s, &options) } else { core::power_to_db(s, &options) }
    })
}
