//! The streaming form: frames are returned as soon as their samples have arrived, bit-identical to the one-shot form.

use super::extract::{Extractor, Workspace};
use super::frames::Stretch;
use crate::simd::Real;
use crate::{Error, Result, check_finite};
use std::sync::Arc;

/// A stream of samples that becomes a stream of frames.
pub struct Online {
    extractor: Arc<Extractor>,
    workspace: Workspace,
    /// The samples from number `offset` on, in double precision whatever came: what one frame starts from anyway.
    kept: Vec<f64>,
    offset: usize,
    frames: usize,
    flushed: bool,
}

impl Online {
    /// Refuses options that need the whole signal.
    pub fn new(extractor: Arc<Extractor>) -> Result<Self> {
        let options = &extractor.options().frames;
        if options.subtract_mean {
            return Err(whole_signal("subtractMean", "false", "true", "use a running normalisation instead"));
        }
        if options.min_duration > 0.0 {
            return Err(whole_signal("minDuration", "0", &options.min_duration.to_string(), "leave it out"));
        }
        Ok(Self { extractor, workspace: Workspace::default(), kept: Vec::new(), offset: 0, frames: 0, flushed: false })
    }

    /// Samples needed before the first frame.
    pub fn latency(&self) -> usize {
        let framing = self.extractor.framing();
        (framing.first_sample(0) + framing.size as isize).max(1) as usize
    }

    /// Columns of each frame.
    pub fn columns(&self) -> usize {
        self.extractor.columns()
    }

    /// Takes samples, returns the frames that they complete.
    pub fn accept<S: Real, O: Real>(&mut self, block: &[S]) -> Result<Vec<O>> {
        if self.flushed {
            return Err(Error::new(
                "ERR_DSP_ARGUMENT",
                "block",
                "no samples after flush",
                format!("{} samples", block.len()),
                "the stream was flushed: call reset before the next one",
            ));
        }
        check_finite("block", block, false)?;
        self.kept.extend(block.iter().map(|x| x.to_f64()));
        let out = self.emit(self.extractor.framing().num_frames_streaming(self.total()));
        self.forget();
        Ok(out)
    }

    /// Ends the stream: returns the frames that depend on where it ends.
    pub fn flush<O: Real>(&mut self) -> Vec<O> {
        if self.flushed {
            return Vec::new();
        }
        self.flushed = true;
        let out = self.emit(self.extractor.framing().num_frames(self.total()));
        (self.kept, self.workspace) = (Vec::new(), Workspace::default());
        out
    }

    /// Resets the stream: the next sample is the first of a new one.
    pub fn reset(&mut self) {
        self.kept.clear();
        self.offset = 0;
        self.frames = 0;
        self.flushed = false;
    }

    fn total(&self) -> usize {
        self.offset + self.kept.len()
    }

    fn emit<O: Real>(&mut self, until: usize) -> Vec<O> {
        let mut out = vec![O::default(); until.saturating_sub(self.frames) * self.extractor.columns()];
        let stretch = Stretch { data: &self.kept, offset: self.offset, total: self.total() };
        self.extractor.frames(stretch, self.frames, &mut out, &mut self.workspace);
        self.frames = self.frames.max(until);
        out
    }

    /// Drops what no later frame can read: a mirrored end reaches back one window at most.
    fn forget(&mut self) {
        let framing = self.extractor.framing();
        let next = framing.first_sample(self.frames).max(0) as usize;
        let mirrored = self.total().saturating_sub(framing.size + 1);
        let keep_from = if framing.snip_edges { next } else { next.min(mirrored) };
        let drop = keep_from.saturating_sub(self.offset).min(self.kept.len());
        self.kept.drain(..drop);
        self.offset += drop;
    }
}

fn whole_signal(option: &str, expected: &str, actual: &str, advice: &str) -> Error {
    Error::new(
        "ERR_DSP_ARGUMENT",
        option,
        expected,
        actual,
        format!("{option} needs the whole signal, which a stream never has: {advice}"),
    )
}
