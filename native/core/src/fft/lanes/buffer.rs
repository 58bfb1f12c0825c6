//! Memory whose rows are cache lines.

use crate::simd::Real;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Rows of `LANES` floats, zero at first, each row on its own 64-byte line: no vector straddles two lines.
#[derive(Debug, Clone)]
pub struct LaneBuffer<T> {
    lines: Vec<Line>,
    floats: PhantomData<T>,
}

#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Line([u64; 8]);

impl<T: Real> LaneBuffer<T> {
    /// A buffer of `rows` rows.
    pub fn new(rows: usize) -> Self {
        const { assert!(T::LANES * size_of::<T>() == size_of::<Line>()) };
        Self { lines: vec![Line([0; 8]); rows], floats: PhantomData }
    }
}

impl<T: Real> Deref for LaneBuffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: a line is exactly LANES floats (checked in `new`), aligned for them, and any bits are a float.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.lines.len() * T::LANES) }
    }
}

impl<T: Real> DerefMut for LaneBuffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as in `deref`.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.lines.len() * T::LANES) }
    }
}
