//! What JavaScript gives, as the core takes it.

use dsp_core::chroma::{
    CensOptions, ChromaCqtOptions, ChromaFilterOptions, ChromaStftOptions, ChromaVqtOptions, CqToChromaOptions,
    CqtMode, Kernel,
};
use dsp_core::cqt::{CqtOptions, Intervals, ResType, WaveletOptions};
use dsp_core::norm::Norm;
use dsp_core::stft::PadMode;
use dsp_core::tuning::{Frames, PiptrackOptions, Reference, TuningOptions};
use dsp_core::window::Window;
use dsp_core::{Error, Result};
use napi::bindgen_prelude::{Either, Float64Array};
use napi_derive::napi;

use crate::options::count;
use crate::stft::{StftParameters, options};

/// A transform's options, all of them.
#[napi(object)]
pub struct CqtParameters {
    pub sr: f64,
    pub hop_length: f64,
    pub fmin: f64,
    pub n_bins: f64,
    /// A division's name, or ratios.
    pub intervals: Either<String, Float64Array>,
    pub bins_per_octave: f64,
    pub gamma: Option<f64>,
    pub tuning: Option<f64>,
    pub filter_scale: f64,
    pub norm: Option<f64>,
    pub sparsity: f64,
    pub window: String,
    pub window_parameter: f64,
    pub scale: bool,
    pub pad_mode: String,
    pub res_type: String,
}

impl CqtParameters {
    pub fn core(self) -> Result<CqtOptions> {
        Ok(CqtOptions {
            sr: self.sr,
            hop_length: count(self.hop_length),
            fmin: self.fmin,
            n_bins: count(self.n_bins),
            intervals: match self.intervals {
                Either::A(name) => Intervals::parse(&name)?,
                Either::B(ratios) if ratios.is_empty() => {
                    return Err(Error::argument("intervals", "at least one ratio", "none"));
                }
                Either::B(ratios) => Intervals::Ratios(ratios.to_vec()),
            },
            bins_per_octave: count(self.bins_per_octave),
            gamma: self.gamma,
            tuning: self.tuning,
            filter_scale: self.filter_scale,
            norm: Norm::parse(self.norm)?,
            sparsity: self.sparsity,
            window: Window::parse(&self.window, self.window_parameter)?,
            scale: self.scale,
            pad_mode: PadMode::parse(&self.pad_mode)?,
            res_type: ResType::parse(&self.res_type)?,
        })
    }
}

/// How a transform is folded to chroma.
#[napi(object)]
pub struct FoldParameters {
    pub cqt_mode: String,
    pub norm: Option<f64>,
    pub threshold: Option<f64>,
    pub n_chroma: f64,
    pub window: Option<Float64Array>,
    /// Rows of the window.
    pub window_rows: f64,
}

fn kernel(window: Option<Float64Array>, rows: f64) -> Option<Kernel> {
    window.map(|values| Kernel { rows: count(rows), values: values.to_vec() })
}

pub fn chroma_cqt(cqt: CqtParameters, fold: FoldParameters) -> Result<ChromaCqtOptions> {
    Ok(ChromaCqtOptions {
        cqt: cqt.core()?,
        mode: CqtMode::parse(&fold.cqt_mode)?,
        norm: Norm::parse(fold.norm)?,
        threshold: fold.threshold,
        n_chroma: count(fold.n_chroma),
        window: kernel(fold.window, fold.window_rows),
    })
}

pub fn chroma_vqt(vqt: CqtParameters, fold: FoldParameters) -> Result<ChromaVqtOptions> {
    Ok(ChromaVqtOptions { vqt: vqt.core()?, norm: Norm::parse(fold.norm)?, threshold: fold.threshold })
}

/// What comes after the folding.
#[napi(object)]
pub struct CensParameters {
    pub norm: Option<f64>,
    pub win_len_smooth: Option<f64>,
    pub smoothing_window: String,
    pub smoothing_window_parameter: f64,
}

pub fn cens(cqt: CqtParameters, fold: FoldParameters, cens: CensParameters) -> Result<CensOptions> {
    Ok(CensOptions {
        chroma: chroma_cqt(cqt, fold)?,
        norm: Norm::parse(cens.norm)?,
        win_len_smooth: cens.win_len_smooth.map(count),
        smoothing_window: Window::parse(&cens.smoothing_window, cens.smoothing_window_parameter)?,
    })
}

fn frames(stft: StftParameters) -> Result<Frames> {
    let stft = options(stft)?;
    Ok(Frames {
        n_fft: stft.n_fft,
        hop_length: stft.hop_length,
        window: stft.window,
        center: stft.center,
        pad_mode: stft.pad_mode,
    })
}

/// Chroma of a Fourier transform.
#[napi(object)]
pub struct ChromaStftParameters {
    pub sr: f64,
    pub stft: StftParameters,
    pub norm: Option<f64>,
    pub tuning: Option<f64>,
    pub n_chroma: f64,
    pub ctroct: f64,
    pub octwidth: Option<f64>,
    pub filter_norm: Option<f64>,
    pub base_c: bool,
}

impl ChromaStftParameters {
    pub fn core(self) -> Result<ChromaStftOptions> {
        Ok(ChromaStftOptions {
            sr: self.sr,
            frames: frames(self.stft)?,
            norm: Norm::parse(self.norm)?,
            tuning: self.tuning,
            n_chroma: count(self.n_chroma),
            ctroct: self.ctroct,
            octwidth: self.octwidth,
            filter_norm: Norm::parse(self.filter_norm)?,
            base_c: self.base_c,
        })
    }
}

/// A search for peaks.
#[napi(object)]
pub struct PiptrackParameters {
    pub sr: f64,
    pub stft: StftParameters,
    pub fmin: f64,
    pub fmax: f64,
    pub threshold: f64,
    /// A magnitude, or one value a frame; nothing for each frame's maximum.
    pub reference: Option<Either<f64, Float64Array>>,
}

impl PiptrackParameters {
    pub fn core(self) -> Result<PiptrackOptions> {
        Ok(PiptrackOptions {
            sr: self.sr,
            frames: frames(self.stft)?,
            fmin: self.fmin,
            fmax: self.fmax,
            threshold: self.threshold,
            reference: match self.reference {
                None => Reference::Max,
                Some(Either::A(magnitude)) => Reference::Magnitude(magnitude),
                Some(Either::B(frames)) => Reference::Frames(frames.to_vec()),
            },
        })
    }
}

pub fn tuning(piptrack: PiptrackParameters, resolution: f64, bins_per_octave: f64) -> Result<TuningOptions> {
    Ok(TuningOptions { piptrack: piptrack.core()?, resolution, bins_per_octave: count(bins_per_octave) })
}

/// A chroma filter bank.
#[napi(object)]
pub struct ChromaFilterParameters {
    pub sr: f64,
    pub n_fft: f64,
    pub n_chroma: f64,
    pub tuning: f64,
    pub ctroct: f64,
    pub octwidth: Option<f64>,
    pub norm: Option<f64>,
    pub base_c: bool,
}

impl ChromaFilterParameters {
    pub fn core(self) -> Result<ChromaFilterOptions> {
        Ok(ChromaFilterOptions {
            sr: self.sr,
            n_fft: count(self.n_fft),
            n_chroma: count(self.n_chroma),
            tuning: self.tuning,
            ctroct: self.ctroct,
            octwidth: self.octwidth,
            norm: Norm::parse(self.norm)?,
            base_c: self.base_c,
        })
    }
}

/// The folding of octaves.
#[napi(object)]
pub struct CqToChromaParameters {
    pub bins_per_octave: f64,
    pub n_chroma: f64,
    pub fmin: f64,
    pub window: Option<Float64Array>,
    pub window_rows: f64,
    pub base_c: bool,
}

impl CqToChromaParameters {
    pub fn core(self) -> CqToChromaOptions {
        CqToChromaOptions {
            bins_per_octave: count(self.bins_per_octave),
            n_chroma: count(self.n_chroma),
            fmin: self.fmin,
            window: kernel(self.window, self.window_rows),
            base_c: self.base_c,
        }
    }
}

/// A bank of filters in time.
#[napi(object)]
pub struct WaveletParameters {
    pub sr: f64,
    pub window: String,
    pub window_parameter: f64,
    pub filter_scale: f64,
    pub gamma: Option<f64>,
    pub norm: Option<f64>,
}

impl WaveletParameters {
    pub fn core(self) -> Result<WaveletOptions> {
        Ok(WaveletOptions {
            sr: self.sr,
            window: Window::parse(&self.window, self.window_parameter)?,
            filter_scale: self.filter_scale,
            gamma: self.gamma,
            norm: Norm::parse(self.norm)?,
        })
    }
}
