//! The one check for NaN and infinity.

use crate::jobs::find_first;
use crate::simd::Real;
use crate::{Error, Result};

/// Refuses NaN and infinity: the error names the argument and the first index.
pub fn check_finite<T: Real>(argument: &str, values: &[T], threads: bool) -> Result<()> {
    /// Values that a thread takes at a time.
    const PART: usize = 1 << 16;
    let parts = values.len().div_ceil(PART);
    let found = find_first(threads, parts, |part| {
        let first = part * PART;
        let at = first_not_finite(&values[first..values.len().min(first + PART)])?;
        Some(first + at)
    });
    match found {
        Some(at) => Err(Error::not_finite(argument, at, values[at].to_f64())),
        None => Ok(()),
    }
}

/// Whether all values are finite.
pub(crate) fn all_finite<T: Real>(values: &[T]) -> bool {
    first_not_finite(values).is_none()
}

/// The error of values of which one is not finite.
pub(crate) fn not_finite<T: Real>(argument: &str, values: &[T]) -> Error {
    let at = first_not_finite(values).unwrap_or(0);
    Error::not_finite(argument, at, values.get(at).map_or(f64::NAN, |value| value.to_f64()))
}

/// The position of the first value that is not finite.
#[allow(clippy::needless_range_loop)] // an index keeps the loop plain enough for vectors
fn first_not_finite<T: Real>(values: &[T]) -> Option<usize> {
    // Zero times a value is zero, or NaN where the value is not finite; with whole chunks of 16 the sums stay in registers
    // (with a shorter last chunk they would go through memory each time: ten times slower than this, and than the transform).
    for (chunk, part) in values.chunks(1024).enumerate() {
        let whole = part.chunks_exact(16);
        let mut rest = [T::zero(); 16];
        rest[..whole.remainder().len()].copy_from_slice(whole.remainder());
        let mut sums = rest.map(|x| x * T::zero());
        for chunk in whole {
            for i in 0..16 {
                sums[i] = sums[i] + chunk[i] * T::zero();
            }
        }
        if sums.iter().any(|sum| *sum != T::zero()) {
            return Some(chunk * 1024 + part.iter().position(|x| !x.finite())?);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_that_is_not_finite_is_named() {
        for length in [1, 15, 16, 17, 1023, 1024, 1025, 70_000, 200_000] {
            let mut x = vec![f32::MAX; length];
            for threads in [false, true] {
                assert_eq!(check_finite("y", &x, threads), Ok(()));
            }
            for at in [length - 1, length / 2, length / 3, 0] {
                x[at] = if at % 2 == 0 { f32::NAN } else { f32::NEG_INFINITY };
                for threads in [false, true] {
                    let error = check_finite("y", &x, threads).unwrap_err();
                    assert_eq!(error, Error::not_finite("y", at, x[at].into()), "{length}");
                }
                assert!(!all_finite(&x));
            }
        }
        assert_eq!(check_finite::<f64>("y", &[], true), Ok(()));
    }
}
