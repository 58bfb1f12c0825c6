//! Errors of the core as exceptions.

use pyo3::prelude::*;

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

/// A result of the core, with its error as an exception.
pub fn raised<R>(py: Python<'_>, result: dsp_core::Result<R>) -> PyResult<R> {
    result.map_err(|error| exception(py, &error))
}
