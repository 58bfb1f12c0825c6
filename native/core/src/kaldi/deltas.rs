//! Derivatives over time of feature matrices `[frames, columns]`.

use crate::simd::Real;
use crate::{Error, Result, check_finite, option_words, options};

/// Padding before the first and after the last frame: torch's modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// The frame at the edge, again and again.
    Replicate,
    /// Zeros.
    Constant,
    /// The frames mirrored at the edge frame, which is not repeated.
    Reflect,
    /// The other end.
    Circular,
}

impl Padding {
    /// Finds a mode by torch's name.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "replicate" => Self::Replicate,
            "constant" => Self::Constant,
            "reflect" => Self::Reflect,
            "circular" => Self::Circular,
            other => return Err(Error::argument("mode", "replicate, constant, reflect or circular", other)),
        })
    }
}

option_words!(Padding);

options! {
    /// The options of [`deltas`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct DeltasOptions {
        /// Frames of the regression.
        pub win_length: usize,
        /// Padding at the edges.
        pub mode: Padding,
    }
}

/// torchaudio.functional.compute_deltas: regression over `win_length` frames.
pub fn deltas<T: Real>(features: &[T], columns: usize, options: DeltasOptions) -> Result<Vec<T>> {
    let DeltasOptions { win_length, mode: padding } = options;
    let frames = check("features", features, columns)?;
    if win_length < 3 {
        return Err(Error::argument("winLength", "at least 3", win_length));
    }
    let n = (win_length - 1) / 2;
    if matches!(padding, Padding::Reflect | Padding::Circular) && n + usize::from(padding == Padding::Reflect) > frames
    {
        return Err(Error::argument(
            "winLength",
            format_args!("short enough to pad {frames} frames in this mode"),
            win_length,
        ));
    }
    let denominator = (n * (n + 1) * (2 * n + 1)) as f64 / 3.0;
    let mut out = Vec::with_capacity(features.len());
    let mut sums = vec![0.0f64; columns];
    for t in 0..frames as isize {
        sums.fill(0.0);
        for offset in -(n as isize)..=n as isize {
            if let Some(row) = pad(t + offset, frames, padding) {
                let row = &features[row * columns..(row + 1) * columns];
                for (sum, x) in sums.iter_mut().zip(row) {
                    *sum += offset as f64 * x.to_f64();
                }
            }
        }
        out.extend(sums.iter().map(|sum| T::of(sum / denominator)));
    }
    Ok(out)
}

fn pad(index: isize, frames: usize, padding: Padding) -> Option<usize> {
    let last = frames as isize - 1;
    if (0..=last).contains(&index) {
        return Some(index as usize);
    }
    match padding {
        Padding::Constant => None,
        Padding::Replicate => Some(index.clamp(0, last) as usize),
        Padding::Reflect => Some((if index < 0 { -index } else { 2 * last - index }) as usize),
        Padding::Circular => Some(index.rem_euclid(frames as isize) as usize),
    }
}

options! {
    /// The options of [`add_deltas`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct AddDeltasOptions {
        /// The highest derivative.
        pub order: usize,
        /// Frames on each side of the regression.
        pub window: usize,
    }
}

/// Kaldi's add-deltas: the features and their derivatives up to `order`, side by side: `columns * (order + 1)` columns.
pub fn add_deltas<T: Real>(features: &[T], columns: usize, options: AddDeltasOptions) -> Result<Vec<T>> {
    let AddDeltasOptions { order, window } = options;
    let frames = check("features", features, columns)?;
    if !(1..1000).contains(&window) {
        return Err(Error::argument("window", "between 1 and 999", window));
    }
    if order > 10 {
        return Err(Error::argument("order", "at most 10", order));
    }
    let scales = scales(order, window);
    let mut out = vec![T::default(); features.len() * (order + 1)];
    let mut sums = vec![0.0f64; columns];
    for t in 0..frames {
        for (degree, scales) in scales.iter().enumerate() {
            let reach = (scales.len() / 2) as isize;
            sums.fill(0.0);
            for (scale, offset) in scales.iter().zip(-reach..=reach) {
                let row = (t as isize + offset).clamp(0, frames as isize - 1) as usize;
                for (sum, x) in sums.iter_mut().zip(&features[row * columns..(row + 1) * columns]) {
                    *sum += scale * x.to_f64();
                }
            }
            let at = (t * (order + 1) + degree) * columns;
            for (to, sum) in out[at..at + columns].iter_mut().zip(&sums) {
                *to = T::of(*sum);
            }
        }
    }
    Ok(out)
}

/// Each derivative's weights are the last one's convolved with the regression.
fn scales(order: usize, window: usize) -> Vec<Vec<f64>> {
    let mut all = vec![vec![1.0]];
    let normaliser: f64 = (1..=window).map(|j| 2.0 * (j * j) as f64).sum();
    for degree in 0..order {
        let last = &all[degree];
        let mut next = vec![0.0; last.len() + 2 * window];
        for j in 0..=2 * window {
            for (k, x) in last.iter().enumerate() {
                next[j + k] += (j as f64 - window as f64) * x / normaliser;
            }
        }
        all.push(next);
    }
    all
}

/// Checks a matrix and returns its number of rows.
pub(super) fn check<T: Real>(name: &str, features: &[T], columns: usize) -> Result<usize> {
    if columns == 0 || !features.len().is_multiple_of(columns) {
        return Err(Error::shape(name, "rows of at least one column", format_args!("{columns} columns")));
    }
    check_finite(name, features, false)?;
    Ok(features.len() / columns)
}
