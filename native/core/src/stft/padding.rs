//! Padding at the edges by every deterministic mode of `numpy.pad`, worked out in advance.

use super::pad;
use crate::simd::Real;
use crate::{Error, Result};

/// What comes before the first and after the last sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadMode {
    /// Zeros.
    Constant,
    /// The end sample, repeated.
    Edge,
    /// A straight line from the end sample down to zero at the outside.
    LinearRamp,
    /// The largest sample of the channel.
    Maximum,
    /// The mean of the channel.
    Mean,
    /// The median of the channel.
    Median,
    /// The smallest sample of the channel.
    Minimum,
    /// The signal mirrored at the end sample: `c b | a b c | b a`. One sample alone is repeated.
    Reflect,
    /// The signal mirrored beyond the end sample: `b a | a b c | c b`.
    Symmetric,
    /// The signal again, as if it were one period.
    Wrap,
}

impl PadMode {
    /// Every mode, under numpy's name.
    pub const NAMES: [(&'static str, Self); 10] = [
        ("constant", Self::Constant),
        ("edge", Self::Edge),
        ("linear_ramp", Self::LinearRamp),
        ("maximum", Self::Maximum),
        ("mean", Self::Mean),
        ("median", Self::Median),
        ("minimum", Self::Minimum),
        ("reflect", Self::Reflect),
        ("symmetric", Self::Symmetric),
        ("wrap", Self::Wrap),
    ];

    /// Finds a mode by numpy's name.
    pub fn parse(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|&(_, mode)| mode).ok_or_else(|| {
            let names: Vec<_> = Self::NAMES.iter().map(|(known, _)| *known).collect();
            Error::argument("padMode", format!("one of {}", names.join(", ")), name)
        })
    }

    /// Samples next to an end that say all about `pad` samples of padding there; none where the whole signal does.
    pub fn reach(self, pad: usize) -> Option<usize> {
        match self {
            Self::Constant => Some(0),
            Self::Edge | Self::LinearRamp => Some(1),
            Self::Reflect => Some(pad + 1),
            Self::Symmetric => Some(pad),
            Self::Maximum | Self::Mean | Self::Median | Self::Minimum | Self::Wrap => None,
        }
    }
}

crate::option_words!(PadMode);

/// The padding on the two sides of one channel.
#[derive(Debug, Clone, Default)]
pub struct Padding {
    pub before: Vec<f64>,
    pub after: Vec<f64>,
}

impl Padding {
    /// The sample at a position outside of a channel of `length` samples.
    pub fn at(&self, at: i64, length: usize) -> f64 {
        let value = if at < 0 {
            usize::try_from(at + self.before.len() as i64).ok().and_then(|at| self.before.get(at))
        } else {
            self.after.get(at as usize - length)
        };
        value.copied().unwrap_or(0.0)
    }

    /// `pad` samples on both sides of `y`, which is not empty.
    pub fn new<T: Real>(y: &[T], pad: usize, mode: PadMode) -> Self {
        Self { before: before(y, pad, mode), after: after(y, pad, mode) }
    }
}

/// The `pad` samples before `y`; where [`PadMode::reach`] allows it, `y` may be just the beginning of the signal.
pub fn before<T: Real>(y: &[T], pad: usize, mode: PadMode) -> Vec<f64> {
    let edge = y[0].to_f64();
    (0..pad)
        .map(|i| match mode {
            PadMode::LinearRamp => i as f64 * (edge / pad as f64),
            _ => 0.0,
        })
        .zip(outside(y, mode, -(pad as i64)..0))
        .map(|(ramp, value)| value.unwrap_or(ramp))
        .collect()
}

/// The `pad` samples after `y`; where [`PadMode::reach`] allows it, `y` may be just the end of the signal.
pub fn after<T: Real>(y: &[T], pad: usize, mode: PadMode) -> Vec<f64> {
    let edge = y[y.len() - 1].to_f64();
    let n = y.len() as i64;
    (0..pad)
        .map(|i| match mode {
            PadMode::LinearRamp => (pad - 1 - i) as f64 * (edge / pad as f64),
            _ => 0.0,
        })
        .zip(outside(y, mode, n..n + pad as i64))
        .map(|(ramp, value)| value.unwrap_or(ramp))
        .collect()
}

/// The samples at positions outside of `y`, where the mode takes them from `y`.
fn outside<T: Real>(y: &[T], mode: PadMode, at: std::ops::Range<i64>) -> Vec<Option<f64>> {
    let n = y.len() as i64;
    let fixed = match mode {
        _ if at.is_empty() => None,
        PadMode::Maximum => Some(y.iter().map(|x| x.to_f64()).fold(f64::NEG_INFINITY, f64::max)),
        PadMode::Minimum => Some(y.iter().map(|x| x.to_f64()).fold(f64::INFINITY, f64::min)),
        PadMode::Mean => Some(y.iter().map(|x| x.to_f64()).sum::<f64>() / n as f64),
        PadMode::Median => Some(median(y)),
        _ => None,
    };
    at.map(|at| {
        let index = match mode {
            PadMode::Constant | PadMode::LinearRamp => return None,
            PadMode::Maximum | PadMode::Minimum | PadMode::Mean | PadMode::Median => return fixed,
            PadMode::Edge => pad::PadMode::Edge.source(at, y.len()),
            PadMode::Reflect => pad::PadMode::Reflect.source(at, y.len()),
            PadMode::Symmetric => pad::PadMode::Symmetric.source(at, y.len()),
            PadMode::Wrap => Some(at.rem_euclid(n) as usize),
        };
        index.map(|index| y[index].to_f64())
    })
    .collect()
}

fn median<T: Real>(y: &[T]) -> f64 {
    let mut values: Vec<f64> = y.iter().map(|x| x.to_f64()).collect();
    let middle = values.len() / 2;
    let (low, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if y.len() % 2 == 1 {
        return upper;
    }
    let lower = low.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (lower + upper) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_numpy_writes() {
        let y = [1.0f64, 4.0, 2.0];
        let want: [(&str, [f64; 5], [f64; 5]); 10] = [
            ("constant", [0.0; 5], [0.0; 5]),
            ("edge", [1.0; 5], [2.0; 5]),
            ("linear_ramp", [0.0, 0.2, 0.4, 0.6, 0.8], [1.6, 1.2, 0.8, 0.4, 0.0]),
            ("maximum", [4.0; 5], [4.0; 5]),
            ("mean", [7.0 / 3.0; 5], [7.0 / 3.0; 5]),
            ("median", [2.0; 5], [2.0; 5]),
            ("minimum", [1.0; 5], [1.0; 5]),
            ("reflect", [4.0, 1.0, 4.0, 2.0, 4.0], [4.0, 1.0, 4.0, 2.0, 4.0]),
            ("symmetric", [4.0, 2.0, 2.0, 4.0, 1.0], [2.0, 4.0, 1.0, 1.0, 4.0]),
            ("wrap", [4.0, 2.0, 1.0, 4.0, 2.0], [1.0, 4.0, 2.0, 1.0, 4.0]),
        ];
        for (name, before, after) in want {
            let padding = Padding::new(&y, 5, PadMode::parse(name).unwrap());
            for (got, want) in padding.before.iter().zip(before).chain(padding.after.iter().zip(after)) {
                assert!((got - want).abs() < 1e-15, "{name}: {padding:?}");
            }
        }
        assert_eq!(PadMode::parse("empty").unwrap_err().argument, "padMode");
        assert_eq!(Padding::new(&[3.0f32], 2, PadMode::Reflect).before, [3.0, 3.0]);
        assert_eq!(Padding::new(&[3.0f32, 1.0], 1, PadMode::Median).after, [2.0]);
    }
}
