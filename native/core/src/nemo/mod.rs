//! NeMo's log-mel features, the input of Parakeet and Canary (`AudioToMelSpectrogramPreprocessor` and `FilterbankFeatures` of
//! NVIDIA NeMo, in evaluation mode): pre-emphasis over the whole signal, frames that are centred and padded with zeros, a
//! symmetric window, Slaney's filters, a guarded logarithm, normalisation over time.
//!
//! Everything is computed in `f64`, but features of `f32` signals are rounded before they are normalised, too, in a form that
//! loses little; NeMo itself computes in `f32`.

mod emphasis;
mod normalize;
mod online;
mod options;
#[cfg(test)]
mod tests;

pub use online::OnlineNemo;
pub use options::{NemoOptions, Normalize};

use crate::finite::not_finite;
use crate::jobs::{for_signals, share};
use crate::mel::{Bank, Frames, Mel, TILE, check_size};
use crate::results::results;
use crate::simd::{Real, all_finite};
use crate::stft::signal::Signal;
use crate::stft::{PadMode, Stft, Target, check_part};
use crate::{Error, Result};
use emphasis::Emphasis;
use normalize::normalize;
use options::renamed;
use std::ops::Range;
use std::sync::Arc;

/// Planned features. Clones share the tables and have their own scratch memory.
#[derive(Clone)]
pub struct Nemo {
    options: Arc<NemoOptions>,
    mel: Mel,
}

impl Nemo {
    /// Checks the options and creates the plan.
    pub fn new(options: NemoOptions) -> Result<Self> {
        options.check()?;
        let bank = options.bank()?;
        let stft = Stft::new(&options.stft()?).map_err(renamed)?;
        let mut frames = Frames::new(stft, bank, options.mag_power, options.finish()).map_err(renamed)?;
        if let Some(mean) = &options.fixed_mean {
            frames.set_offsets(mean[..options.features].into());
        }
        Ok(Self { options: Arc::new(options), mel: Mel::with(frames, PadMode::Constant) })
    }

    /// The filters.
    pub fn bank(&self) -> &Bank {
        self.mel.bank()
    }

    /// Rows of the result.
    pub fn rows(&self) -> usize {
        self.options.rows()
    }

    /// Valid frames of a signal of `samples` samples, NeMo's `get_seq_len`: one less than the transform has, which NeMo
    /// computes and then overwrites with the padding value.
    pub fn valid(&self, samples: usize) -> usize {
        if samples == 0 {
            return 0;
        }
        self.mel.stft().frames(samples + 2 * self.options.padding()).saturating_sub(1)
    }

    /// Samples of the shortest signal that has a valid frame.
    fn least_samples(&self) -> usize {
        let padding = 2 * (self.options.padding() + self.mel.stft().pad());
        self.options.n_window_stride.saturating_add(self.options.n_fft - padding)
    }

    /// Columns of the result of a signal with `valid` valid frames.
    fn width(&self, valid: usize) -> usize {
        match self.options.pad_to {
            0 => valid + 1,
            multiple => (valid + 1).div_ceil(multiple).saturating_mul(multiple),
        }
    }

    /// Channels of `samples` samples to `[channels, rows, columns]`. NaN and infinity are errors.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Vec<T>> {
        if samples == 0 || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        let valid = self.valid(samples);
        if valid == 0 {
            let expected = format!("at least {} samples, one frame", self.least_samples());
            return Err(Error::shape("y", expected, samples));
        }
        let (rows, columns) = (self.rows(), self.width(valid));
        let channels = y.len() / samples;
        check_size("padTo", [channels, rows, columns])?;
        self.mel.frames(1, samples + 2 * self.options.padding()).map_err(renamed)?;
        if self.limit() < T::MAX {
            self.check_samples("y", y)?;
        }
        let mut output = results(channels * rows * columns);
        if self.options.pad_value != 0.0 {
            output.fill(T::of(self.options.pad_value));
        }
        for (channel, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(rows * columns)) {
            self.channel(channel, valid, output, columns, threads).map_err(|()| not_finite("y", y))?;
        }
        self.check_output("y", &output)?;
        Ok(output)
    }

    /// Many signals of one channel each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |plan, y| plan.forward(y, y.len(), false))
    }

    /// Writes the first `valid` columns of one channel's `[rows, columns]`; fails where a sample is not finite.
    fn channel<T: Real>(
        &mut self,
        y: &[T],
        valid: usize,
        output: &mut [T],
        columns: usize,
        threads: bool,
    ) -> std::result::Result<(), ()> {
        let mels = self.mel.mels();
        self.set_offsets(y, valid);
        let target = Target::new(&mut *output, columns, 1);
        let buffers = || (Emphasis::new(&self.options), Vec::new(), vec![T::default(); mels * TILE]);
        let work = |plan: &mut Mel, (emphasis, signal, tile): &mut (Emphasis, Vec<f64>, Vec<T>), job: usize| {
            let range = job * TILE..valid.min((job + 1) * TILE);
            check_part(y, &range, valid, plan.stft().hop())?;
            let signal = part(plan, emphasis, y, &range, signal);
            plan.frames_mut().tile(&signal, range.clone(), tile, TILE);
            for (m, row) in tile.chunks_exact(TILE).enumerate() {
                // SAFETY: these columns are this call's own.
                let to = unsafe { target.columns(m, range.start, range.len()) };
                to.copy_from_slice(&row[..range.len()]);
            }
            Ok(())
        };
        share(threads, valid.div_ceil(TILE), &mut self.mel, buffers, work)?;
        normalize(&self.options, self.mel.offsets(), output, valid, columns);
        Ok(())
    }

    /// Features are kept in their own precision until their statistics are known: as differences to one of them, so that
    /// little is lost by rounding. One in the middle is seldom far from the others.
    fn set_offsets<T: Real>(&mut self, y: &[T], valid: usize) {
        if !matches!(self.options.normalize, Normalize::PerFeature | Normalize::AllFeatures) {
            return;
        }
        self.mel.frames_mut().set_offsets([].into());
        let (mut emphasis, mut samples) = (Emphasis::new(&self.options), Vec::new());
        let range = valid / 2..valid / 2 + 1;
        let signal = part(&self.mel, &mut emphasis, y, &range, &mut samples);
        let mut offsets: Vec<f64> = self.mel.part(&signal, range);
        if self.options.normalize == Normalize::AllFeatures {
            let first = offsets[0];
            offsets.fill(first);
        }
        self.mel.frames_mut().set_offsets(offsets.into());
    }

    /// The largest sample whose energies are certain to be finite.
    fn limit(&self) -> f64 {
        let factor = (1.0 + self.options.preemph.unwrap_or(0.0)) * self.options.n_fft as f64;
        10f64.powf(300.0 / self.options.mag_power) / factor
    }

    /// Refuses samples that are not finite, and those whose energies would not be.
    fn check_samples<T: Real>(&self, name: &str, samples: &[T]) -> Result<()> {
        if !all_finite(samples) {
            return Err(not_finite(name, samples));
        }
        let limit = self.limit();
        match samples.iter().map(|x| x.to_f64().abs()).find(|x| *x > limit) {
            Some(peak) => Err(Error::argument(name, "samples whose energies are finite", format!("{peak:e}"))),
            None => Ok(()),
        }
    }

    /// Refuses samples whose features are not finite in their element type.
    fn check_output<T: Real>(&self, name: &str, output: &[T]) -> Result<()> {
        if (self.options.log && self.options.normalize != Normalize::Fixed) || all_finite(output) {
            return Ok(());
        }
        Err(Error::argument(name, "samples whose features fit their element type", "larger ones"))
    }
}

/// The signal that frames `range` of `y` are cut from.
fn part<'a, T: Real>(
    plan: &Mel,
    emphasis: &mut Emphasis,
    y: &[T],
    range: &Range<usize>,
    samples: &'a mut Vec<f64>,
) -> Signal<'a, f64> {
    let stft = plan.stft();
    let total = y.len() + 2 * emphasis.padding();
    let at = |position: i64| usize::try_from(position).unwrap_or(0).min(total);
    let begin = at(stft.start(range.start));
    let end = at(stft.start(range.end - 1) + stft.window().len() as i64);
    emphasis.part(y, begin..end.max(begin), samples);
    Signal::part(samples, begin, total, PadMode::Constant)
}
