//! The samples of a stream that frames still to come will need.

use super::Stft;
use super::signal::Signal;
use crate::simd::Real;
use crate::{Error, Result, check_finite};
use std::ops::Range;

/// One channel that arrives in blocks of any size: reports which frames are complete, and keeps no more than it must.
pub struct Feed<T> {
    /// The samples from `first` on.
    samples: Vec<T>,
    first: usize,
    /// The next frame.
    next: usize,
    flushed: bool,
}

impl<T: Real> Feed<T> {
    pub fn new() -> Self {
        Self { samples: Vec::new(), first: 0, next: 0, flushed: false }
    }

    /// Takes samples; the frames that are complete now.
    pub fn accept(&mut self, plan: &Stft, block: &[T]) -> Result<Range<usize>> {
        if self.flushed {
            return Err(Error::after_flush());
        }
        check_finite("block", block, false)?;
        self.samples.extend_from_slice(block);
        let (total, pad) = (self.total(), plan.pad());
        let ready = match (total + pad).checked_sub(plan.n_fft) {
            Some(rest) if total >= plan.mode.needs(pad) => 1 + rest / plan.hop,
            _ => 0,
        };
        Ok(self.next..ready.max(self.next))
    }

    /// Ends the signal; the frames that were still waiting for the padding at its end. A second time there are none.
    pub fn flush(&mut self, plan: &Stft) -> Range<usize> {
        let frames = if self.flushed { self.next } else { plan.frames(self.total()) };
        self.flushed = true;
        self.next..frames.max(self.next)
    }

    /// The signal as far as it is known.
    pub fn signal(&self, plan: &Stft) -> Signal<'_, T> {
        Signal::part(&self.samples, self.first, self.total(), plan.mode)
    }

    /// Tells that the frames before `next` are done; drops the samples that nobody needs any more.
    pub fn release(&mut self, plan: &Stft, next: usize) {
        self.next = next;
        let pad = plan.pad();
        // The padding at the end will mirror this many samples.
        let start = (self.next * plan.hop).saturating_sub(pad);
        let keep = start.min(self.total().saturating_sub(pad + 1));
        // Moving the rest is worth it once it is the smaller part.
        if keep - self.first.min(keep) > self.samples.len() / 2 {
            self.samples.drain(..keep - self.first);
            self.first = keep;
        }
    }

    /// Resets the stream.
    pub fn reset(&mut self) {
        self.samples.clear();
        (self.first, self.next, self.flushed) = (0, 0, false);
    }

    /// Samples so far.
    fn total(&self) -> usize {
        self.first + self.samples.len()
    }
}
