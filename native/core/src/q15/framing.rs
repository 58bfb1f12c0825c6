//! Frames of 16-bit samples, as they come in and as Whisper has them: centred on every `hop`-th sample, the signal's start
//! mirrored, zeros after its end. (Whisper pads recordings with zeros to 30 s before it frames them.)

use super::tables::FRAME;
use crate::finite::not_finite;
use crate::simd::{Real, all_finite};
use crate::{Error, Result, options};

options! {
    /// Where frames lie.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct FramingOptions {
        /// Samples between frames.
        pub hop_length: usize,
        /// Whether a frame's reference sample is its middle, or its first.
        pub center: bool,
    }
}

/// A float sample in [-1, 1] as 16 bits: rounded to nearest, halves away from zero; beyond the range, the range's end.
pub fn sample16<T: Real>(sample: T) -> i16 {
    (sample.to_f64() * 32768.0).round() as i16
}

/// Samples that wait for the rest of their frames.
#[derive(Clone, Debug)]
pub struct Framing {
    options: FramingOptions,
    /// From the next frame's first sample on. Before the first frame of centred ones: all of them.
    held: Vec<i16>,
    /// Samples of the signal so far, frames given so far.
    samples: usize,
    frames: usize,
    /// Whether `held` begins with the mirrored start.
    mirrored: bool,
    /// Samples between the end of `held` and the next frame, where the hop is longer than a frame.
    skip: usize,
}

impl Framing {
    /// Checks the options.
    pub fn new(options: &FramingOptions) -> Result<Self> {
        if options.hop_length == 0 {
            return Err(Error::argument("hopLength", "at least 1", 0));
        }
        Ok(Self { options: *options, held: Vec::new(), samples: 0, frames: 0, mirrored: !options.center, skip: 0 })
    }

    /// Frames of a whole signal.
    pub fn count(&self, samples: usize) -> usize {
        let hop = self.options.hop_length;
        if self.options.center { samples / hop } else { (samples + hop).saturating_sub(FRAME) / hop }
    }

    /// Samples after a frame's reference sample, with it, that must be there before the frame is given.
    pub fn latency_samples(&self) -> usize {
        // The first of centred frames needs one more, whose mirror image it begins with; and the last one is a whole hop
        // before the end.
        if self.options.center { self.options.hop_length.max(FRAME / 2 + 1) } else { FRAME }
    }

    /// Takes a block and gives `frame` each frame that it completes.
    pub fn accept<T: Real>(&mut self, block: &[T], frame: impl FnMut(&[i16])) -> Result<()> {
        if !all_finite(block) {
            return Err(not_finite("block", block));
        }
        self.samples += block.len();
        let skipped = self.skip.min(block.len());
        self.skip -= skipped;
        self.held.extend(block[skipped..].iter().map(|&sample| sample16(sample)));
        if !self.mirrored && self.samples > FRAME / 2 {
            self.mirror();
        }
        if self.mirrored {
            self.give(self.count(self.samples), frame);
        }
        Ok(())
    }

    /// Ends the signal: the frames that reach beyond its end, if they are centred.
    pub fn flush(&mut self, frame: impl FnMut(&[i16])) {
        let due = self.count(self.samples);
        if self.options.center && due > self.frames {
            if !self.mirrored {
                self.mirror();
            }
            let ahead = (due - self.frames - 1) * self.options.hop_length + FRAME;
            self.held.resize(self.held.len().max(ahead.saturating_sub(self.skip)), 0);
            self.skip = 0;
            self.give(due, frame);
        }
        self.reset();
    }

    /// Forgets the signal.
    pub fn reset(&mut self) {
        (self.samples, self.frames, self.mirrored, self.skip) = (0, 0, !self.options.center, 0);
        self.held.clear();
    }

    /// Puts the mirrored start before the signal, of which a short one goes on with zeros.
    fn mirror(&mut self) {
        let at = |i: usize| self.held.get(i).copied().unwrap_or(0);
        let start: Vec<i16> = (1..=FRAME / 2).rev().map(at).collect();
        self.held.splice(0..0, start);
        self.mirrored = true;
    }

    fn give(&mut self, due: usize, mut frame: impl FnMut(&[i16])) {
        let hop = self.options.hop_length;
        let mut at = 0;
        while self.frames < due && at + FRAME <= self.held.len() {
            frame(&self.held[at..at + FRAME]);
            self.frames += 1;
            at += hop;
        }
        let gone = at.min(self.held.len());
        self.skip += at - gone;
        self.held.drain(..gone);
    }
}

/// The frames of one signal, one after another, as 16-bit samples.
pub fn frames16<T: Real>(y: &[T], options: &FramingOptions) -> Result<Vec<i16>> {
    let mut framing = Framing::new(options)?;
    let count = frames_of(&framing, y.len())?;
    let mut frames = Vec::with_capacity(count * FRAME);
    framing.accept(y, |frame| frames.extend_from_slice(frame)).map_err(|error| error.renamed("block", "y"))?;
    framing.flush(|frame| frames.extend_from_slice(frame));
    Ok(frames)
}

/// The number of frames of a signal that has at least one.
pub(super) fn frames_of(framing: &Framing, samples: usize) -> Result<usize> {
    let least = if framing.options.center { framing.options.hop_length } else { FRAME };
    match framing.count(samples) {
        0 => Err(Error::shape("y", format!("at least {least} samples"), samples)),
        count => Ok(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(y: &[i16], options: &FramingOptions) -> Vec<i16> {
        let hop = options.hop_length as isize;
        let pad = if options.center { FRAME as isize / 2 } else { 0 };
        let at = |i: isize| y.get(i.unsigned_abs()).copied().unwrap_or(0);
        let mut all = Vec::new();
        let n = y.len() as isize;
        let due = if options.center { n / hop } else { (n + hop - FRAME as isize).max(0) / hop };
        for t in 0..due {
            all.extend((0..FRAME as isize).map(|i| at(t * hop + i - pad)));
        }
        all
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_give_the_frames_of_the_definition(
            length in 0usize..3000,
            hop_length in prop_oneof![1usize..20, 100usize..700],
            center: bool,
            cuts in prop::collection::vec(0usize..3000, 0..6),
        ) {
            let y: Vec<i16> = (0..length).map(|i| (i * 7919 % 65536) as u16 as i16).collect();
            let floats: Vec<f32> = y.iter().map(|&y| f32::from(y) / 32768.0).collect();
            let options = FramingOptions { hop_length, center };
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(length)).chain([0, length]).collect();
            cuts.sort_unstable();
            let mut framing = Framing::new(&options).unwrap();
            for _ in 0..2 {
                let mut ours = Vec::new();
                for two in cuts.windows(2) {
                    framing.accept(&floats[two[0]..two[1]], |frame| ours.extend_from_slice(frame)).unwrap();
                }
                framing.flush(|frame| ours.extend_from_slice(frame));
                prop_assert_eq!(&ours, &naive(&y, &options));
            }
        }
    }

    #[test]
    fn samples_are_rounded_and_saturated() {
        let cases = [(0.0, 0), (1.0, 32767), (-1.0, -32768), (9.0, 32767), (-9.0, -32768), (1.5 / 32768.0, 2)];
        for (sample, expected) in cases {
            assert_eq!(sample16(sample), expected);
            assert_eq!(sample16(sample as f32), expected);
        }
        assert!((i16::MIN..=i16::MAX).all(|x| sample16(f32::from(x) / 32768.0) == x));
    }
}
