//! The modes of `numpy.pad` whose samples are looked up one at a time.

use crate::{Error, Result, option_words};

/// What comes before the first and after the last sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadMode {
    /// Zeros.
    Constant,
    /// The end sample, repeated.
    Edge,
    /// The signal mirrored at the end sample: `c b | a b c | b a`. One sample alone is repeated.
    Reflect,
    /// The signal mirrored beyond the end sample: `b a | a b c | c b`.
    Symmetric,
}

option_words!(PadMode);

impl PadMode {
    /// Finds a mode by numpy's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "constant" => Self::Constant,
            "edge" => Self::Edge,
            "reflect" => Self::Reflect,
            "symmetric" => Self::Symmetric,
            _ => return Err(Error::argument("padMode", "constant, edge, reflect or symmetric", name)),
        })
    }

    /// Samples that must be known before `pad` samples can be put before the first one.
    pub fn needs(self, pad: usize) -> usize {
        match self {
            _ if pad == 0 => 0,
            Self::Constant => 0,
            Self::Edge => 1,
            Self::Reflect => pad + 1,
            Self::Symmetric => pad,
        }
    }

    /// Which sample of `length` (at least 1) stands at position `at`; none for a zero.
    pub(crate) fn source(self, at: i64, length: usize) -> Option<usize> {
        let n = length as i64;
        if (0..n).contains(&at) {
            return Some(at as usize);
        }
        Some(match self {
            Self::Constant => return None,
            Self::Edge => at.clamp(0, n - 1),
            Self::Reflect if n == 1 => 0,
            Self::Reflect => {
                let at = at.rem_euclid(2 * (n - 1));
                at.min(2 * (n - 1) - at)
            }
            Self::Symmetric => {
                let at = at.rem_euclid(2 * n);
                at.min(2 * n - 1 - at)
            }
        } as usize)
    }
}
