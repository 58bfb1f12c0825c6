//! The checks of shapes and sizes that transforms of whole signals share.

use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// The maximum number of elements in a result.
pub(crate) const MAX_ELEMENTS: usize = 1 << 31;

/// Checks a signal in channels and gives their number.
pub(crate) fn check_signal<T: Real>(y: &[T], samples: usize, threads: bool) -> Result<usize> {
    if samples == 0 || y.is_empty() || !y.len().is_multiple_of(samples) {
        return Err(Error::shape("y", "at least one sample in every channel", y.len()));
    }
    check_finite("y", y, threads)?;
    Ok(y.len() / samples)
}

/// Checks that a result of so many values is allowed.
pub(crate) fn check_size(sizes: &[usize]) -> Result<usize> {
    let size = sizes.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
    match size {
        Some(size) if size <= MAX_ELEMENTS => Ok(size),
        _ => Err(Error::argument(
            "hopLength",
            format!("large enough for a result of at most {MAX_ELEMENTS} elements"),
            format!("{sizes:?}"),
        )),
    }
}
