//! The forward transform: octave after octave, a group of frames at a time.

use super::jobs::in_order;
use super::plan::{Plan, tuned};
use super::signal::Signal;
use super::{CqtOptions, Intervals, check_signal};
use crate::Result;
use crate::fft::lanes::LaneBuffer;
use crate::simd::Real;
use std::ops::Range;

/// Frames that one job takes.
const SHARE: usize = 256;

/// The constant-Q transform of channels of `samples` samples: `[channels, n_bins, frames, 2]`. The options' `intervals` and
/// `gamma` are not read. On all cores with `threads`: the same bits.
pub fn cqt<T: Real>(y: &[T], samples: usize, options: &CqtOptions, threads: bool) -> Result<Vec<T>> {
    vqt(y, samples, &constant(options), threads)
}

/// The options with what makes a transform a constant-Q one.
pub(super) fn constant(options: &CqtOptions) -> CqtOptions {
    CqtOptions { intervals: Intervals::Equal, gamma: Some(0.0), ..options.clone() }
}

/// The variable-Q transform of channels of `samples` samples: `[channels, n_bins, frames, 2]`. On all cores with `threads`:
/// the same bits.
pub fn vqt<T: Real>(y: &[T], samples: usize, options: &CqtOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples)?;
    let tuning = tuned(y, samples, options, options.per_octave(), threads)?;
    let plan = Plan::<T>::new(options, tuning, samples)?;
    let frames = plan.frames(samples, channels)?;
    let size = 2 * options.n_bins * frames;
    let mut output = vec![T::zero(); channels * size];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        let work = |range: Range<usize>, responses: &mut Responses<T>| {
            let mut part = vec![T::zero(); 2 * options.n_bins * range.len()];
            responses.visit(range.clone(), |filter, column, re, im| {
                let scale = T::of(plan.scales[filter]);
                let to = &mut part[2 * (filter * range.len() + column)..][..2 * re.len()];
                for (pair, (&re, &im)) in to.chunks_exact_mut(2).zip(re.iter().zip(im)) {
                    pair[0] = re * scale;
                    pair[1] = im * scale;
                }
            });
            part
        };
        run(&plan, y, frames, threads, work, |range, part| {
            for (row, part) in output.chunks_exact_mut(2 * frames).zip(part.chunks_exact(2 * range.len())) {
                row[2 * range.start..2 * range.end].copy_from_slice(part);
            }
        })?;
    }
    Ok(output)
}

/// Magnitudes of one channel's transform, for what does not need the transform itself: `visit(&mut part, filter, column,
/// magnitudes)` is called for every filter and group of frames, on a part for `SHARE` frames or fewer that `start(frames)`
/// made; `take(range, part)` gets the parts in order. Octaves come from the highest down, filters of one in ascending order.
pub(crate) fn for_magnitudes<T: Real, P: Send>(
    plan: &Plan<T>,
    y: &[T],
    frames: usize,
    threads: bool,
    start: impl Fn(usize) -> P + Sync,
    visit: impl Fn(&mut P, usize, usize, &[T]) + Sync,
    take: impl FnMut(Range<usize>, P),
) -> Result<()> {
    let work = |range: Range<usize>, responses: &mut Responses<T>| {
        let mut part = start(range.len());
        let mut magnitudes = [T::zero(); 16];
        responses.visit(range, |filter, column, re, im| {
            let scale = plan.scales[filter];
            for ((to, re), im) in magnitudes.iter_mut().zip(re).zip(im) {
                let (re, im) = (re.to_f64(), im.to_f64());
                *to = T::of((re * re + im * im).sqrt() * scale);
            }
            visit(&mut part, filter, column, &magnitudes[..re.len()]);
        });
        part
    };
    run(plan, y, frames, threads, work, take)
}

/// Cuts one channel's frames into jobs.
fn run<T: Real, P: Send>(
    plan: &Plan<T>,
    y: &[T],
    frames: usize,
    threads: bool,
    work: impl Fn(Range<usize>, &mut Responses<T>) -> P + Sync,
    mut take: impl FnMut(Range<usize>, P),
) -> Result<()> {
    let levels = plan.levels(y, threads)?;
    let range = |job: usize| job * SHARE..frames.min((job + 1) * SHARE);
    in_order(
        threads,
        frames.div_ceil(SHARE),
        || Responses {
            plan: plan.clone(),
            signals: plan.octaves.iter().map(|octave| plan.signal(octave, &levels)).collect(),
            rows: LaneBuffer::new(2 * plan.octaves.iter().map(|octave| octave.basis.filters()).max().unwrap_or(0)),
        },
        |responses, job| work(range(job), responses),
        |job, part| take(range(job), part),
    );
    Ok(())
}

/// What one thread needs to compute responses.
struct Responses<'a, T: Real> {
    plan: Plan<T>,
    signals: Vec<Signal<'a, T>>,
    rows: LaneBuffer<T>,
}

impl<T: Real> Responses<'_, T> {
    /// Calls with every filter, the first column of a group of frames (from the range's beginning on), and the group's
    /// responses: real parts, imaginary parts.
    fn visit(&mut self, range: Range<usize>, mut call: impl FnMut(usize, usize, &[T], &[T])) {
        for (octave, signal) in self.plan.octaves.iter_mut().zip(&self.signals) {
            let rows = &mut self.rows[..2 * octave.basis.filters() * T::LANES];
            for first in range.clone().step_by(T::LANES) {
                let count = T::LANES.min(range.end - first);
                octave.basis.project(octave.spectra.transform(signal, octave.hop, first, count), rows);
                for (filter, parts) in rows.chunks_exact(2 * T::LANES).enumerate() {
                    let (re, im) = parts.split_at(T::LANES);
                    call(octave.first + filter, first - range.start, &re[..count], &im[..count]);
                }
            }
        }
    }
}
