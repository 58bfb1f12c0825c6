//! Vectors of WebAssembly's 128 bits. The portable form's results, bit for bit: it is this instruction set that compilers make of
//! arrays, where they keep them in registers at all. Multiplication and addition round twice: the instructions of "relaxed SIMD" that
//! may round once do so on some processors only.

use super::vector::Simd;
use std::arch::wasm32::*;
use std::ops::{Add, Div, Mul, Sub};

macro_rules! vector {
    ($name:ident, $float:ty, $width:literal, $splat:ident, $add:ident, $sub:ident, $mul:ident, $div:ident, $less:ident, $min:ident, $max:ident, $sqrt:ident) => {
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $name(v128);

        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, b: Self) -> Self {
                Self($add(self.0, b.0))
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, b: Self) -> Self {
                Self($sub(self.0, b.0))
            }
        }

        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, b: Self) -> Self {
                Self($mul(self.0, b.0))
            }
        }

        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, b: Self) -> Self {
                Self($div(self.0, b.0))
            }
        }

        impl Simd for $name {
            type Elem = $float;
            const WIDTH: usize = $width;

            #[inline(always)]
            unsafe fn load(from: *const $float) -> Self {
                // SAFETY: the caller's promise.
                Self(unsafe { v128_load(from.cast()) })
            }

            #[inline(always)]
            unsafe fn splat(value: $float) -> Self {
                Self($splat(value))
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $float) {
                // SAFETY: the caller's promise.
                unsafe { v128_store(to.cast(), self.0) }
            }

            #[inline(always)]
            fn product_error(self, b: Self, product: Self) -> Self {
                self.error_of(b, product)
            }

            #[inline(always)]
            fn lesser(self, b: Self) -> Self {
                Self($min(b.0, self.0))
            }

            #[inline(always)]
            fn greater(self, b: Self) -> Self {
                Self($max(b.0, self.0))
            }

            #[inline(always)]
            fn select_less(self, b: Self, yes: Self, no: Self) -> Self {
                Self(v128_bitselect(yes.0, no.0, $less(self.0, b.0)))
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Self($sqrt(self.0))
            }

            #[inline(always)]
            fn split_exponent(self) -> (Self, Self) {
                self.split()
            }

            #[inline(always)]
            unsafe fn transpose(src: *const $float, src_stride: usize, dst: *mut $float, dst_stride: usize) {
                // SAFETY: the caller's promise.
                unsafe { Self::turn(src, src_stride, dst, dst_stride) }
            }
        }
    };
}

vector!(
    F32x4,
    f32,
    4,
    f32x4_splat,
    f32x4_add,
    f32x4_sub,
    f32x4_mul,
    f32x4_div,
    f32x4_lt,
    f32x4_pmin,
    f32x4_pmax,
    f32x4_sqrt
);
vector!(
    F64x2,
    f64,
    2,
    f64x2_splat,
    f64x2_add,
    f64x2_sub,
    f64x2_mul,
    f64x2_div,
    f64x2_lt,
    f64x2_pmin,
    f64x2_pmax,
    f64x2_sqrt
);

impl F32x4 {
    #[inline(always)]
    fn error_of(self, b: Self, product: Self) -> Self {
        let error = |x: v128, y: v128, xy: v128| {
            let exact = f64x2_mul(f64x2_promote_low_f32x4(x), f64x2_promote_low_f32x4(y));
            f32x4_demote_f64x2_zero(f64x2_sub(exact, f64x2_promote_low_f32x4(xy)))
        };
        let high = |x: v128| i64x2_shuffle::<1, 1>(x, x);
        let (low, high) = (error(self.0, b.0, product.0), error(high(self.0), high(b.0), high(product.0)));
        Self(i64x2_shuffle::<0, 2>(low, high))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        const ROOT_HALF: i32 = 0x3f35_04f3;
        let moved = i32x4_add(self.0, i32x4_splat((127 << 23) - ROOT_HALF));
        let exponent = f32x4_convert_i32x4(i32x4_sub(u32x4_shr(moved, 23), i32x4_splat(127)));
        let mantissa = i32x4_add(v128_and(moved, i32x4_splat((1 << 23) - 1)), i32x4_splat(ROOT_HALF));
        (Self(exponent), Self(mantissa))
    }

    #[inline(always)]
    unsafe fn turn(src: *const f32, src_stride: usize, dst: *mut f32, dst_stride: usize) {
        // SAFETY: the caller's promise.
        let row = |i: usize| unsafe { v128_load(src.add(i * src_stride).cast()) };
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let (ab, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let (cd, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        let columns = [
            i64x2_shuffle::<0, 2>(ab, cd),
            i64x2_shuffle::<1, 3>(ab, cd),
            i64x2_shuffle::<0, 2>(ab_high, cd_high),
            i64x2_shuffle::<1, 3>(ab_high, cd_high),
        ];
        for (i, column) in columns.into_iter().enumerate() {
            // SAFETY: the caller's promise.
            unsafe { v128_store(dst.add(i * dst_stride).cast(), column) };
        }
    }
}

impl F64x2 {
    #[inline(always)]
    fn error_of(self, b: Self, product: Self) -> Self {
        fn error<const I: usize>(x: v128, y: v128, xy: v128) -> f64 {
            f64x2_extract_lane::<I>(x).mul_add(f64x2_extract_lane::<I>(y), -f64x2_extract_lane::<I>(xy))
        }
        let (low, high) = (error::<0>(self.0, b.0, product.0), error::<1>(self.0, b.0, product.0));
        Self(f64x2(low, high))
    }

    #[inline(always)]
    fn split(self) -> (Self, Self) {
        const ROOT_HALF: i64 = 0x3fe6_a09e_667f_3bcd;
        // The bits of 2^52: an integer below, put into its mantissa, is the double 2^52 and that integer.
        const SHIFT: i64 = 0x4330_0000_0000_0000;
        let moved = i64x2_add(self.0, i64x2_splat((1023 << 52) - ROOT_HALF));
        let whole = v128_or(u64x2_shr(moved, 52), i64x2_splat(SHIFT));
        let exponent = f64x2_sub(whole, f64x2_splat(f64::from_bits(SHIFT as u64) + 1023.0));
        let mantissa = i64x2_add(v128_and(moved, i64x2_splat((1 << 52) - 1)), i64x2_splat(ROOT_HALF));
        (Self(exponent), Self(mantissa))
    }

    #[inline(always)]
    unsafe fn turn(src: *const f64, src_stride: usize, dst: *mut f64, dst_stride: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            let (a, b) = (v128_load(src.cast()), v128_load(src.add(src_stride).cast()));
            v128_store(dst.cast(), i64x2_shuffle::<0, 2>(a, b));
            v128_store(dst.add(dst_stride).cast(), i64x2_shuffle::<1, 3>(a, b));
        }
    }
}
