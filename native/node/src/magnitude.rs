//! Magnitudes of complex values.

use crate::closable::Closable;
use crate::plan::Plan;
use crate::plan_methods;
use crate::values::{IntoValues, Sample, Values, all_values};
use dsp_core::{Result, fft};
use napi_derive::napi;

#[derive(Clone)]
pub struct Magnitudes;

impl Plan for Magnitudes {
    fn run<T: Sample>(&mut self, z: &[T], _: usize, _: usize, _: bool) -> Result<Vec<Values>> {
        fft::magnitudes(z).map(IntoValues::into_values)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        signals.iter().map(|z| fft::magnitudes(z)).collect::<Result<_>>().map(all_values)
    }
}

/// Real and imaginary parts, one after the other, to one magnitude each.
#[napi]
pub struct MagnitudePlan(Closable<Magnitudes>);

#[napi]
impl MagnitudePlan {
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)] // a constructor of JavaScript's
    pub fn new() -> Self {
        Self(Closable::new(Magnitudes))
    }
}
plan_methods!(MagnitudePlan);
