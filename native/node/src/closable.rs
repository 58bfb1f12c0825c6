//! What JavaScript's objects hold until they are closed.
//!
//! V8 frees the native part of an object between two turns of the event loop at the earliest: a loop of synchronous
//! calls that makes an object each time would accumulate them. The packages therefore close what they are done with.
//!
//! A method that starts work on another thread keeps its object borrowed until that is over, so no method may want the
//! object for itself alone: what changes lies in a cell.

use std::cell::RefCell;

use dsp_core::{Error, Result};

/// Something that is there until it is closed.
pub struct Closable<T>(RefCell<Option<T>>);

impl<T> Closable<T> {
    pub fn new(value: T) -> Self {
        Self(RefCell::new(Some(value)))
    }

    /// Works with it. The work must not come back here: it runs no JavaScript.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> Result<R>) -> Result<R> {
        work(self.0.borrow_mut().as_mut().ok_or_else(|| Error::argument("this", "open", "closed"))?)
    }

    /// A clone for another thread.
    pub fn cloned(&self) -> Result<T>
    where
        T: Clone,
    {
        self.with(|value| Ok(value.clone()))
    }

    /// Drops it now.
    pub fn close(&self) {
        self.0.take();
    }
}
