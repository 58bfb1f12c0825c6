//! What happens to samples before they are cut into frames: exact padding, dither, pre-emphasis over the whole signal.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::options::NemoOptions;
use crate::dither;
use crate::simd::{Kernel, Level, Real, Simd};
use std::ops::Range;

/// Values of noise that are drawn at a time.
const NOISE: usize = 256;

/// One channel, in blocks of any size or any part of it.
#[derive(Debug, Clone)]
pub struct Emphasis {
    preemph: Option<f64>,
    dither: f64,
    seed: u64,
    /// Zeros before and after the signal.
    padding: usize,
    /// The last samples, of which it is not known yet whether they will be kept.
    held: Vec<f64>,
    previous: f64,
    position: usize,
    noise: Vec<f64>,
    /// Which values the noise is.
    drawn: Option<usize>,
}

impl Emphasis {
    pub fn new(options: &NemoOptions) -> Self {
        Self {
            preemph: options.preemph,
            dither: options.dither,
            seed: options.seed,
            padding: options.padding(),
            held: Vec::new(),
            previous: 0.0,
            position: 0,
            noise: Vec::new(),
            drawn: None,
        }
    }

    /// Zeros before and after the signal.
    pub fn padding(&self) -> usize {
        self.padding
    }

    /// Samples `range` of the whole signal `y` and its padding, which begins at 0.
    pub fn part<T: Real>(&mut self, y: &[T], range: Range<usize>, out: &mut Vec<f64>) {
        out.resize(range.len(), 0.0);
        let end = if self.masked() > 0 { y.len().clamp(range.start, range.end) } else { range.end };
        let (kept, masked) = out.split_at_mut(end - range.start);
        masked.fill(0.0);
        let inside = |position: usize| position.saturating_sub(self.padding).min(y.len());
        let samples = &y[inside(range.start)..inside(end)];
        let (before, kept) = kept.split_at_mut(self.padding.clamp(range.start, end) - range.start);
        let (body, after) = kept.split_at_mut(samples.len());
        self.position = range.start;
        self.previous = match range.start.checked_sub(1) {
            Some(at) => {
                let sample = at.checked_sub(self.padding).and_then(|i| y.get(i));
                self.noisy(sample.map_or(0.0, |x| x.to_f64()), at)
            }
            None => 0.0,
        };
        self.pad(before);
        self.emphasize(samples, body);
        self.pad(after);
    }

    /// Takes the next samples and appends to `out` what is certain of them.
    pub fn accept<T: Real>(&mut self, samples: &[T], out: &mut Vec<f64>) {
        let begins = self.position == 0 && !samples.is_empty();
        let padding = if begins { self.padding } else { 0 };
        let at = out.len();
        out.resize(at + padding, 0.0);
        self.pad(&mut out[at..]);
        if self.masked() == 0 {
            out.resize(at + padding + samples.len(), 0.0);
            return self.emphasize(samples, &mut out[at + padding..]);
        }
        let mut held = std::mem::take(&mut self.held);
        let at = held.len();
        held.resize(at + samples.len(), 0.0);
        self.emphasize(samples, &mut held[at..]);
        self.held = held;
        let certain = self.held.len().saturating_sub(self.masked());
        out.extend(self.held.drain(..certain));
    }

    /// Ends the signal and appends the rest.
    pub fn flush(&mut self, out: &mut Vec<f64>) {
        if self.position == 0 {
            return;
        }
        let at = out.len();
        out.resize(at + self.held.len() + self.padding, 0.0);
        if self.masked() == 0 {
            self.pad(&mut out[at..]);
        }
        self.held.clear();
    }

    /// Starts a new signal.
    pub fn reset(&mut self) {
        self.held.clear();
        (self.previous, self.position) = (0.0, 0);
    }

    /// Samples at the end that become zero. NeMo's pre-emphasis keeps as many samples of the padded signal as the signal had
    /// before it was padded, so the padding at the beginning takes the place of the last ones.
    fn masked(&self) -> usize {
        if self.preemph.is_some() { self.padding } else { 0 }
    }

    /// Writes the next samples after dither and pre-emphasis.
    fn emphasize<T: Real>(&mut self, samples: &[T], to: &mut [f64]) {
        let ([first, rest @ ..], [to_first, to_rest @ ..]) = (samples, &mut *to) else { return };
        if self.dither > 0.0 {
            for i in 0..samples.len() {
                to[i] = self.next(samples[i].to_f64());
            }
            return;
        }
        *to_first = self.next(first.to_f64());
        let preemph = self.preemph.unwrap_or(0.0);
        // SAFETY: the level was found on this machine; the kernel asks for nothing else.
        unsafe { Level::best().run(Differences { samples, preemph, to: to_rest }) }
        self.position += rest.len();
        self.previous = rest.last().unwrap_or(first).to_f64();
    }

    fn pad(&mut self, to: &mut [f64]) {
        for i in 0..to.len() {
            to[i] = self.next(0.0);
        }
    }

    #[inline]
    fn next(&mut self, sample: f64) -> f64 {
        let x = self.noisy(sample, self.position);
        self.position += 1;
        let previous = std::mem::replace(&mut self.previous, x);
        match self.preemph {
            Some(preemph) => x - preemph * previous,
            None => x,
        }
    }

    /// The sample at a position with its noise.
    #[inline]
    fn noisy(&mut self, sample: f64, at: usize) -> f64 {
        if self.dither == 0.0 {
            return sample;
        }
        if self.drawn != Some(at / NOISE) {
            self.drawn = Some(at / NOISE);
            self.noise.clear();
            self.noise.resize(NOISE, 0.0);
            dither::add(&mut self.noise, self.dither, self.seed, at / NOISE);
        }
        sample + self.noise[at % NOISE]
    }
}

/// Each sample but the first, less `preemph` times the one before it.
struct Differences<'a, T> {
    samples: &'a [T],
    preemph: f64,
    to: &'a mut [f64],
}

impl<T: Real> Kernel<f64> for Differences<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Self { samples, preemph, to } = self;
        let (before, after) = (&samples[..to.len()], &samples[1..][..to.len()]);
        for i in 0..to.len() {
            to[i] = after[i].to_f64() - preemph * before[i].to_f64();
        }
    }
}
