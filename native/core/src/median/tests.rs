//! The filter against one that sorts every window.

use super::*;
use proptest::prelude::*;

fn noise(length: usize, seed: u64) -> Vec<f64> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

/// What stands at `at`, by walking from the end: a definition that shares nothing with `Extend::source`.
fn extended(x: &[f64], at: i64, extend: Extend) -> f64 {
    let n = x.len() as i64;
    let (mut i, mut way) = (0i64, 1i64);
    if (0..n).contains(&at) {
        return x[at as usize];
    }
    // From sample 0, walk `at` places forwards or backwards, turning at the ends.
    let backwards = at < 0;
    match extend {
        Extend::Constant(value) => return value,
        Extend::Nearest => return if backwards { x[0] } else { x[x.len() - 1] },
        Extend::Mirror if n == 1 => return x[0],
        _ => {}
    }
    if backwards {
        way = -1;
    }
    for _ in 0..at.unsigned_abs() {
        let next = i + way;
        i = match extend {
            _ if (0..n).contains(&next) => next,
            Extend::Wrap => next.rem_euclid(n),
            Extend::Reflect => {
                way = -way;
                i
            }
            _ => {
                way = -way;
                i + way
            }
        };
    }
    x[i as usize]
}

fn naive(x: &[f64], k: usize, extend: Extend) -> Vec<f64> {
    let (left, right) = (k as i64 / 2, (k as i64 - 1) / 2);
    (0..x.len() as i64)
        .map(|i| {
            let mut window: Vec<f64> = (i - left..=i + right).map(|at| extended(x, at, extend)).collect();
            window.sort_by(f64::total_cmp);
            window[k / 2]
        })
        .collect()
}

fn transposed(x: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    (0..rows * columns).map(|i| x[i % rows * columns + i / rows]).collect()
}

fn extend() -> impl Strategy<Value = Extend> {
    prop_oneof![
        Just(Extend::Reflect),
        Just(Extend::Nearest),
        Just(Extend::Mirror),
        Just(Extend::Constant(0.25)),
        Just(Extend::Wrap)
    ]
}

/// Samples with and without equals among them.
fn samples(length: usize, seed: u64, steps: Option<f64>) -> Vec<f64> {
    noise(length, seed).into_iter().map(|x| steps.map_or(x as f32 as f64, |s| (x * s).round() / s)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn is_the_sorted_windows_middle(
        planes in 1usize..3, rows in 1usize..40, columns in 1usize..40, k in 1usize..50, mode in extend(), seed in 0u64..99,
        equals: bool,
    ) {
        let x = samples(planes * rows * columns, seed, equals.then_some(4.0));
        let single: Vec<f32> = x.iter().map(|&v| v as f32).collect();
        for along_rows in [true, false] {
            let (size_rows, size_columns) = if along_rows { (1, k) } else { (k, 1) };
            let options = FilterOptions { rows, columns, size_rows, size_columns, extend: mode };
            let got = filter(&x, &options, false).unwrap();
            let want: Vec<f64> = x
                .chunks(rows * columns)
                .flat_map(|plane| {
                    if along_rows {
                        plane.chunks(columns).flat_map(|row| naive(row, k, mode)).collect()
                    } else {
                        let turned = transposed(plane, rows, columns);
                        let done: Vec<f64> = turned.chunks(rows).flat_map(|row| naive(row, k, mode)).collect();
                        transposed(&done, columns, rows)
                    }
                })
                .collect();
            prop_assert_eq!(&got, &want);
            let got: Vec<f64> = filter(&single, &options, false).unwrap().into_iter().map(f64::from).collect();
            prop_assert_eq!(&got, &want);
            prop_assert_eq!(&filter(&x, &options, true).unwrap(), &want);
        }
    }

    #[test]
    fn rectangles(
        rows in 1usize..12, columns in 1usize..12, kh in 2usize..9, kw in 2usize..9, mode in extend(), seed in 0u64..99,
        equals: bool,
    ) {
        let x = samples(2 * rows * columns, seed, equals.then_some(4.0));
        let options = FilterOptions { rows, columns, size_rows: kh, size_columns: kw, extend: mode };
        let got = filter(&x, &options, false).unwrap();
        prop_assert_eq!(&filter(&x, &options, true).unwrap(), &got);
        for (plane, got) in x.chunks(rows * columns).zip(got.chunks(rows * columns)) {
            // Extended first along the columns, then along the rows.
            let (left, right) = reach(kw);
            let wide: Vec<Vec<f64>> = plane
                .chunks(columns)
                .map(|row| (-(left as i64)..(columns + right) as i64).map(|c| extended(row, c, mode)).collect())
                .collect();
            let (up, down) = (kh as i64 / 2, (kh as i64 - 1) / 2);
            for r in 0..rows as i64 {
                for c in 0..columns {
                    let mut window = Vec::new();
                    for from in c..c + kw {
                        let column: Vec<f64> = wide.iter().map(|row| row[from]).collect();
                        window.extend((r - up..=r + down).map(|at| extended(&column, at, mode)));
                    }
                    window.sort_by(f64::total_cmp);
                    prop_assert_eq!(got[r as usize * columns + c], window[kh * kw / 2]);
                }
            }
        }
    }
}

/// Lines that are cut into segments, windows too long for vectors, and more lines than lanes.
#[test]
fn long_lines_and_long_windows() {
    for (lines, n, k) in [(1, 5000, 31), (17, 2500, 30), (3, 4000, 1100), (1, 3000, 1025), (2, 50, 1000), (33, 1300, 5)]
    {
        let x = samples(lines * n, k as u64, None);
        let options = FilterOptions { rows: lines, columns: n, size_rows: 1, size_columns: k, extend: Extend::Reflect };
        let want: Vec<f64> = x.chunks(n).flat_map(|line| naive(line, k, Extend::Reflect)).collect();
        assert_eq!(filter(&x, &options, false).unwrap(), want, "{lines} {n} {k}");
        let turned = FilterOptions { rows: n, columns: lines, size_rows: k, size_columns: 1, ..options };
        let got = filter(&transposed(&x, lines, n), &turned, false).unwrap();
        assert_eq!(transposed(&got, n, lines), want, "{lines} {n} {k} down");
        assert_eq!(filter(&x, &options, true).unwrap(), want);
    }
}

#[test]
fn bad_input_names_the_argument() {
    let options = FilterOptions { rows: 1, columns: 4, size_rows: 1, size_columns: 3, extend: Extend::Reflect };
    assert_eq!(filter(&[1.0, f64::NAN, 2.0, 3.0], &options, false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    assert_eq!(filter(&[1.0f32, f32::INFINITY, 2.0, 3.0], &options, false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    assert_eq!(filter::<f32>(&[], &options, false).unwrap_err().argument, "x");
    assert_eq!(filter(&[1.0f32; 5], &options, false).unwrap_err().argument, "x");
    for size_columns in [0, 1 << 40, usize::MAX] {
        assert_eq!(
            filter(&[1.0f32; 4], &FilterOptions { size_columns, ..options }, false).unwrap_err().argument,
            "size"
        );
    }
    let area = FilterOptions { rows: 2, columns: 2, size_rows: 1 << 15, size_columns: 1 << 15, ..options };
    assert_eq!(filter(&[1.0f32; 4], &area, false).unwrap_err().argument, "size");
    assert_eq!(Extend::parse("symmetric", 0.0).unwrap_err().argument, "mode");
    assert_eq!(Extend::parse("constant", f64::NAN).unwrap_err().argument, "cval");
}
