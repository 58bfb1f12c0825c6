//! The constants of the transform: the window, the two factors of the DFT and the logarithm, rounded to integers.
//!
//! The DFT of `N = 16 * columns` points is two products by matrices. Sample `columns * r + c` has row r and column c; bin
//! `a + 16 * b` is made of the sums over the rows, which hold the twiddle factors, and then over the columns:
//!
//! ```text
//! Y[a][c] = sum over r of y[columns * r + c] * w_N^(a * (columns * r + c))       a = 0..=8: the input is real
//! X[a + 16 * b] = sum over c of Y[a][c] * w_columns^(b * c)
//! ```
//!
//! Coefficients have 14 fractional bits, so that four products of them and 16-bit values fit 32 bits.

use std::f64::consts::TAU;

/// Samples per frame.
pub const FRAME: usize = 400;
/// Values of the first factor: real and imaginary parts for a = 0..=8, without the imaginary part of a = 0.
pub const PARTS: usize = 17;
/// Outputs of the second factor that are computed side by side.
pub const LANES: usize = 16;
/// Intervals of the logarithm's table.
pub const LOG_STEPS: usize = 128;

/// The tables of one transform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// 400 or 512.
    pub points: usize,
    /// 25 or 32.
    pub columns: usize,
    /// Rows that hold samples: 16 or 13, the last of which is filled up by zeros.
    pub rows: usize,
    /// `[PARTS][rows][columns]`: the real parts' cosines and the imaginary parts' negative sines, with the twiddle factors.
    pub first: Vec<i16>,
    /// `[columns / 2 + 1][LANES]`: cos(TAU * n * b / columns).
    pub cosines: Vec<i16>,
    /// The same of the sine.
    pub sines: Vec<i16>,
}

fn q14(value: f64) -> i16 {
    (value * 16384.0).round() as i16
}

impl Tables {
    /// Tables for `16 * columns` points.
    pub fn new(points: usize) -> Self {
        let columns = points / 16;
        let rows = FRAME.div_ceil(columns);
        // The angle is reduced in integers: the cosine of a small angle is the same on every platform.
        let angle = |numerator: usize, points: usize| TAU * (numerator % points) as f64 / points as f64;
        let mut first = Vec::with_capacity(PARTS * rows * columns);
        for part in 0..PARTS {
            // Parts: re 0, re 1, im 1, re 2, im 2 ...
            let a = part.div_ceil(2);
            for n in 0..rows * columns {
                let theta = angle(a * n, points);
                first.push(if part % 2 == 1 || part == 0 { q14(theta.cos()) } else { q14(-theta.sin()) });
            }
        }
        let second = |f: fn(f64) -> f64| {
            (0..(columns / 2 + 1) * LANES).map(|i| q14(f(angle((i / LANES) * (i % LANES), columns)))).collect()
        };
        Self { points, columns, rows, first, cosines: second(f64::cos), sines: second(f64::sin) }
    }

    /// Bins of the transform, from 0 to the Nyquist frequency.
    pub fn bins(&self) -> usize {
        self.points / 2 + 1
    }
}

/// The periodic Hann window of a frame with 15 fractional bits; its peak, 1, is 32767.
pub fn window() -> Vec<i16> {
    (0..FRAME)
        .map(|i| (32768.0 * (0.5 - 0.5 * (TAU * i as f64 / FRAME as f64).cos())).round().min(32767.0) as i16)
        .collect()
}

/// log2(1 + i / LOG_STEPS) with 15 fractional bits, for i from 0 to `LOG_STEPS`.
pub fn logarithms() -> Vec<u16> {
    (0..=LOG_STEPS).map(|i| (32768.0 * (1.0 + i as f64 / LOG_STEPS as f64).log2()).round() as u16).collect()
}
