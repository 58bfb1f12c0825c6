//! Tonal centroids: chroma on the circles of fifths, of minor thirds and of major thirds (C. Harte, M. Sandler and M. Gasser,
//! "Detecting harmonic change in musical audio", 2006).

use super::cqt::{ChromaCqtOptions, check_magnitudes, chroma_cqt};
use crate::Result;
use crate::norm::Norm;
use crate::simd::Real;
use std::f64::consts::PI;

/// Radius and turns (in 24ths of a circle for each twelfth of the octave) of the three circles.
const CIRCLES: [(f64, f64); 3] = [(1.0, 7.0 / 6.0), (1.0, 3.0 / 2.0), (0.5, 2.0 / 3.0)];

/// The centroids of channels of `samples` samples, by [`chroma_cqt`]: `[channels, 6, frames]`. On all cores with
/// `threads`; bit-identical.
pub fn tonnetz<T: Real>(y: &[T], samples: usize, options: &ChromaCqtOptions, threads: bool) -> Result<Vec<T>> {
    let chroma = chroma_cqt(y, samples, options, threads)?;
    let frames = chroma.len() / (y.len() / samples) / options.chroma.n_chroma;
    Ok(centroids(chroma, options.chroma.n_chroma, frames))
}

/// The centroids of chroma `[channels, n_chroma, frames]`: `[channels, 6, frames]`.
pub fn tonnetz_from_chroma<T: Real>(chroma: &[T], n_chroma: usize, frames: usize) -> Result<Vec<T>> {
    check_magnitudes("chroma", chroma, n_chroma, frames)?;
    Ok(centroids(chroma.to_vec(), n_chroma, frames))
}

fn centroids<T: Real>(mut chroma: Vec<T>, n_chroma: usize, frames: usize) -> Vec<T> {
    let mut output = Vec::with_capacity(chroma.len() / n_chroma * 6);
    let mut sums = vec![0f64; frames];
    for channel in chroma.chunks_exact_mut(n_chroma * frames) {
        Norm::P(1.0).columns(channel, frames);
        for (radius, turns) in CIRCLES {
            // Sines, then cosines.
            for quarter in [0.5, 0.0] {
                sums.fill(0.0);
                for (class, row) in channel.chunks_exact(frames).enumerate() {
                    let at = turns * (class as f64 * 12.0 / n_chroma as f64) - quarter;
                    let weight = radius * (PI * at).cos();
                    for (sum, x) in sums.iter_mut().zip(row) {
                        *sum += weight * x.to_f64();
                    }
                }
                output.extend(sums.iter().map(|&sum| T::of(sum)));
            }
        }
    }
    output
}
