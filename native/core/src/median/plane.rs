//! Medians over rectangles: one sorted window that moves along a row, a column of samples at a time.

use super::{Extend, FilterOptions, Sorted, reach};
use crate::simd::Real;

/// Filters the rows of a plane from `first` on, as many as `out` has.
pub fn filter<T: Real>(plane: &[T], options: &FilterOptions, first: usize, out: &mut [T]) {
    let FilterOptions { rows, columns, size_rows, size_columns, extend } = *options;
    let ((up, down), (left, right)) = (reach(size_rows), reach(size_columns));
    let at = |row: i64, column: i64| match (extend.source(row, rows), extend.source(column, columns), extend) {
        (Some(row), Some(column), _) => plane[row * columns + column],
        (_, _, Extend::Constant(value)) => T::of(value),
        _ => T::zero(),
    };
    let rank = size_rows * size_columns / 2;
    for (i, out) in out.chunks_exact_mut(columns).enumerate() {
        let row = (first + i) as i64;
        let span = row - up as i64..=row + down as i64;
        let column = |c: i64| span.clone().map(move |r| (r, c));
        let start = (-(left as i64)..=right as i64).flat_map(column).map(|(r, c)| at(r, c)).collect();
        let mut window = Sorted::new(start);
        for (c, out) in out.iter_mut().enumerate() {
            if c > 0 {
                for r in span.clone() {
                    window.replace(at(r, c as i64 - 1 - left as i64), at(r, (c + right) as i64));
                }
            }
            *out = window.get(rank);
        }
    }
}
