//! Fixed-point mel features: filter banks in Q15, and what the NPU's kernel computes with them, bit for bit.

#[cfg(test)]
mod bank_tests;
mod classic;
pub mod code;
mod features;
mod framing;
mod pipeline;
mod profiles;
mod quantise;
pub mod tables;
#[cfg(test)]
mod tests;
mod transform;
mod whisper_512;
mod whisper_scale;

pub use features::{CodeValues, MelQ15, MelQ15Options};
pub use framing::{Framing, FramingOptions, frames16, sample16};
pub use pipeline::{MAX_COEFFICIENTS, MAX_FILTERS, MAX_SHIFT, Pipeline, frames_in};
pub use profiles::{AccurateOptions, Profile, ProfileName, ProfileOptions};
pub use transform::Bins;
pub use whisper_scale::{Codes, WhisperScale};

use crate::{Error, Result, option_words};

/// What the filters weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spectrum {
    Magnitude,
    Power,
}

impl Spectrum {
    /// Finds a spectrum by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "magnitude" => Ok(Self::Magnitude),
            "power" => Ok(Self::Power),
            _ => Err(Error::argument("spectrum", "magnitude or power", name)),
        }
    }
}

option_words!(Spectrum);

/// One filter: non-zero from bin `start` up to, and without, bin `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub start: u16,
    pub peak: u16,
    pub end: u16,
    /// The weight of bin `start + i` is `coefficients[i] / 2^(15 + shift)`: a filter with a low peak keeps its 15 bits.
    pub shift: u8,
    pub coefficients: Vec<i16>,
}

impl Filter {
    /// The bins that it weighs, each with its weight.
    pub fn weights(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let unit = (-15.0 - f64::from(self.shift)).exp2();
        (usize::from(self.start)..).zip(&self.coefficients).map(move |(bin, &c)| (bin, f64::from(c) * unit))
    }

    /// Whether no bin reaches its output.
    pub fn is_dead(&self) -> bool {
        self.coefficients.iter().all(|&c| c == 0)
    }
}

/// A bank over the spectrum of one transform of windowed frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Samples per frame, windowed by a periodic Hann window and zero-padded to `transform`.
    pub frame: usize,
    /// Points of the transform, whose bins are 0 to `transform / 2`.
    pub transform: usize,
    pub spectrum: Spectrum,
    pub filters: Vec<Filter>,
}

/// The format of what the kernel puts out, one value per filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// 0 to 127, proportional to the filter's output, as the first kernel had it: for compatibility only.
    LinearInt8,
    /// Six steps an octave of magnitude.
    Log2Int8,
    /// 256 steps an octave of magnitude.
    Log2Int16,
}

impl Output {
    /// Finds a format by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "linear-int8" => Ok(Self::LinearInt8),
            "log2-int8" => Ok(Self::Log2Int8),
            "log2-int16" => Ok(Self::Log2Int16),
            _ => Err(Error::argument("output", "linear-int8, log2-int8 or log2-int16", name)),
        }
    }
}

option_words!(Output);
