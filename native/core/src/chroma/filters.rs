//! What maps spectra to pitch classes: bumps over the bins of a Fourier transform (`librosa.filters.chroma`, after D. Ellis'
//! `fft2chromamx`), and the folding of octaves of a constant-Q transform (`librosa.filters.cq_to_chroma`).

use crate::norm::Norm;
use crate::options::{FromOption, Source, Value, mismatch};
use crate::{Error, Result, check_finite, options};

/// The maximum number of values in a filter bank.
const MAX_VALUES: usize = 1 << 27;

options! {
    /// The rows of a chroma filter bank.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct BankOptions {
        pub n_chroma: usize,
        /// The octave in the middle of the weighting, counted from 27.5 Hz.
        pub ctroct: f64,
        /// The width of the weighting in octaves; none for no weighting.
        pub octwidth: Option<f64>,
        /// Whether the first row is C; else it is A.
        pub base_c: bool,
    }
}

impl BankOptions {
    /// librosa's defaults.
    #[cfg(test)]
    pub(super) fn standard() -> Self {
        Self { n_chroma: 12, ctroct: 5.0, octwidth: Some(2.0), base_c: true }
    }
}

options! {
    /// The options of [`chroma_filters`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct ChromaFilterOptions {
        /// Sample rate in Hz.
        pub sr: f64,
        pub n_fft: usize,
        /// Deviation from A440 in fractions of a chroma bin.
        pub tuning: f64,
        /// Of every column.
        pub norm: Norm,
        pub bank: BankOptions,
    }
}

/// The weights of `[n_chroma, n_fft / 2 + 1]`, rounded to `f32` (as librosa has them at every precision).
pub fn chroma_filters(options: &ChromaFilterOptions) -> Result<Vec<f32>> {
    let ChromaFilterOptions { sr, n_fft, tuning, norm, bank } = *options;
    let BankOptions { n_chroma, ctroct, octwidth, base_c } = bank;
    if !(sr.is_finite() && sr > 0.0) {
        return Err(Error::argument("sr", "a positive number of hertz", sr));
    }
    check_chroma(n_chroma)?;
    if n_fft < 2 || n_fft.saturating_mul(n_chroma) > MAX_VALUES {
        return Err(Error::argument("nFft", format!("between 2 and {}", MAX_VALUES / n_chroma), n_fft));
    }
    // More than a thousand octaves away, the reference itself is no longer a number.
    if tuning.is_nan() || tuning.abs() > 1000.0 * n_chroma as f64 {
        return Err(Error::argument("tuning", "a number of bins within a thousand octaves", tuning));
    }
    if !ctroct.is_finite() {
        return Err(Error::argument("ctroct", "a finite number", ctroct));
    }
    if octwidth.is_some_and(|width| !width.is_finite() || width == 0.0) {
        return Err(Error::argument("octwidth", "a number other than 0, or null", octwidth.unwrap_or_default()));
    }
    let chroma = n_chroma as f64;
    let reference = 440.0 * (tuning / chroma).exp2() / 16.0;
    let position = |bin: usize| chroma * (bin as f64 * sr / n_fft as f64 / reference).log2();
    // Bin 0 has no pitch: it stands 1.5 octaves below the next one.
    let positions: Vec<f64> = std::iter::once(position(1) - 1.5 * chroma).chain((1..n_fft).map(position)).collect();
    let bins = n_fft / 2 + 1;
    let half = (chroma / 2.0).round_ties_even();
    let turn = if base_c { 3 * (n_chroma / 12) } else { 0 };
    let mut weights = vec![0f32; n_chroma * bins];
    let mut column = vec![0f64; n_chroma];
    for (bin, &at) in positions.iter().enumerate().take(bins) {
        let width = positions.get(bin + 1).map_or(1.0, |next| (next - at).max(1.0));
        for (class, weight) in column.iter_mut().enumerate() {
            let distance = (at - class as f64 + half + 10.0 * chroma).rem_euclid(chroma) - half;
            *weight = (-0.5 * (2.0 * distance / width).powi(2)).exp();
        }
        let length = norm.length(column.iter().copied(), f64::MIN_POSITIVE);
        let octave = octwidth.map_or(1.0, |width| (-0.5 * ((at / chroma - ctroct) / width).powi(2)).exp());
        for (class, weight) in column.iter().enumerate() {
            let row = (class + n_chroma - turn % n_chroma) % n_chroma;
            weights[row * bins + bin] = (weight / length * octave) as f32;
        }
    }
    Ok(weights)
}

pub(super) fn check_chroma(n_chroma: usize) -> Result<()> {
    if n_chroma == 0 || n_chroma > 1 << 16 {
        return Err(Error::argument("nChroma", "between 1 and 65536", n_chroma));
    }
    Ok(())
}

options! {
    /// The options of [`cq_to_chroma`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct CqToChromaOptions {
        pub bins_per_octave: usize,
        pub n_chroma: usize,
        /// The transform's lowest frequency in hertz.
        pub fmin: f64,
        /// Weights that the matrix is convolved with.
        pub window: Option<Kernel>,
        /// Whether the first row is C; else it is A.
        pub base_c: bool,
    }
}

/// A small matrix: `rows` rows of as many values.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    pub rows: usize,
    pub values: Vec<f64>,
}

/// Its values, and the number of its rows if that is not 1: `window` and `window_rows`.
impl FromOption for Kernel {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        let rows = Option::from_option(source, &format!("{name}_rows"))?.unwrap_or(1);
        match source.value(name)? {
            Value::Numbers(values) => Ok(Self { rows, values }),
            other => Err(mismatch(name, "a list of numbers", &other)),
        }
    }
}

/// The weights of `[n_chroma, n_input]`, rounded to `f32` (as librosa has them at every precision).
pub fn cq_to_chroma(n_input: usize, options: &CqToChromaOptions) -> Result<Vec<f32>> {
    let CqToChromaOptions { bins_per_octave, n_chroma, fmin, ref window, base_c } = *options;
    check_chroma(n_chroma)?;
    if bins_per_octave == 0 || !bins_per_octave.is_multiple_of(n_chroma) {
        let expected = format!("a positive multiple of nChroma ({n_chroma})");
        return Err(Error::argument("binsPerOctave", expected, bins_per_octave));
    }
    if !(fmin.is_finite() && fmin > 0.0) {
        return Err(Error::argument("fmin", "a positive number of hertz", fmin));
    }
    if n_input == 0 || n_input.saturating_mul(n_chroma) > MAX_VALUES {
        return Err(Error::argument("nInput", format!("between 1 and {}", MAX_VALUES / n_chroma), n_input));
    }
    let merged = bins_per_octave / n_chroma;
    // The first bin's note, as MIDI counts them: C is 0, A is 9.
    let note = (12.0 * (fmin.log2() - 440f64.log2()) + 69.0).rem_euclid(12.0);
    let note = if base_c { note } else { note - 9.0 };
    let turn = (note * (n_chroma as f64 / 12.0)).round_ties_even() as i64;
    let mut weights = vec![0f64; n_chroma * n_input];
    for bin in 0..n_input {
        // Bins around a pitch class belong to it.
        let class = (bin + merged / 2) / merged % n_chroma;
        let row = (class as i64 + turn).rem_euclid(n_chroma as i64) as usize;
        weights[row * n_input + bin] = 1.0;
    }
    let weights = match window {
        Some(kernel) => convolve(&weights, n_chroma, kernel)?,
        None => weights,
    };
    Ok(weights.into_iter().map(|weight| weight as f32).collect())
}

/// The middle of the convolution of two matrices, in the first one's shape (`scipy.signal.convolve` with `mode="same"`).
fn convolve(matrix: &[f64], rows: usize, kernel: &Kernel) -> Result<Vec<f64>> {
    let size = kernel.values.len();
    if kernel.rows == 0 || size == 0 || !size.is_multiple_of(kernel.rows) {
        return Err(Error::shape("window", "at least one value in whole rows", size));
    }
    check_finite("window", &kernel.values, false)?;
    let (columns, width) = (matrix.len() / rows, size / kernel.rows);
    let (down, right) = ((kernel.rows - 1) / 2, (width - 1) / 2);
    let mut result = vec![0.0; matrix.len()];
    for (at, &x) in matrix.iter().enumerate().filter(|(_, x)| **x != 0.0) {
        let (row, column) = (at / columns, at % columns);
        for (i, values) in kernel.values.chunks_exact(width).enumerate() {
            let Some(row) = (row + i).checked_sub(down).filter(|&row| row < rows) else { continue };
            for (j, &weight) in values.iter().enumerate() {
                let Some(column) = (column + j).checked_sub(right).filter(|&column| column < columns) else {
                    continue;
                };
                result[row * columns + column] += x * weight;
            }
        }
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_weighs_most_in_its_class() {
        let bank = BankOptions::standard();
        let options = ChromaFilterOptions { sr: 22050.0, n_fft: 4096, tuning: 0.0, norm: Norm::P(2.0), bank };
        let of = |bank| chroma_filters(&ChromaFilterOptions { bank, ..options });
        let weights = chroma_filters(&options).unwrap();
        let bin = (440.0f64 * 4096.0 / 22050.0).round() as usize;
        let heaviest = (0..12).max_by(|&a, &b| weights[a * 2049 + bin].total_cmp(&weights[b * 2049 + bin]));
        assert_eq!(heaviest, Some(9), "A is the tenth row from C");
        let from_a = of(BankOptions { base_c: false, ..bank }).unwrap();
        assert_eq!(weights[9 * 2049 + bin], from_a[bin]);
        for n_chroma in [0, 1 << 17] {
            assert!(of(BankOptions { n_chroma, ..bank }).is_err());
        }
        assert!(of(BankOptions { octwidth: Some(0.0), ..bank }).is_err());
    }

    #[test]
    fn octaves_fold() {
        let options =
            CqToChromaOptions { bins_per_octave: 36, n_chroma: 12, fmin: crate::cqt::C1, window: None, base_c: true };
        let weights = cq_to_chroma(72, &options).unwrap();
        let classes = |bin: usize| (0..12).filter(|row| weights[row * 72 + bin] == 1.0).collect::<Vec<_>>();
        assert_eq!(
            (classes(0), classes(1), classes(2), classes(35), classes(36)),
            (vec![0], vec![0], vec![1], vec![0], vec![0])
        );
        let smooth = Kernel { rows: 1, values: vec![0.25, 0.5, 0.25] };
        let weights = cq_to_chroma(72, &CqToChromaOptions { window: Some(smooth), ..options.clone() }).unwrap();
        assert_eq!(weights[1], 0.75);
        assert!(cq_to_chroma(72, &CqToChromaOptions { n_chroma: 7, ..options.clone() }).is_err());
        assert!(cq_to_chroma(0, &options).is_err());
    }
}
