//! Options, as the Python files write them into dictionaries.

use dsp_core::cqt::{CqtOptions, Intervals, ResType};
use dsp_core::norm::Norm;
use dsp_core::stft::{PadMode, StftOptions};
use dsp_core::tuning::Frames;
use dsp_core::window::Window;
use dsp_core::{Error, Result};
use numpy::PyReadonlyArray1;
use pyo3::FromPyObject;

/// A count as Python has it, which may be negative or beyond every integer of a machine.
#[derive(Clone, Copy, FromPyObject)]
pub enum Count {
    Whole(i64),
    Beyond(f64),
}

/// A count that the core refuses where it came negative (as zero) or beyond measure.
pub fn count(value: Count) -> usize {
    match value {
        Count::Whole(value) => usize::try_from(value).unwrap_or(0),
        Count::Beyond(value) if value > 0.0 => i64::MAX as usize,
        Count::Beyond(_) => 0,
    }
}

/// A short-time transform.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct StftDict<'py> {
    n_fft: Count,
    hop_length: Count,
    window: PyReadonlyArray1<'py, f64>,
    center: bool,
    pad_mode: String,
}

impl StftDict<'_> {
    pub fn core(&self) -> Result<StftOptions> {
        Ok(StftOptions {
            n_fft: count(self.n_fft),
            hop_length: count(self.hop_length),
            window: self.window.as_array().to_vec(),
            center: self.center,
            pad_mode: PadMode::parse(&self.pad_mode)?,
        })
    }

    pub fn frames(&self) -> Result<Frames> {
        let StftOptions { n_fft, hop_length, window, center, pad_mode } = self.core()?;
        Ok(Frames { n_fft, hop_length, window, center, pad_mode })
    }
}

/// A division of the octave: its name, or ratios.
#[derive(FromPyObject)]
pub enum IntervalsValue {
    Name(String),
    Ratios(Vec<f64>),
}

/// A constant-Q transform.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct CqtDict {
    sr: f64,
    hop_length: Count,
    fmin: f64,
    n_bins: Count,
    intervals: IntervalsValue,
    bins_per_octave: Count,
    gamma: Option<f64>,
    tuning: Option<f64>,
    filter_scale: f64,
    norm: Option<f64>,
    sparsity: f64,
    window: (String, f64),
    scale: bool,
    pad_mode: String,
    res_type: String,
}

impl CqtDict {
    pub fn core(self) -> Result<CqtOptions> {
        Ok(CqtOptions {
            sr: self.sr,
            hop_length: count(self.hop_length),
            fmin: self.fmin,
            n_bins: count(self.n_bins),
            intervals: match self.intervals {
                IntervalsValue::Name(name) => Intervals::parse(&name)?,
                IntervalsValue::Ratios(ratios) if ratios.is_empty() => {
                    return Err(Error::argument("intervals", "at least one ratio", "none"));
                }
                IntervalsValue::Ratios(ratios) => Intervals::Ratios(ratios),
            },
            bins_per_octave: count(self.bins_per_octave),
            gamma: self.gamma,
            tuning: self.tuning,
            filter_scale: self.filter_scale,
            norm: Norm::parse(self.norm)?,
            sparsity: self.sparsity,
            window: Window::parse(&self.window.0, self.window.1)?,
            scale: self.scale,
            pad_mode: PadMode::parse(&self.pad_mode)?,
            res_type: ResType::parse(&self.res_type)?,
        })
    }
}
