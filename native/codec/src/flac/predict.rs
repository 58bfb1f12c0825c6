//! The two predictors: they turn what a prediction missed back into samples, in place.

/// The fixed polynomial predictors of order 0 to 4.
pub(super) fn fixed(order: usize, row: &mut [i32]) {
    match order {
        1 => linear_i32(&[1], 0, row),
        2 => linear_i32(&[2, -1], 0, row),
        3 => linear_i32(&[3, -3, 1], 0, row),
        4 => linear_i32(&[4, -6, 4, -1], 0, row),
        _ => {}
    }
}

/// Linear prediction; `coefficients[0]` belongs to the sample just before.
/// `bits`: those of a sample and of a coefficient together, which decide whether sums fit 32 bits.
pub(super) fn linear(coefficients: &[i32], shift: u32, bits: u32, row: &mut [i32]) {
    if bits + coefficients.len().ilog2() < 32 {
        by_order(coefficients, shift, row, false);
    } else {
        by_order(coefficients, shift, row, true);
    }
}

/// The common orders have code of their own, in which the loop over the coefficients is unrolled.
fn by_order(coefficients: &[i32], shift: u32, row: &mut [i32], wide: bool) {
    macro_rules! orders {
        ($($order:literal)*) => {
            match (coefficients.len(), wide) {
                $(
                    ($order, false) => unrolled_i32::<$order>(coefficients, shift, row),
                    ($order, true) => unrolled_i64::<$order>(coefficients, shift, row),
                )*
                (_, false) => linear_i32(coefficients, shift, row),
                (_, true) => linear_i64(coefficients, shift, row),
            }
        };
    }
    orders!(1 2 3 4 5 6 7 8 9 10 11 12);
}

macro_rules! predictor {
    ($unrolled:ident, $general:ident, $sum:ty) => {
        fn $unrolled<const N: usize>(coefficients: &[i32], shift: u32, row: &mut [i32]) {
            // Oldest first, as the samples stand.
            let reversed: [$sum; N] = std::array::from_fn(|i| <$sum>::from(coefficients[N - 1 - i]));
            let mut history: [$sum; N] = std::array::from_fn(|i| <$sum>::from(row[i]));
            for value in &mut row[N..] {
                let mut sum: $sum = 0;
                for i in 0..N {
                    sum = sum.wrapping_add(reversed[i].wrapping_mul(history[i]));
                }
                *value = value.wrapping_add((sum >> shift) as i32);
                history.copy_within(1.., 0);
                history[N - 1] = <$sum>::from(*value);
            }
        }

        fn $general(coefficients: &[i32], shift: u32, row: &mut [i32]) {
            let order = coefficients.len();
            for at in order..row.len() {
                let before = row[at - order..at].iter().rev();
                let products = coefficients.iter().zip(before).map(|(c, x)| <$sum>::from(*c).wrapping_mul((*x).into()));
                let sum = products.fold(0, <$sum>::wrapping_add);
                row[at] = row[at].wrapping_add((sum >> shift) as i32);
            }
        }
    };
}
predictor!(unrolled_i32, linear_i32, i32);
predictor!(unrolled_i64, linear_i64, i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unrolled_and_general_forms_agree() {
        for order in 1..=12usize {
            let coefficients: Vec<i32> = (0..order as i32).map(|i| 700 - i * 311).collect();
            let row: Vec<i32> = (0..200).map(|i| (i * i * 37) % 1001 - 500).collect();
            let mut rows = [row.clone(), row.clone(), row];
            by_order(&coefficients, 9, &mut rows[0], false);
            by_order(&coefficients, 9, &mut rows[1], true);
            linear_i64(&coefficients, 9, &mut rows[2]);
            assert!(rows[1] == rows[2], "order {order}");
        }
    }

    #[test]
    fn fixed_predictors_restore_polynomials() {
        let mut row = vec![0, 1, 4, 0, 0, 0, 0, 0];
        fixed(3, &mut row);
        assert_eq!(row, [0, 1, 4, 9, 16, 25, 36, 49]);
    }
}
