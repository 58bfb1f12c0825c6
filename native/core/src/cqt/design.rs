//! The filters that change rates.
//!
//! librosa halves rates by soxr, whose response matters: filters of the same quality but another shape change the first and
//! the last frames by 2e-2. How soxr goes about it was measured by impulses at every position near the beginning and in the
//! middle of a signal:
//!
//! - Rates are lowered by halvings, short ("gentle") filters first, one sharp filter last. Rates are raised by one sharp
//!   filter, from a factor of 8 on by a sharp one for 2 or 4 and a gentle one for the rest.
//! - Every stage begins at time 0 with silence before it: what its filter would give before that is lost to the next stage.
//! - Sharp filters are sincs under a Kaiser window that ends half a tap beyond the last one, of any sum. The more stages, the
//!   more each one attenuates: length and beta rise with the logarithm of their number. These numbers stand within 4e-11 of
//!   soxr's own taps in its double precision (`soxr_vhq`), and as near as single precision allows in its others.
//! - The gentle halvings are half-band filters of other windows, here given within 2e-7.

use crate::window::{Window, bessel_i0};
use crate::{Error, Result};

/// What changes the rate; librosa's `res_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResType {
    SoxrVhq,
    SoxrHq,
    SoxrMq,
    SoxrLq,
    /// soxr's quick form: no filter where rates are lowered, cubic interpolation where they are raised.
    SoxrQq,
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
            "soxr_lq" => Self::SoxrLq,
            "soxr_qq" => Self::SoxrQq,
            "fft" | "scipy" => Self::Fft,
            "polyphase" => Self::Polyphase,
            _ => {
                let expected = "soxr_vhq, soxr_hq, soxr_mq, soxr_lq, soxr_qq, fft, scipy or polyphase";
                return Err(Error::argument("resType", expected, name));
            }
        })
    }

    /// How soxr's sharp filters of this quality are made.
    fn sharp(self) -> Sharp {
        match self {
            Self::SoxrVhq => {
                Sharp { cutoff: 0.95566415995, half: [265.1, 9.6], beta: [18.4334962, 0.677316681, 4.1109788e-4] }
            }
            Self::SoxrMq => {
                Sharp { cutoff: 0.9579405246, half: [157.9, 9.6], beta: [10.3627075, 0.667521593, 3.9513277e-4] }
            }
            Self::SoxrLq => {
                Sharp { cutoff: 0.83813474, half: [41.5, 2.4], beta: [10.4277491, 0.671442088, 1.4448435e-4] }
            }
            _ => Sharp { cutoff: 0.956871825, half: [193.5, 9.6], beta: [13.0400291, 0.670774813, 4.0054845e-4] },
        }
    }

    /// The half-band filter of soxr's other halvings.
    fn gentle(self, halvings: usize) -> HalfBand {
        match (self, halvings) {
            (Self::SoxrVhq, 2) => {
                HalfBand { taps: 11, end: 23.120951, beta: 16.160429, bend: [-0.11031814, 5.1591869e-3] }
            }
            (Self::SoxrVhq, _) => {
                HalfBand { taps: 12, end: 25.271842, beta: 17.805868, bend: [-0.09152434, 3.7582102e-3] }
            }
            (Self::SoxrHq, 4..) => {
                HalfBand { taps: 9, end: 18.840384, beta: 12.925835, bend: [-0.16554805, 0.010182243] }
            }
            _ => HalfBand { taps: 8, end: 16.718315, beta: 11.387005, bend: [-0.20055187, 0.013878917] },
        }
    }

    /// Half the taps for each step of the gentle filter that raises a rate that was raised by `before` before, and its beta.
    fn image(self, before: usize) -> (usize, f64) {
        match (self, before) {
            (Self::SoxrVhq, 2) => (12, 19.606326),
            (Self::SoxrVhq, _) => (9, 19.606326),
            (Self::SoxrHq, 2) => (9, 14.058660),
            (Self::SoxrHq, _) => (6, 14.058660),
            (_, 2) => (7, 11.284647),
            _ => (5, 11.284647),
        }
    }

    /// Filters that raise the rate by `factor`, each with its own factor. Their taps have the sum 1.
    pub(super) fn raising(self, factor: usize) -> Vec<(usize, Vec<f64>)> {
        match self {
            Self::Polyphase => return vec![(factor, low_pass(10 * factor, 1.0 / factor as f64, 5.0))],
            Self::SoxrQq => return vec![(factor, cubic(factor))],
            _ => (),
        }
        let sharp = self.sharp();
        let (first, stages) = match factor {
            ..8 => (factor, 1),
            8 => (2, 2),
            _ => (4, 2),
        };
        let mut filters = vec![(first, sharp.taps(stages, first))];
        if stages == 2 {
            let second = factor / first;
            let (steps, beta) = self.image(first);
            // In the middle between what shall pass and its first image.
            let cutoff = (1.0 - (1.0 - sharp.cutoff) / first as f64) / second as f64;
            filters.push((second, windowed_sinc(steps * second, cutoff, beta)));
        }
        filters
    }

    /// Filters that lower the rate by `factor`, each with its own factor.
    pub(super) fn stages(self, factor: usize) -> Vec<(usize, Vec<f64>)> {
        match self {
            Self::Polyphase => return vec![(factor, low_pass(10 * factor, 1.0 / factor as f64, 5.0))],
            // One sample of so many.
            Self::SoxrQq => return Vec::new(),
            _ => (),
        }
        let halvings = factor.trailing_zeros() as usize;
        let mut stages = vec![(2, self.gentle(halvings).values()); halvings - 1];
        stages.push((2, self.sharp().taps(halvings, 2)));
        stages
    }
}

/// How soxr's sharp filters are made.
struct Sharp {
    /// As a part of the lower Nyquist frequency.
    cutoff: f64,
    /// Half the taps at twice the lower rate, before rounding: `half[0] + half[1] x`, `x` the binary logarithm of the number
    /// of stages.
    half: [f64; 2],
    /// The window's beta, a polynomial in `x`.
    beta: [f64; 3],
}

impl Sharp {
    /// The filter of one of so many stages, which changes the rate by `factor`.
    fn taps(&self, stages: usize, factor: usize) -> Vec<f64> {
        let x = (stages as f64).log2();
        let half = ((self.half[0] + self.half[1] * x) / 2.0).ceil() as usize;
        let [b0, b1, b2] = self.beta;
        windowed_sinc(half * factor, self.cutoff / factor as f64, b0 + x * (b1 + x * b2))
    }
}

/// A half-band filter: every other tap but the middle one is zero, and the others are a sinc's under a window, which is
/// Kaiser's times `1 + bend[0] (k / 10)^2 + bend[1] (k / 10)^4`.
struct HalfBand {
    /// Of the other taps, those on one side.
    taps: usize,
    /// Where the window ends.
    end: f64,
    beta: f64,
    bend: [f64; 2],
}

impl HalfBand {
    fn values(&self) -> Vec<f64> {
        let half = 2 * self.taps - 1;
        let weight = |k: usize| {
            let (x, y) = (k as f64 / self.end, (k as f64 / 10.0).powi(2));
            bessel_i0(self.beta * (1.0 - x * x).sqrt())
                * (1.0 + y * (self.bend[0] + y * self.bend[1]))
                * sinc(0.5 * k as f64)
        };
        let sum: f64 = (1..=half).step_by(2).map(weight).sum();
        (0..=2 * half)
            .map(|i| match i.abs_diff(half) {
                0 => 0.5,
                k if k % 2 == 0 => 0.0,
                k => 0.25 * weight(k) / sum,
            })
            .collect()
    }
}

/// A sinc under a Kaiser window that ends half a tap beyond the last one, `2 half + 1` taps.
fn windowed_sinc(half: usize, cutoff: f64, beta: f64) -> Vec<f64> {
    let end = half as f64 + 0.5;
    let tap = |i: usize| {
        let k = i.abs_diff(half) as f64;
        let window = bessel_i0(beta * (1.0 - (k / end).powi(2)).sqrt()) / bessel_i0(beta);
        cutoff * sinc(cutoff * k) * window
    };
    (0..=2 * half).map(tap).collect()
}

/// Cubic interpolation through four samples (Lagrange's), as the taps of a filter with the sum 1.
fn cubic(factor: usize) -> Vec<f64> {
    let half = 2 * factor - 1;
    let tap = |i: usize| {
        let t = i.abs_diff(half) as f64 / factor as f64;
        let value = if t < 1.0 { (1.0 - t * t) * (2.0 - t) / 2.0 } else { (1.0 - t) * (2.0 - t) * (3.0 - t) / 6.0 };
        value / factor as f64
    };
    (0..=2 * half).map(tap).collect()
}

/// A sinc under scipy's Kaiser window, `2 half + 1` taps with sum 1.
fn low_pass(half: usize, cutoff: f64, beta: f64) -> Vec<f64> {
    let window = Window::Kaiser { beta }.values(2 * half + 1, false);
    let mut taps: Vec<f64> =
        window.into_iter().enumerate().map(|(i, w)| w * sinc(cutoff * (i as f64 - half as f64))).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps
}

/// `sin(pi x) / (pi x)`.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
}
