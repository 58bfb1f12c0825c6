//! Changes of rate by powers of two, as the transform's octaves want them.
//!
//! The filters are those of [`ResType`]; `fft` and `polyphase` are scipy's `resample` and `resample_poly`.

use super::design::ResType;
use super::halve::{Blocks, LONG, MAX_TAPS, halve};
use crate::Result;
use crate::fft::Rfft;
use crate::jobs::{for_each, in_order};
use crate::simd::{Kernel, Level, Real, Simd};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A division of the rate by `factor` (a power of two), times `gain`, to `ceil(n / factor)` samples. What it needs is made once, for all the signals that go through it.
pub(super) struct Decimation<T: Real> {
    factor: usize,
    gain: f64,
    res_type: ResType,
    stages: Vec<Stage<T>>,
}

impl<T: Real> Decimation<T> {
    pub fn new(factor: usize, gain: f64, res_type: ResType) -> Self {
        let filters = if res_type == ResType::Fft { Vec::new() } else { res_type.stages(factor) };
        let last = filters.len().saturating_sub(1);
        let stages = filters.into_iter().enumerate().map(|(i, (factor, taps))| Stage {
            factor,
            gain: if i == last { gain } else { 1.0 },
            taps,
            blocks: OnceCell::new(),
        });
        Self { factor, gain, res_type, stages: stages.collect() }
    }

    /// The signal at the lower rate.
    pub fn run(&self, x: &[T], threads: bool) -> Result<Vec<T>> {
        let Self { factor, res_type, .. } = *self;
        let length = x.len().div_ceil(factor);
        if res_type == ResType::Fft {
            return by_transform(x, length, self.gain);
        }
        // soxr rounds the number of its samples; librosa fills up with zeros.
        let computed = if res_type == ResType::Polyphase { length } else { (x.len() + factor / 2) / factor };
        if res_type == ResType::SoxrQq {
            let mut output: Vec<T> = x.iter().step_by(factor).take(computed).map(|&x| x * T::of(self.gain)).collect();
            output.resize(length, T::zero());
            return Ok(output);
        }
        let mut signal = Cow::Borrowed(x);
        for (i, stage) in self.stages.iter().enumerate() {
            // Between stages the signal goes on until it has faded out; what comes before its beginning is lost, as in soxr.
            let count = if i + 1 == self.stages.len() {
                computed
            } else {
                (signal.len() + stage.taps.len() / 2).div_ceil(stage.factor)
            };
            signal = Cow::Owned(stage.run(&signal, count, threads));
        }
        let mut output = signal.into_owned();
        output.resize(length, T::zero());
        Ok(output)
    }
}

/// One filter and a lower rate.
struct Stage<T: Real> {
    factor: usize,
    gain: f64,
    taps: Vec<f64>,
    /// The filter for long signals, once there was one.
    blocks: OnceCell<Blocks<T>>,
}

impl<T: Real> Stage<T> {
    /// `count` samples of a lower rate.
    fn run(&self, x: &[T], count: usize, threads: bool) -> Vec<T> {
        let Self { factor, gain, ref taps, ref blocks } = *self;
        // A few taps are added up faster than any transform comes.
        if factor == 2 && x.len() >= LONG && (64..=MAX_TAPS).contains(&taps.len()) {
            return halve(x, blocks.get_or_init(|| Blocks::new(gain, taps)), count, threads);
        }
        let plan = Decimator::new(factor, gain, taps);
        let mut output = vec![T::zero(); count];
        let mut parts: Vec<&mut [T]> = output.chunks_mut(BLOCK).collect();
        for_each(
            threads,
            &mut parts,
            &mut (),
            || vec![Vec::new(); factor],
            |(), phases, block, to| plan.block(x, block * BLOCK, phases, to),
        );
        output
    }
}

/// Output samples that are computed at once.
const BLOCK: usize = 2048;
/// Output vectors that are computed side by side.
const SIDE: usize = 8;

/// A filter, cut into the phases of its input.
struct Decimator<T> {
    factor: usize,
    /// For each phase `p`: the first `j`, and the taps that weigh samples `(m + j) factor + p` of the input for output `m`.
    phases: Vec<(i64, Vec<T>)>,
}

impl<T: Real> Decimator<T> {
    fn new(factor: usize, gain: f64, taps: &[f64]) -> Self {
        let (half, step) = ((taps.len() / 2) as i64, factor as i64);
        let phases = (0..step).map(|phase| {
            let first = (-half - phase).div_euclid(step) + i64::from((-half - phase).rem_euclid(step) != 0);
            let own = taps[(first * step + phase + half) as usize..].iter().step_by(factor);
            (first, own.map(|&tap| T::of(gain * tap)).collect())
        });
        Self { factor, phases: phases.collect() }
    }

    /// Outputs `first ..`. `scratch` has one vector for each phase.
    fn block(&self, x: &[T], first: usize, scratch: &mut [Vec<T>], out: &mut [T]) {
        let room = out.len().next_multiple_of(SIDE * T::LANES);
        for (phase, ((begin, taps), samples)) in self.phases.iter().zip(scratch.iter_mut()).enumerate() {
            samples.clear();
            let start = first as i64 + begin;
            samples.extend((start..start + (room + taps.len()) as i64).map(|i| {
                let at = i * self.factor as i64 + phase as i64;
                if at < 0 { T::zero() } else { x.get(at as usize).copied().unwrap_or_default() }
            }));
        }
        // SAFETY: every phase holds `room + taps` samples, and the level was found on this machine.
        unsafe { Level::best().run(Filter { phases: &self.phases, samples: scratch, room, out }) }
    }
}

struct Filter<'a, T> {
    phases: &'a [(i64, Vec<T>)],
    samples: &'a [Vec<T>],
    room: usize,
    out: &'a mut [T],
}

impl<T: Real> Kernel<T> for Filter<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let width = SIDE * V::WIDTH;
        // SIDE vectors are at most this many elements: 8 of 16.
        let mut values = [T::zero(); 128];
        for at in (0..self.room).step_by(width) {
            if at >= self.out.len() {
                break;
            }
            // SAFETY: the caller's promise; every vector begins at least one vector before the end of its phase.
            unsafe {
                let mut totals = [V::splat(T::zero()); SIDE];
                for ((_, taps), samples) in self.phases.iter().zip(self.samples) {
                    let from = samples.as_ptr().add(at);
                    // A sum of its own for each phase: long sums lose digits.
                    let mut sums = [V::splat(T::zero()); SIDE];
                    for (j, &tap) in taps.iter().enumerate() {
                        let tap = V::splat(tap);
                        for (side, sum) in sums.iter_mut().enumerate() {
                            *sum = V::load(from.add(j + side * V::WIDTH)).mul_add(tap, *sum);
                        }
                    }
                    for (total, sum) in totals.iter_mut().zip(sums) {
                        *total = *total + sum;
                    }
                }
                for (side, sum) in totals.into_iter().enumerate() {
                    sum.store(values.as_mut_ptr().add(side * V::WIDTH));
                }
            }
            let to = &mut self.out[at..];
            let count = to.len().min(width);
            to[..count].copy_from_slice(&values[..count]);
        }
    }
}

/// Multiplies the rate by `factor` (a power of two): `n * factor` samples.
pub(super) fn interpolate<T: Real>(x: &[T], factor: usize, res_type: ResType, threads: bool) -> Result<Vec<T>> {
    let length = x.len() * factor;
    if factor == 1 || x.is_empty() {
        return Ok(x.to_vec());
    }
    if res_type == ResType::Fft {
        return by_transform(x, length, 1.0);
    }
    let stages = res_type.raising(factor);
    let mut signal = Cow::Borrowed(x);
    for (i, (step, taps)) in stages.iter().enumerate() {
        // As where rates are lowered: on to where the signal has faded out, and nothing before its beginning.
        let count = if i + 1 == stages.len() { length } else { signal.len() * step + taps.len() / 2 };
        signal = Cow::Owned(raise(&signal, *step, taps, count, threads));
    }
    Ok(signal.into_owned())
}

/// `count` samples of a higher rate.
fn raise<T: Real>(x: &[T], factor: usize, taps: &[f64], count: usize, threads: bool) -> Vec<T> {
    let half = taps.len() / 2;
    // Output m is the sum of x[i] taps[m - i factor + half]: one phase of the taps, backwards.
    let phases: Vec<Vec<f64>> = (0..factor)
        .map(|phase| {
            let mut own: Vec<f64> = taps.iter().skip(phase).step_by(factor).map(|tap| tap * factor as f64).collect();
            own.reverse();
            own
        })
        .collect();
    let mut output = vec![T::zero(); count];
    in_order(
        threads,
        count.div_ceil(BLOCK),
        &mut (),
        |(), block| {
            let first = block * BLOCK;
            let sample = |m: usize| {
                let taps = &phases[(m + half) % factor];
                // The last of the phase's taps weighs x[newest].
                let newest = (m + half) / factor;
                let oldest = (newest + 1).saturating_sub(taps.len());
                let skipped = taps.len() - (newest + 1 - oldest);
                let end = (newest + 1).min(x.len()).max(oldest);
                let products = x[oldest.min(x.len())..end.min(x.len())].iter().zip(&taps[skipped..]);
                T::of(products.map(|(x, tap)| x.to_f64() * tap).sum())
            };
            (first..count.min(first + BLOCK)).map(sample).collect::<Vec<T>>()
        },
        |block, out| output[block * BLOCK..][..out.len()].copy_from_slice(&out),
    );
    output
}

/// `length` samples of the signal's whole spectrum, cut or filled up with zeros (`scipy.signal.resample`), times `gain`.
fn by_transform<T: Real>(x: &[T], length: usize, gain: f64) -> Result<Vec<T>> {
    let n = x.len();
    let samples: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
    let mut spectrum = vec![0.0; 2 * (n / 2 + 1)];
    Rfft::<f64>::new(n)?.forward(&samples, n, &mut spectrum)?;
    let common = n.min(length);
    let mut cut = vec![0.0; 2 * (length / 2 + 1)];
    let kept = 2 * (common / 2 + 1);
    cut[..kept].copy_from_slice(&spectrum[..kept]);
    if n != length && common.is_multiple_of(2) {
        // The bin at the lower Nyquist frequency stands for two of the longer spectrum.
        let factor = if length < n { 2.0 } else { 0.5 };
        cut[common] *= factor;
        cut[common + 1] *= factor;
    }
    let mut output = vec![0.0; length];
    Rfft::<f64>::new(length)?.inverse(&cut, length / 2 + 1, &mut output)?;
    let scale = gain * length as f64 / n as f64;
    Ok(output.into_iter().map(|value| T::of(value * scale)).collect())
}

#[cfg(test)]
mod tests;
