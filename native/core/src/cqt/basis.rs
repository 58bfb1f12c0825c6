//! The filters in the frequency domain, without what the quantile rule drops.

use super::VqtOptions;
use super::wavelet::{FilterShape, row_size};
use crate::fft::with_fft;
use crate::librosa::Librosa;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result};
use std::ops::Range;

/// The filters of one octave: for each, the bins that it has and their complex weights.
#[derive(Debug, Clone)]
pub(crate) struct Basis<T> {
    pub n_fft: usize,
    /// The bins that any filter has lie in here.
    pub reach: Range<usize>,
    /// Where each filter's entries begin, and the end of the last one's.
    begins: Vec<usize>,
    bins: Vec<u32>,
    /// Real and imaginary parts, in turn.
    weights: Vec<T>,
}

/// Weights of a filter in double precision: `(bin, [re, im])`.
pub(crate) type Entries = Vec<(u32, [f64; 2])>;

/// The entries of every filter, given their lengths, and the transform's length, which is at least `shortest`.
///
/// librosa keeps the filters in `complex64` whatever the signal is, and so do we: which entries the quantile rule keeps
/// depends on it.
pub(crate) fn entries(
    options: &VqtOptions,
    wavelets: &FilterShape,
    freqs: &[f64],
    lengths: &[f64],
    shortest: usize,
) -> Result<(usize, Vec<Entries>)> {
    let sparsity = options.filters.sparsity;
    if !(0.0..1.0).contains(&sparsity) {
        return Err(Error::argument("sparsity", "at least 0 and below 1", sparsity));
    }
    let size = row_size(lengths, true)?;
    let n_fft = size.max(shortest);
    let mut row = vec![0f64; 2 * n_fft];
    let mut spectrum = vec![0f64; 2 * n_fft];
    let mut all = Vec::with_capacity(freqs.len());
    for (&freq, &length) in freqs.iter().zip(lengths) {
        let filter = wavelets.filter(freq, length);
        // Centred in `size` samples; what a longer transform adds stands behind.
        let left = (size - filter.len()) / 2;
        let scale = length / n_fft as f64;
        row.fill(0.0);
        for (pair, value) in row[2 * left..].chunks_exact_mut(2).zip(filter) {
            for (to, part) in pair.iter_mut().zip(value) {
                *to = f64::from((f64::from(part as f32) * scale) as f32);
            }
        }
        with_fft(n_fft, |plan| plan.process(&row, n_fft, false, &mut spectrum))?;
        let half = &mut spectrum[..2 * (n_fft / 2 + 1)];
        let rounding = if options.librosa == Librosa::V0_10 {
            0.0
        } else {
            half.iter_mut().for_each(|part| *part = f64::from(*part as f32));
            rounding(&row, n_fft)
        };
        all.push(sparsify(half, sparsity, rounding));
    }
    Ok((n_fft, all))
}

/// How large the rounding errors of librosa's transform of a row are, where it is in single precision: they lift the smallest
/// magnitudes, and once in a while decide with them where the quantile is reached. Measured on scipy's transforms.
fn rounding(row: &[f64], n_fft: usize) -> f64 {
    let energy: f64 = row.iter().map(|x| x * x).sum();
    0.4 * 0.5 * f64::from(f32::EPSILON) * (energy * (n_fft as f64).log2()).sqrt()
}

/// Keeps the largest values of a row: those that are left when the smallest, whose magnitudes add up to less than the part
/// `quantile` of the row's sum, are dropped. `rounding` is the size of the errors that the values would have.
fn sparsify(row: &[f64], quantile: f64, rounding: f64) -> Entries {
    let values: Vec<[f64; 2]> = row.chunks_exact(2).map(|z| [z[0], z[1]]).collect();
    // On average, and of the largest none.
    let lift = rounding * rounding * std::f64::consts::FRAC_PI_4;
    let magnitudes: Vec<f64> = values.iter().map(|[re, im]| (re * re + im * im + lift).sqrt()).collect();
    let total: f64 = magnitudes.iter().sum();
    let mut sorted = magnitudes.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut sum = 0.0;
    let threshold = sorted.iter().find(|&&magnitude| {
        sum += magnitude / total;
        // A row of zeros has no parts: all of it stays (and weighs nothing).
        sum >= quantile || sum.is_nan()
    });
    // Where rounding keeps the whole sum below the quantile, nothing is dropped.
    let threshold = *threshold.unwrap_or(&sorted[0]);
    let kept = values.into_iter().zip(magnitudes).enumerate();
    kept.filter(|(_, (value, magnitude))| *magnitude >= threshold && *value != [0.0; 2])
        .map(|(bin, (value, _))| (bin as u32, value))
        .collect()
}

impl<T: Real> Basis<T> {
    /// Filters times `scale`.
    pub fn new(n_fft: usize, entries: &[Entries], scale: f64) -> Self {
        let mut basis = Self { n_fft, reach: 0..0, begins: vec![0], bins: Vec::new(), weights: Vec::new() };
        for row in entries {
            for &(bin, [re, im]) in row {
                basis.bins.push(bin);
                basis.weights.extend([T::of(re * scale), T::of(im * scale)]);
            }
            basis.begins.push(basis.bins.len());
        }
        let lowest = basis.bins.iter().min().map_or(0, |&bin| bin as usize);
        basis.reach = lowest..basis.bins.iter().max().map_or(0, |&bin| bin as usize + 1);
        basis
    }

    /// Number of filters.
    pub fn filters(&self) -> usize {
        self.begins.len() - 1
    }

    /// Applies the filters to spectra in lanes: `2 * bins` rows to `2 * filters` rows (real, imaginary, real, …).
    pub fn project(&self, spectra: &[T], response: &mut [T]) {
        assert!(spectra.len() == 2 * (self.n_fft / 2 + 1) * T::LANES, "spectra have the basis' transform length");
        assert!(response.len() == 2 * self.filters() * T::LANES, "the response has two rows a filter");
        // SAFETY: the lengths are checked, every bin of the basis is below `n_fft / 2 + 1`, and the level was found on this
        // machine.
        unsafe { Level::best().run(Project { basis: self, spectra, response }) }
    }
}

struct Project<'a, T> {
    basis: &'a Basis<T>,
    spectra: &'a [T],
    response: &'a mut [T],
}

impl<T: Real> Kernel<T> for Project<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { basis, spectra, response } = self;
        for (filter, ends) in basis.begins.windows(2).enumerate() {
            for part in (0..T::LANES).step_by(V::WIDTH) {
                // SAFETY: the caller has checked the lengths and the bins.
                unsafe {
                    let zero = V::splat(T::zero());
                    // Four sums, so that none has to wait for another.
                    let (mut rr, mut ii, mut ri, mut ir) = (zero, zero, zero, zero);
                    for entry in ends[0]..ends[1] {
                        let row = spectra.as_ptr().add(2 * *basis.bins.get_unchecked(entry) as usize * T::LANES + part);
                        let (re, im) = (V::load(row), V::load(row.add(T::LANES)));
                        let weight_re = V::splat(*basis.weights.get_unchecked(2 * entry));
                        let weight_im = V::splat(*basis.weights.get_unchecked(2 * entry + 1));
                        rr = re.mul_add(weight_re, rr);
                        ii = im.mul_add(weight_im, ii);
                        ri = im.mul_add(weight_re, ri);
                        ir = re.mul_add(weight_im, ir);
                    }
                    let to = response.as_mut_ptr().add(2 * filter * T::LANES + part);
                    (rr - ii).store(to);
                    (ri + ir).store(to.add(T::LANES));
                }
            }
        }
    }
}
