//! Banks of triangular filters over the bins of a spectrum, as `librosa.filters.mel` and
//! `torchaudio.functional.melscale_fbanks` (triangles linear in hertz) or Kaldi (linear in mel) make them.

use super::check_size;
use super::scale::{Scale, mel_points};
use crate::options::{FromOption, Source, Value, mismatch};
use crate::simd::Real;
use crate::{Error, Result, option_words, options};

/// One filter: its first bin and the weights from there on. An empty filter has no weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<W> {
    pub first: usize,
    pub weights: Vec<W>,
}

impl<W: Real> Row<W> {
    /// The run from the first to the last weight that is not zero, where `weights` stand at the bins from `first` on.
    pub fn trimmed(first: usize, weights: &[W]) -> Self {
        let zero = W::default();
        let begin = weights.iter().position(|w| *w != zero).unwrap_or(0);
        let end = weights.iter().rposition(|w| *w != zero).map_or(begin, |last| last + 1);
        let first = if begin == end { 0 } else { first + begin };
        Self { first, weights: weights[begin..end].to_vec() }
    }
}

/// The weight at `at` of a triangle with these corners; 0 outside.
pub fn triangle<T: Real>(at: T, left: T, centre: T, right: T) -> T {
    let up = (at - left) / (centre - left);
    let down = (right - at) / (right - centre);
    // Corners that coincide may divide zero by zero: the other side then counts.
    let least = if up < down || down.partial_cmp(&down).is_none() { up } else { down };
    if least > T::default() { least } else { T::default() }
}

/// In which unit the sides of a triangle are straight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triangles {
    Hertz,
    Mel,
}

impl Triangles {
    /// Finds a unit by its name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "hertz" => Ok(Self::Hertz),
            "mel" => Ok(Self::Mel),
            _ => Err(Error::argument("triangles", "hertz or mel", name)),
        }
    }
}

/// The precision of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Float32,
    Float64,
}

impl Precision {
    /// Finds a precision by numpy's name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "float32" => Ok(Self::Float32),
            "float64" => Ok(Self::Float64),
            _ => Err(Error::argument("dtype", "float32 or float64", name)),
        }
    }
}

option_words!(Triangles, Precision);

/// How a filter is scaled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Norm {
    /// Not at all: the peak is (nearly) 1.
    None,
    /// By 2 over its width, in the unit of its sides: all filters have the same area.
    Slaney,
    /// To a p-norm of 1: any p above 0, infinity (the largest weight), minus infinity (the smallest), 0 (their number).
    P(f64),
}

impl FromOption for Norm {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match source.value(name)? {
            Value::Missing => Ok(Self::None),
            Value::Number(p) => Ok(Self::P(p)),
            Value::Text(word) if word == "slaney" => Ok(Self::Slaney),
            other => Err(mismatch(name, "slaney, a number or nothing", &other)),
        }
    }
}

options! {
    /// What makes a bank.
    #[derive(Debug, Clone, PartialEq)]
    pub struct BankOptions {
        /// The sample rate in Hz.
        pub sr: f64,
        /// Length of the transform whose bins `0 ..= n_fft / 2` are weighted.
        pub n_fft: usize,
        /// Number of filters.
        pub n_mels: usize,
        /// Left corner of the first filter in Hz.
        pub fmin: f64,
        /// Right corner of the last filter in Hz. Beyond half the rate there are no bins: such filters are cut or empty.
        pub fmax: f64,
        /// The scale on which the corners are evenly spaced.
        pub mel_scale: Scale,
        pub triangles: Triangles,
        pub norm: Norm,
        /// In `f32`, weights are rounded step by step as librosa does by default.
        pub dtype: Precision,
    }
}

/// Longer transforms and larger banks are mistakes.
const MAX_N_FFT: usize = 1 << 22;
const MAX_FILTERS: usize = 1 << 20;

/// A filter bank; only the runs of non-zero weights are kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Bank {
    pub rows: Vec<Row<f64>>,
    bins: usize,
    empty: Vec<usize>,
}

impl Bank {
    /// Checks the options and computes the weights.
    pub fn new(options: &BankOptions) -> Result<Self> {
        check(options)?;
        let BankOptions { sr, n_fft, n_mels, fmin, fmax, mel_scale: scale, .. } = *options;
        let bins = n_fft / 2 + 1;
        // numpy.fft.rfftfreq, operation by operation.
        let width = 1.0 / (n_fft as f64 * (1.0 / sr));
        let mels = mel_points(n_mels + 2, fmin, fmax, scale);
        let hertz: Vec<f64> = mels.iter().map(|&mel| scale.hertz(mel)).collect();
        let frequencies = (0..bins).map(|k| k as f64 * width);
        let (corners, at): (_, Vec<f64>) = match options.triangles {
            Triangles::Hertz => (&hertz, frequencies.collect()),
            Triangles::Mel => (&mels, frequencies.map(|f| scale.mel(f)).collect()),
        };
        let float32 = options.dtype == Precision::Float32;
        let round = |w: f64| if float32 { f64::from(w as f32) } else { w };
        let (mut rows, mut empty) = (Vec::with_capacity(n_mels), Vec::new());
        for m in 0..n_mels {
            let (left, centre, right) = (corners[m], corners[m + 1], corners[m + 2]);
            let first = at.partition_point(|&f| f <= left);
            let end = at.partition_point(|&f| f < right).max(first);
            let mut weights: Vec<f64> =
                at[first..end].iter().map(|&f| round(triangle(f, left, centre, right))).collect();
            // A filter that begins at 0 Hz may be empty without a warning, as in librosa.
            if left != 0.0 && weights.iter().all(|&w| w == 0.0) {
                empty.push(m);
            }
            match options.norm {
                Norm::None => {}
                Norm::Slaney => {
                    let scale = 2.0 / (right - left);
                    weights.iter_mut().for_each(|w| *w = round(*w * scale));
                }
                Norm::P(p) => {
                    let length = length(&weights, bins, p);
                    let smallest = if float32 { f64::from(f32::MIN_POSITIVE) } else { f64::MIN_POSITIVE };
                    if length >= smallest {
                        weights.iter_mut().for_each(|w| *w = round(*w / length));
                    }
                }
            }
            rows.push(Row::trimmed(first, &weights));
        }
        Ok(Self { rows, bins, empty })
    }

    /// Bins that the filters weigh.
    pub fn bins(&self) -> usize {
        self.bins
    }

    /// Indices of the filters that hold no bin: there are too many filters for the transform's length.
    pub fn empty_filters(&self) -> &[usize] {
        &self.empty
    }

    /// All weights, zeros included: `[n_mels, bins]`.
    pub fn dense<T: Real>(&self) -> Result<Vec<T>> {
        check_size("nMels", [self.rows.len(), self.bins, 1])?;
        let mut all = vec![T::default(); self.rows.len() * self.bins];
        for (row, to) in self.rows.iter().zip(all.chunks_exact_mut(self.bins)) {
            for (to, &w) in to[row.first..].iter_mut().zip(&row.weights) {
                *to = T::of(w);
            }
        }
        Ok(all)
    }
}

/// `librosa.util.normalize`'s norms of a row that is zero but for these weights.
fn length(weights: &[f64], bins: usize, p: f64) -> f64 {
    if p == f64::INFINITY {
        weights.iter().fold(0.0, |most, &w| most.max(w))
    } else if p == f64::NEG_INFINITY {
        let start = if weights.len() < bins { 0.0 } else { f64::INFINITY };
        weights.iter().fold(start, |least, &w| least.min(w))
    } else if p == 0.0 {
        weights.iter().filter(|&&w| w > 0.0).count() as f64
    } else {
        weights.iter().map(|w| w.powf(p)).sum::<f64>().powf(1.0 / p)
    }
}

fn check(options: &BankOptions) -> Result<()> {
    let BankOptions { sr, n_fft, n_mels, fmin, fmax, norm, .. } = *options;
    if !(sr > 0.0 && sr.is_finite()) {
        return Err(Error::argument("sr", "a positive number of hertz", sr));
    }
    if n_fft == 0 || n_fft > MAX_N_FFT {
        return Err(Error::argument("nFft", format!("between 1 and {MAX_N_FFT}"), n_fft));
    }
    if n_mels == 0 || n_mels > MAX_FILTERS {
        return Err(Error::argument("nMels", format!("between 1 and {MAX_FILTERS}"), n_mels));
    }
    if !(fmin >= 0.0 && fmin.is_finite()) {
        return Err(Error::argument("fmin", "at least 0 Hz", fmin));
    }
    if !(fmax > fmin && fmax.is_finite()) {
        return Err(Error::argument("fmax", format!("above fmin ({fmin} Hz)"), fmax));
    }
    match norm {
        Norm::P(p) if p.is_nan() || (p < 0.0 && p.is_finite()) => {
            Err(Error::argument("norm", "slaney, none, or a p from 0 on, infinity or minus infinity", p))
        }
        _ => Ok(()),
    }
}
