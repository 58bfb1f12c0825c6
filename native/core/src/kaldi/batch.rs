//! Many signals at once.

use super::Extractor;
use crate::Result;
use crate::simd::Real;

/// The features of every signal, in order, on all cores where the `parallel` feature is on. Stops at the first error,
/// whose argument names the signal's index.
pub fn compute<S: Real, O: Real>(extractor: &Extractor, signals: &[&[S]]) -> Result<Vec<Vec<O>>> {
    let one = |(index, signal): (usize, &&[S])| {
        extractor.compute::<S, O>(signal).map_err(|mut error| {
            let named = format!("signals[{index}]");
            error.message = error.message.replacen("signal", &named, 1);
            error.argument = named;
            error
        })
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        signals.par_iter().enumerate().map(one).collect()
    }
    #[cfg(not(feature = "parallel"))]
    signals.iter().enumerate().map(one).collect()
}
