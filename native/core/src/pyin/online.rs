//! pYIN of a stream.
//!
//! The best path is known when the signal has ended, not before: any later sample may change it back to the first frame. So a
//! stream computes what can be computed as the samples arrive (the observations and the forward pass) and gives the
//! probability of a voice at once; frequencies come at the end, with the bits of the whole. The samples themselves are not
//! kept.

use super::observe::Observations;
use super::{Pitches, Pyin, PyinOptions};
use crate::Result;
use crate::simd::Real;
use crate::stft::padding::Padding;
use crate::yin::online::Stream;
use std::ops::Range;

/// The streaming form of [`super::pyin`] for one channel.
#[derive(Clone)]
pub struct OnlinePyin<T> {
    work: Pyin,
    stream: Stream<T>,
    observations: Observations,
}

impl<T: Real> OnlinePyin<T> {
    pub fn new(options: &PyinOptions) -> Result<Self> {
        let (work, stream) = (Pyin::new(options)?, Stream::new(&options.frames)?);
        Ok(Self { work, stream, observations: Observations::default() })
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must be there before its probability comes out.
    pub fn latency_samples(&self) -> usize {
        self.stream.latency()
    }

    /// Takes samples; the probabilities of a voice in the frames that are complete now.
    pub fn accept(&mut self, block: &[T]) -> Result<Vec<f64>> {
        let range = self.stream.accept(block)?;
        let first = range.start;
        self.take(range);
        Ok(self.observations.voiced[first..].to_vec())
    }

    /// Ends the signal: all of its frames. A second flush has none.
    pub fn flush(&mut self) -> Pitches {
        let range = self.stream.flush();
        self.take(range);
        let mut pitches = Pitches::default();
        self.work.decode(&self.observations, &mut pitches, false);
        self.observations = Observations::default();
        pitches
    }

    /// Forgets the signal.
    pub fn reset(&mut self) {
        self.stream.reset();
        self.work.viterbi.reset();
        self.observations = Observations::default();
    }

    fn take(&mut self, range: Range<usize>) {
        let end = range.end;
        if !range.is_empty() {
            let padding = Padding::default();
            self.work.observe(&self.stream.signal(&padding), range, &mut self.observations);
            self.work.viterbi.forward(&self.observations);
        }
        self.stream.done(end);
    }
}
