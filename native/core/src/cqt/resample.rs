//! Changes of rate by powers of two, as the transform's octaves want them.
//!
//! librosa halves rates by soxr, whose response matters: filters of the same quality but another shape change the first and
//! the last frames by 2e-2. Soxr's own filters are, to 3e-7, plain sincs under a Kaiser window; their parameters below were
//! fitted to its impulse responses. `fft` and `polyphase` are scipy's `resample` and `resample_poly`.

use super::jobs::in_order;
use crate::fft::Rfft;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::window::Window;
use crate::{Error, Result};

/// What changes the rate; librosa's `res_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResType {
    SoxrVhq,
    SoxrHq,
    SoxrMq,
    /// Whole signals at once: a Fourier transform, cut.
    Fft,
    /// A short Kaiser-windowed sinc.
    Polyphase,
}

impl ResType {
    /// Finds a method by librosa's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "soxr_vhq" => Self::SoxrVhq,
            "soxr_hq" => Self::SoxrHq,
            "soxr_mq" => Self::SoxrMq,
            "fft" | "scipy" => Self::Fft,
            "polyphase" => Self::Polyphase,
            _ => {
                let expected = "soxr_vhq, soxr_hq, soxr_mq, fft, scipy or polyphase";
                return Err(Error::argument("resType", expected, name));
            }
        })
    }

    /// Half the number of taps, the cutoff as a part of the lower Nyquist frequency, and the window's beta.
    fn design(self, factor: usize, up: bool) -> (usize, f64, f64) {
        // Beyond a few octaves soxr's filters only get longer.
        let stretched = |at: f64| (at * factor as f64) as usize;
        match (self, factor, up) {
            (Self::SoxrHq, 2, _) => (195, 0.956872, 13.1069),
            (Self::SoxrHq, 4, false) => (411, 0.956872, 13.845),
            (Self::SoxrHq, 8, false) => (840, 0.956872, 14.0376),
            (Self::SoxrHq, _, false) => (stretched(108.25), 0.956872, 14.6514),
            (Self::SoxrHq, 4, true) => (387, 0.956872, 12.94),
            (Self::SoxrHq, _, true) => (stretched(102.85), 0.956872, 13.8956),
            (Self::SoxrVhq, 2, _) => (266, 0.955664, 18.3647),
            (Self::SoxrVhq, ..) => (stretched(139.25), 0.955664, 19.3877),
            (Self::SoxrMq, 2, _) => (160, 0.957941, 10.5588),
            (Self::SoxrMq, ..) => (stretched(78.0), 0.957941, 9.47),
            (Self::Polyphase | Self::Fft, ..) => (10 * factor, 1.0, 5.0),
        }
    }

    /// The low-pass filter, an odd number of taps, with sum 1.
    pub(super) fn taps(self, factor: usize, up: bool) -> Vec<f64> {
        let (half, cutoff, beta) = self.design(factor, up);
        let cutoff = cutoff / factor as f64;
        let window = Window::Kaiser { beta }.values(2 * half + 1, false);
        let mut taps: Vec<f64> =
            window.into_iter().enumerate().map(|(i, w)| w * cutoff * sinc(cutoff * (i as f64 - half as f64))).collect();
        // soxr's sums differ from 1 by less than 1e-6; scipy's are 1.
        let sum: f64 = taps.iter().sum();
        taps.iter_mut().for_each(|tap| *tap /= sum);
        taps
    }
}

/// `sin(pi x) / (pi x)`.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
}

/// Divides the rate by `factor` (a power of two), times `gain`: `ceil(n / factor)` samples.
pub(super) fn decimate<T: Real>(x: &[T], factor: usize, gain: f64, res_type: ResType, threads: bool) -> Result<Vec<T>> {
    let length = x.len().div_ceil(factor);
    if res_type == ResType::Fft {
        return by_transform(x, length, gain);
    }
    // soxr rounds the number of its samples; librosa fills up with zeros.
    let computed = if res_type == ResType::Polyphase { length } else { (x.len() + factor / 2) / factor };
    let plan = Decimator::new(factor, gain, &res_type.taps(factor, false));
    let mut output = vec![T::zero(); length];
    let blocks = computed.div_ceil(BLOCK);
    in_order(
        threads,
        blocks,
        || vec![Vec::new(); factor],
        |phases, block| {
            let first = block * BLOCK;
            let mut out = vec![T::zero(); BLOCK.min(computed - first)];
            plan.block(x, first, phases, &mut out);
            out
        },
        |block, out| output[block * BLOCK..][..out.len()].copy_from_slice(&out),
    );
    Ok(output)
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
    let taps = res_type.taps(factor, true);
    let half = taps.len() / 2;
    let mut output = vec![T::zero(); length];
    in_order(
        threads,
        length.div_ceil(BLOCK),
        || (),
        |(), block| {
            let first = block * BLOCK;
            let outputs = first..length.min(first + BLOCK);
            // Output m is the sum of x[i] taps[m - i factor + half].
            let sample = |m: usize| {
                let begin = m.saturating_sub(half).div_ceil(factor);
                let end = ((m + half) / factor).min(x.len() - 1);
                let sum: f64 = (begin..=end).map(|i| x[i].to_f64() * taps[m + half - i * factor]).sum();
                T::of(factor as f64 * sum)
            };
            outputs.map(sample).collect::<Vec<T>>()
        },
        |block, out| output[block * BLOCK..][..out.len()].copy_from_slice(&out),
    );
    Ok(output)
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
mod tests {
    use super::*;

    /// The definition: a sum for every output.
    fn naive(x: &[f64], factor: usize, taps: &[f64]) -> Vec<f64> {
        let half = taps.len() as i64 / 2;
        let at = |i: i64| if i < 0 { 0.0 } else { x.get(i as usize).copied().unwrap_or(0.0) };
        (0..((x.len() + factor / 2) / factor) as i64)
            .map(|m| (-half..=half).map(|k| taps[(k + half) as usize] * at(m * factor as i64 + k)).sum())
            .collect()
    }

    #[test]
    fn decimation_is_the_sum_at_any_length() {
        for factor in [2, 4, 8] {
            let taps = ResType::SoxrHq.taps(factor, false);
            for n in [1, 2, 3, 5, 100, 391, 4097, 5000] {
                let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.7).sin() + (f64::from(i) * 0.11).cos()).collect();
                let want = naive(&x, factor, &taps);
                let got = decimate(&x, factor, 1.0, ResType::SoxrHq, false).unwrap();
                assert_eq!(got.len(), x.len().div_ceil(factor));
                assert!(want.iter().zip(&got).all(|(a, b)| (a - b).abs() < 1e-13), "{factor} {n}");
                assert!(got[want.len()..].iter().all(|v| *v == 0.0));
                assert_eq!(got, decimate(&x, factor, 1.0, ResType::SoxrHq, true).unwrap());
            }
        }
    }

    #[test]
    fn slow_signals_pass_and_fast_ones_do_not() {
        for res_type in [ResType::SoxrVhq, ResType::SoxrHq, ResType::SoxrMq, ResType::Fft] {
            let slow: Vec<f64> = (0..8000).map(|i| (f64::from(i) * 0.3).sin()).collect();
            let half = decimate(&slow, 2, 1.0, res_type, false).unwrap();
            assert!((500..3500).all(|i| (half[i] - slow[2 * i]).abs() < 1e-3), "{res_type:?}");
            let back = interpolate(&half, 2, res_type, false).unwrap();
            assert!((1000..7000).all(|i| (back[i] - slow[i]).abs() < 2e-3), "{res_type:?}");
            let fast: Vec<f64> = (0..8000).map(|i| (f64::from(i) * 2.0).sin()).collect();
            let gone = decimate(&fast, 2, 1.0, res_type, false).unwrap();
            assert!((500..3500).all(|i| gone[i].abs() < 1e-3), "{res_type:?}");
        }
        assert!(ResType::parse("kaiser_best").is_err());
    }

    #[test]
    fn interpolation_is_the_sum() {
        for factor in [2, 4] {
            let taps = ResType::SoxrHq.taps(factor, true);
            let half = taps.len() / 2;
            let x: Vec<f64> = (0..700).map(|i| (f64::from(i) * 0.7).sin()).collect();
            let got = interpolate(&x, factor, ResType::SoxrHq, true).unwrap();
            for (m, got) in got.iter().enumerate() {
                let sum: f64 = x
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| (i * factor).abs_diff(m) <= half)
                    .map(|(i, x)| x * taps[m + half - i * factor])
                    .sum();
                assert!((got - factor as f64 * sum).abs() < 1e-12, "{factor} {m}");
            }
        }
    }
}
