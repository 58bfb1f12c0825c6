//! Weighted sums of the rows of a matrix.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::bank::Row;
use crate::simd::{Kernel, Level, Real, Simd};

/// Columns that are summed at a time: their part of the matrix stays in the cache for all rows of weights.
const BLOCK: usize = 128;

/// Multiplies `x`, `[n, frames]`, by the rows of weights: `[rows, frames]`. Sums are in `f64`.
pub fn combine<S: Real, T: Real>(rows: &[Row<f64>], x: &[S], frames: usize, output: &mut [T]) {
    assert!(rows.iter().all(|row| (row.first + row.weights.len()) * frames <= x.len()));
    assert_eq!(output.len(), rows.len() * frames);
    // SAFETY: the level was found on this machine; the kernel asks for nothing else.
    unsafe { Level::best().run(Combine { rows, x, frames, output }) }
}

struct Combine<'a, S, T> {
    rows: &'a [Row<f64>],
    x: &'a [S],
    frames: usize,
    output: &'a mut [T],
}

impl<S: Real, T: Real> Kernel<f64> for Combine<'_, S, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { rows, x, frames, output } = self;
        let mut sums = [0.0f64; BLOCK];
        for begin in (0..frames).step_by(BLOCK) {
            let count = BLOCK.min(frames - begin);
            for r in 0..rows.len() {
                let row = &rows[r];
                sums.fill(0.0);
                for k in 0..row.weights.len() {
                    let weight = row.weights[k];
                    let from = &x[(row.first + k) * frames + begin..][..count];
                    for i in 0..count {
                        sums[i] += weight * from[i].to_f64();
                    }
                }
                let to = &mut output[r * frames + begin..][..count];
                for i in 0..count {
                    to[i] = T::of(sums[i]);
                }
            }
        }
    }
}
