//! Chroma of constant-Q and variable-Q transforms, folded while the transform is computed.

use super::filters::{CqToChromaOptions, Kernel, check_chroma, cq_to_chroma};
use crate::cqt::plan::Plan;
use crate::cqt::{FilterOptions, Intervals, MAX_BINS, ResType, VqtOptions, for_magnitudes, hybrid, share, tuned};
use crate::librosa::Librosa;
use crate::norm::Norm;
use crate::shape::{check_signal, check_size};
use crate::simd::Real;
use crate::stft::PadMode;
use crate::{Error, Result, check_finite, option_words, options};

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

option_words!(CqtMode);

options! {
    /// What chroma of a constant-Q transform and what is made of them have in common.
    #[derive(Debug, Clone, PartialEq)]
    pub struct CqtChromaOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        /// Samples between frames.
        pub hop_length: usize,
        /// The lowest frequency in hertz, before tuning.
        pub fmin: f64,
        /// Deviation from A440 in fractions of a bin of the transform; none to estimate it from the signal.
        pub tuning: Option<f64>,
        pub n_chroma: usize,
        /// Not read where a transform is given.
        pub n_octaves: usize,
        /// Weights over neighbouring bins of the transform.
        pub window: Option<Kernel>,
        pub cqt_mode: CqtMode,
        pub librosa: Librosa,
    }
}

options! {
    /// The options of [`chroma_cqt`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct ChromaCqtOptions {
        pub chroma: CqtChromaOptions,
        /// Of every frame.
        pub norm: Norm,
        /// Values below it become 0 before they are scaled; none to keep them.
        pub threshold: Option<f64>,
        /// Filters per octave; none for as many as classes.
        pub bins_per_octave: Option<usize>,
    }
}

options! {
    /// The options of [`chroma_vqt`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct ChromaVqtOptions {
        /// How an octave is divided.
        pub intervals: Intervals,
        /// Sample rate in Hz.
        pub sr: f64,
        /// Samples between frames.
        pub hop_length: usize,
        /// The lowest frequency in hertz.
        pub fmin: f64,
        /// Of every frame.
        pub norm: Norm,
        /// Values below it become 0 before they are scaled; none to keep them.
        pub threshold: Option<f64>,
        /// Not read where a transform is given.
        pub n_octaves: usize,
        /// Filters per octave, each of which is a class. Not read where the octave is divided by ratios.
        pub bins_per_octave: usize,
        /// Bandwidth added to each filter's in hertz; none for the ear's equivalent rectangular bandwidth.
        pub gamma: Option<f64>,
        pub librosa: Librosa,
    }
}

/// A transform, and how it is folded.
struct Folded {
    transform: VqtOptions,
    mode: CqtMode,
    norm: Norm,
    threshold: Option<f64>,
    n_chroma: usize,
    window: Option<Kernel>,
}

/// The transform that chroma is folded from, with librosa's own filters.
fn transform(filters: FilterOptions, n_octaves: usize, tuning: Option<f64>, librosa: Librosa) -> VqtOptions {
    VqtOptions {
        filters,
        n_bins: Some(n_octaves.saturating_mul(filters.bins_per_octave)),
        tuning,
        pad_mode: PadMode::Constant,
        librosa,
        res_type: ResType::SoxrHq,
        intervals: Intervals::Equal,
        gamma: Some(0.0),
    }
}

impl From<&ChromaCqtOptions> for Folded {
    fn from(options: &ChromaCqtOptions) -> Self {
        let CqtChromaOptions { sr, hop_length, fmin, tuning, n_chroma, n_octaves, ref window, cqt_mode, librosa } =
            options.chroma;
        let filters = FilterOptions::standard(sr, hop_length, fmin, options.bins_per_octave.unwrap_or(n_chroma));
        Self {
            transform: transform(filters, n_octaves, tuning, librosa),
            mode: cqt_mode,
            norm: options.norm,
            threshold: options.threshold,
            n_chroma,
            window: window.clone(),
        }
    }
}

impl From<&ChromaVqtOptions> for Folded {
    fn from(options: &ChromaVqtOptions) -> Self {
        let ChromaVqtOptions {
            ref intervals, sr, hop_length, fmin, norm, threshold, n_octaves, gamma, librosa, ..
        } = *options;
        let n_chroma = intervals.per_octave(options.bins_per_octave);
        let filters = FilterOptions::standard(sr, hop_length, fmin, n_chroma);
        let equal = transform(filters, n_octaves, Some(0.0), librosa);
        Self {
            transform: VqtOptions { intervals: intervals.clone(), gamma, ..equal },
            mode: CqtMode::Full,
            norm,
            threshold,
            n_chroma,
            window: None,
        }
    }
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
    fn new(options: &Folded, n_bins: usize) -> Result<Self> {
        let n_chroma = options.n_chroma;
        let matrix = cq_to_chroma(
            n_bins,
            &CqToChromaOptions {
                bins_per_octave: options.transform.per_octave(),
                n_chroma,
                fmin: options.transform.filters.fmin,
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
        bounded("C", output)
    }
}

/// Chroma of channels of `samples` samples: `[channels, n_chroma, frames]`. On all cores with `threads`; bit-identical.
pub fn chroma_cqt<T: Real>(y: &[T], samples: usize, options: &ChromaCqtOptions, threads: bool) -> Result<Vec<T>> {
    chroma(y, samples, &options.into(), threads)
}

/// Chroma of channels of `samples` samples by a variable-Q transform: `[channels, bins_per_octave, frames]`. On all cores
/// with `threads`; bit-identical.
pub fn chroma_vqt<T: Real>(y: &[T], samples: usize, options: &ChromaVqtOptions, threads: bool) -> Result<Vec<T>> {
    chroma(y, samples, &options.into(), threads)
}

fn chroma<T: Real>(y: &[T], samples: usize, options: &Folded, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples, threads)?;
    check_chroma(options.n_chroma)?;
    let transform = &options.transform;
    let (bins, per_octave) = (transform.bins(), transform.per_octave().max(1));
    if bins > MAX_BINS {
        return Err(Error::argument("nOctaves", format!("at most {}", MAX_BINS / per_octave), bins / per_octave));
    }
    // Chroma has no bins as an option: their number is that of the octaves.
    let renamed = |error: Error| error.renamed("nBins", "nOctaves");
    let fold = Fold::new(options, bins).map_err(renamed)?;
    if options.mode == CqtMode::Hybrid {
        let c = hybrid(y, samples, transform, threads).map_err(renamed)?;
        return fold.matrix(&c, c.len() / (channels * fold.n_bins));
    }
    let tuning = tuned(y, samples, transform, transform.per_octave(), threads)?;
    let plan = Plan::<T>::new(transform, tuning, samples).map_err(renamed)?;
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
    bounded("y", output)
}

/// Chroma of magnitudes `[channels, n_bins, frames]` of a constant-Q transform: `[channels, n_chroma, frames]`.
pub fn chroma_cqt_from_cqt<T: Real>(
    c: &[T],
    n_bins: usize,
    frames: usize,
    options: &ChromaCqtOptions,
) -> Result<Vec<T>> {
    check_magnitudes("C", c, n_bins, frames)?;
    Fold::new(&options.into(), n_bins)?.matrix(c, frames)
}

/// Chroma of magnitudes `[channels, n_bins, frames]` of a variable-Q transform: `[channels, bins_per_octave, frames]`.
pub fn chroma_vqt_from_vqt<T: Real>(
    v: &[T],
    n_bins: usize,
    frames: usize,
    options: &ChromaVqtOptions,
) -> Result<Vec<T>> {
    check_magnitudes("V", v, n_bins, frames)?;
    Fold::new(&options.into(), n_bins)?.matrix(v, frames)
}

/// Chroma, which are finite unless what they are summed up from is too large for its type; librosa's normalisation refuses
/// them, too.
pub(super) fn bounded<T: Real>(name: &str, chroma: Vec<T>) -> Result<Vec<T>> {
    if chroma.iter().all(|x| x.finite()) {
        return Ok(chroma);
    }
    let actual = "values whose sums or powers overflow";
    Err(Error::argument(name, format!("small enough for sums and powers in float{}", 8 * size_of::<T>()), actual))
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
