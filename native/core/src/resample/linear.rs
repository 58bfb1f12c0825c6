//! Straight lines between samples: no resampler to use, but one that references are made with.

use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// Longer results are mistakes.
const MAX_SAMPLES: f64 = 4e9;

/// The signal at multiples of `orig / new` samples, as `numpy.interp` gives it; `floor(samples * new / orig)` values.
pub fn linear<T: Real>(x: &[T], orig: f64, new: f64) -> Result<Vec<T>> {
    for (name, rate) in [("origFreq", orig), ("newFreq", new)] {
        if !(rate > 0.0 && rate.is_finite()) {
            return Err(Error::argument(name, "a positive number of hertz", rate));
        }
    }
    check_finite("samples", x, true)?;
    let count = (x.len() as f64 * new / orig).floor();
    if count > MAX_SAMPLES {
        return Err(Error::argument("newFreq", format!("at most {MAX_SAMPLES} samples"), count));
    }
    let last = x.len().saturating_sub(1);
    Ok((0..count as usize)
        .map(|n| {
            let at = (n as f64 * orig / new).min(last as f64);
            let (i, part) = (at as usize, at.fract());
            let (a, b) = (x[i].to_f64(), x[last.min(i + 1)].to_f64());
            T::of(a + part * (b - a))
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::linear;

    #[test]
    fn is_exact_on_lines_and_holds_the_last_sample() {
        let line: Vec<f64> = (0..90).map(f64::from).collect();
        let third = linear(&line, 48.0, 16.0).expect("samples");
        assert_eq!(third, (0..30).map(|n| f64::from(3 * n)).collect::<Vec<_>>());
        let more = linear(&line, 2.0, 4.0).expect("samples");
        assert_eq!((more.len(), more[3], more[179]), (180, 1.5, 89.0));
        assert!(linear(&[f32::NAN], 1.0, 2.0).is_err() && linear(&line, 0.0, 2.0).is_err());
        assert_eq!(linear(&[0.0f32; 0], 1.0, 2.0), Ok(vec![]));
    }
}
