//! The C kernel of the NPU's mel front end, built for the host, the emulator of the tiles around it, and what is in the NPU's files.

pub mod constants;
pub mod emulator;
mod ffi;
pub mod inspect;
mod kernel;

pub use kernel::Kernel;
