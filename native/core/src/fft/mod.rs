//! Discrete Fourier transforms over the last axis, real and complex, of any length.

pub mod lanes;
#[cfg(test)]
pub(crate) mod naive;
