//! From a filter's sum to its code: the logarithm or a linear scale, with the block exponent accounted for.

use super::Output;
use super::tables::LOG_STEPS;

/// A number without sign: `mantissa * 2^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaled {
    pub mantissa: u64,
    pub exponent: i32,
}

/// The linear gain of the first kernel: 127 for full scale after nine halvings.
pub const FIRST_GAIN: u16 = 127;
/// The code of no energy at all in `Output::Log2Int16`.
pub const NO_ENERGY: i16 = i16::MIN;
/// Steps of `Output::Log2Int8` in an octave.
pub const STEPS: i32 = 6;
/// Tenths of an octave, where the codes of `Output::Log2Int8` begin for filters whose largest weight is 1.
const LOWEST_TENTHS: i32 = 14;

/// Where the codes of `Output::Log2Int8` begin, in tenths of an octave, so that they have the same range for every bank: by as much
/// lower as its largest weight is, by whose root for powers.
pub fn lowest_tenths(largest: f64, power: bool) -> i32 {
    if largest <= 0.0 {
        return LOWEST_TENTHS;
    }
    let octaves = largest.log2() / if power { 2.0 } else { 1.0 };
    LOWEST_TENTHS + (10.0 * octaves).round() as i32
}

/// The same as the kernel takes it: in steps, with 16 fractional bits.
pub fn lowest_step(tenths: i32) -> i32 {
    (tenths * STEPS * 65536 + 5).div_euclid(10)
}

/// The square root of a number of 30 bits, rounded to the nearest.
pub fn root(square: u32) -> u32 {
    let floor = square.isqrt();
    floor + u32::from(square - floor * floor > floor)
}

/// The base-2 logarithm with 16 fractional bits, between the table's points by a straight line. `value` is not 0.
pub fn log2(value: u64, table: &[u16]) -> i32 {
    let whole = 63 - value.leading_zeros();
    let fraction = ((value << (63 - whole)) >> 47) as u32 & 0xffff;
    let step = 65536 / LOG_STEPS as u32;
    let (i, rest) = ((fraction / step) as usize, fraction % step);
    let (low, high) = (u32::from(table[i]), u32::from(table[i + 1]));
    // 15 fractional bits of the table and 9 of the place between its points make 24.
    (whole << 16) as i32 + ((low * step + (high - low) * rest) >> 8) as i32
}

/// log2 of the magnitude with 16 fractional bits; `None` for 0. `power`: the value is a square.
pub fn level(value: Scaled, power: bool, table: &[u16]) -> Option<i32> {
    (value.mantissa != 0).then(|| (log2(value.mantissa, table) + value.exponent * 65536) >> u32::from(power))
}

/// The code of a filter's output. `lowest`: see [`lowest_step`].
pub fn code(value: Scaled, power: bool, output: Output, gain: u16, lowest: i32, table: &[u16]) -> i16 {
    match (output, level(value, power, table)) {
        (Output::Log2Int16, None) => NO_ENERGY,
        (_, None) => 0,
        (Output::Log2Int16, Some(level)) => ((level + 128) >> 8) as i16,
        (Output::Log2Int8, Some(level)) => ((STEPS * level - lowest + 32768) >> 16).clamp(0, 127) as i16,
        (Output::LinearInt8, Some(_)) => linear(if power { magnitude(value) } else { value }, gain),
    }
}

/// The square root of a value that is not 0, to 15 bits.
fn magnitude(value: Scaled) -> Scaled {
    let bits = 64 - value.mantissa.leading_zeros() as i32;
    // 30 or 29 bits, so that the exponent is even.
    let shift = bits - 30 + ((bits + value.exponent) & 1);
    let square = if shift < 0 { value.mantissa << -shift } else { value.mantissa >> shift };
    Scaled { mantissa: u64::from(root(square as u32)), exponent: (value.exponent + shift) / 2 }
}

/// `value * gain / 2^24`, to the nearest, at most 127. The value has 16 bits, rounded.
fn linear(value: Scaled, gain: u16) -> i16 {
    let shift = 48 - value.mantissa.leading_zeros() as i32;
    let mantissa = if shift <= 0 { value.mantissa << -shift } else { (value.mantissa + (1 << (shift - 1))) >> shift };
    let product = mantissa * u64::from(gain);
    match 24 - value.exponent - shift {
        ..=0 => 127,
        down @ 1..=32 => (((product >> (down - 1)) + 1) >> 1).min(127) as i16,
        _ => 0,
    }
}
