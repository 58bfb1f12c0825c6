//! The threads that the work is shared among. How many there are changes the time and never a bit of the result.

use crate::error::raised;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many threads are wanted, and the pool, once there is one.
struct State {
    wanted: usize,
    pool: Option<Pool>,
}

/// A pool belongs to the process that made it: its threads do not follow into a forked child.
struct Pool {
    process: u32,
    threads: Arc<ThreadPool>,
}

static STATE: Mutex<State> = Mutex::new(State { wanted: 0, pool: None });

/// The threads that are used by default: as many as `RAYON_NUM_THREADS` says, as in every program that uses rayon, or one
/// for every processor.
static DEFAULT: OnceLock<usize> = OnceLock::new();

/// Reads the environment, once: the interpreter may change it later without its lock being ours.
pub fn default_threads() -> usize {
    *DEFAULT.get_or_init(|| {
        let wanted = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok()).filter(|&n| n > 0);
        wanted.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZeroUsize::get))
    })
}

/// The number of threads in use.
#[pyfunction]
pub fn get_num_threads() -> usize {
    match STATE.lock().unwrap_or_else(PoisonError::into_inner).wanted {
        0 => default_threads(),
        wanted => wanted,
    }
}

/// Sets the number of threads; 0 means the default.
#[pyfunction]
pub fn set_num_threads(n: usize) {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    if state.wanted != n {
        *state = State { wanted: n, pool: None };
    }
}

/// Runs work without the interpreter's lock: on this thread, or on the pool if there is more than one thread. The work
/// is told which (`true`: in parallel).
pub fn work<R: Send>(py: Python<'_>, work: impl FnOnce(bool) -> dsp_core::Result<R> + Send) -> PyResult<R> {
    raised(py, || {
        py.detach(|| match pool() {
            Some(pool) => pool.install(|| work(true)),
            None => work(false),
        })
    })
}

/// Panics while it works, on as many threads as there are: for the test that a panic is an ordinary exception.
#[pyfunction(name = "_fail")]
pub fn fail(py: Python<'_>) -> PyResult<()> {
    work(py, |_| panic!("asked to"))
}

fn pool() -> Option<Arc<ThreadPool>> {
    let count = get_num_threads();
    if count == 1 {
        return None;
    }
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some(pool) = &state.pool
        && pool.process == process
    {
        return Some(pool.threads.clone());
    }
    let threads = Arc::new(ThreadPoolBuilder::new().num_threads(count).build().ok()?);
    // A parent's pool must not be ended here: its threads are not in this process.
    std::mem::forget(state.pool.replace(Pool { process, threads: threads.clone() }));
    Some(threads)
}
