//! Chroma Energy Normalised Statistics: chroma, quantised and smoothed (M. Mueller and S. Ewert, "Chroma Toolbox", ISMIR
//! 2011).

use super::cqt::{ChromaCqtOptions, CqtChromaOptions, chroma_cqt, chroma_cqt_from_cqt};
use crate::norm::Norm;
use crate::simd::Real;
use crate::window::Window;
use crate::{Error, Result, options};

options! {
    /// The options of [`chroma_cens`].
    #[derive(Debug, Clone, PartialEq)]
    pub struct CensOptions {
        pub chroma: CqtChromaOptions,
        /// Filters per octave.
        pub bins_per_octave: usize,
        /// Of every frame of the result.
        pub norm: Norm,
        /// Frames that are smoothed over; none for no smoothing.
        pub win_len_smooth: Option<usize>,
        pub smoothing_window: Window,
    }
}

/// The longest smoothing, in frames.
const MAX_SMOOTHING: usize = 1 << 20;
/// What a class's share of a frame must exceed for each quarter of its value.
const STEPS: [f64; 4] = [0.4, 0.2, 0.1, 0.05];

/// The statistics of channels of `samples` samples: `[channels, n_chroma, frames]`. On all cores with `threads`;
/// bit-identical.
pub fn chroma_cens<T: Real>(y: &[T], samples: usize, options: &CensOptions, threads: bool) -> Result<Vec<T>> {
    let smoothing = options.smoothing()?;
    let chroma = chroma_cqt(y, samples, &options.raw(), threads)?;
    let frames = chroma.len() / (y.len() / samples) / options.chroma.n_chroma;
    Ok(options.finish(chroma, frames, &smoothing))
}

/// The statistics of magnitudes `[channels, n_bins, frames]` of a constant-Q transform: `[channels, n_chroma, frames]`.
pub fn chroma_cens_from_cqt<T: Real>(c: &[T], n_bins: usize, frames: usize, options: &CensOptions) -> Result<Vec<T>> {
    let smoothing = options.smoothing()?;
    let chroma = chroma_cqt_from_cqt(c, n_bins, frames, &options.raw())?;
    Ok(options.finish(chroma, frames, &smoothing))
}

impl CensOptions {
    /// The chroma before they are quantised.
    fn raw(&self) -> ChromaCqtOptions {
        let bins_per_octave = Some(self.bins_per_octave);
        ChromaCqtOptions { chroma: self.chroma.clone(), norm: Norm::None, threshold: Some(0.0), bins_per_octave }
    }

    /// The window, with sum 1; nothing for no smoothing.
    fn smoothing(&self) -> Result<Vec<f64>> {
        let Some(length) = self.win_len_smooth else { return Ok(Vec::new()) };
        if length == 0 || length > MAX_SMOOTHING {
            return Err(Error::argument("winLenSmooth", format!("between 1 and {MAX_SMOOTHING}, or null"), length));
        }
        // Both ends of the window are (mostly) zeros.
        let window = self.smoothing_window.values(length + 2, false);
        let sum: f64 = window.iter().sum();
        Ok(window.into_iter().map(|w| w / sum).collect())
    }

    fn finish<T: Real>(&self, mut chroma: Vec<T>, frames: usize, smoothing: &[f64]) -> Vec<T> {
        let steps = STEPS.map(T::of);
        let quarter = T::of(0.25);
        for channel in chroma.chunks_exact_mut(self.chroma.n_chroma * frames) {
            Norm::P(1.0).columns(channel, frames);
            for value in channel.iter_mut() {
                let share = *value;
                *value = steps.iter().fold(T::zero(), |sum, step| if share > *step { sum + quarter } else { sum });
            }
            if !smoothing.is_empty() {
                for row in channel.chunks_exact_mut(frames) {
                    smooth(row, smoothing);
                }
            }
            self.norm.columns(channel, frames);
        }
        chroma
    }
}

/// Convolves a row with a window in its middle; there are zeros beyond the ends.
fn smooth<T: Real>(row: &mut [T], window: &[f64]) {
    let half = window.len() / 2;
    let given: Vec<f64> = row.iter().map(|x| x.to_f64()).collect();
    for (i, to) in row.iter_mut().enumerate() {
        // The sum of window[j] given[i + half - j].
        let first = (i + half + 1).saturating_sub(given.len());
        let end = window.len().min(i + half + 1);
        let sum: f64 = (first..end).map(|j| window[j] * given[i + half - j]).sum();
        *to = T::of(sum);
    }
}
