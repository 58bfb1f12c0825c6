//! Kaldi's features: `compute-fbank-feats`, `compute-mfcc-feats` and `compute-spectrogram-feats`, as
//! torchaudio.compliance.kaldi and kaldi-native-fbank compute them, one-shot and streaming, and what Kaldi does to
//! feature matrices afterwards: deltas, mean and variance normalisation, stacking.
//!
//! The order of one frame: dither, removal of the mean, raw energy, pre-emphasis, window, zero padding, power spectrum,
//! triangles linear in mel, logarithm. Frames are prepared in double precision whatever the result's precision: that
//! costs little and keeps low-energy cells close to the float64 truth.

pub mod batch;
pub mod cmvn;
pub mod deltas;
mod dither;
mod extract;
mod float32;
mod frames;
mod lanes;
mod mel;
mod online;
mod options;
mod prepare;
mod scalar;
pub mod stacking;
mod tables;
#[cfg(test)]
mod tests;

pub use extract::{Extractor, Workspace};
pub use frames::{Stretch, first_sample, num_frames, num_frames_streaming};
pub use mel::{MelBank, MelRow};
pub use online::Online;
pub use options::{Features, MelNorm, MelOptions, Options, Window};

use crate::simd::Real;

/// The floor under every energy before its logarithm: float32's machine epsilon, 2^-23.
pub const EPSILON: f64 = f32::EPSILON as f64;

/// Refuses NaN and infinity in what is called `name`, naming the first offending index.
#[allow(clippy::needless_range_loop)] // an index keeps the loop plain enough for vectors
pub fn check_finite<S: Real>(name: &str, signal: &[S]) -> crate::Result<()> {
    // x * 0 is 0 for finite x and NaN otherwise; sixteen sums side by side let the compiler use vectors.
    let (zero, mut sums) = (S::default(), [S::default(); 16]);
    let whole = signal.len() - signal.len() % 16;
    for start in (0..whole).step_by(16) {
        let chunk = &signal[start..start + 16];
        for i in 0..16 {
            sums[i] = sums[i] + chunk[i] * zero;
        }
    }
    if sums.iter().all(|sum| *sum == zero) && signal[whole..].iter().all(|x| x.finite()) {
        return Ok(());
    }
    let index = signal.iter().position(|x| !x.finite()).unwrap_or(0);
    Err(crate::Error::not_finite(name, index, signal[index].to_f64()))
}
