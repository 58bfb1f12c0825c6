//! The shape of every binding: an object that holds a plan, with `run`, `runAsync`, `batch`, `batchAsync` and `close`.

use crate::batch::{Batch, Borrowed, OwnedBatch, Signals};
use crate::closable::Closable;
use crate::job::Job;
use crate::options::count;
use crate::task::caught;
use crate::values::{Owned, Sample, Samples, Values};
use dsp_core::Error;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either};
use std::ops::Deref;

/// Options with the tables made of them. A clone shares its tables.
pub trait Plan: Clone + Send + 'static {
    /// Runs over channels of `rows * columns` values; a signal's samples are one row.
    fn run<T: Sample>(&mut self, x: &[T], rows: usize, columns: usize, threads: bool) -> dsp_core::Result<Vec<Values>>;

    /// Runs over signals of one channel each, on all cores: the arrays of each, one after another. Functions of spectrograms
    /// have no batch form.
    fn batch<T: Sample>(&mut self, _signals: &[&[T]]) -> dsp_core::Result<Vec<Values>> {
        Err(Error::argument("signals", "spectrograms, one at a time", "a batch"))
    }
}

/// The methods of a plan's object, whatever the plan is.
impl<P: Plan> Closable<P> {
    pub fn run(&self, x: Samples<'_>, rows: f64, columns: f64) -> napi::Result<Vec<Values>> {
        let (rows, columns) = (count(rows), count(columns));
        caught(|| {
            self.with(|plan| match x {
                Either::A(x) => plan.run(x, rows, columns, false),
                Either::B(x) => plan.run(x, rows, columns, false),
            })
        })
    }

    pub fn run_async(
        &self,
        x: Samples<'_>,
        rows: f64,
        columns: f64,
        signal: Option<AbortSignal>,
    ) -> napi::Result<AsyncTask<Job>> {
        let (mut plan, x) = (caught(|| self.cloned())?, Owned::from(x));
        let (rows, columns) = (count(rows), count(columns));
        Ok(Job::start(signal, move || match x {
            Owned::F32(x) => plan.run(&x, rows, columns, true),
            Owned::F64(x) => plan.run(&x, rows, columns, true),
        }))
    }

    pub fn batch(&self, signals: Signals) -> napi::Result<Vec<Values>> {
        caught(|| {
            let signals = Borrowed::new(signals)?;
            self.with(|plan| run_batch(plan, &signals))
        })
    }

    pub fn batch_async(&self, signals: Signals, signal: Option<AbortSignal>) -> napi::Result<AsyncTask<Job>> {
        let (mut plan, signals): (P, OwnedBatch) = caught(|| Ok((self.cloned()?, Borrowed::new(signals)?.copied())))?;
        Ok(Job::start(signal, move || run_batch(&mut plan, &signals)))
    }
}

fn run_batch<P, A, B>(plan: &mut P, signals: &Batch<A, B>) -> dsp_core::Result<Vec<Values>>
where
    P: Plan,
    A: Deref<Target = [f32]>,
    B: Deref<Target = [f64]>,
{
    match signals {
        Batch::F32(signals) => plan.batch(&signals.iter().map(|signal| &**signal).collect::<Vec<_>>()),
        Batch::F64(signals) => plan.batch(&signals.iter().map(|signal| &**signal).collect::<Vec<_>>()),
    }
}

/// Exports the methods of a plan's object: `plan_methods!(YinPlan)` where `struct YinPlan(Closable<impl Plan>)`.
#[macro_export]
macro_rules! plan_methods {
    ($class:ident) => {
        #[napi_derive::napi]
        impl $class {
            /// Runs over channels of `rows * columns` values; a signal's samples are one row.
            #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
            pub fn run(
                &self,
                #[napi(ts_arg_type = "Float32Array | Float64Array")] x: $crate::values::Samples<'_>,
                rows: f64,
                columns: f64,
            ) -> napi::Result<Vec<$crate::values::Values>> {
                self.0.run(x, rows, columns)
            }

            /// The same on all cores, off the main thread.
            #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
            pub fn run_async(
                &self,
                #[napi(ts_arg_type = "Float32Array | Float64Array")] x: $crate::values::Samples<'_>,
                rows: f64,
                columns: f64,
                signal: Option<napi::bindgen_prelude::AbortSignal>,
            ) -> napi::Result<napi::bindgen_prelude::AsyncTask<$crate::job::Job>> {
                self.0.run_async(x, rows, columns, signal)
            }

            /// Runs over many signals of one channel, on all cores: the arrays of each, one after another.
            #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
            pub fn batch(
                &self,
                #[napi(ts_arg_type = "Array<Float32Array | Float64Array>")] signals: $crate::batch::Signals,
            ) -> napi::Result<Vec<$crate::values::Values>> {
                self.0.batch(signals)
            }

            /// The same off the main thread.
            #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
            pub fn batch_async(
                &self,
                #[napi(ts_arg_type = "Array<Float32Array | Float64Array>")] signals: $crate::batch::Signals,
                signal: Option<napi::bindgen_prelude::AbortSignal>,
            ) -> napi::Result<napi::bindgen_prelude::AsyncTask<$crate::job::Job>> {
                self.0.batch_async(signals, signal)
            }

            /// Frees the tables: for a plan that will not be used again.
            #[napi(catch_unwind)]
            pub fn close(&self) {
                self.0.close();
            }
        }
    };
}
