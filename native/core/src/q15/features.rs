//! Signals to the kernel's codes: framing and the reference of the kernel together.

use super::framing::{Framing, frames_of};
use super::{FramingOptions, Output, Pipeline, Profile, ProfileOptions};
use crate::jobs::for_signals;
use crate::simd::Real;
use crate::{Error, Result, options};

options! {
    /// The options of Q15 mel features.
    #[derive(Clone, Debug, PartialEq)]
    pub struct MelQ15Options {
        pub bank: ProfileOptions,
        pub output: Output,
        /// Of `linear-int8`: its codes are the magnitude times this over `2^24`.
        pub linear_gain: usize,
        pub framing: FramingOptions,
    }
}

/// Codes of one format, `[frames, filters]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeValues {
    Int8(Vec<i8>),
    Int16(Vec<i16>),
}

/// Planned Q15 mel features.
#[derive(Clone, Debug)]
pub struct MelQ15 {
    pipeline: Pipeline,
    output: Output,
    framing: Framing,
}

impl MelQ15 {
    /// Checks the options and makes the tables.
    pub fn new(options: &MelQ15Options) -> Result<Self> {
        let MelQ15Options { bank, output, linear_gain, framing } = options;
        let gain = u16::try_from(*linear_gain)
            .map_err(|_| Error::argument("linearGain", "between 1 and 65535", linear_gain))?;
        let pipeline = Pipeline::new(&Profile::new(bank)?.bank, *output)?.with_linear_gain(gain);
        let pipeline = pipeline.map_err(|error| error.renamed("gain", "linearGain"))?;
        Ok(Self { pipeline, output: *output, framing: Framing::new(framing)? })
    }

    /// Codes per frame.
    pub fn filters(&self) -> usize {
        self.pipeline.filters()
    }

    /// Samples after a frame's reference sample, with it, that must be there before the frame is given.
    pub fn latency_samples(&self) -> usize {
        self.framing.latency_samples()
    }

    /// Channels of `samples` samples to `[channels, frames, filters]`.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize) -> Result<CodeValues> {
        let frames = frames_of(&self.framing, samples)?;
        let mut codes = Vec::with_capacity(y.len() / samples * frames * self.filters() * self.output.bytes());
        for channel in y.chunks_exact(samples) {
            self.framing.reset();
            self.take(channel, &mut codes).map_err(|error| error.renamed("block", "y"))?;
            self.rest(&mut codes);
        }
        Ok(self.values(&codes))
    }

    /// Many signals of one channel each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<CodeValues>> {
        for_signals(threads, signals, self, |plan, y| plan.forward(y, y.len()))
    }

    /// Takes a block of a stream and gives the codes of the frames that it completes.
    pub fn accept<T: Real>(&mut self, block: &[T]) -> Result<CodeValues> {
        let mut codes = Vec::new();
        self.take(block, &mut codes)?;
        Ok(self.values(&codes))
    }

    /// Ends the stream: the codes of the frames that reach beyond its end.
    pub fn flush(&mut self) -> CodeValues {
        let mut codes = Vec::new();
        self.rest(&mut codes);
        self.values(&codes)
    }

    /// Resets the stream.
    pub fn reset(&mut self) {
        self.framing.reset();
    }

    fn take<T: Real>(&mut self, block: &[T], codes: &mut Vec<u8>) -> Result<()> {
        let Self { pipeline, output, framing } = self;
        framing.accept(block, |frame| run(pipeline, *output, frame, codes))
    }

    fn rest(&mut self, codes: &mut Vec<u8>) {
        let Self { pipeline, output, framing } = self;
        framing.flush(|frame| run(pipeline, *output, frame, codes));
    }

    fn values(&self, codes: &[u8]) -> CodeValues {
        if self.output == Output::Log2Int16 {
            CodeValues::Int16(codes.chunks_exact(2).map(|two| i16::from_ne_bytes([two[0], two[1]])).collect())
        } else {
            CodeValues::Int8(codes.iter().map(|&code| code as i8).collect())
        }
    }
}

/// Adds the codes of a frame, whose length is the kernel's.
fn run(pipeline: &Pipeline, output: Output, frame: &[i16], codes: &mut Vec<u8>) {
    let before = codes.len();
    codes.resize(before + pipeline.filters() * output.bytes(), 0);
    let done = pipeline.run(frame, &mut codes[before..]);
    debug_assert!(done.is_ok(), "the sizes are the pipeline's own");
}
