//! `Simd::split_exponent` of AVX2 and AVX-512.

use std::arch::x86_64::*;

// The bits of a power of two by which whole numbers in the mantissa become floats, and the bits around sqrt 1/2 by which
// mantissas are split: see `Simd::split_exponent`. Then what depends on the registers alone.
macro_rules! split {
    (f32 $($rest:tt)*) => {
        split!(23, 0x3f35_04f3, 0x3f80_0000, 0x007f_ffff, 0x4b00_0000, 8_388_608.0 + 127.0, $($rest)*);
    };
    (f64 $($rest:tt)*) => {
        split!(
            52, 0x3fe6_a09e_667f_3bcd, 0x3ff0_0000_0000_0000, 0x000f_ffff_ffff_ffff, 0x4330_0000_0000_0000,
            4_503_599_627_370_496.0 + 1023.0, $($rest)*
        );
    };
    ($mantissa_bits:literal, $root_half:expr, $one:expr, $mask:expr, $magic:expr, $magic_value:expr,
     $name:ident, $raw:ty, $to_bits:ident, $from_bits:ident, $splat_bits:ident, $add:ident, $and:ident, $or:ident,
     $shift:ident, $splat:ident, $sub:ident) => {
        #[inline(always)]
        pub unsafe fn $name(x: $raw) -> ($raw, $raw) {
            // SAFETY: the caller's promise.
            unsafe {
                let moved = $add($to_bits(x), $splat_bits($one - $root_half));
                let mantissa = $from_bits($add($and(moved, $splat_bits($mask)), $splat_bits($root_half)));
                let exponent = $from_bits($or($shift::<$mantissa_bits>(moved), $splat_bits($magic)));
                ($sub(exponent, $splat($magic_value)), mantissa)
            }
        }
    };
}

split!(
    f32 split_f32x16, __m512, _mm512_castps_si512, _mm512_castsi512_ps, _mm512_set1_epi32, _mm512_add_epi32,
    _mm512_and_si512, _mm512_or_si512, _mm512_srli_epi32, _mm512_set1_ps, _mm512_sub_ps
);
split!(
    f64 split_f64x8, __m512d, _mm512_castpd_si512, _mm512_castsi512_pd, _mm512_set1_epi64, _mm512_add_epi64,
    _mm512_and_si512, _mm512_or_si512, _mm512_srli_epi64, _mm512_set1_pd, _mm512_sub_pd
);
split!(
    f32 split_f32x8, __m256, _mm256_castps_si256, _mm256_castsi256_ps, _mm256_set1_epi32, _mm256_add_epi32,
    _mm256_and_si256, _mm256_or_si256, _mm256_srli_epi32, _mm256_set1_ps, _mm256_sub_ps
);
split!(
    f64 split_f64x4, __m256d, _mm256_castpd_si256, _mm256_castsi256_pd, _mm256_set1_epi64x, _mm256_add_epi64,
    _mm256_and_si256, _mm256_or_si256, _mm256_srli_epi64, _mm256_set1_pd, _mm256_sub_pd
);
