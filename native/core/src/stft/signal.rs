//! A signal that frames are cut from: padded at its edges where frames reach over them.

use super::PadMode;
use super::padding::Padding;
use crate::simd::{Kernel, Level, Real, Simd};
use std::any::TypeId;

/// A signal of `length` samples, of which `samples` are those from `first` on; reading others is a bug and panics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signal<'a, T> {
    pub samples: &'a [T],
    pub first: usize,
    length: usize,
    /// Frame 0 begins so many samples before the first sample.
    pad: i64,
    outside: Outside<'a>,
}

/// Where the samples outside of a signal come from.
#[derive(Debug, Clone, Copy)]
enum Outside<'a> {
    Mode(PadMode),
    /// Reflected, but for the sample at one position, which comes from another place.
    Reflect {
        position: i64,
        source: usize,
    },
    Known(&'a Padding),
}

impl<'a, T: Real> Signal<'a, T> {
    /// A whole signal.
    pub fn whole(samples: &'a [T], mode: PadMode) -> Self {
        Self::part(samples, 0, samples.len(), mode)
    }

    /// The samples from `first` on of a signal of `length` samples.
    pub fn part(samples: &'a [T], first: usize, length: usize, mode: PadMode) -> Self {
        Self { samples, first, length, pad: 0, outside: Outside::Mode(mode) }
    }

    /// The same with padding that was worked out in advance.
    pub fn padded(samples: &'a [T], first: usize, length: usize, padding: &'a Padding) -> Self {
        Self { samples, first, length, pad: 0, outside: Outside::Known(padding) }
    }

    /// A signal for frames of `n_fft` samples that are `hop` apart and centred.
    ///
    /// librosa pads the end of a signal by itself, beginning with the first frame that reaches into the padding. Where that
    /// leaves it `n_fft / 2` samples only, which is one too few to mirror, the last sample of the padding turns back.
    pub fn centred(samples: &'a [T], n_fft: usize, hop: usize, mode: PadMode) -> Self {
        let (n, pad) = (samples.len(), n_fft / 2);
        let turns = mode == PadMode::Reflect
            && n_fft.is_multiple_of(2)
            && n_fft > 2
            && n.is_multiple_of(hop)
            && pad <= hop
            && n / hop > 1;
        let signal = Self { pad: pad as i64, ..Self::whole(samples, mode) };
        if turns {
            let outside = Outside::Reflect { position: (n + pad - 1) as i64, source: n - pad + 1 };
            return Self { outside, ..signal };
        }
        signal
    }

    /// The same signal with its frame 0 at this position.
    pub fn starting_at(self, start: i64) -> Self {
        Self { pad: -start, ..self }
    }

    /// Position of a frame's first sample.
    pub fn start(&self, frame: usize, hop: usize) -> i64 {
        (frame * hop) as i64 - self.pad
    }

    /// The `length` samples from `start` on and those after them, where they need no padding.
    pub fn inside(&self, start: i64, length: usize) -> Option<(&'a [T], &'a [T])> {
        let start = usize::try_from(start).ok()?.checked_sub(self.first)?;
        self.samples.get(start..)?.split_at_checked(length)
    }

    /// The `length` samples from `start` on where they lie, where they need no padding and are of type `C`.
    pub fn inside_as<C: Real>(&self, start: i64, length: usize) -> Option<&'a [C]> {
        if TypeId::of::<T>() != TypeId::of::<C>() {
            return None;
        }
        let (samples, _) = self.inside(start, length)?;
        // SAFETY: the two types are one.
        Some(unsafe { std::slice::from_raw_parts(samples.as_ptr().cast::<C>(), samples.len()) })
    }

    /// Writes the samples from position `start` on, which may lie outside the signal.
    pub fn copy<C: Real>(&self, start: i64, to: &mut [C]) {
        let end = start + to.len() as i64;
        let n = self.length as i64;
        // Padding, signal, padding: each part may be empty.
        let body = (0i64.clamp(start, end) - start) as usize;
        let tail = ((n.clamp(start, end) - start) as usize).max(body);
        if body < tail {
            let from = (start + body as i64) as usize - self.first;
            let to = &mut to[body..tail];
            // SAFETY: the level was found on this machine.
            unsafe { Level::best().run(Convert { from: &self.samples[from..][..to.len()], to }) }
        }
        for i in (0..body).chain(tail..to.len()) {
            to[i] = self.padding(start + i as i64);
        }
    }

    /// The sample at a position outside of the signal.
    fn padding<C: Real>(&self, at: i64) -> C {
        let source = match self.outside {
            Outside::Known(padding) => return C::of(padding.at(at, self.length)),
            Outside::Reflect { position, source } if position == at => Some(source),
            Outside::Reflect { .. } => PadMode::Reflect.source(at, self.length),
            Outside::Mode(mode) => mode.source(at, self.length),
        };
        source.map_or(C::zero(), |i| C::of(self.samples[i - self.first].to_f64()))
    }

    /// Puts the samples of `count` frames, at most `C::LANES`, into `segment`, ready to be gathered into lanes. Frames have
    /// `n` samples, are `hop` apart, and the first one begins at `start`. The distance between frames in the segment.
    pub fn cut<C: Real>(&self, start: i64, n: usize, hop: usize, count: usize, segment: &mut Vec<C>) -> usize {
        if hop > n {
            self.cut_apart(start, n, hop, count, segment);
            segment.resize(C::LANES * n, C::zero());
            return n;
        }
        segment.resize((C::LANES - 1) * hop + n, C::zero());
        self.copy(start, &mut segment[..(count - 1) * hop + n]);
        hop
    }

    /// The same with frames one after another, without the samples that they share or that lie between them.
    pub fn cut_apart<C: Real>(&self, start: i64, n: usize, hop: usize, count: usize, segment: &mut Vec<C>) {
        segment.resize(count * n, C::zero());
        for (i, frame) in segment.chunks_exact_mut(n).enumerate() {
            self.copy(start + (i * hop) as i64, frame);
        }
    }
}

/// Changes the precision of samples.
struct Convert<'a, T, C> {
    from: &'a [T],
    to: &'a mut [C],
}

impl<T: Real, C: Real> Kernel<C> for Convert<'_, T, C> {
    type Output = ();

    // By index: iterators are not always inlined into the kernel, and then lack its instruction set.
    #[allow(clippy::needless_range_loop)]
    #[inline(always)]
    unsafe fn run<V: Simd<Elem = C>>(self) {
        let Self { from, to } = self;
        assert_eq!(from.len(), to.len());
        for i in 0..to.len() {
            to[i] = C::of(from[i].to_f64());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_across_the_ends() {
        let y = [1.0f32, 2.0, 3.0];
        let padding = Padding::new(&y, 2, crate::stft::padding::PadMode::Wrap);
        let signal = Signal::padded(&y, 0, 3, &padding);
        let whole = [2.0, 3.0, 1.0, 2.0, 3.0, 1.0, 2.0];
        for start in 0..7 {
            for end in start..=7 {
                let mut to = vec![9.0; end - start];
                signal.copy(start as i64 - 2, &mut to);
                assert_eq!(to, whole[start..end]);
            }
        }
    }
}
