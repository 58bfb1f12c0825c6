//! Means and deviations over time, and what they do to the features.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::options::{NemoOptions, Normalize};
use crate::simd::{Kernel, Level, Real, Simd};

/// Added to standard deviations.
const EPSILON: f64 = 1e-5;

/// Normalises the first `count` columns of `[rows, columns]` in place. The rows of the filters are given, less `offsets`
/// (where there are any); their repetitions are written.
pub fn normalize<T: Real>(options: &NemoOptions, offsets: &[f64], output: &mut [T], count: usize, columns: usize) {
    if count == 0 {
        return;
    }
    let filters = options.features * columns;
    for repeated in 1..options.frame_splicing {
        output.copy_within(..filters, repeated * filters);
    }
    if options.normalize == Normalize::None {
        return;
    }
    let mut all = Moments::default();
    if options.normalize == Normalize::AllFeatures {
        for row in output[..filters].chunks_exact(columns) {
            all.add(&row[..count]);
        }
    }
    for (r, row) in output.chunks_exact_mut(columns).enumerate() {
        let row = &mut row[..count];
        let (mean, std) = match (options.normalize, &options.fixed_mean, &options.fixed_std) {
            (Normalize::Fixed, Some(mean), Some(std)) => (mean[r] - offsets[r % options.features], std[r]),
            (Normalize::AllFeatures, ..) => all.statistics(options.frame_splicing),
            _ => {
                let mut own = Moments::default();
                own.add(row);
                own.statistics(1)
            }
        };
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { Level::best().run(Scale { values: row, mean, factor: 1.0 / std }) }
    }
}

/// Sums of values and of their squares. The values are differences to one of them, so that the variance loses no more to
/// cancellation than a part in 10^16 for each value.
#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    count: usize,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add<T: Real>(&mut self, values: &[T]) {
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        let [sum, squares] = unsafe { Level::best().run(Sums(values)) };
        self.count += values.len();
        self.sum += sum;
        self.squares += squares;
    }

    /// The mean and the sample standard deviation (plus epsilon) of values that count `times` times each. One value deviates
    /// by 0.
    fn statistics(&self, times: usize) -> (f64, f64) {
        let (times, count) = (times as f64, self.count as f64);
        let mean = self.sum / count;
        let squares = (self.squares - self.sum * mean).max(0.0);
        let variance = times * squares / (times * count - 1.0).max(1.0);
        (mean, variance.sqrt() + EPSILON)
    }
}

const LANES: usize = <f64 as Real>::LANES;
/// Rows of lanes at a time: additions need not wait for one another.
const ROWS: usize = 4;

struct Sums<'a, T>(&'a [T]);

impl<T: Real> Kernel<f64> for Sums<'_, T> {
    type Output = [f64; 2];

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> [f64; 2] {
        let (mut sums, mut squares) = ([[0.0; LANES]; ROWS], [[0.0; LANES]; ROWS]);
        let (groups, rest) = self.0.as_chunks::<{ ROWS * LANES }>();
        for g in 0..groups.len() {
            for i in 0..ROWS {
                for l in 0..LANES {
                    let x = groups[g][i * LANES + l].to_f64();
                    sums[i][l] += x;
                    squares[i][l] += x * x;
                }
            }
        }
        for l in 0..rest.len() {
            let x = rest[l].to_f64();
            sums[l / LANES][l % LANES] += x;
            squares[l / LANES][l % LANES] += x * x;
        }
        [sums.as_flattened().iter().sum(), squares.as_flattened().iter().sum()]
    }
}

struct Scale<'a, T> {
    values: &'a mut [T],
    mean: f64,
    factor: f64,
}

impl<T: Real> Kernel<f64> for Scale<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { values, mean, factor } = self;
        for i in 0..values.len() {
            values[i] = T::of((values[i].to_f64() - mean) * factor);
        }
    }
}
