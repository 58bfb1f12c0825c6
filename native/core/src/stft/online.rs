//! The short-time transform of a stream.

use super::pad::Signal;
use super::{Stft, StftOptions, Target};
use crate::fft::first_not_finite;
use crate::simd::Real;
use crate::{Error, Result};

/// Takes samples in blocks of any size and gives each frame as soon as its samples are there: the same bits as the
/// one-shot transform of the whole signal. One channel.
pub struct OnlineStft<T> {
    plan: Stft,
    /// The samples from `first` on.
    samples: Vec<T>,
    first: usize,
    /// The next frame.
    next: usize,
    flushed: bool,
}

impl<T: Real> OnlineStft<T> {
    /// Checks the options and plans.
    pub fn new(options: &StftOptions) -> Result<Self> {
        Ok(Self { plan: Stft::new(options)?, samples: Vec::new(), first: 0, next: 0, flushed: false })
    }

    /// Bins of a frame.
    pub fn bins(&self) -> usize {
        self.plan.bins()
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must be there before it comes out.
    pub fn latency_samples(&self) -> usize {
        self.plan.n_fft - self.plan.pad()
    }

    /// Takes samples; returns how many frames are ready and their values, `[bins, frames, 2]`.
    pub fn accept(&mut self, block: &[T]) -> Result<(usize, Vec<T>)> {
        if self.flushed {
            return Err(Error::argument("block", "given before flush(), or after reset()", "a block after flush()"));
        }
        if let Some((at, value)) = first_not_finite(block) {
            return Err(Error::not_finite("block", at, value));
        }
        self.samples.extend_from_slice(block);
        let (total, pad) = (self.total(), self.plan.pad());
        let ready = match (total + pad).checked_sub(self.plan.n_fft) {
            Some(rest) if total >= self.plan.mode.needs(pad) => 1 + rest / self.plan.hop,
            _ => 0,
        };
        let result = self.take(ready);
        // The padding at the end will mirror this many samples.
        let start = (self.next * self.plan.hop).saturating_sub(pad);
        let keep = start.min(total.saturating_sub(pad + 1));
        // Moving the rest is worth it once it is the smaller part.
        if keep - self.first.min(keep) > self.samples.len() / 2 {
            self.samples.drain(..keep - self.first);
            self.first = keep;
        }
        result
    }

    /// Ends the signal: the frames that were still waiting for the padding at its end. A second flush has none.
    pub fn flush(&mut self) -> Result<(usize, Vec<T>)> {
        let frames = if self.flushed { self.next } else { self.plan.frames(self.total()) };
        self.flushed = true;
        self.take(frames)
    }

    /// Forgets the signal; the plan stays.
    pub fn reset(&mut self) {
        self.samples.clear();
        (self.first, self.next, self.flushed) = (0, 0, false);
    }

    /// Samples so far.
    fn total(&self) -> usize {
        self.first + self.samples.len()
    }

    /// Transforms the frames up to `end`.
    fn take(&mut self, end: usize) -> Result<(usize, Vec<T>)> {
        let range = self.next..end.max(self.next);
        let frames = range.len();
        if frames == 0 {
            return Ok((0, Vec::new()));
        }
        let mut output = vec![T::zero(); 2 * self.plan.bins() * frames];
        let length = self.total();
        let signal = Signal { samples: &self.samples, first: self.first, length, mode: self.plan.mode };
        self.plan.transform(&signal, range.clone(), Target::new(&mut output, frames), 0);
        self.next = range.end;
        Ok((frames, output))
    }
}
