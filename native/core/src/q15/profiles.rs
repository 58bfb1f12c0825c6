//! The named banks, each with its sample rate and its way back to Whisper's scale.

use super::quantise::quantise;
use super::whisper_512::ROWS;
use super::whisper_scale::{MORE_FILTERS, WHISPER_FILTERS, WHISPER_FRAME, WHISPER_RATE, WhisperScale};
use super::{Bank, Spectrum, classic};
use crate::mel::{self, BankOptions, Norm, Row, Scale};
use crate::{Error, Result, option_words, options};

/// The names of the profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileName {
    /// The first kernel's bank, bit for bit.
    Classic,
    /// Its edges with true triangles.
    ClassicFixed,
    /// Whatever the options ask for, with edges between bins.
    Accurate,
    /// Whisper's own filters, 80 or 128: 400 points, power.
    Whisper,
    /// 512 points, magnitudes, fitted to Whisper's filters.
    Whisper512,
}

impl ProfileName {
    /// Finds a profile by its name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "classic" => Self::Classic,
            "classic-fixed" => Self::ClassicFixed,
            "accurate" => Self::Accurate,
            "whisper" => Self::Whisper,
            "whisper-512" => Self::Whisper512,
            _ => {
                let expected = "classic, classic-fixed, accurate, whisper or whisper-512";
                return Err(Error::argument("profile", expected, name));
            }
        })
    }
}

option_words!(ProfileName);

options! {
    /// What makes an `accurate` bank.
    #[derive(Clone, Debug, PartialEq)]
    pub struct AccurateOptions {
        pub bank: BankOptions,
        /// Samples per frame, at most the length of the transform.
        pub win_length: usize,
        pub spectrum: Spectrum,
    }
}

options! {
    /// A profile by its name; only `accurate` reads the other options, but for `whisper` the number of filters.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ProfileOptions {
        pub profile: ProfileName,
        pub accurate: AccurateOptions,
    }
}

/// A bank for one sample rate.
#[derive(Clone, Debug)]
pub struct Profile {
    pub bank: Bank,
    /// In Hz.
    pub sample_rate: f64,
    whisper: Option<WhisperScale>,
}

impl Profile {
    /// Checks the options and computes the bank.
    pub fn new(options: &ProfileOptions) -> Result<Self> {
        match options.profile {
            ProfileName::Classic => Ok(Self::classic()),
            ProfileName::ClassicFixed => Self::classic_fixed(),
            ProfileName::Accurate => Self::accurate(&options.accurate),
            ProfileName::Whisper => Self::whisper_of(options.accurate.bank.n_mels),
            ProfileName::Whisper512 => Self::whisper_512(),
        }
    }

    /// As first shipped: with two dead filters, and one bin low.
    pub fn classic() -> Self {
        Self::interpolated(classic::classic(), WHISPER_RATE)
    }

    /// The edges of the first bank with true triangles.
    pub fn classic_fixed() -> Result<Self> {
        Ok(Self::interpolated(classic::classic_fixed()?, WHISPER_RATE))
    }

    /// librosa's triangles with edges between bins.
    pub fn accurate(options: &AccurateOptions) -> Result<Self> {
        let AccurateOptions { bank: BankOptions { sr, n_fft, .. }, win_length, spectrum, .. } = *options;
        let rows = mel::Bank::new(&options.bank)?.rows;
        if win_length == 0 || win_length > n_fft {
            return Err(Error::argument("winLength", format!("between 1 and nFft ({n_fft})"), win_length));
        }
        let bank = quantised(&rows, win_length, n_fft, spectrum)?;
        let bins_per_hertz = n_fft as f64 / sr;
        if is_whispers(&options.bank) {
            // Noise has so much more energy in Whisper's filters: those of a longer transform add up more bins.
            let frames = (WHISPER_FRAME as f64 / win_length as f64).log10();
            let whispers = (WHISPER_FRAME as f64 / WHISPER_RATE).log10();
            let exponent = if spectrum == Spectrum::Power { 1.0 } else { 2.0 };
            let offset = whispers - exponent * bins_per_hertz.log10() + frames;
            return Ok(Self { sample_rate: sr, whisper: Some(WhisperScale::affine(&bank, offset)), bank });
        }
        Ok(Self::interpolated(bank, sr))
    }

    /// Whisper's own 80 filters over the powers of a 400-point transform.
    pub fn whisper() -> Result<Self> {
        Self::whisper_of(WHISPER_FILTERS)
    }

    /// The same with 80 filters or, as large-v3 has them, 128.
    pub fn whisper_of(filters: usize) -> Result<Self> {
        let rows = mel::whisper_bank(filters)?.rows;
        let bank = quantised(&rows, WHISPER_FRAME, WHISPER_FRAME, Spectrum::Power)?;
        Ok(Self { sample_rate: WHISPER_RATE, whisper: Some(WhisperScale::affine(&bank, 0.0)), bank })
    }

    /// Filters over the magnitudes of a 512-point transform whose squares come near to Whisper's energies.
    pub fn whisper_512() -> Result<Self> {
        let rows: Vec<_> = ROWS.iter().map(|&(first, w)| Row { first, weights: w.to_vec() }).collect();
        let bank = quantised(&rows, WHISPER_FRAME, 512, Spectrum::Magnitude)?;
        Ok(Self { sample_rate: WHISPER_RATE, whisper: Some(WhisperScale::affine(&bank, 0.0)), bank })
    }

    /// The way of the bank's codes back to Whisper's features, which exist at 16 kHz only.
    pub fn whisper_scale(&self) -> Result<&WhisperScale> {
        self.whisper.as_ref().ok_or_else(|| {
            Error::argument("sr", "16000 Hz, the only rate that Whisper has features for", self.sample_rate)
        })
    }

    /// A bank whose filters lie elsewhere than Whisper's.
    fn interpolated(bank: Bank, sample_rate: f64) -> Self {
        let whisper = (sample_rate == WHISPER_RATE).then(|| WhisperScale::between(&bank));
        Self { bank, sample_rate, whisper }
    }
}

/// Whether the filters are Whisper's but for the transform's length.
fn is_whispers(options: &BankOptions) -> bool {
    let BankOptions { sr, n_mels, fmin, fmax, mel_scale, norm, .. } = *options;
    (sr, fmin, fmax) == (WHISPER_RATE, 0.0, WHISPER_RATE / 2.0)
        && [WHISPER_FILTERS, MORE_FILTERS].contains(&n_mels)
        && mel_scale == Scale::Slaney
        && norm == Norm::Slaney
}

fn quantised(rows: &[Row<f64>], frame: usize, transform: usize, spectrum: Spectrum) -> Result<Bank> {
    let filters = rows.iter().map(quantise).collect::<Result<_>>()?;
    Ok(Bank { frame, transform, spectrum, filters })
}
