//! The filters of any of the usual libraries.

use super::options::{FrontEndOptions, Norm, Triangles};
use crate::mel::{Row, triangle};

/// The triangles, one row each, over the bins `0 ..= fft_length / 2`.
pub fn bank(options: &FrontEndOptions) -> Vec<Row<f64>> {
    let FrontEndOptions { sample_rate, fft_length, num_bins, low_freq, high_freq, .. } = *options;
    let scale = options.mel_scale.0;
    let (low, high) = (scale.mel(low_freq), scale.mel(high_freq));
    let warp = Warp::new(options);
    let hertz: Vec<f64> = (0..num_bins + 2)
        .map(|i| warp.apply(scale.hertz(low + (high - low) * i as f64 / (num_bins + 1) as f64)))
        .collect();
    let width = sample_rate / fft_length as f64;
    let frequencies = (0..fft_length / 2 + 1).map(|k| k as f64 * width);
    let (corners, at): (Vec<f64>, Vec<f64>) = match options.triangles {
        Triangles::Hertz | Triangles::Symmetric => (hertz.clone(), frequencies.collect()),
        Triangles::Mel => (hertz.iter().map(|&f| scale.mel(f)).collect(), frequencies.map(|f| scale.mel(f)).collect()),
        Triangles::Bins => {
            let bin = |f: &f64| ((fft_length as f64 + 1.0) * f / sample_rate).floor();
            (hertz.iter().map(bin).collect(), (0..fft_length / 2 + 1).map(|k| k as f64).collect())
        }
    };
    (0..num_bins)
        .map(|m| {
            let (left, centre) = (corners[m], corners[m + 1]);
            let right = if options.triangles == Triangles::Symmetric { 2.0 * centre - left } else { corners[m + 2] };
            let weight = |&f: &f64| if f == centre { 1.0 } else { triangle(f, left, centre, right) };
            // Below the left corner and from the right one on, every weight is zero.
            let first = at.partition_point(|&f| f <= left).min(at.partition_point(|&f| f < centre));
            let end = at.partition_point(|&f| f < right).max(first);
            let mut weights: Vec<f64> = at[first..end].iter().map(weight).collect();
            let factor = match options.mel_norm {
                Norm::None => 1.0,
                Norm::Slaney => 2.0 / (hertz[m + 2] - hertz[m]),
                Norm::Sum => weights.iter().sum::<f64>().recip(),
            };
            if factor.is_finite() {
                weights.iter_mut().for_each(|w| *w *= factor);
            }
            Row::trimmed(first, &weights)
        })
        .collect()
}

/// Kaldi's piecewise linear warp with its default bends: 100 Hz, and 500 Hz below the Nyquist frequency.
struct Warp {
    low: f64,
    high: f64,
    bends: (f64, f64),
    scale: f64,
}

impl Warp {
    fn new(options: &FrontEndOptions) -> Self {
        let FrontEndOptions { low_freq: low, high_freq: high, vtln_warp: warp, sample_rate, .. } = *options;
        let bends = (100.0 * warp.max(1.0), (sample_rate / 2.0 - 500.0) * warp.min(1.0));
        Self { low, high, bends, scale: 1.0 / warp }
    }

    fn apply(&self, hertz: f64) -> f64 {
        let Self { low, high, bends: (l, h), scale } = *self;
        if scale == 1.0 || hertz < low || hertz > high {
            hertz
        } else if hertz < l {
            low + (scale * l - low) / (l - low) * (hertz - low)
        } else if hertz < h {
            scale * hertz
        } else {
            high + (high - scale * h) / (high - h) * (hertz - high)
        }
    }
}
