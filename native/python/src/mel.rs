//! Mel spectrograms and cepstra.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{Count, StftDict, count};
use dsp_core::mel::{
    self as core, Bank, BankOptions, Cepstrum, DbOptions, DctNorm, DctType, Mel, MelOptions, Norm, Precision,
    Reference, Scale, Triangles,
};
use pyo3::prelude::*;

/// How a filter is scaled: `slaney`, a norm, or not at all.
#[derive(FromPyObject)]
pub enum NormValue {
    Name(String),
    Number(f64),
}

/// A filter bank.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct BankDict {
    sr: f64,
    n_fft: Count,
    n_mels: Count,
    fmin: f64,
    fmax: f64,
    htk: bool,
    norm: Option<NormValue>,
    single: bool,
}

impl BankDict {
    fn core(&self) -> dsp_core::Result<BankOptions> {
        Ok(BankOptions {
            sr: self.sr,
            n_fft: count(self.n_fft),
            n_mels: count(self.n_mels),
            fmin: self.fmin,
            fmax: self.fmax,
            mel_scale: if self.htk { Scale::Htk } else { Scale::Slaney },
            triangles: Triangles::Hertz,
            norm: match &self.norm {
                None => Norm::None,
                Some(NormValue::Number(p)) => Norm::P(*p),
                Some(NormValue::Name(name)) if name == "slaney" => Norm::Slaney,
                Some(NormValue::Name(name)) => {
                    return Err(dsp_core::Error::argument("norm", "slaney, a number or None", name));
                }
            },
            dtype: if self.single { Precision::Float32 } else { Precision::Float64 },
        })
    }
}

fn options(stft: &StftDict, power: f64, bank: &BankDict) -> dsp_core::Result<MelOptions> {
    Ok(MelOptions { stft: stft.core()?, power, bank: bank.core()? })
}

/// Whether some filters of a bank are empty.
#[pyfunction]
pub fn has_empty_filters(py: Python<'_>, bank: BankDict) -> PyResult<bool> {
    let bank = raised(py, bank.core().and_then(|options| Bank::new(&options)))?;
    Ok(!bank.empty_filters().is_empty())
}

/// Channels of `samples` samples to `[channels, mels, frames]`; and whether some filters are empty.
#[pyfunction]
pub fn melspectrogram<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    stft: StftDict<'py>,
    power: f64,
    bank: BankDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options(&stft, power, &bank))?;
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
    bank: BankDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, bank.core())?;
    by_precision!(py, s, |s, _parallel| {
        let bank = Bank::new(&options)?;
        Ok((core::mel_from_spectrogram(s, frames, &bank)?, !bank.empty_filters().is_empty()))
    })
}

/// The cosine transform.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct CepstrumDict {
    n_mfcc: Count,
    dct_type: Count,
    ortho: bool,
    lifter: f64,
}

impl CepstrumDict {
    fn core(&self) -> dsp_core::Result<Cepstrum> {
        let dct_type = DctType::parse(count(self.dct_type))?;
        let norm = self.ortho.then_some(DctNorm::Ortho);
        Ok(Cepstrum { n_mfcc: count(self.n_mfcc), dct_type, norm, lifter: self.lifter })
    }
}

/// Channels of `samples` samples to `[channels, n_mfcc, frames]`.
#[pyfunction]
pub fn mfcc<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    stft: StftDict<'py>,
    power: f64,
    bank: BankDict,
    cepstrum: CepstrumDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = raised(py, options(&stft, power, &bank))?;
    let cepstrum = raised(py, cepstrum.core())?;
    by_precision!(py, y, |y, parallel| core::mfcc(y, samples, &options, &cepstrum, parallel))
}

/// Mel spectrograms in decibels, `[channels, mels, frames]`, to `[channels, n_mfcc, frames]`.
#[pyfunction]
pub fn mfcc_from_spectrogram<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    mels: usize,
    frames: usize,
    cepstrum: CepstrumDict,
) -> PyResult<Bound<'py, PyAny>> {
    let cepstrum = raised(py, cepstrum.core())?;
    by_precision!(py, s, |s, _parallel| core::mfcc_from_spectrogram(s, mels, frames, &cepstrum))
}

/// Powers (or amplitudes) to decibels.
#[pyfunction]
pub fn decibels<'py>(
    py: Python<'py>,
    s: Samples<'py>,
    amplitudes: bool,
    reference: f64,
    amin: f64,
    top_db: Option<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = DbOptions { reference: Reference::Value(reference), amin, top_db };
    by_precision!(py, s, |s, _parallel| {
        if amplitudes { core::amplitude_to_db(s, &options) } else { core::power_to_db(s, &options) }
    })
}
