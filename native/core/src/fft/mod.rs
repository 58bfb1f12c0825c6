//! Discrete Fourier transforms over the last axis, real and complex, of any length, as numpy.fft defines them: the
//! forward transform is not scaled, the inverse is by `1 / n`.
//!
//! Complex values are pairs of floats, real part first. Single transforms go by realfft and rustfft; batches of the usual
//! lengths go side by side in vector lanes ([`lanes`]).

mod cache;
mod complex;
pub mod lanes;
mod magnitude;
#[cfg(test)]
pub(crate) mod naive;
mod real;
mod roots;
mod rows;
#[cfg(test)]
mod tests;
mod transform;

pub use cache::{with_fft, with_rfft};
pub use complex::Fft;
pub use magnitude::magnitudes;
pub use real::Rfft;
pub use roots::root;
pub use rows::check_rows;
pub use transform::Transform;
