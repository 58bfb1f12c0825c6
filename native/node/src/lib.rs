//! The Node.js binding: converts, checks types and shapes, calls the core. It has no defaults and no arithmetic.

mod codec;
mod error;
mod fft;
mod kaldi;
mod resample;
mod stft;
mod task;
