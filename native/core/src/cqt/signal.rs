//! A signal as frames are cut from it: continued beyond its ends where frames are centred.

use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::PadMode;
use std::any::TypeId;

/// A signal and how it goes on before its first sample and after its last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signal<'a, T> {
    /// The samples, at least one.
    pub samples: &'a [T],
    /// The first frame begins so many samples before the first sample.
    pad: i64,
    mode: PadMode,
    /// The one sample of the padding that librosa takes from elsewhere: its position and its source.
    exception: Option<(i64, usize)>,
}

impl<'a, T: Real> Signal<'a, T> {
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
        let exception = turns.then(|| ((n + pad - 1) as i64, n - pad + 1));
        Self { samples, pad: pad as i64, mode, exception }
    }

    /// A signal whose frames begin at its first sample and end within it.
    pub fn plain(samples: &'a [T]) -> Self {
        Self { samples, pad: 0, mode: PadMode::Constant, exception: None }
    }

    /// A part of a signal, whose first frame begins at this position of the part; its ends are the signal's where frames
    /// reach over them.
    pub fn part(samples: &'a [T], start: i64, mode: PadMode) -> Self {
        Self { samples, pad: -start, mode, exception: None }
    }

    /// Position of a frame's first sample.
    pub fn start(&self, frame: usize, hop: usize) -> i64 {
        (frame * hop) as i64 - self.pad
    }

    /// `length` samples from position `start` on where they lie, if all of them are the signal's own and in precision `C`.
    pub fn inside<C: Real>(&self, start: i64, length: usize) -> Option<&'a [C]> {
        if TypeId::of::<T>() != TypeId::of::<C>() {
            return None;
        }
        let start = usize::try_from(start).ok()?;
        let samples = self.samples.get(start..start.checked_add(length)?)?;
        // SAFETY: the two types are one.
        Some(unsafe { std::slice::from_raw_parts(samples.as_ptr().cast::<C>(), samples.len()) })
    }

    /// Writes the samples from position `start` on, which may lie outside the signal.
    pub fn copy<C: Real>(&self, start: i64, to: &mut [C]) {
        let n = self.samples.len() as i64;
        let end = start + to.len() as i64;
        // Padding, signal, padding: each part may be empty.
        let body = (0i64.clamp(start, end) - start) as usize;
        let tail = ((n.clamp(start, end) - start) as usize).max(body);
        if body < tail {
            let from = (start + body as i64) as usize;
            let to = &mut to[body..tail];
            // SAFETY: the level was found on this machine.
            unsafe { Level::best().run(Convert { from: &self.samples[from..][..to.len()], to }) }
        }
        for i in (0..body).chain(tail..to.len()) {
            let at = start + i as i64;
            let source = match self.exception {
                Some((position, source)) if position == at => Some(source),
                _ => self.mode.source(at, self.samples.len()),
            };
            to[i] = source.map_or(C::zero(), |i| C::of(self.samples[i].to_f64()));
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
