//! `librosa.feature.melspectrogram`: the filters' sums over `|X|^power`.

use super::bank::{Bank, BankOptions};
use super::check_size;
use super::combine::combine;
use super::frames::{Finish, Frames};
use crate::finite::not_finite;
use crate::jobs::{for_signals, share};
use crate::results::results;
use crate::simd::Real;
use crate::stft::signal::Signal;
use crate::stft::{PadMode, Stft, StftOptions, Target, check_part};
use crate::{Error, Result, check_finite, options};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

options! {
    /// The options of librosa's `melspectrogram`.
    #[derive(Debug, Clone, PartialEq)]
    pub struct MelOptions {
        pub stft: StftOptions,
        /// The exponent of the magnitudes: 1 for the magnitude, 2 for the power.
        pub power: f64,
        /// Its `n_fft` is the transform's.
        pub bank: BankOptions,
    }
}

/// Frames of a tile: enough for long runs in each row of the result, few enough to stay in the cache. A multiple of the
/// lanes.
pub(crate) const TILE: usize = 128;

/// A planned mel spectrogram. Clones share the tables and have their own scratch memory.
#[derive(Clone)]
pub struct Mel {
    frames: Frames,
    mode: PadMode,
}

impl Mel {
    /// Checks the options and creates the plan.
    pub fn new(options: &MelOptions) -> Result<Self> {
        let (stft, bank) = (Stft::new(&options.stft)?, Bank::new(&options.bank)?);
        Ok(Self { frames: Frames::new(stft, bank, options.power, Finish::Energy)?, mode: options.stft.pad_mode })
    }

    pub(crate) fn with(frames: Frames, mode: PadMode) -> Self {
        Self { frames, mode }
    }

    /// See [`Frames::set_offsets`].
    pub(crate) fn offsets(&self) -> &[f64] {
        self.frames.offsets()
    }

    /// The way from samples to filters.
    pub(crate) fn frames_mut(&mut self) -> &mut Frames {
        &mut self.frames
    }

    /// The filters.
    pub fn bank(&self) -> &Bank {
        self.frames.bank()
    }

    /// Rows of the result.
    pub fn mels(&self) -> usize {
        self.frames.mels()
    }

    /// The transform behind it.
    pub fn stft(&self) -> &Stft {
        &self.frames.stft
    }

    /// Frames of channels of `samples` samples, or why there are none.
    pub fn frames(&self, channels: usize, samples: usize) -> Result<usize> {
        let frames = self.stft().check(channels, samples)?;
        check_size("nMels", [channels, self.mels(), frames])?;
        Ok(frames)
    }

    /// Channels of `samples` samples to `[channels, mels, frames]`. NaN and infinity are errors.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Vec<T>> {
        let frames = self.check(y, samples)?;
        let mut output = results(y.len() / samples * self.mels() * frames);
        self.run(y, samples, frames, &mut output, threads).map_err(|()| not_finite("y", y))?;
        Ok(output)
    }

    /// Many signals of one channel each: one `[mels, frames]` each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |plan, y| plan.forward(y, y.len(), false))
    }

    /// Writes `[channels, mels, frames]`, in any precision, and returns each channel's largest value; fails where a sample
    /// is not finite. The shape has been checked.
    pub(crate) fn run<T: Real, O: Real>(
        &mut self,
        y: &[T],
        samples: usize,
        frames: usize,
        output: &mut [O],
        threads: bool,
    ) -> std::result::Result<Vec<f64>, ()> {
        let mels = self.mels();
        let mut peaks = Vec::new();
        for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(mels * frames)) {
            let (target, peak) = (Target::new(output, frames, 1), Mutex::new(f64::NEG_INFINITY));
            let tile = || vec![O::default(); mels * TILE];
            let work = |plan: &mut Self, tile: &mut Vec<O>, job: usize| {
                let range = job * TILE..frames.min((job + 1) * TILE);
                let found = plan.tile(y, range, frames, tile, target)?;
                let mut peak = peak.lock().unwrap_or_else(PoisonError::into_inner);
                *peak = peak.max(found);
                Ok(())
            };
            share(threads, frames.div_ceil(TILE), self, tile, work)?;
            peaks.push(peak.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        Ok(peaks)
    }

    /// Looks at the samples of frames `range`, transforms them and writes them to the target's columns; their largest value.
    fn tile<T: Real, O: Real>(
        &mut self,
        y: &[T],
        range: Range<usize>,
        frames: usize,
        tile: &mut [O],
        target: Target<O>,
    ) -> std::result::Result<f64, ()> {
        check_part(y, &range, frames, self.stft().hop())?;
        let signal = Signal::whole(y, self.mode);
        let peak = self.frames.tile(&signal, range.clone(), tile, TILE);
        for (m, row) in tile.chunks_exact(TILE).enumerate() {
            // SAFETY: these columns are this call's own.
            let to = unsafe { target.columns(m, range.start, range.len()) };
            to.copy_from_slice(&row[..range.len()]);
        }
        Ok(peak)
    }

    /// Frames `range` of a signal that is known in part only: `[mels, range.len()]`.
    pub(crate) fn part<T: Real, O: Real>(&mut self, signal: &Signal<T>, range: Range<usize>) -> Vec<O> {
        let (mels, count) = (self.mels(), range.len());
        let (mut tile, mut output) = (vec![O::default(); mels * TILE], vec![O::default(); mels * count]);
        for part in tiles(range.clone()) {
            self.frames.tile(signal, part.clone(), &mut tile, TILE);
            place(&tile, part.start - range.start..part.end - range.start, &mut output, count);
        }
        output
    }

    /// Frames of channels of `samples` samples; their values are looked at tile by tile.
    pub(super) fn check<T: Real>(&self, y: &[T], samples: usize) -> Result<usize> {
        if samples == 0 || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        self.frames(y.len() / samples, samples)
    }
}

/// Ranges of at most [`TILE`] frames.
fn tiles(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(TILE).map(move |begin| begin..end.min(begin + TILE))
}

/// Copies a tile's columns to columns `range` of `[rows, frames]`.
fn place<T: Real>(tile: &[T], range: Range<usize>, output: &mut [T], frames: usize) {
    for (from, to) in tile.chunks_exact(TILE).zip(output.chunks_exact_mut(frames)) {
        to[range.clone()].copy_from_slice(&from[..range.len()]);
    }
}

/// `librosa.feature.melspectrogram` of channels of `samples` samples: `[channels, mels, frames]`.
pub fn melspectrogram<T: Real>(y: &[T], samples: usize, options: &MelOptions, threads: bool) -> Result<Vec<T>> {
    Mel::new(options)?.forward(y, samples, threads)
}

/// The same from a spectrogram `[channels, bins, frames]` of magnitudes or powers, which is used as it is.
pub fn mel_from_spectrogram<T: Real>(s: &[T], frames: usize, bank: &Bank) -> Result<Vec<T>> {
    let (bins, mels) = (bank.bins(), bank.rows.len());
    if frames == 0 || s.is_empty() || !s.len().is_multiple_of(bins * frames) {
        let actual = format!("{} values in rows of {frames}", s.len());
        return Err(Error::shape("S", format!("{bins} bins (nFft / 2 + 1) in every channel"), actual));
    }
    check_finite("S", s, false)?;
    let channels = s.len() / (bins * frames);
    check_size("nMels", [channels, mels, frames])?;
    let mut output = vec![T::default(); channels * mels * frames];
    for (s, output) in s.chunks_exact(bins * frames).zip(output.chunks_exact_mut(mels * frames)) {
        combine(&bank.rows, s, frames, output);
    }
    Ok(output)
}
