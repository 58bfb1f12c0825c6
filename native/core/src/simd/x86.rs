//! The vectors of AVX2 and AVX-512.

use super::split::*;
use super::vector::Simd;
use std::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Sub};

macro_rules! vector {
    ($name:ident, $raw:ty, $float:ty, $width:literal, $load:ident, $store:ident, $splat:ident,
     $add:ident, $sub:ident, $mul:ident, $mul_add:ident, $mul_sub:ident, $neg_mul_add:ident, $transpose:ident,
     $div:ident, $lesser:ident, $greater:ident, $sqrt:ident, $select_less:ident, $split:ident) => {
        #[derive(Clone, Copy)]
        #[repr(transparent)]
        pub struct $name($raw);

        impl Add for $name {
            type Output = Self;
            #[inline(always)]
            fn add(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $add(self.0, b.0) })
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline(always)]
            fn sub(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $sub(self.0, b.0) })
            }
        }

        impl Mul for $name {
            type Output = Self;
            #[inline(always)]
            fn mul(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $mul(self.0, b.0) })
            }
        }

        impl Div for $name {
            type Output = Self;
            #[inline(always)]
            fn div(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $div(self.0, b.0) })
            }
        }

        impl Simd for $name {
            type Elem = $float;
            const WIDTH: usize = $width;

            #[inline(always)]
            unsafe fn load(from: *const $float) -> Self {
                // SAFETY: the caller's promise.
                Self(unsafe { $load(from) })
            }

            #[inline(always)]
            unsafe fn splat(value: $float) -> Self {
                // SAFETY: the caller's promise.
                Self(unsafe { $splat(value) })
            }

            #[inline(always)]
            unsafe fn store(self, to: *mut $float) {
                // SAFETY: the caller's promise.
                unsafe { $store(to, self.0) }
            }

            #[inline(always)]
            fn mul_add(self, b: Self, c: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $mul_add(self.0, b.0, c.0) })
            }

            #[inline(always)]
            fn mul_sub(self, b: Self, c: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $mul_sub(self.0, b.0, c.0) })
            }

            #[inline(always)]
            fn neg_mul_add(self, b: Self, c: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $neg_mul_add(self.0, b.0, c.0) })
            }

            #[inline(always)]
            fn product_error(self, b: Self, product: Self) -> Self {
                self.mul_sub(b, product)
            }

            #[inline(always)]
            fn lesser(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $lesser(self.0, b.0) })
            }

            #[inline(always)]
            fn greater(self, b: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $greater(self.0, b.0) })
            }

            #[inline(always)]
            fn select_less(self, b: Self, yes: Self, no: Self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $select_less(self.0, b.0, yes.0, no.0) })
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                // SAFETY: holding a vector proves the instruction set.
                Self(unsafe { $sqrt(self.0) })
            }

            #[inline(always)]
            fn split_exponent(self) -> (Self, Self) {
                // SAFETY: holding a vector proves the instruction set.
                let (exponent, mantissa) = unsafe { $split(self.0) };
                (Self(exponent), Self(mantissa))
            }

            #[inline(always)]
            unsafe fn transpose(src: *const $float, src_stride: usize, dst: *mut $float, dst_stride: usize) {
                // SAFETY: the caller's promise.
                unsafe { $transpose(src, src_stride, dst, dst_stride) }
            }
        }
    };
}

vector!(
    F32x16,
    __m512,
    f32,
    16,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_set1_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_fmadd_ps,
    _mm512_fmsub_ps,
    _mm512_fnmadd_ps,
    transpose_f32x16,
    _mm512_div_ps,
    _mm512_min_ps,
    _mm512_max_ps,
    _mm512_sqrt_ps,
    select_less_f32x16,
    split_f32x16
);
vector!(
    F64x8,
    __m512d,
    f64,
    8,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_set1_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_fmadd_pd,
    _mm512_fmsub_pd,
    _mm512_fnmadd_pd,
    transpose_f64x8,
    _mm512_div_pd,
    _mm512_min_pd,
    _mm512_max_pd,
    _mm512_sqrt_pd,
    select_less_f64x8,
    split_f64x8
);
vector!(
    F32x8,
    __m256,
    f32,
    8,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_set1_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_fmadd_ps,
    _mm256_fmsub_ps,
    _mm256_fnmadd_ps,
    transpose_f32x8,
    _mm256_div_ps,
    _mm256_min_ps,
    _mm256_max_ps,
    _mm256_sqrt_ps,
    select_less_f32x8,
    split_f32x8
);
vector!(
    F64x4,
    __m256d,
    f64,
    4,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_set1_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_fmadd_pd,
    _mm256_fmsub_pd,
    _mm256_fnmadd_pd,
    transpose_f64x4,
    _mm256_div_pd,
    _mm256_min_pd,
    _mm256_max_pd,
    _mm256_sqrt_pd,
    select_less_f64x4,
    split_f64x4
);

#[inline(always)]
unsafe fn select_less_f32x16(a: __m512, b: __m512, yes: __m512, no: __m512) -> __m512 {
    // SAFETY: the caller's promise.
    unsafe { _mm512_mask_blend_ps(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b), no, yes) }
}

#[inline(always)]
unsafe fn select_less_f64x8(a: __m512d, b: __m512d, yes: __m512d, no: __m512d) -> __m512d {
    // SAFETY: the caller's promise.
    unsafe { _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<_CMP_LT_OQ>(a, b), no, yes) }
}

#[inline(always)]
unsafe fn select_less_f32x8(a: __m256, b: __m256, yes: __m256, no: __m256) -> __m256 {
    // SAFETY: the caller's promise.
    unsafe { _mm256_blendv_ps(no, yes, _mm256_cmp_ps::<_CMP_LT_OQ>(a, b)) }
}

#[inline(always)]
unsafe fn select_less_f64x4(a: __m256d, b: __m256d, yes: __m256d, no: __m256d) -> __m256d {
    // SAFETY: the caller's promise.
    unsafe { _mm256_blendv_pd(no, yes, _mm256_cmp_pd::<_CMP_LT_OQ>(a, b)) }
}

/// 16 x 16: pairs of rows are interleaved at 4, 8, 16 and 32 bytes.
#[inline(always)]
unsafe fn transpose_f32x16(src: *const f32, src_stride: usize, dst: *mut f32, dst_stride: usize) {
    // SAFETY: the caller's promise, for every intrinsic and pointer below.
    unsafe {
        let mut r: [__m512; 16] = [_mm512_setzero_ps(); 16];
        // Groups of four rows become groups of four columns inside each 128-bit quarter.
        for g in 0..4 {
            let row = |i: usize| _mm512_loadu_ps(src.add((4 * g + i) * src_stride));
            let (a, b, c, d) = (row(0), row(1), row(2), row(3));
            let ab_lo = _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
            let ab_hi = _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
            let cd_lo = _mm512_castps_pd(_mm512_unpacklo_ps(c, d));
            let cd_hi = _mm512_castps_pd(_mm512_unpackhi_ps(c, d));
            r[4 * g] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_lo, cd_lo));
            r[4 * g + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_lo, cd_lo));
            r[4 * g + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_hi, cd_hi));
            r[4 * g + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_hi, cd_hi));
        }
        // Then the quarters themselves are transposed: quarter q of group g goes to quarter g of column 4q + i.
        for i in 0..4 {
            let ab_02 = _mm512_shuffle_f32x4::<0b10_00_10_00>(r[i], r[4 + i]);
            let ab_13 = _mm512_shuffle_f32x4::<0b11_01_11_01>(r[i], r[4 + i]);
            let cd_02 = _mm512_shuffle_f32x4::<0b10_00_10_00>(r[8 + i], r[12 + i]);
            let cd_13 = _mm512_shuffle_f32x4::<0b11_01_11_01>(r[8 + i], r[12 + i]);
            let put = |column: usize, v: __m512| _mm512_storeu_ps(dst.add(column * dst_stride), v);
            put(i, _mm512_shuffle_f32x4::<0b10_00_10_00>(ab_02, cd_02));
            put(4 + i, _mm512_shuffle_f32x4::<0b10_00_10_00>(ab_13, cd_13));
            put(8 + i, _mm512_shuffle_f32x4::<0b11_01_11_01>(ab_02, cd_02));
            put(12 + i, _mm512_shuffle_f32x4::<0b11_01_11_01>(ab_13, cd_13));
        }
    }
}

/// 8 x 8 of doubles: pairs of rows are interleaved at 8, 16 and 32 bytes.
#[inline(always)]
unsafe fn transpose_f64x8(src: *const f64, src_stride: usize, dst: *mut f64, dst_stride: usize) {
    // SAFETY: the caller's promise, for every intrinsic and pointer below.
    unsafe {
        let mut r: [__m512d; 8] = [_mm512_setzero_pd(); 8];
        for g in 0..4 {
            let a = _mm512_loadu_pd(src.add(2 * g * src_stride));
            let b = _mm512_loadu_pd(src.add((2 * g + 1) * src_stride));
            r[2 * g] = _mm512_unpacklo_pd(a, b);
            r[2 * g + 1] = _mm512_unpackhi_pd(a, b);
        }
        for i in 0..2 {
            let ab_02 = _mm512_shuffle_f64x2::<0b10_00_10_00>(r[i], r[2 + i]);
            let ab_13 = _mm512_shuffle_f64x2::<0b11_01_11_01>(r[i], r[2 + i]);
            let cd_02 = _mm512_shuffle_f64x2::<0b10_00_10_00>(r[4 + i], r[6 + i]);
            let cd_13 = _mm512_shuffle_f64x2::<0b11_01_11_01>(r[4 + i], r[6 + i]);
            let put = |column: usize, v: __m512d| _mm512_storeu_pd(dst.add(column * dst_stride), v);
            put(i, _mm512_shuffle_f64x2::<0b10_00_10_00>(ab_02, cd_02));
            put(2 + i, _mm512_shuffle_f64x2::<0b10_00_10_00>(ab_13, cd_13));
            put(4 + i, _mm512_shuffle_f64x2::<0b11_01_11_01>(ab_02, cd_02));
            put(6 + i, _mm512_shuffle_f64x2::<0b11_01_11_01>(ab_13, cd_13));
        }
    }
}

/// 8 x 8 of floats.
#[inline(always)]
unsafe fn transpose_f32x8(src: *const f32, src_stride: usize, dst: *mut f32, dst_stride: usize) {
    // SAFETY: the caller's promise, for every intrinsic and pointer below.
    unsafe {
        let mut r: [__m256; 8] = [_mm256_setzero_ps(); 8];
        for g in 0..2 {
            let row = |i: usize| _mm256_loadu_ps(src.add((4 * g + i) * src_stride));
            let (a, b, c, d) = (row(0), row(1), row(2), row(3));
            let (ab_lo, ab_hi) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (cd_lo, cd_hi) = (_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
            r[4 * g] = _mm256_shuffle_ps::<0b01_00_01_00>(ab_lo, cd_lo);
            r[4 * g + 1] = _mm256_shuffle_ps::<0b11_10_11_10>(ab_lo, cd_lo);
            r[4 * g + 2] = _mm256_shuffle_ps::<0b01_00_01_00>(ab_hi, cd_hi);
            r[4 * g + 3] = _mm256_shuffle_ps::<0b11_10_11_10>(ab_hi, cd_hi);
        }
        for i in 0..4 {
            _mm256_storeu_ps(dst.add(i * dst_stride), _mm256_permute2f128_ps::<0x20>(r[i], r[4 + i]));
            _mm256_storeu_ps(dst.add((4 + i) * dst_stride), _mm256_permute2f128_ps::<0x31>(r[i], r[4 + i]));
        }
    }
}

/// 4 x 4 of doubles.
#[inline(always)]
unsafe fn transpose_f64x4(src: *const f64, src_stride: usize, dst: *mut f64, dst_stride: usize) {
    // SAFETY: the caller's promise, for every intrinsic and pointer below.
    unsafe {
        let row = |i: usize| _mm256_loadu_pd(src.add(i * src_stride));
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        let (ab_lo, ab_hi) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (cd_lo, cd_hi) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        _mm256_storeu_pd(dst, _mm256_permute2f128_pd::<0x20>(ab_lo, cd_lo));
        _mm256_storeu_pd(dst.add(dst_stride), _mm256_permute2f128_pd::<0x20>(ab_hi, cd_hi));
        _mm256_storeu_pd(dst.add(2 * dst_stride), _mm256_permute2f128_pd::<0x31>(ab_lo, cd_lo));
        _mm256_storeu_pd(dst.add(3 * dst_stride), _mm256_permute2f128_pd::<0x31>(ab_hi, cd_hi));
    }
}
