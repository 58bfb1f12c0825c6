//! Window functions, computed in `f64`.
//!
//! Sources: scipy.signal.windows (`periodic` is its `fftbins=True`), and Kaldi's `feature-window.cc` (povey).

use crate::options::{FromOption, Source};
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
    /// A triangle that reaches 0 at both ends.
    Bartlett,
    /// A triangle that would reach 0 one sample beyond both ends.
    Triangular,
    /// Four cosine terms, side lobes below -92 dB.
    BlackmanHarris,
    /// Four cosine terms after Nuttall.
    Nuttall,
    /// Five cosine terms, for exact amplitudes.
    FlatTop,
    /// Half a period of a sine that would reach 0 half a sample beyond both ends.
    Cosine,
    /// Half a period of a sine that reaches 0 at both ends: kaldi-native-fbank's.
    Sine,
    /// The convolution of two half periods of a cosine.
    Bohman,
    /// A cubic B-spline.
    Parzen,
    /// Bartlett and Hann, mixed.
    BartHann,
    /// `exp(-x^2 / (2 std^2))`, `std` in samples.
    Gaussian { std: f64 },
    /// Flat with cosine edges, which take the part `alpha` of the length.
    Tukey { alpha: f64 },
}

/// A window's name, and the parameter of those that have one: `window` and `window_parameter`.
impl FromOption for Window {
    fn names(field: &str) -> Vec<String> {
        vec![field.to_owned(), parameter_of(field)]
    }

    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        Self::parse(&String::from_option(source, name)?, f64::from_option(source, &parameter_of(name))?)
    }
}

fn parameter_of(window: &str) -> String {
    format!("{window}_parameter")
}

/// The largest `beta`: `I0` overflows soon after.
const MAX_BETA: f64 = 700.0;

impl Window {
    /// Finds a window by its name; `beta` is the parameter of those that have one: `kaiser`'s beta, `gaussian`'s standard
    /// deviation in samples, `tukey`'s part of the length.
    pub fn parse(name: &str, beta: f64) -> Result<Self> {
        Ok(match name {
            "hann" => Self::Hann,
            "hamming" => Self::Hamming,
            "blackman" => Self::Blackman,
            "povey" => Self::Povey,
            "kaiser" if (0.0..=MAX_BETA).contains(&beta) => Self::Kaiser { beta },
            "kaiser" => return Err(Error::argument("beta", format!("between 0 and {MAX_BETA}"), beta)),
            "rectangular" => Self::Rectangular,
            "bartlett" => Self::Bartlett,
            "triangular" => Self::Triangular,
            "blackmanharris" => Self::BlackmanHarris,
            "nuttall" => Self::Nuttall,
            "flattop" => Self::FlatTop,
            "cosine" => Self::Cosine,
            "sine" => Self::Sine,
            "bohman" => Self::Bohman,
            "parzen" => Self::Parzen,
            "barthann" => Self::BartHann,
            "gaussian" if beta > 0.0 && beta.is_finite() => Self::Gaussian { std: beta },
            "tukey" if (0.0..=1.0).contains(&beta) => Self::Tukey { alpha: beta },
            "gaussian" => return Err(Error::argument("window", "a gaussian with a positive deviation", beta)),
            "tukey" => return Err(Error::argument("window", "a tukey window with a part from 0 to 1", beta)),
            _ => {
                return Err(Error::argument(
                    "window",
                    "hann, hamming, blackman, povey, kaiser, rectangular, bartlett, triangular, blackmanharris, nuttall, flattop, cosine, sine, bohman, parzen, barthann, gaussian or tukey",
                    name,
                ));
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
            Self::BlackmanHarris => cosines(&[0.35875, 0.48829, 0.14128, 0.01168], cos),
            Self::Nuttall => cosines(&[0.3635819, 0.4891775, 0.1365995, 0.0106411], cos),
            Self::FlatTop => cosines(&[0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368], cos),
            Self::Gaussian { std } => (-0.5 * ((i as f64 - last as f64 / 2.0) / std).powi(2)).exp(),
            _ => self.straight(i as f64, last as f64),
        }
    }

    /// The windows that are made of more than one piece, or not of cosines of the whole.
    fn straight(self, i: f64, last: f64) -> f64 {
        // The distance from the middle, 1 at the ends.
        let x = 1.0 - 2.0 * i / last;
        match self {
            Self::Bartlett => 2.0 * i / last,
            Self::Triangular if last % 2.0 == 0.0 => 2.0 * (i + 1.0) / (last + 2.0),
            Self::Triangular => (2.0 * i + 1.0) / (last + 1.0),
            Self::Sine => (PI * i / last).sin(),
            Self::Cosine => (PI * (i + 0.5) / (last + 1.0)).sin(),
            Self::Bohman if i == 0.0 => 0.0,
            Self::Bohman => (1.0 - x) * (PI * x).cos() + (PI * x).sin() / PI,
            Self::Parzen => {
                let part = (last / 2.0 - i) / ((last + 1.0) / 2.0);
                if last / 2.0 - i <= last / 4.0 {
                    1.0 - 6.0 * part * part * (1.0 - part)
                } else {
                    2.0 * (1.0 - part).powi(3)
                }
            }
            Self::BartHann => 0.62 - 0.24 * x + 0.38 * (PI * x).cos(),
            Self::Tukey { alpha } if alpha > 0.0 && i <= (alpha * last / 2.0).floor() => {
                0.5 * (1.0 + (PI * (2.0 * i / (alpha * last) - 1.0)).cos())
            }
            _ => 1.0,
        }
    }
}

/// `0.5 - 0.5 cos(2 pi i / last)` as the square of a sine, which loses nothing near the edge.
fn hann(i: usize, last: usize) -> f64 {
    (PI * (i as f64 / last as f64)).sin().powi(2)
}

/// A sum of cosines with alternating signs.
fn cosines(terms: &[f64], cos: impl Fn(usize) -> f64) -> f64 {
    terms.iter().enumerate().map(|(k, a)| if k % 2 == 0 { a * cos(k) } else { -a * cos(k) }).sum()
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

    const ALL: [Window; 17] = [
        Window::Hann,
        Window::Hamming,
        Window::Blackman,
        Window::Povey,
        Window::Kaiser { beta: 14.0 },
        Window::Rectangular,
        Window::Bartlett,
        Window::Triangular,
        Window::BlackmanHarris,
        Window::Nuttall,
        Window::FlatTop,
        Window::Cosine,
        Window::Bohman,
        Window::Parzen,
        Window::BartHann,
        Window::Gaussian { std: 7.0 },
        Window::Tukey { alpha: 0.5 },
    ];

    #[test]
    fn symmetric_windows_are_symmetric_and_periodic_ones_are_cut() {
        for window in ALL {
            for n in 2..80 {
                let (symmetric, periodic) = (window.values(n + 1, false), window.values(n, true));
                assert_eq!(periodic, symmetric[..n]);
                assert!(symmetric.iter().eq(symmetric.iter().rev()));
                assert!(symmetric.iter().all(|w| (-0.1..=1.0 + 1e-8).contains(w)), "{window:?} {n}");
                if n % 2 == 0 {
                    assert!((symmetric[n / 2] - 1.0).abs() < 1e-8, "{window:?}");
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
