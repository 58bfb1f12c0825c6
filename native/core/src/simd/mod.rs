//! Vectors of floats, one algorithm for every instruction set.
//!
//! A computation is written once, as a [`Kernel`] generic over a [`Simd`] vector. [`Level::run`] picks the widest
//! instruction set that the processor has and runs the kernel compiled for it: AVX-512, AVX2 with FMA, or a portable form
//! that the compiler maps to whatever the target always has (SSE2, NEON); of WebAssembly, its 128-bit vectors.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(target_arch = "x86_64")]
mod split;
mod sweep;
mod vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable::{F32x4, F64x2};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use wasm::{F32x4, F64x2};

pub use sweep::{all_finite, raise};
pub use vector::{Kernel, Real, Simd};

use std::sync::OnceLock;

macro_rules! real {
    ($float:ty, $lanes:literal, $portable:ty, $avx2:ident, $avx512:ident) => {
        impl Real for $float {
            const LANES: usize = $lanes;
            const MIN_POSITIVE: f64 = <$float>::MIN_POSITIVE as f64;
            const MAX: f64 = <$float>::MAX as f64;
            type Portable = $portable;
            #[cfg(target_arch = "x86_64")]
            type Avx2 = x86::$avx2;
            #[cfg(target_arch = "x86_64")]
            type Avx512 = x86::$avx512;

            #[inline(always)]
            fn of(value: f64) -> Self {
                value as $float
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }

            #[inline(always)]
            fn finite(self) -> bool {
                self.is_finite()
            }
        }
    };
}

real!(f32, 16, F32x4, F32x8, F32x16);
real!(f64, 8, F64x2, F64x4, F64x8);

/// An instruction set that this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What the target always has.
    Portable,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, DQ and VL.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best instruction set of this processor.
    pub fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        *BEST.get_or_init(|| *Self::available().last().expect("the portable level is always there"))
    }

    /// Every instruction set of this processor, the best one last. Tests run them all.
    pub fn available() -> Vec<Self> {
        #[allow(unused_mut)]
        let mut levels = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                levels.push(Self::Avx2);
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                {
                    levels.push(Self::Avx512);
                }
            }
        }
        levels
    }

    /// The best instruction set, up to this one, whose vectors hold at most `width` elements, 4 at least.
    pub fn within<T: Real>(self, width: usize) -> Self {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if T::Avx512::WIDTH > width => Self::Avx2.within::<T>(width),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 if T::Avx2::WIDTH > width => Self::Portable,
            level => {
                debug_assert!(T::Portable::WIDTH <= width);
                level
            }
        }
    }

    /// Runs a kernel compiled for this instruction set.
    ///
    /// # Safety
    /// The level came from [`Level::best`] or [`Level::available`], and whatever the kernel itself asks for holds.
    #[inline]
    pub unsafe fn run<T: Real, K: Kernel<T>>(self, kernel: K) -> K::Output {
        match self {
            // SAFETY: the caller's promise.
            Self::Portable => unsafe { kernel.run::<T::Portable>() },
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { with_avx2(kernel) },
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { with_avx512(kernel) },
        }
    }
}

/// Asks for memory that will be read soon, so that it is in the cache then. Does nothing where the target has no such
/// instruction.
#[inline]
pub fn prefetch<T>(soon: &[T]) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        let bytes = size_of_val(soon);
        for line in (0..bytes).step_by(64) {
            // SAFETY: nothing is read, and the address lies within the slice.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(soon.as_ptr().cast::<i8>().add(line)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = soon;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn with_avx2<T: Real, K: Kernel<T>>(kernel: K) -> K::Output {
    // SAFETY: the caller's promise, and the feature is on.
    unsafe { kernel.run::<T::Avx2>() }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")]
unsafe fn with_avx512<T: Real, K: Kernel<T>>(kernel: K) -> K::Output {
    // SAFETY: the caller's promise, and the feature is on.
    unsafe { kernel.run::<T::Avx512>() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Compare<'a>(&'a mut Vec<[f32; 5]>);

    impl Kernel<f32> for Compare<'_> {
        type Output = ();

        #[inline(always)]
        unsafe fn run<V: Simd<Elem = f32>>(self) {
            let a = [1.0, 2.0, 3.0, -0.0, f32::INFINITY, 9.0, 0.25, 5.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
            let b = [2.0, 1.0, 3.0, 0.0, 1.0, f32::INFINITY, 4.0, -5.0, 2.0, 1.0, 1.0, 4.0, 6.0, 5.0, 8.0, 7.0];
            for part in (0..16).step_by(V::WIDTH) {
                let mut out = [[0f32; 16]; 5];
                // SAFETY: 16 values each, `part` begins a vector.
                unsafe {
                    let (x, y) = (V::load(a[part..].as_ptr()), V::load(b[part..].as_ptr()));
                    let all = [x.lesser(y), x.greater(y), x.select_less(y, x, y), x / y, x.sqrt()];
                    for (v, out) in all.into_iter().zip(&mut out) {
                        v.store(out.as_mut_ptr());
                    }
                }
                self.0.extend((0..V::WIDTH).map(|i| std::array::from_fn(|f| out[f][i])));
            }
        }
    }

    #[test]
    fn every_level_compares_alike() {
        let mut wanted: Option<Vec<[u32; 5]>> = None;
        for level in Level::available() {
            let mut got = Vec::new();
            // SAFETY: an available level.
            unsafe { level.run(Compare(&mut got)) };
            assert_eq!(got[0], [1.0, 2.0, 1.0, 0.5, 1.0]);
            assert_eq!(got[4], [1.0, f32::INFINITY, 1.0, f32::INFINITY, f32::INFINITY]);
            let bits: Vec<[u32; 5]> = got.iter().map(|row| row.map(f32::to_bits)).collect();
            // The sign of a NaN (0 / 0 at index 3 has one) is the machine's own business.
            let bits: Vec<[u32; 5]> = bits.into_iter().enumerate().filter(|(i, _)| *i != 3).map(|(_, b)| b).collect();
            assert_eq!(*wanted.get_or_insert_with(|| bits.clone()), bits, "{level:?}");
        }
    }

    struct Split<'a, T>(&'a [T], &'a mut Vec<[f64; 2]>);

    impl<T: Real> Kernel<T> for Split<'_, T> {
        type Output = ();

        #[inline(always)]
        unsafe fn run<V: Simd<Elem = T>>(self) {
            for part in self.0.chunks_exact(V::WIDTH) {
                let (mut k, mut m) = ([T::default(); 16], [T::default(); 16]);
                // SAFETY: the part holds one vector, the arrays at least one.
                unsafe {
                    let (exponent, mantissa) = V::load(part.as_ptr()).split_exponent();
                    exponent.store(k.as_mut_ptr());
                    mantissa.store(m.as_mut_ptr());
                }
                self.1.extend((0..V::WIDTH).map(|i| [k[i].to_f64(), m[i].to_f64()]));
            }
        }
    }

    fn check_split<T: Real>(values: &[f64]) {
        let values: Vec<T> = values.iter().map(|&x| T::of(x)).collect();
        let (low, high) = (std::f64::consts::FRAC_1_SQRT_2, std::f64::consts::SQRT_2);
        for level in Level::available() {
            let mut parts = Vec::new();
            // SAFETY: an available level.
            unsafe { level.run(Split(&values, &mut parts)) };
            for (x, [k, m]) in values.iter().zip(&parts) {
                assert_eq!(m * 2f64.powi(*k as i32), x.to_f64(), "{level:?}");
                assert!(*m > low - 1e-7 && *m < high + 1e-7, "{level:?} {m}");
            }
        }
    }

    #[test]
    fn every_level_splits_exponents() {
        let values: Vec<f64> = (0..1600).map(|i| 1.013f64.powi(i - 800) * 1.1).collect();
        check_split::<f32>(&values);
        check_split::<f64>(&values);
        check_split::<f64>(&[f64::MIN_POSITIVE, 1e308, 1.0, 0.5, 2.0, 1e-300, 1e300, 3.0]);
    }
}
