//! Streams of blocks, in the precision that they were made for.

use crate::task::caught;
use crate::values::{IntoValues, Sample, Samples, Values};
use dsp_core::{Error, Result};
use napi::Env;
use napi::bindgen_prelude::Either;

/// One channel, a block at a time, as it arrives.
pub trait Stream<T: Sample> {
    /// Accepts a block and returns what it completes.
    fn accept(&mut self, block: &[T]) -> Result<Vec<Values>>;

    /// Ends the signal and returns the rest.
    fn flush(&mut self) -> Result<Vec<Values>>;

    /// Resets the stream.
    fn reset(&mut self);

    /// Samples that must arrive after an instant before its result is returned.
    fn latency_samples(&self) -> usize;

    /// Memory that it holds, if that is so much that V8's collector should know of it.
    fn bytes(&self) -> usize {
        0
    }
}

/// A stream in either precision.
pub struct Online<A, B> {
    /// None when the signal has ended: its memory is then freed.
    stream: Option<Either<A, B>>,
    /// What a flush after the end gives: empty arrays.
    ended: Vec<Values>,
    latency: usize,
    bytes: i64,
}

impl<A: Stream<f32>, B: Stream<f64>> Online<A, B> {
    /// Opens a stream: `single` for blocks of float32, `double` for float64.
    pub fn open(
        env: Env,
        float32: bool,
        single: impl FnOnce() -> Result<A>,
        double: impl FnOnce() -> Result<B>,
    ) -> napi::Result<Self> {
        let stream = caught(|| if float32 { single().map(Either::A) } else { double().map(Either::B) })?;
        let (latency, bytes) = match &stream {
            Either::A(stream) => (stream.latency_samples(), stream.bytes()),
            Either::B(stream) => (stream.latency_samples(), stream.bytes()),
        };
        let bytes = bytes as i64;
        env.adjust_external_memory(bytes)?;
        Ok(Self { stream: Some(stream), ended: Vec::new(), latency, bytes })
    }

    /// The stream of the core; none after its end.
    pub fn stream(&self) -> Option<&Either<A, B>> {
        self.stream.as_ref()
    }

    pub fn accept(&mut self, block: Samples<'_>) -> napi::Result<Vec<Values>> {
        caught(|| match (self.stream.as_mut().ok_or_else(Error::after_flush)?, block) {
            (Either::A(stream), Either::A(block)) => stream.accept(block),
            (Either::B(stream), Either::B(block)) => stream.accept(block),
            _ => Err(Error::argument("block", "of the stream's element type", "the other one")),
        })
    }

    pub fn flush(&mut self, env: Env) -> napi::Result<Vec<Values>> {
        let Some(stream) = &mut self.stream else {
            return Ok(self.ended.iter().map(Values::emptied).collect());
        };
        let rest = caught(|| match stream {
            Either::A(stream) => stream.flush(),
            Either::B(stream) => stream.flush(),
        })?;
        self.ended = rest.iter().map(Values::emptied).collect();
        self.close(env)?;
        Ok(rest)
    }

    /// Resets the stream; a stream that has ended stays ended.
    pub fn reset(&mut self) {
        match &mut self.stream {
            Some(Either::A(stream)) => stream.reset(),
            Some(Either::B(stream)) => stream.reset(),
            None => {}
        }
    }

    pub fn latency_samples(&self) -> f64 {
        self.latency as f64
    }

    /// Frees the memory.
    pub fn close(&mut self, env: Env) -> napi::Result<()> {
        match self.stream.take() {
            Some(_) => env.adjust_external_memory(-self.bytes).map(|_| ()),
            None => Ok(()),
        }
    }
}

/// Makes a stream of the core a [`Stream`]: `stream!(OnlineYin)`, with further methods after a comma.
#[macro_export]
macro_rules! stream {
    ($online:ident $(, $($more:tt)*)?) => {
        impl<T: $crate::values::Sample> $crate::online::Stream<T> for $online<T> {
            fn accept(&mut self, block: &[T]) -> dsp_core::Result<Vec<$crate::values::Values>> {
                $crate::online::Completed::completed(self.accept(block))
            }

            fn flush(&mut self) -> dsp_core::Result<Vec<$crate::values::Values>> {
                $crate::online::Completed::completed(self.flush())
            }

            fn reset(&mut self) {
                self.reset();
            }

            fn latency_samples(&self) -> usize {
                self.latency_samples()
            }

            $($($more)*)?
        }
    };
}

/// What a block or the end of a stream completes, where that can fail and where it cannot.
pub trait Completed {
    fn completed(self) -> Result<Vec<Values>>;
}

impl<R: IntoValues> Completed for R {
    fn completed(self) -> Result<Vec<Values>> {
        Ok(self.into_values())
    }
}

impl<R: IntoValues> Completed for Result<R> {
    fn completed(self) -> Result<Vec<Values>> {
        self.map(IntoValues::into_values)
    }
}

/// Exports the methods of a stream's object: `stream_methods!(YinStream)` where
/// `#[napi(custom_finalize)] struct YinStream(Online<…>)`.
#[macro_export]
macro_rules! stream_methods {
    ($class:ident) => {
        impl napi::bindgen_prelude::ObjectFinalize for $class {
            fn finalize(mut self, env: napi::Env) -> napi::Result<()> {
                self.0.close(env)
            }
        }

        #[napi_derive::napi]
        impl $class {
            /// Accepts a block and returns what it completes.
            #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
            pub fn accept(
                &mut self,
                #[napi(ts_arg_type = "Float32Array | Float64Array")] block: $crate::values::Samples<'_>,
            ) -> napi::Result<Vec<$crate::values::Values>> {
                self.0.accept(block)
            }

            /// Ends the signal, returns the rest and frees the memory.
            #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
            pub fn flush(&mut self, env: napi::Env) -> napi::Result<Vec<$crate::values::Values>> {
                self.0.flush(env)
            }

            /// Resets the stream; a stream that has ended stays ended.
            #[napi(catch_unwind)]
            pub fn reset(&mut self) {
                self.0.reset();
            }

            /// Samples that must arrive after an instant before its result is returned.
            #[napi(getter, catch_unwind)]
            pub fn latency_samples(&self) -> f64 {
                self.0.latency_samples()
            }
        }
    };
}
