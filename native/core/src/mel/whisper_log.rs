//! Logarithms as good as their results, which are rounded, by vectors: Whisper's `(log10(max(e, 1e-10)) + 4) / 4`, and the natural
//! one.
//!
//! With `e = 2^k m` and `m` in `[sqrt 1/2, sqrt 2)`, a quarter of `log10 m` is a polynomial in `m - 1` that has no constant
//! term, so that 1 comes out exactly where the energy is 1. The coefficients minimise the largest error.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use crate::simd::{Real, Simd};

/// The floor under energies.
pub const FLOOR: f64 = 1e-10;
/// The range below the largest value, 8 in log10, after the division by 4.
pub const RANGE: f64 = 2.0;

/// A quarter of `log10 (1 + f)` from the highest power of `f` to the first, within 1.5e-11.
pub static DOUBLE: [f64; 11] = [
    0.007_719_412_211_495_203,
    -0.013_258_021_774_090_557,
    0.013_054_094_210_698_572,
    -0.013_369_762_167_078_446,
    0.015_399_335_372_635_516,
    -0.018_102_315_888_316_55,
    0.021_719_875_797_869_59,
    -0.027_143_329_048_222_86,
    0.036_191_110_396_637_124,
    -0.054_286_810_371_296_45,
    0.108_573_620_981_886_93,
];

/// The same within 3.3e-8.
pub static SINGLE: [f64; 7] = [
    0.010_876_261_850_526_379,
    -0.019_987_800_124_538_8,
    0.022_733_363_587_381_553,
    -0.027_082_888_850_918_748,
    0.036_137_252_042_239_21,
    -0.054_287_076_067_669_41,
    0.108_574_328_370_230_32,
];

/// Whisper's value of an energy in each lane, with one of the polynomials above.
///
/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
pub unsafe fn whisper_log<V: Simd, const N: usize>(energy: V, polynomial: &[f64; N]) -> V {
    // SAFETY: the caller's promise.
    unsafe { quarter_log10(energy.greater(V::splat(V::Elem::of(FLOOR))), polynomial, 1.0) }
}

/// The natural logarithm of positive, normal numbers in each lane, within 1.4e-10.
///
/// # Safety
/// The processor has the instruction set of `V`.
#[inline(always)]
pub unsafe fn short_ln<V: Simd<Elem = f64>>(x: V, polynomial: &[f64; 11]) -> V {
    // SAFETY: the caller's promise.
    unsafe { quarter_log10(x, polynomial, 0.0) * V::splat(4.0 * std::f64::consts::LN_10) }
}

/// `offset` and a quarter of `log10 x`.
#[inline(always)]
unsafe fn quarter_log10<V: Simd, const N: usize>(x: V, polynomial: &[f64; N], offset: f64) -> V {
    /// A quarter of `log10 2`.
    const OCTAVE: f64 = 0.075_257_498_915_995_3;
    // SAFETY: the caller's promise.
    let constant = |value: f64| unsafe { V::splat(V::Elem::of(value)) };
    let (exponent, mantissa) = x.split_exponent();
    let f = mantissa - constant(1.0);
    let mut sum = constant(polynomial[0]);
    for i in 1..N {
        sum = sum.mul_add(f, constant(polynomial[i]));
    }
    sum.mul_add(f, exponent.mul_add(constant(OCTAVE), constant(offset)))
}
