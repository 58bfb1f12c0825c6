//! Window functions.

use crate::array::IntoArrays;
use crate::error::raised;
use dsp_core::window::Window;
use pyo3::prelude::*;

/// The `n` values of a window that the core knows by name.
#[pyfunction]
pub fn window<'py>(
    py: Python<'py>,
    name: &str,
    n: usize,
    parameter: f64,
    periodic: bool,
) -> PyResult<Bound<'py, PyAny>> {
    raised(py, || Ok(Window::parse(name, parameter)?.values(n, periodic)))?.into_arrays(py)
}
