//! Errors of the core as exceptions.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Asks `auralis_dsp.errors` for the exception: which class it is depends on whether librosa is installed.
pub fn exception(py: Python<'_>, error: &dsp_core::Error) -> PyErr {
    let made = py
        .import("auralis_dsp.errors")
        .and_then(|errors| errors.getattr("from_core")?.call1((error.code, &error.argument, error.message())));
    match made {
        Ok(value) => PyErr::from_value(value),
        Err(error) => error,
    }
}

/// What the core gives, with its error as an exception. A panic, too, becomes an exception that `except Exception` catches:
/// PyO3's own is not one, and leaves a `multiprocessing.Pool` waiting for ever.
pub fn raised<R>(py: Python<'_>, work: impl FnOnce() -> dsp_core::Result<R>) -> PyResult<R> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| exception(py, &error)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
            Err(PyRuntimeError::new_err(format!("the native core failed: {text}; please report it")))
        }
    }
}
