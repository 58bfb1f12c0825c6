//! The algorithms of @dsp, each once, in a file named after it.
//!
//! No I/O, no bindings and no threads are assumed here (rayon stands behind the `parallel` feature), so the crate also
//! compiles to WebAssembly.

pub mod chroma;
pub mod cqt;
mod error;
pub mod fft;
pub mod hpss;
pub mod kaldi;
pub mod median;
pub mod mel;
pub mod mono;
pub mod norm;
pub mod number;
pub mod options;
pub mod pyin;
pub mod resample;
pub mod results;
#[cfg(feature = "parallel")]
mod share;
pub mod simd;
pub mod stft;
pub mod tuning;
pub mod window;
pub mod yin;

pub use error::{Error, Result};
