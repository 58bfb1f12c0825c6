//! The Node.js binding: converts, checks types and shapes, calls the core. It has no defaults and no arithmetic.

// napi's macros leave the exports out of test builds, where everything then looks dead.
#![cfg_attr(test, allow(dead_code))]

mod allocator;
mod array;
mod batch;
mod chroma;
mod closable;
mod codec;
mod error;
mod fft;
mod floats;
mod front_end;
mod hpss;
mod job;
mod kaldi;
mod level;
mod magnitude;
mod mel;
mod nearest;
mod npu;
mod online;
mod options;
mod plan;
mod q15;
mod resample;
mod sinc;
mod stft;
mod stream;
mod task;
#[cfg(all(target_family = "wasm", feature = "threads"))]
mod threads;
mod values;
mod version;
mod yin;
