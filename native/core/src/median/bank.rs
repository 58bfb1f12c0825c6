//! Windows for any number of series that slide together, one sample of each series at a time.

use super::sorted::{MAX_SORTED_LENGTH, NONE, Step, Windows, replace_one};
use crate::simd::Real;
use std::cmp::Ordering;

/// Running medians of `series` series (a multiple of the lanes), whose samples lie side by side in rows.
#[derive(Clone)]
pub struct Bank<T: Real> {
    k: usize,
    kind: Kind<T>,
}

#[derive(Clone)]
enum Kind<T: Real> {
    /// A group of lanes each.
    Lanes(Vec<Windows<T>>),
    /// `k` samples per series, and how many have come; they are put in order when there are `k`.
    Long(Vec<T>, usize),
}

impl<T: Real> Bank<T> {
    /// Empty windows of `k` samples.
    pub fn new(series: usize, k: usize) -> Self {
        assert!(series.is_multiple_of(T::LANES) && k > 0);
        let kind = if k > MAX_SORTED_LENGTH {
            Kind::Long(vec![T::of(f64::INFINITY); series * k], 0)
        } else {
            Kind::Lanes(vec![Windows::new(k, k / 2); series / T::LANES])
        };
        Self { k, kind }
    }

    /// Empties them.
    pub fn clear(&mut self) {
        match &mut self.kind {
            Kind::Lanes(groups) => groups.iter_mut().for_each(Windows::clear),
            Kind::Long(_, come) => *come = 0,
        }
    }

    /// Moves the windows through rows of `x`: the places of a step are where rows begin.
    pub fn slide(&mut self, steps: &[Step], x: &[T], out: &mut [T]) {
        match &mut self.kind {
            Kind::Lanes(groups) => {
                for (group, windows) in groups.iter_mut().enumerate() {
                    let first = group * T::LANES;
                    windows.slide(steps, &x[first..], &mut out[first..]);
                }
            }
            Kind::Long(values, come) => {
                let filling = steps.iter().take_while(|step| step.old == NONE).count();
                for (series, window) in values.chunks_exact_mut(self.k).enumerate() {
                    let mut tell = |step: &Step, window: &[T]| {
                        if step.out != NONE {
                            out[step.out + series] = window[self.k / 2];
                        }
                    };
                    for (place, step) in window[*come..].iter_mut().zip(&steps[..filling]) {
                        *place = x[step.new + series];
                    }
                    // Sorting once costs less than putting every sample in its place.
                    if filling > 0 && *come + filling == self.k {
                        window.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
                        tell(&steps[filling - 1], window);
                    }
                    for step in &steps[filling..] {
                        replace_one(window, x[step.old + series], x[step.new + series]);
                        tell(step, window);
                    }
                }
                *come += filling;
            }
        }
    }
}
