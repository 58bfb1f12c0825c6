//! What the loader of the WebAssembly form with threads asks of it.

unsafe extern "C" {
    /// What every wait of this module becomes a call of, once it is linked (`wasm/scripts/waits.mjs`).
    fn dsp_wait(address: *const i32, expected: i32, timeout: i64) -> i32;
}

/// Makes the pool of so many threads, and says whether that worked. `alone`: calls on this thread must not wait for them.
#[unsafe(no_mangle)]
pub extern "C" fn dsp_start_threads(threads: usize, alone: bool) -> bool {
    // Keeps the import, which nothing else names.
    std::hint::black_box(dsp_wait as unsafe extern "C" fn(*const i32, i32, i64) -> i32);
    let started = dsp_core::start_pool(threads);
    if alone {
        dsp_core::compute_alone();
    }
    started
}
