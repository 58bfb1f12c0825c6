//! The features of a stream, where they need no statistics of the whole signal.

use super::emphasis::Emphasis;
use super::normalize::normalize;
use super::{Nemo, NemoOptions, Normalize};
use crate::simd::Real;
use crate::stft::feed::Feed;
use crate::{Error, Result};
use std::marker::PhantomData;
use std::ops::Range;

/// Takes samples in blocks of any size and gives each frame as soon as its samples are there: the same bits as the
/// one-shot form of the whole signal. One channel.
pub struct OnlineNemo<T> {
    plan: Nemo,
    emphasis: Emphasis,
    /// The signal as frames are cut from it.
    feed: Feed<f64>,
    samples: usize,
    /// The next frame.
    next: usize,
    flushed: bool,
    element: PhantomData<T>,
}

impl<T: Real> OnlineNemo<T> {
    /// Checks the options and creates the plan.
    pub fn new(options: NemoOptions) -> Result<Self> {
        if !matches!(options.normalize, Normalize::None | Normalize::Fixed) {
            let actual = if options.normalize == Normalize::PerFeature { "per_feature" } else { "all_features" };
            return Err(Error::argument("normalize", "none or fixed in a stream, whose end is not known", actual));
        }
        let plan = Nemo::new(options)?;
        let emphasis = Emphasis::new(&plan.options);
        let feed = Feed::new();
        Ok(Self { plan, emphasis, feed, samples: 0, next: 0, flushed: false, element: PhantomData })
    }

    /// The plan behind it.
    pub fn plan(&self) -> &Nemo {
        &self.plan
    }

    /// Samples after a frame's reference sample (`frame * n_window_stride`) that must have arrived before the frame is
    /// returned.
    pub fn latency_samples(&self) -> usize {
        let options = &self.plan.options;
        let stft = self.plan.mel.stft();
        let frame = match (options.exact_pad, options.preemph) {
            (true, None) => stft.latency_samples() - options.padding(),
            _ => stft.latency_samples(),
        };
        // A frame is valid once there is certain to be another one.
        frame.max(self.plan.least_samples())
    }

    /// Takes samples; the values of the frames that are ready, `[rows, frames]`.
    pub fn accept(&mut self, block: &[T]) -> Result<Vec<T>> {
        if self.flushed {
            return Err(Error::after_flush());
        }
        self.plan.check_samples("block", block)?;
        let mut fresh = Vec::new();
        self.emphasis.accept(block, &mut fresh);
        self.samples += block.len();
        let ready = self.feed.accept(self.plan.mel.stft(), &fresh)?;
        let valid = self.plan.valid(self.samples);
        self.take(self.next..ready.end.min(valid).max(self.next), 0)
    }

    /// Ends the signal: the frames that were still waiting, and the columns of padding after the last valid one. A second
    /// flush returns none.
    pub fn flush(&mut self) -> Result<Vec<T>> {
        let valid = self.plan.valid(self.samples);
        if std::mem::replace(&mut self.flushed, true) || valid == 0 {
            return Ok(Vec::new());
        }
        let mut rest = Vec::new();
        self.emphasis.flush(&mut rest);
        self.feed.accept(self.plan.mel.stft(), &rest)?;
        self.feed.flush(self.plan.mel.stft());
        self.take(self.next..valid, self.plan.width(valid) - valid)
    }

    /// Resets the stream; the plan is kept.
    pub fn reset(&mut self) {
        self.emphasis.reset();
        self.feed.reset();
        (self.samples, self.next, self.flushed) = (0, 0, false);
    }

    fn take(&mut self, range: Range<usize>, padding: usize) -> Result<Vec<T>> {
        let Self { plan, feed, .. } = self;
        let (count, columns) = (range.len(), range.len() + padding);
        let mut output = vec![T::of(plan.options.pad_value); plan.rows() * columns];
        let signal = feed.signal(plan.mel.stft());
        let features: Vec<T> = plan.mel.part(&signal, range.clone());
        for (row, output) in features.chunks_exact(count.max(1)).zip(output.chunks_exact_mut(columns.max(1))) {
            output[..count].copy_from_slice(row);
        }
        normalize(&plan.options, plan.mel.offsets(), &mut output, count, columns.max(1));
        plan.check_output("block", &output)?;
        feed.release(plan.mel.stft(), range.end);
        self.next = range.end;
        Ok(output)
    }
}
