//! Samples from JavaScript and results for it, in either precision.

use crate::array::OutputArray;
use dsp_core::hpss::Decomposition;
use dsp_core::q15::CodeValues;
use dsp_core::results::prefer_huge_pages;
use dsp_core::simd::Real;
use napi::bindgen_prelude::{Either, ToNapiValue};
use napi::{Result, sys};

/// Samples as they lie in JavaScript's memory, for a call that is over before JavaScript goes on.
pub type Samples<'a> = Either<&'a [f32], &'a [f64]>;

/// Samples that a worker thread may keep: the binding copies them before it returns.
pub enum Owned {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl From<Samples<'_>> for Owned {
    fn from(samples: Samples<'_>) -> Self {
        match samples {
            Either::A(samples) => Self::F32(copied(samples)),
            Either::B(samples) => Self::F64(copied(samples)),
        }
    }
}

/// A copy. JavaScript waits for it, and most of the time goes into fresh memory: several threads share a long one. (Threads
/// made for it: those of the pool may be busy with other work for seconds.)
pub fn copied<T: Copy + Send + Sync>(samples: &[T]) -> Vec<T> {
    const MIN_SHARED: usize = 1 << 20;
    const MAX_THREADS: usize = 4;
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(MAX_THREADS));
    if samples.len() < MIN_SHARED || threads == 1 {
        return samples.to_vec();
    }
    let part = samples.len().div_ceil(threads);
    let mut copy = Vec::with_capacity(samples.len());
    let room = &mut copy.spare_capacity_mut()[..samples.len()];
    prefer_huge_pages(room);
    std::thread::scope(|scope| {
        for (to, from) in room.chunks_mut(part).zip(samples.chunks(part)) {
            // SAFETY: both have the same length and do not overlap.
            scope.spawn(move || unsafe {
                std::ptr::copy_nonoverlapping(from.as_ptr(), to.as_mut_ptr().cast::<T>(), from.len());
            });
        }
    });
    // SAFETY: every one of them was written.
    unsafe { copy.set_len(samples.len()) };
    copy
}

/// The element types of samples.
pub trait Sample: Real + dsp_core::resample::Sample {
    fn values(samples: Vec<Self>) -> Values;
}

impl Sample for f32 {
    fn values(samples: Vec<Self>) -> Values {
        Values::F32(samples)
    }
}

impl Sample for f64 {
    fn values(samples: Vec<Self>) -> Values {
        Values::F64(samples)
    }
}

/// An array for JavaScript.
pub enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I8(Vec<i8>),
    I16(Vec<i16>),
}

impl Values {
    /// An empty array of the same type.
    pub fn emptied(&self) -> Self {
        match self {
            Self::F32(_) => Self::F32(Vec::new()),
            Self::F64(_) => Self::F64(Vec::new()),
            Self::I8(_) => Self::I8(Vec::new()),
            Self::I16(_) => Self::I16(Vec::new()),
        }
    }
}

impl From<CodeValues> for Values {
    fn from(codes: CodeValues) -> Self {
        match codes {
            CodeValues::Int8(codes) => Self::I8(codes),
            CodeValues::Int16(codes) => Self::I16(codes),
        }
    }
}

impl<T: Sample> From<Vec<T>> for Values {
    fn from(values: Vec<T>) -> Self {
        T::values(values)
    }
}

impl ToNapiValue for Values {
    unsafe fn to_napi_value(env: sys::napi_env, values: Self) -> Result<sys::napi_value> {
        unsafe {
            match values {
                Self::F32(values) => ToNapiValue::to_napi_value(env, OutputArray(values)),
                Self::F64(values) => ToNapiValue::to_napi_value(env, OutputArray(values)),
                Self::I8(values) => ToNapiValue::to_napi_value(env, OutputArray(values)),
                Self::I16(values) => ToNapiValue::to_napi_value(env, OutputArray(values)),
            }
        }
    }
}

/// What a call of the core gives, as a list of arrays.
pub trait IntoValues {
    fn into_values(self) -> Vec<Values>;
}

impl<T: Sample> IntoValues for Vec<T> {
    fn into_values(self) -> Vec<Values> {
        vec![self.into()]
    }
}

/// How many frames there are, which their array says as well.
impl IntoValues for usize {
    fn into_values(self) -> Vec<Values> {
        Vec::new()
    }
}

/// Several arrays of one call.
impl<T: Sample> IntoValues for Vec<Vec<T>> {
    fn into_values(self) -> Vec<Values> {
        self.into_iter().map(Values::from).collect()
    }
}

/// The arrays of every signal of a batch, one after another.
pub fn all_values<R: IntoValues>(results: Vec<R>) -> Vec<Values> {
    results.into_iter().flat_map(R::into_values).collect()
}

impl<A: IntoValues, B: IntoValues> IntoValues for (A, B) {
    fn into_values(self) -> Vec<Values> {
        self.0.into_values().into_iter().chain(self.1.into_values()).collect()
    }
}

impl<T: Sample> IntoValues for Decomposition<T> {
    fn into_values(self) -> Vec<Values> {
        [Some(self.harmonic), Some(self.percussive), self.residual].into_iter().flatten().map(Values::from).collect()
    }
}
