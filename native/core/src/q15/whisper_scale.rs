//! The kernel's codes as Whisper's features.
//!
//! Whisper's value of a filter is `log10` of its energy, not below -10, then not more than 8 below the largest of the
//! recording, then `(y + 4) / 4`. The kernel gives twice as much of the magnitude's `log2`, in units of int16 samples.

use super::code::STEPS;
use super::{Bank, Output, Spectrum};
use crate::mel::{MelFrequencyOptions, Scale, mel_frequencies, whisper_bank};
use crate::results::results;
use crate::{Error, Result};

/// Whisper's sample rate in Hz and length of frames.
pub(super) const WHISPER_RATE: f64 = 16_000.0;
pub(super) const WHISPER_FRAME: usize = 400;
/// The filters of Whisper's models, and those of large-v3 and what comes from it.
pub(super) const WHISPER_FILTERS: usize = 80;
pub(super) const MORE_FILTERS: usize = 128;
/// Of `log2-int16`.
const FINE_STEPS: f64 = 256.0;
/// `linear-int8` is `gain / 2^24` of the magnitude.
const LINEAR_BITS: f64 = 24.0;
/// Whisper's floor under energies and range below the largest, in log10.
const FLOOR: f64 = -10.0;
const RANGE: f64 = 8.0;

/// What the kernel puts out: frames of one code per filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes<'a> {
    Int8(&'a [i8]),
    Int16(&'a [i16]),
}

/// Where the value of one of Whisper's filters is: between two filters of the bank.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Taps {
    low: usize,
    high: usize,
    /// The share of `high`.
    share: f64,
}

/// A map from codes to Whisper's scale.
#[derive(Clone, Debug, PartialEq)]
pub struct WhisperScale {
    /// Added to the log10 of each filter of the bank.
    offsets: Vec<f64>,
    /// The level of code 0 of `log2-int8`, in octaves.
    lowest: f64,
    /// One for each of Whisper's filters.
    taps: Vec<Taps>,
    /// Added to the log10 of each of Whisper's filters.
    sums: Vec<f64>,
}

impl WhisperScale {
    /// For filters at the places of Whisper's own, as many as these: `offset` is added to the log10 of their energies.
    pub(super) fn affine(bank: &Bank, offset: f64) -> Self {
        let filters = bank.filters.len();
        let taps = (0..filters).map(|i| Taps { low: i, high: i, share: 0.0 }).collect();
        Self { offsets: vec![offset; filters], lowest: lowest(bank), taps, sums: vec![0.0; filters] }
    }

    /// For filters elsewhere: the mean level in each filter that is not dead, interpolated between their centroids to the
    /// centres of Whisper's filters, times the sum of the weights of these.
    pub(super) fn between(bank: &Bank) -> Self {
        let exponent = if bank.spectrum == Spectrum::Power { 1.0 } else { 2.0 };
        let sum = |filter: &super::Filter| filter.weights().map(|(_, w)| w).sum::<f64>();
        let offsets = bank.filters.iter().map(|filter| -exponent * sum(filter).log10()).collect();
        let hertz = WHISPER_RATE / bank.transform as f64;
        let mut centroids: Vec<(f64, usize)> = (bank.filters.iter().enumerate())
            .filter(|(_, filter)| !filter.is_dead())
            .map(|(i, filter)| (filter.weights().map(|(bin, w)| bin as f64 * w).sum::<f64>() / sum(filter) * hertz, i))
            .collect();
        centroids.sort_by(|a, b| a.0.total_cmp(&b.0));
        let options = MelFrequencyOptions { fmin: 0.0, fmax: WHISPER_RATE / 2.0, mel_scale: Scale::Slaney };
        let centres = mel_frequencies(WHISPER_FILTERS + 2, &options);
        let taps = centres[1..=WHISPER_FILTERS].iter().map(|&centre| taps(&centroids, centre)).collect();
        // Longer frames hold more energy of the same noise.
        let frames = (WHISPER_FRAME as f64 / bank.frame as f64).log10();
        let rows = whisper_bank(WHISPER_FILTERS).map_or_else(|_| Vec::new(), |bank| bank.rows);
        let sums = rows.iter().map(|row| row.weights.iter().sum::<f64>().log10() + frames).collect();
        Self { offsets, lowest: lowest(bank), taps, sums }
    }

    /// Features of one recording, `[bands, frames]`, from codes `[frames, filters]`. `gain` is that of `linear-int8`. A code of
    /// no energy is Whisper's floor; so are the smallest codes of int8, which mean anything from nothing to the lowest level.
    pub fn features(&self, codes: Codes<'_>, output: Output, gain: f64) -> Result<Vec<f32>> {
        match (codes, output) {
            (Codes::Int8(codes), Output::Log2Int8) => {
                self.map(codes, |code| (code > 0).then(|| f64::from(code) / f64::from(STEPS) + self.lowest))
            }
            (Codes::Int8(codes), Output::LinearInt8) => {
                self.map(codes, |code| (code > 0).then(|| f64::from(code).log2() + LINEAR_BITS - gain.log2()))
            }
            (Codes::Int16(codes), Output::Log2Int16) => {
                self.map(codes, |code| (code > i16::MIN).then(|| f64::from(code) / FINE_STEPS))
            }
            (Codes::Int8(_), _) => Err(Error::argument("codes", "int16 for log2-int16", "int8")),
            (Codes::Int16(_), _) => Err(Error::argument("codes", "int8 for linear-int8 and log2-int8", "int16")),
        }
    }

    /// `log2` gives the octaves of a code in units of the DFT of int16 samples; nothing where there is no energy.
    fn map<C: Copy>(&self, codes: &[C], log2: impl Fn(C) -> Option<f64>) -> Result<Vec<f32>> {
        let filters = self.offsets.len();
        if codes.is_empty() || !codes.len().is_multiple_of(filters) {
            return Err(Error::shape("codes", format!("frames of {filters} codes"), codes.len()));
        }
        let frames = codes.len() / filters;
        let full_scale = 32768f64.log10();
        let mut energies = vec![0.0; filters];
        let mut features = results(self.taps.len() * frames);
        let mut largest = f64::NEG_INFINITY;
        for (t, codes) in codes.chunks_exact(filters).enumerate() {
            for ((energy, &code), offset) in energies.iter_mut().zip(codes).zip(&self.offsets) {
                let level = log2(code).map(|octaves| 2.0 * (octaves * 2f64.log10() - full_scale) + offset);
                *energy = level.unwrap_or(FLOOR);
            }
            for (m, (tap, sum)) in self.taps.iter().zip(&self.sums).enumerate() {
                let (low, high) = (energies[tap.low], energies[tap.high]);
                let y = (low + (high - low) * tap.share + sum).max(FLOOR);
                largest = largest.max(y);
                features[m * frames + t] = y as f32;
            }
        }
        let floor = (largest - RANGE) as f32;
        features.iter_mut().for_each(|y| *y = (y.max(floor) + 4.0) / 4.0);
        Ok(features)
    }
}

/// The level of code 0 of `log2-int8`, in octaves.
fn lowest(bank: &Bank) -> f64 {
    f64::from(bank.lowest_tenths()) / 10.0
}

/// The filters on both sides of a frequency; the outermost one beyond them.
fn taps(centroids: &[(f64, usize)], hertz: f64) -> Taps {
    let after = centroids.partition_point(|&(at, _)| at < hertz);
    let one = |&(_, i): &(f64, usize)| Taps { low: i, high: i, share: 0.0 };
    match (after.checked_sub(1).and_then(|before| centroids.get(before)), centroids.get(after)) {
        (Some(&(left, low)), Some(&(right, high))) => Taps { low, high, share: (hertz - left) / (right - left) },
        (Some(only), None) | (None, Some(only)) => one(only),
        (None, None) => Taps { low: 0, high: 0, share: 0.0 },
    }
}
