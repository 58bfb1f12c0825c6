//! Frames added up, and the samples that are complete then.
//!
//! A sample is the sum of what the frames over it say, divided by the sum of their squared windows. Where the two masks
//! add up to one everywhere, so do the parts: the percussive part is what the harmonic one leaves of the signal, and its
//! inverse transforms are not needed.

use super::Parts;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::Stft;
use crate::stft::pad::Signal;

fn squares(plan: &Stft) -> Vec<f64> {
    plan.window().iter().map(|w| w * w).collect()
}

/// Where results go. What no frame covers stays as it is, zero.
pub struct Outlet<'a, T> {
    /// The sample that stands first.
    first: usize,
    /// Harmonic, percussive, residual.
    parts: [Option<&'a mut [T]>; 3],
    /// Samples of each.
    length: usize,
}

impl<'a, T: Real> Outlet<'a, T> {
    /// For samples from `first` on: one slice a wanted part.
    pub fn new(first: usize, slices: impl IntoIterator<Item = &'a mut [T]>, wanted: Parts) -> Self {
        let mut slices = slices.into_iter();
        let parts = wanted.list().map(|wanted| if wanted { slices.next() } else { None });
        let length = parts.iter().flatten().map(|part| part.len()).min().unwrap_or(0);
        Self { first, parts, length }
    }
}

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
    /// Whether the percussive part is what the harmonic one leaves.
    complement: bool,
    /// The sums of squares over a hop where no frame is missing, and what samples are multiplied by there.
    inside: Weights,
    /// The same at the signal's ends.
    edge: Weights,
    /// The harmonic and the percussive sums. The next frame begins at `at`.
    added: [Vec<f64>; 2],
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
    pub fn new(plan: &Stft, complement: bool, smallest: f64) -> Self {
        let (n, hop) = (plan.window().len(), plan.hop());
        // Room for several frames, so that what is left is moved but seldom.
        let room = 4 * n + AHEAD * hop.min(n);
        let mut overlap = Self {
            window: plan.window().to_vec(),
            squares: squares(plan),
            hop,
            pad: plan.pad(),
            smallest,
            complement,
            inside: Weights::default(),
            edge: Weights::default(),
            added: [vec![0.0; room], vec![0.0; if complement { 0 } else { room }]],
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
            for sums in self.added.iter_mut().filter(|sums| !sums.is_empty()) {
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

    /// Lets go of the samples that begin with `frame` and that no later frame covers; where `wanted`, to the outlet.
    pub fn give<T: Real>(&mut self, signal: &Signal<T>, frame: usize, wanted: bool, outlet: &mut Outlet<T>) {
        let stride = self.stride();
        if wanted {
            let full = frame >= (self.window.len() - 1) / self.hop;
            if !full {
                let sums: Vec<f64> = (0..stride).map(|r| self.sum(r, 0, frame)).collect();
                self.edge.set(self.smallest, sums.into_iter());
            }
            let weights = if full { &self.inside } else { &self.edge };
            self.send(signal, frame * self.hop, weights, outlet);
        }
        self.at += stride;
    }

    /// Lets go of the samples after the last frame's first hop.
    pub fn finish<T: Real>(&mut self, signal: &Signal<T>, frames: usize, outlet: &mut Outlet<T>) {
        let rest = self.window.len() - self.stride();
        let sums: Vec<f64> =
            (0..rest).map(|i| self.sum(i % self.hop, i / self.hop + 1, frames + i / self.hop)).collect();
        self.edge.set(self.smallest, sums.into_iter());
        self.send(signal, frames * self.hop, &self.edge, outlet);
    }

    /// Writes the samples that begin with the next frame, which has `start` samples (of padding or signal) before it.
    fn send<T: Real>(&self, signal: &Signal<T>, start: usize, weights: &Weights, outlet: &mut Outlet<T>) {
        let end = (start + weights.sums.len()).saturating_sub(self.pad).min(outlet.first + outlet.length);
        let first = start.saturating_sub(self.pad).max(outlet.first);
        if first >= end {
            return;
        }
        let count = end - first;
        let skipped = first + self.pad - start;
        let harmonic = &self.added[0][self.at + skipped..][..count];
        let percussive = if self.complement { None } else { Some(&self.added[1][self.at + skipped..][..count]) };
        let y = &signal.samples[first - signal.first..][..count];
        let (sums, scales) = (&weights.sums[skipped..][..count], &weights.scales[skipped..][..count]);
        for (part, out) in outlet.parts.iter_mut().enumerate() {
            if let Some(out) = out {
                let out = &mut out[first - outlet.first..][..count];
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Send { part, y, sums, scales, harmonic, percussive, out }) }
            }
        }
    }
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

/// Scales sums and rounds them.
struct Send<'a, T> {
    part: usize,
    y: &'a [T],
    sums: &'a [f64],
    scales: &'a [f64],
    harmonic: &'a [f64],
    percussive: Option<&'a [f64]>,
    out: &'a mut [T],
}

impl<T: Real> Kernel<f64> for Send<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let n = self.out.len();
        let (y, sums, scales, harmonic) = (&self.y[..n], &self.sums[..n], &self.scales[..n], &self.harmonic[..n]);
        match (self.part, self.percussive) {
            (0, _) => {
                for i in 0..n {
                    self.out[i] = T::of(harmonic[i] * scales[i]);
                }
            }
            // The windowed signal's own sum, less the harmonic one.
            (1, None) => {
                for i in 0..n {
                    self.out[i] = T::of((y[i].to_f64() * sums[i] - harmonic[i]) * scales[i]);
                }
            }
            (1, Some(percussive)) => {
                for i in 0..n {
                    self.out[i] = T::of(percussive[i] * scales[i]);
                }
            }
            (_, None) => self.out.fill(T::zero()),
            (_, Some(percussive)) => {
                for i in 0..n {
                    let rest = y[i].to_f64() * sums[i] - (harmonic[i] + percussive[i]);
                    self.out[i] = T::of(rest * scales[i]);
                }
            }
        }
    }
}
