//! Which lag is a frame's period.

use super::difference::{LANES, Row};
use crate::simd::{Kernel, Level, Simd};

/// Whether the parabola through three neighbours has its vertex within a lag of the middle one, and where: librosa's shift.
#[inline(always)]
pub fn parabolic_shift(before: f64, middle: f64, after: f64) -> f64 {
    let a = after + before - 2.0 * middle;
    let b = (after - before) / 2.0;
    // Not NaN either: values beyond all bounds have no vertex.
    if b.abs() < a.abs() { -b / a } else { 0.0 }
}

/// Whether row `i` has a local minimum in lane `l`: strictly below its left neighbour and not above the right one; at the
/// ends strictly below the only neighbour.
#[inline(always)]
pub fn is_trough(rows: &[Row], i: usize, l: usize) -> bool {
    let c = rows[i][l];
    match i {
        0 => c < rows[1][l],
        _ if i + 1 == rows.len() => c < rows[i - 1][l],
        _ => c < rows[i - 1][l] && c <= rows[i + 1][l],
    }
}

/// The refined position of row `i` in lane `l`: none at the ends.
#[inline(always)]
pub fn shift(rows: &[Row], i: usize, l: usize) -> f64 {
    if i == 0 || i + 1 == rows.len() { 0.0 } else { parabolic_shift(rows[i - 1][l], rows[i][l], rows[i + 1][l]) }
}

/// For every lane the first local minimum below the threshold, else the first of the smallest values.
pub fn pick(rows: &[Row], threshold: f64) -> [usize; LANES] {
    // SAFETY: the level was found on this machine.
    unsafe { Level::best().run(Pick { rows, threshold }) }
}

struct Pick<'a> {
    rows: &'a [Row],
    threshold: f64,
}

impl Kernel<f64> for Pick<'_> {
    type Output = [usize; LANES];

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> Self::Output {
        let Self { rows, threshold } = self;
        let last = rows.len() - 1;
        // Positions as floats: they share the lanes with the values. Beyond the last one means none.
        let none = rows.len() as f64;
        let (mut smallest, mut smallest_at, mut first) = (rows[0], [0.0; LANES], [none; LANES]);
        for l in 0..LANES {
            if is_trough(rows, 0, l) && rows[0][l] < threshold {
                first[l] = 0.0;
            }
        }
        for i in 1..last {
            let (before, c, after) = (&rows[i - 1], &rows[i], &rows[i + 1]);
            let at = i as f64;
            for l in 0..LANES {
                let trough = (c[l] < before[l]) & (c[l] <= after[l]) & (c[l] < threshold);
                let here = if trough { at } else { none };
                first[l] = if here < first[l] { here } else { first[l] };
                let less = c[l] < smallest[l];
                smallest_at[l] = if less { at } else { smallest_at[l] };
                smallest[l] = if less { c[l] } else { smallest[l] };
            }
        }
        std::array::from_fn(|l| {
            if first[l] < none {
                return first[l] as usize;
            }
            let end = rows[last][l];
            if is_trough(rows, last, l) && end < threshold || end < smallest[l] {
                last
            } else {
                smallest_at[l] as usize
            }
        })
    }
}
