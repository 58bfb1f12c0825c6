//! The filters themselves, and their frequency responses.

use crate::window::Window;
use crate::{Error, Result, options};
use std::f64::consts::PI;

/// Larger numbers of filters, and longer ones, are rejected.
const MAX_FILTERS: usize = 4096;
const MAX_KERNEL_SIZE: usize = 1 << 16;
/// The largest transform of [`frequency_responses`].
const MAX_FFT: usize = 1 << 16;

options! {
    /// The bands of the filters, and how they are sampled.
    #[derive(Debug, Clone, PartialEq)]
    pub struct BandOptions {
        /// Low cut-off of each filter, in hertz.
        pub low: Vec<f64>,
        /// Bandwidth of each filter, in hertz.
        pub band: Vec<f64>,
        /// Sample rate in Hz.
        pub sample_rate: f64,
        /// Samples in a filter; odd.
        pub kernel_size: usize,
    }
}

impl BandOptions {
    fn check(&self) -> Result<()> {
        let Self { low, band, sample_rate, kernel_size } = self;
        if !(sample_rate.is_finite() && *sample_rate > 0.0) {
            return Err(Error::argument("sampleRate", "a positive number of hertz", sample_rate));
        }
        if *kernel_size < 3 || kernel_size.is_multiple_of(2) || *kernel_size > MAX_KERNEL_SIZE {
            let expected = format!("an odd number between 3 and {MAX_KERNEL_SIZE}");
            return Err(Error::argument("kernelSize", expected, kernel_size));
        }
        if low.is_empty() || low.len() > MAX_FILTERS {
            return Err(Error::argument("low", format!("between 1 and {MAX_FILTERS} cut-offs"), low.len()));
        }
        if band.len() != low.len() {
            return Err(Error::argument("band", format!("as many numbers as low ({})", low.len()), band.len()));
        }
        let nyquist = sample_rate / 2.0;
        for (i, (&low, &band)) in low.iter().zip(band).enumerate() {
            // Written so that NaN fails.
            if !(low >= 0.0 && low < nyquist) {
                let expected = format!("at least 0 and below half of sampleRate ({nyquist})");
                return Err(Error::argument(&format!("low[{i}]"), expected, low));
            }
            if !(band > 0.0 && low + band <= nyquist) {
                let expected = format!("above 0, and low + band at most half of sampleRate ({nyquist})");
                return Err(Error::argument(&format!("band[{i}]"), expected, band));
            }
        }
        Ok(())
    }
}

/// Impulse responses, `[filters, kernel_size]` each.
#[derive(Debug, Clone, PartialEq)]
pub struct Filters {
    /// Samples in a filter.
    pub kernel_size: usize,
    /// `(sin 2 pi f2 n - sin 2 pi f1 n) / (pi n)` under a Hamming window, over `2 (f2 - f1)`; symmetric.
    pub real: Vec<f64>,
    /// Its partner in quadrature, `(cos 2 pi f1 n - cos 2 pi f2 n) / (pi n)`, scaled alike; antisymmetric.
    pub partner: Vec<f64>,
}

impl Filters {
    pub fn new(options: &BandOptions) -> Result<Self> {
        options.check()?;
        let BandOptions { low, band, sample_rate, kernel_size } = options;
        let (size, half) = (*kernel_size, *kernel_size / 2);
        let window = Window::Hamming.values(size, false);
        let mut real = vec![0.0; low.len() * size];
        let mut partner = real.clone();
        let rows = real.chunks_exact_mut(size).zip(partner.chunks_exact_mut(size));
        for ((h, g), (low, band)) in rows.zip(low.iter().zip(band)) {
            let (f1, f2) = (low / sample_rate, (low + band) / sample_rate);
            let scale = 2.0 * (f2 - f1);
            h[half] = window[half];
            for n in 1..=half {
                let at = n as f64;
                let (sin1, cos1) = (2.0 * PI * f1 * at).sin_cos();
                let (sin2, cos2) = (2.0 * PI * f2 * at).sin_cos();
                let weight = window[half + n] / (PI * at * scale);
                h[half + n] = (sin2 - sin1) * weight;
                h[half - n] = h[half + n];
                g[half + n] = (cos1 - cos2) * weight;
                g[half - n] = -g[half + n];
            }
        }
        Ok(Self { kernel_size: size, real, partner })
    }

    /// Number of filters.
    pub fn count(&self) -> usize {
        self.real.len() / self.kernel_size
    }
}

options! {
    /// The options of [`frequency_responses`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct ResponseOptions {
        pub bands: BandOptions,
        /// Points on the whole circle: the responses are given from 0 to half of the sample rate.
        pub n_fft: usize,
    }
}

/// The magnitude of every filter's frequency response, `[filters, 1 + n_fft / 2]`. It is the response of the symmetric
/// filters; that of a partner differs from it near 0 and near half of the sample rate only.
pub fn frequency_responses(options: &ResponseOptions) -> Result<Vec<f64>> {
    let filters = Filters::new(&options.bands)?;
    let (size, half, n_fft) = (filters.kernel_size, filters.kernel_size / 2, options.n_fft);
    if !(2..=MAX_FFT).contains(&n_fft) {
        return Err(Error::argument("nFft", format!("between 2 and {MAX_FFT}"), n_fft));
    }
    let circle: Vec<f64> = (0..n_fft).map(|k| (2.0 * PI * k as f64 / n_fft as f64).cos()).collect();
    let row = |h: &[f64]| {
        let right = h[half..].to_vec();
        let circle = &circle;
        (0..=n_fft / 2).map(move |k| {
            let mut at = 0;
            let terms = right[1..].iter().map(|h| {
                at = (at + k) % n_fft;
                h * circle[at]
            });
            (right[0] + 2.0 * terms.sum::<f64>()).abs()
        })
    };
    Ok(filters.real.chunks_exact(size).flat_map(row).collect())
}
