//! Many signals of one precision: the one form of every batch.

use crate::values::copied;
use dsp_core::{Error, Result};
use napi::bindgen_prelude::{Either, Float32Array, Float64Array};

/// Arrays that JavaScript gave in a list.
pub type Signals = Vec<Either<Float32Array, Float64Array>>;

/// Signals of one precision.
pub enum Batch<A, B> {
    F32(Vec<A>),
    F64(Vec<B>),
}

/// Signals as they lie in JavaScript's memory.
pub type Borrowed = Batch<Float32Array, Float64Array>;

/// Signals that a worker thread may keep.
pub type OwnedBatch = Batch<Vec<f32>, Vec<f64>>;

impl Borrowed {
    /// Signals of the first one's precision; the packages have refused others, naming them.
    pub fn new(signals: Signals) -> Result<Self> {
        let (mut singles, mut doubles) = (Vec::new(), Vec::new());
        for signal in signals {
            match signal {
                Either::A(signal) => singles.push(signal),
                Either::B(signal) => doubles.push(signal),
            }
        }
        match (singles.is_empty(), doubles.is_empty()) {
            (_, true) => Ok(Self::F32(singles)),
            (true, false) => Ok(Self::F64(doubles)),
            (false, false) => Err(Error::argument("signals", "of one element type", "both")),
        }
    }

    /// Copies for a worker thread.
    pub fn copied(&self) -> OwnedBatch {
        match self {
            Self::F32(signals) => Batch::F32(signals.iter().map(|signal| copied(signal)).collect()),
            Self::F64(signals) => Batch::F64(signals.iter().map(|signal| copied(signal)).collect()),
        }
    }
}
