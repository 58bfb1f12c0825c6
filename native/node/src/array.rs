//! Results in memory that V8 owns.
//!
//! An array over a Rust vector is freed only between two turns of the event loop, so a loop of synchronous calls
//! would accumulate its results. Small ones are therefore copied into an array of V8's, which its collector frees at need.
//! Large ones, whose copy would take as long as a part of the work, are handed over as they are until a few of them are waiting
//! for the event loop; from then on they are copied too.

use std::mem::{ManuallyDrop, size_of};
use std::sync::atomic::{AtomicUsize, Ordering};

use napi::bindgen_prelude::{
    Float32Array, Float32ArraySlice, Float64Array, Float64ArraySlice, Int8Array, Int8ArraySlice, Int16Array,
    Int16ArraySlice, ToNapiValue,
};
use napi::{Env, Result, sys};

/// Elements above which a result may be handed over as it is.
const LARGE: usize = 1 << 16;
/// Bytes of handed-over results that may wait to be freed before more are copied; and, for results so large that this
/// is soon reached, how many of their size.
const WAITING_BYTES: usize = 64 << 20;
const WAITING_RESULTS: usize = 4;

/// Bytes of handed-over results that have not been freed.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Numbers that JavaScript will receive as a typed array.
pub struct OutputArray<T>(pub Vec<T>);

impl<T> From<Vec<T>> for OutputArray<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

/// Whether a result is small, or enough of its kind wait. The loader of the WebAssembly form copies what is handed over, and
/// frees it at once.
fn copies<T>(values: &[T]) -> bool {
    if cfg!(target_family = "wasm") {
        return false;
    }
    let most = WAITING_BYTES.max(size_of_val(values).saturating_mul(WAITING_RESULTS));
    values.len() <= LARGE || WAITING.load(Ordering::Relaxed) >= most
}

macro_rules! output_array {
    ($type:ident, $array:ident, $slice:ident) => {
        impl ToNapiValue for OutputArray<$type> {
            unsafe fn to_napi_value(env: sys::napi_env, values: Self) -> Result<sys::napi_value> {
                if copies(&values.0) {
                    let array = $slice::copy_from(&Env::from_raw(env), values.0)?;
                    return unsafe { ToNapiValue::to_napi_value(env, array) };
                }
                let mut values = ManuallyDrop::new(values.0.into_boxed_slice());
                WAITING.fetch_add(size_of_val(&**values), Ordering::Relaxed);
                let give_back = |data: *mut $type, length: usize| {
                    WAITING.fetch_sub(length * size_of::<$type>(), Ordering::Relaxed);
                    // SAFETY: this is the slice that was leaked above, and it is freed once.
                    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, length)) });
                };
                // SAFETY: the slice stays where it is until it is freed.
                let array = unsafe { $array::with_external_data(values.as_mut_ptr(), values.len(), give_back) };
                unsafe { ToNapiValue::to_napi_value(env, array) }
            }
        }
    };
}
output_array!(f32, Float32Array, Float32ArraySlice);
output_array!(f64, Float64Array, Float64ArraySlice);
output_array!(i8, Int8Array, Int8ArraySlice);
output_array!(i16, Int16Array, Int16ArraySlice);
