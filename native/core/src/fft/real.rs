//! The real transform and its inverse.

use super::lanes::{self, LaneBuffer, LanesRfft};
use super::rows::check_rows;
use crate::simd::Real;
use crate::{Error, Result, check_finite};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// A real transform of `n` samples to `n / 2 + 1` complex bins, and its inverse. Owns its scratch: nothing is allocated
/// after the first batch. Clones share the tables.
///
/// ```
/// use dsp_core::fft::Rfft;
/// let mut plan = Rfft::<f64>::new(4)?;
/// let mut bins = [0.0; 6];
/// plan.forward(&[1.0, 2.0, 3.0, 4.0], 4, &mut bins)?;
/// assert_eq!(bins, [10.0, 0.0, -2.0, 2.0, -2.0, 0.0]);
/// # Ok::<(), dsp_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Rfft<T: Real> {
    n: usize,
    forward: Arc<dyn RealToComplex<T>>,
    inverse: Arc<dyn ComplexToReal<T>>,
    samples: Vec<T>,
    bins: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
    lanes: Option<Lanes<T>>,
}

/// What a batch needs besides the plan; made for the first batch.
#[derive(Clone)]
struct Lanes<T: Real> {
    plan: LanesRfft<T>,
    frames: LaneBuffer<T>,
    spectrum: LaneBuffer<T>,
}

/// Longer transforms do not profit from lanes: their rows leave the cache.
const MAX_LANES_LENGTH: usize = 1 << 14;

impl<T: Real> Rfft<T> {
    /// Plans for `n` samples; any `n` from 1 on.
    pub fn new(n: usize) -> Result<Self> {
        if n == 0 {
            return Err(Error::argument("n", "at least 1", n));
        }
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        let scratch = vec![Complex::default(); forward.get_scratch_len().max(inverse.get_scratch_len())];
        let (samples, bins) = (vec![T::zero(); n], vec![Complex::default(); n / 2 + 1]);
        Ok(Self { n, forward, inverse, samples, bins, scratch, lanes: None })
    }

    /// Samples of a row.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Complex bins of a row, `n / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.n / 2 + 1
    }

    /// Transforms rows of `row` samples, each cut or zero-padded to `n`, to rows of `bins()` complex values.
    ///
    /// In a batch the last bits of a row may differ from those of the same row alone, because they come by another way.
    pub fn forward(&mut self, x: &[T], row: usize, spectra: &mut [T]) -> Result<()> {
        let rows = check_rows(x.len(), row, self.n)?;
        let out = 2 * self.bins();
        check_output(spectra.len(), rows * out)?;
        let kept = row.min(self.n);
        if self.by_lanes(rows) {
            let lanes = self.lanes.as_mut().expect("by_lanes() has made them");
            for group in groups::<T>(rows) {
                let (x, spectra) = (&x[group * row..], &mut spectra[group * out..]);
                let count = T::LANES.min(rows);
                lanes::gather(x, row, count, kept, &mut lanes.frames[..kept * T::LANES]);
                lanes.frames[kept * T::LANES..].fill(T::zero());
                lanes.plan.forward_over(&mut lanes.frames, &mut lanes.spectrum);
                lanes::scatter(&lanes.spectrum, spectra, out, count, out);
            }
        } else {
            for (x, spectrum) in x.chunks_exact(row).zip(spectra.chunks_exact_mut(out)) {
                self.samples[..kept].copy_from_slice(&x[..kept]);
                self.samples[kept..].fill(T::zero());
                self.forward
                    .process_with_scratch(&mut self.samples, &mut self.bins, &mut self.scratch)
                    .expect("the plan's own buffers have its lengths");
                for (pair, bin) in spectrum.chunks_exact_mut(2).zip(&self.bins) {
                    pair.copy_from_slice(&[bin.re, bin.im]);
                }
            }
        }
        Ok(())
    }

    /// [`Rfft::forward`], with an error for NaN and infinity. What `spectra` holds after an error is undefined.
    pub fn forward_checked(&mut self, x: &[T], row: usize, spectra: &mut [T]) -> Result<()> {
        let check = || check_finite("x", x, false);
        if row > self.n {
            // What is cut off counts, too.
            check()?;
            return self.forward(x, row, spectra);
        }
        self.forward(x, row, spectra)?;
        // Bin 0 is the sum of a row, which a value that is not finite spoils, as too large a sum does.
        let finite = spectra.chunks_exact(2 * self.bins()).all(|row| row[0].finite());
        if finite { Ok(()) } else { check() }
    }

    /// The inverse, scaled by `1 / n`: rows of `row` complex bins, each cut or zero-padded to `bins()`, to rows of `n`
    /// samples. Imaginary parts of the first bin and, where `n` is even, of the last one are ignored, as numpy does.
    pub fn inverse(&mut self, spectra: &[T], row: usize, x: &mut [T]) -> Result<()> {
        let rows = check_rows(spectra.len(), 2 * row, 2 * self.bins())?;
        check_output(x.len(), rows * self.n)?;
        let kept = row.min(self.bins());
        if self.by_lanes(rows) {
            let lanes = self.lanes.as_mut().expect("by_lanes() has made them");
            lanes.spectrum[2 * kept * T::LANES..].fill(T::zero());
            for group in groups::<T>(rows) {
                let (spectra, x) = (&spectra[group * 2 * row..], &mut x[group * self.n..]);
                let count = T::LANES.min(rows);
                lanes::gather(spectra, 2 * row, count, 2 * kept, &mut lanes.spectrum[..2 * kept * T::LANES]);
                lanes.plan.inverse(&lanes.spectrum, &mut lanes.frames);
                lanes::scatter(&lanes.frames, x, self.n, count, self.n);
            }
        } else {
            let scale = T::of(1.0 / self.n as f64);
            for (spectrum, x) in spectra.chunks_exact(2 * row).zip(x.chunks_exact_mut(self.n)) {
                for (bin, pair) in self.bins.iter_mut().zip(spectrum.chunks_exact(2)) {
                    *bin = Complex { re: pair[0], im: pair[1] };
                }
                self.bins[kept..].fill(Complex::default());
                self.bins[0].im = T::zero();
                if self.n.is_multiple_of(2) {
                    self.bins[self.n / 2].im = T::zero();
                }
                self.inverse
                    .process_with_scratch(&mut self.bins, x, &mut self.scratch)
                    .expect("the plan's own buffers have its lengths");
                for x in x {
                    *x = *x * scale;
                }
            }
        }
        Ok(())
    }

    /// Whether a batch of so many rows goes by lanes; prepares them.
    fn by_lanes(&mut self, rows: usize) -> bool {
        let worth = 2 * rows >= T::LANES && self.n <= MAX_LANES_LENGTH && lanes::supports(self.n);
        if worth && self.lanes.is_none() {
            self.lanes = LanesRfft::new(self.n).ok().map(|plan| Lanes {
                frames: LaneBuffer::new(self.n),
                spectrum: LaneBuffer::new(2 * self.bins()),
                plan,
            });
        }
        worth && self.lanes.is_some()
    }
}

/// Where groups of `LANES` rows begin; the last group may overlap the one before, so that it is full.
pub(super) fn groups<T: Real>(rows: usize) -> impl Iterator<Item = usize> {
    let last = rows.saturating_sub(T::LANES);
    (0..rows).step_by(T::LANES).map(move |group| group.min(last))
}

pub(super) fn check_output(length: usize, expected: usize) -> Result<()> {
    if length == expected { Ok(()) } else { Err(Error::shape("output", format!("{expected} elements"), length)) }
}
