//! Running medians along an axis or over a rectangle, exact, as `scipy.ndimage.median_filter` defines them.
//!
//! Windows are kept sorted while they slide, one window in each lane of a vector: the sample that leaves and the one that
//! comes in are compared with every place in one step, without a branch (Huang, Yang and Tang 1979 keep a histogram, which
//! floats do not have). A window of even length gives the upper one of its two middle samples.
//!
//! NaN has no place in an order, so NaN (and infinity, as everywhere in this crate) is an error.

mod bank;
mod extend;
mod plane;
mod sorted;
#[cfg(test)]
mod tests;

pub(crate) use bank::Bank;
pub use extend::Extend;
pub(crate) use extend::reach;
use sorted::{MAX_SORTED_LENGTH, Sorted, Windows};
pub(crate) use sorted::{NONE, Step};

use crate::fft::lanes::{self, LaneBuffer};
use crate::jobs::{for_each, map};
use crate::simd::Real;
use crate::{Error, Result, check_finite, options};

/// Windows may always be this long, and this many times the length of the axis.
const FREE: usize = 1 << 16;
const GROWTH: usize = 64;

options! {
    /// The options of a median filter, whatever it is applied to.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct MedianOptions {
        /// Rows and columns of the window.
        pub size: (usize, usize),
        /// The padding at the edges.
        pub extend: Extend,
    }
}

impl MedianOptions {
    /// The filter of planes of `rows * columns` samples.
    pub fn over(&self, rows: usize, columns: usize) -> FilterOptions {
        let Self { size: (size_rows, size_columns), extend } = *self;
        FilterOptions { rows, columns, size_rows, size_columns, extend }
    }
}

/// The shape of what is filtered: planes of `rows * columns` samples, and the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FilterOptions {
    /// Rows of a plane.
    pub rows: usize,
    /// Columns of a plane.
    pub columns: usize,
    /// Rows of the window: 1 filters along the rows only.
    pub size_rows: usize,
    /// Columns of the window: 1 filters down the columns only.
    pub size_columns: usize,
    /// The padding at the edges.
    pub extend: Extend,
}

/// Filters planes `[planes, rows, columns]`; NaN and infinity are errors.
pub fn filter<T: Real>(x: &[T], options: &FilterOptions, threads: bool) -> Result<Vec<T>> {
    check(x, options, threads)?;
    let mut out = vec![T::zero(); x.len()];
    if let Some(lines) = Lines::new(x.len(), options) {
        let target = Target(out.as_mut_ptr());
        let groups = lines.groups::<T>();
        map(threads, groups, &mut Workspace::default(), |work, group| lines.group(x, group, work, target));
    } else {
        let size = options.rows * options.columns;
        let mut rows: Vec<_> = out.chunks_exact_mut(options.columns).collect();
        for_each(
            threads,
            &mut rows,
            &mut (),
            || (),
            |(), (), row, out| {
                let plane = &x[row / options.rows * size..][..size];
                plane::filter(plane, options, row % options.rows, out);
            },
        );
    }
    Ok(out)
}

fn check<T: Real>(x: &[T], options: &FilterOptions, threads: bool) -> Result<()> {
    let FilterOptions { rows, columns, size_rows, size_columns, .. } = *options;
    let size = rows.saturating_mul(columns);
    if x.is_empty() || size == 0 || !x.len().is_multiple_of(size) {
        return Err(Error::shape("x", "at least one sample along every axis", x.len()));
    }
    let area = size_rows.saturating_mul(size_columns);
    for (k, n) in [(size_rows, rows), (size_columns, columns), (area, size)] {
        let most = FREE.max(n.saturating_mul(GROWTH));
        if k == 0 || k > most {
            return Err(Error::argument("size", format!("between 1 and {most} for {n} samples"), k));
        }
    }
    check_finite("x", x, threads)?;
    Ok(())
}

/// Samples along one axis, in segments that are filtered side by side.
struct Lines {
    /// The window's length.
    k: usize,
    extend: Extend,
    /// Samples in a line, and from one to the next.
    n: usize,
    step: usize,
    /// How many lines there are.
    count: usize,
    /// Segments of a line, and their length (the last one's may be less).
    parts: usize,
    length: usize,
}

/// Where results go: groups write different samples.
#[derive(Clone, Copy)]
struct Target<T>(*mut T);

// SAFETY: every thread writes its own samples, and the memory outlives them (they run inside one call).
unsafe impl<T: Send> Send for Target<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Target<T> {}

/// The buffers of one thread.
#[derive(Clone)]
struct Workspace<T: Real> {
    panel: LaneBuffer<T>,
    out: LaneBuffer<T>,
    steps: Vec<Step>,
    windows: Option<Windows<T>>,
}

impl<T: Real> Default for Workspace<T> {
    fn default() -> Self {
        Self { panel: LaneBuffer::new(0), out: LaneBuffer::new(0), steps: Vec::new(), windows: None }
    }
}

impl Lines {
    /// None where the window has more than one sample along both axes.
    fn new(length: usize, options: &FilterOptions) -> Option<Self> {
        let FilterOptions { rows, columns, size_rows, size_columns, extend } = *options;
        let (k, n, step) = match (size_rows, size_columns) {
            (1, k) => (k, columns, 1),
            (k, 1) => (k, rows, columns),
            _ => return None,
        };
        // Short enough for the cache, long enough that filling the windows is a small part of the work.
        let parts = n.div_ceil(1024.max(8 * k));
        Some(Self { k, extend, n, step, count: length / n, parts, length: n.div_ceil(parts) })
    }

    fn groups<T: Real>(&self) -> usize {
        (self.parts * self.count).div_ceil(T::LANES)
    }

    /// The line and the first sample of segment `i`: neighbouring segments belong to neighbouring lines.
    fn segment(&self, i: usize) -> (usize, usize) {
        (i % self.count, i / self.count * self.length)
    }

    /// Where a line begins.
    fn base(&self, line: usize) -> usize {
        if self.step == 1 { line * self.n } else { line / self.step * self.step * self.n + line % self.step }
    }

    fn group<T: Real>(&self, x: &[T], group: usize, work: &mut Workspace<T>, target: Target<T>) {
        let first = group * T::LANES;
        let lanes = T::LANES.min(self.parts * self.count - first);
        if self.k > MAX_SORTED_LENGTH {
            for i in first..first + lanes {
                self.long(x, i, target);
            }
            return;
        }
        let (left, right) = reach(self.k);
        let length = self.length;
        let rows = length + left + right;
        if work.panel.len() != rows * T::LANES {
            work.panel = LaneBuffer::new(rows);
            work.out = LaneBuffer::new(length);
            work.steps = (0..rows)
                .map(|i| Step {
                    old: if i < self.k { NONE } else { (i - self.k) * T::LANES },
                    new: i * T::LANES,
                    out: if i + 1 < self.k { NONE } else { (i + 1 - self.k) * T::LANES },
                })
                .collect();
        }
        self.fill(x, first, lanes, &mut work.panel);
        let windows = work.windows.get_or_insert_with(|| Windows::new(self.k, self.k / 2));
        windows.clear();
        windows.slide(&work.steps, &work.panel, &mut work.out);
        self.empty(&work.out, first, lanes, target);
    }

    /// Puts the segments from `first` on, with the samples before and after them, side by side.
    fn fill<T: Real>(&self, x: &[T], first: usize, lanes: usize, panel: &mut [T]) {
        let (left, right) = reach(self.k);
        let rows = self.length + left + right;
        // What lies inside every segment's line can be moved in blocks.
        let mut inside = 0..rows;
        for i in first..first + lanes {
            let start = self.segment(i).1;
            inside.start = inside.start.max(left.saturating_sub(start)).min(inside.end);
            inside.end = inside.end.min((self.n + left).saturating_sub(start)).max(inside.start);
        }
        let (line, start) = self.segment(first);
        let from = self.base(line) + (start + inside.start).saturating_sub(left) * self.step;
        match self.distance(first, lanes) {
            Some(distance) if self.step == 1 && lanes == T::LANES && !inside.is_empty() => {
                let to = &mut panel[inside.start * T::LANES..inside.end * T::LANES];
                lanes::gather(&x[from..], distance, lanes, inside.len(), to);
            }
            Some(1) => {
                let to = panel[inside.start * T::LANES..inside.end * T::LANES].chunks_exact_mut(T::LANES);
                for (i, row) in to.enumerate() {
                    row[..lanes].copy_from_slice(&x[from + i * self.step..][..lanes]);
                }
            }
            _ => inside = 0..0,
        }
        for l in 0..lanes {
            let (line, start) = self.segment(first + l);
            let base = self.base(line);
            for p in (0..inside.start).chain(inside.end..rows) {
                panel[p * T::LANES + l] = self.value(x, base, (start + p) as i64 - left as i64);
            }
        }
    }

    /// How far the first samples of neighbouring segments lie apart, where that is always the same.
    fn distance(&self, first: usize, lanes: usize) -> Option<usize> {
        let place = |l: usize| {
            let (line, start) = self.segment(first + l);
            self.base(line) + start * self.step
        };
        let distance = if lanes == 1 { 1 } else { place(1).checked_sub(place(0))? };
        (1..lanes).all(|l| place(l) == place(0) + l * distance).then_some(distance)
    }

    fn value<T: Real>(&self, x: &[T], base: usize, position: i64) -> T {
        match (self.extend.source(position, self.n), self.extend) {
            (Some(i), _) => x[base + i * self.step],
            (None, Extend::Constant(value)) => T::of(value),
            (None, _) => T::zero(),
        }
    }

    /// Writes the results of the segments from `first` on.
    fn empty<T: Real>(&self, out: &[T], first: usize, lanes: usize, target: Target<T>) {
        let (line, start) = self.segment(first);
        let last = self.segment(first + lanes - 1).1;
        if self.step > 1 && start == last && self.distance(first, lanes) == Some(1) {
            let base = self.base(line);
            for (i, row) in out.chunks_exact(T::LANES).enumerate().take(self.n - start) {
                // SAFETY: inside the result, which has the input's size; these samples belong to these segments alone.
                unsafe {
                    let to = target.0.add(base + (start + i) * self.step);
                    std::ptr::copy_nonoverlapping(row.as_ptr(), to, lanes);
                }
            }
            return;
        }
        for l in 0..lanes {
            let (line, start) = self.segment(first + l);
            let base = self.base(line);
            for i in 0..self.length.min(self.n.saturating_sub(start)) {
                // SAFETY: as above.
                unsafe { *target.0.add(base + (start + i) * self.step) = out[i * T::LANES + l] };
            }
        }
    }

    /// A segment whose window is too long for vectors.
    fn long<T: Real>(&self, x: &[T], i: usize, target: Target<T>) {
        let (line, start) = self.segment(i);
        let base = self.base(line);
        let (left, right) = reach(self.k);
        let at = |position: i64| self.value(x, base, position);
        let first = start as i64 - left as i64;
        let mut window = Sorted::new((first..=(start + right) as i64).map(at).collect());
        for i in start..self.n.min(start + self.length) {
            if i > start {
                window.replace(at(i as i64 - 1 - left as i64), at((i + right) as i64));
            }
            // SAFETY: as in `empty`.
            unsafe { *target.0.add(base + i * self.step) = window.get(self.k / 2) };
        }
    }
}
