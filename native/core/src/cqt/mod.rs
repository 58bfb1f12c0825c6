//! Constant-Q and variable-Q transforms, as librosa 0.11 defines them (`librosa.cqt`, `vqt`, `pseudo_cqt`, `hybrid_cqt`,
//! `icqt`).
//!
//! After C. Schoerkhuber and A. Klapuri, "Constant-Q transform toolbox for music processing" (SMC 2010): the filters of the
//! highest octave are applied to the spectra of frames, then the rate is halved and the same is done one octave below. Spectra
//! are computed for a group of frames side by side in vector lanes, and the sparse filters work on the lanes directly, so
//! that no spectrogram is ever stored.

pub(crate) mod basis;
mod design;
mod frequencies;
mod halve;
mod inverse;
pub(crate) mod plan;
mod pseudo;
mod resample;
pub(crate) mod signal;
pub(crate) mod spectra;
#[cfg(test)]
mod tests;
mod transform;
mod wavelet;

pub use design::ResType;
pub use frequencies::{Intervals, bandwidth, relative_bandwidth};
pub use inverse::icqt;
pub use pseudo::{hybrid_cqt, pseudo_cqt};
pub use transform::{cqt, vqt};
pub use wavelet::{WaveletOptions, Wavelets};

pub(crate) use plan::tuned;
pub(crate) use transform::{for_magnitudes, share};

use crate::norm::Norm;
use crate::simd::Real;
use crate::stft::PadMode;
use crate::window::Window;
use crate::{Error, Result, check_finite};

/// The most elements that a result may have.
pub(crate) const LARGEST: usize = 1 << 31;

/// The note C1 in hertz, from which librosa counts where no lowest frequency is given.
pub const C1: f64 = 32.70319566257483;

/// What determines a transform, librosa's names.
#[derive(Debug, Clone, PartialEq)]
pub struct CqtOptions {
    /// Samples a second.
    pub sr: f64,
    /// Samples between frames.
    pub hop_length: usize,
    /// The lowest frequency, in hertz, before tuning.
    pub fmin: f64,
    pub n_bins: usize,
    /// How an octave is divided; equally, but for `vqt`.
    pub intervals: Intervals,
    /// Not read where `intervals` are ratios.
    pub bins_per_octave: usize,
    /// Bandwidth added to each filter's, in hertz; nothing for the ear's. Zero, but for `vqt`.
    pub gamma: Option<f64>,
    /// Deviation from A440 in parts of a bin; nothing to estimate it from the signal.
    pub tuning: Option<f64>,
    pub filter_scale: f64,
    /// Of the filters.
    pub norm: Norm,
    /// The part of each filter's magnitudes that is dropped.
    pub sparsity: f64,
    pub window: Window,
    /// Whether responses are divided by the square root of their filters' lengths.
    pub scale: bool,
    pub pad_mode: PadMode,
    pub res_type: ResType,
}

/// Checks a signal in channels and gives their number.
pub(crate) fn check_signal<T: Real>(y: &[T], samples: usize, threads: bool) -> Result<usize> {
    if samples == 0 || y.is_empty() || !y.len().is_multiple_of(samples) {
        return Err(Error::shape("y", "at least one sample in every channel", y.len()));
    }
    check_finite("y", y, threads)?;
    Ok(y.len() / samples)
}

/// Checks that a result of so many values can be.
pub(crate) fn check_size(sizes: &[usize]) -> Result<usize> {
    let size = sizes.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
    match size {
        Some(size) if size <= LARGEST => Ok(size),
        _ => Err(Error::argument(
            "hopLength",
            format!("large enough for a result of at most {LARGEST} elements"),
            format!("{sizes:?}"),
        )),
    }
}
