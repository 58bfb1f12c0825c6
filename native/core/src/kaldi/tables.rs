//! Tables made once per extractor: windows, the cosine transform, the lifter.

use super::float32;
use super::options::Window;
use std::f64::consts::{PI, TAU};

/// The window's values. Formulas: Kaldi's `FeatureWindowFunction`, with kaldi-native-fbank's two additions.
pub fn window(kind: Window, size: usize, blackman_coeff: f64) -> Vec<f64> {
    let step = match kind {
        Window::Hann => TAU / size as f64,
        _ => TAU / (size - 1) as f64,
    };
    (0..size)
        .map(|i| {
            let angle = step * i as f64;
            match kind {
                Window::Hanning | Window::Hann => 0.5 - 0.5 * angle.cos(),
                Window::Hamming => 0.54 - 0.46 * angle.cos(),
                // The power of a tiny negative rounding error would be NaN.
                Window::Povey => (0.5 - 0.5 * angle.cos()).max(0.0).powf(0.85),
                Window::Rectangular => 1.0,
                Window::Sine => (0.5 * angle).sin(),
                Window::Blackman => blackman_coeff - 0.5 * angle.cos() + (0.5 - blackman_coeff) * (2.0 * angle).cos(),
            }
        })
        .collect()
}

/// The orthonormal type-II cosine transform with Kaldi's first row, times the lifter: row c, column m.
pub fn cepstrum(num_ceps: usize, num_mel_bins: usize, lifter: f64) -> Vec<f64> {
    let step = (PI / num_mel_bins as f64) as f32;
    let scale = (2.0 / num_mel_bins as f64).sqrt() as f32;
    let first = (1.0 / num_mel_bins as f64).sqrt() as f32;
    let mut table = Vec::with_capacity(num_ceps * num_mel_bins);
    for c in 0..num_ceps {
        let weight = lifter_weight(c, lifter);
        for m in 0..num_mel_bins {
            let value = if c == 0 { first } else { float32::cos(step * (m as f32 + 0.5) * c as f32) * scale };
            table.push(f64::from(value) * weight);
        }
    }
    table
}

fn lifter_weight(c: usize, lifter: f64) -> f64 {
    if lifter == 0.0 {
        return 1.0;
    }
    let angle = PI as f32 * c as f32 / lifter as f32;
    f64::from(1.0 + (0.5 * lifter) as f32 * float32::sin(angle))
}
