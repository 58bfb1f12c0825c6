//! From pitches to a tuning: the fullest bin of a histogram of their distances to the scale.

use super::PitchTuningOptions;
use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// The most bins of a histogram.
const MAX_BINS: f64 = 1e7;

/// Checks what a histogram is made by.
pub(super) fn check(options: &PitchTuningOptions) -> Result<()> {
    let PitchTuningOptions { resolution, bins_per_octave } = *options;
    if !(resolution > 0.0 && resolution < 1.0 && 1.0 / resolution <= MAX_BINS) {
        return Err(Error::argument("resolution", format!("between {} and 1, exclusive", 1.0 / MAX_BINS), resolution));
    }
    if bins_per_octave == 0 {
        return Err(Error::argument("binsPerOctave", "at least 1", bins_per_octave));
    }
    Ok(())
}

/// The tuning of frequencies in hertz, as a fraction of a bin from -0.5 to 0.5: by how much most of them lie above their nearest
/// bin. Frequencies that are not positive do not count; nothing where none is left.
pub fn pitch_tuning<T: Real>(frequencies: &[T], options: &PitchTuningOptions) -> Result<Option<f64>> {
    check(options)?;
    let PitchTuningOptions { resolution, bins_per_octave } = *options;
    check_finite("frequencies", frequencies, false)?;
    let bins = (1.0 / resolution).ceil() as usize;
    let step = 1.0 / bins as f64;
    let edge = |i: usize| if i == bins { 0.5 } else { i as f64 * step - 0.5 };
    let per_octave = T::of(bins_per_octave as f64);
    let mut counts = vec![0usize; bins];
    let mut any = false;
    for &frequency in frequencies {
        if frequency <= T::zero() {
            continue;
        }
        any = true;
        // In the frequencies' own type, step by step: 27.5 Hz is octave 0.
        let octaves = T::of(T::of(frequency.to_f64() / 27.5).to_f64().log2());
        let mut residual = T::of((per_octave * octaves).to_f64().rem_euclid(1.0)).to_f64();
        if residual >= 0.5 {
            residual -= 1.0;
        }
        let mut bin = (((residual + 0.5) / step) as usize).min(bins - 1);
        // The edges decide, not the quotient.
        while bin > 0 && residual < edge(bin) {
            bin -= 1;
        }
        while bin + 1 < bins && residual >= edge(bin + 1) {
            bin += 1;
        }
        counts[bin] += 1;
    }
    let max = counts.iter().max().copied().unwrap_or(0);
    let fullest = counts.iter().position(|&count| count == max).unwrap_or(0);
    Ok(any.then(|| edge(fullest)))
}

/// numpy's median; nothing of nothing.
pub(super) fn median<T: Real>(values: &[T]) -> Option<T> {
    let mut sorted = values.to_vec();
    let order = |a: &T, b: &T| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
    let middle = sorted.len() / 2;
    if sorted.is_empty() {
        return None;
    }
    let (below, &mut upper, _) = sorted.select_nth_unstable_by(middle, order);
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(order)?;
    Some((lower + upper) * T::of(0.5))
}
