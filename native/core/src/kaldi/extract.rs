//! One extractor: the tables of a set of options, and the computation of frames with them.

use super::frames::{Stretch, num_frames};
use super::lanes::Lanes;
use super::mel::MelBank;
use super::options::{Features, MfccOptions, Options};
use super::prepare::Preparation;
use super::scalar::{Plan, Scalar};
use super::tables;
use crate::fft::lanes::{LanesRfft, supports};
use crate::jobs::for_signals;
use crate::number::Number;
use crate::results::results;
use crate::simd::Real;
use crate::{Error, Result, check_finite};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tables of a set of options. Immutable: share it between threads, with one [`Workspace`] each.
pub struct Extractor {
    options: Options,
    columns: usize,
    preparation: Preparation,
    bank: MelBank,
    weight_sums: Vec<f64>,
    cepstrum: Vec<f64>,
    transform: Transform,
    /// Buffers between calls. Made again for every call, they would leave holes between the results that callers keep.
    idle: Mutex<Vec<Workspace>>,
}

/// Lanes where the transform's length allows, one frame after the other where not.
enum Transform {
    Lanes { single: LanesRfft<f32>, double: LanesRfft<f64> },
    Scalar(Plan),
}

/// The buffers of one thread, made when they are first needed.
#[derive(Default)]
pub struct Workspace {
    single: Option<Lanes<f32>>,
    double: Option<Lanes<f64>>,
    scalar: Option<Scalar>,
    numbers: Vec<usize>,
}

impl Extractor {
    /// Checks the options and makes the tables.
    pub fn new(options: Options) -> Result<Self> {
        options.check()?;
        let padded = options.frames.padded_window_size();
        let bank = match options.mel() {
            Some(mel) => MelBank::new(mel, options.frames.sample_frequency, padded),
            None => MelBank { rows: Vec::new() },
        };
        let cepstrum = match &options.features {
            Features::Mfcc(MfccOptions { mel, num_ceps, cepstral_lifter, .. }) => {
                tables::cepstrum(*num_ceps, mel.num_mel_bins, *cepstral_lifter)
            }
            _ => Vec::new(),
        };
        let transform = if supports(padded) {
            Transform::Lanes { single: LanesRfft::new(padded)?, double: LanesRfft::new(padded)? }
        } else {
            Transform::Scalar(Plan::new(padded))
        };
        Ok(Self {
            columns: options.columns(),
            preparation: Preparation::new(&options),
            weight_sums: bank.rows.iter().map(|row| row.weights.iter().map(|w| f64::from(*w)).sum()).collect(),
            bank,
            cepstrum,
            transform,
            idle: Mutex::default(),
            options,
        })
    }

    /// What it was made of.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Columns of the result.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The filter bank; without rows for spectrograms.
    pub fn bank(&self) -> &MelBank {
        &self.bank
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.preparation.size
    }

    /// Samples between neighbouring frames.
    pub fn shift(&self) -> usize {
        self.preparation.shift
    }

    pub(super) fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// Sum of each filter's weights.
    pub(super) fn weight_sums(&self) -> &[f64] {
        &self.weight_sums
    }

    /// The cosine transform times the lifter, one row a coefficient.
    pub(super) fn cepstrum(&self) -> &[f64] {
        &self.cepstrum
    }

    /// Frames of a signal of so many samples.
    pub fn num_frames(&self, samples: usize) -> usize {
        if (samples as f64) < self.options.frames.min_duration * self.options.frames.sample_frequency {
            0
        } else {
            num_frames(samples, self.size(), self.shift(), self.options.frames.snip_edges)
        }
    }

    /// The features of a whole signal, row-major `[frames, columns]`. A signal below `min_duration` has no frames; one
    /// too short for a single frame is an error.
    pub fn compute<S: Real, O: Real>(&self, signal: &[S]) -> Result<Vec<O>> {
        if signal.is_empty() {
            return Err(Error::shape("signal", "at least one sample", "none"));
        }
        check_finite("signal", signal, false)?;
        let frames = self.num_frames(signal.len());
        if frames == 0 && signal.len() as f64 >= self.options.frames.min_duration * self.options.frames.sample_frequency
        {
            return Err(self.too_short(signal.len()));
        }
        let mut out = results(frames * self.columns);
        let stretch = Stretch { data: signal, offset: 0, total: signal.len() };
        let mut workspace = self.idle().pop().unwrap_or_default();
        self.frames(stretch, 0, &mut out, &mut workspace);
        self.idle().push(workspace);
        if self.options.frames.subtract_mean {
            subtract_mean(&mut out, self.columns);
        }
        Ok(out)
    }

    /// The features of many signals. An error names the signal.
    pub fn batch<S: Real, O: Real>(&self, signals: &[&[S]], threads: bool) -> Result<Vec<Vec<O>>> {
        for_signals(threads, signals, &self, |extractor, signal| extractor.compute(signal))
    }

    /// A panic elsewhere cannot leave the list half changed.
    fn idle(&self) -> MutexGuard<'_, Vec<Workspace>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn too_short(&self, samples: usize) -> Error {
        let (size, shift) = (self.size(), self.shift());
        let needed = if self.options.frames.snip_edges { size } else { shift - shift / 2 };
        let advice = if self.options.frames.snip_edges && num_frames(samples, size, shift, false) > 0 {
            "pass a longer signal, or snipEdges false to mirror its edges"
        } else {
            "pass a longer signal"
        };
        Error::about(
            "ERR_DSP_SHAPE",
            "signal",
            format!("at least {needed} samples"),
            format!("{samples} samples"),
            format!(" has {samples} samples, too few for one frame, which needs {needed}: {advice}"),
        )
    }

    /// Fills `out` with the frames from number `from` on. The stretch must hold the samples that they need.
    pub fn frames<S: Real, O: Real>(
        &self,
        stretch: Stretch<'_, S>,
        from: usize,
        out: &mut [O],
        workspace: &mut Workspace,
    ) {
        let Workspace { single, double, scalar, numbers } = workspace;
        let until = from + out.len() / self.columns;
        match &self.transform {
            Transform::Scalar(plan) => {
                let scalar = scalar.get_or_insert_with(|| Scalar::new(plan, self));
                for (number, row) in (from..until).zip(out.chunks_exact_mut(self.columns)) {
                    scalar.frame(self, plan, &stretch, number);
                    copy(&scalar.row, row);
                }
            }
            Transform::Lanes { single: single_plan, double: double_plan } => {
                numbers.clear();
                // A spectrogram has no sums to hide small bins in: nearly every frame would need its repair.
                if O::LANES == f64::LANES || self.options.features == Features::Spectrogram {
                    numbers.extend(from..until);
                } else {
                    let lanes = single.get_or_insert_with(|| Lanes::new(single_plan.clone(), self));
                    let mut group = [0usize; 16];
                    for first in (from..until).step_by(group.len()) {
                        let count = group.len().min(until - first);
                        group.iter_mut().enumerate().for_each(|(l, number)| *number = first + l);
                        self.group(lanes, &stretch, from, &group[..count], out);
                        numbers
                            .extend(group[..count].iter().zip(&lanes.weak).filter(|(_, weak)| **weak).map(|(n, _)| n));
                    }
                }
                if !numbers.is_empty() {
                    let lanes = double.get_or_insert_with(|| Lanes::new(double_plan.clone(), self));
                    for group in numbers.chunks(f64::LANES) {
                        self.group(lanes, &stretch, from, group, out);
                    }
                }
            }
        }
    }

    /// Computes one group and puts each frame where it belongs.
    fn group<S: Real, T: Number, O: Real>(
        &self,
        lanes: &mut Lanes<T>,
        stretch: &Stretch<'_, S>,
        from: usize,
        numbers: &[usize],
        out: &mut [O],
    ) {
        lanes.group(self, stretch, numbers);
        for (number, row) in numbers.iter().zip(lanes.rows.chunks_exact(self.columns)) {
            copy(row, &mut out[(number - from) * self.columns..][..self.columns]);
        }
    }
}

fn copy<T: Real, O: Real>(from: &[T], to: &mut [O]) {
    let from = &from[..to.len()];
    for (to, from) in to.iter_mut().zip(from) {
        *to = O::of(from.to_f64());
    }
}

/// Subtracts each column's mean.
fn subtract_mean<O: Real>(out: &mut [O], columns: usize) {
    let frames = out.len() / columns;
    let mut means = vec![0.0f64; columns];
    for row in out.chunks_exact(columns) {
        for (mean, x) in means.iter_mut().zip(row) {
            *mean += x.to_f64();
        }
    }
    means.iter_mut().for_each(|mean| *mean /= frames as f64);
    for row in out.chunks_exact_mut(columns) {
        for (x, mean) in row.iter_mut().zip(&means) {
            *x = O::of(x.to_f64() - mean);
        }
    }
}
