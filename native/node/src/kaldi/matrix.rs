//! What happens to feature matrices: derivatives, normalisation, stacking. Row-major in, row-major out, of one precision.

use crate::array::OutputArray;
use crate::options::{JsOptions, count};
use crate::task::caught;
use crate::values::{Samples, Values};
use dsp_core::kaldi::{cmvn, deltas, per_feature, stacking};
use dsp_core::options::read;
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;

/// A function of features in either precision.
macro_rules! matrix_function {
    ($(#[$doc:meta])* $name:ident, $function:path) => {
        $(#[$doc])*
        #[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
        pub fn $name(
            #[napi(ts_arg_type = "Float32Array | Float64Array")] features: Samples<'_>,
            columns: f64,
            #[napi(ts_arg_type = "object")] options: Object<'_>,
        ) -> napi::Result<Values> {
            caught(|| {
                let (options, columns) = (read(&JsOptions(options))?, count(columns));
                match features {
                    Either::A(features) => $function(features, columns, options).map(Values::from),
                    Either::B(features) => $function(features, columns, options).map(Values::from),
                }
            })
        }
    };
}

matrix_function!(
    /// torchaudio's compute_deltas, over rows.
    kaldi_deltas,
    deltas::deltas
);
matrix_function!(
    /// Kaldi's add-deltas.
    kaldi_add_deltas,
    deltas::add_deltas
);
matrix_function!(
    /// Normalisation over a sliding window.
    kaldi_sliding_cmn,
    cmvn::sliding
);
matrix_function!(
    /// Stacking of frames.
    kaldi_low_frame_rate,
    stacking::low_frame_rate
);
matrix_function!(
    /// NeMo's normalisation of each column over time.
    kaldi_normalize_per_feature,
    per_feature::normalize_per_feature
);
matrix_function!(
    /// The logarithm of energies, kept away from zero.
    kaldi_log_energies,
    per_feature::log_energies
);

/// Kaldi's statistics with these features added.
#[napi(catch_unwind, ts_return_type = "Float64Array")]
pub fn kaldi_cmvn_accumulate(
    stats: &[f64],
    #[napi(ts_arg_type = "Float32Array | Float64Array")] features: Samples<'_>,
    columns: f64,
) -> napi::Result<OutputArray<f64>> {
    let (mut stats, columns) = (stats.to_vec(), count(columns));
    caught(|| match features {
        Either::A(features) => cmvn::accumulate(&mut stats, features, columns),
        Either::B(features) => cmvn::accumulate(&mut stats, features, columns),
    })?;
    Ok(OutputArray(stats))
}

/// Normalisation by statistics.
#[napi(catch_unwind, ts_return_type = "Float32Array | Float64Array")]
pub fn kaldi_cmvn_apply(
    stats: &[f64],
    #[napi(ts_arg_type = "Float32Array | Float64Array")] features: Samples<'_>,
    columns: f64,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<Values> {
    caught(|| {
        let (options, columns) = (read(&JsOptions(options))?, count(columns));
        match features {
            Either::A(features) => cmvn::apply(stats, features, columns, options).map(Values::from),
            Either::B(features) => cmvn::apply(stats, features, columns, options).map(Values::from),
        }
    })
}
