//! The algorithms of @dsp, each once, in a file named after it.
//!
//! No I/O, no bindings and no threads are assumed here (rayon stands behind the `parallel` feature), so the crate also
//! compiles to WebAssembly.

mod error;
pub mod fft;
pub mod kaldi;
pub mod mono;
pub mod resample;
pub mod simd;
pub mod stft;
pub mod window;

pub use error::{Error, Result};
