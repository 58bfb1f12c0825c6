//! The streaming form: blocks of any length in, the one-shot form's very samples out.

use std::sync::Arc;

use super::{Options, Resampler, Sample, check_finite};
use crate::{Error, Result};

/// One channel on its way through a [`Resampler`]. Its memory is one filter length and the block at hand.
pub struct OnlineResampler<T> {
    plan: Arc<Resampler<T>>,
    /// Input from position `origin` on.
    pending: Vec<T>,
    origin: i64,
    /// Input samples accepted.
    received: usize,
    /// Output samples given.
    given: usize,
}

impl<T: Sample> OnlineResampler<T> {
    pub fn new(options: &Options) -> Result<Self> {
        Ok(Self::with_plan(Arc::new(Resampler::new(options)?)))
    }

    /// One of several channels that share their coefficients.
    pub fn with_plan(plan: Arc<Resampler<T>>) -> Self {
        let mut online = Self { plan, pending: Vec::new(), origin: 0, received: 0, given: 0 };
        online.reset();
        online
    }

    /// Resets the stream; the next block starts a new signal.
    pub fn reset(&mut self) {
        self.pending.clear();
        self.received = 0;
        self.given = 0;
        self.origin = 0;
        if self.plan.orig != self.plan.new {
            // The zeros that stand before the first sample.
            self.origin = self.plan.start(0).min(0);
            self.pending.resize(self.origin.unsigned_abs() as usize, T::default());
        }
    }

    /// Input samples that must have come after an output sample's own instant before it is given.
    pub fn latency(&self) -> usize {
        let plan = &self.plan;
        let reach = |(phase, first): (usize, &isize)| {
            let at = (phase as u64 * plan.orig as u64 / plan.new as u64) as isize;
            first + plan.kernel.taps as isize - at
        };
        plan.kernel.first.iter().enumerate().map(reach).max().unwrap_or(0).max(0) as usize
    }

    /// Takes a block and returns the output that it completes.
    pub fn accept(&mut self, block: &[T]) -> Vec<T> {
        self.received += block.len();
        if self.plan.orig == self.plan.new {
            self.given += block.len();
            return block.to_vec();
        }
        self.pending.extend_from_slice(block);
        let taps = self.plan.kernel.taps as i64;
        let limit = self.plan.output_len(self.received).max(self.given);
        let ready = super::partition(self.given, limit, |n| self.plan.start(n) + taps <= self.received as i64);
        self.give(ready)
    }

    /// Ends the signal: the rest of the output, with zeros after the last sample. The next block begins another signal.
    pub fn flush(&mut self) -> Vec<T> {
        let end = self.plan.output_len(self.received);
        let rest = if self.plan.orig == self.plan.new { Vec::new() } else { self.give(end.max(self.given)) };
        self.reset();
        rest
    }

    fn give(&mut self, end: usize) -> Vec<T> {
        let mut out = vec![T::default(); end - self.given];
        self.plan.range(&self.pending, self.origin, self.given, &mut out);
        self.given = end;
        // A strong downsampling may have its next window start beyond what has come.
        let spent = (self.plan.start(end) - self.origin).clamp(0, self.pending.len() as i64);
        self.pending.drain(..spent as usize);
        self.origin += spent;
        out
    }
}

/// Some channels on their way through one [`Resampler`]; blocks hold them one after another.
pub struct OnlineChannels<T>(Vec<OnlineResampler<T>>);

impl<T: Sample> OnlineChannels<T> {
    pub fn new(options: &Options, channels: usize) -> Result<Self> {
        let plan = Arc::new(Resampler::new(options)?);
        Ok(Self((0..channels).map(|_| OnlineResampler::with_plan(Arc::clone(&plan))).collect()))
    }

    /// See [`OnlineResampler::latency`].
    pub fn latency_samples(&self) -> usize {
        self.0.first().map_or(0, OnlineResampler::latency)
    }

    /// Takes a block and returns the output that it completes. NaN and infinity are errors; the block is then ignored.
    pub fn accept(&mut self, block: &[T]) -> Result<Vec<T>> {
        check_finite("block", block, false)?;
        if block.len().checked_rem(self.0.len()).is_none_or(|rest| rest != 0) {
            let expected = format!("{} channels of equal length", self.0.len());
            return Err(Error::shape("block", expected, format!("{} samples", block.len())));
        }
        let samples = block.len() / self.0.len();
        let channels = self.0.iter_mut().enumerate();
        Ok(channels.flat_map(|(i, channel)| channel.accept(&block[i * samples..][..samples])).collect())
    }

    /// Ends the signal: the rest of the output.
    pub fn flush(&mut self) -> Vec<T> {
        self.0.iter_mut().flat_map(OnlineResampler::flush).collect()
    }

    /// Resets the stream.
    pub fn reset(&mut self) {
        self.0.iter_mut().for_each(OnlineResampler::reset);
    }
}
