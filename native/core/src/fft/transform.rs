//! The four transforms of numpy.fft, by name, over rows in flat memory, with the plans that this thread keeps.

use super::rows::check_rows;
use super::{with_fft, with_rfft};
use crate::jobs::{available, for_each};
use crate::simd::Real;
use crate::{Error, Result, check_finite};

/// Which transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// Real samples to half a spectrum.
    Rfft,
    /// Half a spectrum to real samples.
    Irfft,
    /// Complex to complex.
    Fft,
    /// Complex to complex, inverse.
    Ifft,
}

impl Transform {
    /// Finds a transform by numpy's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "rfft" => Self::Rfft,
            "irfft" => Self::Irfft,
            "fft" => Self::Fft,
            "ifft" => Self::Ifft,
            _ => return Err(Error::argument("transform", "rfft, irfft, fft or ifft", name)),
        })
    }

    /// Floats in a row of the input of `row` values, and in a row of the output of a transform of length `n`.
    fn floats(self, row: usize, n: usize) -> (usize, usize) {
        let (row_2, bins) = (row.saturating_mul(2), (n / 2).saturating_add(1).saturating_mul(2));
        match self {
            Self::Rfft => (row, bins),
            Self::Irfft => (row_2, n),
            Self::Fft | Self::Ifft => (row_2, n.saturating_mul(2)),
        }
    }

    /// Floats that the output has for `length` floats of input in rows of `row` values; an error for invalid sizes.
    pub fn output_length(self, length: usize, row: usize, n: usize) -> Result<usize> {
        if n == 0 {
            return Err(Error::argument("n", "at least 1", n));
        }
        let (row, out) = self.floats(row, n);
        Ok(check_rows(length, row, out)? * out)
    }

    /// Transforms every row: `row` values (real or complex), cut or zero-padded to the length that `n` asks for. NaN and
    /// infinity are errors.
    pub fn run<T: Real>(self, x: &[T], row: usize, n: usize, output: &mut [T], threads: bool) -> Result<()> {
        if available(threads) > 1 && output.len() == self.output_length(x.len(), row, n)? {
            return self.run_in_shares(x, row, n, output);
        }
        if self == Self::Rfft {
            return with_rfft(n, |plan| plan.forward_checked(x, row, output));
        }
        check_finite("x", x, false)?;
        self.transform(x, row, n, output)
    }

    /// The same with the rows shared among threads; the sizes are right.
    fn run_in_shares<T: Real>(self, x: &[T], row: usize, n: usize, output: &mut [T]) -> Result<()> {
        /// Floats that one thread takes at a time, at least.
        const SHARE: usize = 1 << 14;
        check_finite("x", x, true)?;
        let (row_floats, out) = self.floats(row, n);
        let rows = SHARE.div_ceil(out).next_multiple_of(T::LANES);
        let shares = x.chunks(rows * row_floats).zip(output.chunks_mut(rows * out));
        let mut shares: Vec<_> = shares.map(|(x, output)| (x, output, Ok(()))).collect();
        for_each(
            true,
            &mut shares,
            &mut (),
            || (),
            |(), (), _, (x, output, done)| *done = self.transform(x, row, n, output),
        );
        shares.into_iter().try_for_each(|(_, _, done)| done)
    }

    fn transform<T: Real>(self, x: &[T], row: usize, n: usize, output: &mut [T]) -> Result<()> {
        match self {
            Self::Rfft => with_rfft(n, |plan| plan.forward(x, row, output)),
            Self::Irfft => with_rfft(n, |plan| plan.inverse(x, row, output)),
            Self::Fft => with_fft(n, |plan| plan.process(x, row, false, output)),
            Self::Ifft => with_fft(n, |plan| plan.process(x, row, true, output)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_invalid_sizes() {
        assert_eq!(Transform::Rfft.output_length(12, 4, 5), Ok(18));
        assert_eq!(Transform::Irfft.output_length(12, 3, 4), Ok(8));
        assert_eq!(Transform::Fft.output_length(12, 3, 4), Ok(16));
        for kind in [Transform::Rfft, Transform::Irfft, Transform::Fft, Transform::Ifft] {
            assert_eq!(kind.output_length(12, 3, usize::MAX).unwrap_err().argument, "n");
            assert_eq!(kind.output_length(12, 3, 0).unwrap_err().argument, "n");
            assert_eq!(kind.output_length(12, 5, 4).unwrap_err().argument, "x");
            assert_eq!(kind.run(&[f32::NAN; 2], 1, 1, &mut [0.0; 4], false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
        }
        assert!(Transform::parse("dct").is_err());
    }

    #[test]
    fn all_cores_agree_with_one() {
        let x: Vec<f64> = (0..2 * 300 * 101).map(|i| (i as f64).sin()).collect();
        for kind in [Transform::Rfft, Transform::Irfft, Transform::Fft, Transform::Ifft] {
            for n in [101, 100] {
                let length = kind.output_length(x.len(), 101, n).unwrap();
                let (mut one, mut all) = (vec![0.0; length], vec![0.0; length]);
                kind.run(&x, 101, n, &mut one, false).unwrap();
                kind.run(&x, 101, n, &mut all, true).unwrap();
                assert!(one.iter().zip(&all).all(|(a, b)| (a - b).abs() < 1e-11), "{kind:?} {n}");
                assert!(kind.run(&x, 101, n, &mut all[1..], true).is_err());
            }
        }
    }
}
