//! What NeMo's front end does to mel energies `[frames, columns]`: a guarded logarithm (`log_zero_guard_type`) and
//! normalisation of each column over time (`normalize_batch` with `per_feature`).

use super::deltas::check;
use crate::simd::Real;
use crate::{Error, Result, check_finite, option_words, options};

/// How the logarithm is kept away from zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LogGuardType {
    /// `ln(x + value)`.
    Add,
    /// `ln(max(x, value))`.
    Clamp,
}

impl LogGuardType {
    /// Finds a type by NeMo's name.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "add" => Ok(Self::Add),
            "clamp" => Ok(Self::Clamp),
            _ => Err(Error::argument("logZeroGuardType", "add or clamp", name)),
        }
    }
}

option_words!(LogGuardType);

options! {
    /// The options of [`log_energies`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct LogEnergiesOptions {
        pub log_zero_guard_type: LogGuardType,
        /// Above 0.
        pub log_zero_guard_value: f64,
    }
}

options! {
    /// The options of [`normalize_per_feature`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct NormalizePerFeatureOptions {
        /// The variance is the sum of squared distances over `frames - ddof`.
        pub ddof: usize,
        /// Added to each standard deviation.
        pub epsilon: f64,
    }
}

/// The guarded natural logarithm of every value. NaN, infinity and negative values are errors.
pub fn log_energies<T: Real>(energies: &[T], _columns: usize, options: LogEnergiesOptions) -> Result<Vec<T>> {
    let value = options.log_zero_guard_value;
    if !(value > 0.0 && value.is_finite()) {
        return Err(Error::argument("logZeroGuardValue", "a finite number above 0", value));
    }
    check_finite("features", energies, false)?;
    if let Some(energy) = energies.iter().find(|energy| **energy < T::zero()) {
        return Err(Error::argument("features", "energies of at least 0", energy.to_f64()));
    }
    Ok(match options.log_zero_guard_type {
        LogGuardType::Add => energies.iter().map(|x| T::of((x.to_f64() + value).ln())).collect(),
        LogGuardType::Clamp => energies.iter().map(|x| T::of(x.to_f64().max(value).ln())).collect(),
    })
}

/// Subtracts each column's mean and divides by its standard deviation plus `epsilon`. The variance is the sum of squared
/// distances over `frames - ddof`: 0 for the population's, 1 for the sample's, which one frame does not have.
pub fn normalize_per_feature<T: Real>(
    features: &[T],
    columns: usize,
    options: NormalizePerFeatureOptions,
) -> Result<Vec<T>> {
    let NormalizePerFeatureOptions { ddof, epsilon } = options;
    if !(epsilon >= 0.0 && epsilon.is_finite()) {
        return Err(Error::argument("epsilon", "a finite number of at least 0", epsilon));
    }
    let frames = check("features", features, columns)?;
    if frames == 0 {
        return Ok(Vec::new());
    }
    if ddof >= frames {
        let expected = format!("more than {ddof} frames for a deviation over frames - {ddof}");
        return Err(Error::shape("features", expected, frames));
    }
    // Row by row: each column's sum is still in order of time.
    let mut means = vec![0.0; columns];
    for row in features.chunks_exact(columns) {
        means.iter_mut().zip(row).for_each(|(sum, x)| *sum += x.to_f64());
    }
    means.iter_mut().for_each(|sum| *sum /= frames as f64);
    let mut squares = vec![0.0; columns];
    for row in features.chunks_exact(columns) {
        for ((sum, x), mean) in squares.iter_mut().zip(row).zip(&means) {
            let distance = x.to_f64() - mean;
            *sum += distance * distance;
        }
    }
    let deviation = |sum: &f64| (sum / (frames - ddof) as f64).sqrt() + epsilon;
    // A constant column has no deviation; without an epsilon it becomes zero, not NaN.
    let scales: Vec<f64> = squares.iter().map(deviation).map(|d| if d > 0.0 { 1.0 / d } else { 0.0 }).collect();
    let mut out = Vec::with_capacity(features.len());
    for row in features.chunks_exact(columns) {
        out.extend(row.iter().zip(&means).zip(&scales).map(|((x, mean), scale)| T::of((x.to_f64() - mean) * scale)));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_the_naive_form(columns in 1usize..6, frames in 0usize..40, ddof in 0usize..2, seed in 0u32..1000) {
            let x: Vec<f64> = (0..frames * columns).map(|i| ((i as f64 + f64::from(seed)) * 0.7).sin() * 5.0 - 9.0).collect();
            let got = normalize_per_feature(&x, columns, NormalizePerFeatureOptions { ddof, epsilon: 1e-5 });
            if frames == 1 && ddof == 1 {
                prop_assert_eq!(got.unwrap_err().code, "ERR_DSP_SHAPE");
                return Ok(());
            }
            let got = got.unwrap();
            for c in 0..columns {
                let column: Vec<f64> = x.iter().skip(c).step_by(columns).copied().collect();
                let mean = column.iter().sum::<f64>() / frames as f64;
                let variance = column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (frames - ddof.min(frames)) as f64;
                for (t, x) in column.iter().enumerate() {
                    let want = (x - mean) / (variance.sqrt() + 1e-5);
                    prop_assert!((got[t * columns + c] - want).abs() < 1e-11);
                }
            }
        }
    }

    #[test]
    fn guards_hold_zero_energies() {
        let guard = 2f64.powi(-24);
        assert_eq!(
            log_energies(
                &[0.0, 1.0],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Add, log_zero_guard_value: guard }
            )
            .unwrap(),
            [guard.ln(), (1.0 + guard).ln()]
        );
        assert_eq!(
            log_energies(
                &[0.0, 1.0],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Clamp, log_zero_guard_value: guard }
            )
            .unwrap(),
            [guard.ln(), 0.0]
        );
        assert_eq!(
            log_energies::<f32>(
                &[],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Add, log_zero_guard_value: guard }
            )
            .unwrap(),
            []
        );
        assert_eq!(
            normalize_per_feature(&[3.0f32, 3.0], 1, NormalizePerFeatureOptions { ddof: 0, epsilon: 0.0 }).unwrap(),
            [0.0, 0.0]
        );
    }

    #[test]
    fn bad_input_names_the_argument() {
        assert_eq!(
            log_energies(
                &[-1.0f32],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Add, log_zero_guard_value: 1.0 }
            )
            .unwrap_err()
            .argument,
            "features"
        );
        assert_eq!(
            log_energies(
                &[f32::NAN],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Add, log_zero_guard_value: 1.0 }
            )
            .unwrap_err()
            .code,
            "ERR_DSP_NOT_FINITE"
        );
        assert_eq!(
            log_energies(
                &[1.0f32],
                1,
                LogEnergiesOptions { log_zero_guard_type: LogGuardType::Clamp, log_zero_guard_value: 0.0 }
            )
            .unwrap_err()
            .argument,
            "logZeroGuardValue"
        );
        assert_eq!(
            normalize_per_feature(&[1.0f32], 1, NormalizePerFeatureOptions { ddof: 0, epsilon: f64::NAN })
                .unwrap_err()
                .argument,
            "epsilon"
        );
        assert_eq!(
            normalize_per_feature(&[1.0f32; 3], 2, NormalizePerFeatureOptions { ddof: 0, epsilon: 0.0 })
                .unwrap_err()
                .argument,
            "features"
        );
        assert_eq!(
            normalize_per_feature(&[f32::INFINITY], 1, NormalizePerFeatureOptions { ddof: 0, epsilon: 0.0 })
                .unwrap_err()
                .code,
            "ERR_DSP_NOT_FINITE"
        );
    }
}
