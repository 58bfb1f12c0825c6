use super::*;
use proptest::prelude::*;

/// Unit vectors; with few levels many of their scores are equal, or nearly.
fn vectors(count: usize, dimensions: usize, seed: u64, levels: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % levels) as f64 / levels as f64 - 0.45
    };
    let mut all = Vec::new();
    for _ in 0..count {
        let row: Vec<f64> = (0..dimensions).map(|_| next()).collect();
        let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
        all.extend(row.iter().map(|x| (x / length) as f32));
    }
    all
}

/// Every vector, scored and sorted.
fn naive(all: &[f32], query: &[f32], k: usize) -> Found {
    let score = |row: &[f32]| row.iter().zip(query).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let mut scored: Vec<_> = all.chunks_exact(query.len()).map(score).enumerate().collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored.truncate(k);
    let (indices, scores) = scored.into_iter().unzip();
    Found { indices, scores }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn finds_what_scoring_everything_finds(
        count in 0usize..2500,
        dimensions in 1usize..70,
        queries in 0usize..7,
        k in 1usize..40,
        seed: u64,
        levels in prop::sample::select(vec![2u64, 3, 50, 1 << 30]),
    ) {
        let all = vectors(count, dimensions, seed, levels);
        let asked = vectors(queries, dimensions, seed ^ 77, levels);
        let mut nearest = Nearest::new(dimensions).unwrap();
        for part in all.chunks(37 * dimensions) {
            nearest.add(part).unwrap();
        }
        let found = nearest.search(&asked, k).unwrap();
        prop_assert_eq!(found.len(), queries);
        for (found, query) in found.iter().zip(asked.chunks_exact(dimensions)) {
            prop_assert_eq!(found, &naive(&all, query, k));
        }
    }

    #[test]
    fn removes_and_keeps_the_rest(count in 1usize..2200, picks in prop::collection::vec(any::<u32>(), 1..60)) {
        let mut wanted: Vec<Vec<f32>> = vectors(count, 5, 1, 1 << 30).chunks(5).map(<[f32]>::to_vec).collect();
        let mut nearest = Nearest::new(5).unwrap();
        nearest.add(&wanted.concat()).unwrap();
        for pick in picks {
            if wanted.is_empty() {
                break;
            }
            let at = pick as usize % wanted.len();
            wanted.swap_remove(at);
            nearest.remove(at).unwrap();
        }
        prop_assert_eq!(nearest.len(), wanted.len());
        prop_assert_eq!(nearest.rows(0, wanted.len()).unwrap(), wanted.concat());
        let query = vectors(1, 5, 2, 1 << 30);
        prop_assert_eq!(&nearest.search(&query, 3).unwrap()[0], &naive(&wanted.concat(), &query, 3));
    }
}

#[test]
fn every_form_of_the_sums_is_the_same() {
    let width = dot::padded(2000);
    let rows: Vec<i8> = (0..9 * width).map(|i| if i < width { 127 } else { (i * 37 % 255) as i8 }).collect();
    let codes: Vec<i16> =
        (0..4 * width).map(|i| if i < width { 8191 } else { (i * 53 % 16_383) as i16 - 8191 }).collect();
    let queries = std::array::from_fn(|q| &codes[q * width..][..width]);
    let mut wanted = [[0; ROWS]; 4];
    dot::portable::<4>(&rows, queries, &mut wanted);
    assert_eq!(i64::from(wanted[0][0]), 127 * 8191 * width as i64);
    let mut sums = [[0; ROWS]; 4];
    dot::sums(&rows, &codes, width, &mut sums);
    assert_eq!(sums, wanted);
    let mut sums = [[0; ROWS]; 4];
    dot::sums(&rows, &codes[..3 * width], width, &mut sums);
    assert_eq!(sums[..3], wanted[..3]);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        let mut sums = [[0; ROWS]; 4];
        // SAFETY: the feature was just found.
        unsafe { dot::x86::avx2(&rows, queries, &mut sums) };
        assert_eq!(sums, wanted);
    }
}

#[test]
fn refuses_what_cannot_be() {
    assert_eq!(Nearest::new(0).err().map(|error| error.argument).as_deref(), Some("dimensions"));
    assert!(Nearest::new(MAX_DIMENSIONS + 1).is_err());
    let mut nearest = Nearest::new(2).unwrap();
    nearest.add(&[0.0, 1.0, 1.0, 0.0]).unwrap();
    for bad in [&[0.6f32][..], &[0.6, 0.7], &[0.0, 0.0], &[f32::NAN, 1.0], &[1.0, 0.0, f32::INFINITY, 0.0]] {
        assert_eq!(nearest.add(bad).unwrap_err().argument, "rows");
        assert_eq!(nearest.search(bad, 1).unwrap_err().argument, "queries");
        assert_eq!(nearest.len(), 2);
    }
    assert_eq!(nearest.search(&[0.0, 1.0], 0).unwrap_err().argument, "k");
    assert_eq!(nearest.remove(2).unwrap_err().argument, "index");
    assert_eq!(nearest.rows(1, 2).unwrap_err().argument, "count");
    assert_eq!(nearest.rows(1, usize::MAX).unwrap_err().argument, "count");
    assert_eq!(nearest.search(&[0.0, 1.0], usize::MAX).unwrap()[0].indices, [0, 1]);
}
