//! Levels of frames, and clipping.

use crate::options::count;
use crate::task::caught;
use crate::values::{Samples, Values};
use dsp_core::level;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// The level in decibels of each whole frame of `[samples]`.
#[napi(catch_unwind, ts_return_type = "Float32Array")]
pub fn frame_levels(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] samples: Samples<'_>,
    length: f64,
) -> napi::Result<Values> {
    let length = count(length);
    caught(|| match samples {
        Either::A(samples) => level::frame_levels(samples, length).map(Values::F32),
        Either::B(samples) => level::frame_levels(samples, length).map(Values::F32),
    })
}

/// How many samples of `[channels, samples]` were clipped.
#[napi(catch_unwind)]
pub fn clipped_samples(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] x: Samples<'_>,
    samples: f64,
    limit: f64,
    run: f64,
) -> f64 {
    let (samples, run) = (count(samples), count(run));
    let clipped = match x {
        Either::A(x) => level::clipped_samples(x, samples, limit, run),
        Either::B(x) => level::clipped_samples(x, samples, limit, run),
    };
    clipped as f64
}
