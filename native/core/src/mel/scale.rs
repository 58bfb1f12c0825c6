//! The mel scales in use: HTK's, Slaney's (Auditory Toolbox) and Kaldi's.
//!
//! Generic over the float, because Kaldi's tables are `f32` step by step: functions are computed in `f64` and rounded,
//! which makes them correctly rounded in `f32`.

use crate::options::{FromOption, Source};
use crate::simd::Real;
use crate::{Error, Result, options};

/// A mapping of hertz to mel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// `2595 log10(1 + f / 700)`.
    Htk,
    /// Linear up to 1 kHz, which is mel 15, logarithmic from there: 27 steps to 6.4 kHz.
    Slaney,
    /// `1127 ln(1 + f / 700)`: HTK's but for the rounding of the constant.
    Kaldi,
}

/// Read from two options: `mel_scale` names the scale; without it `htk` chooses between HTK's and Slaney's.
impl FromOption for Scale {
    fn names(_: &str) -> Vec<String> {
        vec!["htk".to_owned(), "mel_scale".to_owned()]
    }

    fn from_option(source: &dyn Source, _: &str) -> Result<Self> {
        let htk = bool::from_option(source, "htk")?;
        match Option::<String>::from_option(source, "mel_scale")? {
            None => Ok(if htk { Self::Htk } else { Self::Slaney }),
            Some(name) if htk && name != "htk" => Err(Error::argument("melScale", "htk or null if htk is true", name)),
            Some(name) => Self::parse(&name),
        }
    }
}

/// Mel of the frequency where Slaney's scale becomes logarithmic, and that frequency.
const CORNER_MEL: f64 = 15.0;
const CORNER_HERTZ: f64 = 1000.0;

/// ln(6.4) / 27, one step of Slaney's logarithmic part. In `f32` it is kaldi-native-fbank's, of seven digits.
fn log_step<T: Real>() -> T {
    T::of(if size_of::<T>() == size_of::<f32>() { 0.068_751_78 } else { 6.4f64.ln() / 27.0 })
}

fn ln<T: Real>(x: T) -> T {
    T::of(x.to_f64().ln())
}

fn exp<T: Real>(x: T) -> T {
    T::of(x.to_f64().exp())
}

impl Scale {
    /// Finds a scale by its name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "htk" => Self::Htk,
            "slaney" => Self::Slaney,
            "kaldi" => Self::Kaldi,
            _ => return Err(Error::argument("melScale", "htk, slaney or kaldi", name)),
        })
    }

    /// The mel of a frequency in hertz.
    pub fn mel<T: Real>(self, hertz: T) -> T {
        match self {
            Self::Htk => T::of(2595.0) * T::of((1.0 + hertz.to_f64() / 700.0).log10()),
            Self::Kaldi => T::of(1127.0) * ln(T::of(1.0) + hertz / T::of(700.0)),
            Self::Slaney if hertz <= T::of(CORNER_HERTZ) => hertz * T::of(3.0) / T::of(200.0),
            Self::Slaney => T::of(CORNER_MEL) + T::of(27.0 / 6.4f64.ln()) * ln(hertz / T::of(CORNER_HERTZ)),
        }
    }

    /// The frequency in hertz of a mel.
    pub fn hertz<T: Real>(self, mel: T) -> T {
        match self {
            Self::Htk => T::of(700.0 * (10f64.powf(mel.to_f64() / 2595.0) - 1.0)),
            Self::Kaldi => T::of(700.0) * (exp(mel / T::of(1127.0)) - T::of(1.0)),
            Self::Slaney if mel <= T::of(CORNER_MEL) => T::of(200.0 / 3.0) * mel,
            Self::Slaney => T::of(CORNER_HERTZ) * exp((mel - T::of(CORNER_MEL)) * log_step()),
        }
    }
}

/// Mels of frequencies in hertz, as `librosa.hz_to_mel`.
pub fn hz_to_mel<T: Real>(hertz: &[T], scale: Scale) -> Vec<T> {
    hertz.iter().map(|&at| T::of(scale.mel(at.to_f64()))).collect()
}

/// Frequencies in hertz of mels, as `librosa.mel_to_hz`.
pub fn mel_to_hz<T: Real>(mels: &[T], scale: Scale) -> Vec<T> {
    mels.iter().map(|&at| T::of(scale.hertz(at.to_f64()))).collect()
}

options! {
    /// The options of [`mel_frequencies`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct MelFrequencyOptions {
        /// The first frequency in Hz.
        pub fmin: f64,
        /// The last frequency in Hz.
        pub fmax: f64,
        pub mel_scale: Scale,
    }
}

/// `count` frequencies evenly spaced in mel, both ends included, as `librosa.mel_frequencies`.
pub fn mel_frequencies(count: usize, options: &MelFrequencyOptions) -> Vec<f64> {
    let MelFrequencyOptions { fmin, fmax, mel_scale: scale } = *options;
    mel_points(count, fmin, fmax, scale).into_iter().map(|mel| scale.hertz(mel)).collect()
}

/// The same in mel.
pub(super) fn mel_points(count: usize, fmin: f64, fmax: f64, scale: Scale) -> Vec<f64> {
    let (low, high) = (scale.mel(fmin), scale.mel(fmax));
    let step = (high - low) / count.saturating_sub(1).max(1) as f64;
    (0..count).map(|i| if i > 0 && i + 1 == count { high } else { i as f64 * step + low }).collect()
}
