//! Chroma of a Fourier transform.

use super::filters::{ChromaFilterOptions, chroma_filters};
use crate::cqt::jobs::in_order;
use crate::cqt::signal::Signal;
use crate::cqt::spectra::Spectra;
use crate::cqt::{check_signal, check_size};
use crate::norm::Norm;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::tuning::{
    Frames, TuningOptions, check_spectrogram, estimate_tuning_from_spectrogram, estimate_tuning_of_power,
};
use crate::{Error, Result};
use std::ops::Range;
use std::sync::Arc;

/// What determines chroma of a Fourier transform; librosa's names.
#[derive(Debug, Clone, PartialEq)]
pub struct ChromaStftOptions {
    /// Samples a second.
    pub sr: f64,
    /// How frames are cut from a signal; of a spectrogram only `n_fft` counts.
    pub frames: Frames,
    /// Of every frame.
    pub norm: Norm,
    /// Deviation from A440 in parts of a chroma bin; nothing to estimate it.
    pub tuning: Option<f64>,
    pub n_chroma: usize,
    /// Of the filter bank: its middle, its width, its columns' norm, its first row.
    pub ctroct: f64,
    pub octwidth: Option<f64>,
    pub filter_norm: Norm,
    pub base_c: bool,
}

impl ChromaStftOptions {
    fn bank(&self, tuning: f64, n_fft: usize) -> Result<Vec<f32>> {
        chroma_filters(&ChromaFilterOptions {
            sr: self.sr,
            n_fft,
            n_chroma: self.n_chroma,
            tuning,
            ctroct: self.ctroct,
            octwidth: self.octwidth,
            norm: self.filter_norm,
            base_c: self.base_c,
        })
    }
}

/// Frames that one job takes.
const SHARE: usize = 256;

/// Chroma of channels of `samples` samples: `[channels, n_chroma, frames]`. On all cores with `threads`: the same bits.
pub fn chroma_stft<T: Real>(y: &[T], samples: usize, options: &ChromaStftOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples)?;
    let frames = options.frames.count(samples)?;
    options.frames.check()?;
    let tuning = match options.tuning {
        Some(tuning) => tuning,
        None => {
            let around = TuningOptions::around(options.sr, options.n_chroma, options.frames.clone());
            estimate_tuning_of_power(y, samples, &around, threads)?
        }
    };
    let plan = Plan::<T>::new(options, tuning)?;
    let size = options.n_chroma * frames;
    let mut output = vec![T::zero(); check_size(&[channels, options.n_chroma, frames])?];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        let signal = options.frames.signal(y);
        let range = |job: usize| job * SHARE..frames.min((job + 1) * SHARE);
        in_order(
            threads,
            frames.div_ceil(SHARE),
            || plan.clone(),
            |plan, job| plan.frames(&signal, range(job)),
            |job, part| {
                let range = range(job);
                for (row, part) in output.chunks_exact_mut(frames).zip(part.chunks_exact(range.len())) {
                    row[range.clone()].copy_from_slice(part);
                }
            },
        );
    }
    Ok(output)
}

/// Chroma of power spectra `[channels, bins, frames]`: `[channels, n_chroma, frames]`.
pub fn chroma_stft_from_spectrogram<T: Real>(
    s: &[T],
    bins: usize,
    frames: usize,
    options: &ChromaStftOptions,
    threads: bool,
) -> Result<Vec<T>> {
    let n_fft = check_spectrogram(s, bins, frames, options.frames.n_fft)?;
    let tuning = match options.tuning {
        Some(tuning) => tuning,
        None => {
            let frames_of = Frames { n_fft, ..options.frames.clone() };
            let around = TuningOptions::around(options.sr, options.n_chroma, frames_of);
            estimate_tuning_from_spectrogram(s, bins, frames, &around, threads)?.unwrap_or(0.0)
        }
    };
    let bank = options.bank(tuning, n_fft)?;
    let size = options.n_chroma * frames;
    let mut output = vec![T::zero(); check_size(&[s.len() / (bins * frames), options.n_chroma, frames])?];
    let mut sums = vec![0f64; frames];
    for (s, output) in s.chunks_exact(bins * frames).zip(output.chunks_exact_mut(size)) {
        for (weights, row) in bank.chunks_exact(bins).zip(output.chunks_exact_mut(frames)) {
            sums.fill(0.0);
            for (&weight, s) in weights.iter().zip(s.chunks_exact(frames)) {
                for (sum, x) in sums.iter_mut().zip(s) {
                    *sum += f64::from(weight) * x.to_f64();
                }
            }
            for (to, &sum) in row.iter_mut().zip(&sums) {
                *to = T::of(sum);
            }
        }
        options.norm.columns(output, frames);
    }
    Ok(output)
}

/// A planned transform with a known tuning.
#[derive(Clone)]
pub(super) struct Plan<T: Real> {
    pub hop: usize,
    pub n_chroma: usize,
    norm: Norm,
    spectra: Spectra<T>,
    /// `[n_chroma, bins]`.
    bank: Arc<[T]>,
    power: Vec<T>,
}

impl<T: Real> Plan<T> {
    pub fn new(options: &ChromaStftOptions, tuning: f64) -> Result<Self> {
        if !tuning.is_finite() {
            return Err(Error::argument("tuning", "a finite number, or null", tuning));
        }
        let window = options.frames.check()?;
        let n_fft = options.frames.n_fft;
        let bank = options.bank(tuning, n_fft)?.into_iter().map(|weight| T::of(f64::from(weight))).collect();
        let spectra = Spectra::new(n_fft, Some(&window))?;
        Ok(Self {
            hop: options.frames.hop_length,
            n_chroma: options.n_chroma,
            norm: options.norm,
            power: vec![T::zero(); spectra.bins() * T::LANES],
            spectra,
            bank,
        })
    }

    /// Chroma of frames `range`: `[n_chroma, range]`.
    pub fn frames(&mut self, signal: &Signal<T>, range: Range<usize>) -> Vec<T> {
        let count = range.len();
        let mut output = vec![T::zero(); self.n_chroma * count];
        let mut sums = vec![T::zero(); self.n_chroma * T::LANES];
        for first in range.clone().step_by(T::LANES) {
            let lanes = T::LANES.min(range.end - first);
            let spectra = self.spectra.transform(signal, self.hop, first, lanes);
            // SAFETY: the level was found on this machine.
            unsafe { Level::best().run(Weigh { spectra, bank: &self.bank, power: &mut self.power, sums: &mut sums }) }
            for (row, sums) in output.chunks_exact_mut(count).zip(sums.chunks_exact(T::LANES)) {
                row[first - range.start..][..lanes].copy_from_slice(&sums[..lanes]);
            }
        }
        self.norm.columns(&mut output, count);
        output
    }
}

/// The power of spectra in lanes, weighed by every filter.
struct Weigh<'a, T> {
    spectra: &'a [T],
    bank: &'a [T],
    power: &'a mut [T],
    sums: &'a mut [T],
}

impl<T: Real> Kernel<T> for Weigh<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        /// Filters that share what is read.
        const SIDE: usize = 6;
        let bins = self.power.len() / T::LANES;
        for part in (0..T::LANES).step_by(V::WIDTH) {
            // SAFETY: `part` is a vector's beginning in every row of `T::LANES`.
            unsafe {
                for bin in 0..bins {
                    let row = self.spectra.as_ptr().add(2 * bin * T::LANES + part);
                    let (re, im) = (V::load(row), V::load(row.add(T::LANES)));
                    re.mul_add(re, im * im).store(self.power.as_mut_ptr().add(bin * T::LANES + part));
                }
                for (group, filters) in self.bank.chunks(SIDE * bins).enumerate() {
                    let filters_here = filters.len() / bins;
                    let mut sums = [V::splat(T::zero()); SIDE];
                    for bin in 0..bins {
                        let power = V::load(self.power.as_ptr().add(bin * T::LANES + part));
                        if filters_here == SIDE {
                            for (i, sum) in sums.iter_mut().enumerate() {
                                *sum = power.mul_add(V::splat(*filters.get_unchecked(i * bins + bin)), *sum);
                            }
                        } else {
                            for (i, sum) in sums.iter_mut().enumerate().take(filters_here) {
                                *sum = power.mul_add(V::splat(*filters.get_unchecked(i * bins + bin)), *sum);
                            }
                        }
                    }
                    for (i, sum) in sums.into_iter().enumerate().take(filters_here) {
                        sum.store(self.sums.as_mut_ptr().add((group * SIDE + i) * T::LANES + part));
                    }
                }
            }
        }
    }
}
