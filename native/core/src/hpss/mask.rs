//! Soft and hard masks: how much of a cell belongs to one of two parts.

use crate::simd::{Kernel, Level, Real, Simd};
use crate::{Error, Result, check_finite, options};

options! {
    /// The options of [`softmask`].
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct SoftmaskOptions {
        /// The exponent; infinity makes the mask 0 or 1.
        pub power: f64,
        /// Whether cells in which both parts are (nearly) zero get 1/2 instead of 0.
        pub split_zeros: bool,
    }
}

/// What one mask is made by.
#[derive(Debug, Clone, Copy)]
pub struct Soft {
    pub power: f64,
    /// What cells get in which both parts are (nearly) zero: a half, or nothing.
    pub split: bool,
    /// What the other part is multiplied by first.
    pub margin: f64,
}

/// librosa's softmask: `x^power / (x^power + x_ref^power)`, or whether `x > x_ref` where the power is infinite. Cells in
/// which both are below the smallest normal number get 1/2 where `split_zeros`, else 0 (0 as well with infinite power).
/// Both must be non-negative and of one size; NaN and infinity are errors.
pub fn softmask<T: Real>(x: &[T], x_ref: &[T], power: f64, split_zeros: bool) -> Result<Vec<T>> {
    if x.len() != x_ref.len() {
        return Err(Error::shape("xRef", format!("the size of x, {} values", x.len()), x_ref.len()));
    }
    check_power(power)?;
    for (name, values) in [("x", x), ("xRef", x_ref)] {
        check_finite(name, values, false)?;
        if let Some(value) = values.iter().find(|&&v| v < T::zero()) {
            return Err(Error::argument(name, "non-negative", value.to_f64()));
        }
    }
    let mut out = vec![T::zero(); x.len()];
    mask(x, x_ref, &Soft { power, split: split_zeros, margin: 1.0 }, &mut out);
    Ok(out)
}

/// The mask of `x` against `margin * x_ref`.
pub fn mask<T: Real>(x: &[T], x_ref: &[T], soft: &Soft, out: &mut [T]) {
    assert!(x.len() == x_ref.len() && x.len() == out.len());
    let whole = x.len() - x.len() % T::LANES;
    // SAFETY: the level was found on this machine, and the lengths are one.
    unsafe { Level::best().run(Mask { x: &x[..whole], x_ref, soft, out }) }
    // The rest, in its own row.
    let rest = x.len() - whole;
    let mut rows = [[T::zero(); 16]; 3];
    rows[0][..rest].copy_from_slice(&x[whole..]);
    rows[1][..rest].copy_from_slice(&x_ref[whole..]);
    let [x, x_ref, last] = &mut rows;
    // SAFETY: as above.
    unsafe { Level::best().run(Mask { x: &x[..T::LANES], x_ref, soft, out: last }) }
    out[whole..].copy_from_slice(&last[..rest]);
}

struct Mask<'a, T> {
    x: &'a [T],
    x_ref: &'a [T],
    soft: &'a Soft,
    out: &'a mut [T],
}

impl<T: Real> Kernel<T> for Mask<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { x, x_ref, soft, out } = self;
        // SAFETY: the caller has checked that all have the length of `x`, a multiple of the lanes.
        unsafe {
            let (zero, one, margin) = (V::splat(T::zero()), V::splat(T::one()), V::splat(T::of(soft.margin)));
            let empty = V::splat(T::of(if soft.split { 0.5 } else { 0.0 }));
            let tiny = V::splat(T::of(T::MIN_POSITIVE));
            for i in (0..x.len()).step_by(V::WIDTH) {
                let (a, b) = (V::load(x.as_ptr().add(i)), V::load(x_ref.as_ptr().add(i)) * margin);
                let mask = if soft.power.is_finite() {
                    let greater = a.greater(b);
                    // The greater one's share is 1 / (1 + q), the lesser one's q / (1 + q).
                    let scale = greater.select_less(tiny, one, greater);
                    let q = raise(a.lesser(b) / scale, soft.power);
                    let share = one / (one + q);
                    greater.select_less(tiny, empty, a.select_less(b, q * share, share))
                } else {
                    b.select_less(a, one, zero)
                };
                mask.store(out.as_mut_ptr().add(i));
            }
        }
    }
}

/// `q ^ power` for q from 0 to 1.
#[inline(always)]
unsafe fn raise<V: Simd>(q: V, power: f64) -> V {
    if power == 1.0 {
        q
    } else if power == 2.0 {
        q * q
    } else if power == 4.0 {
        (q * q) * (q * q)
    } else {
        let mut values = [V::Elem::default(); 16];
        // SAFETY: a vector has at most 16 elements.
        unsafe {
            q.store(values.as_mut_ptr());
            for value in &mut values[..V::WIDTH] {
                *value = V::Elem::of(value.to_f64().powf(power));
            }
            V::load(values.as_ptr())
        }
    }
}

/// Checks the exponent of a mask.
pub(super) fn check_power(power: f64) -> Result<()> {
    if power > 0.0 { Ok(()) } else { Err(Error::argument("power", "greater than 0", power)) }
}
