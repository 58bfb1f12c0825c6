//! Frames side by side in lanes: power spectrum, filters, and the logarithm if it is requested. A frame's bits do not
//! depend on its lane nor on its neighbours.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::bank::{Bank, Row};
use super::single::Single;
use super::whisper_log::{DOUBLE, short_ln, whisper_log};
use crate::fft::lanes::LaneBuffer;
use crate::number::Number;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::Stft;
use crate::stft::engine::Engine;
use crate::stft::signal::Signal;
use crate::{Error, Result};
use std::ops::Range;
use std::sync::Arc;

pub const LANES: usize = <f64 as Real>::LANES;

/// What becomes of a filter's energy `e`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finish {
    /// Nothing.
    Energy,
    /// Whisper's `(log10(max(e, 1e-10)) + 4) / 4`.
    Whisper,
    /// `ln(max(e, floor) + add)`.
    Log { floor: f64, add: f64 },
}

/// A planned way from samples to mel energies, with its buffers. Clones share the tables.
#[derive(Clone)]
pub struct Frames {
    pub stft: Stft,
    bank: Arc<Bank>,
    exponent: f64,
    finish: Finish,
    offsets: Arc<[f64]>,
    engine: Engine,
    power: LaneBuffer<f64>,
    single: Option<Box<Single>>,
}

impl Frames {
    pub fn new(stft: Stft, bank: Bank, exponent: f64, finish: Finish) -> Result<Self> {
        if !(exponent > 0.0 && exponent.is_finite()) {
            return Err(Error::argument("power", "above 0", exponent));
        }
        if bank.bins() != stft.bins() {
            return Err(Error::argument("nFft", "the same for the transform and the bank", 2 * (bank.bins() - 1)));
        }
        let n = stft.window().len();
        Ok(Self {
            engine: Engine::new(n)?,
            power: LaneBuffer::new(bank.bins()),
            single: None,
            stft,
            bank: Arc::new(bank),
            exponent,
            finish,
            offsets: [].into(),
        })
    }

    /// Whisper's frames in single precision, but for those that it cannot do.
    pub fn in_single(mut self) -> Result<Self> {
        self.single = Some(Box::new(Single::new(&self.stft, &self.bank)?));
        Ok(self)
    }

    /// See [`Frames::set_offsets`].
    pub fn offsets(&self) -> &[f64] {
        &self.offsets
    }

    /// Sets what is subtracted from each filter's value before it is rounded; nothing where this is empty.
    pub fn set_offsets(&mut self, offsets: Arc<[f64]>) {
        assert!(offsets.is_empty() || offsets.len() == self.mels());
        self.offsets = offsets;
    }

    /// The filters.
    pub fn bank(&self) -> &Bank {
        &self.bank
    }

    /// Rows of a result.
    pub fn mels(&self) -> usize {
        self.bank.rows.len()
    }

    /// Writes frames `range` of a signal to the first columns of a tile, `[mels, width]`, and returns their largest value.
    pub fn tile<T: Real, O: Real>(
        &mut self,
        signal: &Signal<T>,
        range: Range<usize>,
        tile: &mut [O],
        width: usize,
    ) -> f64 {
        if let Some(mut single) = self.single.take() {
            let peak = single.tile(&self.stft, signal, range.clone(), tile, width);
            self.repair(signal, range.start, &single.weak(peak), tile, width);
            self.single = Some(single);
            return peak;
        }
        self.tile_in_double(signal, range, tile, width)
    }

    /// Computes the columns `weak` of a tile whose first frame is `first` again, in double precision.
    fn repair<T: Real, O: Real>(
        &mut self,
        signal: &Signal<T>,
        first: usize,
        weak: &[usize],
        tile: &mut [O],
        width: usize,
    ) {
        let mut columns = Vec::new();
        for weak in weak.chunks(LANES) {
            let mut starts = [0; LANES];
            // Lanes without a frame get one of the others: a full group is gathered faster.
            for l in 0..LANES {
                starts[l] = self.stft.start(first + weak[l.min(weak.len() - 1)]);
            }
            self.engine.load_each(signal, &starts, self.stft.window());
            columns.resize(self.mels() * LANES, O::default());
            let mut peak = f64::NEG_INFINITY; // the tile's is near enough
            self.finish(LANES, &mut peak, &mut columns, LANES);
            for (row, tile) in columns.chunks_exact(LANES).zip(tile.chunks_mut(width)) {
                weak.iter().zip(row).for_each(|(column, value)| tile[*column] = *value);
            }
        }
    }

    fn tile_in_double<T: Real, O: Real>(
        &mut self,
        signal: &Signal<T>,
        range: Range<usize>,
        tile: &mut [O],
        width: usize,
    ) -> f64 {
        let mut peak = f64::NEG_INFINITY;
        for first in range.clone().step_by(LANES) {
            let count = LANES.min(range.end - first);
            let start = self.stft.start(first);
            self.engine.load(signal, start, self.stft.hop(), count, self.stft.window());
            self.finish(count, &mut peak, &mut tile[first - range.start..], width);
        }
        peak
    }

    /// Transforms the frames that the engine has loaded and writes them to the first `count` columns of `tile`.
    fn finish<O: Real>(&mut self, count: usize, peak: &mut f64, tile: &mut [O], width: usize) {
        self.engine.power(&mut self.power);
        let Self { bank, exponent, finish, offsets, power, .. } = self;
        let group = Group { bank, exponent: *exponent, finish: *finish, offsets, power, count, peak, tile, width };
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { Level::best().run(group) }
    }
}

/// A row of lanes on its own cache line.
#[repr(align(64))]
struct Row64([f64; LANES]);

struct Group<'a, T> {
    bank: &'a Bank,
    exponent: f64,
    finish: Finish,
    offsets: &'a [f64],
    power: &'a mut [f64],
    count: usize,
    peak: &'a mut f64,
    /// From the group's first column on.
    tile: &'a mut [T],
    width: usize,
}

impl<T: Real> Kernel<f64> for Group<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { bank, exponent, finish, offsets, power, count, peak, tile, width } = self;
        if exponent == 1.0 {
            for i in 0..power.len() {
                power[i] = power[i].root();
            }
        } else if exponent != 2.0 {
            for i in 0..power.len() {
                power[i] = power[i].powf(0.5 * exponent);
            }
        }
        let rows = &bank.rows[..];
        // Hidden from the compiler so that the coefficients are loaded from memory: WebAssembly engines build each constant vector again
        // wherever it is used, in four instructions.
        let polynomial = std::hint::black_box(&DOUBLE);
        // Rounded to `f32`, a short logarithm is as good as a full one.
        let short = finish != Finish::Energy && T::LANES == <f32 as Real>::LANES;
        let mut peaks = [f64::NEG_INFINITY; LANES];
        let mut row = Row64([0.0; LANES]);
        for m in 0..rows.len() {
            // SAFETY: `power` has a row for every bin of the bank, and `row` holds one.
            unsafe {
                let finish = if short { finish } else { Finish::Energy };
                energy::<V>(&rows[m], power, &mut row.0, finish, polynomial)
            };
            if finish == Finish::Whisper && !short {
                // The logarithm to base ten over four.
                const SCALE: f64 = 0.25 / std::f64::consts::LN_10;
                for l in 0..LANES {
                    row.0[l] = row.0[l].greater(super::whisper_log::FLOOR).logarithm() * SCALE + 1.0;
                }
            }
            if let (Finish::Log { floor, add }, false) = (finish, short) {
                for l in 0..LANES {
                    row.0[l] = (row.0[l].greater(floor) + add).logarithm();
                }
            }
            let offset = if offsets.is_empty() { 0.0 } else { offsets[m] };
            let mut rounded = [T::default(); LANES];
            for l in 0..LANES {
                peaks[l] = peaks[l].greater(row.0[l]);
                rounded[l] = T::of(row.0[l] - offset);
            }
            // Value by value: in WebAssembly, a copy whose length is not known is a call.
            let to = &mut tile[m * width..][..count];
            if let Some(to) = to.first_chunk_mut::<LANES>() {
                #[allow(clippy::manual_memcpy)]
                for l in 0..LANES {
                    to[l] = rounded[l];
                }
            } else {
                #[allow(clippy::manual_memcpy)]
                for l in 0..to.len() {
                    to[l] = rounded[l];
                }
            }
        }
        for l in 0..count {
            *peak = peak.greater(peaks[l]);
        }
    }
}

/// A filter's energy, the weighted sum of its run of rows, or what becomes of that by a short logarithm.
///
/// # Safety
/// The processor has the instruction set of `V`; `power` holds a row for every bin of the filter, and `out` is a row.
#[inline(always)]
unsafe fn energy<V: Simd<Elem = f64>>(
    filter: &Row<f64>,
    power: &[f64],
    out: &mut [f64],
    finish: Finish,
    polynomial: &[f64; 11],
) {
    let weights = &filter.weights[..];
    let run = &power[filter.first * LANES..(filter.first + weights.len()) * LANES];
    // Sums side by side keep the processor busy: the parts of a row, or where a vector is half a row or all of it, several per part.
    let (parts, chains) = (LANES / V::WIDTH, if V::WIDTH < LANES / 2 { 1 } else { 4 });
    // SAFETY: `run` holds a row a weight, and a row has `parts` vectors.
    unsafe {
        let mut sums = [[V::splat(0.0); 4]; LANES];
        let whole = weights.len() - weights.len() % chains;
        for k in (0..whole).step_by(chains) {
            for i in 0..chains {
                let (weight, row) = (V::splat(weights[k + i]), run.as_ptr().add((k + i) * LANES));
                for p in 0..parts {
                    sums[p][i] = V::load(row.add(p * V::WIDTH)).mul_add(weight, sums[p][i]);
                }
            }
        }
        for k in whole..weights.len() {
            let (weight, row) = (V::splat(weights[k]), run.as_ptr().add(k * LANES));
            for p in 0..parts {
                sums[p][0] = V::load(row.add(p * V::WIDTH)).mul_add(weight, sums[p][0]);
            }
        }
        for p in 0..parts {
            let [a, b, c, d] = sums[p];
            let sum = if chains == 1 { a } else { (a + b) + (c + d) };
            let sum = match finish {
                Finish::Energy => sum,
                Finish::Whisper => whisper_log(sum, polynomial),
                Finish::Log { floor, add } => short_ln(sum.greater(V::splat(floor)) + V::splat(add), polynomial),
            };
            sum.store(out.as_mut_ptr().add(p * V::WIDTH));
        }
    }
}
