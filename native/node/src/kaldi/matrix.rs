//! What happens to feature matrices: derivatives, normalisation, stacking. Row-major in, row-major out, of one precision.

use super::{Computed, Samples};
use crate::array::InV8;
use crate::error::to_js;
use dsp_core::kaldi::deltas::{self, Padding};
use dsp_core::kaldi::{cmvn, stacking};
use dsp_core::{Error, Result as CoreResult};
use napi::Result;
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// Runs a function in the precision of the features.
macro_rules! by_precision {
    ($features:expr, $values:ident => $call:expr) => {
        match $features {
            Either::A($values) => $call.map(Computed::Single),
            Either::B($values) => $call.map(Computed::Double),
        }
        .map_err(to_js)
    };
}

/// torchaudio's compute_deltas, over rows.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_deltas(features: Samples<'_>, columns: u32, win_length: u32, mode: String) -> Result<Computed> {
    let padding = padding(&mode).map_err(to_js)?;
    by_precision!(features, values => deltas::deltas(values, columns as usize, win_length as usize, padding))
}

fn padding(mode: &str) -> CoreResult<Padding> {
    Ok(match mode {
        "replicate" => Padding::Replicate,
        "constant" => Padding::Constant,
        "reflect" => Padding::Reflect,
        "circular" => Padding::Circular,
        other => return Err(Error::argument("mode", "replicate, constant, reflect or circular", other)),
    })
}

/// Kaldi's add-deltas.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_add_deltas(features: Samples<'_>, columns: u32, order: u32, window: u32) -> Result<Computed> {
    by_precision!(features, values => deltas::add_deltas(values, columns as usize, order as usize, window as usize))
}

/// Kaldi's statistics with these features added.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn kaldi_cmvn_accumulate(stats: &[f64], features: Samples<'_>, columns: u32) -> Result<InV8<f64>> {
    let mut stats = stats.to_vec();
    match features {
        Either::A(values) => cmvn::accumulate(&mut stats, values, columns as usize),
        Either::B(values) => cmvn::accumulate(&mut stats, values, columns as usize),
    }
    .map_err(to_js)?;
    Ok(InV8(stats))
}

/// Normalisation by statistics.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_cmvn_apply(
    stats: &[f64],
    features: Samples<'_>,
    columns: u32,
    norm_means: bool,
    norm_vars: bool,
) -> Result<Computed> {
    by_precision!(features, values => cmvn::apply(stats, values, columns as usize, norm_means, norm_vars))
}

/// Normalisation over a sliding window.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_sliding_cmn(
    features: Samples<'_>,
    columns: u32,
    cmn_window: u32,
    min_cmn_window: u32,
    center: bool,
    norm_vars: bool,
) -> Result<Computed> {
    let options =
        cmvn::Sliding { cmn_window: cmn_window as usize, min_cmn_window: min_cmn_window as usize, center, norm_vars };
    by_precision!(features, values => cmvn::sliding(values, columns as usize, options))
}

/// Stacking of frames.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_low_frame_rate(features: Samples<'_>, columns: u32, m: u32, n: u32, pad: bool) -> Result<Computed> {
    by_precision!(features, values => stacking::low_frame_rate(values, columns as usize, m as usize, n as usize, pad))
}
