//! Chroma of a Fourier transform.

use super::cqt::bounded;
use super::filters::{BankOptions, ChromaFilterOptions, chroma_filters};
use crate::jobs::in_order;
use crate::norm::Norm;
use crate::options::{FromOption, Source};
use crate::shape::{check_signal, check_size};
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::StftOptions;
use crate::stft::signal::Signal;
use crate::stft::spectra::Spectra;
use crate::tuning::{TuningOptions, check_spectrogram, estimate_tuning_from_spectrogram, estimate_tuning_of};
use crate::{Error, Result, options};
use std::ops::Range;
use std::sync::Arc;

options! {
    /// The options of [`chroma_stft`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct ChromaStftOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        /// How frames are cut from a signal; of a spectrogram only `n_fft` counts.
        pub frames: StftOptions,
        /// Of every frame.
        pub norm: Norm,
        /// Deviation from A440 in fractions of a chroma bin; none to estimate it from the signal.
        pub tuning: Option<f64>,
        pub bank: BankOptions,
        pub filter_norm: FilterNorm,
    }
}

/// The norm of the filter bank's columns. No option by itself: `norm` is that of the frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FilterNorm(pub Norm);

/// librosa's default.
impl FromOption for FilterNorm {
    fn names(_: &str) -> Vec<String> {
        Vec::new()
    }

    fn from_option(_: &dyn Source, _: &str) -> Result<Self> {
        Ok(Self(Norm::P(2.0)))
    }
}

impl ChromaStftOptions {
    fn filters(&self, tuning: f64, n_fft: usize) -> Result<Vec<f32>> {
        let Self { sr, bank, filter_norm: FilterNorm(norm), .. } = *self;
        chroma_filters(&ChromaFilterOptions { sr, n_fft, tuning, norm, bank })
    }
}

/// Frames that one job takes.
const SHARE: usize = 256;

/// Chroma of channels of `samples` samples: `[channels, n_chroma, frames]`. On all cores with `threads`; bit-identical.
pub fn chroma_stft<T: Real>(y: &[T], samples: usize, options: &ChromaStftOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples, threads)?;
    let frames = options.frames.frames(samples)?;
    options.frames.padded_window()?;
    let tuning = match options.tuning {
        Some(tuning) => tuning,
        None => {
            let around = TuningOptions::around(options.sr, options.bank.n_chroma, options.frames.clone());
            estimate_tuning_of(y, samples, &around, 2, threads)?
        }
    };
    let mut plan = Plan::<T>::new(options, tuning)?;
    let size = options.bank.n_chroma * frames;
    let mut output = vec![T::zero(); check_size(&[channels, options.bank.n_chroma, frames])?];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        let signal = options.frames.signal(y);
        let range = |job: usize| job * SHARE..frames.min((job + 1) * SHARE);
        in_order(
            threads,
            frames.div_ceil(SHARE),
            &mut plan,
            |plan, job| plan.frames(&signal, range(job)),
            |job, part| {
                let range = range(job);
                for (row, part) in output.chunks_exact_mut(frames).zip(part.chunks_exact(range.len())) {
                    row[range.clone()].copy_from_slice(part);
                }
            },
        );
    }
    bounded("y", output)
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
            let frames_of = StftOptions { n_fft, ..options.frames.clone() };
            let around = TuningOptions::around(options.sr, options.bank.n_chroma, frames_of);
            estimate_tuning_from_spectrogram(s, bins, frames, &around, threads)?.unwrap_or(0.0)
        }
    };
    let bank = options.filters(tuning, n_fft)?;
    let size = options.bank.n_chroma * frames;
    let mut output = vec![T::zero(); check_size(&[s.len() / (bins * frames), options.bank.n_chroma, frames])?];
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
    bounded("S", output)
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
}

impl<T: Real> Plan<T> {
    pub fn new(options: &ChromaStftOptions, tuning: f64) -> Result<Self> {
        if !tuning.is_finite() {
            return Err(Error::argument("tuning", "a finite number, or null", tuning));
        }
        let window = options.frames.padded_window()?;
        let n_fft = options.frames.n_fft;
        let bank = options.filters(tuning, n_fft)?.into_iter().map(|weight| T::of(f64::from(weight))).collect();
        let spectra = Spectra::new(n_fft, Some(&window))?;
        Ok(Self { hop: options.frames.hop_length, n_chroma: options.bank.n_chroma, norm: options.norm, spectra, bank })
    }

    /// Chroma of frames `range`: `[n_chroma, range]`.
    pub fn frames(&mut self, signal: &Signal<T>, range: Range<usize>) -> Vec<T> {
        let count = range.len();
        let mut output = vec![T::zero(); self.n_chroma * count];
        let mut sums = vec![T::zero(); self.n_chroma * T::LANES];
        for first in range.clone().step_by(T::LANES) {
            let lanes = T::LANES.min(range.end - first);
            let power = self.spectra.power(signal, self.hop, first, lanes);
            // SAFETY: the level was found on this machine.
            unsafe { Level::best().run(Weigh { power, bank: &self.bank, sums: &mut sums }) }
            for (row, sums) in output.chunks_exact_mut(count).zip(sums.chunks_exact(T::LANES)) {
                row[first - range.start..][..lanes].copy_from_slice(&sums[..lanes]);
            }
        }
        self.norm.columns(&mut output, count);
        output
    }
}

/// Powers in lanes, weighed by every filter.
struct Weigh<'a, T> {
    power: &'a [T],
    bank: &'a [T],
    sums: &'a mut [T],
}

/// Filters that share what is read.
const SIDE: usize = 12;

impl<T: Real> Kernel<T> for Weigh<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { power, bank, sums } = self;
        let bins = power.len() / T::LANES;
        let filters = bank.len() / bins;
        assert!(bank.len() == filters * bins && sums.len() == filters * T::LANES);
        let mut filter = 0;
        while filter < filters {
            let group = if filters - filter >= SIDE { SIDE } else { 1 };
            for part in (0..T::LANES).step_by(V::WIDTH) {
                // SAFETY: the bank has a value for every filter and bin, the powers a row per bin, the sums a row per filter.
                unsafe {
                    let (power, bank) = (power.as_ptr().add(part), bank.as_ptr().add(filter * bins));
                    let to = sums.as_mut_ptr().add(filter * T::LANES + part);
                    if group == SIDE {
                        weigh::<V, SIDE>(power, bank, bins, to);
                    } else {
                        weigh::<V, 1>(power, bank, bins, to);
                    }
                }
            }
            filter += group;
        }
    }
}

/// `N` filters on one vector of every row.
///
/// # Safety
/// The processor has the instruction set; `bank` holds `N` rows of `bins` values, `power` is a row per bin, `to` one per filter.
#[allow(clippy::needless_range_loop)] // what iterators call may end up outside the kernel, without its instruction set
#[inline(always)]
unsafe fn weigh<V: Simd, const N: usize>(power: *const V::Elem, bank: *const V::Elem, bins: usize, to: *mut V::Elem) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [V::splat(V::Elem::of(0.0)); N];
        for bin in 0..bins {
            let power = V::load(power.add(bin * V::Elem::LANES));
            for i in 0..N {
                sums[i] = power.mul_add(V::splat(*bank.add(i * bins + bin)), sums[i]);
            }
        }
        for i in 0..N {
            sums[i].store(to.add(i * V::Elem::LANES));
        }
    }
}
