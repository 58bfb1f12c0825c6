//! Magnitudes of frames, side by side: computed from a signal, or read from a spectrogram.

// Kernels count by index: iterators are not always inlined into them, and then lack their instruction set.
#![allow(clippy::needless_range_loop)]

use super::peaks::W;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::signal::Signal;
use crate::stft::spectra::Spectra;
use crate::stft::{PadMode, StftOptions};
use crate::{Error, Result, check_finite};
use std::ops::Range;

/// The longest transform.
const MAX_LENGTH: usize = 1 << 22;

impl StftOptions {
    /// Checks the options and gives the window's `n_fft` values.
    pub(crate) fn padded_window(&self) -> Result<Vec<f64>> {
        if self.n_fft == 0 || self.n_fft > MAX_LENGTH {
            return Err(Error::argument("nFft", format!("between 1 and {MAX_LENGTH}"), self.n_fft));
        }
        if self.hop_length == 0 {
            return Err(Error::argument("hopLength", "at least 1", self.hop_length));
        }
        if self.window.is_empty() || self.window.len() > self.n_fft {
            let expected = format!("between 1 and nFft ({})", self.n_fft);
            return Err(Error::argument("winLength", expected, self.window.len()));
        }
        check_finite("window", &self.window, false)?;
        let mut padded = vec![0.0; self.n_fft];
        let left = (self.n_fft - self.window.len()) / 2;
        padded[left..left + self.window.len()].copy_from_slice(&self.window);
        Ok(padded)
    }

    /// A signal as these frames are cut from it.
    pub(crate) fn signal<'a, T: Real>(&self, y: &'a [T]) -> Signal<'a, T> {
        if self.center {
            Signal::centred(y, self.n_fft, self.hop_length, self.pad_mode)
        } else {
            Signal::whole(y, PadMode::Constant)
        }
    }

    /// How many frames a signal of so many samples has, at least one.
    pub(crate) fn frames(&self, samples: usize) -> Result<usize> {
        let pad = if self.center { self.n_fft / 2 } else { 0 };
        match (samples + 2 * pad).checked_sub(self.n_fft) {
            Some(rest) => Ok(1 + rest / self.hop_length),
            None => Err(Error::argument(
                "nFft",
                format!("at most the {samples} samples of y if center is false"),
                self.n_fft,
            )),
        }
    }
}

/// Where magnitudes come from.
pub(crate) enum Source<'a, T> {
    /// `power` is 1 for magnitudes, 2 for their squares.
    Signal {
        y: &'a [T],
        samples: usize,
        options: &'a StftOptions,
        window: Vec<f64>,
        frames: usize,
        power: u8,
    },
    Spectrogram {
        s: &'a [T],
        bins: usize,
        frames: usize,
    },
}

impl<'a, T: Real> Source<'a, T> {
    pub fn signal(y: &'a [T], samples: usize, options: &'a StftOptions, power: u8) -> Result<Self> {
        let window = options.padded_window()?;
        let frames = options.frames(samples)?;
        Ok(Self::Signal { y, samples, options, window, frames, power })
    }

    /// Channels, bins, frames.
    pub fn shape(&self) -> (usize, usize, usize) {
        match *self {
            Self::Signal { y, samples, options, frames, .. } => (y.len() / samples, options.n_fft / 2 + 1, frames),
            Self::Spectrogram { s, bins, frames } => (s.len() / (bins * frames), bins, frames),
        }
    }

    /// Whether these are squares of magnitudes of a signal.
    pub fn is_power(&self) -> bool {
        matches!(self, Self::Signal { power: 2, .. })
    }

    pub fn reader(&self) -> Result<Reader<T>> {
        let spectra = match self {
            Self::Signal { options, window, .. } => Some(Spectra::new(options.n_fft, Some(window))?),
            Self::Spectrogram { .. } => None,
        };
        Ok(Reader { spectra, rows: vec![T::zero(); self.shape().1 * W] })
    }
}

/// What one thread needs to read magnitudes.
#[derive(Clone)]
pub(crate) struct Reader<T> {
    spectra: Option<Spectra<f64>>,
    rows: Vec<T>,
}

impl<T: Real> Reader<T> {
    /// Magnitudes of frames `first .. first + count`, at most `W`, as a row of `W` per bin, right for the bins `reach` only;
    /// and the maxima over all bins.
    pub fn magnitudes(
        &mut self,
        source: &Source<T>,
        channel: usize,
        first: usize,
        count: usize,
        reach: Range<usize>,
    ) -> (&[T], [T; W]) {
        let maxima = match *source {
            Source::Signal { y, samples, options, power, .. } => {
                let signal = options.signal(&y[channel * samples..][..samples]);
                let spectra = self.spectra.as_mut().expect("a signal's reader has a transform");
                let spectra = spectra.transform(&signal, options.hop_length, first, count);
                // SAFETY: the level was found on this machine.
                unsafe { Level::best().run(Magnitudes { spectra, squared: power == 2, rows: &mut self.rows, reach }) }
            }
            Source::Spectrogram { s, bins, frames } => {
                let s = &s[channel * bins * frames..][..bins * frames];
                let mut maxima = [T::zero(); W];
                for (row, s) in self.rows.chunks_exact_mut(W).zip(s.chunks_exact(frames)) {
                    for ((to, max), x) in row.iter_mut().zip(&mut maxima).zip(&s[first..first + count]) {
                        *to = if *x < T::zero() { -*x } else { *x };
                        *max = if *to > *max { *to } else { *max };
                    }
                }
                maxima
            }
        };
        (&self.rows, maxima)
    }
}

/// Magnitudes of complex rows, rounded as librosa does: the parts, the magnitude, and its square.
struct Magnitudes<'a, T> {
    spectra: &'a [f64],
    squared: bool,
    rows: &'a mut [T],
    reach: Range<usize>,
}

impl<T: Real> Kernel<f64> for Magnitudes<'_, T> {
    /// The maxima.
    type Output = [T; W];

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> [T; W] {
        let Self { spectra, squared, rows, reach } = self;
        let bins = rows.len() / W;
        assert!(
            spectra.len() == 2 * W * bins && rows.len() == W * bins && reach.start <= reach.end && reach.end <= bins
        );
        // Roots keep the order: the greatest power is the greatest magnitude's.
        let mut maxima = [0.0; W];
        for bin in 0..reach.start {
            greater(&mut maxima, &powers::<T>(&spectra[2 * W * bin..][..2 * W]));
        }
        for bin in reach.clone() {
            let powers = powers::<T>(&spectra[2 * W * bin..][..2 * W]);
            greater(&mut maxima, &powers);
            rows[W * bin..][..W].copy_from_slice(&magnitudes::<T>(&powers, squared));
        }
        for bin in reach.end..bins {
            greater(&mut maxima, &powers::<T>(&spectra[2 * W * bin..][..2 * W]));
        }
        magnitudes(&maxima, squared)
    }
}

// In arrays of known lengths and by index: compilers make vectors of that.

/// Squared magnitudes of a row of real and one of imaginary parts.
#[inline(always)]
fn powers<T: Real>(parts: &[f64]) -> [f64; W] {
    let mut powers = [0.0; W];
    for l in 0..W {
        let (re, im) = (T::of(parts[l]).to_f64(), T::of(parts[W + l]).to_f64());
        powers[l] = re * re + im * im;
    }
    powers
}

#[inline(always)]
fn greater(maxima: &mut [f64; W], powers: &[f64; W]) {
    for l in 0..W {
        maxima[l] = if powers[l] > maxima[l] { powers[l] } else { maxima[l] };
    }
}

#[inline(always)]
fn magnitudes<T: Real>(powers: &[f64; W], squared: bool) -> [T; W] {
    let mut magnitudes = [T::zero(); W];
    for l in 0..W {
        magnitudes[l] = T::of(powers[l].sqrt());
    }
    if squared {
        for l in 0..W {
            magnitudes[l] = magnitudes[l] * magnitudes[l];
        }
    }
    magnitudes
}
