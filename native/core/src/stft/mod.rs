//! The short-time Fourier transform and its inverse, as librosa 0.11 defines them (`librosa.stft`, `librosa.istft`).
//!
//! Everything is computed in `f64` whatever the samples are, and rounded once at the end: librosa does the same to
//! `float32` signals, because its window is `float64`.

pub(crate) mod engine;
pub(crate) mod feed;
mod inverse;
mod online;
mod options;
pub(crate) mod overlap;
mod pad;
pub(crate) mod padding;
pub(crate) mod signal;
pub(crate) mod spectra;
mod target;
#[cfg(test)]
mod tests;

pub use online::OnlineStft;
pub use options::{FrameOptions, IstftOptions, WindowSpec};
pub use pad::PadMode;
pub(crate) use target::Target;

use crate::finite::not_finite;
use crate::jobs::{self, available, for_signals};
use crate::results::prefer_huge_pages;
use crate::shape::MAX_ELEMENTS;
use crate::simd::{Real, all_finite};
use crate::{Error, Result, check_finite};
use engine::Engine;
use signal::Signal;
use std::ops::Range;
use std::sync::Arc;

/// An inverse may be this much longer than its input without a question.
const FREE: usize = 1 << 22;

/// How frames are cut from a signal.
#[derive(Debug, Clone, PartialEq)]
pub struct StftOptions {
    /// Length of the transform.
    pub n_fft: usize,
    /// Samples between frames.
    pub hop_length: usize,
    /// The window, at most `n_fft` values; a shorter one is padded with zeros on both sides.
    pub window: Vec<f64>,
    /// Whether frame `f` is centred at sample `f * hop_length` (the signal is padded by `n_fft / 2` on both sides) or
    /// begins there.
    pub center: bool,
    /// What the padding of centred frames is.
    pub pad_mode: PadMode,
}

/// A planned short-time transform. Clones share the tables and have their own scratch memory.
#[derive(Clone)]
pub struct Stft {
    n_fft: usize,
    hop: usize,
    center: bool,
    mode: PadMode,
    /// `n_fft` values.
    window: Arc<[f64]>,
    engine: Engine,
}

impl Stft {
    /// Checks the options and creates the plan.
    pub fn new(options: &StftOptions) -> Result<Self> {
        let StftOptions { n_fft, hop_length, ref window, center, pad_mode } = *options;
        if n_fft == 0 || n_fft > FREE {
            return Err(Error::argument("nFft", format!("between 1 and {FREE}"), n_fft));
        }
        if hop_length == 0 {
            return Err(Error::argument("hopLength", "at least 1", hop_length));
        }
        if window.is_empty() || window.len() > n_fft {
            return Err(Error::argument("winLength", format!("between 1 and nFft ({n_fft})"), window.len()));
        }
        check_finite("window", window, false)?;
        let mut padded = vec![0.0; n_fft];
        let left = (n_fft - window.len()) / 2;
        padded[left..left + window.len()].copy_from_slice(window);
        Ok(Self { n_fft, hop: hop_length, center, mode: pad_mode, window: padded.into(), engine: Engine::new(n_fft)? })
    }

    /// Bins of a frame, `n_fft / 2 + 1`.
    pub fn bins(&self) -> usize {
        self.n_fft / 2 + 1
    }

    /// The window's `n_fft` values.
    pub(crate) fn window(&self) -> &[f64] {
        &self.window
    }

    /// Samples between frames.
    pub(crate) fn hop(&self) -> usize {
        self.hop
    }

    /// What the padding is.
    pub(crate) fn pad_mode(&self) -> PadMode {
        self.mode
    }

    /// Samples after a frame's reference sample that must be known before the frame is.
    pub fn latency_samples(&self) -> usize {
        self.n_fft - self.pad()
    }

    /// The sample at which a frame begins.
    pub(crate) fn start(&self, frame: usize) -> i64 {
        (frame * self.hop) as i64 - self.pad() as i64
    }

    /// Samples of padding before and after the signal.
    pub(crate) fn pad(&self) -> usize {
        if self.center { self.n_fft / 2 } else { 0 }
    }

    /// Frames of a signal of `samples` samples.
    pub fn frames(&self, samples: usize) -> usize {
        match (samples + 2 * self.pad()).checked_sub(self.n_fft) {
            Some(rest) if samples > 0 => 1 + rest / self.hop,
            _ => 0,
        }
    }

    /// Frames of a signal of `samples` samples, or why there are none.
    pub fn check(&self, channels: usize, samples: usize) -> Result<usize> {
        if samples == 0 || channels == 0 {
            return Err(Error::shape("y", "at least one sample", "none"));
        }
        let frames = self.frames(samples);
        if frames == 0 {
            return Err(Error::argument(
                "nFft",
                format!("at most the {samples} samples of y if center is false"),
                self.n_fft,
            ));
        }
        let size = frames.checked_mul(2 * self.bins()).and_then(|size| size.checked_mul(channels));
        if size.is_none_or(|size| size > MAX_ELEMENTS) {
            return Err(Error::argument(
                "hopLength",
                format!("large enough for a result of at most {MAX_ELEMENTS} elements"),
                self.hop,
            ));
        }
        Ok(frames)
    }

    /// Transforms channels of `samples` samples to `[channels, bins, frames, 2]`. NaN and infinity are errors.
    pub fn forward<T: Real>(&mut self, y: &[T], samples: usize, output: &mut [T], threads: bool) -> Result<()> {
        /// Frames that one thread takes at a time.
        const SHARE: usize = 128;
        let frames = self.check_forward(y, samples, output)?;
        prefer_huge_pages(output);
        let size = 2 * self.bins() * frames;
        let targets: Vec<_> = output.chunks_exact_mut(size).map(|channel| Target::new(channel, frames, 2)).collect();
        let share = if available(threads) > 1 { SHARE } else { frames };
        let shares = frames.div_ceil(share);
        let work = |plan: &mut Self, (): &mut (), job: usize| {
            let (channel, first) = (job / shares, job % shares * share);
            let range = first..frames.min(first + share);
            plan.channel(&y[channel * samples..][..samples], range, targets[channel])
        };
        jobs::share(threads, targets.len() * shares, self, || (), work).map_err(|()| not_finite("y", y))
    }

    /// Many signals of one channel each: one `[bins, frames, 2]` each. An error names the signal.
    pub fn batch<T: Real>(&self, signals: &[&[T]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |plan, y| {
            let mut output = vec![T::zero(); 2 * plan.bins() * plan.check(1, y.len())?];
            plan.forward(y, y.len(), &mut output, false)?;
            Ok(output)
        })
    }

    fn check_forward<T: Real>(&self, y: &[T], samples: usize, output: &[T]) -> Result<usize> {
        if samples == 0 || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        let channels = y.len() / samples;
        let frames = self.check(channels, samples)?;
        let size = channels * frames * 2 * self.bins();
        if output.len() != size {
            return Err(Error::shape("output", format!("{size} elements"), output.len()));
        }
        Ok(frames)
    }

    /// The frames `range` of one channel; fails where one of its samples is not finite.
    fn channel<T: Real>(&mut self, y: &[T], range: Range<usize>, target: Target<T>) -> Finite {
        let frames = self.frames(y.len());
        let signal = Signal::whole(y, self.mode);
        let hop = self.hop;
        self.transform(&signal, range.clone(), target, range.start, |part| check_part(y, part, frames, hop))
    }

    /// Transforms frames `range` of a signal to columns `column ..` of the target.
    ///
    /// Rows of the target lie far apart, often at distances that fall on the same few lines of a cache. So frames are first
    /// put side by side in a tile, and each row then gets a long run at once. `check` looks at the samples of a tile's
    /// frames before they are transformed, and brings them into the cache.
    fn transform<T: Real>(
        &mut self,
        signal: &Signal<T>,
        range: Range<usize>,
        target: Target<T>,
        column: usize,
        check: impl Fn(&Range<usize>) -> Finite,
    ) -> Finite {
        let group = self.engine.group();
        let width = tile_width(2 * self.bins() * size_of::<T>()).min(range.len().next_multiple_of(group));
        let mut tile = vec![T::zero(); 2 * self.bins() * width];
        for begin in range.clone().step_by(width) {
            let end = range.end.min(begin + width);
            check(&(begin..end))?;
            let part = Target::new(&mut tile, width, 2);
            for first in (begin..end).step_by(group) {
                let count = group.min(end - first);
                self.engine.load(signal, self.start(first), self.hop, count, &self.window);
                self.engine.forward();
                self.engine.write(count, first - begin, part);
            }
            let count = end - begin;
            for (k, row) in tile.chunks_exact(2 * width).enumerate() {
                // SAFETY: these columns are this call's own.
                let to = unsafe { target.columns(k, column + begin - range.start, count) };
                to.copy_from_slice(&row[..2 * count]);
            }
        }
        Ok(())
    }
}

/// Whether samples are finite; [`not_finite`] finds which one is not.
pub(crate) type Finite = std::result::Result<(), ()>;

/// Looks at the samples of `y` that belong to frames `range` of its `frames`: the parts of all ranges are all samples.
pub(crate) fn check_part<T: Real>(y: &[T], range: &Range<usize>, frames: usize, hop: usize) -> Finite {
    let begin = (range.start * hop).min(y.len());
    let end = if range.end == frames { y.len() } else { (range.end * hop).min(y.len()) };
    if all_finite(&y[begin..end]) { Ok(()) } else { Err(()) }
}

/// Frames of a tile, given the bytes of a frame: few enough to stay in the second-level cache.
fn tile_width(frame_bytes: usize) -> usize {
    const CACHED: usize = 512 << 10;
    (CACHED / frame_bytes / 8 * 8).clamp(8, 64)
}
