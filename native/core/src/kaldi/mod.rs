//! Kaldi's features: `compute-fbank-feats`, `compute-mfcc-feats` and `compute-spectrogram-feats`, as
//! torchaudio.compliance.kaldi and kaldi-native-fbank compute them, one-shot and streaming, and what Kaldi does to
//! feature matrices afterwards: deltas, mean and variance normalisation, stacking.
//!
//! The order of one frame: dither, removal of the mean, raw energy, pre-emphasis, window, zero padding, power spectrum,
//! triangles linear in mel, logarithm. Frames are prepared in double precision whatever the result's precision: that
//! costs little and keeps low-energy cells close to the float64 truth.

pub mod batch;
mod dither;
mod extract;
mod float32;
mod frames;
mod mel;
mod online;
mod options;
mod tables;

pub use extract::{Extractor, Workspace};
pub use frames::{Stretch, first_sample, num_frames, num_frames_streaming};
pub use mel::{MelBank, MelRow};
pub use online::Online;
pub use options::{Features, MelNorm, MelOptions, Options, Window};

/// The floor under every energy before its logarithm: float32's machine epsilon, 2^-23.
pub const EPSILON: f64 = f32::EPSILON as f64;

/// Samples may come in single or double precision; arithmetic starts from the double.
pub trait Sample: Copy + Send + Sync + 'static {
    fn to_f64(self) -> f64;
}

impl Sample for f32 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Sample for f64 {
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
}

/// Features come out in single or double precision.
pub trait Output: Copy + Default + Send + Sync + 'static {
    /// Whether the full double-precision path must be taken for every frame.
    const DOUBLE: bool;
    fn from_f64(value: f64) -> Self;
    fn from_f32(value: f32) -> Self;
    fn to_f64(self) -> f64;
}

impl Output for f32 {
    const DOUBLE: bool = false;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn from_f32(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Output for f64 {
    const DOUBLE: bool = true;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn from_f32(value: f32) -> Self {
        f64::from(value)
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
}

/// Refuses NaN and infinity, naming the first offending index.
pub fn check_finite<S: Sample>(signal: &[S]) -> crate::Result<()> {
    // x * 0 is 0 for finite x and NaN otherwise; sixteen sums side by side let the compiler use vectors.
    let mut sums = [0.0f64; 16];
    let mut chunks = signal.chunks_exact(16);
    for chunk in &mut chunks {
        for (sum, x) in sums.iter_mut().zip(chunk) {
            *sum += x.to_f64() * 0.0;
        }
    }
    let rest: f64 = chunks.remainder().iter().map(|x| x.to_f64() * 0.0).sum();
    if rest + sums.iter().sum::<f64>() == 0.0 {
        return Ok(());
    }
    let index = signal.iter().position(|x| !x.to_f64().is_finite()).unwrap_or(0);
    Err(crate::Error::not_finite("signal", index, signal[index].to_f64()))
}
