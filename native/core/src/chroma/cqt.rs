//! Chroma of constant-Q and variable-Q transforms, folded while the transform is computed.

use super::filters::{CqToChromaOptions, Kernel, check_chroma, cq_to_chroma};
use crate::cqt::plan::Plan;
use crate::cqt::{CqtOptions, Intervals, check_signal, check_size, for_magnitudes, hybrid_cqt, share, tuned};
use crate::norm::Norm;
use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// Which transform chroma is folded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CqtMode {
    /// [`crate::cqt::cqt`].
    Full,
    /// [`crate::cqt::hybrid_cqt`].
    Hybrid,
}

impl CqtMode {
    /// Finds a mode by librosa's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "full" => Self::Full,
            "hybrid" => Self::Hybrid,
            _ => return Err(Error::argument("cqtMode", "full or hybrid", name)),
        })
    }
}

/// What determines chroma of a constant-Q transform; librosa's names.
#[derive(Debug, Clone, PartialEq)]
pub struct ChromaCqtOptions {
    /// The transform. Its `n_bins` are not read where a transform is given.
    pub cqt: CqtOptions,
    pub mode: CqtMode,
    /// Of every frame.
    pub norm: Norm,
    /// Values below it become 0 before they are scaled; nothing for none.
    pub threshold: Option<f64>,
    pub n_chroma: usize,
    /// Weights over neighbouring bins of the transform.
    pub window: Option<Kernel>,
}

/// What determines chroma of a variable-Q transform; librosa's names.
#[derive(Debug, Clone, PartialEq)]
pub struct ChromaVqtOptions {
    /// The transform. Its `n_bins` are not read where a transform is given.
    pub vqt: CqtOptions,
    /// Of every frame.
    pub norm: Norm,
    /// Values below it become 0 before they are scaled; nothing for none.
    pub threshold: Option<f64>,
}

/// How the bins of a transform become pitch classes.
pub(super) struct Fold {
    n_chroma: usize,
    n_bins: usize,
    /// For each bin: classes and weights.
    weights: Vec<Vec<(usize, f64)>>,
    threshold: Option<f64>,
    norm: Norm,
}

impl Fold {
    fn new(options: &ChromaCqtOptions, n_bins: usize) -> Result<Self> {
        let n_chroma = options.n_chroma;
        let matrix = cq_to_chroma(
            n_bins,
            &CqToChromaOptions {
                bins_per_octave: options.cqt.per_octave(),
                n_chroma,
                fmin: options.cqt.fmin,
                window: options.window.clone(),
                base_c: true,
            },
        )?;
        let weight = |class: usize, bin: usize| f64::from(matrix[class * n_bins + bin]);
        let weights = (0..n_bins)
            .map(|bin| (0..n_chroma).map(|class| (class, weight(class, bin))).filter(|pair| pair.1 != 0.0).collect())
            .collect();
        if options.threshold.is_some_and(f64::is_nan) {
            return Err(Error::argument("threshold", "a number, or null", "NaN"));
        }
        Ok(Self { n_chroma, n_bins, weights, threshold: options.threshold, norm: options.norm })
    }

    /// Adds magnitudes of one bin, to be seen at columns `column ..` of `[n_chroma, columns]`.
    fn add<T: Real>(&self, chroma: &mut [T], columns: usize, bin: usize, column: usize, magnitudes: &[T]) {
        for &(class, weight) in &self.weights[bin] {
            let to = &mut chroma[class * columns + column..][..magnitudes.len()];
            let weight = T::of(weight);
            for (sum, x) in to.iter_mut().zip(magnitudes) {
                *sum = *sum + weight * *x;
            }
        }
    }

    fn finish<T: Real>(&self, chroma: &mut [T], columns: usize) {
        if let Some(threshold) = self.threshold.map(T::of) {
            for value in chroma.iter_mut().filter(|value| **value < threshold) {
                *value = T::zero();
            }
        }
        self.norm.columns(chroma, columns);
    }

    /// Chroma of magnitudes `[channels, n_bins, frames]`.
    fn matrix<T: Real>(&self, c: &[T], frames: usize) -> Result<Vec<T>> {
        let channels = c.len() / (self.n_bins * frames);
        let size = self.n_chroma * frames;
        let mut output = vec![T::zero(); check_size(&[channels, self.n_chroma, frames])?];
        for (c, output) in c.chunks_exact(self.n_bins * frames).zip(output.chunks_exact_mut(size)) {
            for (bin, row) in c.chunks_exact(frames).enumerate() {
                self.add(output, frames, bin, 0, row);
            }
            self.finish(output, frames);
        }
        Ok(output)
    }
}

/// Chroma of channels of `samples` samples: `[channels, n_chroma, frames]`. On all cores with `threads`: the same bits.
pub fn chroma_cqt<T: Real>(y: &[T], samples: usize, options: &ChromaCqtOptions, threads: bool) -> Result<Vec<T>> {
    let constant = CqtOptions { intervals: Intervals::Equal, gamma: Some(0.0), ..options.cqt.clone() };
    chroma(y, samples, &ChromaCqtOptions { cqt: constant, ..options.clone() }, threads)
}

/// Chroma of channels of `samples` samples by a variable-Q transform: `[channels, bins_per_octave, frames]`. On all cores
/// with `threads`: the same bits.
pub fn chroma_vqt<T: Real>(y: &[T], samples: usize, options: &ChromaVqtOptions, threads: bool) -> Result<Vec<T>> {
    chroma(y, samples, &options.folded(), threads)
}

impl ChromaVqtOptions {
    /// Every bin of an octave is a class.
    fn folded(&self) -> ChromaCqtOptions {
        ChromaCqtOptions {
            cqt: self.vqt.clone(),
            mode: CqtMode::Full,
            norm: self.norm,
            threshold: self.threshold,
            n_chroma: self.vqt.per_octave(),
            window: None,
        }
    }
}

fn chroma<T: Real>(y: &[T], samples: usize, options: &ChromaCqtOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples, threads)?;
    check_chroma(options.n_chroma)?;
    let fold = Fold::new(options, options.cqt.n_bins)?;
    if options.mode == CqtMode::Hybrid {
        let c = hybrid_cqt(y, samples, &options.cqt, threads)?;
        return fold.matrix(&c, c.len() / (channels * fold.n_bins));
    }
    let tuning = tuned(y, samples, &options.cqt, options.cqt.per_octave(), threads)?;
    let plan = Plan::<T>::new(&options.cqt, tuning, samples)?;
    let frames = plan.frames(samples, channels)?;
    let size = fold.n_chroma * frames;
    let mut output = vec![T::zero(); check_size(&[channels, fold.n_chroma, frames])?];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        let parts = for_magnitudes(
            &plan,
            y,
            frames,
            threads,
            |columns| vec![T::zero(); fold.n_chroma * columns],
            |part, first, column, count, magnitudes| {
                let columns = part.len() / fold.n_chroma;
                for (filter, row) in magnitudes.chunks_exact(T::LANES).enumerate() {
                    fold.add(part, columns, first + filter, column, &row[..count]);
                }
            },
        )?;
        for (job, mut part) in parts.into_iter().enumerate() {
            let range = share(job, frames);
            fold.finish(&mut part, range.len());
            for (row, part) in output.chunks_exact_mut(frames).zip(part.chunks_exact(range.len())) {
                row[range.clone()].copy_from_slice(part);
            }
        }
    }
    Ok(output)
}

/// Chroma of magnitudes `[channels, n_bins, frames]` of a constant-Q transform: `[channels, n_chroma, frames]`.
pub fn chroma_cqt_from_cqt<T: Real>(
    c: &[T],
    n_bins: usize,
    frames: usize,
    options: &ChromaCqtOptions,
) -> Result<Vec<T>> {
    check_magnitudes("C", c, n_bins, frames)?;
    let equal = CqtOptions { intervals: Intervals::Equal, ..options.cqt.clone() };
    Fold::new(&ChromaCqtOptions { cqt: equal, ..options.clone() }, n_bins)?.matrix(c, frames)
}

/// Chroma of magnitudes `[channels, n_bins, frames]` of a variable-Q transform: `[channels, bins_per_octave, frames]`.
pub fn chroma_vqt_from_vqt<T: Real>(
    v: &[T],
    n_bins: usize,
    frames: usize,
    options: &ChromaVqtOptions,
) -> Result<Vec<T>> {
    check_magnitudes("V", v, n_bins, frames)?;
    Fold::new(&options.folded(), n_bins)?.matrix(v, frames)
}

/// Checks a matrix in channels.
pub(super) fn check_magnitudes<T: Real>(name: &str, values: &[T], rows: usize, frames: usize) -> Result<()> {
    let size = rows.checked_mul(frames).unwrap_or(0);
    if size == 0 || values.is_empty() || !values.len().is_multiple_of(size) {
        let expected = format!("at least one channel of {rows} bins and {frames} frames");
        return Err(Error::shape(name, expected, values.len()));
    }
    check_finite(name, values, false)
}
