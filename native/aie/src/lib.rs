//! The C kernel of the NPU's mel front end, built for the host, the emulator of the tiles around it, and what is in the NPU's files.

pub mod constants;
#[cfg(not(target_family = "wasm"))]
pub mod emulator;
#[cfg(not(target_family = "wasm"))]
mod ffi;
pub mod inspect;
#[cfg(not(target_family = "wasm"))]
mod kernel;

#[cfg(not(target_family = "wasm"))]
pub use kernel::Kernel;
