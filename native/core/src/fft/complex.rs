//! The complex transform and its inverse.

use super::lanes::{self, LaneBuffer, LanesFft};
use super::real::{check_output, groups};
use super::rows::check_rows;
use crate::simd::Real;
use crate::{Error, Result};
use rustfft::num_complex::Complex;
use rustfft::{Fft as Planned, FftPlanner};
use std::sync::Arc;

/// A complex transform of `n` points and its inverse. Owns its scratch: nothing is allocated after the first batch.
/// Clones share the tables.
///
/// ```
/// use dsp_core::fft::Fft;
/// let mut plan = Fft::<f64>::new(2)?;
/// let mut bins = [0.0; 4];
/// plan.process(&[1.0, 0.0, 0.0, 1.0], 2, false, &mut bins)?;
/// assert_eq!(bins, [1.0, 1.0, 1.0, -1.0]);
/// # Ok::<(), dsp_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Fft<T: Real> {
    n: usize,
    forward: Arc<dyn Planned<T>>,
    inverse: Arc<dyn Planned<T>>,
    values: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
    lanes: Option<Lanes<T>>,
}

#[derive(Clone)]
struct Lanes<T: Real> {
    plan: LanesFft<T>,
    input: LaneBuffer<T>,
    output: LaneBuffer<T>,
}

/// Longer transforms do not profit from lanes: their rows leave the cache.
const MAX_LANES_LENGTH: usize = 1 << 13;

impl<T: Real> Fft<T> {
    /// Plans for `n` points; any `n` from 1 on.
    pub fn new(n: usize) -> Result<Self> {
        if n == 0 {
            return Err(Error::argument("n", "at least 1", n));
        }
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        let scratch = forward.get_inplace_scratch_len().max(inverse.get_inplace_scratch_len());
        let (values, scratch) = (vec![Complex::default(); n], vec![Complex::default(); scratch]);
        Ok(Self { n, forward, inverse, values, scratch, lanes: None })
    }

    /// Points of a row.
    pub fn n(&self) -> usize {
        self.n
    }

    /// Transforms rows of `row` complex values, each cut or zero-padded to `n`, to rows of `n`. The inverse is scaled by
    /// `1 / n`.
    pub fn process(&mut self, x: &[T], row: usize, inverse: bool, output: &mut [T]) -> Result<()> {
        let rows = check_rows(x.len(), 2 * row, 2 * self.n)?;
        check_output(output.len(), rows * 2 * self.n)?;
        let (row, out) = (2 * row, 2 * self.n);
        let kept = row.min(out);
        if self.by_lanes(rows) {
            let lanes = self.lanes.as_mut().expect("by_lanes() has made them");
            lanes.input[kept * T::LANES..].fill(T::zero());
            for group in groups::<T>(rows) {
                let count = T::LANES.min(rows);
                lanes::gather(&x[group * row..], row, count, kept, &mut lanes.input[..kept * T::LANES]);
                lanes.plan.process(inverse, &lanes.input, &mut lanes.output);
                lanes::scatter(&lanes.output, &mut output[group * out..], out, count, out);
            }
        } else {
            let plan = if inverse { &self.inverse } else { &self.forward };
            for (x, output) in x.chunks_exact(row).zip(output.chunks_exact_mut(out)) {
                for (value, pair) in self.values.iter_mut().zip(x.chunks_exact(2)) {
                    *value = Complex { re: pair[0], im: pair[1] };
                }
                self.values[kept / 2..].fill(Complex::default());
                plan.process_with_scratch(&mut self.values, &mut self.scratch);
                for (pair, value) in output.chunks_exact_mut(2).zip(&self.values) {
                    pair.copy_from_slice(&[value.re, value.im]);
                }
            }
        }
        if inverse {
            let scale = T::of(1.0 / self.n as f64);
            for x in output {
                *x = *x * scale;
            }
        }
        Ok(())
    }

    /// Whether a batch of so many rows goes by lanes; prepares them.
    fn by_lanes(&mut self, rows: usize) -> bool {
        let worth = 2 * rows >= T::LANES && self.n <= MAX_LANES_LENGTH;
        if worth && self.lanes.is_none() {
            self.lanes = LanesFft::new(self.n).ok().map(|plan| Lanes {
                input: LaneBuffer::new(2 * self.n),
                output: LaneBuffer::new(2 * self.n),
                plan,
            });
        }
        worth && self.lanes.is_some()
    }
}
