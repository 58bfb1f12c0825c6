//! Mean and variance normalisation of feature matrices `[frames, columns]`: from statistics (Kaldi's compute-cmvn-stats and
//! apply-cmvn) and over a sliding window (apply-cmvn-sliding, torchaudio.functional.sliding_window_cmn).

use super::deltas::check;
use crate::simd::Real;
use crate::{Error, Result, options};

/// Kaldi's floor under variances.
const VARIANCE_FLOOR: f64 = 1e-20;
/// Kaldi's floor under the variances of sliding windows.
const SLIDING_VARIANCE_FLOOR: f64 = 1e-10;

/// Adds features to statistics: Kaldi's matrix of 2 rows and `columns + 1` columns, the sums and the count above, the
/// sums of squares and zero below.
pub fn accumulate<T: Real>(stats: &mut [f64], features: &[T], columns: usize) -> Result<()> {
    let frames = check("features", features, columns)?;
    check_stats(stats, columns)?;
    let (sums, squares) = stats.split_at_mut(columns + 1);
    for row in features.chunks_exact(columns) {
        for ((x, sum), square) in row.iter().zip(sums.iter_mut()).zip(squares.iter_mut()) {
            let x = x.to_f64();
            *sum += x;
            *square += x * x;
        }
    }
    sums[columns] += frames as f64;
    Ok(())
}

options! {
    /// The options of [`apply`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct CmvnOptions {
        /// Subtract the mean.
        pub norm_means: bool,
        /// Divide by the standard deviation.
        pub norm_vars: bool,
    }
}

/// Normalises features by statistics.
pub fn apply<T: Real>(stats: &[f64], features: &[T], columns: usize, options: CmvnOptions) -> Result<Vec<T>> {
    let CmvnOptions { norm_means, norm_vars } = options;
    check("features", features, columns)?;
    check_stats(stats, columns)?;
    let (sums, squares) = stats.split_at(columns + 1);
    let count = sums[columns];
    if !(count >= 1.0 && count.is_finite()) {
        return Err(Error::argument("stats", "statistics of at least one frame", format_args!("a count of {count}")));
    }
    let scaled: Vec<(f64, f64)> = (0..columns)
        .map(|c| {
            let mean = sums[c] / count;
            let variance = (squares[c] / count - mean * mean).max(VARIANCE_FLOOR);
            let scale = if norm_vars { 1.0 / variance.sqrt() } else { 1.0 };
            (if norm_means { mean } else { 0.0 }, scale)
        })
        .collect();
    let mut out = Vec::with_capacity(features.len());
    for row in features.chunks_exact(columns) {
        out.extend(row.iter().zip(&scaled).map(|(x, (mean, scale))| T::of((x.to_f64() - mean) * scale)));
    }
    Ok(out)
}

fn check_stats(stats: &[f64], columns: usize) -> Result<()> {
    if stats.len() == 2 * (columns + 1) {
        return Ok(());
    }
    Err(Error::shape(
        "stats",
        format_args!("2 rows of {} values for features of {columns} columns", columns + 1),
        format_args!("{} values", stats.len()),
    ))
}

options! {
    /// The options of [`sliding`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct SlidingOptions {
        /// Frames in the window.
        pub cmn_window: usize,
        /// Frames that the window has at least at the start, where it is not centred.
        pub min_cmn_window: usize,
        /// Centred at the frame, or ending with it.
        pub center: bool,
        /// Divide by the standard deviation.
        pub norm_vars: bool,
    }
}

impl SlidingOptions {
    /// First frame and end of the window of frame `t`.
    fn window(&self, t: usize, frames: usize) -> (usize, usize) {
        let (t, frames) = (t as isize, frames as isize);
        let length = self.cmn_window as isize;
        let mut start = if self.center { t - length / 2 } else { t - length };
        let mut end = if self.center { start + length } else { t + 1 };
        if start < 0 {
            end -= start;
            start = 0;
        }
        if !self.center && end > t {
            end = (t + 1).max(self.min_cmn_window as isize);
        }
        if end > frames {
            start = (start - (end - frames)).max(0);
            end = frames;
        }
        (start as usize, end as usize)
    }
}

/// Normalises each frame by the window around it.
pub fn sliding<T: Real>(features: &[T], columns: usize, options: SlidingOptions) -> Result<Vec<T>> {
    let frames = check("features", features, columns)?;
    if options.cmn_window == 0 {
        return Err(Error::argument("cmnWindow", "at least 1", 0));
    }
    // Differences of running sums: exact enough in double precision, and no drift of a window that adds and removes.
    let mut sums = vec![0.0f64; (frames + 1) * columns];
    let mut squares = if options.norm_vars { sums.clone() } else { Vec::new() };
    for t in 0..frames {
        for c in 0..columns {
            let x = features[t * columns + c].to_f64();
            sums[(t + 1) * columns + c] = sums[t * columns + c] + x;
            if options.norm_vars {
                squares[(t + 1) * columns + c] = squares[t * columns + c] + x * x;
            }
        }
    }
    let mut out = Vec::with_capacity(features.len());
    for t in 0..frames {
        let (start, end) = options.window(t, frames);
        let count = (end - start) as f64;
        for c in 0..columns {
            let over = |sums: &[f64]| (sums[end * columns + c] - sums[start * columns + c]) / count;
            let mean = over(&sums);
            let centred = features[t * columns + c].to_f64() - mean;
            out.push(T::of(if !options.norm_vars {
                centred
            } else if end - start == 1 {
                0.0
            } else {
                centred / (over(&squares) - mean * mean).max(SLIDING_VARIANCE_FLOOR).sqrt()
            }));
        }
    }
    Ok(out)
}
