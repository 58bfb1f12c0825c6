//! The short-time transform of a stream.

use super::feed::Feed;
use super::{Stft, StftOptions, Target};
use crate::Result;
use crate::simd::Real;
use std::ops::Range;

/// Takes samples in blocks of any size and gives each frame as soon as its samples are there: the same bits as the
/// one-shot transform of the whole signal. One channel.
pub struct OnlineStft<T> {
    plan: Stft,
    feed: Feed<T>,
}

impl<T: Real> OnlineStft<T> {
    /// Checks the options and creates the plan.
    pub fn new(options: &StftOptions) -> Result<Self> {
        Ok(Self { plan: Stft::new(options)?, feed: Feed::new() })
    }

    /// Bins of a frame.
    pub fn bins(&self) -> usize {
        self.plan.bins()
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must have arrived before the frame is returned.
    pub fn latency_samples(&self) -> usize {
        self.plan.latency_samples()
    }

    /// Takes samples; returns how many frames are ready and their values, `[bins, frames, 2]`.
    pub fn accept(&mut self, block: &[T]) -> Result<(usize, Vec<T>)> {
        let ready = self.feed.accept(&self.plan, block)?;
        Ok(self.take(ready))
    }

    /// Ends the signal: the frames that were still waiting for the padding at its end. A second flush returns none.
    pub fn flush(&mut self) -> Result<(usize, Vec<T>)> {
        let rest = self.feed.flush(&self.plan);
        Ok(self.take(rest))
    }

    /// Resets the stream; the plan is kept.
    pub fn reset(&mut self) {
        self.feed.reset();
    }

    fn take(&mut self, range: Range<usize>) -> (usize, Vec<T>) {
        let frames = range.len();
        let mut output = vec![T::zero(); 2 * self.plan.bins() * frames];
        if frames > 0 {
            let signal = self.feed.signal(&self.plan);
            let target = Target::new(&mut output, frames, 2);
            // The feed has looked at the samples.
            self.plan.transform(&signal, range.clone(), target, 0, |_| Ok(())).expect("samples are finite");
        }
        self.feed.release(&self.plan, range.end);
        (frames, output)
    }
}
