//! The convolution as a product of matrices: folded frames times half filters.
//!
//! Symmetric filters see the two samples at equal distance from a frame's centre only in their sum, antisymmetric ones in
//! their difference. So a frame is folded once, `x[c + j] + x[c - j]` and `x[c + j] - x[c - j]`, and every filter needs half
//! of its taps. Filters are lanes of a vector, and a tile keeps the sums of some frames and a row of filters in registers.
//! Every output is summed in one order wherever it lies in a block, so streams have the bits of the whole: from the small taps
//! at the edge to the large ones at the centre, in runs whose sums are added, which keeps rounding small.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::Filters;
use crate::fft::lanes::scatter;
use crate::number::Number;
use crate::simd::{Kernel, Level, Real, Simd};
use std::sync::Arc;

/// Frames that are folded at a time: with a panel of filters they stay in the first cache.
const BLOCK: usize = 16;

/// Taps in a run of a sum.
const RUN: usize = 32;

/// Half filters in panels of a row of lanes each: `[panels, taps, LANES]`, zeros for the filters that fill the last one.
struct Tables<T> {
    filters: usize,
    kernel_size: usize,
    stride: usize,
    /// The taps up to the centre, which comes last.
    even: Vec<T>,
    /// The taps of the partners before the centre; empty without pairs.
    odd: Vec<T>,
}

/// Filters as a convolution takes them, and buffers.
#[derive(Clone)]
pub struct Convolver<T> {
    tables: Arc<Tables<T>>,
    level: Level,
    /// Folded frames, `[BLOCK, taps]`.
    sums: Vec<T>,
    differences: Vec<T>,
    /// Results of one panel, `[BLOCK, LANES]`.
    rows: Vec<T>,
}

impl<T: Number> Convolver<T> {
    pub fn new(filters: &Filters, stride: usize, pairs: bool) -> Self {
        let half = filters.kernel_size / 2;
        let even = panels(&filters.real, filters.kernel_size, half + 1);
        let odd = if pairs { panels(&filters.partner, filters.kernel_size, half) } else { Vec::new() };
        let zeros = |taps: usize| vec![T::zero(); BLOCK * taps];
        Self {
            sums: zeros(half + 1),
            differences: zeros(if pairs { half } else { 0 }),
            rows: zeros(T::LANES),
            level: Level::best(),
            tables: Arc::new(Tables { filters: filters.count(), kernel_size: filters.kernel_size, stride, even, odd }),
        }
    }

    /// For tests of every instruction set.
    #[cfg(test)]
    pub fn set_level(&mut self, level: Level) {
        self.level = level;
    }

    /// Filters, or pairs of them.
    pub fn filters(&self) -> usize {
        self.tables.filters
    }

    /// Filters `count` frames from the first sample of `y` on. `out` gets a row per filter, `stride` values apart: the
    /// values, or with pairs the energies.
    pub fn run<S: Real>(&mut self, y: &[S], count: usize, stride: usize, out: &mut [T]) {
        let tables = Arc::clone(&self.tables);
        assert!(count <= stride && y.len() >= (count - 1) * tables.stride + tables.kernel_size);
        for first in (0..count).step_by(BLOCK) {
            let frames = BLOCK.min(count - first);
            let fold = Fold {
                tables: &tables,
                y: &y[first * tables.stride..],
                frames,
                sums: &mut self.sums,
                differences: &mut self.differences,
            };
            // SAFETY: the level was found on this machine; the length of `y` is checked just above.
            unsafe { self.level.run(fold) };
            for panel in 0..tables.filters.div_ceil(T::LANES) {
                let tile = Panel {
                    tables: &tables,
                    panel,
                    frames,
                    sums: &self.sums,
                    differences: &self.differences,
                    rows: &mut self.rows,
                };
                // SAFETY: the level was found on this machine, and the buffers were made for these tables.
                unsafe { self.level.run(tile) };
                let filter = panel * T::LANES;
                let lanes = T::LANES.min(tables.filters - filter);
                scatter(&self.rows[..frames * T::LANES], &mut out[filter * stride + first..], stride, lanes, frames);
            }
        }
    }

    /// `ln(energy + floor)` of finite energies.
    pub fn logarithms(&self, floor: T, energies: &mut [T]) {
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { self.level.run(Logarithms { floor, energies }) }
    }
}

/// The first `taps` taps of every filter.
fn panels<T: Number>(filters: &[f64], kernel_size: usize, taps: usize) -> Vec<T> {
    let count = filters.len() / kernel_size;
    let mut table = vec![T::zero(); count.div_ceil(T::LANES) * taps * T::LANES];
    for (filter, values) in filters.chunks_exact(kernel_size).enumerate() {
        let (panel, lane) = (filter / T::LANES, filter % T::LANES);
        for (tap, value) in values[..taps].iter().enumerate() {
            table[(panel * taps + tap) * T::LANES + lane] = T::of(*value);
        }
    }
    table
}

struct Fold<'a, S, T> {
    tables: &'a Tables<T>,
    y: &'a [S],
    frames: usize,
    sums: &'a mut [T],
    differences: &'a mut [T],
}

impl<S: Real, T: Number> Kernel<T> for Fold<'_, S, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { tables, y, frames, sums, differences } = self;
        let half = tables.kernel_size / 2;
        let of = |sample: S| T::of(sample.to_f64());
        for frame in 0..frames {
            let x = &y[frame * tables.stride..][..tables.kernel_size];
            let (left, right) = (&x[..half], &x[half + 1..][..half]);
            let sums = &mut sums[frame * (half + 1)..][..half + 1];
            sums[half] = of(x[half]);
            let sums = &mut sums[..half];
            for j in 0..half {
                sums[j] = of(left[j]) + of(right[half - 1 - j]);
            }
            if !tables.odd.is_empty() {
                let differences = &mut differences[frame * half..][..half];
                for j in 0..half {
                    differences[j] = of(left[j]) - of(right[half - 1 - j]);
                }
            }
        }
    }
}

struct Panel<'a, T> {
    tables: &'a Tables<T>,
    panel: usize,
    frames: usize,
    sums: &'a [T],
    differences: &'a [T],
    rows: &'a mut [T],
}

impl<T: Number> Kernel<T> for Panel<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(mut self) {
        // Eight sums hide the latency of the additions.
        // SAFETY: the caller's promise; the number of vectors is that of a row of lanes.
        unsafe {
            match T::LANES / V::WIDTH {
                1 => self.tiles::<V, 1, 8>(),
                2 => self.tiles::<V, 2, 4>(),
                _ => self.tiles::<V, 4, 2>(),
            }
        }
    }
}

impl<T: Number> Panel<'_, T> {
    #[inline(always)]
    unsafe fn tiles<V: Simd<Elem = T>, const VECTORS: usize, const FRAMES: usize>(&mut self) {
        let half = self.tables.kernel_size / 2;
        let pairs = !self.tables.odd.is_empty();
        // A last tile that is not full works on frames of an earlier block, whose results nobody reads.
        for first in (0..self.frames).step_by(FRAMES) {
            // SAFETY: `BLOCK` is a multiple of `FRAMES`, so every tile lies within the buffers; a panel within the tables.
            unsafe {
                let even = self.tables.even.as_ptr().add(self.panel * (half + 1) * T::LANES);
                let sums = self.sums.as_ptr().add(first * (half + 1));
                let mut values = product::<V, VECTORS, FRAMES>(even, sums, half + 1);
                if pairs {
                    let odd = self.tables.odd.as_ptr().add(self.panel * half * T::LANES);
                    let differences = self.differences.as_ptr().add(first * half);
                    let partners = product::<V, VECTORS, FRAMES>(odd, differences, half);
                    for frame in 0..FRAMES {
                        for v in 0..VECTORS {
                            let (a, b) = (values[frame][v], partners[frame][v]);
                            values[frame][v] = a.mul_add(a, b * b);
                        }
                    }
                }
                for frame in 0..FRAMES {
                    for v in 0..VECTORS {
                        values[frame][v].store(self.rows.as_mut_ptr().add((first + frame) * T::LANES + v * V::WIDTH));
                    }
                }
            }
        }
    }
}

/// `FRAMES` folded frames times one panel.
///
/// # Safety
/// The processor has the instruction set of `V`; `panel` is readable for `taps` rows of lanes, `frames` for
/// `FRAMES * taps` values.
#[inline(always)]
unsafe fn product<V: Simd, const VECTORS: usize, const FRAMES: usize>(
    panel: *const V::Elem,
    frames: *const V::Elem,
    taps: usize,
) -> [[V; VECTORS]; FRAMES] {
    let lanes = VECTORS * V::WIDTH;
    // SAFETY: the caller's promise.
    unsafe {
        let zeros = [[V::splat(V::Elem::default()); VECTORS]; FRAMES];
        let mut sums = zeros;
        let mut first = 0;
        while first < taps {
            let end = taps.min(first + RUN);
            let mut run = zeros;
            for tap in first..end {
                let mut filters = zeros[0];
                for v in 0..VECTORS {
                    filters[v] = V::load(panel.add(tap * lanes + v * V::WIDTH));
                }
                for frame in 0..FRAMES {
                    let sample = V::splat(*frames.add(frame * taps + tap));
                    for v in 0..VECTORS {
                        run[frame][v] = sample.mul_add(filters[v], run[frame][v]);
                    }
                }
            }
            for frame in 0..FRAMES {
                for v in 0..VECTORS {
                    sums[frame][v] = sums[frame][v] + run[frame][v];
                }
            }
            first = end;
        }
        sums
    }
}

struct Logarithms<'a, T> {
    floor: T,
    energies: &'a mut [T],
}

impl<T: Number> Kernel<T> for Logarithms<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { floor, energies } = self;
        for i in 0..energies.len() {
            energies[i] = (energies[i] + floor).logarithm();
        }
    }
}
