//! One form for everything that takes a signal in either precision and gives arrays: at once, or off the main thread.
#![allow(dead_code)] // until every binding goes through here

use crate::array::InV8;
use crate::task::caught;
use dsp_core::results::prefer_huge_pages;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Float32Array, Float64Array, ToNapiValue};
use napi::{Env, Result, Task, sys};

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
/// of their own: those of the pool may be busy with other work for seconds.)
pub fn copied<T: Copy + Send + Sync>(samples: &[T]) -> Vec<T> {
    const LONG: usize = 1 << 20;
    const MOST_THREADS: usize = 4;
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS));
    if samples.len() < LONG || threads == 1 {
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

/// An array on its way to JavaScript.
pub enum Values {
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl From<Vec<f32>> for Values {
    fn from(values: Vec<f32>) -> Self {
        Self::F32(values)
    }
}

impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Self {
        Self::F64(values)
    }
}

impl ToNapiValue for Values {
    unsafe fn to_napi_value(env: sys::napi_env, values: Self) -> Result<sys::napi_value> {
        unsafe {
            match values {
                Self::F32(values) => ToNapiValue::to_napi_value(env, InV8(values)),
                Self::F64(values) => ToNapiValue::to_napi_value(env, InV8(values)),
            }
        }
    }
}

impl Values {
    /// No values, in single precision or in double.
    pub fn none(single: bool) -> Self {
        if single { Self::F32(Vec::new()) } else { Self::F64(Vec::new()) }
    }
}

/// Runs `$call` with `$samples` bound to a slice in the precision that the caller gave; every result becomes [`Values`].
///
/// `by_precision!(y, samples => core::work(samples, options))`, where the call gives a `dsp_core::Result` of something
/// that turns into `Vec<Values>` by [`IntoValues`].
#[macro_export]
macro_rules! by_precision {
    ($signal:expr, $samples:ident => $call:expr) => {
        match $signal {
            napi::bindgen_prelude::Either::A($samples) => $call.map($crate::job::IntoValues::into_values),
            napi::bindgen_prelude::Either::B($samples) => $call.map($crate::job::IntoValues::into_values),
        }
    };
}

/// The same for [`Owned`] samples.
#[macro_export]
macro_rules! by_owned_precision {
    ($signal:expr, $samples:ident => $call:expr) => {
        match $signal {
            $crate::job::Owned::F32($samples) => $call.map($crate::job::IntoValues::into_values),
            $crate::job::Owned::F64($samples) => $call.map($crate::job::IntoValues::into_values),
        }
    };
}

/// What a call of the core gives, as a list of arrays.
pub trait IntoValues {
    fn into_values(self) -> Vec<Values>;
}

impl<T> IntoValues for Vec<T>
where
    Values: From<Vec<T>>,
{
    fn into_values(self) -> Vec<Values> {
        vec![self.into()]
    }
}

impl<A: IntoValues, B: IntoValues> IntoValues for (A, B) {
    fn into_values(self) -> Vec<Values> {
        self.0.into_values().into_iter().chain(self.1.into_values()).collect()
    }
}

impl<A: IntoValues, B: IntoValues, C: IntoValues> IntoValues for (A, B, C) {
    fn into_values(self) -> Vec<Values> {
        (self.0, (self.1, self.2)).into_values()
    }
}

type Work = Box<dyn FnOnce() -> dsp_core::Result<Vec<Values>> + Send>;

/// Work for a thread of libuv's pool; it resolves to an array of typed arrays.
pub struct Job(Option<Work>);

impl Job {
    /// A task that JavaScript can give up while it waits for its thread.
    pub fn start(
        signal: Option<AbortSignal>,
        work: impl FnOnce() -> dsp_core::Result<Vec<Values>> + Send + 'static,
    ) -> AsyncTask<Self> {
        AsyncTask::with_optional_signal(Self(Some(Box::new(work))), signal)
    }
}

impl Task for Job {
    type Output = Vec<Values>;
    type JsValue = Vec<Either<Float32Array, Float64Array>>;

    fn compute(&mut self) -> Result<Self::Output> {
        let work = self.0.take().expect("a task is computed once");
        caught(work)
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        // Without a copy: the event loop turns between the results of worker threads.
        Ok(output
            .into_iter()
            .map(|values| match values {
                Values::F32(values) => Either::A(Float32Array::new(values)),
                Values::F64(values) => Either::B(Float64Array::new(values)),
            })
            .collect())
    }
}
