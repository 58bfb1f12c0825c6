//! The fundamental frequency by YIN, as `librosa.yin` computes it from float64 samples.
//!
//! A. de Cheveigné, H. Kawahara: "YIN, a fundamental frequency estimator for speech and music", J. Acoust. Soc. Am. 111(4),
//! 2002. librosa's results are float64 whatever the samples are; so are these.

pub(crate) mod difference;
pub(crate) mod online;
pub(crate) mod pick;
#[cfg(test)]
pub(crate) mod tests;

pub use crate::stft::padding::PadMode;
pub use online::OnlineYin;

use crate::jobs::{available, for_each, for_signals};
use crate::options::{FromOption, Source};
use crate::shape::MAX_ELEMENTS;
use crate::simd::Real;
use crate::stft::padding::Padding;
use crate::stft::signal::Signal;
use crate::{Error, Result, check_finite, options};
use difference::{Difference, LANES, Lags};
use std::ops::Range;

/// Longer frames are refused.
pub const MAX_FRAME_LENGTH: usize = 1 << 20;

options! {
    /// How a signal is cut into frames, and the frequencies that are looked for: what `yin` and `pyin` have in common.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct FrameOptions {
        /// Samples per second.
        pub sr: f64,
        /// The lowest frequency, in hertz.
        pub fmin: f64,
        /// The highest frequency, in hertz.
        pub fmax: f64,
        /// Samples in a frame.
        pub frame_length: usize,
        /// Samples between frames.
        pub hop_length: usize,
        /// Whether frame `f` is centred at sample `f * hop_length` (the signal is padded by half a frame on both sides) or
        /// begins there.
        pub center: bool,
        /// What the padding of centred frames is.
        pub pad_mode: PadMode,
        /// How librosa 0.10 compares a frame with itself; none for the way of later versions.
        pub compared: Option<Compared>,
    }
}

/// What librosa 0.10 compares with the frame at every lag: so many of its samples, from the second on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared(pub usize);

/// For Python, which follows the librosa that is installed: the packages have no option for it.
impl FromOption for Option<Compared> {
    fn names(_: &str) -> Vec<String> {
        Vec::new()
    }

    fn from_option(source: &dyn Source, _: &str) -> Result<Self> {
        Ok(Option::<usize>::from_option(source, "win_length")?.map(Compared))
    }
}

impl FrameOptions {
    /// Checks the options; the lags that they ask for.
    pub(crate) fn lags(&self) -> Result<Lags> {
        let Self { sr, fmin, fmax, frame_length, hop_length, .. } = *self;
        if !(sr.is_finite() && sr > 0.0) {
            return Err(Error::argument("sr", "a positive number of hertz", sr));
        }
        // Written so that NaN fails.
        if !(fmax > 0.0 && fmax <= sr / 2.0) {
            return Err(Error::argument("fmax", format!("above 0 and at most sr / 2 ({})", sr / 2.0), fmax));
        }
        if !(fmin > 0.0 && fmin < fmax) {
            return Err(Error::argument("fmin", format!("above 0 and below fmax ({fmax})"), fmin));
        }
        if frame_length == 0 || frame_length > MAX_FRAME_LENGTH {
            return Err(Error::argument("frameLength", format!("between 1 and {MAX_FRAME_LENGTH}"), frame_length));
        }
        if hop_length == 0 {
            return Err(Error::argument("hopLength", "at least 1", hop_length));
        }
        let min_period = (sr / fmax).floor() as usize;
        if let Some(Compared(samples)) = self.compared {
            // librosa 0.10 asks for one lag beyond that of fmax, not for all down to fmin.
            let longest = frame_length.saturating_sub(samples).saturating_sub(1);
            if samples == 0 || longest <= min_period {
                let expected = format!("at least 1, and at most {frame_length} less the period of fmax and 2");
                return Err(Error::argument("winLength", expected, samples));
            }
            let max_period = ((sr / fmin).ceil() as usize).min(longest);
            return Ok(Lags { frame_length, min_period, max_period, compared: self.compared });
        }
        if sr / fmin >= frame_length as f64 - 1.0 {
            let lowest = if frame_length > 1 { sr / (frame_length - 1) as f64 } else { f64::INFINITY };
            let longer = (sr / fmin).ceil() + 1.0;
            return Err(Error::new(
                "ERR_DSP_ARGUMENT",
                "fmin",
                format!("above {lowest} for a frame of {frame_length} samples at {sr} Hz"),
                fmin.to_string(),
                format!(
                    "fmin={fmin:.3} is too small for frameLength={frame_length} and sr={sr}: raise it above {lowest:.3} or make frames longer than {longer} samples"
                ),
            ));
        }
        Ok(Lags {
            frame_length,
            min_period,
            max_period: ((sr / fmin).ceil() as usize).min(frame_length - 1),
            compared: None,
        })
    }

    /// Samples of padding before and after the signal.
    pub(crate) fn pad(&self) -> usize {
        if self.center { self.frame_length / 2 } else { 0 }
    }

    /// Frames of a channel of `samples` samples: none of an empty one, nor of one that is shorter than a frame where frames
    /// are not centred.
    pub fn frames(&self, samples: usize) -> usize {
        match (samples + 2 * self.pad()).checked_sub(self.frame_length) {
            Some(rest) if samples > 0 => 1 + rest / self.hop_length.max(1),
            _ => 0,
        }
    }

    /// Whether less than two periods of `fmin` fit into a frame: then pitches can be wrong, and librosa warns.
    pub fn is_short(&self) -> bool {
        self.sr / self.fmin >= (self.frame_length / 2) as f64
    }

    /// Checks channels of `samples` samples; the frames of each.
    pub(crate) fn check<T: Real>(&self, y: &[T], samples: usize, threads: bool) -> Result<usize> {
        if samples == 0 || y.is_empty() || !y.len().is_multiple_of(samples) {
            return Err(Error::shape("y", "at least one sample in every channel", y.len()));
        }
        let frames = self.frames(samples);
        if frames == 0 {
            let expected = format!("at least frameLength ({}) samples where center is false", self.frame_length);
            return Err(Error::shape("y", expected, samples));
        }
        if frames.checked_mul(y.len() / samples).is_none_or(|size| size > MAX_ELEMENTS) {
            return Err(Error::argument(
                "hopLength",
                format!("large enough for at most {MAX_ELEMENTS} frames"),
                self.hop_length,
            ));
        }
        check_finite("y", y, threads)?;
        Ok(frames)
    }
}

options! {
    /// The options of [`yin`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct YinOptions {
        pub frames: FrameOptions,
        /// The first local minimum of the normalised difference below this is the period.
        pub trough_threshold: f64,
    }
}

/// The search with its tables and buffers. Clones share the tables.
#[derive(Clone)]
pub(crate) struct Yin {
    options: YinOptions,
    lags: Lags,
    difference: Difference,
}

impl Yin {
    pub(crate) fn new(options: &YinOptions) -> Result<Self> {
        let lags = options.frames.lags()?;
        if !options.trough_threshold.is_finite() {
            return Err(Error::argument("troughThreshold", "a finite number", options.trough_threshold));
        }
        Ok(Self { options: *options, lags, difference: Difference::new(lags)? })
    }

    /// The frequencies of all frames of channels of `samples` samples.
    fn run<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Vec<f64>> {
        /// Frames that a thread takes at a time.
        const SHARE: usize = 16 * LANES;
        let options = self.options.frames;
        let frames = options.check(y, samples, threads)?;
        let mut f0 = vec![0.0; y.len() / samples * frames];
        let share = if available(threads) > 1 { SHARE } else { frames };
        let padding = |y| (y, Padding::new(y, options.pad(), options.pad_mode));
        let channels: Vec<_> = y.chunks_exact(samples).map(padding).collect();
        let shares = f0
            .chunks_exact_mut(frames)
            .zip(&channels)
            .flat_map(|(f0, channel)| f0.chunks_mut(share).enumerate().map(move |(i, f0)| (i * share, f0, channel)));
        for_each(
            threads,
            &mut shares.collect::<Vec<_>>(),
            self,
            || (),
            |search, (), _, (first, f0, (y, padding))| {
                let signal = Signal::padded(y, 0, samples, padding);
                search.frames(&signal, *first..*first + f0.len(), f0);
            },
        );
        Ok(f0)
    }

    /// The frequencies of the frames `range`, in hertz.
    pub(crate) fn frames<T: Real>(&mut self, signal: &Signal<T>, range: Range<usize>, f0: &mut [f64]) {
        let FrameOptions { sr, hop_length, .. } = self.options.frames;
        for (i, f0) in f0.chunks_mut(LANES).enumerate() {
            let first = range.start + i * LANES;
            let start = (first * hop_length) as i64 - self.options.frames.pad() as i64;
            let rows = self.difference.normalised(signal, start, hop_length, f0.len());
            let picks = pick::pick(rows, self.options.trough_threshold);
            for (l, f0) in f0.iter_mut().enumerate() {
                let period = (self.lags.min_period + picks[l]) as f64 + pick::shift(rows, picks[l], l);
                *f0 = sr / period;
            }
        }
    }
}

/// The fundamental frequency of every frame, in hertz: channels of `samples` samples to `[channels, frames]`.
pub fn yin<T: Real>(y: &[T], samples: usize, options: &YinOptions, threads: bool) -> Result<Vec<f64>> {
    Yin::new(options)?.run(y, samples, threads)
}

/// Many signals of one channel each: the frequencies of each. An error names the signal.
pub fn yin_batch<T: Real>(signals: &[&[T]], options: &YinOptions, threads: bool) -> Result<Vec<Vec<f64>>> {
    for_signals(threads, signals, &Yin::new(options)?, |search, y| search.run(y, y.len(), false))
}
