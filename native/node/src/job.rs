//! Work for a thread of libuv's pool: the one task of every asynchronous binding.

use crate::task::caught;
use crate::values::Values;
use napi::bindgen_prelude::{
    AbortSignal, AsyncTask, Either4, Float32Array, Float64Array, Int8Array, Int16Array, ToNapiValue, TypeName,
};
use napi::{Env, Result, Task};

/// What a job gives, and what it is in JavaScript.
pub trait Output: Send + 'static {
    type Js: ToNapiValue + TypeName;

    fn into_js(self) -> Self::Js;
}

/// Without a copy: the event loop turns between the results of worker threads.
impl Output for Vec<Values> {
    type Js = Vec<Either4<Float32Array, Float64Array, Int8Array, Int16Array>>;

    fn into_js(self) -> Self::Js {
        let array = |values| match values {
            Values::F32(values) => Either4::A(Float32Array::new(values)),
            Values::F64(values) => Either4::B(Float64Array::new(values)),
            Values::I8(values) => Either4::C(Int8Array::new(values)),
            Values::I16(values) => Either4::D(Int16Array::new(values)),
        };
        self.into_iter().map(array).collect()
    }
}

type Work<T> = Box<dyn FnOnce() -> dsp_core::Result<T> + Send>;

/// Work that is done once.
pub struct Job<T = Vec<Values>>(Option<Work<T>>);

impl<T: Output> Job<T> {
    /// A task that JavaScript can cancel while it waits for its thread.
    pub fn start(
        signal: Option<AbortSignal>,
        work: impl FnOnce() -> dsp_core::Result<T> + Send + 'static,
    ) -> AsyncTask<Self> {
        AsyncTask::with_optional_signal(Self(Some(Box::new(work))), signal)
    }
}

impl<T: Output> Task for Job<T> {
    type Output = T;
    type JsValue = T::Js;

    fn compute(&mut self) -> Result<T> {
        let work = self.0.take().expect("a task is computed once");
        caught(work)
    }

    fn resolve(&mut self, _: Env, output: T) -> Result<T::Js> {
        Ok(output.into_js())
    }
}
