//! The algorithms of @dsp, each once, in a file named after it.
//!
//! No I/O, no bindings and no threads are assumed here: what can use threads takes `threads` as its last argument, and
//! does the same work on the calling thread where that is false or the crate is built without the `parallel` feature.

pub mod chroma;
pub mod cqt;
mod dither;
mod error;
pub mod fft;
mod finite;
pub mod front_end;
pub mod hpss;
mod jobs;
pub mod kaldi;
pub mod level;
pub mod librosa;
pub mod median;
pub mod mel;
pub mod mono;
pub mod nearest;
pub mod nemo;
pub mod norm;
pub mod number;
pub mod options;
pub mod pyin;
pub mod q15;
pub mod resample;
pub mod results;
mod shape;
pub mod simd;
pub mod sinc;
pub mod stft;
pub mod tuning;
pub mod window;
pub mod yin;

pub use error::{Error, Result};
pub use finite::check_finite;
pub use jobs::batch;
#[cfg(feature = "parallel")]
pub use jobs::{compute_alone, start_pool};
