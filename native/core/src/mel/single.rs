//! Whisper's frames in single precision, sixteen side by side: half the work of double precision.
//!
//! Rounding in the transform spreads a noise of about 1e-7 of a frame's amplitude over all bins, which quiet filters would
//! show. Two things keep that within bounds. Frames are differentiated first, `u[i] = v[i] - c v[i - 1]` around the circle
//! with `v` the windowed samples, as pre-emphasis does: speech has most of its power at low frequencies, and `u` has not. On
//! a circle that multiplies bin `k` by exactly `1 - c exp(-2 pi i k / n)`, which the filters' weights take back. And frames in
//! which a filter is quieter than single precision can resolve, all the same, are found and computed in double precision.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::bank::{Bank, Row};
use super::whisper_log::{FLOOR, RANGE, SINGLE, whisper_log};
use crate::Result;
use crate::fft::lanes::{LaneBuffer, LanesRfft, gather_rows};
use crate::fft::root;
use crate::simd::{Kernel, Level, Real, Simd, prefetch};
use crate::stft::Stft;
use crate::stft::signal::Signal;
use std::ops::Range;
use std::sync::Arc;

const LANES: usize = <f32 as Real>::LANES;

/// `c` is `1 - DIFFERENCE`.
const DIFFERENCE: f64 = 1.0 / 32.0;
/// A filter of one bin whose power is below this part of the mean bin's may be off by more than the promised tolerance; a
/// filter of several bins averages their noise.
const WEAK: f64 = 4e-5;
/// How far below the floor a value may be computed of which the true one is above it.
const MARGIN: f64 = 0.05;

/// The plan and the buffers. Clones share the tables.
#[derive(Clone)]
pub struct Single {
    plan: LanesRfft<f32>,
    tables: Arc<Tables>,
    segment: Vec<f64>,
    frames: LaneBuffer<f32>,
    power: LaneBuffer<f32>,
    /// The largest value of each frame's weak filters, by frame of the last tile.
    worst: Vec<f32>,
}

struct Tables {
    /// The window and what rounding it left.
    window: Vec<[f32; 2]>,
    rows: Vec<Row<f32>>,
    /// Each filter's limit, in mean powers of the frame.
    limits: Vec<f32>,
}

impl Single {
    pub fn new(stft: &Stft, bank: &Bank) -> Result<Self> {
        let n = stft.window().len();
        // The power of what differentiating multiplies bin k by.
        let gain = |k: usize| {
            let (c, cosine) = (1.0 - DIFFERENCE, root(k, n).0);
            1.0 - 2.0 * c * cosine + c * c
        };
        let rows: Vec<Row<f64>> = bank
            .rows
            .iter()
            .map(|row| {
                let weights = row.weights.iter().enumerate().map(|(i, w)| w / gain(row.first + i)).collect();
                Row { first: row.first, weights }
            })
            .collect();
        // The noise of a sum of bins grows with the root of the sum of the squared weights.
        let limit = |row: &Row<f64>| {
            let (sum, squares) = row.weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
            if sum > 0.0 { (WEAK * squares / sum) as f32 } else { 0.0 }
        };
        let tables = Tables {
            window: stft.window().iter().map(|&w| [w as f32, (w - f64::from(w as f32)) as f32]).collect(),
            limits: rows.iter().map(limit).collect(),
            rows: rows
                .iter()
                .map(|row| Row { first: row.first, weights: row.weights.iter().map(|&w| w as f32).collect() })
                .collect(),
        };
        Ok(Self {
            plan: LanesRfft::new(n)?,
            tables: Arc::new(tables),
            segment: Vec::new(),
            frames: LaneBuffer::new(n),
            power: LaneBuffer::new(stft.bins()),
            worst: Vec::new(),
        })
    }

    /// Writes frames `range` of a signal to the first columns of a tile, `[mels, width]`, and returns their largest value.
    pub fn tile<T: Real, O: Real>(
        &mut self,
        stft: &Stft,
        signal: &Signal<T>,
        range: Range<usize>,
        tile: &mut [O],
        width: usize,
    ) -> f64 {
        let mut peak = f32::NEG_INFINITY;
        self.worst.clear();
        for first in range.clone().step_by(LANES) {
            let count = LANES.min(range.end - first);
            self.load(signal, stft.start(first), stft.hop(), count);
            self.plan.power_over(&mut self.frames, &mut self.power);
            let group = Group {
                tables: &self.tables,
                power: &self.power,
                count,
                peak: &mut peak,
                worst: &mut self.worst,
                tile: &mut tile[first - range.start..],
                width,
            };
            // SAFETY: the level was found on this machine; the kernel asks for nothing else.
            unsafe { Level::best().run(group) }
        }
        f64::from(peak)
    }

    /// The frames of the last tile, whose largest value was `peak`, that single precision cannot do: values that are
    /// raised to the floor anyway do not count.
    pub fn weak(&self, peak: f64) -> Vec<usize> {
        let floor = ((peak - RANGE).max(0.25 * FLOOR.log10() + 1.0) - MARGIN) as f32;
        self.worst.iter().enumerate().filter(|(_, worst)| **worst > floor).map(|(l, _)| l).collect()
    }

    fn load<T: Real>(&mut self, signal: &Signal<T>, start: i64, hop: usize, count: usize) {
        let length = (count - 1) * hop + self.tables.window.len();
        if let Some((samples, next)) = signal.inside(start, length) {
            self.differentiate(samples, hop, count);
            prefetch(&next[..next.len().min(count * hop)]);
        } else {
            let mut segment = std::mem::take(&mut self.segment);
            segment.resize(length, 0.0);
            signal.copy(start, &mut segment);
            self.differentiate(&segment, hop, count);
            self.segment = segment;
        }
    }

    /// Puts frames side by side, windows and differentiates them: a part that stays in the first-level cache at a time.
    fn differentiate<T: Real>(&mut self, samples: &[T], hop: usize, count: usize) {
        const PART: usize = 80;
        /// Rows on their own cache lines.
        #[repr(align(64))]
        struct Rows<T>([T; PART * LANES]);

        let mut rows = Rows([T::zero(); PART * LANES]);
        let mut last = [Lane([0.0; LANES]), Lane([0.0; LANES])];
        let window = &self.tables.window[..];
        for (i, (window, frames)) in window.chunks(PART).zip(self.frames.chunks_mut(PART * LANES)).enumerate() {
            let rows = &mut rows.0[..window.len() * LANES];
            gather_rows(&samples[i * PART..], hop, count, window.len(), LANES, rows);
            // SAFETY: the level was found on this machine; slices are checked as they are taken.
            unsafe { Level::best().run(Differentiate { rows, window, last: &mut last, frames }) }
        }
        // The first difference wants the last sample, which was not known then.
        for l in 0..LANES {
            let [product, error] = [last[0].0[l], last[1].0[l]].map(f64::from);
            self.frames[l] = (f64::from(self.frames[l]) - (1.0 - DIFFERENCE) * (product + error)) as f32;
        }
    }
}

/// Windows rows and takes the difference of each to the one before. Products are exact, in two numbers each.
struct Differentiate<'a, T> {
    rows: &'a [T],
    window: &'a [[f32; 2]],
    /// The products of the row before.
    last: &'a mut [Lane; 2],
    frames: &'a mut [f32],
}

impl<T: Real> Kernel<f32> for Differentiate<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f32>>(self) {
        let Self { rows, window, last, frames } = self;
        assert!(rows.len() == window.len() * LANES && frames.len() == rows.len());
        for part in (0..LANES).step_by(V::WIDTH) {
            // SAFETY: there is a row for every value of the window, and `part` begins within a row.
            unsafe {
                let difference = V::splat(DIFFERENCE as f32);
                let mut before = [V::load(last[0].0.as_ptr().add(part)), V::load(last[1].0.as_ptr().add(part))];
                for i in 0..window.len() {
                    let at = i * LANES + part;
                    let mut row = Lane([0.0; LANES]);
                    for l in 0..V::WIDTH {
                        row.0[l] = (*rows.as_ptr().add(at + l)).to_f64() as f32;
                    }
                    let x = V::load(row.0.as_ptr());
                    let value = window.get_unchecked(i);
                    let [high, low] = [V::splat(value[0]), V::splat(value[1])];
                    let product = x * high;
                    let error = x.mul_add(low, x.product_error(high, product));
                    let coarse = before[0].mul_add(difference, product - before[0]);
                    let fine = before[1].mul_add(difference, error - before[1]);
                    (coarse + fine).store(frames.as_mut_ptr().add(at));
                    before = [product, error];
                }
                before[0].store(last[0].0.as_mut_ptr().add(part));
                before[1].store(last[1].0.as_mut_ptr().add(part));
            }
        }
    }
}

struct Group<'a, T> {
    tables: &'a Tables,
    power: &'a [f32],
    count: usize,
    peak: &'a mut f32,
    worst: &'a mut Vec<f32>,
    /// From the group's first column on.
    tile: &'a mut [T],
    width: usize,
}

/// A row of lanes on its own cache line.
#[repr(align(64))]
struct Lane([f32; LANES]);

impl<T: Real> Kernel<f32> for Group<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f32>>(self) {
        let Self { tables, power, count, peak, worst, tile, width } = self;
        let (mut peaks, mut weak) = (Lane([f32::NEG_INFINITY; LANES]), Lane([f32::NEG_INFINITY; LANES]));
        for part in (0..LANES).step_by(V::WIDTH) {
            // SAFETY: `power` has a row for every bin of the bank, and `part` begins within a row. A tile's row has room for
            // a whole group where the group is whole.
            unsafe {
                let floor = V::splat(0.25 * -10.0 + 1.0);
                let none = V::splat(f32::NEG_INFINITY);
                let (mut most, mut most_weak) = (none, none);
                let mean = mean::<V>(power, part);
                for m in 0..tables.rows.len() {
                    let energy = energy::<V>(&tables.rows[m], power, part);
                    // Half the floor, so that values just below it may still be found weak.
                    let value = whisper_log(energy.greater(V::splat(0.5 * FLOOR as f32)), &SINGLE);
                    most_weak = energy.select_less(mean * V::splat(tables.limits[m]), value, none).greater(most_weak);
                    let value = value.greater(floor);
                    most = value.greater(most);
                    let mut row = Lane([0.0; LANES]);
                    value.store(row.0.as_mut_ptr());
                    put::<T>(&row.0[..V::WIDTH], count.saturating_sub(part), &mut tile[m * width + part.min(count)..]);
                }
                most.store(peaks.0.as_mut_ptr().add(part));
                most_weak.store(weak.0.as_mut_ptr().add(part));
            }
        }
        for l in 0..count {
            *peak = if peaks.0[l] > *peak { peaks.0[l] } else { *peak };
        }
        worst.extend_from_slice(&weak.0[..count]);
    }
}

/// Writes the first `count` values, at most all.
#[inline(always)]
fn put<T: Real>(row: &[f32], count: usize, to: &mut [T]) {
    if count >= row.len() {
        let to = &mut to[..row.len()];
        for l in 0..row.len() {
            to[l] = T::of(f64::from(row[l]));
        }
    } else {
        for l in 0..count {
            to[l] = T::of(f64::from(row[l]));
        }
    }
}

/// The mean power of a bin.
///
/// # Safety
/// The processor has the instruction set of `V`; `power` holds whole rows, and `part` begins within one.
#[inline(always)]
unsafe fn mean<V: Simd<Elem = f32>>(power: &[f32], part: usize) -> V {
    let bins = power.len() / LANES;
    // SAFETY: the caller's promise.
    unsafe {
        let at = |k: usize| V::load(power.as_ptr().add(k * LANES + part));
        let mut sums = [V::splat(0.0); 4];
        let whole = bins - bins % 4;
        for k in (0..whole).step_by(4) {
            for i in 0..4 {
                sums[i] = sums[i] + at(k + i);
            }
        }
        for k in whole..bins {
            sums[0] = sums[0] + at(k);
        }
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) * V::splat(1.0 / bins as f32)
    }
}

/// A filter's energy: the weighted sum of its run of rows.
///
/// # Safety
/// As [`mean`]; `power` holds a row for every bin of the filter.
#[inline(always)]
unsafe fn energy<V: Simd<Elem = f32>>(filter: &Row<f32>, power: &[f32], part: usize) -> V {
    let weights = &filter.weights[..];
    let run = &power[filter.first * LANES..(filter.first + weights.len()) * LANES];
    // SAFETY: the caller's promise; `run` holds a row a weight.
    unsafe {
        let at = |k: usize| V::load(run.as_ptr().add(k * LANES + part));
        let mut sums = [V::splat(0.0); 2];
        let whole = weights.len() - weights.len() % 2;
        for k in (0..whole).step_by(2) {
            for i in 0..2 {
                sums[i] = at(k + i).mul_add(V::splat(weights[k + i]), sums[i]);
            }
        }
        if whole < weights.len() {
            sums[0] = at(whole).mul_add(V::splat(weights[whole]), sums[0]);
        }
        sums[0] + sums[1]
    }
}
