//! Work shared among threads: the one place that knows whether there are any.
//!
//! Every function takes `threads`. Where it is false, where the crate is built without the `parallel` feature and where the
//! pool has a single thread, the work is done in order on the calling thread, by `plan` itself; otherwise each thread works
//! with a clone of it. Results never depend on which of the two it was.

use crate::{Error, Result};
#[cfg(feature = "parallel")]
use rayon::prelude::*;
#[cfg(feature = "parallel")]
use std::cell::Cell;
#[cfg(feature = "parallel")]
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(feature = "parallel")]
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(feature = "parallel")]
thread_local! {
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Has all calls on this thread compute on it alone, since it must not wait for others: a browser's main thread.
#[cfg(feature = "parallel")]
pub fn compute_alone() {
    ALONE.set(true);
}

/// Makes the pool, of so many threads, where the system does not say how many processors there are. False if that fails.
#[cfg(feature = "parallel")]
pub fn start_pool(threads: usize) -> bool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().is_ok()
}

/// How many threads a call may use.
pub(crate) fn available(threads: bool) -> usize {
    #[cfg(feature = "parallel")]
    if threads && !ALONE.get() {
        return rayon::current_num_threads();
    }
    let _ = threads;
    1
}

/// Whether so many jobs are shared among threads.
#[cfg(feature = "parallel")]
fn shared(threads: bool, jobs: usize) -> bool {
    jobs > 1 && available(threads) > 1
}

/// The results of jobs `0 .. jobs`, in order.
pub(crate) fn map<P: Clone + Sync, R: Send>(
    threads: bool,
    jobs: usize,
    plan: &mut P,
    work: impl Fn(&mut P, usize) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(feature = "parallel")]
    if shared(threads, jobs) {
        let plan = &*plan;
        return (0..jobs).into_par_iter().map_init(|| plan.clone(), work).collect();
    }
    let _ = threads;
    (0..jobs).map(|job| work(plan, job)).collect()
}

/// Calls `work` for jobs `0 .. jobs` and `take` with every result, in order and one at a time, while other jobs are still
/// being worked on. Few results wait at any time. `take` must not share out work of its own.
pub(crate) fn in_order<P: Clone + Sync, R: Send>(
    threads: bool,
    jobs: usize,
    plan: &mut P,
    work: impl Fn(&mut P, usize) -> R + Sync,
    mut take: impl FnMut(usize, R) + Send,
) {
    #[cfg(feature = "parallel")]
    if shared(threads, jobs) {
        let queue = Queue { waiting: Mutex::default(), turn: Mutex::new((0, take)) };
        let done = share(
            threads,
            jobs,
            plan,
            || (),
            |plan, (), job| {
                queue.add(job, work(plan, job));
                Ok(())
            },
        );
        debug_assert!(done.is_ok());
        return;
    }
    let _ = threads;
    for job in 0..jobs {
        take(job, work(plan, job));
    }
}

/// Results that wait for those before them.
#[cfg(feature = "parallel")]
struct Queue<R, F> {
    waiting: Mutex<BTreeMap<usize, R>>,
    /// The job whose result is to be taken next, and what takes it.
    turn: Mutex<(usize, F)>,
}

#[cfg(feature = "parallel")]
impl<R, F: FnMut(usize, R)> Queue<R, F> {
    /// Results may add up to this many before a thread waits for its turn, so that they do not become a second copy of
    /// everything.
    const MAX_WAITING: usize = 256;

    /// Adds a result, and takes all whose turn it is unless another thread does.
    fn add(&self, job: usize, result: R) {
        let mut count = {
            let mut waiting = lock(&self.waiting);
            waiting.insert(job, result);
            waiting.len()
        };
        loop {
            let turn = if count < Self::MAX_WAITING { self.turn.try_lock().ok() } else { Some(lock(&self.turn)) };
            let Some(mut turn) = turn else { return };
            let (next, take) = &mut *turn;
            loop {
                let Some(result) = lock(&self.waiting).remove(next) else { break };
                take(*next, result);
                *next += 1;
            }
            let next = *next;
            drop(turn);
            // One may have come between the last look and the end of the turn.
            let waiting = lock(&self.waiting);
            if !waiting.contains_key(&next) {
                return;
            }
            count = waiting.len();
        }
    }
}

/// Locks; a panic of another thread is passed on by the pool, not by the lock.
#[cfg(feature = "parallel")]
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Calls `work` for every one of `parts` and its index, with buffers that no two calls use at the same time.
pub(crate) fn for_each<P: Clone + Sync, B, T: Send>(
    threads: bool,
    parts: &mut [T],
    plan: &mut P,
    buffers: impl Fn() -> B + Sync + Send,
    work: impl Fn(&mut P, &mut B, usize, &mut T) + Sync + Send,
) {
    #[cfg(feature = "parallel")]
    if shared(threads, parts.len()) {
        let parts: Vec<Mutex<&mut T>> = parts.iter_mut().map(Mutex::new).collect();
        let done = share(threads, parts.len(), plan, buffers, |plan, buffers, i| {
            work(plan, buffers, i, &mut lock(&parts[i]));
            Ok(())
        });
        debug_assert!(done.is_ok());
        return;
    }
    let _ = threads;
    let mut buffers = buffers();
    for (i, part) in parts.iter_mut().enumerate() {
        work(plan, &mut buffers, i, part);
    }
}

/// Shares jobs `0 .. jobs` by what they cost: each thread takes the next one when it has done one, and makes its buffers
/// once. `Err` where a job failed; those that nobody has begun by then are left out.
pub(crate) fn share<P: Clone + Sync, B>(
    threads: bool,
    jobs: usize,
    plan: &mut P,
    buffers: impl Fn() -> B + Sync,
    work: impl Fn(&mut P, &mut B, usize) -> std::result::Result<(), ()> + Sync,
) -> std::result::Result<(), ()> {
    #[cfg(feature = "parallel")]
    if shared(threads, jobs) {
        let (plan, next) = (&*plan, AtomicUsize::new(0));
        rayon::scope(|scope| {
            for _ in 0..rayon::current_num_threads().min(jobs) {
                scope.spawn(|_| {
                    let mut own = None;
                    loop {
                        let job = next.fetch_add(1, Ordering::Relaxed);
                        if job >= jobs {
                            break;
                        }
                        let (plan, buffers) = own.get_or_insert_with(|| (plan.clone(), buffers()));
                        if work(plan, buffers, job).is_err() {
                            // Far past the last job, and far from overflow.
                            next.store(usize::MAX / 2, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        return if next.into_inner() >= usize::MAX / 2 { Err(()) } else { Ok(()) };
    }
    let _ = threads;
    let mut buffers = buffers();
    (0..jobs).try_for_each(|job| work(plan, &mut buffers, job))
}

/// The first result, in order of the jobs, that is something.
pub(crate) fn find_first<R: Send>(
    threads: bool,
    jobs: usize,
    work: impl Fn(usize) -> Option<R> + Sync + Send,
) -> Option<R> {
    #[cfg(feature = "parallel")]
    if shared(threads, jobs) {
        return (0..jobs).into_par_iter().find_map_first(work);
    }
    let _ = threads;
    (0..jobs).find_map(work)
}

/// The results of all signals of a batch, in order, or the error of the first one that has one, which names it.
pub(crate) fn for_signals<P: Clone + Sync, T: Sync, R: Send>(
    threads: bool,
    signals: &[&[T]],
    plan: &P,
    work: impl Fn(&mut P, &[T]) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    collect(threads, signals.len(), &mut plan.clone(), |plan, i| work(plan, signals[i]))
}

/// The results of signals `0 .. signals` of a batch, in order. An error is that of the first signal that has one, and names
/// it ([`Error::in_batch`]).
pub fn batch<R: Send>(
    signals: usize,
    work: impl Fn(usize) -> Result<R> + Sync + Send,
    threads: bool,
) -> Result<Vec<R>> {
    collect(threads, signals, &mut (), |(), i| work(i))
}

fn collect<P: Clone + Sync, R: Send>(
    threads: bool,
    signals: usize,
    plan: &mut P,
    work: impl Fn(&mut P, usize) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    // What comes after a failure is left out; what comes before it may fail yet and must be done.
    let failed = AtomicUsize::new(usize::MAX);
    let results = map(threads, signals, plan, |plan, i| {
        if i > failed.load(Ordering::Relaxed) {
            return None;
        }
        let result = work(plan, i).map_err(|error: Error| error.in_batch(i));
        if result.is_err() {
            failed.fetch_min(i, Ordering::Relaxed);
        }
        Some(result)
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_once_and_in_order() {
        for (threads, jobs) in [false, true].into_iter().flat_map(|threads| [0, 1, 7, 1000].map(|jobs| (threads, jobs)))
        {
            let done: Vec<AtomicUsize> = (0..jobs).map(|_| AtomicUsize::new(0)).collect();
            let buffers = AtomicUsize::new(0);
            let made = || buffers.fetch_add(1, Ordering::Relaxed);
            let work = |_: &mut (), _: &mut usize, job: usize| {
                done[job].fetch_add(1, Ordering::Relaxed);
                Ok(())
            };
            assert_eq!(share(threads, jobs, &mut (), made, work), Ok(()));
            assert!(done.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            assert!(buffers.into_inner() <= available(threads));

            assert_eq!(map(threads, jobs, &mut (), |(), job| job), (0..jobs).collect::<Vec<_>>());
            let mut taken = Vec::new();
            in_order(threads, jobs, &mut (), |(), job| job * 2, |job, twice| taken.push((job, twice)));
            assert_eq!(taken, (0..jobs).map(|job| (job, 2 * job)).collect::<Vec<_>>());
            let mut parts = vec![1; jobs];
            for_each(threads, &mut parts, &mut (), || (), |(), (), i, part| *part += i);
            assert_eq!(parts, (1..=jobs).collect::<Vec<_>>());
            assert_eq!(find_first(threads, jobs, |job| (job >= 5).then_some(job)), (jobs > 5).then_some(5));
        }
    }

    #[test]
    fn failures_end_the_work() {
        for threads in [false, true] {
            let fails = |_: &mut (), _: &mut (), job| if job == 500 { Err(()) } else { Ok(()) };
            assert_eq!(share(threads, 1000, &mut (), || (), fails), Err(()));
        }
    }

    #[test]
    fn a_batch_fails_with_the_first_bad_signal() {
        for threads in [false, true] {
            assert_eq!(batch(3, Ok, threads), Ok(vec![0, 1, 2]));
            let work = |i: usize| if i % 3 == 2 { Err(Error::not_finite("y", i, f64::NAN)) } else { Ok(i) };
            let error = batch(100, work, threads).unwrap_err();
            assert_eq!(error, Error::not_finite("signals[2]", 2, f64::NAN));
        }
    }
}
