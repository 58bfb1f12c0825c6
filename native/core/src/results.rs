//! Memory for large results.

use crate::simd::Real;

/// Zeros, in huge pages where they are many.
pub fn results<T: Real>(length: usize) -> Vec<T> {
    let mut values = vec![T::default(); length];
    prefer_huge_pages(&mut values);
    values
}

/// Asks the system to back memory that is about to be written for the first time by pages of 2 MiB. With 4 KiB each, a
/// large result costs a page fault for every thousand values, which may take longer than to compute them. Only a request,
/// and only where it is worth it: without the `huge-pages` feature, and on other systems, everything works the same.
pub fn prefer_huge_pages<T>(memory: &mut [T]) {
    #[cfg(all(feature = "huge-pages", target_os = "linux", target_pointer_width = "64"))]
    {
        use std::ffi::{c_int, c_void};
        unsafe extern "C" {
            fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
        }
        const HUGE: usize = 2 << 20;
        const MADV_HUGEPAGE: c_int = 14;
        let bytes = memory.as_mut_ptr_range();
        // Whole huge pages inside the memory: its neighbours stay as they are.
        let (start, end) = ((bytes.start as usize).next_multiple_of(HUGE), bytes.end as usize / HUGE * HUGE);
        if start < end {
            // SAFETY: the range lies within the memory, and the advice changes no contents. Errors do not matter.
            unsafe { madvise(start as *mut c_void, end - start, MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(all(feature = "huge-pages", target_os = "linux", target_pointer_width = "64")))]
    let _ = memory;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_zeros_of_any_length() {
        for length in [0, 1, 1000, 3 << 20] {
            let mut values = results::<f32>(length);
            assert_eq!(values.len(), length);
            assert!(values.iter().all(|x| *x == 0.0));
            values.fill(1.0);
            prefer_huge_pages(&mut values);
            assert!(values.iter().all(|x| *x == 1.0));
        }
    }
}
