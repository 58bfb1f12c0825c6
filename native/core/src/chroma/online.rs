//! Chroma of a Fourier transform, of a signal that arrives in blocks.

use super::cqt::bounded;
use super::stft::{ChromaStftOptions, Plan};
use crate::simd::Real;
use crate::stft::PadMode;
use crate::stft::signal::Signal;
use crate::{Error, Result, check_finite};

/// [`chroma_stft`](super::chroma_stft) of one channel with a known tuning: takes blocks and returns the frames that they
/// complete, bit-identical to the one-shot function however the signal is split. Memory does not grow with the stream.
pub struct OnlineChroma<T: Real> {
    plan: Plan<T>,
    n_fft: usize,
    pad: usize,
    mode: PadMode,
    /// The samples that frames may still need, the first of them at position `first` of the signal.
    samples: Vec<T>,
    first: usize,
    /// The next frame.
    next: usize,
    flushed: bool,
}

impl<T: Real> OnlineChroma<T> {
    /// Plans; the tuning must be given.
    pub fn new(options: &ChromaStftOptions) -> Result<Self> {
        let Some(tuning) = options.tuning else {
            return Err(Error::argument("tuning", "a number: a stream cannot be estimated before it ends", "null"));
        };
        let frames = &options.frames;
        let pad = if frames.center { frames.n_fft / 2 } else { 0 };
        if frames.center && !matches!(frames.pad_mode, PadMode::Constant | PadMode::Edge) {
            return Err(Error::argument("padMode", "constant or edge in a stream", "one that mirrors"));
        }
        let plan = Plan::new(options, tuning)?;
        Ok(Self {
            plan,
            n_fft: frames.n_fft,
            pad,
            mode: frames.pad_mode,
            samples: Vec::new(),
            first: 0,
            next: 0,
            flushed: false,
        })
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must have arrived before the frame is returned.
    pub fn latency_samples(&self) -> usize {
        self.n_fft - self.pad
    }

    /// Takes samples; returns how many frames are ready and their values, `[n_chroma, frames]`.
    pub fn accept(&mut self, block: &[T]) -> Result<(usize, Vec<T>)> {
        if self.flushed {
            return Err(Error::after_flush());
        }
        check_finite("block", block, false)?;
        self.samples.extend_from_slice(block);
        let total = self.first + self.samples.len();
        let ready = if total == 0 { 0 } else { self.count(total + self.pad) };
        let result = self.take(ready)?;
        // The end's padding repeats the last sample, at most.
        let keep = (self.next * self.plan.hop).saturating_sub(self.pad).min(total.saturating_sub(1));
        // Moving the rest is worth it once it is the smaller part.
        if keep - self.first.min(keep) > self.samples.len() / 2 {
            self.samples.drain(..keep - self.first);
            self.first = keep;
        }
        Ok(result)
    }

    /// Ends the signal: the frames that were still waiting for the padding at its end. A second flush returns none.
    pub fn flush(&mut self) -> Result<(usize, Vec<T>)> {
        let total = self.first + self.samples.len();
        let frames = if self.flushed || total == 0 { self.next } else { self.count(total + 2 * self.pad) };
        self.flushed = true;
        self.take(frames)
    }

    /// Resets the stream; the plan is kept.
    pub fn reset(&mut self) {
        self.samples.clear();
        (self.first, self.next, self.flushed) = (0, 0, false);
    }

    /// Frames in so many samples, padding included.
    fn count(&self, padded: usize) -> usize {
        padded.checked_sub(self.n_fft).map_or(0, |rest| 1 + rest / self.plan.hop)
    }

    /// Computes the frames up to `end`.
    fn take(&mut self, end: usize) -> Result<(usize, Vec<T>)> {
        let range = self.next..end.max(self.next);
        if range.is_empty() {
            return Ok((0, Vec::new()));
        }
        // Frame 0 of what is kept begins `next * hop - pad` samples into the signal.
        let shift = (self.next * self.plan.hop) as i64 - self.pad as i64 - self.first as i64;
        let signal = Signal::whole(&self.samples, self.mode).starting_at(shift);
        let count = range.len();
        let values = self.plan.frames(&signal, 0..count);
        self.next = range.end;
        Ok((count, bounded("block", values)?))
    }
}
