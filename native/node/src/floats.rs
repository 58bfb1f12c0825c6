//! Arrays of the caller's as inputs and outputs of calls too short to look at an array more than once.

use dsp_core::{Error, Result};
use napi::bindgen_prelude::{FromNapiValue, TypeName, ValidateNapiValue};
use napi::{Status, ValueType, check_status, sys};
use std::ptr::{NonNull, null_mut};
use std::slice::{from_raw_parts, from_raw_parts_mut};

/// A Float32Array or Float64Array as it lies in JavaScript's memory, for the time of a call.
#[derive(Clone, Copy)]
pub enum Floats {
    F32(NonNull<f32>, usize),
    F64(NonNull<f64>, usize),
}

impl FromNapiValue for Floats {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        let (mut kind, mut length, mut data) = (0, 0, null_mut());
        check_status!(
            // SAFETY: the handles are napi's, and the results that nobody wants may be null.
            unsafe {
                sys::napi_get_typedarray_info(env, value, &mut kind, &mut length, &mut data, null_mut(), null_mut())
            },
            "an argument is not a typed array"
        )?;
        match kind {
            sys::TypedarrayType::float32_array => Ok(Self::F32(place(data.cast()), length)),
            sys::TypedarrayType::float64_array => Ok(Self::F64(place(data.cast()), length)),
            _ => Err(napi::Error::new(Status::InvalidArg, "an argument is not a Float32Array or Float64Array")),
        }
    }
}

/// Where an array's values are: an empty array may have no memory at all.
fn place<T>(data: *mut T) -> NonNull<T> {
    NonNull::new(data).unwrap_or(NonNull::dangling())
}

impl TypeName for Floats {
    fn type_name() -> &'static str {
        "Float32Array | Float64Array"
    }

    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl ValidateNapiValue for Floats {}

/// An input and an output of one precision, which share no memory.
pub enum InOut<'a> {
    F32(&'a [f32], &'a mut [f32]),
    F64(&'a [f64], &'a mut [f64]),
}

impl<'a> InOut<'a> {
    /// Takes two arguments of a call, each of which must be used here only.
    pub fn new(input: &'a Floats, output: &'a Floats) -> Result<Self> {
        let overlap = || Error::argument("output", "memory separate from the input's", "the same memory");
        match (*input, *output) {
            (Floats::F32(x, n), Floats::F32(y, m)) if apart(x, n, y, m) => {
                written(y);
                // SAFETY: JavaScript waits for the call, which alone has these arrays; they lie apart.
                unsafe { Ok(Self::F32(from_raw_parts(x.as_ptr(), n), from_raw_parts_mut(y.as_ptr(), m))) }
            }
            (Floats::F64(x, n), Floats::F64(y, m)) if apart(x, n, y, m) => {
                written(y);
                // SAFETY: as above.
                unsafe { Ok(Self::F64(from_raw_parts(x.as_ptr(), n), from_raw_parts_mut(y.as_ptr(), m))) }
            }
            (Floats::F32(..), Floats::F32(..)) | (Floats::F64(..), Floats::F64(..)) => Err(overlap()),
            _ => Err(other_type("output")),
        }
    }
}

/// Tells the loader of the WebAssembly form, where an array is a copy during a call, that JavaScript's has to get the values.
fn written<T>(_start: NonNull<T>) {
    #[cfg(target_family = "wasm")]
    {
        unsafe extern "C" {
            safe fn dsp_written(start: *const std::ffi::c_void);
        }
        dsp_written(_start.as_ptr().cast());
    }
}

/// Whether two arrays share no memory.
fn apart<T>(x: NonNull<T>, n: usize, y: NonNull<T>, m: usize) -> bool {
    let end = |start: NonNull<T>, length: usize| start.as_ptr().wrapping_add(length);
    x.as_ptr() >= end(y, m) || y.as_ptr() >= end(x, n)
}

/// The error of an argument of the other precision.
pub fn other_type(argument: &str) -> Error {
    Error::argument(argument, "of the same element type", "the other one")
}
