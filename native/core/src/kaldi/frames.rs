//! Where frames lie: their number, their first samples, and the mirrored edges of unsnipped framing.
//! The rules are Kaldi's `NumFrames`, `FirstSampleOfFrame` and `ExtractWindow`; lhotse's `_get_strided_batch` differs from
//! them in how it rounds the first frame's place.

// Loops count by index on purpose: iterators in a row are not always inlined into the kernels.
#![allow(clippy::needless_range_loop)]

use crate::simd::Real;
use crate::{Error, Result, option_words};

option_words!(Padding);

/// Where the first frame of unsnipped framing starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Kaldi, kaldi-native-fbank and torchaudio: `size / 2 - shift / 2` samples before the signal.
    Kaldi,
    /// `(size - shift) / 2`: one sample less where the size is even and the shift odd.
    Lhotse,
}

impl Padding {
    /// Finds a rule by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "kaldi" => Ok(Self::Kaldi),
            "lhotse" => Ok(Self::Lhotse),
            other => Err(Error::argument("padding", "kaldi or lhotse", other)),
        }
    }
}

/// How a signal is cut into frames.
#[derive(Debug, Clone, Copy)]
pub struct Framing {
    /// Samples in a frame.
    pub size: usize,
    /// Samples between the starts of neighbouring frames.
    pub shift: usize,
    /// Only frames that lie within the signal.
    pub snip_edges: bool,
    /// Without `snip_edges`.
    pub padding: Padding,
}

impl Framing {
    /// Frames of a whole signal.
    pub fn num_frames(&self, samples: usize) -> usize {
        if !self.snip_edges {
            (samples + self.shift / 2) / self.shift
        } else if samples < self.size {
            0
        } else {
            1 + (samples - self.size) / self.shift
        }
    }

    /// Frames that can be computed while the signal's end is not known yet.
    pub fn num_frames_streaming(&self, samples: usize) -> usize {
        let complete = self.num_frames(samples);
        if self.snip_edges || complete == 0 {
            return complete;
        }
        // Frame f needs the samples before first + size: later ones would be mirrored.
        let free = samples as isize - (self.first_sample(0) + self.size as isize);
        if free < 0 { 0 } else { complete.min(1 + free as usize / self.shift) }
    }

    /// Index of a frame's first sample; negative where unsnipped framing starts before the signal.
    pub fn first_sample(&self, frame: usize) -> isize {
        let (size, shift) = (self.size as isize, self.shift as isize);
        let lead = match self.padding {
            _ if self.snip_edges => 0,
            Padding::Kaldi => size / 2 - shift / 2,
            Padding::Lhotse => (size - shift).div_euclid(2),
        };
        shift * frame as isize - lead
    }
}

/// Reflects an index into `0..samples`: -1 is 0, `samples` is `samples - 1`.
pub fn mirror(index: isize, samples: usize) -> usize {
    let period = 2 * samples as isize;
    let folded = index.rem_euclid(period);
    if folded < samples as isize { folded as usize } else { (period - 1 - folded) as usize }
}

/// A stretch of a signal: `data[0]` is the signal's sample number `offset`; the signal has `total` samples so far.
#[derive(Clone, Copy)]
pub struct Stretch<'a, S> {
    pub data: &'a [S],
    pub offset: usize,
    pub total: usize,
}

impl<S: Real> Stretch<'_, S> {
    /// Copies the frame that starts at `first` into `out`, mirroring what lies outside the signal.
    #[inline(always)]
    pub fn read(&self, first: isize, out: &mut [f64]) {
        let last = first + out.len() as isize;
        if first >= self.offset as isize && last <= self.total as isize {
            let at = first as usize - self.offset;
            let from = &self.data[at..at + out.len()];
            for i in 0..out.len() {
                out[i] = from[i].to_f64();
            }
        } else {
            for (i, to) in out.iter_mut().enumerate() {
                *to = self.data[mirror(first + i as isize, self.total) - self.offset].to_f64();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(size: usize, shift: usize, snip_edges: bool, padding: Padding) -> Framing {
        Framing { size, shift, snip_edges, padding }
    }

    #[test]
    fn counts_frames_as_kaldi_does() {
        let (snipped, mirrored) = (framing(400, 160, true, Padding::Kaldi), framing(400, 160, false, Padding::Kaldi));
        let counts = |n| (snipped.num_frames(n), mirrored.num_frames(n));
        assert_eq!(counts(0), (0, 0));
        assert_eq!(counts(79), (0, 0));
        assert_eq!(counts(80), (0, 1));
        assert_eq!(counts(399), (0, 2));
        assert_eq!(counts(400), (1, 3));
        assert_eq!(counts(559), (1, 3));
        assert_eq!(counts(560), (2, 4));
        assert_eq!(counts(960_000), (5998, 6000));
    }

    #[test]
    fn places_the_first_frame_as_each_reference_does() {
        let first = |size, shift| {
            [Padding::Kaldi, Padding::Lhotse].map(|padding| framing(size, shift, false, padding).first_sample(0))
        };
        assert_eq!(first(1102, 441), [-331, -330]);
        assert_eq!(first(551, 220), [-165, -165]);
        assert_eq!(first(551, 221), [-165, -165]);
        assert_eq!(first(400, 160), [-120, -120]);
        assert_eq!(first(8, 11), [1, 2]);
        assert_eq!(framing(1102, 441, true, Padding::Lhotse).first_sample(2), 882);
    }

    #[test]
    fn mirrors_as_often_as_needed() {
        let indices: Vec<usize> = (-7..10).map(|i| mirror(i, 3)).collect();
        assert_eq!(indices, [0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2]);
        assert_eq!(mirror(-40, 1), 0);
    }

    #[test]
    fn streams_only_frames_that_need_no_mirrored_end() {
        for (size, shift) in [(400, 160), (25, 10), (7, 3), (8, 11), (2, 9)] {
            for (samples, padding) in (0..3000).flat_map(|n| [(n, Padding::Kaldi), (n, Padding::Lhotse)]) {
                let framing = framing(size, shift, false, padding);
                let ready = framing.num_frames_streaming(samples);
                assert!(ready <= framing.num_frames(samples));
                if ready > 0 {
                    assert!(framing.first_sample(ready - 1) + size as isize <= samples as isize);
                }
            }
        }
    }
}
