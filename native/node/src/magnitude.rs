//! Magnitudes of complex values.

use dsp_core::fft;
use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::job::{Job, Owned, Samples, Values};
use crate::task::caught;
use crate::{by_owned_precision, by_precision};

/// Real and imaginary parts in turns to one magnitude each.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn magnitudes(#[napi(ts_arg_type = "Float32Array | Float64Array")] z: Samples) -> Result<Values> {
    Ok(caught(|| by_precision!(z, z => fft::magnitudes(z)))?.remove(0))
}

/// The same off the main thread: one array.
#[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
pub fn magnitudes_async(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] z: Samples,
    signal: Option<AbortSignal>,
) -> Result<AsyncTask<Job>> {
    let z = Owned::from(z);
    Ok(Job::start(signal, move || by_owned_precision!(z, z => fft::magnitudes(&z))))
}
