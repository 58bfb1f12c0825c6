//! What a piece of work costs its thread: the most memory that it held at once, and CPU time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Instant;

#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    pub memory: usize,
    pub seconds: f64,
}

impl Cost {
    pub fn max(self, other: Self) -> Self {
        Self { memory: self.memory.max(other.memory), seconds: self.seconds.max(other.seconds) }
    }
}

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

fn count(bytes: isize) {
    // A thread that ends frees memory after its counters are gone.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = PEAK.try_with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: everything is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promises are System's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// CPU time of this thread, where the system tells it in a file; else the time on the wall.
fn cpu_seconds(since: Instant) -> f64 {
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|line| line.split(' ').next().and_then(|number| number.parse::<f64>().ok()));
    nanoseconds.map_or_else(|| since.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

/// Does the work and tells what it cost.
pub fn measure<T>(work: impl Fn() -> T) -> (T, Cost) {
    let held = HELD.get();
    PEAK.set(held);
    let start = Instant::now();
    let result = work();
    let mut seconds = start.elapsed().as_secs_f64();
    let memory = (PEAK.get() - held).max(0) as usize;
    // No work takes more CPU time than time, so that on a busy machine only what looks slow is done again, by the CPU's clock.
    if seconds > 0.01 {
        let before = cpu_seconds(start);
        work();
        seconds = cpu_seconds(start) - before;
    }
    (result, Cost { memory, seconds })
}
