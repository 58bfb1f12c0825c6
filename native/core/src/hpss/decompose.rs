//! Separation of spectrograms that are there already.

use super::MaskOptions;
use super::mask::{Soft, mask};
use crate::median::{self, Extend, FilterOptions};
use crate::simd::Real;
use crate::{Error, Result, check_finite, options};

options! {
    /// The options of [`decompose`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct DecomposeOptions {
        pub masks: MaskOptions,
        /// Whether the residual, which neither mask let through, is wanted as well.
        pub residual: bool,
        /// Whether values are complex, as pairs.
        pub complex: bool,
    }
}

/// The parts of a spectrogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition<T> {
    pub harmonic: Vec<T>,
    pub percussive: Vec<T>,
    /// What neither mask let through; where asked.
    pub residual: Option<Vec<T>>,
}

/// Separates spectrograms `[channels, bins, frames]`: magnitudes, or complex values as pairs. The parts are of the same
/// kind, or are the masks `[channels, bins, frames]`. NaN, infinity and (in effect) negative magnitudes are errors.
pub fn decompose<T: Real>(
    spectra: &[T],
    bins: usize,
    frames: usize,
    complex: bool,
    options: &MaskOptions,
    residual: bool,
    threads: bool,
) -> Result<Decomposition<T>> {
    options.check()?;
    if residual && options.mask {
        return Err(Error::argument("residual", "false if mask is true", true));
    }
    let each = if complex { 2 } else { 1 };
    let size = bins.saturating_mul(frames).saturating_mul(each);
    if size == 0 || spectra.is_empty() || !spectra.len().is_multiple_of(size) {
        return Err(Error::shape("S", "at least one bin and one frame", spectra.len()));
    }
    check_finite("S", spectra, threads)?;
    let absolute: Vec<T>;
    let magnitudes = if complex {
        absolute = spectra.chunks_exact(2).map(magnitude).collect();
        &absolute
    } else {
        spectra
    };
    let medians = |size_rows, size_columns| {
        let options = FilterOptions { rows: bins, columns: frames, size_rows, size_columns, extend: Extend::Reflect };
        let medians =
            median::filter(magnitudes, &options, threads).map_err(|error| error.renamed("size", "kernelSize"))?;
        // Medians, not magnitudes: a few negative values among others are as good as zero, in librosa too.
        match medians.iter().find(|&&v| v < T::zero()) {
            Some(value) => Err(Error::argument("S", "non-negative magnitudes", value.to_f64())),
            None => Ok(medians),
        }
    };
    let harmonic = medians(1, options.kernel_size.0)?;
    let percussive = medians(options.kernel_size.1, 1)?;
    let MaskOptions { power, margin, .. } = *options;
    let split = options.split();
    let mut masks = [vec![T::zero(); magnitudes.len()], vec![T::zero(); magnitudes.len()]];
    mask(&harmonic, &percussive, &Soft { power, split, margin: margin.0 }, &mut masks[0]);
    mask(&percussive, &harmonic, &Soft { power, split, margin: margin.1 }, &mut masks[1]);
    if options.mask {
        let [harmonic, percussive] = masks;
        return Ok(Decomposition { harmonic, percussive, residual: None });
    }
    let [harmonic, percussive] = masks.map(|mask| -> Vec<T> {
        spectra.chunks_exact(each).zip(mask).flat_map(|(cell, m)| cell.iter().map(move |&v| v * m)).collect()
    });
    let rest = || spectra.iter().zip(&harmonic).zip(&percussive).map(|((&s, &h), &p)| s - (h + p)).collect();
    Ok(Decomposition { residual: residual.then(rest), harmonic, percussive })
}

fn magnitude<T: Real>(pair: &[T]) -> T {
    let (re, im) = (pair[0].to_f64(), pair[1].to_f64());
    let power = re * re + im * im;
    T::of(if (1e-290..1e300).contains(&power) { power.sqrt() } else { re.hypot(im) })
}
