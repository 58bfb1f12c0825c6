//! Constant-Q and variable-Q transforms, as librosa defines them (`librosa.cqt`, `vqt`, `pseudo_cqt`, `hybrid_cqt`,
//! `icqt`).
//!
//! After C. Schoerkhuber and A. Klapuri, "Constant-Q transform toolbox for music processing" (SMC 2010): the filters of the
//! highest octave are applied to the spectra of frames, then the rate is halved and the same is done one octave below. Spectra
//! are computed for a group of frames side by side in vector lanes, and the sparse filters work on the lanes directly, so
//! that no spectrogram is ever stored.

pub(crate) mod basis;
mod design;
mod fit;
mod frequencies;
mod halve;
mod inverse;
pub(crate) mod plan;
mod pseudo;
mod resample;
#[cfg(test)]
mod tests;
mod transform;
mod wavelet;

pub use design::ResType;
pub use fit::Fit;
pub(crate) use frequencies::MAX_BINS;
pub use frequencies::{IntervalFrequencyOptions, Intervals, bandwidth, interval_frequencies, relative_bandwidth};
pub use inverse::icqt;
pub use pseudo::{hybrid_cqt, pseudo_cqt};
pub use transform::{cqt, vqt};
pub use wavelet::{
    ConstantQOptions, WaveletLengthOptions, WaveletOptions, Wavelets, constant_q, wavelet, wavelet_lengths,
};

pub(crate) use plan::tuned;
pub(crate) use pseudo::hybrid;
pub(crate) use transform::{for_magnitudes, share};

use crate::librosa::Librosa;
use crate::norm::Norm;
use crate::stft::PadMode;
use crate::window::Window;
use crate::{option_words, options};

/// The note C1 in hertz, from which librosa counts where no lowest frequency is given.
pub const C1: f64 = 32.70319566257483;

option_words!(ResType);

options! {
    /// The filters of the transforms and of their inverse.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct FilterOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        /// Samples between frames.
        pub hop_length: usize,
        /// The lowest frequency in hertz, before tuning.
        pub fmin: f64,
        /// Filters in an octave. Not read where the octave is divided by ratios.
        pub bins_per_octave: usize,
        /// Factor of the filters' lengths.
        pub filter_scale: f64,
        /// Of the filters.
        pub norm: Norm,
        /// The part of each filter's magnitudes that is dropped.
        pub sparsity: f64,
        /// The filters' window.
        pub window: Window,
        /// Whether responses are divided by the square root of their filters' lengths.
        pub scale: bool,
    }
}

options! {
    /// The options of [`pseudo_cqt`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct PseudoCqtOptions {
        pub filters: FilterOptions,
        /// Filters; none for all that fit below half of the rate.
        pub n_bins: Option<usize>,
        /// Deviation from A440 in parts of a bin; none to estimate it from the signal.
        pub tuning: Option<f64>,
        pub pad_mode: PadMode,
        pub librosa: Librosa,
    }
}

options! {
    /// The options of [`cqt`] and [`hybrid_cqt`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct CqtOptions {
        pub filters: FilterOptions,
        /// Filters; none for all that fit below half of the rate.
        pub n_bins: Option<usize>,
        /// Deviation from A440 in parts of a bin; none to estimate it from the signal.
        pub tuning: Option<f64>,
        pub pad_mode: PadMode,
        pub librosa: Librosa,
        /// What halves the rate between octaves.
        pub res_type: ResType,
    }
}

options! {
    /// The options of [`vqt`], of which the other transforms are special cases.
    #[derive(Debug, Clone, PartialEq)]
    pub struct VqtOptions {
        pub filters: FilterOptions,
        /// Filters; none for all that fit below half of the rate.
        pub n_bins: Option<usize>,
        /// Deviation from A440 in parts of a bin; none to estimate it from the signal.
        pub tuning: Option<f64>,
        pub pad_mode: PadMode,
        pub librosa: Librosa,
        /// What halves the rate between octaves.
        pub res_type: ResType,
        /// How an octave is divided.
        pub intervals: Intervals,
        /// Bandwidth added to each filter's in hertz; none for the ear's.
        pub gamma: Option<f64>,
    }
}

options! {
    /// The options of [`icqt`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct IcqtOptions {
        pub filters: FilterOptions,
        /// Deviation from A440 in parts of a bin.
        pub tuning: f64,
        /// What doubles the rate between octaves.
        pub res_type: ResType,
        /// Samples of the result; none for all that the frames cover.
        pub length: Option<usize>,
    }
}

impl FilterOptions {
    /// Filters as librosa has them by default, which chroma is folded from.
    pub fn standard(sr: f64, hop_length: usize, fmin: f64, bins_per_octave: usize) -> Self {
        Self {
            sr,
            hop_length,
            fmin,
            bins_per_octave,
            filter_scale: 1.0,
            norm: Norm::P(1.0),
            sparsity: 0.01,
            window: Window::Hann,
            scale: true,
        }
    }
}

impl From<&CqtOptions> for VqtOptions {
    fn from(options: &CqtOptions) -> Self {
        let CqtOptions { filters, n_bins, tuning, pad_mode, librosa, res_type } = *options;
        let (intervals, gamma) = (Intervals::Equal, Some(0.0));
        Self { filters, n_bins, tuning, pad_mode, librosa, res_type, intervals, gamma }
    }
}

impl From<&PseudoCqtOptions> for VqtOptions {
    fn from(options: &PseudoCqtOptions) -> Self {
        let PseudoCqtOptions { filters, n_bins, tuning, pad_mode, librosa } = *options;
        Self::from(&CqtOptions { filters, n_bins, tuning, pad_mode, librosa, res_type: ResType::SoxrHq })
    }
}
