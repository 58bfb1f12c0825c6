//! Separation of a stream.

use super::outlet::Outlet;
use super::separator::{Separator, Span};
use super::{HpssOptions, Parts, frames, plan};
use crate::Result;
use crate::median::reach;
use crate::simd::Real;
use crate::stft::Stft;
use crate::stft::feed::Feed;

/// One channel in blocks of any size: the parts are bit-identical to the one-shot form however the signal is split,
/// and what is kept does not grow with it.
pub struct OnlineHpss<T> {
    engine: Separator,
    /// For the feed: the engine has its own plan.
    plan: Stft,
    feed: Feed<T>,
    parts: Parts,
    kernel: usize,
    /// Frames and samples that have been returned.
    given: usize,
    samples: usize,
    /// Samples that came in.
    total: usize,
    flushed: bool,
}

impl<T: Real> OnlineHpss<T> {
    /// Checks the options and creates the plan.
    pub fn new(options: &HpssOptions, parts: Parts) -> Result<Self> {
        let engine = plan::<T>(options, parts)?;
        let plan = engine.plan().clone();
        let kernel = options.masks.kernel_size.0;
        Ok(Self { engine, plan, feed: Feed::new(), parts, kernel, given: 0, samples: 0, total: 0, flushed: false })
    }

    /// How far the parts lag behind the signal: a sample is returned at the latest when this many have arrived after its
    /// predecessor.
    pub fn latency_samples(&self) -> usize {
        let (n, hop) = (self.plan.window().len(), self.plan.hop());
        reach(self.kernel).1.saturating_mul(hop).saturating_add(n.max(hop))
    }

    /// About the bytes that it keeps.
    pub fn bytes(&self) -> usize {
        self.engine.bytes()
    }

    /// Takes samples; gives the next ones of each wanted part, as many of each.
    pub fn accept(&mut self, block: &[T]) -> Result<Vec<Vec<T>>> {
        let ready = self.feed.accept(&self.plan, block)?.end;
        self.total += block.len();
        let (left, right) = reach(self.kernel);
        let done = if ready >= left { ready.saturating_sub(right).max(self.given) } else { self.given };
        let stride = self.plan.hop().min(self.plan.window().len());
        let samples = match done {
            0 => 0,
            _ => ((done - 1) * self.plan.hop() + stride).saturating_sub(self.plan.pad()),
        };
        Ok(self.advance(&Span { first: 0, last: None, frames: None, ready }, done, samples))
    }

    /// Ends the signal: the rest of each part. A second flush returns none.
    pub fn flush(&mut self) -> Result<Vec<Vec<T>>> {
        if self.flushed || self.total == 0 {
            self.feed.flush(&self.plan);
            self.flushed = true;
            return Ok(vec![Vec::new(); self.parts.count()]);
        }
        let frames = frames(&self.plan, self.total)?;
        self.feed.flush(&self.plan);
        self.flushed = true;
        Ok(self.advance(&Span::of(0, frames, frames), frames, self.total))
    }

    /// Resets the stream; the plan is kept.
    pub fn reset(&mut self) {
        self.feed.reset();
        self.engine.begin(0);
        (self.given, self.samples, self.total, self.flushed) = (0, 0, 0, false);
    }

    /// Goes on until `done` frames and `samples` samples have been returned.
    fn advance(&mut self, span: &Span, done: usize, samples: usize) -> Vec<Vec<T>> {
        let mut results = vec![vec![T::zero(); samples - self.samples]; self.parts.count()];
        let mut outlet = Outlet::new(self.samples, results.iter_mut().map(Vec::as_mut_slice), self.parts);
        self.engine.advance(&self.feed.signal(&self.plan), span, &mut outlet);
        self.feed.release(&self.plan, done);
        (self.given, self.samples) = (done, samples);
        results
    }
}
