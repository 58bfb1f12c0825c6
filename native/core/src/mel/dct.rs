//! Discrete cosine transforms of types I to III along the rows of a matrix, as `scipy.fft.dct` scales them (Ahmed,
//! Natarajan and Rao 1974). By the definition: mel spectra are short, and only the first coefficients are wanted.

use super::bank::Row;
use crate::options::{FromOption, Source};
use crate::{Error, Result, option_words};
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// The type of the transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DctType {
    /// `x0 + (-1)^k x(n-1) + 2 sum x cos(pi k m / (n - 1))`.
    I,
    /// `2 sum x cos(pi k (2m + 1) / 2n)`.
    II,
    /// `x0 + 2 sum x cos(pi (2k + 1) m / 2n)`.
    III,
}

impl DctType {
    /// Finds a type by its number.
    pub fn parse(number: usize) -> Result<Self> {
        Ok(match number {
            1 => Self::I,
            2 => Self::II,
            3 => Self::III,
            _ => return Err(Error::argument("dctType", "1, 2 or 3", number)),
        })
    }
}

impl FromOption for DctType {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        Self::parse(usize::from_option(source, name)?)
    }
}

/// How the transform is scaled, where not as it is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DctNorm {
    /// Orthonormal.
    Ortho,
}

impl DctNorm {
    /// Finds a norm by scipy's name.
    pub fn parse(name: &str) -> Result<Self> {
        if name == "ortho" { Ok(Self::Ortho) } else { Err(Error::argument("norm", "ortho or nothing", name)) }
    }
}

option_words!(DctNorm);

/// The first `keep` rows of the transform's matrix for `n` values: `min(keep, n)` rows of `n`.
pub fn dct_rows(n: usize, kind: DctType, ortho: bool, keep: usize) -> Result<Vec<Row<f64>>> {
    if n == 0 || (kind == DctType::I && n < 2) {
        return Err(Error::argument("dctType", "2 or 3 if there are fewer than two mel bands", 1));
    }
    super::check_size("nMfcc", [keep.min(n), n, 1])?;
    let rows = keep.min(n);
    let mut matrix = Vec::with_capacity(rows);
    let last = n.saturating_sub(1);
    for k in 0..rows {
        let mut weights = Vec::with_capacity(n);
        for m in 0..n {
            // Whole numbers of steps around the circle keep the cosines exact.
            weights.push(match kind {
                DctType::I => {
                    let ends = m == 0 || m == last;
                    let value = crate::fft::root(k * m % (2 * last), 2 * last).0 * if ends { 1.0 } else { 2.0 };
                    if !ortho {
                        value
                    } else {
                        let edge = |i: usize| if i == 0 || i == last { FRAC_1_SQRT_2 } else { 1.0 };
                        let scale = (0.5 / last as f64).sqrt();
                        value * if ends { SQRT_2 } else { 1.0 } * edge(k) * scale
                    }
                }
                DctType::II => {
                    let value = 2.0 * crate::fft::root(k * (2 * m + 1) % (4 * n), 4 * n).0;
                    let scale = if k == 0 { (0.25 / n as f64).sqrt() } else { (0.5 / n as f64).sqrt() };
                    if ortho { value * scale } else { value }
                }
                DctType::III => {
                    let value = crate::fft::root((2 * k + 1) * m % (4 * n), 4 * n).0;
                    match (ortho, m) {
                        (false, 0) => value,
                        (false, _) => 2.0 * value,
                        (true, 0) => value * (1.0 / n as f64).sqrt(),
                        (true, _) => value * (2.0 / n as f64).sqrt(),
                    }
                }
            });
        }
        matrix.push(Row { first: 0, weights });
    }
    Ok(matrix)
}
