//! Frames added up, and the samples that are complete then: each is the sum of what the frames over it say, divided by the
//! sum of their squared windows.

use super::Stft;
use crate::simd::{Kernel, Level, Simd};
use std::ops::Range;

/// Sums over the frames that reach into samples that are not complete yet.
///
/// Where the hop exceeds the frame, the samples between frames have no place in them.
#[derive(Clone)]
pub struct Overlap {
    window: Vec<f64>,
    squares: Vec<f64>,
    hop: usize,
    pad: usize,
    /// The smallest sum of squares that samples are divided by.
    smallest: f64,
    /// The sums of squares over a hop where no frame is missing, and what samples are multiplied by there.
    inside: Weights,
    /// The same at the signal's ends.
    edge: Weights,
    /// The sums of each part. The next frame begins at `at`.
    added: Vec<Vec<f64>>,
    at: usize,
}

#[derive(Clone, Default)]
struct Weights {
    sums: Vec<f64>,
    scales: Vec<f64>,
}

impl Weights {
    fn set(&mut self, smallest: f64, sums: impl Iterator<Item = f64>) {
        self.sums.clear();
        self.sums.extend(sums);
        self.scales.clear();
        self.scales.extend(self.sums.iter().map(|&sum| if sum > smallest { 1.0 / sum } else { 1.0 }));
    }
}

/// Frames that are added before the first of them is given.
const AHEAD: usize = 8;

impl Overlap {
    /// For frames of `parts` different things; sums of squares up to `smallest` are not divided by.
    pub fn new(plan: &Stft, parts: usize, smallest: f64) -> Self {
        let (n, hop) = (plan.window().len(), plan.hop());
        // Room for several frames, so that what is left is moved but seldom.
        let room = 4 * n + AHEAD * hop.min(n);
        let mut overlap = Self {
            window: plan.window().to_vec(),
            squares: squares(plan),
            hop,
            pad: plan.pad(),
            smallest,
            inside: Weights::default(),
            edge: Weights::default(),
            added: vec![vec![0.0; room]; parts],
            at: 0,
        };
        let sums: Vec<f64> = (0..hop.min(n)).map(|r| overlap.sum(r, 0, usize::MAX)).collect();
        overlap.inside.set(smallest, sums.into_iter());
        overlap
    }

    /// Samples that a frame lets go.
    fn stride(&self) -> usize {
        self.hop.min(self.window.len())
    }

    /// The squares over sample `r` of a hop, of the frames that began `newest ..= oldest` hops before, the oldest one first.
    fn sum(&self, r: usize, newest: usize, oldest: usize) -> f64 {
        let oldest = oldest.min((self.squares.len() - 1 - r) / self.hop);
        (newest..=oldest).rev().map(|j| self.squares[r + j * self.hop]).sum()
    }

    /// Forgets everything.
    pub fn begin(&mut self) {
        self.added.iter_mut().for_each(|sums| sums.fill(0.0));
        self.at = 0;
    }

    /// Adds a frame, `ahead` frames after the next one to be given, to a part's sums.
    pub fn add(&mut self, part: usize, ahead: usize, frame: &[f64]) {
        let (n, stride) = (self.window.len(), self.stride());
        if self.at + ahead * stride + n > self.added[0].len() {
            for sums in &mut self.added {
                sums.copy_within(self.at.., 0);
                let rest = sums.len() - self.at;
                sums[rest..].fill(0.0);
            }
            self.at = 0;
        }
        let sums = &mut self.added[part][self.at + ahead * stride..][..n];
        // SAFETY: the level was found on this machine.
        unsafe { Level::best().run(Add { sums, frame, window: &self.window }) }
    }

    /// Lets go of the samples that begin with `frame` and that no later frame covers: gives those of the samples `wanted`.
    pub fn give(&mut self, frame: usize, wanted: Range<usize>, out: impl FnOnce(Stretch)) {
        let stride = self.stride();
        if !wanted.is_empty() {
            let full = frame >= (self.window.len() - 1) / self.hop;
            if !full {
                let sums: Vec<f64> = (0..stride).map(|r| self.sum(r, 0, frame)).collect();
                self.edge.set(self.smallest, sums.into_iter());
            }
            let weights = if full { &self.inside } else { &self.edge };
            self.send(frame * self.hop, weights, wanted, out);
        }
        self.at += stride;
    }

    /// Lets go of the samples after the first hop of the last one of `frames` frames.
    pub fn finish(&mut self, frames: usize, wanted: Range<usize>, out: impl FnOnce(Stretch)) {
        let rest = self.window.len() - self.stride();
        let sums: Vec<f64> =
            (0..rest).map(|i| self.sum(i % self.hop, i / self.hop + 1, frames + i / self.hop)).collect();
        self.edge.set(self.smallest, sums.into_iter());
        self.send(frames * self.hop, &self.edge, wanted, out);
    }

    /// Gives the samples that begin with the next frame, which has `start` samples (of padding or signal) before it.
    fn send(&self, start: usize, weights: &Weights, wanted: Range<usize>, out: impl FnOnce(Stretch)) {
        let first = start.saturating_sub(self.pad).max(wanted.start);
        let end = (start + weights.sums.len()).saturating_sub(self.pad).min(wanted.end);
        if first < end {
            let skipped = first + self.pad - start;
            let inside = skipped..skipped + end - first;
            let (sums, scales) = (&weights.sums[inside.clone()], &weights.scales[inside]);
            out(Stretch { first, sums, scales, added: &self.added, at: self.at + skipped });
        }
    }
}

/// Samples that are complete, but for their scale.
pub struct Stretch<'a> {
    /// The number of the first one.
    pub first: usize,
    /// For each, the sum of the squared windows that covered it, and what it is to be multiplied by.
    pub sums: &'a [f64],
    pub scales: &'a [f64],
    added: &'a [Vec<f64>],
    at: usize,
}

impl Stretch<'_> {
    /// The samples of a part.
    pub fn part(&self, part: usize) -> &[f64] {
        &self.added[part][self.at..][..self.sums.len()]
    }
}

fn squares(plan: &Stft) -> Vec<f64> {
    plan.window().iter().map(|w| w * w).collect()
}

/// Adds a windowed frame.
struct Add<'a> {
    sums: &'a mut [f64],
    frame: &'a [f64],
    window: &'a [f64],
}

impl Kernel<f64> for Add<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let n = self.sums.len();
        let (frame, window) = (&self.frame[..n], &self.window[..n]);
        for i in 0..n {
            self.sums[i] += frame[i] * window[i];
        }
    }
}
