//! Where frames lie: their number, their first samples, and the mirrored edges of unsnipped framing.
//! The rules are Kaldi's `NumFrames`, `FirstSampleOfFrame` and `ExtractWindow`.

// Loops count by index on purpose: iterators in a row are not always inlined into the kernels.
#![allow(clippy::needless_range_loop)]

use crate::simd::Real;

/// Frames of a whole signal.
pub fn num_frames(samples: usize, size: usize, shift: usize, snip_edges: bool) -> usize {
    if snip_edges {
        if samples < size { 0 } else { 1 + (samples - size) / shift }
    } else {
        (samples + shift / 2) / shift
    }
}

/// Frames that can be computed while the signal's end is not known yet.
pub fn num_frames_streaming(samples: usize, size: usize, shift: usize, snip_edges: bool) -> usize {
    let complete = num_frames(samples, size, shift, snip_edges);
    if snip_edges || complete == 0 {
        return complete;
    }
    // Frame f needs the samples before first + size: later ones would be mirrored.
    let lead = first_sample(0, size, shift, false) + size as isize;
    let free = samples as isize - lead;
    if free < 0 { 0 } else { complete.min(1 + free as usize / shift) }
}

/// Index of a frame's first sample; negative where unsnipped framing starts before the signal.
pub fn first_sample(frame: usize, size: usize, shift: usize, snip_edges: bool) -> isize {
    let start = (shift * frame) as isize;
    if snip_edges { start } else { start + (shift / 2) as isize - (size / 2) as isize }
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

    #[test]
    fn counts_frames_as_kaldi_does() {
        let counts = |n| (num_frames(n, 400, 160, true), num_frames(n, 400, 160, false));
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
    fn mirrors_as_often_as_needed() {
        let indices: Vec<usize> = (-7..10).map(|i| mirror(i, 3)).collect();
        assert_eq!(indices, [0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2]);
        assert_eq!(mirror(-40, 1), 0);
    }

    #[test]
    fn streams_only_frames_that_need_no_mirrored_end() {
        for (size, shift) in [(400, 160), (25, 10), (7, 3), (8, 11), (2, 9)] {
            for samples in 0..3000 {
                let ready = num_frames_streaming(samples, size, shift, false);
                assert!(ready <= num_frames(samples, size, shift, false));
                if ready > 0 {
                    assert!(first_sample(ready - 1, size, shift, false) + size as isize <= samples as isize);
                }
            }
        }
    }
}
