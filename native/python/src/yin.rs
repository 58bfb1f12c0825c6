//! Fundamental frequencies.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::{Count, count};
use dsp_core::pyin::{self, PyinOptions};
use dsp_core::yin::{self, FrameOptions, PadMode, YinOptions};
use pyo3::prelude::*;

/// What both have in common.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct PitchDict {
    sr: f64,
    fmin: f64,
    fmax: f64,
    frame_length: Count,
    hop_length: Count,
    center: bool,
    pad_mode: String,
}

impl PitchDict {
    fn core(&self) -> dsp_core::Result<FrameOptions> {
        Ok(FrameOptions {
            sr: self.sr,
            fmin: self.fmin,
            fmax: self.fmax,
            frame_length: count(self.frame_length),
            hop_length: count(self.hop_length),
            center: self.center,
            pad_mode: PadMode::parse(&self.pad_mode)?,
        })
    }
}

/// Channels of `samples` samples to `[channels, frames]`.
#[pyfunction(name = "yin")]
pub fn find<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    frames: PitchDict,
    trough_threshold: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let options = YinOptions { frames: raised(py, frames.core())?, trough_threshold };
    by_precision!(py, y, |y, parallel| yin::yin(y, samples, &options, parallel))
}

/// What only `pyin` has.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct PyinDict {
    n_thresholds: Count,
    beta_parameters: (f64, f64),
    boltzmann_parameter: f64,
    resolution: f64,
    max_transition_rate: f64,
    switch_prob: f64,
    no_trough_prob: f64,
    fill_na: Option<f64>,
}

/// Channels of `samples` samples to frequencies, flags and probabilities, `[channels, frames]` each.
#[pyfunction(name = "pyin")]
pub fn follow<'py>(
    py: Python<'py>,
    y: Samples<'py>,
    samples: usize,
    frames: PitchDict,
    pyin: PyinDict,
) -> PyResult<Bound<'py, PyAny>> {
    let options = PyinOptions {
        frames: raised(py, frames.core())?,
        n_thresholds: count(pyin.n_thresholds),
        beta_parameters: pyin.beta_parameters,
        boltzmann_parameter: pyin.boltzmann_parameter,
        resolution: pyin.resolution,
        max_transition_rate: pyin.max_transition_rate,
        switch_prob: pyin.switch_prob,
        no_trough_prob: pyin.no_trough_prob,
        fill_na: pyin.fill_na,
    };
    by_precision!(py, y, |y, parallel| {
        let found = pyin::pyin(y, samples, &options, parallel)?;
        Ok((found.f0, found.voiced_flag, found.voiced_prob))
    })
}
