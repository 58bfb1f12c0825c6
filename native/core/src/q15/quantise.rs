//! Rows of a float bank to Q15.

use super::{Filter, MAX_SHIFT};
use crate::mel::Row;
use crate::{Error, Result};

/// One row by 15 bits, shifted so that its largest coefficient uses them all: every weight is within half a step, which is
/// at most `2^-15` of the largest one. (A weight of 1 becomes 32767, one step less.)
pub fn quantise(row: &Row<f64>) -> Result<Filter> {
    let (peak, largest) = largest(&row.weights);
    if largest > 1.0 {
        return Err(Error::argument("norm", "such that no weight is above 1", largest));
    }
    let fits = |shift: u8| (largest * (15.0 + f64::from(shift)).exp2()).round() <= 32767.0;
    let shift = (0..=MAX_SHIFT).rev().find(|&shift| fits(shift)).unwrap_or(0);
    let unit = (15.0 + f64::from(shift)).exp2();
    let all: Vec<i16> = row.weights.iter().map(|w| (w * unit).round().min(32767.0) as i16).collect();
    let Some(first) = all.iter().position(|&c| c != 0) else {
        return Ok(Filter { start: 0, peak: 0, end: 0, shift: 0, coefficients: Vec::new() });
    };
    let end = all.iter().rposition(|&c| c != 0).map_or(first, |last| last + 1);
    let bin = |at: usize| {
        u16::try_from(row.first + at)
            .map_err(|_| Error::argument("nFft", "such that bins fit into 16 bits", row.first + at))
    };
    Ok(Filter { start: bin(first)?, peak: bin(peak)?, end: bin(end)?, shift, coefficients: all[first..end].to_vec() })
}

/// The first of the largest weights, and its value.
fn largest(weights: &[f64]) -> (usize, f64) {
    weights.iter().enumerate().fold((0, 0.0), |best, (i, &w)| if w > best.1 { (i, w) } else { best })
}
