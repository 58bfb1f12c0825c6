//! The windowed-sinc coefficients of torchaudio's `_get_sinc_resample_kernel`, without its zeros.
//!
//! torchaudio gives each of the `new` phases a row of `2 * width + orig` coefficients, of which only those within
//! `lowpass_filter_width` zero crossings of the phase's centre differ from zero. Here a row holds only these, and the
//! position of its first one.

use super::bessel::{bessel_i0, bessel_i0_f32};
use super::{Method, Options, Sample};
use crate::{Error, Result};
use std::f64::consts::PI;

/// Coefficients of all phases: above this a plan is refused (256 MiB of float32).
pub const MAX_COEFFICIENTS: usize = 1 << 26;
/// Rows are padded with zeros to a multiple of this, so that the dot products need no remainder loop.
pub(super) const PADDING: usize = 8;

/// The coefficients of every phase.
pub(super) struct Kernel<T> {
    /// `rows x taps`, row-major.
    pub coefficients: Vec<T>,
    /// Position of each row's first coefficient, relative to the phase's block of `orig` input samples.
    pub first: Vec<isize>,
    /// Length of a row, padding included.
    pub taps: usize,
}

impl<T: Sample> Kernel<T> {
    /// `rows` of the `new` phases without their coefficients and positions; an error if they are too many.
    pub fn zeros(orig: usize, new: usize, rows: usize, taps: usize) -> Result<Self> {
        match taps.checked_mul(rows) {
            Some(size) if size <= MAX_COEFFICIENTS => {
                Ok(Self { coefficients: vec![T::default(); size], first: Vec::with_capacity(rows), taps })
            }
            _ => Err(Error::argument(
                "newFreq",
                format!("a rate whose ratio to origFreq needs at most {MAX_COEFFICIENTS} filter coefficients"),
                format!("{new}:{orig} with {rows} phases of {taps}; resample through a rate in between"),
            )),
        }
    }
}

/// Computes the first `rows` phases of the ratio `new / orig` (both already divided by their common divisor).
pub(super) fn kernel<T: Sample>(options: &Options, orig: usize, new: usize, rows: usize) -> Result<Kernel<T>> {
    let lobes = f64::from(options.lowpass_filter_width);
    let base = orig.min(new) as f64 * options.rolloff;
    let reach = lobes * orig as f64 / base;
    let width = reach.ceil() as isize;
    let taps = ((2.0 * reach) as usize + 2).next_multiple_of(PADDING);
    let mut kernel = Kernel::zeros(orig, new, rows, taps)?;
    let window = Window::new(options, lobes);
    for (phase, row) in kernel.coefficients.chunks_exact_mut(taps).enumerate() {
        let centre = phase as f64 * orig as f64 / new as f64;
        let start = ((centre - reach).ceil() as isize - 1).max(-width);
        kernel.first.push(start);
        for (i, coefficient) in row.iter_mut().enumerate() {
            let j = start + i as isize;
            // The very expression of torchaudio, in its order of operations.
            let t = (-(phase as f64) / new as f64 + j as f64 / orig as f64) * base;
            if t.abs() < lobes && j < width + orig as isize {
                let sinc = if t == 0.0 { 1.0 } else { (t * PI).sin() / (t * PI) };
                *coefficient = T::of(sinc * (window.at(t) * (base / orig as f64)));
            }
        }
    }
    Ok(kernel)
}

struct Window {
    lobes: f64,
    /// Kaiser's beta and the Bessel function of it; none for Hann.
    kaiser: Option<(f64, f64)>,
}

impl Window {
    fn new(options: &Options, lobes: f64) -> Self {
        let kaiser = match options.resampling_method {
            Method::Hann => None,
            // torchaudio keeps beta, and I0(beta), in a float32 tensor even where all else is float64.
            Method::Kaiser => {
                let beta = options.beta as f32;
                Some((f64::from(beta), f64::from(bessel_i0_f32(beta))))
            }
        };
        Self { lobes, kaiser }
    }

    fn at(&self, t: f64) -> f64 {
        match self.kaiser {
            None => (t * PI / self.lobes / 2.0).cos().powi(2),
            Some((beta, norm)) => bessel_i0(beta * (1.0 - (t / self.lobes).powi(2)).sqrt()) / norm,
        }
    }
}
