//! Scaling of columns (or of vectors) to norm 1, as `librosa.util.normalize` does it.

use crate::options::{FromOption, Source};
use crate::simd::Real;
use crate::{Error, Result};

/// What is made 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Norm {
    /// Nothing: values stay as they are.
    None,
    /// The largest magnitude.
    Max,
    /// The smallest magnitude.
    Min,
    /// The number of values that are not zero.
    Count,
    /// The p-norm, `p > 0`.
    P(f64),
}

impl FromOption for Norm {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        Self::parse(Option::from_option(source, name)?)
    }
}

impl Norm {
    /// librosa's number: infinity, minus infinity, 0, or a positive `p`; nothing for none.
    pub fn parse(norm: Option<f64>) -> Result<Self> {
        Ok(match norm {
            None => Self::None,
            Some(p) if p == f64::INFINITY => Self::Max,
            Some(p) if p == f64::NEG_INFINITY => Self::Min,
            Some(0.0) => Self::Count,
            Some(p) if p > 0.0 => Self::P(p),
            Some(p) => return Err(Error::argument("norm", "null, 0, infinity, -infinity or a positive number", p)),
        })
    }

    /// The start of a sum over magnitudes.
    fn start(self) -> f64 {
        if self == Self::Min { f64::INFINITY } else { 0.0 }
    }

    /// One step of the sum.
    #[inline(always)]
    fn add(self, sum: f64, magnitude: f64) -> f64 {
        match self {
            Self::None => sum,
            Self::Max => sum.max(magnitude),
            Self::Min => sum.min(magnitude),
            Self::Count => sum + f64::from(u8::from(magnitude > 0.0)),
            Self::P(1.0) => sum + magnitude,
            Self::P(2.0) => sum + magnitude * magnitude,
            Self::P(p) => sum + magnitude.powf(p),
        }
    }

    /// What to divide by: 1 where the norm is below the smallest normal number of the values' type.
    fn divisor(self, sum: f64, smallest: f64) -> f64 {
        let length = match self {
            Self::None => 1.0,
            Self::P(2.0) => sum.sqrt(),
            Self::P(p) if p != 1.0 => sum.powf(1.0 / p),
            _ => sum,
        };
        if length < smallest { 1.0 } else { length }
    }

    /// What to divide a vector by that has these magnitudes, all of them finite.
    pub fn length(self, magnitudes: impl Iterator<Item = f64>, smallest: f64) -> f64 {
        self.divisor(magnitudes.fold(self.start(), |sum, magnitude| self.add(sum, magnitude)), smallest)
    }

    /// Scales every column of `[rows, columns]`.
    pub fn columns<T: Real>(self, values: &mut [T], columns: usize) {
        if self == Self::None || columns == 0 {
            return;
        }
        let mut sums = vec![self.start(); columns];
        for row in values.chunks_exact(columns) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum = self.add(*sum, value.to_f64().abs());
            }
        }
        for sum in &mut sums {
            *sum = self.divisor(*sum, T::MIN_POSITIVE);
        }
        for row in values.chunks_exact_mut(columns) {
            for (value, divisor) in row.iter_mut().zip(&sums) {
                *value = T::of(value.to_f64() / divisor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_norm_and_zero_columns() {
        let values = [3.0, 0.0, -4.0, 0.0, 0.0, 0.0];
        let of = |norm: f64| {
            let mut scaled = values;
            Norm::parse(Some(norm)).unwrap().columns(&mut scaled, 2);
            [scaled[0], scaled[1], scaled[2]]
        };
        assert_eq!(of(f64::INFINITY), [0.75, 0.0, -1.0]);
        assert_eq!(of(f64::NEG_INFINITY), [3.0, 0.0, -4.0]);
        assert_eq!(of(0.0), [1.5, 0.0, -2.0]);
        assert_eq!(of(1.0), [3.0 / 7.0, 0.0, -4.0 / 7.0]);
        assert_eq!(of(2.0), [0.6, 0.0, -0.8]);
        assert!((of(3.0)[0] - 3.0 / 91f64.cbrt()).abs() < 1e-15);
        let mut same = values;
        Norm::parse(None).unwrap().columns(&mut same, 2);
        assert_eq!(same, values);
        assert!(Norm::parse(Some(-1.0)).is_err() && Norm::parse(Some(f64::NAN)).is_err());
    }
}
