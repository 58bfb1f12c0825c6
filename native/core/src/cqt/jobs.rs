//! Work cut into jobs: one after another, or on all cores; the results come in order either way.

use crate::fft;
use crate::simd::Real;
#[cfg(feature = "parallel")]
use crate::{Error, Result};

/// Calls `work` for jobs `0 .. jobs`, each with a state that only one job at a time uses, and `take` with every result, in
/// order.
pub(crate) fn in_order<S, R: Send>(
    threads: bool,
    jobs: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> R + Sync,
    mut take: impl FnMut(usize, R),
) {
    #[cfg(feature = "parallel")]
    if threads && jobs > 1 {
        use rayon::prelude::*;
        /// Results that wait at the same time, so that they do not add up to a second copy of everything.
        const WAVE: usize = 256;
        for first in (0..jobs).step_by(WAVE) {
            let wave = first..jobs.min(first + WAVE);
            let results: Vec<R> =
                wave.clone().into_par_iter().map_init(&state, |state, job| work(state, job)).collect();
            for (job, result) in wave.zip(results) {
                take(job, result);
            }
        }
        return;
    }
    let _ = threads;
    let mut state = state();
    for job in 0..jobs {
        take(job, work(&mut state, job));
    }
}

/// Calls `work` for every one of `parts` and its index, each with a state that only one of them at a time uses.
pub(crate) fn each<S, P: Send>(
    threads: bool,
    parts: &mut [P],
    state: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, usize, &mut P) + Sync + Send,
) {
    #[cfg(feature = "parallel")]
    if threads && parts.len() > 1 {
        use rayon::prelude::*;
        parts.par_iter_mut().enumerate().for_each_init(&state, |state, (index, part)| work(state, index, part));
        return;
    }
    let _ = threads;
    let mut state = state();
    for (index, part) in parts.iter_mut().enumerate() {
        work(&mut state, index, part);
    }
}

/// Position and value of the first NaN or infinity.
pub(crate) fn first_not_finite<T: Real>(values: &[T], threads: bool) -> Option<(usize, f64)> {
    #[cfg(feature = "parallel")]
    if threads {
        use rayon::prelude::*;
        const PART: usize = 1 << 16;
        return values
            .par_chunks(PART)
            .enumerate()
            .find_map_first(|(i, part)| fft::first_not_finite(part).map(|(at, value)| (i * PART + at, value)));
    }
    let _ = threads;
    fft::first_not_finite(values)
}

/// Calls `work` for every signal of a batch, on all cores. An error names the signal.
#[cfg(feature = "parallel")]
pub fn batch<R: Send>(signals: usize, work: impl Fn(usize) -> Result<R> + Sync) -> Result<Vec<R>> {
    use rayon::prelude::*;
    (0..signals).into_par_iter().map(|i| work(i).map_err(|error| name(error, i))).collect()
}

/// The error of signal `i`: its argument, where that is the signal, gets the index.
#[cfg(feature = "parallel")]
fn name(error: Error, i: usize) -> Error {
    if error.argument != "y" {
        return error;
    }
    let argument = format!("signals[{i}]");
    let message = error.message.replacen('y', &argument, 1);
    Error { argument, message, ..error }
}
