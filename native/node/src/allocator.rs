//! How glibc keeps the memory of results.

/// Has glibc keep freed memory for the next result instead of giving it back to the system at once.
///
/// Blocks above a threshold (128 KiB at first) come from the system and go back to it, and so does what is free at the end of
/// the heap beyond twice as much. A loop that makes results of such a size then pays a page fault for every 4 KiB of each of
/// them, which takes several times as long as a short transform. glibc raises the threshold itself, to the size of a block
/// that was freed, up to 32 MiB: so one block of nearly that size is asked for and freed, which touches none of it. Where
/// the user has set thresholds (`MALLOC_TRIM_THRESHOLD_`), and on other systems, nothing changes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[napi_derive::module_init]
fn keep_freed_memory() {
    const NEARLY_ALL: usize = 31 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(NEARLY_ALL)));
}
