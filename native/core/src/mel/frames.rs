//! Frames side by side in lanes: power spectrum, filters, and the logarithm where it is asked for. A frame's bits do not
//! depend on its lane nor on its neighbours.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::bank::{Bank, Row};
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
}

/// A planned way from samples to mel energies, with its buffers. Clones share the tables.
#[derive(Clone)]
pub struct Frames {
    pub stft: Stft,
    bank: Arc<Bank>,
    exponent: f64,
    finish: Finish,
    engine: Engine,
    power: LaneBuffer<f64>,
    cells: LaneBuffer<f64>,
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
            cells: LaneBuffer::new(bank.rows.len()),
            stft,
            bank: Arc::new(bank),
            exponent,
            finish,
        })
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
        let mut peak = f64::NEG_INFINITY;
        for first in range.clone().step_by(LANES) {
            let count = LANES.min(range.end - first);
            let start = self.stft.start(first);
            self.engine.load(signal, start, self.stft.hop(), count, self.stft.window());
            self.engine.power(&mut self.power);
            let group = Group {
                bank: &self.bank,
                exponent: self.exponent,
                finish: self.finish,
                power: &mut self.power,
                cells: &mut self.cells,
                count,
                peak: &mut peak,
                tile: &mut tile[first - range.start..],
                width,
            };
            // SAFETY: the level was found on this machine; the kernel asks for nothing else.
            unsafe { Level::best().run(group) }
        }
        peak
    }
}

struct Group<'a, T> {
    bank: &'a Bank,
    exponent: f64,
    finish: Finish,
    power: &'a mut [f64],
    cells: &'a mut [f64],
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
        let Self { bank, exponent, finish, power, cells, count, peak, tile, width } = self;
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
        for m in 0..rows.len() {
            // SAFETY: `power` has a row for every bin of the bank, `cells` one for every filter.
            unsafe { energy::<V>(&rows[m], power, &mut cells[m * LANES..(m + 1) * LANES]) };
        }
        if finish == Finish::Whisper {
            // The logarithm to base ten over four.
            const SCALE: f64 = 0.25 / std::f64::consts::LN_10;
            for i in 0..cells.len() {
                cells[i] = cells[i].greater(1e-10).logarithm() * SCALE + 1.0;
            }
        }
        let mut peaks = [f64::NEG_INFINITY; LANES];
        for m in 0..rows.len() {
            let row: &[f64; LANES] = cells[m * LANES..(m + 1) * LANES].try_into().expect("a row of lanes");
            let mut rounded = [T::default(); LANES];
            for l in 0..LANES {
                peaks[l] = peaks[l].greater(row[l]);
                rounded[l] = T::of(row[l]);
            }
            let to = &mut tile[m * width..];
            if count == LANES {
                to[..LANES].copy_from_slice(&rounded);
            } else {
                to[..count].copy_from_slice(&rounded[..count]);
            }
        }
        for l in 0..count {
            *peak = peak.greater(peaks[l]);
        }
    }
}

/// A filter's energy: the weighted sum of its run of rows.
///
/// # Safety
/// The processor has the instruction set of `V`; `power` holds a row for every bin of the filter.
#[inline(always)]
unsafe fn energy<V: Simd<Elem = f64>>(filter: &Row<f64>, power: &[f64], out: &mut [f64]) {
    let weights = &filter.weights[..];
    let run = &power[filter.first * LANES..(filter.first + weights.len()) * LANES];
    for part in (0..LANES).step_by(V::WIDTH) {
        // SAFETY: `run` holds a row a weight, and `part` begins within a row.
        unsafe {
            let at = run.as_ptr().add(part);
            let mut sums = [V::splat(0.0); 4];
            let whole = weights.len() - weights.len() % 4;
            for k in (0..whole).step_by(4) {
                for i in 0..4 {
                    sums[i] = V::load(at.add((k + i) * LANES)).mul_add(V::splat(weights[k + i]), sums[i]);
                }
            }
            for k in whole..weights.len() {
                sums[0] = V::load(at.add(k * LANES)).mul_add(V::splat(weights[k]), sums[0]);
            }
            ((sums[0] + sums[1]) + (sums[2] + sums[3])).store(out.as_mut_ptr().add(part));
        }
    }
}
