//! soxr's high quality (`HQ`, its default), so that features of audio it resampled can be reproduced.
//!
//! soxr chains filters, each a sinc under a Kaiser window: a sharp one that decides what passes, and, unless the rates are in
//! a simple ratio, a short one that interpolates. The numbers were fitted to its responses at 26 frequencies, for pairs of the
//! usual rates; with them a signal is soxr's within 3e-6 of its level, but for its first samples. For other rates, and for those
//! more than fourfold apart in no simple ratio, what lies near the lower Nyquist frequency differs by up to 3e-3.

use super::bessel::bessel_i0;
use super::kernel::{Kernel, PADDING};
use super::{MAX_OUTPUT, Resampler, Sample, check_rates, reduced};
use crate::{Error, Result, check_finite};
use std::borrow::Cow;
use std::f64::consts::PI;

/// The sharp filter's cutoff as a part of the lower Nyquist frequency.
const CUTOFF: f64 = 0.956871825;
/// Simple ratios have the sharp filter alone: how sharp it is, and half its length in samples of the lower rate.
const SIMPLE: [((u64, u64), f64, f64); 18] = [
    ((1, 2), 1.0, 194.5 / 2.0),
    ((2, 1), 1.0, 194.5 / 2.0),
    ((1, 3), 1.0, 290.5 / 3.0),
    ((2, 3), 1.0, 290.5 / 3.0),
    ((3, 1), 1.0, 290.5 / 3.0),
    ((3, 2), 1.0, 290.5 / 3.0),
    ((1, 4), 1.0, 388.5 / 4.0),
    ((3, 4), 1.0, 388.5 / 4.0),
    ((4, 3), 1.0, 386.5 / 4.0),
    ((4, 1), 2.0, 204.5 / 2.0),
    ((1, 5), 1.0, 482.5 / 5.0),
    ((1, 6), 2.0, 304.5 / 3.0),
    ((6, 1), 2.0, 304.5 / 3.0),
    ((1, 8), 2.0, 204.5 / 2.0),
    ((8, 1), 3.0, 210.5 / 2.0),
    ((1, 12), 2.0, 304.5 / 3.0),
    ((12, 1), 3.0, 314.5 / 3.0),
    ((24, 1), 4.0, 320.5 / 3.0),
];
/// Rates that are lowered by a ratio of terms up to this are nearer to soxr's with the sharp filter alone.
const SMALL: u64 = 24;
/// The interpolating filter's window.
const SHORT_BETA: f64 = 14.06;
/// An interpolating filter: its cutoff as a multiple of the lower Nyquist frequency and half its length in samples of the
/// lower rate; and the taps of the sharp filter on either side, at twice the lower rate.
type Interpolation = (f64, f64, f64);
/// Where a rate is raised.
const RAISING: Interpolation = (1.8178, 3.7511, 204.0);
/// Where it is lowered: lower Nyquist frequencies as a part of the input rate, that rate brought to between four and eight
/// times them, and the filters there.
const LOWERING: [(f64, Interpolation); 4] = [
    (0.17227, (2.5907, 2.0670, 202.43)),
    (0.18141, (2.4657, 2.1750, 203.04)),
    (0.22969, (1.9694, 3.2145, 203.92)),
    (0.27211, (1.8066, 3.8114, 204.0)),
];

/// Rates are lowered by way of one so many times the new one: high enough that nothing which the interpolation lets through
/// falls into the band that passes.
const BETWEEN: u64 = 4;

/// Channels of `samples` samples at another rate as `soxr.resample` gives them: `round(samples * new / orig)` values each.
pub fn soxr_hq<T: Sample>(x: &[T], samples: usize, orig: u32, new: u32) -> Result<Vec<T>> {
    check_rates(orig, new)?;
    if !x.is_empty() && (samples == 0 || !x.len().is_multiple_of(samples)) {
        return Err(Error::shape("samples", "equally long channels", format!("{} of {samples} samples", x.len())));
    }
    check_finite("samples", x, true)?;
    if orig == new || x.is_empty() {
        return Ok(x.to_vec());
    }
    let (from, to) = (u64::from(orig), u64::from(new));
    let count = scaled(samples, from, to);
    if count.saturating_mul(x.len() / samples) > MAX_OUTPUT {
        return Err(Error::argument("newFreq", format!("a rate that gives at most {MAX_OUTPUT} samples"), new));
    }
    let stages = stages::<T>(from, to, samples, count)?;
    Ok(x.chunks_exact(samples).flat_map(|channel| run(&stages, channel)).collect())
}

/// As many samples at another rate, rounded.
fn scaled(samples: usize, from: u64, to: u64) -> usize {
    (samples as f64 * to as f64 / from as f64 + 0.5) as usize
}

/// A filter and what it is given and gives.
struct Stage<T> {
    plan: Resampler<T>,
    /// Position of the first sample given.
    origin: i64,
    /// How many it gives.
    count: usize,
}

/// The stages that make `count` samples of `samples`.
fn stages<T: Sample>(from: u64, to: u64, samples: usize, count: usize) -> Result<Vec<Stage<T>>> {
    let (mut origin, mut given) = (0, samples);
    let filters = filters(from, to);
    let mut stages = Vec::with_capacity(filters.len());
    for (i, filter) in filters.iter().enumerate() {
        // What a filter gives after the signal's end reaches the next one, and, where a rate is lowered, what it gives before its
        // beginning.
        let next = filters.get(i + 1);
        let reach = next.map_or(0, |next| (filter.half.min(next.half) * filter.to as f64).ceil() as usize);
        let lead = if from > to { reach } else { 0 };
        given = if next.is_some() { scaled(given, filter.from, filter.to) } else { count };
        let outputs = lead + given + reach;
        stages.push(Stage { plan: filter.plan(lead, outputs)?, origin, count: outputs });
        origin = -(lead as i64);
    }
    Ok(stages)
}

fn run<T: Sample>(stages: &[Stage<T>], x: &[T]) -> Vec<T> {
    let mut signal = Cow::Borrowed(x);
    for Stage { plan, origin, count } in stages {
        let mut out = vec![T::default(); *count];
        plan.range(&signal, *origin, 0, &mut out);
        signal = Cow::Owned(out);
    }
    signal.into_owned()
}

/// A sinc under a Kaiser window that brings a signal to another rate.
struct Filter {
    from: u64,
    to: u64,
    /// In hertz.
    cutoff: f64,
    /// Half the window's length in seconds.
    half: f64,
    beta: f64,
}

/// The filters between two rates that differ.
fn filters(from: u64, to: u64) -> Vec<Filter> {
    let terms = reduced(from, to);
    let lower = from.min(to) as f64;
    if let Some(&(_, stages, half)) = SIMPLE.iter().find(|(simple, ..)| *simple == terms) {
        return vec![sharp(from, to, lower, stages, half)];
    }
    if to < from && terms.0 <= SMALL {
        let stages: f64 = if terms.0 < 12 { 2.0 } else { 3.0 };
        return vec![sharp(from, to, lower, stages, (193.5 + 9.6 * stages.log2()) / 2.0)];
    }
    if to > from {
        let (cutoff, half, taps) = RAISING;
        let middle = 2 * from;
        return vec![sharp(from, middle, lower, 2.0, (taps + 0.5) / 2.0), short(middle, to, lower, cutoff, half)];
    }
    let mut part = lower / 2.0 / from as f64;
    while part < 0.14 {
        part *= 2.0;
    }
    while part > 0.29 {
        part /= 2.0;
    }
    let distance = |at: f64| (at - part).abs();
    let nearest = LOWERING.iter().min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)));
    let &(at, (cutoff, half, taps)) = nearest.unwrap_or(&LOWERING[0]);
    let middle = BETWEEN * to;
    // Another ratio has the filter of the nearest one, at its own input rate.
    let short = short(from, middle, lower, cutoff * at / part, half * part / at);
    vec![short, sharp(middle, to, lower, 2.0, (taps + 0.5) / 2.0)]
}

/// The filter that decides what passes, of a chain of so many, whose half length is in samples of the lower rate.
fn sharp(from: u64, to: u64, lower: f64, stages: f64, half: f64) -> Filter {
    let x = stages.log2();
    let beta = 13.0400291 + x * (0.670774813 + x * 4.0054845e-4);
    Filter { from, to, cutoff: CUTOFF * lower / 2.0, half: half / lower, beta }
}

fn short(from: u64, to: u64, lower: f64, cutoff: f64, half: f64) -> Filter {
    Filter { from, to, cutoff: cutoff * lower / 2.0, half: half / lower, beta: SHORT_BETA }
}

impl Filter {
    /// The coefficients of so many outputs, of which the first `lead` lie before the signal's beginning.
    fn plan<T: Sample>(&self, lead: usize, outputs: usize) -> Result<Resampler<T>> {
        let (orig, new) = reduced(self.from, self.to);
        let (orig, new) = (orig as usize, new as usize);
        let from = self.from as f64;
        let taps = ((2.0 * self.half * from) as usize + 2).next_multiple_of(PADDING);
        let mut kernel = Kernel::zeros(orig, new, new.min(outputs), taps)?;
        let norm = bessel_i0(self.beta) * from / (2.0 * self.cutoff);
        for (phase, row) in kernel.coefficients.chunks_exact_mut(taps).enumerate() {
            let time = (phase as f64 - lead as f64) / self.to as f64;
            let first = ((time - self.half) * from).ceil();
            kernel.first.push(first as isize);
            for (i, coefficient) in row.iter_mut().enumerate() {
                let t = (first + i as f64) / from - time;
                if t.abs() <= self.half {
                    let angle = 2.0 * self.cutoff * t * PI;
                    let sinc = if angle == 0.0 { 1.0 } else { angle.sin() / angle };
                    let window = bessel_i0(self.beta * (1.0 - (t / self.half).powi(2)).sqrt());
                    *coefficient = T::of(sinc * window / norm);
                }
            }
        }
        Ok(Resampler { orig, new, kernel })
    }
}

#[cfg(test)]
mod tests {
    use super::soxr_hq;

    /// `soxr.resample` 1.1.0 of this signal, which has every frequency.
    #[test]
    fn is_what_soxr_gives() {
        let x: Vec<f64> = (0..1200).map(|i| f64::from(i * 7919 % 1000) / 500.0 - 1.0).collect();
        let cases = [
            (48000, 16000, 400, 200, [-0.395579934, -0.41636914, 0.58085084, 0.465689749]),
            (44100, 16000, 435, 200, [-0.249179572, -0.737015963, 0.685129106, 0.339961737]),
            (16000, 22050, 1654, 800, [-0.068237618, 1.035650015, 0.821186662, 0.441325784]),
            (24000, 16000, 800, 400, [-0.266320765, -0.320205033, -0.924510598, 0.104654908]),
        ];
        for (orig, new, count, at, expected) in cases {
            let y = soxr_hq(&x, x.len(), orig, new).expect("rates");
            assert_eq!(y.len(), count, "{orig} to {new}");
            for (i, value) in expected.iter().enumerate() {
                let off = (y[at + i] - value).abs();
                assert!(off < 6e-6, "{orig} to {new}: {off} at {i}");
            }
        }
    }

    #[test]
    fn checks_rates_and_samples() {
        assert!(soxr_hq(&[1.0], 1, 0, 8000).is_err() && soxr_hq(&[1.0], 1, 8000, 0).is_err());
        assert!(soxr_hq(&[f64::NAN], 1, 8000, 16000).is_err());
        assert!(soxr_hq(&[0.0, 0.0, 0.0], 2, 8000, 16000).is_err() && soxr_hq(&[0.0], 0, 8000, 16000).is_err());
        assert_eq!(soxr_hq::<f64>(&[], 0, 8000, 16000), Ok(vec![]));
        assert_eq!(soxr_hq(&[0.5, -0.5], 2, 8000, 8000), Ok(vec![0.5, -0.5]));
    }

    /// Both element types, and channels of which none touches another.
    #[test]
    fn resamples_every_channel_in_either_precision() {
        let x: Vec<f64> = (0..900).map(|i| f64::from(i * 7919 % 1000) / 500.0 - 1.0).collect();
        for (orig, new) in [(44100, 16000), (16000, 44100), (48000, 16000), (8000, 44100), (16000, 15999)] {
            let together = soxr_hq(&x, 300, orig, new).expect("channels");
            let single: Vec<f32> = x.iter().map(|&value| value as f32).collect();
            let single = soxr_hq(&single, 300, orig, new).expect("channels");
            assert_eq!(single.len(), together.len());
            for (a, b) in single.iter().zip(&together) {
                assert!((f64::from(*a) - b).abs() < 2e-6, "{orig} to {new}: {a}, {b}");
            }
            let apart: Vec<f64> =
                x.chunks(300).flat_map(|channel| soxr_hq(channel, 300, orig, new).expect("a channel")).collect();
            assert_eq!(together, apart);
        }
    }

    /// Ratios whose filters or whose result would not fit are refused before anything is allocated.
    #[test]
    fn refuses_ratios_that_do_not_fit() {
        let x = vec![0.5; 1000];
        for (orig, new) in [(100_000_000, 1), (1, 100_000_000), (99_999_999, 1), (100_000_000, 3)] {
            assert_eq!(soxr_hq(&x, 1000, orig, new).expect_err("too much").argument, "newFreq", "{orig} to {new}");
        }
        // Nearly equal rates take many phases, but only as many of them as are reached.
        for (orig, new) in [(100_000_000, 99_999_999), (99_999_999, 100_000_000)] {
            assert_eq!(soxr_hq(&x, 1000, orig, new).map(|y| y.len()), Ok(1000));
        }
    }
}
