//! A signal continued beyond its ends, as `numpy.pad` does it.

use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result, option_words};

/// What comes before the first and after the last sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadMode {
    /// Zeros.
    Constant,
    /// The end sample, repeated.
    Edge,
    /// The signal mirrored at the end sample: `c b | a b c | b a`. One sample alone is repeated.
    Reflect,
    /// The signal mirrored beyond the end sample: `b a | a b c | c b`.
    Symmetric,
}

option_words!(PadMode);

impl PadMode {
    /// Finds a mode by numpy's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "constant" => Self::Constant,
            "edge" => Self::Edge,
            "reflect" => Self::Reflect,
            "symmetric" => Self::Symmetric,
            _ => return Err(Error::argument("padMode", "constant, edge, reflect or symmetric", name)),
        })
    }

    /// Samples that must be known before `pad` samples can be put before the first one.
    pub fn needs(self, pad: usize) -> usize {
        match self {
            _ if pad == 0 => 0,
            Self::Constant => 0,
            Self::Edge => 1,
            Self::Reflect => pad + 1,
            Self::Symmetric => pad,
        }
    }

    /// Which sample of `length` (at least 1) stands at position `at`; none for a zero.
    pub(crate) fn source(self, at: i64, length: usize) -> Option<usize> {
        let n = length as i64;
        if (0..n).contains(&at) {
            return Some(at as usize);
        }
        Some(match self {
            Self::Constant => return None,
            Self::Edge => at.clamp(0, n - 1),
            Self::Reflect if n == 1 => 0,
            Self::Reflect => {
                let at = at.rem_euclid(2 * (n - 1));
                at.min(2 * (n - 1) - at)
            }
            Self::Symmetric => {
                let at = at.rem_euclid(2 * n);
                at.min(2 * n - 1 - at)
            }
        } as usize)
    }
}

/// A signal of `length` samples, of which `samples` are those from `first` on; whoever reads others has an error.
pub struct Signal<'a, T> {
    pub samples: &'a [T],
    pub first: usize,
    pub length: usize,
    pub mode: PadMode,
}

impl<T: Real> Signal<'_, T> {
    /// The `length` samples from `start` on and those after them, where they need no padding.
    pub fn known(&self, start: i64, length: usize) -> Option<(&[T], &[T])> {
        let start = usize::try_from(start).ok()?.checked_sub(self.first)?;
        self.samples.get(start..)?.split_at_checked(length)
    }

    /// Writes the samples from position `start` on, which may lie outside the signal.
    pub fn copy(&self, start: i64, to: &mut [f64]) {
        let end = start + to.len() as i64;
        let n = self.length as i64;
        // Padding, signal, padding: each part may be empty.
        let (body, tail) = (0i64.clamp(start, end) - start, n.clamp(start, end) - start);
        let (body, tail) = (body as usize, tail.max(body) as usize);
        for (i, value) in to.iter_mut().enumerate().take(body) {
            *value = self.padding(start + i as i64);
        }
        if body < tail {
            let from = (start + body as i64) as usize - self.first;
            widen(&self.samples[from..from + tail - body], &mut to[body..tail]);
        }
        for (i, value) in to.iter_mut().enumerate().skip(tail) {
            *value = self.padding(start + i as i64);
        }
    }

    fn padding(&self, at: i64) -> f64 {
        self.mode.source(at, self.length).map_or(0.0, |i| self.samples[i - self.first].to_f64())
    }
}

/// Copies samples to `f64`, by vectors.
fn widen<T: Real>(from: &[T], to: &mut [f64]) {
    struct Widen<'a, T> {
        from: &'a [T],
        to: &'a mut [f64],
    }

    impl<T: Real> Kernel<f64> for Widen<'_, T> {
        type Output = ();

        #[inline(always)]
        #[allow(clippy::needless_range_loop)]
        unsafe fn run<V: Simd<Elem = f64>>(self) {
            // By index: iterators in a row are not always inlined into the kernel, and then lack its instruction set.
            let (from, to) = (self.from, &mut self.to[..self.from.len()]);
            for i in 0..from.len() {
                to[i] = from[i].to_f64();
            }
        }
    }

    // SAFETY: the level was found on this machine; the kernel asks for nothing else.
    unsafe { Level::best().run(Widen { from, to }) }
}
