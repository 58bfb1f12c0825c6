//! Options as the Python files write them into dictionaries: the core's own names, all of them given.

use crate::error::raised;
use dsp_core::options::{FromOption, Source, Value, camel_case};
use dsp_core::{Error, Result};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

/// A function's options.
pub struct DictOptions<'a, 'py>(pub &'a Bound<'py, PyDict>);

impl Source for DictOptions<'_, '_> {
    fn value(&self, name: &str) -> Result<Value> {
        self.0.get_item(name).and_then(|value| value.as_ref().map_or(Ok(Value::Missing), value_of)).map_err(|error| {
            let name = camel_case(name);
            let message = format!("{name} cannot be read: {error}");
            Error::new("ERR_DSP_ARGUMENT", name, "a value", error.to_string(), message)
        })
    }
}

fn value_of(value: &Bound<'_, PyAny>) -> PyResult<Value> {
    if value.is_none() {
        return Ok(Value::Missing);
    }
    // Truth comes before numbers, of which it is a kind in Python; and arrays do, of which those of one value are numbers, too.
    if let Ok(flag) = value.extract::<bool>() {
        return Ok(Value::Flag(flag));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Value::Text(text.to_cow()?.into_owned()));
    }
    if let Ok(array) = value.extract::<PyReadonlyArray1<'_, f64>>() {
        return Ok(Value::Numbers(array.as_array().to_vec()));
    }
    if let Ok(number) = value.extract::<f64>() {
        return Ok(Value::Number(number));
    }
    value.extract().map(Value::Numbers)
}

/// Reads the options of a function.
pub fn read<O: FromOption>(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<O> {
    raised(py, || dsp_core::options::read(&DictOptions(options)))
}
