//! Every length 1..1000 against the definition, and the laws that any transform obeys.

use super::*;
use crate::simd::Real;
use crate::{Error, check_finite};
use proptest::prelude::*;

/// Relative L2 error that single and batched transforms stay under.
const TOLERANCE_F32: f64 = 1e-6;
const TOLERANCE_F64: f64 = 1e-14;

fn noise<T: Real>(length: usize, seed: u64) -> Vec<T> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            T::of((state >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
        })
        .collect()
}

fn doubles<T: Real>(x: &[T]) -> Vec<f64> {
    x.iter().map(|x| x.to_f64()).collect()
}

fn error<T: Real>(got: &[T], want: &[f64]) -> f64 {
    assert_eq!(got.len(), want.len());
    let distance: f64 = got.iter().zip(want).map(|(a, b)| (a.to_f64() - b).powi(2)).sum();
    (distance / want.iter().map(|b| b * b).sum::<f64>()).sqrt()
}

/// Real and complex, both ways, alone and in a batch whose rows are all the same.
fn every_length<T: Real>(tolerance: f64) {
    let mut worst = (0.0, 0, "");
    for n in 1..=1000 {
        let mut see = |what, e: f64| {
            assert!(e <= tolerance, "{what} of {n}: {e:e}");
            if e > worst.0 {
                worst = (e, n, what);
            }
        };
        let x: Vec<T> = noise(n, n as u64);
        let want = naive::rfft(&doubles(&x));
        let mut plan = Rfft::<T>::new(n).unwrap();
        let (mut bins, mut back) = (vec![T::zero(); want.len()], vec![T::zero(); n]);
        plan.forward(&x, n, &mut bins).unwrap();
        see("rfft", error(&bins, &want));
        plan.inverse(&bins, n / 2 + 1, &mut back).unwrap();
        see("irfft", error(&back, &doubles(&x)));

        let rows = T::LANES + 3;
        let (mut many_bins, mut many_back) = (vec![T::zero(); rows * want.len()], vec![T::zero(); rows * n]);
        plan.forward(&x.repeat(rows), n, &mut many_bins).unwrap();
        see("rfft batch", error(&many_bins, &want.repeat(rows)));
        plan.inverse(&many_bins, n / 2 + 1, &mut many_back).unwrap();
        see("irfft batch", error(&many_back, &doubles(&x.repeat(rows))));

        let x: Vec<T> = noise(2 * n, n as u64);
        let want = naive::fft(&doubles(&x), false);
        let mut plan = Fft::<T>::new(n).unwrap();
        let (mut bins, mut back) = (vec![T::zero(); 2 * n], vec![T::zero(); 2 * n]);
        plan.process(&x, n, false, &mut bins).unwrap();
        see("fft", error(&bins, &want));
        plan.process(&bins, n, true, &mut back).unwrap();
        see("ifft", error(&back, &doubles(&x)));
        let (mut many_bins, mut many_back) = (vec![T::zero(); rows * 2 * n], vec![T::zero(); rows * 2 * n]);
        plan.process(&x.repeat(rows), n, false, &mut many_bins).unwrap();
        see("fft batch", error(&many_bins, &want.repeat(rows)));
        plan.process(&many_bins, n, true, &mut many_back).unwrap();
        see("ifft batch", error(&many_back, &doubles(&x.repeat(rows))));
    }
    println!("worst: {:e} at {} ({})", worst.0, worst.1, worst.2);
}

#[test]
fn every_length_f32() {
    every_length::<f32>(TOLERANCE_F32);
}

#[test]
fn every_length_f64() {
    every_length::<f64>(TOLERANCE_F64);
}

proptest! {
    /// Rows are cut or padded as numpy does, alone and in batches.
    #[test]
    fn rows_are_cut_and_padded(rows in 1usize..40, row in 1usize..80, n in 1usize..80, seed in 0u64..1000) {
        let x: Vec<f64> = noise(rows * row, seed);
        let mut bins = vec![0.0; rows * 2 * (n / 2 + 1)];
        let mut plan = Rfft::<f64>::new(n).unwrap();
        plan.forward(&x, row, &mut bins).unwrap();
        for (x, bins) in x.chunks(row).zip(bins.chunks(2 * (n / 2 + 1))) {
            let mut padded = x[..row.min(n)].to_vec();
            padded.resize(n, 0.0);
            prop_assert!(error(bins, &naive::rfft(&padded)) < TOLERANCE_F64);
        }
        let given = row;
        let spectra: Vec<f64> = noise(rows * 2 * given, seed);
        let mut x = vec![0.0; rows * n];
        plan.inverse(&spectra, given, &mut x).unwrap();
        for (spectrum, x) in spectra.chunks(2 * given).zip(x.chunks(n)) {
            // The Hermitian spectrum of which these are the bins, transformed by the definition.
            let mut full = vec![0.0; 2 * n];
            for k in 0..(n / 2 + 1).min(given) {
                let (re, im) = (spectrum[2 * k], spectrum[2 * k + 1]);
                let real_only = k == 0 || 2 * k == n;
                full[2 * k] = re;
                full[2 * k + 1] = if real_only { 0.0 } else { im };
                if !real_only {
                    full[2 * (n - k)] = re;
                    full[2 * (n - k) + 1] = -im;
                }
            }
            let want: Vec<f64> = naive::fft(&full, true).chunks(2).map(|z| z[0] / n as f64).collect();
            prop_assert!(error(x, &want) < TOLERANCE_F64);
        }
    }

    #[test]
    fn finds_what_is_not_finite(length in 1usize..3000, at in 0usize..3000, kind in 0usize..3) {
        let mut x: Vec<f32> = noise(length, 5);
        prop_assert!(check_finite("x", &x, false).is_ok());
        let at = at % length;
        x[at] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][kind];
        prop_assert_eq!(check_finite("x", &x, false), Err(Error::not_finite("x", at, x[at].into())));
    }
}

#[test]
fn refuses_hostile_sizes_before_allocating() {
    for (length, row, n) in [(1, 1, 1usize << 40), (1 << 20, 1, 1 << 20), (4, 4, 0), (0, 4, 4), (5, 2, 4), (4, 0, 4)] {
        assert!(check_rows(length, row, n).is_err(), "{length} {row} {n}");
    }
    assert_eq!(check_rows(12, 4, 1000).unwrap(), 3);
    assert!(Rfft::<f32>::new(0).is_err());
    assert!(Fft::<f32>::new(0).is_err());
    let mut plan = Rfft::<f32>::new(4).unwrap();
    assert_eq!(plan.forward(&[0.0; 4], 4, &mut [0.0; 5]).unwrap_err().argument, "output");
}
