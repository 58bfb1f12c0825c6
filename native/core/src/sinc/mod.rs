//! SincNet's first layer: band-pass filters with learned cut-offs, convolved with the raw waveform.
//!
//! M. Ravanelli, Y. Bengio: "Speaker recognition from raw waveform with SincNet", SLT 2018. A filter is the difference of
//! two ideal low-pass filters under a Hamming window, so two numbers (a low cut-off and a bandwidth) describe it. Its
//! partner in quadrature is the Hilbert transform of the same band; the energy of the pair does not depend on the phase at
//! which a hop samples the carrier.

mod convolve;
mod filters;
mod online;
#[cfg(test)]
mod tests;

pub use filters::{BandOptions, Filters, ResponseOptions, frequency_responses};
pub use online::OnlineSinc;

use crate::jobs::{available, for_signals, map};
use crate::number::Number;
use crate::results::results;
use crate::shape::{check_signal, check_size};
use crate::simd::{Real, all_finite};
use crate::{Error, Result, options};
use convolve::Convolver;

options! {
    /// The options of [`Sinc`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct SincOptions {
        pub bands: BandOptions,
        /// Samples between frames.
        pub stride: usize,
        /// Whether each filter works with its partner in quadrature: the result is then `ln(a^2 + b^2 + energy_floor)`.
        pub pairs: bool,
        /// What is added to the energy of a pair before the logarithm.
        pub energy_floor: f64,
    }
}

impl SincOptions {
    fn check(&self) -> Result<()> {
        if self.stride == 0 {
            return Err(Error::argument("stride", "at least 1", self.stride));
        }
        // The logarithm is that of normal numbers; written so that NaN fails.
        if !(self.energy_floor >= f64::from(f32::MIN_POSITIVE) && self.energy_floor <= 1.0) {
            let expected = format!("between {} and 1", f32::MIN_POSITIVE);
            return Err(Error::argument("energyFloor", expected, self.energy_floor));
        }
        Ok(())
    }

    /// Frames of a signal: those that lie within it whole.
    pub fn frames(&self, samples: usize) -> usize {
        match samples.checked_sub(self.bands.kernel_size) {
            Some(rest) => 1 + rest / self.stride.max(1),
            None => 0,
        }
    }
}

/// The layer with its filters, which computes in `T` whatever the samples are. Clones share the tables.
#[derive(Clone)]
pub struct Sinc<T> {
    options: SincOptions,
    convolver: Convolver<T>,
}

impl<T: Number> Sinc<T> {
    pub fn new(options: &SincOptions) -> Result<Self> {
        options.check()?;
        let filters = Filters::new(&options.bands)?;
        Ok(Self { convolver: Convolver::new(&filters, options.stride, options.pairs), options: options.clone() })
    }

    /// Channels of `samples` samples to `[channels, filters, frames]`.
    pub fn run<S: Real>(&mut self, y: &[S], samples: usize, threads: bool) -> Result<Vec<T>> {
        let channels = check_signal(y, samples, threads)?;
        let frames = self.options.frames(samples);
        if frames == 0 {
            return Err(Error::shape(
                "y",
                format!("at least kernelSize ({}) samples", self.options.bands.kernel_size),
                samples,
            ));
        }
        let rows = self.convolver.filters();
        let size = check_size(&[channels, rows, frames]).map_err(|error| error.renamed("hopLength", "stride"))?;
        let mut out = results(size);
        if available(threads) < 2 {
            for (y, out) in y.chunks_exact(samples).zip(out.chunks_exact_mut(rows * frames)) {
                self.frames("y", y, frames, frames, out)?;
            }
            return Ok(out);
        }
        /// Frames that a thread takes at a time.
        const SHARE: usize = 1024;
        let (shares, stride) = (frames.div_ceil(SHARE), self.options.stride);
        let parts = map(threads, channels * shares, self, |sinc, job| {
            let (channel, first) = (job / shares, job % shares * SHARE);
            let count = SHARE.min(frames - first);
            let mut part = vec![T::default(); rows * count];
            sinc.frames("y", &y[channel * samples + first * stride..], count, count, &mut part).map(|()| part)
        });
        for (job, part) in parts.into_iter().enumerate() {
            let (channel, first) = (job / shares, job % shares * SHARE);
            let part = part?;
            let count = part.len() / rows;
            for (row, values) in part.chunks_exact(count).enumerate() {
                out[(channel * rows + row) * frames + first..][..count].copy_from_slice(values);
            }
        }
        Ok(out)
    }

    /// Many signals of one channel each: `[filters, frames]` of each. An error names the signal.
    pub fn batch<S: Real>(&self, signals: &[&[S]], threads: bool) -> Result<Vec<Vec<T>>> {
        for_signals(threads, signals, self, |sinc, y| sinc.run(y, y.len(), false))
    }

    /// `count` frames from the first sample of `y` on: `[filters, count]`, whose rows lie `stride` values apart.
    fn frames<S: Real>(&mut self, argument: &str, y: &[S], count: usize, stride: usize, out: &mut [T]) -> Result<()> {
        self.convolver.run(y, count, stride, out);
        // Finite samples overflow only if they are far from any waveform's.
        if !all_finite(out) {
            let expected = "samples whose filtered values are finite (waveforms lie in [-1, 1])";
            return Err(Error::argument(argument, expected, "an overflow"));
        }
        if self.options.pairs {
            self.convolver.logarithms(T::of(self.options.energy_floor), out);
        }
        Ok(())
    }
}
