//! The C kernel of the NPU's mel front end, built for the host, and the emulator of the tiles around it.

pub mod constants;
mod ffi;
mod kernel;

pub use kernel::Kernel;
