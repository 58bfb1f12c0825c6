//! Vectors of 16 bytes as plain arrays, which compilers turn into the target's own 128-bit vectors.

use super::vector::Simd;
use std::ops::{Add, Div, Mul, Sub};

/// The rounding error of a product, without an instruction that rounds once.
pub(super) trait ProductError {
    fn product_error(a: Self, b: Self, product: Self) -> Self;
}

impl ProductError for f32 {
    #[inline(always)]
    fn product_error(a: f32, b: f32, product: f32) -> f32 {
        (f64::from(a) * f64::from(b) - f64::from(product)) as f32
    }
}

impl ProductError for f64 {
    #[inline(always)]
    fn product_error(a: f64, b: f64, product: f64) -> f64 {
        a.mul_add(b, -product)
    }
}

macro_rules! portable {
    ($name:ident, $float:ty, $width:literal, $mantissa:literal, $root_half:literal, $bias:literal) => {
        #[derive(Clone, Copy)]
        #[repr(C, align(16))]
        pub struct $name([$float; $width]);

        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, b: Self) -> Self {
                Self(std::array::from_fn(|i| self.0[i] + b.0[i]))
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, b: Self) -> Self {
                Self(std::array::from_fn(|i| self.0[i] - b.0[i]))
            }
        }

        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, b: Self) -> Self {
                Self(std::array::from_fn(|i| self.0[i] * b.0[i]))
            }
        }

        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, b: Self) -> Self {
                Self(std::array::from_fn(|i| self.0[i] / b.0[i]))
            }
        }

        impl Simd for $name {
            type Elem = $float;
            const WIDTH: usize = $width;

            #[inline(always)]
            unsafe fn load(from: *const $float) -> Self {
                // SAFETY: the caller's promise.
                Self(unsafe { from.cast::<[$float; $width]>().read_unaligned() })
            }

            #[inline(always)]
            unsafe fn splat(value: $float) -> Self {
                Self([value; $width])
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $float) {
                // SAFETY: the caller's promise.
                unsafe { to.cast::<[$float; $width]>().write_unaligned(self.0) }
            }

            #[inline(always)]
            fn product_error(self, b: Self, product: Self) -> Self {
                Self(std::array::from_fn(|i| <$float>::product_error(self.0[i], b.0[i], product.0[i])))
            }

            #[inline(always)]
            fn select_less(self, b: Self, yes: Self, no: Self) -> Self {
                Self(std::array::from_fn(|i| if self.0[i] < b.0[i] { yes.0[i] } else { no.0[i] }))
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(self.0.map(<$float>::sqrt))
            }

            #[inline(always)]
            fn split_exponent(self) -> (Self, Self) {
                let moved = self.0.map(|x| x.to_bits() + ($bias << $mantissa) - $root_half);
                let exponent = moved.map(|bits| (bits >> $mantissa) as $float - $bias as $float);
                let mantissa = moved.map(|bits| <$float>::from_bits((bits & ((1 << $mantissa) - 1)) + $root_half));
                (Self(exponent), Self(mantissa))
            }

            #[inline(always)]
            unsafe fn transpose(src: *const $float, src_stride: usize, dst: *mut $float, dst_stride: usize) {
                for row in 0..$width {
                    for column in 0..$width {
                        // SAFETY: the caller's promise.
                        unsafe { *dst.add(column * dst_stride + row) = *src.add(row * src_stride + column) };
                    }
                }
            }
        }
    };
}

portable!(F32x4, f32, 4, 23, 0x3f35_04f3, 127);
portable!(F64x2, f64, 2, 52, 0x3fe6_a09e_667f_3bcd, 1023);
