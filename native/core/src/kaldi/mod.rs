//! Kaldi's features: `compute-fbank-feats`, `compute-mfcc-feats` and `compute-spectrogram-feats`, as
//! torchaudio.compliance.kaldi and kaldi-native-fbank compute them, one-shot and streaming, and what Kaldi does to
//! feature matrices afterwards: deltas, mean and variance normalisation, stacking.
//!
//! The order of one frame: dither, removal of the mean, raw energy, pre-emphasis, window, zero padding, power spectrum,
//! triangles linear in mel, logarithm. Frames are prepared in double precision whatever the result's precision: that
//! costs little and keeps low-energy cells close to the float64 truth.

pub mod cmvn;
pub mod deltas;
mod design;
mod extract;
mod float32;
mod frames;
mod lanes;
mod mel;
mod online;
mod options;
pub mod per_feature;
mod prepare;
mod scalar;
pub mod stacking;
mod tables;
#[cfg(test)]
mod tests;

pub use extract::{Extractor, Workspace};
pub use frames::{Framing, Padding, Stretch};
pub use mel::{MelBank, MelRow};
pub use online::Online;
pub use options::{FbankOptions, Features, FrameOptions, MelNorm, MelOptions, MfccOptions, Options, Window};

/// The floor under every energy before its logarithm: float32's machine epsilon, 2^-23.
pub const EPSILON: f64 = f32::EPSILON as f64;
