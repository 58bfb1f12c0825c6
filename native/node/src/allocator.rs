//! How glibc keeps the memory of results.

use std::sync::Once;

/// Results below this size never come from the system by themselves.
const SMALL: usize = 128 << 10;

/// Has glibc keep freed memory for the next result, once a short transform has been asked for a result of so many bytes.
///
/// Blocks above a threshold (128 KiB at first) come from the system and go back to it, and so does what is free at the end of
/// the heap beyond twice as much. A loop that makes results of such a size then pays a page fault for every 4 KiB of each of
/// them, which takes several times as long as the transforms. glibc raises the threshold itself, to the size of a block that
/// was freed, up to 32 MiB: so one block of nearly that size is asked for and freed, which touches none of it. Where the user
/// has set thresholds (`MALLOC_TRIM_THRESHOLD_`), and with other allocators, that changes nothing.
pub fn keep_freed_memory(bytes: usize) {
    static ONCE: Once = Once::new();
    const NEARLY_ALL: usize = 31 << 20;
    if bytes >= SMALL && cfg!(all(target_os = "linux", target_env = "gnu")) {
        ONCE.call_once(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(NEARLY_ALL))));
    }
}
