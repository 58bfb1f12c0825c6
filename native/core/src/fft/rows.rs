//! What real and complex batches share: how rows are cut from flat memory, and how much of it may be requested.

use crate::{Error, Result};

/// Padded batches may always have this many values …
const FREE: usize = 1 << 22;
/// … and beyond that, this many times the values of the input.
const GROWTH: usize = 64;

/// The number of rows of `row` values in `length` values, each of them to be cut or zero-padded to `n`.
///
/// A batch that padding would make much larger than the input is refused before anything is allocated.
pub fn check_rows(length: usize, row: usize, n: usize) -> Result<usize> {
    if n == 0 {
        return Err(Error::argument("n", "at least 1", n));
    }
    if row == 0 || length == 0 {
        return Err(Error::shape("x", "at least one value along every axis", "none"));
    }
    if !length.is_multiple_of(row) {
        return Err(Error::shape("x", format!("whole rows of {row} values"), length));
    }
    let rows = length / row;
    let most = FREE.max(length.saturating_mul(GROWTH));
    if rows.checked_mul(n).is_none_or(|size| size > most) {
        return Err(Error::argument("n", format!("at most {} for {rows} rows of {row} values", most / rows), n));
    }
    Ok(rows)
}
