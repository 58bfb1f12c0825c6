//! Padding at the ends of a row, by scipy.ndimage's names.

use crate::options::{FromOption, Source};
use crate::{Error, Result};

/// A row continued beyond its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Extend {
    /// Mirrored between samples: `c b a | a b c | c b a`. The default of scipy, and what HPSS uses.
    Reflect,
    /// The end sample repeated: `a a a | a b c | c c c`.
    Nearest,
    /// Mirrored at the end sample: `c b | a b c | b a`.
    Mirror,
    /// One value: `v v v | a b c | v v v`.
    Constant(f64),
    /// Repeated: `a b c | a b c | a b c`.
    Wrap,
}

/// Two options: `mode`, and `cval`, its value where it is `constant`.
impl FromOption for Extend {
    fn names(_: &str) -> Vec<String> {
        vec!["mode".to_owned(), "cval".to_owned()]
    }

    fn from_option(source: &dyn Source, _: &str) -> Result<Self> {
        Self::parse(&String::from_option(source, "mode")?, f64::from_option(source, "cval")?)
    }
}

impl Extend {
    /// Finds a mode by scipy's name; `cval` counts for `constant` only.
    pub fn parse(name: &str, cval: f64) -> Result<Self> {
        Ok(match name {
            "reflect" => Self::Reflect,
            "nearest" => Self::Nearest,
            "mirror" => Self::Mirror,
            "constant" if cval.is_finite() => Self::Constant(cval),
            "constant" => return Err(Error::argument("cval", "finite", cval)),
            "wrap" => Self::Wrap,
            _ => return Err(Error::argument("mode", "reflect, nearest, mirror, constant or wrap", name)),
        })
    }

    /// Which of `n` (at least 1) samples stands at position `at`; none for the constant.
    #[inline]
    pub fn source(self, at: i64, n: usize) -> Option<usize> {
        let length = n as i64;
        if (0..length).contains(&at) {
            return Some(at as usize);
        }
        Some(match self {
            Self::Constant(_) => return None,
            Self::Nearest => at.clamp(0, length - 1),
            Self::Wrap => at.rem_euclid(length),
            Self::Reflect => {
                let at = at.rem_euclid(2 * length);
                at.min(2 * length - 1 - at)
            }
            Self::Mirror if n == 1 => 0,
            Self::Mirror => {
                let at = at.rem_euclid(2 * (length - 1));
                at.min(2 * (length - 1) - at)
            }
        } as usize)
    }
}

/// A window of `k` samples: how many stand before and after the one that it belongs to. Even windows have one more before.
pub fn reach(k: usize) -> (usize, usize) {
    (k / 2, (k - 1) / 2)
}
