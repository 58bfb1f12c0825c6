//! From a frame's normalised differences to the probabilities of its pitches.

use super::PyinOptions;
use super::beta;
use super::sum::{Order, dot, pairwise};
use crate::yin::difference::{LANES, Lags, Row};
use crate::yin::pick::{is_trough, shift};

/// The grid of pitches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    pub per_semitone: usize,
    /// Pitches there are.
    pub count: usize,
    pub fmin: f64,
}

impl Bins {
    /// The frequency of a bin.
    pub fn frequency(&self, bin: usize) -> f64 {
        self.fmin * (bin as f64 / (12 * self.per_semitone) as f64).exp2()
    }

    /// The nearest bin of a frequency; `count` for all that lie above the last one.
    fn nearest(&self, frequency: f64) -> usize {
        let bin = (12 * self.per_semitone) as f64 * (frequency / self.fmin).log2();
        bin.round_ties_even().clamp(0.0, self.count as f64) as usize
    }
}

/// The observations of successive frames.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observations {
    /// Bins with a probability above 0 and that probability, frame after frame.
    pub pitches: Vec<(u32, f64)>,
    /// Where each frame's pitches end.
    pub ends: Vec<usize>,
    /// The probability that a frame has a pitch at all.
    pub voiced: Vec<f64>,
}

impl Observations {
    /// The pitches of a frame.
    pub fn frame(&self, i: usize) -> &[(u32, f64)] {
        let begin = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.pitches[begin..self.ends[i]]
    }

    /// Appends the frames of another one.
    pub fn append(&mut self, other: &Self) {
        let before = self.pitches.len();
        self.pitches.extend_from_slice(&other.pitches);
        self.ends.extend(other.ends.iter().map(|end| end + before));
        self.voiced.extend_from_slice(&other.voiced);
    }
}

/// The tables of an observer and its buffers.
#[derive(Clone)]
pub struct Observer {
    lags: Lags,
    sr: f64,
    bins: Bins,
    no_trough_prob: f64,
    /// The upper ends of the thresholds' intervals, and the prior probability of each.
    thresholds: Vec<f64>,
    priors: Vec<f64>,
    /// `exp(-boltzmann * position)`, and the factor for each number of troughs.
    decay: Vec<f64>,
    factors: Vec<f64>,
    troughs: [Vec<Trough>; LANES],
    spans: Vec<Span>,
    /// What one trough gets of each threshold's prior.
    shares: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Trough {
    at: u32,
    /// Thresholds that are not above its height.
    beyond: u32,
    height: f64,
    probability: f64,
}

/// Thresholds with the same troughs below them.
#[derive(Debug, Clone, Copy)]
struct Span {
    begin: usize,
    end: usize,
    factor: f64,
    /// How many of the troughs have had their share.
    passed: usize,
}

impl Observer {
    pub fn new(options: &PyinOptions, lags: Lags, bins: Bins) -> Self {
        let n = options.n_thresholds;
        let step = 1.0 / n as f64;
        let threshold = |i: usize| if i == n { 1.0 } else { i as f64 * step };
        let (a, b) = options.beta_parameters;
        let cdf: Vec<f64> = (0..=n).map(|i| beta::cdf(threshold(i), a, b)).collect();
        let rate = options.boltzmann_parameter;
        // Two troughs are never neighbours.
        let most = lags.count().div_ceil(2);
        Self {
            lags,
            sr: options.frames.sr,
            bins,
            no_trough_prob: options.no_trough_prob,
            thresholds: (1..=n).map(threshold).collect(),
            priors: cdf.windows(2).map(|pair| pair[1] - pair[0]).collect(),
            decay: (0..most).map(|position| (-rate * position as f64).exp()).collect(),
            factors: (0..=most).map(|count| (1.0 - (-rate).exp()) / (1.0 - (-rate * count as f64).exp())).collect(),
            troughs: Default::default(),
            spans: Vec::new(),
            shares: vec![0.0; n],
        }
    }

    /// Appends the observations of the first `count` lanes.
    pub fn observe(&mut self, rows: &[Row], count: usize, to: &mut Observations) {
        self.find(rows);
        for l in 0..count {
            self.weigh(l);
            let begin = to.pitches.len();
            for trough in &self.troughs[l] {
                // Rounding can make a prior negative; librosa refuses the signal then.
                if trough.probability > 0.0 {
                    let period =
                        (self.lags.min_period + trough.at as usize) as f64 + shift(rows, trough.at as usize, l);
                    let bin = self.bins.nearest(self.sr / period) as u32;
                    // Periods rise, so bins fall; of several in one bin the last one stays.
                    if to.pitches.len() > begin && to.pitches.last().is_some_and(|last| last.0 == bin) {
                        to.pitches.pop();
                    }
                    to.pitches.push((bin, trough.probability));
                }
            }
            // What lies above the highest pitch counts as no pitch.
            let above = to.pitches[begin..].iter().take_while(|pitch| pitch.0 as usize >= self.bins.count).count();
            to.pitches.drain(begin..begin + above);
            let sum = to.pitches[begin..].iter().rev().fold(0.0, |sum, pitch| sum + pitch.1);
            to.ends.push(to.pitches.len());
            to.voiced.push(sum.clamp(0.0, 1.0));
        }
    }

    /// Finds the local minima of every lane.
    fn find(&mut self, rows: &[Row]) {
        for troughs in &mut self.troughs {
            troughs.clear();
        }
        for i in 0..rows.len() {
            for (l, troughs) in self.troughs.iter_mut().enumerate() {
                if is_trough(rows, i, l) {
                    troughs.push(Trough { at: i as u32, beyond: 0, height: rows[i][l], probability: 0.0 });
                }
            }
        }
    }

    /// The probability of each trough of a lane: for each threshold the troughs below it share its prior, the earlier ones
    /// getting more; the lowest one gets a part of the thresholds that no trough is below.
    fn weigh(&mut self, l: usize) {
        let troughs = &mut self.troughs[l];
        let n = self.thresholds.len();
        let mut lowest = 0;
        for i in 0..troughs.len() {
            let height = troughs[i].height;
            troughs[i].beyond = self.thresholds.partition_point(|&t| height >= t) as u32;
            if height < troughs[lowest].height {
                lowest = i;
            }
        }
        // Between two thresholds at which another trough is reached, the set of them stays.
        self.spans.clear();
        let reached = troughs.iter().map(|trough| trough.beyond as usize).filter(|&beyond| beyond < n);
        self.spans.extend(reached.map(|begin| Span { begin, end: n, factor: 0.0, passed: 0 }));
        self.spans.sort_unstable_by_key(|span| span.begin);
        self.spans.dedup_by_key(|span| span.begin);
        for i in 0..self.spans.len() {
            let span = self.spans[i];
            let count = troughs.iter().filter(|trough| trough.beyond as usize <= span.begin).count();
            let end = self.spans.get(i + 1).map_or(n, |next| next.begin);
            self.spans[i] = Span { end, factor: self.factors[count], ..span };
        }
        let count = troughs.len();
        for (i, trough) in troughs.iter_mut().enumerate() {
            let beyond = trough.beyond as usize;
            if beyond < n {
                let first = self.spans.partition_point(|span| span.begin < beyond);
                self.shares[..beyond].fill(0.0);
                for span in &mut self.spans[first..] {
                    let share = span.factor * self.decay[span.passed];
                    span.passed += 1;
                    self.shares[span.begin..span.end].fill(if share > 1.0 { 1.0 } else { share });
                }
                trough.probability = dot(&self.shares, &self.priors, beyond, Order::of(i, count));
            }
        }
        if let Some(trough) = troughs.get_mut(lowest) {
            let beyond = trough.beyond as usize;
            trough.probability += self.no_trough_prob * pairwise(&self.priors[..beyond], 0..beyond);
        }
    }
}
