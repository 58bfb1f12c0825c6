//! Sums in the order in which librosa's are added up: by numpy, and by OpenBLAS on a processor with AVX-512.
//!
//! Where a frame certainly has a pitch, the probabilities of its pitches add up to 1 or to a float beside it, as rounding has it;
//! and whether silence is impossible there, or improbable, decides paths. So sums are rounded where librosa's are.

use crate::simd::{Kernel, Level, Simd};

/// The sum of a row as numpy adds it up (in eight parts, and in halves above 128 values). Only values in `within` are not zero.
pub fn pairwise(row: &[f64], within: std::ops::Range<usize>) -> f64 {
    if within.start >= row.len() || within.end == 0 || within.is_empty() {
        return 0.0;
    }
    if row.len() < 8 {
        return row.iter().sum();
    }
    if row.len() <= 128 {
        let mut parts = [0.0; 8];
        let (eights, rest) = row.as_chunks::<8>();
        for eight in eights {
            for (part, x) in parts.iter_mut().zip(eight) {
                *part += x;
            }
        }
        let [a, b, c, d, e, f, g, h] = parts;
        return rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, x| sum + x);
    }
    let half = row.len() / 2 / 8 * 8;
    let (left, right) = row.split_at(half);
    let (start, end) = (within.start, within.end);
    pairwise(left, start.min(half)..end.min(half))
        + pairwise(right, start.saturating_sub(half)..end.saturating_sub(half))
}

/// How a product of a matrix with a vector adds up one row: that depends on which row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The only row.
    Single,
    /// One of four rows that are worked on together.
    Four,
    /// One of two after all fours.
    Two,
    /// The last one of an odd count.
    Last,
}

impl Order {
    /// The order of row `i` of `count`.
    pub fn of(i: usize, count: usize) -> Self {
        if count == 1 {
            Self::Single
        } else if i < count / 4 * 4 {
            Self::Four
        } else if i < count / 2 * 2 {
            Self::Two
        } else {
            Self::Last
        }
    }
}

/// The sum of the products of two rows of one length, the first one of which is zero before `from`.
pub fn dot(row: &[f64], with: &[f64], from: usize, order: Order) -> f64 {
    // Products of zero change no part; where they are left out the parts must stay where they are.
    let from = if row.len() > SPAN { 0 } else { from / BLOCK * BLOCK };
    // SAFETY: the level was found on this machine.
    unsafe { Level::best().run(Dot { row: &row[from..], with: &with[from..], order }) }
}

/// Products are added up in spans of so many.
const SPAN: usize = 2048;
/// The largest step within them.
const BLOCK: usize = 32;

struct Dot<'a> {
    row: &'a [f64],
    with: &'a [f64],
    order: Order,
}

impl Kernel<f64> for Dot<'_> {
    type Output = f64;

    // Parts are arrays of a known length: the compiler makes vectors of the instruction set of them.
    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) -> f64 {
        let Self { row, with, order } = self;
        if order == Order::Single {
            return single(row, with);
        }
        let whole = row.len() / 4 * 4;
        let mut sum = 0.0;
        for (row, with) in row[..whole].chunks(SPAN).zip(with[..whole].chunks(SPAN)) {
            let (row, with) = (row.as_chunks::<4>().0, with.as_chunks::<4>().0);
            let mut four = [0.0f64; 4];
            sum += if order == Order::Two {
                for (x, y) in row.iter().zip(with) {
                    for l in 0..2 {
                        four[l] = (four[l] + x[l] * y[l]) + x[l + 2] * y[l + 2];
                    }
                }
                four[0] + four[1]
            } else {
                for (x, y) in row.iter().zip(with) {
                    for l in 0..4 {
                        four[l] =
                            if order == Order::Four { x[l].mul_add(y[l], four[l]) } else { four[l] + x[l] * y[l] };
                    }
                }
                (four[0] + four[2]) + (four[1] + four[3])
            };
        }
        match (&row[whole..], &with[whole..]) {
            ([a], [b]) => a.mul_add(*b, sum),
            ([a, c], [b, d]) => sum + a.mul_add(*b, c * d),
            ([a, c, e], [b, d, f]) => sum + e.mul_add(*f, a.mul_add(*b, c * d)),
            _ => sum,
        }
    }
}

#[inline(always)]
fn single(row: &[f64], with: &[f64]) -> f64 {
    let ((blocks, rest), (with, with_rest)) = (row.as_chunks::<BLOCK>(), with.as_chunks::<BLOCK>());
    let mut wide = [0.0f64; BLOCK];
    for (x, y) in blocks.iter().zip(with) {
        for l in 0..BLOCK {
            wide[l] = x[l].mul_add(y[l], wide[l]);
        }
    }
    let mut parts: [f64; BLOCK / 2] = std::array::from_fn(|l| wide[l / 4 * 8 + l % 4] + wide[l / 4 * 8 + l % 4 + 4]);
    let ((half, rest), (with_half, with_rest)) =
        (rest.as_chunks::<{ BLOCK / 2 }>(), with_rest.as_chunks::<{ BLOCK / 2 }>());
    for (x, y) in half.iter().zip(with_half) {
        for l in 0..BLOCK / 2 {
            parts[l] = x[l].mul_add(y[l], parts[l]);
        }
    }
    let [a, b, c, d]: [f64; 4] = std::array::from_fn(|l| ((parts[l] + parts[l + 4]) + parts[l + 8]) + parts[l + 12]);
    rest.iter().zip(with_rest).fold((a + c) + (b + d), |sum, (x, y)| x.mul_add(*y, sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yin::tests::noise;

    #[test]
    fn sums_of_halves_are_sums() {
        for n in [1, 7, 8, 100, 128, 129, 601, 3000] {
            let row: Vec<f64> = (0..n).map(|i| if i >= n / 3 && i < n / 2 { i as f64 } else { 0.0 }).collect();
            assert_eq!(pairwise(&row, n / 3..n / 2), row.iter().sum::<f64>());
        }
    }

    #[test]
    fn every_order_adds_up_everything_and_zeros_may_be_left_out() {
        for n in [1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 50, 67, 100, 2047, 2049, 5000] {
            let (mut row, with) = (noise(n, 1), noise(n, 2));
            for from in [0, n / 3, n / 2, n] {
                row[..from].fill(0.0);
                let want: f64 = row.iter().zip(&with).map(|(x, y)| x * y).sum();
                for order in [Order::Single, Order::Four, Order::Two, Order::Last] {
                    let got = dot(&row, &with, from, order);
                    assert!((got - want).abs() <= 1e-13 * n as f64, "{n} {from} {order:?}: {got} {want}");
                    assert_eq!(got.to_bits(), dot(&row, &with, 0, order).to_bits(), "{n} {from} {order:?}");
                }
            }
        }
    }

    /// numpy 2.4 with OpenBLAS 0.3.31 on a processor with AVX-512: `matrix.dot(vector)`, bit for bit.
    #[test]
    fn is_numpys_product() {
        for (n, rows, bits) in PRODUCTS {
            let value = |i: usize| 1.0 / (i as f64 + 1.5);
            let with: Vec<f64> = (0..*n).map(|i| value(7 * i % 101)).collect();
            let got: Vec<u64> = (0..*rows)
                .map(|r| {
                    let row: Vec<f64> = (0..*n).map(|i| value((r * n + i) * 13 % 97)).collect();
                    dot(&row, &with, 0, Order::of(r, *rows)).to_bits()
                })
                .collect();
            assert_eq!(got, *bits, "{rows} rows of {n}");
        }
    }

    const PRODUCTS: &[(usize, usize, &[u64])] = &[
        (2, 2, &[4601824180703806263, 4583481894985606471]),
        (3, 3, &[4601866443222303581, 4581315207658338745, 4580628543177100289]),
        (
            5,
            7,
            &[
                4601897626269866927,
                4581135845329095682,
                4582535380536058539,
                4598683468075737443,
                4580906750683372980,
                4582355141068653654,
                4596426015490265527,
            ],
        ),
        (17, 1, &[4603033128096730667]),
        (50, 1, &[4603711724533210319]),
        (87, 1, &[4604081128040143550]),
        (100, 1, &[4604296941602706069]),
        (
            100,
            7,
            &[
                4604296941602706070,
                4595697016276485806,
                4594235926483875438,
                4598254882791888818,
                4594712590006554915,
                4602150671180568881,
                4595592492539620712,
            ],
        ),
        (
            23,
            6,
            &[
                4603069877029595834,
                4592989439225976996,
                4589513041312150443,
                4587872715604552955,
                4589606795134523525,
                4586045843780671944,
            ],
        ),
        (2500, 2, &[4618136480108964216, 4617670151369347115]),
    ];
}
