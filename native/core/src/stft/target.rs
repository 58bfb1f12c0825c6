//! A result that several threads write, each its own frames.

/// Where frames are written: `[rows, frames]` of `per` elements each. Threads write different frames of one target.
#[derive(Clone, Copy)]
pub(crate) struct Target<T> {
    at: *mut T,
    /// Elements there are.
    length: usize,
    frames: usize,
    /// Elements of a frame in a row: 2 where they are complex.
    per: usize,
}

// SAFETY: every thread writes its own frames, and the memory outlives them all (they run inside one call).
unsafe impl<T: Send> Send for Target<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Target<T> {}

impl<T> Target<T> {
    pub fn new(output: &mut [T], frames: usize, per: usize) -> Self {
        Self { at: output.as_mut_ptr(), length: output.len(), frames, per }
    }

    /// The place of `count` frames from `column` on, in row `k`.
    ///
    /// # Safety
    /// The memory is still there, and nobody else writes or reads these frames.
    pub unsafe fn columns<'a>(self, k: usize, column: usize, count: usize) -> &'a mut [T] {
        let first = self.per * (k * self.frames + column);
        assert!(column + count <= self.frames && first + self.per * count <= self.length);
        // SAFETY: inside the memory, as just checked; the rest is the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.at.add(first), self.per * count) }
    }
}
