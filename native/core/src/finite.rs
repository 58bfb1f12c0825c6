//! The one check for NaN and infinity.

use crate::jobs::find_first;
use crate::simd::{Real, all_finite};
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

/// The error of values of which one is not finite.
pub(crate) fn not_finite<T: Real>(argument: &str, values: &[T]) -> Error {
    let at = first_not_finite(values).unwrap_or(0);
    Error::not_finite(argument, at, values.get(at).map_or(f64::NAN, |value| value.to_f64()))
}

/// The position of the first value that is not finite.
fn first_not_finite<T: Real>(values: &[T]) -> Option<usize> {
    if all_finite(values) { None } else { values.iter().position(|x| !x.finite()) }
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
