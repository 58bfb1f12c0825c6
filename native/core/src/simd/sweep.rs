//! Simple passes over whole signals, by vectors.

// Loops count by index on purpose: iterators in a row are not always inlined into a kernel, and then not compiled for its
// instruction set.
#![allow(clippy::needless_range_loop)]

use super::{Kernel, Level, Real, Simd};

/// Vectors at a time.
const UNROLL: usize = 4;

/// Whether no value is infinite or NaN.
pub fn all_finite<T: Real>(values: &[T]) -> bool {
    // SAFETY: the level was found on this machine; the kernel asks for nothing else.
    unsafe { Level::best().run(Finite(values)) }
}

struct Finite<'a, T>(&'a [T]);

impl<T: Real> Kernel<T> for Finite<'_, T> {
    type Output = bool;

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) -> bool {
        let whole = self.0.len() - self.0.len() % (UNROLL * V::WIDTH);
        let (vectors, rest) = self.0.split_at(whole);
        // Zero times a value is zero, or NaN where the value is not finite.
        // SAFETY: the caller's promise; every chunk holds `UNROLL` vectors.
        let sum = unsafe {
            let zero = V::splat(T::zero());
            let mut sums = [zero; UNROLL];
            for chunk in vectors.chunks_exact(UNROLL * V::WIDTH) {
                for i in 0..UNROLL {
                    sums[i] = V::load(chunk.as_ptr().add(i * V::WIDTH)).mul_add(zero, sums[i]);
                }
            }
            (sums[0] + sums[1]) + (sums[2] + sums[3])
        };
        let mut lanes = [T::zero(); 16];
        // SAFETY: no vector has more than 16 elements.
        unsafe { sum.store(lanes.as_mut_ptr()) };
        lanes.iter().all(|x| *x == T::zero()) && rest.iter().all(|x| x.finite())
    }
}

/// Raises every value below `floor` to it.
pub fn raise<T: Real>(values: &mut [T], floor: T) {
    // SAFETY: the level was found on this machine; the kernel asks for nothing else.
    unsafe { Level::best().run(Raise { values, floor }) }
}

struct Raise<'a, T> {
    values: &'a mut [T],
    floor: T,
}

impl<T: Real> Kernel<T> for Raise<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { values, floor } = self;
        let whole = values.len() - values.len() % V::WIDTH;
        let (vectors, rest) = values.split_at_mut(whole);
        // SAFETY: the caller's promise.
        let all = unsafe { V::splat(floor) };
        for chunk in vectors.chunks_exact_mut(V::WIDTH) {
            // SAFETY: the chunk holds one vector.
            unsafe { V::load(chunk.as_ptr()).greater(all).store(chunk.as_mut_ptr()) };
        }
        for x in rest {
            if *x < floor {
                *x = floor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_value_that_is_not_finite() {
        for length in [0, 1, 15, 64, 65, 200] {
            let mut values = vec![f32::MAX; length];
            assert!(all_finite(&values));
            for at in 0..length {
                for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                    values[at] = bad;
                    assert!(!all_finite(&values), "{length} {at}");
                }
                values[at] = -1.0;
            }
        }
    }

    #[test]
    fn raises_what_is_below() {
        for length in [0, 1, 31, 100] {
            let mut values: Vec<f64> = (0..length).map(f64::from).collect();
            raise(&mut values, 20.5);
            assert!(values.iter().enumerate().all(|(i, x)| *x == (i as f64).max(20.5)));
        }
    }
}
