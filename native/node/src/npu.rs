//! The NPU's emulator, and what is in the NPU's files.

#[cfg_attr(target_family = "wasm", path = "npu/absent.rs")]
mod emulator;

use dsp_aie::inspect::{inspect, report};
use napi::Result;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::task::caught;

/// Reads an xclbin, an instruction stream or a PDI; the result is JSON.
#[napi(catch_unwind)]
pub fn inspect_npu_file(bytes: Uint8Array) -> Result<String> {
    caught(|| inspect(&bytes).map(|file| report(&file)))
}
