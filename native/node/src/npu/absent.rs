//! Where the NPU's emulator would be: its tiles are threads, which WebAssembly does not have here.

use napi::Result;
use napi_derive::napi;

use crate::task::caught;

/// A design that would be loaded on emulated tiles.
#[napi]
pub struct NpuEmulator;

#[napi]
impl NpuEmulator {
    /// Says that there is no emulator.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Result<Self> {
        caught(|| {
            let message = "the NPU's emulator runs on threads and is not in the WebAssembly build: use Node.js on a platform with a \
                           native build of @dsp/native";
            Err(dsp_core::Error::new(
                "ERR_DSP_UNSUPPORTED",
                "device",
                "a native build of @dsp/native",
                "WebAssembly",
                message,
            ))
        })
    }
}
