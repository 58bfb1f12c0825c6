//! One extractor: the tables of a set of options, and the computation of frames with them.

use super::design::Design;
use super::frames::{Framing, Stretch};
use super::lanes::Lanes;
use super::mel::MelBank;
use super::options::{Features, Options};
use super::scalar::{Fft, Scalar};
use crate::fft::lanes::{LanesRfft, supports};
use crate::jobs::for_signals;
use crate::number::Number;
use crate::results::results;
use crate::simd::Real;
use crate::{Error, Result, check_finite};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The tables of a set of options. Immutable: share it between threads, with one [`Workspace`] each.
pub struct Extractor {
    design: Design,
    transform: Transform,
    /// Buffers between calls. If each call allocated its own, they would leave holes between the results that callers keep.
    idle: Mutex<Vec<Workspace>>,
}

/// Lanes where the transform's length allows, one frame after the other where not.
enum Transform {
    Lanes { single: LanesRfft<f32>, double: LanesRfft<f64> },
    Scalar(Fft),
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
        let padded = options.frames.padded_window_size();
        let design = Design::new(options)?;
        let transform = if supports(padded) {
            Transform::Lanes { single: LanesRfft::new(padded)?, double: LanesRfft::new(padded)? }
        } else {
            Transform::Scalar(Fft::new(padded))
        };
        Ok(Self { design, transform, idle: Mutex::default() })
    }

    /// What it was made of.
    pub fn options(&self) -> &Options {
        &self.design.options
    }

    /// Columns of the result.
    pub fn columns(&self) -> usize {
        self.design.columns
    }

    /// The filter bank; without rows for spectrograms.
    pub fn bank(&self) -> &MelBank {
        &self.design.bank
    }

    /// Samples in a frame.
    pub fn size(&self) -> usize {
        self.design.size()
    }

    /// Samples between neighbouring frames.
    pub fn shift(&self) -> usize {
        self.framing().shift
    }

    /// Where the frames lie.
    pub fn framing(&self) -> Framing {
        self.design.preparation.framing
    }

    /// Frames of a signal of so many samples.
    pub fn num_frames(&self, samples: usize) -> usize {
        if self.is_below_min_duration(samples) { 0 } else { self.framing().num_frames(samples) }
    }

    fn is_below_min_duration(&self, samples: usize) -> bool {
        (samples as f64) < self.options().frames.min_duration * self.options().frames.sample_frequency
    }

    /// The features of a whole signal, row-major `[frames, columns]`. A signal below `min_duration` has no frames; one
    /// too short for a single frame is an error.
    pub fn compute<S: Real, O: Real>(&self, signal: &[S]) -> Result<Vec<O>> {
        if signal.is_empty() {
            return Err(Error::shape("signal", "at least one sample", "none"));
        }
        check_finite("signal", signal, false)?;
        let frames = self.num_frames(signal.len());
        if frames == 0 && !self.is_below_min_duration(signal.len()) {
            return Err(self.too_short(signal.len()));
        }
        let mut out = results(frames * self.columns());
        let stretch = Stretch { data: signal, offset: 0, total: signal.len() };
        let mut workspace = self.idle().pop().unwrap_or_default();
        self.frames(stretch, 0, &mut out, &mut workspace);
        self.idle().push(workspace);
        if self.options().frames.subtract_mean {
            subtract_mean(&mut out, self.columns());
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
        let Framing { size, shift, snip_edges, .. } = self.framing();
        let mirrored = Framing { snip_edges: false, ..self.framing() };
        let needed = if snip_edges { size } else { shift - shift / 2 };
        let advice = if snip_edges && mirrored.num_frames(samples) > 0 {
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
        let columns = self.columns();
        let until = from + out.len() / columns;
        match &self.transform {
            Transform::Scalar(fft) => {
                let scalar = scalar.get_or_insert_with(|| Scalar::new(fft, &self.design));
                for (number, row) in (from..until).zip(out.chunks_exact_mut(columns)) {
                    scalar.frame(&self.design, fft, &stretch, number);
                    copy(&scalar.row, row);
                }
            }
            Transform::Lanes { single: single_plan, double: double_plan } => {
                numbers.clear();
                // A spectrogram has no sums to hide small bins in: nearly every frame would need its repair.
                if O::LANES == f64::LANES || self.options().features == Features::Spectrogram {
                    numbers.extend(from..until);
                } else {
                    let lanes = single.get_or_insert_with(|| Lanes::new(single_plan.clone(), &self.design));
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
                    let lanes = double.get_or_insert_with(|| Lanes::new(double_plan.clone(), &self.design));
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
        lanes.group(&self.design, stretch, numbers);
        let columns = self.columns();
        for (number, row) in numbers.iter().zip(lanes.rows.chunks_exact(columns)) {
            copy(row, &mut out[(number - from) * columns..][..columns]);
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
