//! The version that the package's loader checks.

use napi_derive::napi;

/// The version of the `@dsp/native` that this binary was built for.
#[napi]
pub fn binding_version() -> &'static str {
    env!("DSP_PACKAGE_VERSION")
}
