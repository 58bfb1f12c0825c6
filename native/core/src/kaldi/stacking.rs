//! Low frame rate: several frames become one long one, as FunASR's `apply_lfr` and sherpa-onnx do it.

use super::deltas::check;
use crate::simd::Real;
use crate::{Error, Result, options};

options! {
    /// The options of [`low_frame_rate`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct LowFrameRateOptions {
        /// Frames in a stack.
        pub lfr_m: usize,
        /// Frames from stack to stack.
        pub lfr_n: usize,
        /// Repeat the first and the last frame at the edges.
        pub pad: bool,
    }
}

/// Stacks `m` frames every `n` frames: `m * columns` columns. With `pad` (FunASR) the first frame is repeated before the
/// start and the last one after the end, and there are `ceil(frames / n)` rows; without (sherpa-onnx) only what fits:
/// `1 + (frames - m) / n`.
pub fn low_frame_rate<T: Real>(features: &[T], columns: usize, options: LowFrameRateOptions) -> Result<Vec<T>> {
    let LowFrameRateOptions { lfr_m: m, lfr_n: n, pad } = options;
    let frames = check("features", features, columns)?;
    for (name, value) in [("lfrM", m), ("lfrN", n)] {
        if !(1..=1000).contains(&value) {
            return Err(Error::argument(name, "between 1 and 1000", value));
        }
    }
    let rows = match (frames, pad) {
        (0, _) => 0,
        (_, true) => frames.div_ceil(n),
        (_, false) => (frames + n).saturating_sub(m) / n,
    };
    let lead = if pad { (m - 1) / 2 } else { 0 };
    let mut out = Vec::with_capacity(rows * m * columns);
    for row in 0..rows {
        for j in 0..m {
            let frame = (row * n + j).saturating_sub(lead).min(frames - 1);
            out.extend_from_slice(&features[frame * columns..(frame + 1) * columns]);
        }
    }
    Ok(out)
}
