//! The inverse: windowed frames are added up and divided by the sum of the squared windows.

use super::{FREE, Stft};
use crate::fft::first_not_finite;
use crate::simd::Real;
use crate::{Error, Result};

/// More output than this many times the input is refused, once it exceeds `FREE`.
const GROWTH: usize = 64;

impl Stft {
    /// Samples that the inverse of `frames` frames has: `length` where it is given, else all that the frames cover,
    /// without the padding.
    pub fn inverse_length(&self, frames: usize, length: Option<usize>) -> Result<usize> {
        if frames == 0 {
            return Err(Error::shape("spectrum", "at least one frame", "none"));
        }
        let most = FREE.max(frames.saturating_mul(self.bins()).saturating_mul(GROWTH));
        if let Some(length) = length {
            return if length <= most {
                Ok(length)
            } else {
                Err(Error::argument("length", format!("at most {most} for {frames} frames"), length))
            };
        }
        let covered = (frames - 1).checked_mul(self.hop).and_then(|covered| covered.checked_add(self.n_fft));
        match covered {
            Some(covered) if covered <= most => Ok(covered - 2 * self.pad()),
            _ => Err(Error::argument("hopLength", format!("small enough for at most {most} samples"), self.hop)),
        }
    }

    /// Transforms `[channels, bins, frames, 2]` back to channels of `inverse_length()` samples. NaN and infinity are
    /// errors.
    pub fn inverse<T: Real>(
        &mut self,
        spectra: &[T],
        frames: usize,
        length: Option<usize>,
        output: &mut [T],
    ) -> Result<()> {
        let samples = self.check_inverse(spectra, frames, length, output)?;
        if samples == 0 {
            return Ok(());
        }
        let scale = self.envelope::<T>(frames, samples);
        let size = 2 * self.bins() * frames;
        for (spectrum, output) in spectra.chunks_exact(size).zip(output.chunks_exact_mut(samples)) {
            self.inverse_channel(spectrum, frames, &scale, output);
        }
        Ok(())
    }

    /// The same with the channels on all cores.
    #[cfg(feature = "parallel")]
    pub fn inverse_parallel<T: Real>(
        &self,
        spectra: &[T],
        frames: usize,
        length: Option<usize>,
        output: &mut [T],
    ) -> Result<()> {
        use rayon::prelude::*;
        let samples = self.check_inverse(spectra, frames, length, output)?;
        if samples == 0 {
            return Ok(());
        }
        let scale = self.envelope::<T>(frames, samples);
        let size = 2 * self.bins() * frames;
        spectra.par_chunks_exact(size).zip(output.par_chunks_exact_mut(samples)).for_each_init(
            || self.clone(),
            |plan, (spectrum, output)| plan.inverse_channel(spectrum, frames, &scale, output),
        );
        Ok(())
    }

    fn check_inverse<T: Real>(
        &self,
        spectra: &[T],
        frames: usize,
        length: Option<usize>,
        output: &[T],
    ) -> Result<usize> {
        let samples = self.inverse_length(frames, length)?;
        let size = 2 * self.bins() * frames;
        if spectra.is_empty() || !spectra.len().is_multiple_of(size) {
            return Err(Error::shape("spectrum", format!("channels of {size} elements"), spectra.len()));
        }
        let expected = spectra.len() / size * samples;
        if output.len() != expected {
            return Err(Error::shape("output", format!("{expected} elements"), output.len()));
        }
        if let Some((at, value)) = first_not_finite(spectra) {
            return Err(Error::not_finite("spectrum", at, value));
        }
        Ok(samples)
    }

    /// What each sample is multiplied by: one over the sum of the squared windows that covered it, or 1 where that sum is
    /// (nearly) nothing.
    fn envelope<T: Real>(&self, frames: usize, samples: usize) -> Vec<f64> {
        let mut sums = vec![0.0; samples];
        let squares: Vec<f64> = self.window.iter().map(|w| w * w).collect();
        for frame in 0..frames {
            if !self.add(&squares, frame, &mut sums) {
                break;
            }
        }
        for sum in &mut sums {
            *sum = if *sum > T::SMALLEST { 1.0 / *sum } else { 1.0 };
        }
        sums
    }

    fn inverse_channel<T: Real>(&mut self, spectrum: &[T], frames: usize, scale: &[f64], output: &mut [T]) {
        let group = self.engine.group();
        let mut sums = vec![0.0; output.len()];
        let mut windowed = vec![0.0; self.n_fft];
        'frames: for first in (0..frames).step_by(group) {
            let count = group.min(frames - first);
            self.engine.inverse(spectrum, frames, first, count);
            for i in 0..count {
                for ((to, x), w) in windowed.iter_mut().zip(self.engine.frame(i, self.n_fft)).zip(&*self.window) {
                    *to = x * w;
                }
                if !self.add(&windowed, first + i, &mut sums) {
                    break 'frames;
                }
            }
        }
        for ((to, sum), scale) in output.iter_mut().zip(sums).zip(scale) {
            *to = T::of(sum * scale);
        }
    }

    /// Adds a frame where it belongs; false where it lies past the end, as all later ones do.
    fn add(&self, values: &[f64], frame: usize, sums: &mut [f64]) -> bool {
        let start = frame.saturating_mul(self.hop);
        let (skipped, start) = (self.pad().saturating_sub(start), start.saturating_sub(self.pad()));
        if start >= sums.len() {
            return false;
        }
        for (sum, value) in sums[start..].iter_mut().zip(values.iter().skip(skipped)) {
            *sum += value;
        }
        true
    }
}
