//! The mel spectrogram of a stream.

use super::spectrogram::{Mel, MelOptions};
use crate::Result;
use crate::simd::Real;
use crate::stft::feed::Feed;
use std::ops::Range;

/// Takes samples in blocks of any size and gives each frame as soon as its samples are there: the same bits as the
/// one-shot form of the whole signal. One channel.
pub struct OnlineMel<T> {
    plan: Mel,
    feed: Feed<T>,
}

impl<T: Real> OnlineMel<T> {
    /// Checks the options and creates the plan.
    pub fn new(options: &MelOptions) -> Result<Self> {
        Ok(Self { plan: Mel::new(options)?, feed: Feed::new() })
    }

    /// The plan behind it.
    pub fn plan(&self) -> &Mel {
        &self.plan
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must have arrived before the frame is returned.
    pub fn latency_samples(&self) -> usize {
        self.plan.stft().latency_samples()
    }

    /// Takes samples; returns how many frames are ready and their values, `[mels, frames]`.
    pub fn accept(&mut self, block: &[T]) -> Result<(usize, Vec<T>)> {
        let ready = self.feed.accept(self.plan.stft(), block)?;
        Ok(self.take(ready))
    }

    /// Ends the signal: the frames that were still waiting for the padding at its end. A second flush returns none.
    pub fn flush(&mut self) -> Result<(usize, Vec<T>)> {
        let rest = self.feed.flush(self.plan.stft());
        Ok(self.take(rest))
    }

    /// Resets the stream; the plan is kept.
    pub fn reset(&mut self) {
        self.feed.reset();
    }

    fn take(&mut self, range: Range<usize>) -> (usize, Vec<T>) {
        let (count, end) = (range.len(), range.end);
        let signal = self.feed.signal(self.plan.stft());
        let output = self.plan.part(&signal, range);
        self.feed.release(self.plan.stft(), end);
        (count, output)
    }
}
