//! The inverse: windowed frames are added up and divided by the sum of the squared windows ([`super::overlap`]).

use super::overlap::{Overlap, Stretch};
use super::{FREE, Stft, tile_width};
use crate::jobs::for_each;
use crate::simd::Real;
use crate::{Error, Result, check_finite};

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

    /// Transforms `[channels, bins, frames, 2]` back to channels of `inverse_length()` samples, one channel on one thread.
    /// NaN and infinity are errors.
    pub fn inverse<T: Real>(
        &mut self,
        spectra: &[T],
        frames: usize,
        length: Option<usize>,
        output: &mut [T],
        threads: bool,
    ) -> Result<()> {
        let samples = self.check_inverse(spectra, frames, length, output, threads)?;
        if samples == 0 {
            return Ok(());
        }
        let size = 2 * self.bins() * frames;
        let mut channels: Vec<_> = spectra.chunks_exact(size).zip(output.chunks_exact_mut(samples)).collect();
        let overlap = Overlap::new(self, 1, T::MIN_POSITIVE);
        let work = |plan: &mut Self, overlap: &mut Overlap, _, (spectrum, output): &mut (&[T], &mut [T])| {
            plan.inverse_channel(spectrum, frames, overlap, output);
        };
        for_each(threads, &mut channels, self, || overlap.clone(), work);
        Ok(())
    }

    fn check_inverse<T: Real>(
        &self,
        spectra: &[T],
        frames: usize,
        length: Option<usize>,
        output: &[T],
        threads: bool,
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
        check_finite("spectrum", spectra, threads)?;
        Ok(samples)
    }

    fn inverse_channel<T: Real>(&mut self, spectrum: &[T], frames: usize, overlap: &mut Overlap, output: &mut [T]) {
        // Of later frames no sample is wanted.
        let frames = frames.min((output.len() + self.pad()).div_ceil(self.hop));
        let columns = spectrum.len() / 2 / self.bins();
        let group = self.engine.group();
        let width = tile_width(2 * self.bins() * size_of::<T>()).min(frames.next_multiple_of(group));
        // Rows lie far apart, often at distances that fall on the same few lines of a cache: of each, a long run at once.
        let mut tile = vec![T::zero(); 2 * self.bins() * width];
        overlap.begin();
        output.fill(T::zero());
        let all = 0..output.len();
        for begin in (0..frames).step_by(width) {
            let end = frames.min(begin + width);
            for (row, from) in tile.chunks_exact_mut(2 * width).zip(spectrum.chunks_exact(2 * columns)) {
                row[..2 * (end - begin)].copy_from_slice(&from[2 * begin..2 * end]);
            }
            for first in (begin..end).step_by(group) {
                let count = group.min(end - first);
                self.engine.inverse(&tile, width, first - begin, count);
                for i in 0..count {
                    overlap.add(0, i, self.engine.frame(i, self.n_fft));
                }
                for i in 0..count {
                    overlap.give(first + i, all.clone(), |stretch| put(&stretch, output));
                }
            }
        }
        overlap.finish(frames, all, |stretch| put(&stretch, output));
    }
}

/// Scales samples and rounds them.
fn put<T: Real>(stretch: &Stretch, output: &mut [T]) {
    let output = output[stretch.first..].iter_mut();
    for ((to, sum), scale) in output.zip(stretch.part(0)).zip(stretch.scales) {
        *to = T::of(sum * scale);
    }
}
