//! Where the parts go, and how they are made of what frames add up to.
//!
//! Where the two masks add up to one everywhere, so do the parts: the percussive part is what the harmonic one leaves of the
//! signal, and its inverse transforms are not needed.

use super::Parts;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::overlap::Stretch;
use crate::stft::signal::Signal;
use std::ops::Range;

/// Where results go. Samples that no frame covers stay zero.
pub struct Outlet<'a, T> {
    /// The sample that stands first.
    first: usize,
    /// Harmonic, percussive, residual.
    parts: [Option<&'a mut [T]>; 3],
    /// Samples of each.
    length: usize,
}

impl<'a, T: Real> Outlet<'a, T> {
    /// For samples from `first` on: one slice per wanted part.
    pub fn new(first: usize, slices: impl IntoIterator<Item = &'a mut [T]>, wanted: Parts) -> Self {
        let mut slices = slices.into_iter();
        let parts = wanted.list().map(|wanted| if wanted { slices.next() } else { None });
        let length = parts.iter().flatten().map(|part| part.len()).min().unwrap_or(0);
        Self { first, parts, length }
    }

    /// The samples that there is a place for.
    pub fn wanted(&self) -> Range<usize> {
        self.first..self.first + self.length
    }

    /// Takes samples: the harmonic sums, and the percussive ones unless those are what the harmonic ones leave of the signal.
    pub fn take(&mut self, signal: &Signal<T>, complement: bool, stretch: &Stretch) {
        let (sums, scales) = (stretch.sums, stretch.scales);
        let y = &signal.samples[stretch.first - signal.first..][..sums.len()];
        let harmonic = stretch.part(0);
        let percussive = if complement { None } else { Some(stretch.part(1)) };
        for (part, out) in self.parts.iter_mut().enumerate() {
            if let Some(out) = out {
                let out = &mut out[stretch.first - self.first..][..sums.len()];
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Send { part, y, sums, scales, harmonic, percussive, out }) }
            }
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
