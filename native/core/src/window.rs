//! Window functions, computed in `f64`.
//!
//! Sources: scipy.signal.windows (hann, hamming, blackman, kaiser; `periodic` is its `fftbins=True`), and Kaldi's
//! `feature-window.cc` (povey).

use crate::{Error, Result};
use std::f64::consts::PI;

/// A window's shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Window {
    /// `0.5 - 0.5 cos`.
    Hann,
    /// `0.54 - 0.46 cos`.
    Hamming,
    /// `0.42 - 0.5 cos + 0.08 cos 2`.
    Blackman,
    /// Kaldi's: Hann to the power 0.85.
    Povey,
    /// `I0(beta sqrt(1 - x^2)) / I0(beta)`, x from -1 to 1.
    Kaiser { beta: f64 },
    /// All ones.
    Rectangular,
}

/// The largest `beta`: `I0` overflows soon after.
const LARGEST_BETA: f64 = 700.0;

impl Window {
    /// Finds a window by its name; `beta` counts for `kaiser` only.
    pub fn parse(name: &str, beta: f64) -> Result<Self> {
        Ok(match name {
            "hann" => Self::Hann,
            "hamming" => Self::Hamming,
            "blackman" => Self::Blackman,
            "povey" => Self::Povey,
            "kaiser" if (0.0..=LARGEST_BETA).contains(&beta) => Self::Kaiser { beta },
            "kaiser" => return Err(Error::argument("beta", format!("between 0 and {LARGEST_BETA}"), beta)),
            "rectangular" => Self::Rectangular,
            _ => {
                return Err(Error::argument("window", "hann, hamming, blackman, povey, kaiser or rectangular", name));
            }
        })
    }

    /// The window's `n` values. A symmetric one has its peak in the middle and equal ends; a periodic one is the symmetric
    /// one of `n + 1` values without the last, as spectral analysis wants it. One value is 1, whatever the shape.
    pub fn values(self, n: usize, periodic: bool) -> Vec<f64> {
        if n <= 1 {
            return vec![1.0; n];
        }
        let last = if periodic { n } else { n - 1 };
        // Both halves are computed from the same numbers, so that the symmetry is exact.
        (0..n).map(|i| self.at(i.min(last - i), last)).collect()
    }

    /// The value at `i` of `0 ..= last`, in the rising half.
    fn at(self, i: usize, last: usize) -> f64 {
        let cos = |k: usize| turn(k * i, last);
        match self {
            Self::Hann => hann(i, last),
            Self::Hamming => 0.54 - 0.46 * cos(1),
            Self::Blackman => 0.42 - 0.5 * cos(1) + 0.08 * cos(2),
            Self::Povey => hann(i, last).powf(0.85),
            // 1 - x^2 with x = 2i / last - 1, without cancellation.
            Self::Kaiser { beta } => {
                let root = (4.0 * i as f64 * (last - i) as f64).sqrt() / last as f64;
                bessel_i0(beta * root) / bessel_i0(beta)
            }
            Self::Rectangular => 1.0,
        }
    }
}

/// `0.5 - 0.5 cos(2 pi i / last)` as the square of a sine, which loses nothing near the edge.
fn hann(i: usize, last: usize) -> f64 {
    (PI * (i as f64 / last as f64)).sin().powi(2)
}

/// `cos(2 pi i / n)`, exact at the quarters of the circle.
fn turn(i: usize, n: usize) -> f64 {
    crate::fft::root(i, n).0
}

/// The modified Bessel function of order 0, for arguments from 0 to 700: its power series, whose terms are all positive.
pub fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    loop {
        term *= quarter / (k * k);
        let next = sum + term;
        // Terms rise until k is x / 2 and fall from there.
        if next == sum {
            return sum;
        }
        sum = next;
        k += 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Window; 6] = [
        Window::Hann,
        Window::Hamming,
        Window::Blackman,
        Window::Povey,
        Window::Kaiser { beta: 14.0 },
        Window::Rectangular,
    ];

    #[test]
    fn symmetric_windows_are_symmetric_and_periodic_ones_are_cut() {
        for window in ALL {
            for n in 2..80 {
                let (symmetric, periodic) = (window.values(n + 1, false), window.values(n, true));
                assert_eq!(periodic, symmetric[..n]);
                assert!(symmetric.iter().eq(symmetric.iter().rev()));
                assert!(symmetric.iter().all(|w| (-1e-16..=1.0).contains(w)), "{window:?} {n}");
                if n % 2 == 0 {
                    assert!((symmetric[n / 2] - 1.0).abs() < 1e-15, "{window:?}");
                }
            }
        }
    }

    #[test]
    fn short_windows() {
        for window in ALL {
            for periodic in [false, true] {
                assert!(window.values(0, periodic).is_empty());
                assert_eq!(window.values(1, periodic), [1.0]);
            }
        }
    }

    #[test]
    fn bessel_function_of_tables() {
        // Abramowitz and Stegun, table 9.8, and scipy.special.i0.
        for (x, want) in
            [(0.0, 1.0), (1.0, 1.2660658777520082), (14.0, 129418.56270064852), (700.0, 1.529593347671874e302)]
        {
            assert!((bessel_i0(x) / want - 1.0).abs() < 1e-14, "{x}: {}", bessel_i0(x));
        }
    }

    #[test]
    fn unknown_names_and_betas_are_errors() {
        assert_eq!(Window::parse("hanning", 0.0).unwrap_err().argument, "window");
        for beta in [-1.0, 701.0, f64::NAN] {
            assert_eq!(Window::parse("kaiser", beta).unwrap_err().argument, "beta");
        }
    }
}
