//! Jobs shared by the threads of the pool: each thread that takes part makes its state once and takes the next job
//! whenever it has done one.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does jobs `0 .. jobs`. `Err` where one of them failed; those that nobody has begun by then are left out.
pub fn share<S>(
    jobs: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<(), ()> + Sync,
) -> Result<(), ()> {
    let next = AtomicUsize::new(0);
    rayon::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(jobs) {
            scope.spawn(|_| {
                let mut own = None;
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    if job >= jobs {
                        break;
                    }
                    if work(own.get_or_insert_with(&state), job).is_err() {
                        // Far beyond the last job, and far from overflow.
                        next.store(usize::MAX / 2, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    if next.into_inner() >= usize::MAX / 2 { Err(()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_every_job_once_and_tells_of_failures() {
        for jobs in [0, 1, 7, 1000] {
            let done: Vec<AtomicUsize> = (0..jobs).map(|_| AtomicUsize::new(0)).collect();
            let states = AtomicUsize::new(0);
            let state = || states.fetch_add(1, Ordering::Relaxed);
            let work = |_: &mut usize, job: usize| {
                done[job].fetch_add(1, Ordering::Relaxed);
                Ok(())
            };
            assert_eq!(share(jobs, state, work), Ok(()));
            assert!(done.iter().all(|count| count.load(Ordering::Relaxed) == 1));
            assert!(states.into_inner() <= rayon::current_num_threads());
        }
        assert_eq!(share(1000, || (), |(), job| if job == 500 { Err(()) } else { Ok(()) }), Err(()));
    }
}
