//! The layer over a stream: blocks of any size in, frames out, with the bits of the whole.

use super::{Sinc, SincOptions};
use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// The streaming form of [`Sinc`] in single precision, for one channel of samples `S`. Memory does not grow with the stream.
#[derive(Clone)]
pub struct OnlineSinc<S> {
    sinc: Sinc<f32>,
    /// Samples from the first one of the next frame on.
    pending: Vec<S>,
    /// Samples still to come before the next frame begins, where the stride is longer than a filter.
    skip: usize,
    flushed: bool,
}

impl<S: Real> OnlineSinc<S> {
    pub fn new(options: &SincOptions) -> Result<Self> {
        Ok(Self { sinc: Sinc::new(options)?, pending: Vec::new(), skip: 0, flushed: false })
    }

    /// Samples after a frame's first one (`frame * stride`) that must be there before it comes out.
    pub fn latency_samples(&self) -> usize {
        self.sinc.options.bands.kernel_size
    }

    /// Takes samples and returns the frames that they complete, `[filters, frames]`. NaN and infinity are errors; the block
    /// is then ignored.
    pub fn accept(&mut self, block: &[S]) -> Result<Vec<f32>> {
        if self.flushed {
            return Err(Error::after_flush());
        }
        check_finite("block", block, false)?;
        let (kept, skip) = (self.pending.len(), self.skip);
        let skipped = skip.min(block.len());
        self.pending.extend_from_slice(&block[skipped..]);
        let options = &self.sinc.options;
        let frames = options.frames(self.pending.len());
        let (used, rows) = (frames * options.stride, self.sinc.convolver.filters());
        let mut out = vec![0.0; rows * frames];
        if frames > 0
            && let Err(error) = self.sinc.frames("block", &self.pending, frames, frames, &mut out)
        {
            self.pending.truncate(kept);
            return Err(error);
        }
        self.skip = skip - skipped + used.saturating_sub(self.pending.len());
        self.pending.drain(..used.min(self.pending.len()));
        Ok(out)
    }

    /// Ends the signal. A frame that is not complete has no values, so there is nothing left.
    pub fn flush(&mut self) -> Vec<f32> {
        self.flushed = true;
        self.pending = Vec::new();
        Vec::new()
    }

    /// Forgets the signal.
    pub fn reset(&mut self) {
        self.pending.clear();
        (self.skip, self.flushed) = (0, false);
    }
}
