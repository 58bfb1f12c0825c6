//! Conversion of arrays.

use numpy::{Element, IntoPyArray, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

/// A contiguous array in either precision, borrowed for the time of a call.
#[derive(FromPyObject)]
pub enum Samples<'py> {
    #[pyo3(transparent, annotation = "float32 array")]
    F32(PyReadonlyArrayDyn<'py, f32>),
    #[pyo3(transparent, annotation = "float64 array")]
    F64(PyReadonlyArrayDyn<'py, f64>),
}

/// The elements of a contiguous array.
pub fn elements<'a, T: Element>(array: &'a PyReadonlyArrayDyn<'_, T>) -> PyResult<&'a [T]> {
    if !array.is_c_contiguous() {
        return Err(PyTypeError::new_err("the array must be contiguous"));
    }
    array.as_slice().map_err(|error| PyTypeError::new_err(error.to_string()))
}

/// Runs `$call` without the interpreter's lock, on the pool if there is one (`$parallel` says so), with `$slice` bound
/// to the elements of `$array` in its precision.
#[macro_export]
macro_rules! by_precision {
    ($py:expr, $array:expr, |$slice:ident, $parallel:ident| $call:expr) => {
        match &$array {
            $crate::array::Samples::F32(array) => {
                let $slice = $crate::array::elements(array)?;
                let result = $crate::threads::work($py, |$parallel| $call)?;
                $crate::array::IntoArrays::into_arrays(result, $py)
            }
            $crate::array::Samples::F64(array) => {
                let $slice = $crate::array::elements(array)?;
                let result = $crate::threads::work($py, |$parallel| $call)?;
                $crate::array::IntoArrays::into_arrays(result, $py)
            }
        }
    };
}

/// What a call of the core gives, in Python's terms: vectors as flat arrays that own them, without a copy.
pub trait IntoArrays {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>>;
}

impl<T: Element> IntoArrays for Vec<T> {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(self.into_pyarray(py).into_any())
    }
}

/// Several arrays.
pub struct Arrays<T>(pub Vec<Vec<T>>);

impl<T: Element> IntoArrays for Arrays<T> {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(PyList::new(py, self.0.into_iter().map(|part| part.into_pyarray(py)))?.into_any())
    }
}

impl IntoArrays for Option<f64> {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(self.into_pyobject(py)?.into_any())
    }
}

impl IntoArrays for bool {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(self.into_pyobject(py)?.to_owned().into_any())
    }
}

impl<A: IntoArrays, B: IntoArrays> IntoArrays for (A, B) {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let parts = [self.0.into_arrays(py)?, self.1.into_arrays(py)?];
        Ok(PyTuple::new(py, parts)?.into_any())
    }
}

impl<A: IntoArrays, B: IntoArrays, C: IntoArrays> IntoArrays for (A, B, C) {
    fn into_arrays(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let parts = [self.0.into_arrays(py)?, self.1.into_arrays(py)?, self.2.into_arrays(py)?];
        Ok(PyTuple::new(py, parts)?.into_any())
    }
}
