//! Roots of unity.

use std::f64::consts::PI;

/// `exp(-2 pi i index / n)`, from an angle within an eighth of the circle, so that it is right to the last digit.
pub fn root(index: usize, n: usize) -> (f64, f64) {
    let index = index % n;
    let eighths = 8 * index as u128;
    let octant = (eighths / n as u128) as usize;
    // The rest of the angle, measured from the nearest multiple of a quarter circle.
    let quarter = octant.div_ceil(2);
    let rest = (4 * index as i128 - (quarter * n) as i128) as f64 / (4.0 * n as f64);
    let (sin, cos) = (2.0 * PI * rest).sin_cos();
    match quarter % 4 {
        0 => (cos, -sin),
        1 => (-sin, -cos),
        2 => (-cos, sin),
        _ => (sin, cos),
    }
}
