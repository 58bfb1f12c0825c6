//! The filters in the time domain: windowed complex exponentials (`librosa.filters.wavelet`, `wavelet_lengths`).

use super::frequencies::{Intervals, bandwidth, relative_bandwidth};
use crate::norm::Norm;
use crate::window::Window;
use crate::{Error, Result, options};
use std::f64::consts::PI;

/// The longest filter, in samples.
pub const MAX_LENGTH: usize = 1 << 20;
/// The most values of a filter bank.
const MAX_VALUES: usize = 1 << 27;

options! {
    /// The options of [`wavelet_lengths`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct WaveletLengthOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        pub window: Window,
        /// Factor of all lengths.
        pub filter_scale: f64,
        /// Bandwidth that is added to every filter's own, in hertz; none for the ear's.
        pub gamma: Option<f64>,
        /// Bandwidths over frequencies; none for those that follow from the frequencies' distances.
        pub alpha: Option<Vec<f64>>,
    }
}

options! {
    /// The options of [`wavelet`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct WaveletOptions {
        pub lengths: WaveletLengthOptions,
        /// Of every filter.
        pub norm: Norm,
        /// Whether rows are as long as a power of two.
        pub pad_fft: bool,
    }
}

options! {
    /// The options of [`constant_q`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct ConstantQOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        /// The lowest frequency in hertz.
        pub fmin: f64,
        pub n_bins: usize,
        pub bins_per_octave: usize,
        pub window: Window,
        /// Factor of all lengths.
        pub filter_scale: f64,
        /// Bandwidth that is added to every filter's own, in hertz; none for the ear's.
        pub gamma: Option<f64>,
        /// Of every filter.
        pub norm: Norm,
        /// Whether rows are as long as a power of two.
        pub pad_fft: bool,
    }
}

/// The filters of these frequencies.
pub fn wavelet(freqs: &[f64], options: &WaveletOptions) -> Result<Wavelets> {
    let WaveletOptions { lengths, norm, pad_fft } = options;
    FilterShape { norm: *norm, ..lengths.shape() }.bank(freqs, lengths.alpha.as_deref(), *pad_fft)
}

/// The lengths of the filters of these frequencies, in samples (not rounded), and the highest frequency that one of them
/// reaches.
pub fn wavelet_lengths(freqs: &[f64], options: &WaveletLengthOptions) -> Result<(Vec<f64>, f64)> {
    options.shape().lengths(freqs, options.alpha.as_deref())
}

/// The filters of a constant-Q transform.
pub fn constant_q(options: &ConstantQOptions) -> Result<Wavelets> {
    let ConstantQOptions { sr, fmin, n_bins, bins_per_octave, window, filter_scale, gamma, norm, pad_fft } = *options;
    let freqs = Intervals::Equal.frequencies(n_bins, fmin, bins_per_octave)?;
    let alpha = vec![bandwidth(bins_per_octave as f64); n_bins];
    FilterShape { sr, window, filter_scale, gamma, norm }.bank(&freqs, Some(&alpha), pad_fft)
}

impl WaveletLengthOptions {
    fn shape(&self) -> FilterShape {
        let Self { sr, window, filter_scale, gamma, .. } = *self;
        FilterShape { sr, window, filter_scale, gamma, norm: Norm::None }
    }
}

/// What filters of all frequencies have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FilterShape {
    pub sr: f64,
    pub window: Window,
    pub filter_scale: f64,
    pub gamma: Option<f64>,
    pub norm: Norm,
}

/// Filters in time, complex, rounded to `f32` (as librosa has them at every precision).
#[derive(Debug, Clone, PartialEq)]
pub struct Wavelets {
    /// `[filters, size]`, complex: every filter is in the middle of its row.
    pub values: Vec<f32>,
    /// Samples of a row.
    pub size: usize,
    /// Each filter's length before it was rounded, in samples.
    pub lengths: Vec<f64>,
}

/// The effective width of a window's main lobe in bins, which the filters' upper ends are judged by.
pub(super) fn window_bandwidth(window: Window) -> f64 {
    // librosa has measured these once, at lengths of its own, and measures other windows at 1000 samples.
    match window {
        Window::Hann => 1.50018310546875,
        Window::Hamming => 1.3629455320350348,
        Window::Blackman => 1.7269681554262326,
        Window::Bartlett => 1.3334961334912805,
        Window::Triangular => 1.333_170_652_355_585,
        Window::BlackmanHarris => 2.0045975283585014,
        Window::Nuttall => 1.9763500280946082,
        Window::FlatTop => 2.7762255046484143,
        Window::Cosine => 1.2337005350199792,
        Window::Bohman => 1.7859588613860062,
        Window::Parzen => 1.917_460_317_460_319,
        Window::BartHann => 1.4560255965133932,
        _ => {
            const N: usize = 1000;
            let values = window.values(N, true);
            let (sum, squares) = values.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
            N as f64 * squares / (sum * sum)
        }
    }
}

impl FilterShape {
    /// Lengths of the filters in samples (not rounded), and the highest frequency that one of them reaches. `alpha` holds
    /// relative bandwidths; without it they come from the frequencies' distances.
    pub fn lengths(&self, freqs: &[f64], alpha: Option<&[f64]>) -> Result<(Vec<f64>, f64)> {
        if !(self.sr.is_finite() && self.sr > 0.0) {
            return Err(Error::argument("sr", "a positive number of hertz", self.sr));
        }
        if !(self.filter_scale.is_finite() && self.filter_scale > 0.0) {
            return Err(Error::argument("filterScale", "positive", self.filter_scale));
        }
        if self.gamma.is_some_and(|gamma| !gamma.is_finite() || gamma < 0.0) {
            return Err(Error::argument("gamma", "at least 0, or null", self.gamma.unwrap_or_default()));
        }
        if let Some(f) = freqs.iter().find(|f| !(f.is_finite() && **f > 0.0)) {
            return Err(Error::argument("freqs", "positive frequencies", f));
        }
        if freqs.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(Error::argument("freqs", "in ascending order", format!("{freqs:?}")));
        }
        let alpha = match alpha {
            Some(alpha) if alpha.len() == freqs.len() => alpha.to_vec(),
            Some(alpha) => return Err(Error::shape("alpha", format!("{} values", freqs.len()), alpha.len())),
            None => relative_bandwidth(freqs)?,
        };
        if let Some(a) = alpha.iter().find(|a| !(a.is_finite() && **a > 0.0)) {
            return Err(Error::argument("alpha", "positive relative bandwidths (no frequency twice)", a));
        }
        let width = window_bandwidth(self.window);
        let mut cutoff = 0f64;
        let lengths: Vec<f64> = freqs
            .iter()
            .zip(&alpha)
            .map(|(f, alpha)| {
                let gamma = self.gamma.unwrap_or(alpha * 24.7 / 0.108);
                let q = self.filter_scale / alpha;
                cutoff = cutoff.max(f * (1.0 + 0.5 * width / q) + 0.5 * gamma);
                q * self.sr / (f + gamma / alpha)
            })
            .collect();
        if let Some(length) = lengths.iter().find(|length| length.is_nan() || **length > MAX_LENGTH as f64) {
            return Err(Error::argument(
                "fmin",
                format!(
                    "high enough for filters of at most {MAX_LENGTH} samples (or fewer bins per octave, or a smaller filterScale)"
                ),
                format!("a filter of {length} samples"),
            ));
        }
        Ok((lengths, cutoff))
    }

    /// The filter of one frequency, complex.
    pub fn filter(&self, freq: f64, length: f64) -> Vec<[f64; 2]> {
        let (first, end) = ((-length / 2.0).floor() as i64, (length / 2.0).floor() as i64);
        let window = self.window.values((end - first).max(0) as usize, true);
        let mut filter: Vec<[f64; 2]> = (first..end)
            .zip(window)
            .map(|(t, w)| {
                let (sin, cos) = (t as f64 * 2.0 * PI * freq / self.sr).sin_cos();
                [w * cos, w * sin]
            })
            .collect();
        let magnitudes = filter.iter().map(|[re, im]| re.hypot(*im));
        let divisor = self.norm.length(magnitudes, f64::MIN_POSITIVE);
        for [re, im] in &mut filter {
            (*re, *im) = (*re / divisor, *im / divisor);
        }
        filter
    }

    /// The bank of filters. With `pad_fft` the rows' size is a power of two.
    pub fn bank(&self, freqs: &[f64], alpha: Option<&[f64]>, pad_fft: bool) -> Result<Wavelets> {
        let (lengths, _) = self.lengths(freqs, alpha)?;
        let size = row_size(&lengths, pad_fft)?;
        if size.saturating_mul(freqs.len()) > MAX_VALUES {
            return Err(Error::argument("freqs", format!("a bank of at most {MAX_VALUES} values"), freqs.len()));
        }
        let mut values = vec![0f32; 2 * size * freqs.len()];
        for ((row, &freq), &length) in values.chunks_exact_mut(2 * size).zip(freqs).zip(&lengths) {
            let filter = self.filter(freq, length);
            let left = (size - filter.len()) / 2;
            for (pair, value) in row[2 * left..].chunks_exact_mut(2).zip(filter) {
                pair.copy_from_slice(&value.map(|part| part as f32));
            }
        }
        Ok(Wavelets { values, size, lengths })
    }
}

/// Samples that rows for filters of these lengths have.
pub(super) fn row_size(lengths: &[f64], pad_fft: bool) -> Result<usize> {
    let longest = lengths.iter().fold(0f64, |longest, &length| longest.max(length));
    let size = if pad_fft { longest.log2().ceil().exp2() as usize } else { longest.ceil() as usize };
    if size == 0 {
        return Err(Error::argument("filterScale", "large enough for filters of at least one sample", longest));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_normalised_and_centred() {
        let options =
            FilterShape { sr: 22050.0, window: Window::Hann, filter_scale: 1.0, gamma: Some(0.0), norm: Norm::P(1.0) };
        let freqs: Vec<f64> = (0..12).map(|i| 220.0 * (f64::from(i) / 12.0).exp2()).collect();
        let bank = options.bank(&freqs, None, true).unwrap();
        assert!(bank.size.is_power_of_two() && bank.size as f64 >= bank.lengths[0]);
        for row in bank.values.chunks_exact(2 * bank.size) {
            let sum: f32 = row.chunks_exact(2).map(|z| z[0].hypot(z[1])).sum();
            assert!((sum - 1.0).abs() < 1e-4);
            let middle = &row[bank.size..][..2];
            assert!(row.chunks_exact(2).all(|z| z[0].hypot(z[1]) <= middle[0].hypot(middle[1]) + 1e-9));
        }
        assert!(options.bank(&freqs, None, false).unwrap().size < bank.size);
    }

    #[test]
    fn rejects_invalid_input() {
        let good =
            FilterShape { sr: 22050.0, window: Window::Hann, filter_scale: 1.0, gamma: None, norm: Norm::P(1.0) };
        let name = |options: &FilterShape, freqs: &[f64]| options.lengths(freqs, None).unwrap_err().argument;
        assert_eq!(name(&FilterShape { filter_scale: 0.0, ..good.clone() }, &[1.0, 2.0]), "filterScale");
        assert_eq!(name(&FilterShape { gamma: Some(-1.0), ..good.clone() }, &[1.0, 2.0]), "gamma");
        assert_eq!(name(&FilterShape { sr: f64::NAN, ..good.clone() }, &[1.0, 2.0]), "sr");
        assert_eq!(name(&good, &[0.0, 2.0]), "freqs");
        assert_eq!(name(&good, &[2.0, 1.0]), "freqs");
        assert_eq!(name(&good, &[2.0, 2.0, 3.0]), "alpha");
        assert_eq!(name(&FilterShape { gamma: Some(0.0), ..good }, &[1e-4, 1.0001e-4]), "fmin");
    }
}
