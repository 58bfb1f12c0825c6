//! The forward transform: octave after octave, a group of frames at a time.

// Kernels count by index: iterators are not always inlined into them, and then lack their instruction set.
#![allow(clippy::needless_range_loop)]

use super::plan::{Octave, Plan, tuned};
use super::{CqtOptions, VqtOptions};
use crate::Result;
use crate::fft::lanes::LaneBuffer;
use crate::jobs::{for_each, in_order};
use crate::shape::check_signal;
use crate::simd::{Kernel, Level, Real, Simd};
use crate::stft::signal::Signal;
use crate::stft::spectra::Spectra;
use std::ops::Range;

/// Frames that one job takes.
const SHARE: usize = 256;

/// The constant-Q transform of channels of `samples` samples: `[channels, n_bins, frames, 2]`. On all cores with `threads`:
/// the same bits.
pub fn cqt<T: Real>(y: &[T], samples: usize, options: &CqtOptions, threads: bool) -> Result<Vec<T>> {
    vqt(y, samples, &options.into(), threads)
}

/// The variable-Q transform of channels of `samples` samples: `[channels, n_bins, frames, 2]`. On all cores with `threads`:
/// the same bits.
pub fn vqt<T: Real>(y: &[T], samples: usize, options: &VqtOptions, threads: bool) -> Result<Vec<T>> {
    let channels = check_signal(y, samples, threads)?;
    let tuning = tuned(y, samples, options, options.per_octave(), threads)?;
    let plan = Plan::<T>::new(options, tuning, samples)?;
    let frames = plan.frames(samples, channels)?;
    let size = 2 * plan.scales.len() * frames;
    let mut output = vec![T::zero(); channels * size];
    for (y, output) in y.chunks_exact(samples).zip(output.chunks_exact_mut(size)) {
        plan.each_octave(y, threads, |octave, signal| {
            let filters = octave.basis.filters();
            let rows = &mut output[2 * frames * octave.first..][..2 * frames * filters];
            let scales: Vec<T> = plan.scales[octave.first..].iter().map(|&scale| T::of(scale)).collect();
            in_order(
                threads,
                frames.div_ceil(SHARE),
                &mut Responses::new(octave),
                |responses, job| {
                    let range = share(job, frames);
                    let mut part = vec![T::zero(); 2 * filters * range.len()];
                    responses.visit(signal, range.clone(), |column, count, responses| {
                        for (filter, parts) in responses.chunks_exact(2 * T::LANES).enumerate() {
                            let (re, im) = parts.split_at(T::LANES);
                            let to = &mut part[2 * (filter * range.len() + column)..][..2 * count];
                            for (pair, (&re, &im)) in to.chunks_exact_mut(2).zip(re.iter().zip(im)) {
                                pair[0] = re * scales[filter];
                                pair[1] = im * scales[filter];
                            }
                        }
                    });
                    part
                },
                |job, part| {
                    let range = share(job, frames);
                    for (row, part) in rows.chunks_exact_mut(2 * frames).zip(part.chunks_exact(2 * range.len())) {
                        row[2 * range.start..2 * range.end].copy_from_slice(part);
                    }
                },
            );
        })?;
    }
    Ok(output)
}

/// The frames of one job.
pub(crate) fn share(job: usize, frames: usize) -> Range<usize> {
    job * SHARE..frames.min((job + 1) * SHARE)
}

/// Magnitudes of one channel's transform, for what does not need the transform itself: `visit(&mut part, first filter,
/// column, count, magnitudes)` is called for every octave and group of frames, with a row of `T::LANES` magnitudes for each
/// filter of which the first `count` are right, on a part for the frames of one job that `start(frames)` made. Octaves come
/// from the highest down. Gives the parts in order: part `job` is that of the frames [`share`]`(job, frames)`.
pub(crate) fn for_magnitudes<T: Real, P: Send>(
    plan: &Plan<T>,
    y: &[T],
    frames: usize,
    threads: bool,
    start: impl Fn(usize) -> P,
    visit: impl Fn(&mut P, usize, usize, usize, &[T]) + Sync + Send,
) -> Result<Vec<P>> {
    let mut parts: Vec<P> = (0..frames.div_ceil(SHARE)).map(|job| start(share(job, frames).len())).collect();
    plan.each_octave(y, threads, |octave, signal| {
        let scales = &plan.scales[octave.first..][..octave.basis.filters()];
        for_each(
            threads,
            &mut parts,
            &mut Responses::new(octave),
            || vec![T::zero(); scales.len() * T::LANES],
            |responses, magnitudes, job, part| {
                responses.visit(signal, share(job, frames), |column, count, responses| {
                    // SAFETY: the level was found on this machine.
                    unsafe { Level::best().run(Magnitudes { responses, scales, magnitudes }) }
                    visit(part, octave.first, column, count, magnitudes);
                });
            },
        );
    })?;
    Ok(parts)
}

/// What one thread needs to compute the responses of an octave.
#[derive(Clone)]
struct Responses<'a, T: Real> {
    octave: &'a Octave<T>,
    spectra: Spectra<T>,
    rows: LaneBuffer<T>,
}

impl<'a, T: Real> Responses<'a, T> {
    fn new(octave: &'a Octave<T>) -> Self {
        let rows = LaneBuffer::new(2 * octave.basis.filters());
        Self { octave, spectra: Spectra::clone(&octave.spectra), rows }
    }

    /// Calls with the first column of a group of frames (from the range's beginning on), the number of frames, and the
    /// responses of all filters: rows of real and imaginary parts in turn.
    fn visit(&mut self, signal: &Signal<T>, range: Range<usize>, mut call: impl FnMut(usize, usize, &[T])) {
        let Octave { hop, basis, .. } = self.octave;
        for first in range.clone().step_by(T::LANES) {
            let count = T::LANES.min(range.end - first);
            basis.project(self.spectra.part(signal, *hop, first, count, basis.reach.clone()), &mut self.rows);
            call(first - range.start, count, &self.rows);
        }
    }
}

/// Magnitudes of responses, computed in `f64`, times each filter's scale.
struct Magnitudes<'a, T> {
    responses: &'a [T],
    scales: &'a [f64],
    magnitudes: &'a mut [T],
}

impl<T: Real> Kernel<T> for Magnitudes<'_, T> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = T>>(self) {
        let Self { responses, scales, magnitudes } = self;
        for filter in 0..scales.len() {
            let scale = scales[filter];
            let parts = &responses[2 * filter * T::LANES..][..2 * T::LANES];
            let to = &mut magnitudes[filter * T::LANES..][..T::LANES];
            // By index, in slices of known lengths: compilers make vectors of that.
            for l in 0..T::LANES {
                let (re, im) = (parts[l].to_f64(), parts[T::LANES + l].to_f64());
                to[l] = T::of((re * re + im * im).sqrt() * scale);
            }
        }
    }
}
