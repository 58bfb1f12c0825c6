//! Inner products of codes: rows of 8 bits with some queries of 16 bits.

use super::ROWS;

/// Queries that are multiplied with a row at a time.
pub const QUERIES: usize = 4;
/// Codes that a step of every form takes.
const STEP: usize = 32;

/// Codes in a row of that many dimensions, padded with zeros.
pub fn padded(dimensions: usize) -> usize {
    dimensions.next_multiple_of(STEP)
}

/// `sums[q][r]` of query `q` and row `r`, for up to [`QUERIES`] queries of `width` codes and up to [`ROWS`] rows.
pub fn sums(rows: &[i8], queries: &[i16], width: usize, sums: &mut [[i32; ROWS]; QUERIES]) {
    assert!(width.is_multiple_of(STEP) && rows.len() <= ROWS * width && queries.len() <= QUERIES * width);
    let mut one = [0; ROWS];
    if queries.len() == QUERIES * width {
        let queries = std::array::from_fn(|q| &queries[q * width..][..width]);
        product::<QUERIES>(rows, queries, sums);
    } else {
        for (query, sums) in queries.chunks_exact(width).zip(sums) {
            product::<1>(rows, [query], std::array::from_mut(&mut one));
            *sums = one;
        }
    }
}

fn product<const N: usize>(rows: &[i8], queries: [&[i16]; N], sums: &mut [[i32; ROWS]; N]) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") {
            // SAFETY: the feature was just found.
            return unsafe { x86::avx512(rows, queries, sums) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the feature was just found.
            return unsafe { x86::avx2(rows, queries, sums) };
        }
    }
    portable(rows, queries, sums);
}

/// The same in plain Rust.
pub fn portable<const N: usize>(rows: &[i8], queries: [&[i16]; N], sums: &mut [[i32; ROWS]; N]) {
    let width = queries[0].len();
    for (r, row) in rows.chunks_exact(width).enumerate() {
        for (query, sums) in queries.iter().zip(sums.iter_mut()) {
            sums[r] = row.iter().zip(*query).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub mod x86 {
    use super::{ROWS, STEP};
    use std::arch::x86_64::*;

    // Loops count by index on purpose: iterators are not always inlined here, and then not compiled for the instruction set.

    #[target_feature(enable = "avx512bw")]
    #[allow(clippy::needless_range_loop)]
    pub fn avx512<const N: usize>(rows: &[i8], queries: [&[i16]; N], sums: &mut [[i32; ROWS]; N]) {
        let width = queries[0].len();
        for r in 0..rows.len() / width {
            let row = rows[r * width..][..width].as_ptr();
            let mut all = [_mm512_setzero_si512(); N];
            let mut i = 0;
            while i < width {
                // SAFETY: `STEP` codes from `i` on lie within the row and, as they are as long, within the queries.
                unsafe {
                    let codes = _mm512_cvtepi8_epi16(_mm256_loadu_si256(row.add(i).cast()));
                    for q in 0..N {
                        let query = _mm512_loadu_si512(queries[q].as_ptr().add(i).cast());
                        all[q] = _mm512_add_epi32(all[q], _mm512_madd_epi16(codes, query));
                    }
                }
                i += STEP;
            }
            for q in 0..N {
                sums[q][r] = _mm512_reduce_add_epi32(all[q]);
            }
        }
    }

    #[target_feature(enable = "avx2")]
    #[allow(clippy::needless_range_loop)]
    pub fn avx2<const N: usize>(rows: &[i8], queries: [&[i16]; N], sums: &mut [[i32; ROWS]; N]) {
        let width = queries[0].len();
        for r in 0..rows.len() / width {
            let row = rows[r * width..][..width].as_ptr();
            let mut all = [_mm256_setzero_si256(); N];
            let mut i = 0;
            while i < width {
                // SAFETY: 16 codes from `i` on lie within the row and, as they are as long, within the queries.
                unsafe {
                    let codes = _mm256_cvtepi8_epi16(_mm_loadu_si128(row.add(i).cast()));
                    for q in 0..N {
                        let query = _mm256_loadu_si256(queries[q].as_ptr().add(i).cast());
                        all[q] = _mm256_add_epi32(all[q], _mm256_madd_epi16(codes, query));
                    }
                }
                i += 16;
            }
            for q in 0..N {
                let half = _mm_add_epi32(_mm256_castsi256_si128(all[q]), _mm256_extracti128_si256::<1>(all[q]));
                let pair = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
                sums[q][r] = _mm_cvtsi128_si32(_mm_add_epi32(pair, _mm_shuffle_epi32::<0b10_11_00_01>(pair)));
            }
        }
    }
}
