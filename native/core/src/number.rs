//! Elementary functions on plain numbers, written without branches so that compilers turn loops over them into vectors.

use crate::simd::Real;

/// What the lanes compute with besides the four operations.
pub trait Number: Real {
    /// 2^-23, the floor under energies.
    const FLOOR: Self;
    /// The square root.
    fn root(self) -> Self;
    /// The greater one; of two equal ones either.
    fn greater(self, other: Self) -> Self;
    /// The natural logarithm of a positive, normal number, within two units in the last place.
    fn logarithm(self) -> Self;
}

// ln x = k ln 2 + ln m with m in [sqrt 1/2, sqrt 2), and ln(1 + f) = f - (f^2/2 - s (f^2/2 + R)), where s = f / (2 + f) and
// R = 2/3 s^2 + 2/5 s^4 + ...: fdlibm's form with the plain series.
macro_rules! number {
    ($float:ty, $bits:ty, $mantissa:literal, $bias:literal, $root_half:literal, $magic:literal, $magic_value:expr,
     $ln2_high:expr, $ln2_low:expr, [$($term:literal),*]) => {
        impl Number for $float {
            const FLOOR: Self = f32::EPSILON as $float;

            #[inline(always)]
            fn root(self) -> Self {
                self.sqrt()
            }

            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                if self > other { self } else { other }
            }

            #[inline(always)]
            fn logarithm(self) -> Self {
                let bits = self.to_bits();
                let one: $bits = $bias << $mantissa;
                let exponent = (bits + (one - $root_half)) >> $mantissa;
                let m = <$float>::from_bits(bits.wrapping_sub(exponent.wrapping_sub($bias) << $mantissa));
                // Small whole numbers become floats by writing them into the mantissa of a large power of two.
                let k = <$float>::from_bits($magic | exponent) - $magic_value;
                let f = m - 1.0;
                let s = f / (2.0 + f);
                let z = s * s;
                let mut r: $float = 0.0;
                $(r = z * (r + 2.0 / $term);)*
                let half = 0.5 * f * f;
                k * $ln2_high - ((half - (s * (half + r) + k * $ln2_low)) - f)
            }
        }
    };
}

number!(
    f32,
    u32,
    23,
    127,
    0x3f35_04f3,
    0x4b00_0000,
    8_388_608.0 + 127.0,
    0.693_138_1,
    9.058_001e-6,
    [9.0, 7.0, 5.0, 3.0]
);
number!(
    f64,
    u64,
    52,
    1023,
    0x3fe6_a09e_667f_3bcd,
    0x4330_0000_0000_0000,
    4_503_599_627_370_496.0 + 1023.0,
    6.931_471_803_691_238e-1,
    1.908_214_929_270_587_7e-10,
    [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0]
);

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn logarithms_are_right_over_the_whole_range() {
        let (mut worst32, mut worst64) = (0.0f64, 0.0f64);
        for i in 0..200_000u64 {
            let x = f32::from_bits(0x0080_0000 + (i * 10_650) as u32);
            let truth = f64::from(x).ln();
            let ulp = f64::from(f32::EPSILON) * truth.abs().max(1e-30);
            worst32 = worst32.max((f64::from(x.logarithm()) - truth).abs() / ulp);
            let y = f64::from_bits(0x0010_0000_0000_0000 + i * 46_000_000_000_000);
            worst64 = worst64.max((y.logarithm() - y.ln()).abs() / (f64::EPSILON * y.ln().abs().max(1e-300)));
        }
        for i in 0..200_000 {
            let x = 0.5 + f64::from(i) * 1e-5;
            worst64 = worst64.max((x.logarithm() - x.ln()).abs() / (f64::EPSILON * x.ln().abs().max(1e-300)));
            let y = x as f32;
            let truth = f64::from(y).ln();
            worst32 = worst32
                .max((f64::from(y.logarithm()) - truth).abs() / (f64::from(f32::EPSILON) * truth.abs()).max(1e-300));
        }
        assert!(worst32 < 2.0, "{worst32} units");
        assert!(worst64 < 2.0, "{worst64} units");
        assert_eq!(1f32.logarithm(), 0.0);
        assert_eq!(f32::EPSILON.logarithm(), f64::from(f32::EPSILON).ln() as f32);
    }
}
