//! Work cut into jobs: one after another, or on all cores; the results come in order either way.

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
