//! The fundamental frequency by probabilistic YIN, as `librosa.pyin` computes it from float64 samples.
//!
//! M. Mauch, S. Dixon: "pYIN: A fundamental frequency estimator using probabilistic threshold distributions", ICASSP 2014.
//! First the probability of every pitch in every frame, then the most probable path through them.

mod beta;
mod observe;
mod online;
mod sum;
#[cfg(test)]
mod tests;
mod transition;
mod viterbi;

pub use online::OnlinePyin;

use crate::jobs::{available, for_signals, in_order, map};
use crate::simd::Real;
use crate::stft::padding::Padding;
use crate::stft::signal::Signal;
use crate::yin::FrameOptions;
use crate::yin::difference::{Difference, LANES};
use crate::{Error, Result, options};
use observe::{Bins, Observations, Observer};
use std::ops::Range;
use transition::Transition;
use viterbi::Viterbi;

/// librosa keeps states in 16 bits.
const MAX_BINS: usize = 1 << 15;
const MAX_THRESHOLDS: usize = 1 << 16;

options! {
    /// The options of [`pyin`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct PyinOptions {
        pub frames: FrameOptions,
        /// Thresholds between 0 and 1 that are tried.
        pub n_thresholds: usize,
        /// The shapes of the thresholds' prior, a beta distribution.
        pub beta_parameters: (f64, f64),
        /// The decay of the prior over troughs: the larger, the more the shortest periods get.
        pub boltzmann_parameter: f64,
        /// The width of a pitch bin in semitones.
        pub resolution: f64,
        /// The fastest change of pitch, in octaves per second.
        pub max_transition_rate: f64,
        /// The probability that voice begins or ends from one frame to the next.
        pub switch_prob: f64,
        /// The probability that the lowest trough is the period where no trough is below the threshold.
        pub no_trough_prob: f64,
        /// The frequency of frames without voice; none for the best guess.
        pub fill_na: Option<f64>,
        /// Less probable transitions are left out of account; none or 0 for none.
        pub transition_min_prob: Option<f64>,
    }
}

/// What [`pyin`] gives: `[channels, frames]` each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pitches {
    /// Hertz; [`PyinOptions::fill_na`] where there is no voice.
    pub f0: Vec<f64>,
    /// Whether there is a voice.
    pub voiced_flag: Vec<bool>,
    /// The probability of one.
    pub voiced_prob: Vec<f64>,
}

/// The whole computation with its tables and buffers. Clones share the large tables.
#[derive(Clone)]
pub(crate) struct Pyin {
    options: PyinOptions,
    bins: Bins,
    difference: Difference,
    observer: Observer,
    viterbi: Viterbi,
}

impl Pyin {
    pub(crate) fn new(options: &PyinOptions) -> Result<Self> {
        let lags = options.frames.lags()?;
        let bins = check(options)?;
        let FrameOptions { sr, hop_length, .. } = options.frames;
        let semitones = (options.max_transition_rate * 12.0 * hop_length as f64 / sr).round_ties_even();
        // Saturates where it is beyond all bounds; the transitions refuse what is wider than the grid.
        let width = (semitones as usize).saturating_mul(bins.per_semitone).saturating_add(1);
        let least = options.transition_min_prob.unwrap_or(0.0);
        let transition = Transition::new(bins.count, width, options.switch_prob, least)?;
        Ok(Self {
            options: *options,
            bins,
            difference: Difference::new(lags)?,
            observer: Observer::new(options, lags, bins),
            viterbi: Viterbi::new(transition, options.frames.compared.is_some()),
        })
    }

    /// The pitches of channels of `samples` samples.
    fn run<T: Real>(&mut self, y: &[T], samples: usize, threads: bool) -> Result<Pitches> {
        let FrameOptions { pad_mode, .. } = self.options.frames;
        let frames = self.options.frames.check(y, samples, threads)?;
        let pad = self.options.frames.pad();
        let channel = |work: &mut Self, y| {
            let padding = Padding::new(y, pad, pad_mode);
            let signal = Signal::padded(y, 0, samples, &padding);
            if available(threads) > 1 { work.in_parts(&signal, frames) } else { work.whole(&signal, frames) }
        };
        let channels = map(threads, y.len() / samples, self, |work, i| channel(work, &y[i * samples..][..samples]));
        let mut all = Pitches::default();
        for channel in channels {
            all.f0.extend(channel.f0);
            all.voiced_flag.extend(channel.voiced_flag);
            all.voiced_prob.extend(channel.voiced_prob);
        }
        Ok(all)
    }

    /// The pitches of one channel.
    fn whole<T: Real>(&mut self, signal: &Signal<T>, frames: usize) -> Pitches {
        let (mut observations, mut pitches) = (Observations::default(), Pitches::default());
        self.observe(signal, 0..frames, &mut observations);
        self.viterbi.reserve(frames);
        self.decode(&observations, &mut pitches, false);
        pitches
    }

    /// The same on several threads: the path is followed through the frames that are observed while others still are.
    fn in_parts<T: Real>(&mut self, signal: &Signal<T>, frames: usize) -> Pitches {
        /// Frames that one thread observes at a time.
        const SHARE: usize = 4 * LANES;
        let (mut viterbi, mut all) = (self.viterbi.clone(), Observations::default());
        viterbi.reserve(frames);
        in_order(
            true,
            frames.div_ceil(SHARE),
            self,
            |work, share| {
                let mut observations = Observations::default();
                work.observe(signal, share * SHARE..frames.min((share + 1) * SHARE), &mut observations);
                observations
            },
            |_, observations| {
                all.append(&observations);
                viterbi.forward(&all);
            },
        );
        self.viterbi = viterbi;
        let mut pitches = Pitches::default();
        self.decode(&all, &mut pitches, true);
        pitches
    }

    /// The observations of the frames `range`.
    pub(crate) fn observe<T: Real>(&mut self, signal: &Signal<T>, range: Range<usize>, to: &mut Observations) {
        let FrameOptions { hop_length, .. } = self.options.frames;
        for first in range.clone().step_by(LANES) {
            let count = LANES.min(range.end - first);
            let start = (first * hop_length) as i64 - self.options.frames.pad() as i64;
            let rows = self.difference.normalised(signal, start, hop_length, count);
            self.observer.observe(rows, count, to);
        }
    }

    /// Appends the frequencies along the best path. On all cores with `threads`.
    pub(crate) fn decode(&mut self, observations: &Observations, to: &mut Pitches, threads: bool) {
        self.viterbi.forward(observations);
        for state in self.viterbi.path(observations, threads) {
            let voiced = state < self.bins.count;
            let frequency = self.bins.frequency(state % self.bins.count);
            to.f0.push(if voiced { frequency } else { self.options.fill_na.unwrap_or(frequency) });
            to.voiced_flag.push(voiced);
        }
        to.voiced_prob.extend_from_slice(&observations.voiced);
    }
}

/// Checks the options that `yin` does not have; the grid of pitches.
fn check(options: &PyinOptions) -> Result<Bins> {
    let PyinOptions { frames, n_thresholds, beta_parameters: (a, b), resolution, .. } = *options;
    if n_thresholds == 0 || n_thresholds > MAX_THRESHOLDS {
        return Err(Error::argument("nThresholds", format!("between 1 and {MAX_THRESHOLDS}"), n_thresholds));
    }
    let positive = |x: f64| x.is_finite() && x > 0.0;
    if !positive(a) || !positive(b) {
        return Err(Error::argument("betaParameters", "two positive numbers", format!("{a}, {b}")));
    }
    if !positive(options.boltzmann_parameter) {
        return Err(Error::argument("boltzmannParameter", "a positive number", options.boltzmann_parameter));
    }
    if !positive(resolution) {
        return Err(Error::argument("resolution", "a positive number of semitones", resolution));
    }
    let rate = options.max_transition_rate;
    if !(rate.is_finite() && rate >= 0.0) {
        return Err(Error::argument("maxTransitionRate", "a number of octaves per second, at least 0", rate));
    }
    let least = options.transition_min_prob.unwrap_or(0.0);
    let probabilities =
        [("switchProb", options.switch_prob), ("noTroughProb", options.no_trough_prob), ("transitionMinProb", least)];
    for (name, p) in probabilities {
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::argument(name, "a probability, 0 to 1", p));
        }
    }
    let per_semitone = (1.0 / resolution).ceil();
    let count = (12.0 * per_semitone * (frames.fmax / frames.fmin).log2()).floor() + 1.0;
    if count < 2.0 {
        let (low, high) = (frames.fmin, (1.0 / (12.0 * per_semitone)).exp2() * frames.fmin);
        let expected = format!("so far above fmin ({low} Hz) that there are two pitch bins: at least {high} Hz");
        return Err(Error::argument("fmax", expected, frames.fmax));
    }
    if count.is_nan() || count > MAX_BINS as f64 {
        let expected = format!("such that fmin to fmax are at most {MAX_BINS} pitch bins");
        return Err(Error::argument("resolution", expected, format!("{resolution} ({count} bins)")));
    }
    Ok(Bins { per_semitone: per_semitone as usize, count: count as usize, fmin: frames.fmin })
}

/// The fundamental frequency of every frame, whether it has one, and how probable that is: channels of `samples` samples to
/// `[channels, frames]` each.
pub fn pyin<T: Real>(y: &[T], samples: usize, options: &PyinOptions, threads: bool) -> Result<Pitches> {
    Pyin::new(options)?.run(y, samples, threads)
}

/// Many signals of one channel each. An error names the signal.
pub fn pyin_batch<T: Real>(signals: &[&[T]], options: &PyinOptions, threads: bool) -> Result<Vec<Pitches>> {
    for_signals(threads, signals, &Pyin::new(options)?, |work, y| work.run(y, y.len(), false))
}
