//! The filters that change rates.
//!
//! librosa halves rates by soxr, whose response matters: filters of the same quality but another shape change the first and
//! the last frames by 2e-2. Soxr's own filters are, to 3e-7, plain sincs under a Kaiser window; the parameters below were
//! fitted to its impulse responses.

use crate::window::{Window, bessel_i0};
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

    /// The filter beside which soxr's others only prepare: half its taps, its cutoff as a part of the lower Nyquist frequency
    /// and its window's beta. Behind (or before) others soxr makes it a little longer.
    fn sharp(self, halvings: usize) -> (usize, f64, f64) {
        match (self, halvings) {
            (Self::SoxrVhq, 1) => (266, 0.955664, 18.3647),
            (Self::SoxrVhq, _) => (280, 0.955664, 19.6075),
            (Self::SoxrMq, 1) => (160, 0.957941, 10.5588),
            (Self::SoxrMq, _) => (168, 0.957941, 11.1),
            (_, 1) => (195, 0.956872, 13.1069),
            (_, 2) => (205, 0.956872, 13.7778),
            (_, 3) => (211, 0.956872, 14.1725),
            _ => (191, 0.956828, 11.2441),
        }
    }

    /// The filter of soxr's other halvings: where its window ends, and the window's beta.
    fn gentle(self, halvings: usize) -> (f64, f64) {
        match (self, halvings) {
            (Self::SoxrVhq, _) => (23.2, 17.44),
            (_, 2 | 3) => (17.2, 13.2025),
            _ => (17.2, 11.776),
        }
    }

    /// The filter that raises the rate by `factor`: soxr does that at once.
    pub(super) fn raising(self, factor: usize) -> Vec<f64> {
        let part = 1.0 / factor as f64;
        match (self, factor) {
            (Self::Polyphase, _) => low_pass(10 * factor, part, 5.0),
            (Self::SoxrHq, 4) => low_pass(387, part * 0.956872, 12.94),
            (Self::SoxrHq, 8..) => low_pass((102.85 * factor as f64) as usize, part * 0.956872, 13.8956),
            _ => {
                let (half, cutoff, beta) = self.sharp(1);
                low_pass(half * factor / 2, part * cutoff, beta)
            }
        }
    }

    /// Filters that lower the rate by `factor`, each with its own factor.
    pub(super) fn stages(self, factor: usize) -> Vec<(usize, Vec<f64>)> {
        if self == Self::Polyphase {
            return vec![(factor, low_pass(10 * factor, 1.0 / factor as f64, 5.0))];
        }
        let halvings = factor.trailing_zeros() as usize;
        let (half, cutoff, beta) = self.sharp(halvings);
        let mut stages = vec![(2, half_band(self.gentle(halvings))); halvings - 1];
        stages.push((2, low_pass(half, cutoff / 2.0, beta)));
        stages
    }
}

/// A sinc under a Kaiser window, `2 half + 1` taps with sum 1.
fn low_pass(half: usize, cutoff: f64, beta: f64) -> Vec<f64> {
    let window = Window::Kaiser { beta }.values(2 * half + 1, false);
    let mut taps: Vec<f64> =
        window.into_iter().enumerate().map(|(i, w)| w * sinc(cutoff * (i as f64 - half as f64))).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps
}

/// The same with every other tap but the middle one zero, whose window ends between two taps.
fn half_band((end, beta): (f64, f64)) -> Vec<f64> {
    let half = (end.ceil() as usize - 2) | 1;
    let weight = |k: usize| {
        let x = k as f64 / end;
        bessel_i0(beta * (1.0 - x * x).sqrt()) * sinc(0.5 * k as f64)
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

/// `sin(pi x) / (pi x)`.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) }
}
