//! Peaks of spectra: which bins are higher than their neighbours, and where between the bins their tops lie.

use super::PiptrackOptions;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result};
use std::ops::Range;

/// Frames that are looked at side by side.
pub(crate) const W: usize = <f64 as Real>::LANES;

/// What a peak's magnitude is measured by.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// The threshold's part of each frame's maximum.
    Max,
    /// This magnitude, whatever the threshold.
    Magnitude(f64),
    /// The threshold's part of these values, one for each frame of every channel.
    Frames(Vec<f64>),
}

/// A search for peaks.
pub(crate) struct Peaks<T> {
    /// Bins within the frequencies that count: `1 <= first <= end <= bins`.
    first: usize,
    end: usize,
    bins: usize,
    threshold: T,
    /// Absolute levels, one for each frame; or one for all; or none, for parts of the maximum.
    levels: Option<Vec<T>>,
    frames: usize,
    sr: f64,
    n_fft: f64,
}

impl<T: Real> Peaks<T> {
    pub fn new(options: &PiptrackOptions, bins: usize, frames: usize, channels: usize) -> Result<Self> {
        let PiptrackOptions { sr, fmin, fmax, threshold, ref reference, .. } = *options;
        let n_fft = options.frames.n_fft;
        if !(sr.is_finite() && sr > 0.0) {
            return Err(Error::argument("sr", "a positive number of hertz", sr));
        }
        for (name, value) in [("fmin", fmin), ("fmax", fmax), ("threshold", threshold)] {
            if value.is_nan() {
                return Err(Error::argument(name, "a number", value));
            }
        }
        if bins < 2 {
            return Err(Error::argument("nFft", "at least 2, for neighbours to compare with", n_fft));
        }
        let threshold = T::of(threshold);
        let levels = match reference {
            Reference::Max => None,
            Reference::Magnitude(level) if level.is_nan() => {
                return Err(Error::argument("ref", "a magnitude", level));
            }
            Reference::Magnitude(level) => Some(vec![T::of(level.abs())]),
            Reference::Frames(levels) if levels.len() != frames * channels => {
                return Err(Error::shape("ref", format!("{} values", frames * channels), levels.len()));
            }
            Reference::Frames(levels) => Some(levels.iter().map(|&level| threshold * T::of(level)).collect()),
        };
        let (low, high) = (fmin.max(0.0), fmax.min(sr / 2.0));
        // As numpy computes a bin's frequency.
        let width = 1.0 / (n_fft as f64 * (1.0 / sr));
        let count = |limit: f64| (0..bins).take_while(|&bin| (bin as f64 * width) < limit).count();
        // The lowest bin has no lower neighbour and is never a peak; nothing is one where fmax lies below fmin.
        let first = count(low).max(1);
        Ok(Self { first, end: count(high).max(first), bins, threshold, levels, frames, sr, n_fft: n_fft as f64 })
    }

    /// The bins whose magnitudes are looked at.
    pub fn reach(&self) -> Range<usize> {
        self.first - 1..(self.end + 1).min(self.bins)
    }

    /// Calls with bin, lane, pitch and magnitude of every peak in `count` frames from `first` on; `rows` has `W` of them,
    /// and `maxima` those over all bins.
    pub fn find(
        &self,
        rows: &[T],
        maxima: [T; W],
        channel: usize,
        first: usize,
        count: usize,
        mut found: impl FnMut(usize, usize, T, T),
    ) {
        let mut level = [T::zero(); W];
        match &self.levels {
            None => level = maxima.map(|max| self.threshold * max),
            Some(all) if all.len() == 1 => level = [all[0]; W],
            Some(all) => level[..count].copy_from_slice(&all[channel * self.frames + first..][..count]),
        }
        // SAFETY: the level was found on this machine; the bins lie within the rows.
        unsafe { Level::best().run(Search { peaks: self, rows, level: &level, count, found: &mut found }) }
    }

    /// Pitch and magnitude of the peak at `bin` of magnitudes `below`, `x`, `above`.
    fn measure(&self, bin: usize, below: T, x: T, above: T) -> (T, T) {
        // Sums and differences in the magnitudes' own type, the rest in f64, as librosa's compiled stencil.
        let a = (above + below).to_f64() - 2.0 * x.to_f64();
        let b = (above - below).to_f64() / 2.0;
        let shift = if b.abs() >= a.abs() { T::zero() } else { T::of(-b / a) };
        let slope = T::of((above - below).to_f64() / 2.0);
        let half = T::of(0.5) * slope;
        (T::of((bin as f64 + shift.to_f64()) * self.sr / self.n_fft), x + half * shift)
    }
}

struct Search<'a, T, F> {
    peaks: &'a Peaks<T>,
    rows: &'a [T],
    level: &'a [T; W],
    count: usize,
    found: &'a mut F,
}

impl<T: Real, F: FnMut(usize, usize, T, T)> Kernel<f64> for Search<'_, T, F> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { peaks, rows, level, count, found } = self;
        for bin in peaks.first..peaks.end {
            let last = bin + 1 == peaks.bins;
            let row = &rows[(bin - 1) * W..];
            let (below, here) = (&row[..W], &row[W..2 * W]);
            let above = if last { here } else { &row[2 * W..3 * W] };
            // Bytes, of which compilers make vectors; most rows have no peak.
            let mut flags = [0u8; W];
            for l in 0..W {
                flags[l] = u8::from((here[l] > below[l]) & (here[l] >= above[l]) & (here[l] > level[l]));
            }
            if u64::from_ne_bytes(flags) == 0 {
                continue;
            }
            for l in (0..count).filter(|&l| flags[l] != 0) {
                let (pitch, magnitude) = if last {
                    // No neighbour above: no interpolation.
                    (T::of(bin as f64 * peaks.sr / peaks.n_fft), here[l])
                } else {
                    peaks.measure(bin, below[l], here[l], above[l])
                };
                found(bin, l, pitch, magnitude);
            }
        }
    }
}
