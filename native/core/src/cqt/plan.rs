//! What is computed from the options before a sample is looked at: frequencies, rates, filters.

use super::basis::{self, Basis, Entries};
use super::frequencies::{bandwidth, relative_bandwidth};
use super::resample::Decimation;
use super::wavelet::FilterShape;
use super::{FilterOptions, VqtOptions};
use crate::librosa::Librosa;
use crate::shape::check_size;
use crate::simd::Real;
use crate::stft::signal::Signal;
use crate::stft::spectra::Spectra;
use crate::tuning::{TuningOptions, estimate_tuning_of};
use crate::{Error, Result};
use std::borrow::Cow;
use std::sync::Arc;

/// The transform of one octave.
pub(crate) struct Octave<T: Real> {
    /// Which of the signals of falling rates it reads.
    pub level: usize,
    pub hop: usize,
    /// The lowest of its filters.
    pub first: usize,
    pub basis: Basis<T>,
    pub spectra: Arc<Spectra<T>>,
}

/// A planned transform.
pub(crate) struct Plan<T: Real> {
    options: VqtOptions,
    /// How often the rate is halved before everything else, as a factor.
    early: usize,
    /// From the highest octave down.
    pub octaves: Vec<Octave<T>>,
    /// What each filter's response is multiplied by.
    pub scales: Vec<f64>,
}

/// The filters of an octave, by what they are made from.
struct Filters {
    /// Frequencies over the rate.
    relative: Vec<f64>,
    lengths: Vec<f64>,
    n_fft: usize,
    entries: Vec<Entries>,
}

impl Filters {
    /// Whether filters of these frequencies and lengths are the same, but for rounding.
    fn same(&self, relative: &[f64], lengths: &[f64]) -> bool {
        let near =
            |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs());
        near(&self.relative, relative) && near(&self.lengths, lengths)
    }
}

/// The tuning, estimated from a signal that is known to be good where none is given.
pub(crate) fn tuned<T: Real>(
    y: &[T],
    samples: usize,
    options: &VqtOptions,
    bins_per_octave: usize,
    threads: bool,
) -> Result<f64> {
    match options.tuning {
        Some(tuning) if tuning.is_finite() => Ok(tuning),
        Some(tuning) => Err(Error::argument("tuning", "a finite number, or null", tuning)),
        None => {
            estimate_tuning_of(y, samples, &TuningOptions::standard(options.filters.sr, bins_per_octave), 1, threads)
        }
    }
}

impl VqtOptions {
    /// Filters in an octave.
    pub(crate) fn per_octave(&self) -> usize {
        self.intervals.per_octave(self.filters.bins_per_octave)
    }

    /// The lowest frequency, tuned.
    pub(super) fn lowest(&self, tuning: f64) -> f64 {
        self.filters.fmin * (tuning / self.per_octave() as f64).exp2()
    }

    /// Relative bandwidths of the filters at these frequencies.
    pub(super) fn alpha(&self, freqs: &[f64]) -> Result<Vec<f64>> {
        if freqs.len() == 1 { Ok(vec![bandwidth(self.per_octave() as f64)]) } else { relative_bandwidth(freqs) }
    }

    /// The filters at another rate.
    pub(super) fn wavelets(&self, sr: f64) -> FilterShape {
        let FilterOptions { window, filter_scale, norm, .. } = self.filters;
        FilterShape { sr, window, filter_scale, gamma: self.gamma, norm }
    }

    pub(super) fn check_hop(&self) -> Result<()> {
        if self.filters.hop_length == 0 {
            return Err(Error::argument("hopLength", "at least 1", self.filters.hop_length));
        }
        Ok(())
    }
}

impl<T: Real> Plan<T> {
    /// Plans for signals of `samples` samples.
    pub fn new(options: &VqtOptions, tuning: f64, samples: usize) -> Result<Self> {
        options.check_hop()?;
        let FilterOptions { sr, hop_length, bins_per_octave, scale, .. } = options.filters;
        let per_octave = options.per_octave();
        if per_octave == 0 {
            return Err(Error::argument("binsPerOctave", "at least 1", per_octave));
        }
        let options = &*options.fitted(tuning)?;
        let bins = options.bins();
        let freqs = options.intervals.frequencies(bins, options.lowest(tuning), bins_per_octave)?;
        let alpha = options.alpha(&freqs)?;
        let (_, cutoff) = options.wavelets(sr).lengths(&freqs, Some(&alpha))?;
        let nyquist = sr / 2.0;
        if cutoff > nyquist {
            let highest = freqs[freqs.len() - 1];
            return Err(Error::argument(
                "nBins",
                format!("few enough for filters below the Nyquist frequency ({nyquist} Hz)"),
                format!("a filter at {highest} Hz that reaches {cutoff} Hz"),
            ));
        }
        let octaves = bins.div_ceil(per_octave);
        let early = early_factor(nyquist / cutoff, hop_length, octaves);
        if samples < early {
            return Err(Error::shape("y", format!("at least {early} samples for so few octaves"), samples));
        }
        let (rate, hop) = (sr / early as f64, hop_length / early);
        let scales = if scale {
            let (lengths, _) = options.wavelets(rate).lengths(&freqs, Some(&alpha))?;
            lengths.into_iter().map(|length| 1.0 / length.sqrt()).collect()
        } else {
            vec![1.0; freqs.len()]
        };
        let mut plan = Self { options: options.clone(), early, octaves: Vec::with_capacity(octaves), scales };
        let (mut level, mut factor) = (0, 1usize);
        let mut last: Option<Filters> = None;
        let width = per_octave.min(bins);
        for octave in 0..octaves {
            let end = bins - width * octave;
            let own = end.saturating_sub(width)..end;
            let wavelets = options.wavelets(rate / factor as f64);
            let (lengths, _) = wavelets.lengths(&freqs[own.clone()], Some(&alpha[own.clone()]))?;
            let relative: Vec<f64> = freqs[own.clone()].iter().map(|freq| freq / wavelets.sr).collect();
            // Octaves at half the rate of those above mostly have the same filters.
            if !last.as_ref().is_some_and(|last| last.same(&relative, &lengths)) {
                let entries = basis::entries(options, &wavelets, &freqs[own.clone()], &lengths, 1)?;
                last = Some(Filters { relative, lengths, n_fft: entries.0, entries: entries.1 });
            }
            let Some(Filters { n_fft, entries, .. }) = &last else { unreachable!("just made") };
            // Filters of a slower signal are shorter, as if they were louder.
            let basis = Basis::new(*n_fft, entries, (factor as f64).sqrt());
            let spectra = match plan.octaves.last() {
                Some(above) if above.basis.n_fft == *n_fft => above.spectra.clone(),
                _ => Arc::new(Spectra::new(*n_fft, None)?),
            };
            plan.octaves.push(Octave { level, hop: hop / factor, first: own.start, basis, spectra });
            // librosa 1.0 keeps the rate where the filters of the next octave would come near half of it.
            let keeps = options.librosa == Librosa::V1_0 && own.start > 0 && freqs[own.start - 1] > wavelets.sr / 5.0;
            if (hop / factor).is_multiple_of(2) && !keeps {
                (level, factor) = (level + 1, factor * 2);
            }
        }
        Ok(plan)
    }

    /// Calls with every octave, from the highest down, and the signal of falling rate that it reads. A signal is given up when
    /// the next one is there.
    pub fn each_octave(&self, y: &[T], threads: bool, mut call: impl FnMut(&Octave<T>, &Signal<T>)) -> Result<()> {
        let mut samples = if self.early == 1 {
            Cow::Borrowed(y)
        } else {
            // The rate's factor as an amplitude, and once more where lengths do not make up for it.
            let gain = if self.options.filters.scale { (self.early as f64).sqrt() } else { self.early as f64 };
            Cow::Owned(Decimation::new(self.early, gain, self.options.res_type).run(y, threads)?)
        };
        let (mut level, mut halving) = (0, None);
        for octave in &self.octaves {
            if octave.level > level {
                let halving = halving.get_or_insert_with(|| Decimation::new(2, 2f64.sqrt(), self.options.res_type));
                samples = Cow::Owned(halving.run(&samples, threads)?);
                level = octave.level;
            }
            call(octave, &Signal::centred(&samples, octave.basis.n_fft, octave.hop, self.options.pad_mode));
        }
        Ok(())
    }

    /// Frames of a signal of so many samples: those of the octave that has the fewest.
    pub fn frames(&self, samples: usize, channels: usize) -> Result<usize> {
        let mut length = samples.div_ceil(self.early);
        let (mut level, mut frames) = (0, usize::MAX);
        for octave in &self.octaves {
            if octave.level > level {
                (level, length) = (octave.level, length.div_ceil(2));
            }
            let padded = length + 2 * (octave.basis.n_fft / 2);
            frames = frames.min(1 + (padded - octave.basis.n_fft.min(padded)) / octave.hop);
        }
        check_size(&[channels, 2 * self.options.bins(), frames])?;
        Ok(frames)
    }
}

/// By how much the rate can be lowered before everything else, without a loss and without frames that fall between samples.
fn early_factor(headroom: f64, hop: usize, octaves: usize) -> usize {
    let by_rate = headroom.log2().ceil() - 2.0;
    let by_hop = hop.trailing_zeros() as f64 - octaves as f64 + 1.0;
    1 << by_rate.min(by_hop).clamp(0.0, 30.0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_lowered_early_where_it_costs_nothing() {
        assert_eq!(early_factor(11025.0 / 4226.0, 512, 7), 1);
        assert_eq!(early_factor(22050.0 / 4226.0, 512, 7), 2);
        assert_eq!(early_factor(22050.0 / 4226.0, 64, 7), 1);
        assert_eq!(early_factor(11025.0 / 265.0, 512, 3), 16);
        assert_eq!(early_factor(1.0, 512, 3), 1);
    }
}
