//! Work off the main thread, for every binding.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::to_js;

/// Runs what a task computes. A panic on a worker thread would end the process; here it becomes an error.
pub fn caught<T>(work: impl FnOnce() -> dsp_core::Result<T>) -> napi::Result<T> {
    let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
        let message = format!("the native core failed: {text}; please report it");
        Err(dsp_core::Error::new("ERR_DSP_INTERNAL", "", "", text, message))
    });
    result.map_err(to_js)
}
