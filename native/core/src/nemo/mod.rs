//! NeMo's log-mel features, the input of Parakeet and Canary (`AudioToMelSpectrogramPreprocessor` and `FilterbankFeatures` of
//! NVIDIA NeMo, in evaluation mode): pre-emphasis over the whole signal, frames that are centred and padded with zeros, a
//! symmetric window, Slaney's filters, a guarded logarithm, normalisation over time.
//!
//! Everything is computed in `f64` and rounded once; NeMo itself computes in `f32`.

mod emphasis;
mod online;
mod options;
#[cfg(test)]
mod tests;

pub use online::OnlineNemo;
pub use options::{NemoOptions, Normalize};

use crate::finite::not_finite;
use crate::jobs::for_signals;
use crate::mel::{Bank, Frames, Mel, check_size};
use crate::number::Number;
use crate::results::results;
use crate::simd::{Real, all_finite};
use crate::stft::{PadMode, Stft};
use crate::{Error, Result};
use emphasis::Emphasis;
use options::renamed;
use std::sync::Arc;

/// Added to standard deviations.
const EPSILON: f64 = 1e-5;

/// Planned features. Clones share the tables and have their own scratch memory.
#[derive(Clone)]
pub struct Nemo {
    options: Arc<NemoOptions>,
    mel: Mel,
}

impl Nemo {
    /// Checks the options and creates the plan.
    pub fn new(options: NemoOptions) -> Result<Self> {
        options.check()?;
        let bank = options.bank()?;
        let stft = Stft::new(&options.stft()?).map_err(renamed)?;
        let frames = Frames::new(stft, bank, options.mag_power, options.finish()).map_err(renamed)?;
        Ok(Self { options: Arc::new(options), mel: Mel::with(frames, PadMode::Constant) })
    }

    /// The filters.
    pub fn bank(&self) -> &Bank {
        self.mel.bank()
    }

    /// Rows of the result.
    pub fn rows(&self) -> usize {
        self.options.rows()
    }

    /// Valid frames of a signal of `samples` samples, NeMo's `get_seq_len`: one less than the transform has, which NeMo
    /// computes and then overwrites with the padding value.
    pub fn valid(&self, samples: usize) -> usize {
        if samples == 0 {
            return 0;
        }
        self.mel.stft().frames(samples + 2 * self.options.padding()).saturating_sub(1)
    }

    /// Samples of the shortest signal that has a valid frame.
    fn least_samples(&self) -> usize {
        let padding = 2 * (self.options.padding() + self.mel.stft().pad());
        self.options.n_window_stride.saturating_add(self.options.n_fft - padding)
    }

    /// Columns of the result of a signal with `valid` valid frames.
    fn width(&self, valid: usize) -> usize {
        match self.options.pad_to {
            0 => valid + 1,
            multiple => (valid + 1).div_ceil(multiple).saturating_mul(multiple),
        }
    }

    /// Channels of `samples` samples to `[channels, rows, columns]`. NaN and infinity are errors.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Vec<T>> {
        if samples == 0 || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        let valid = self.valid(samples);
        if valid == 0 {
            let expected = format!("at least {} samples, one frame", self.least_samples());
            return Err(Error::shape("y", expected, samples));
        }
        let (mels, rows, columns) = (self.mel.mels(), self.rows(), self.width(valid));
        let channels = y.len() / samples;
        check_size("padTo", [channels, rows, columns])?;
        self.mel.frames(1, samples + 2 * self.options.padding()).map_err(renamed)?;
        self.check_samples("y", y)?;
        let mut output = results(channels * rows * columns);
        if self.options.pad_value != 0.0 {
            output.fill(T::of(self.options.pad_value));
        }
        let mut features = results(mels * valid);
        let mut signal = results(samples + 2 * self.options.padding());
        for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(rows * columns)) {
            signal.clear();
            let mut emphasis = Emphasis::new(&self.options);
            emphasis.accept(y, &mut signal);
            emphasis.flush(&mut signal);
            // The samples have been looked at.
            let done = self.mel.run(&signal, signal.len(), valid, &mut features, threads);
            done.expect("samples are finite");
            self.normalize(&features, valid, output, columns);
        }
        if self.options.log || all_finite(&output) {
            return Ok(output);
        }
        Err(Error::argument("y", "samples whose energies fit their element type", "larger ones"))
    }

    /// Many signals of one channel each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |plan, y| plan.forward(y, y.len(), false))
    }

    /// Refuses samples that are not finite, and those whose energies would not be.
    fn check_samples<T: Real>(&self, name: &str, samples: &[T]) -> Result<()> {
        if !all_finite(samples) {
            return Err(not_finite(name, samples));
        }
        let peak = lanes(samples, |most: f64, x| most.greater(x.to_f64().abs())).into_iter().fold(0.0, f64::max);
        let factor = (1.0 + self.options.preemph.unwrap_or(0.0)) * self.options.n_fft as f64;
        if peak > 0.0 && self.options.mag_power * (peak * factor).log10() > 300.0 {
            return Err(Error::argument(name, "samples whose energies are finite", format!("{peak:e}")));
        }
        Ok(())
    }

    /// Writes `[mels, count]` to the first columns of `[rows, columns]`, normalised.
    fn normalize<T: Real>(&self, features: &[f64], count: usize, output: &mut [T], columns: usize) {
        if count == 0 {
            return;
        }
        let options = &*self.options;
        let all = match options.normalize {
            Normalize::AllFeatures => Some(statistics(features, options.frame_splicing)),
            _ => None,
        };
        let mels = self.mel.mels();
        for (r, to) in output.chunks_exact_mut(columns).enumerate() {
            let from = &features[r % mels * count..][..count];
            let (mean, std) = match (options.normalize, &options.fixed_mean, &options.fixed_std) {
                (Normalize::PerFeature, ..) => statistics(from, 1),
                (Normalize::Fixed, Some(mean), Some(std)) => (mean[r], std[r]),
                _ => all.unwrap_or((0.0, 1.0)),
            };
            to.iter_mut().zip(from).for_each(|(to, x)| *to = T::of((x - mean) / std));
        }
    }
}

/// The mean and the sample standard deviation (plus epsilon) of values that count `times` times each. One value deviates by 0.
fn statistics(values: &[f64], times: usize) -> (f64, f64) {
    let mean = lanes(values, |sum, x| sum + x).iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = lanes(values, |sum, x| sum + (x - mean) * (x - mean)).iter().sum();
    let (times, count) = (times as f64, values.len() as f64);
    let variance = times * squares / (times * count - 1.0).max(1.0);
    (mean, variance.sqrt() + EPSILON)
}

/// Folds every eighth value each, which compilers turn into vectors. Each fold starts at 0.
fn lanes<T: Copy>(values: &[T], step: impl Fn(f64, T) -> f64) -> [f64; 8] {
    let mut folded = [0.0; 8];
    let (groups, rest) = values.as_chunks::<8>();
    for group in groups {
        for (folded, &x) in folded.iter_mut().zip(group) {
            *folded = step(*folded, x);
        }
    }
    for (folded, &x) in folded.iter_mut().zip(rest) {
        *folded = step(*folded, x);
    }
    folded
}
