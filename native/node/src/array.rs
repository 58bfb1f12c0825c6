//! Results in memory that V8 owns.
//!
//! An array over a Rust vector is given back only between two turns of the event loop, so a loop of calls would pile
//! up its results. Synchronous calls therefore copy theirs into an array of V8's, which its collector frees at need;
//! but not large ones, whose copy would take as long as a part of the work.

use napi::bindgen_prelude::{Float32Array, Float32ArraySlice, Float64Array, Float64ArraySlice, ToNapiValue};
use napi::{Env, Result, sys};

/// Elements above which a result is handed over as it is.
const LARGE: usize = 1 << 16;

/// Numbers on their way into a typed array of V8's.
pub struct InV8<T>(pub Vec<T>);

impl<T> From<Vec<T>> for InV8<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl ToNapiValue for InV8<f32> {
    unsafe fn to_napi_value(env: sys::napi_env, values: Self) -> Result<sys::napi_value> {
        if values.0.len() > LARGE {
            return unsafe { ToNapiValue::to_napi_value(env, Float32Array::new(values.0)) };
        }
        let array = Float32ArraySlice::copy_from(&Env::from_raw(env), values.0)?;
        unsafe { ToNapiValue::to_napi_value(env, array) }
    }
}

impl ToNapiValue for InV8<f64> {
    unsafe fn to_napi_value(env: sys::napi_env, values: Self) -> Result<sys::napi_value> {
        if values.0.len() > LARGE {
            return unsafe { ToNapiValue::to_napi_value(env, Float64Array::new(values.0)) };
        }
        let array = Float64ArraySlice::copy_from(&Env::from_raw(env), values.0)?;
        unsafe { ToNapiValue::to_napi_value(env, array) }
    }
}
