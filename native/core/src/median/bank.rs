//! Windows for any number of series that slide together, one sample of each series at a time.

use super::sorted::{LONGEST, NONE, Step, Windows, replace_one};
use crate::simd::Real;

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
    /// `k` sorted samples a series.
    Long(Vec<T>),
}

impl<T: Real> Bank<T> {
    /// Empty windows of `k` samples.
    pub fn new(series: usize, k: usize) -> Self {
        assert!(series.is_multiple_of(T::LANES) && k > 0);
        let kind = if k > LONGEST {
            Kind::Long(vec![T::of(f64::INFINITY); series * k])
        } else {
            Kind::Lanes(vec![Windows::new(k, k / 2); series / T::LANES])
        };
        Self { k, kind }
    }

    /// Empties them.
    pub fn clear(&mut self) {
        match &mut self.kind {
            Kind::Lanes(groups) => groups.iter_mut().for_each(Windows::clear),
            Kind::Long(values) => values.fill(T::of(f64::INFINITY)),
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
            Kind::Long(values) => {
                for (series, window) in values.chunks_exact_mut(self.k).enumerate() {
                    for step in steps {
                        let old = if step.old == NONE { T::of(f64::INFINITY) } else { x[step.old + series] };
                        replace_one(window, old, x[step.new + series]);
                        if step.out != NONE {
                            out[step.out + series] = window[self.k / 2];
                        }
                    }
                }
            }
        }
    }
}
