//! Constant-Q transforms, chroma and tuning, in float32 and float64: [`ChromaWork`] holds the options of one function and
//! runs it.

mod banks;
mod online;
mod parameters;

use crate::array::InV8;
use crate::closable::Closable;
use crate::job::Job;
use crate::options::count;
use crate::task::caught;
use crate::values::{IntoValues, Owned, Samples, Values};
use dsp_core::chroma::{self, CensOptions, ChromaCqtOptions, ChromaStftOptions, ChromaVqtOptions};
use dsp_core::cqt::{self, CqtOptions};
use dsp_core::tuning::{self, PiptrackOptions, TuningOptions};
use napi::Result;
use napi::bindgen_prelude::{AbortSignal, AsyncTask, Either, Float32Array, Float64Array};
use napi_derive::napi;
use parameters::*;
use std::sync::Arc;

/// A function and its options.
enum Work {
    Vqt(CqtOptions),
    HybridCqt(CqtOptions),
    PseudoCqt(CqtOptions),
    Icqt(CqtOptions, Option<usize>),
    ChromaCqt(ChromaCqtOptions),
    ChromaCqtFrom(ChromaCqtOptions),
    ChromaVqt(ChromaVqtOptions),
    ChromaVqtFrom(ChromaVqtOptions),
    ChromaCens(CensOptions),
    ChromaCensFrom(CensOptions),
    ChromaStft(ChromaStftOptions),
    ChromaStftFrom(ChromaStftOptions),
    Tonnetz(ChromaCqtOptions),
    TonnetzFrom,
    Piptrack(PiptrackOptions),
    PiptrackFrom(PiptrackOptions),
    Tuning(TuningOptions),
    TuningFrom(TuningOptions),
}

impl Work {
    /// Runs over channels of `columns` samples, or of `rows` rows of `columns` values.
    fn run<T: crate::values::Sample>(
        &self,
        y: &[T],
        rows: usize,
        columns: usize,
        threads: bool,
    ) -> dsp_core::Result<Vec<Values>> {
        let one = |values: dsp_core::Result<Vec<T>>| values.map(IntoValues::into_values);
        match self {
            Self::Vqt(options) => one(cqt::vqt(y, columns, options, threads)),
            Self::HybridCqt(options) => one(cqt::hybrid_cqt(y, columns, options, threads)),
            Self::PseudoCqt(options) => one(cqt::pseudo_cqt(y, columns, options, threads)),
            Self::Icqt(options, length) => {
                let options = CqtOptions { n_bins: rows, ..options.clone() };
                one(cqt::icqt(y, columns, &options, *length, threads))
            }
            Self::ChromaCqt(options) => one(chroma::chroma_cqt(y, columns, options, threads)),
            Self::ChromaCqtFrom(options) => one(chroma::chroma_cqt_from_cqt(y, rows, columns, options)),
            Self::ChromaVqt(options) => one(chroma::chroma_vqt(y, columns, options, threads)),
            Self::ChromaVqtFrom(options) => one(chroma::chroma_vqt_from_vqt(y, rows, columns, options)),
            Self::ChromaCens(options) => one(chroma::chroma_cens(y, columns, options, threads)),
            Self::ChromaCensFrom(options) => one(chroma::chroma_cens_from_cqt(y, rows, columns, options)),
            Self::ChromaStft(options) => one(chroma::chroma_stft(y, columns, options, threads)),
            Self::ChromaStftFrom(options) => {
                one(chroma::chroma_stft_from_spectrogram(y, rows, columns, options, threads))
            }
            Self::Tonnetz(options) => one(chroma::tonnetz(y, columns, options, threads)),
            Self::TonnetzFrom => one(chroma::tonnetz_from_chroma(y, rows, columns)),
            Self::Piptrack(options) => tuning::piptrack(y, columns, options, threads).map(IntoValues::into_values),
            Self::PiptrackFrom(options) => {
                tuning::piptrack_from_spectrogram(y, rows, columns, options, threads).map(IntoValues::into_values)
            }
            Self::Tuning(options) => tuning::try_estimate_tuning(y, columns, options, threads).map(number),
            Self::TuningFrom(options) => {
                tuning::estimate_tuning_from_spectrogram(y, rows, columns, options, threads).map(number)
            }
        }
    }

    /// The same in the precision that was asked for.
    fn in_precision(
        &self,
        y: Samples<'_>,
        shape: Shape,
        double: Option<bool>,
        threads: bool,
    ) -> dsp_core::Result<Vec<Values>> {
        let (rows, columns) = shape;
        match (y, double) {
            (Either::A(y), Some(true)) => {
                let y: Vec<f64> = y.iter().copied().map(f64::from).collect();
                self.run(&y, rows, columns, threads)
            }
            (Either::A(y), _) => self.run(y, rows, columns, threads),
            (Either::B(y), Some(false)) => Ok(self.run(y, rows, columns, threads)?.into_iter().map(round).collect()),
            (Either::B(y), _) => self.run(y, rows, columns, threads),
        }
    }
}

/// Rows and columns of a channel.
type Shape = (usize, usize);

/// One number; none where there is nothing to take it from.
fn number(value: Option<f64>) -> Vec<Values> {
    vec![Values::F64(value.into_iter().collect())]
}

fn round(values: Values) -> Values {
    match values {
        Values::F64(values) => Values::F32(values.into_iter().map(|value| value as f32).collect()),
        single => single,
    }
}

/// Typed arrays that JavaScript gave in a list.
type Signal = Either<Float32Array, Float64Array>;

/// A function with its options: made once, run on any number of signals.
#[napi]
pub struct ChromaWork(Closable<Arc<Work>>);

macro_rules! makers {
    ($($name:ident($($argument:ident: $type:ty),*) => $work:expr;)*) => {
        #[napi]
        impl ChromaWork {
            $(
                #[doc = concat!("`", stringify!($name), "` with these options.")]
                #[napi(factory, catch_unwind)]
                pub fn $name($($argument: $type),*) -> Result<Self> {
                    caught(|| Ok(Self(Closable::new(Arc::new($work)))))
                }
            )*
        }
    };
}
makers! {
    vqt(cqt: CqtParameters) => Work::Vqt(cqt.core()?);
    hybrid_cqt(cqt: CqtParameters) => Work::HybridCqt(cqt.core()?);
    pseudo_cqt(cqt: CqtParameters) => Work::PseudoCqt(cqt.core()?);
    icqt(cqt: CqtParameters, length: Option<f64>) => Work::Icqt(cqt.core()?, length.map(count));
    chroma_cqt(cqt: CqtParameters, fold: FoldParameters) => Work::ChromaCqt(chroma_cqt(cqt, fold)?);
    chroma_cqt_from(cqt: CqtParameters, fold: FoldParameters) => Work::ChromaCqtFrom(chroma_cqt(cqt, fold)?);
    chroma_vqt(vqt: CqtParameters, fold: FoldParameters) => Work::ChromaVqt(chroma_vqt(vqt, fold)?);
    chroma_vqt_from(vqt: CqtParameters, fold: FoldParameters) => Work::ChromaVqtFrom(chroma_vqt(vqt, fold)?);
    chroma_cens(cqt: CqtParameters, fold: FoldParameters, after: CensParameters) =>
        Work::ChromaCens(cens(cqt, fold, after)?);
    chroma_cens_from(cqt: CqtParameters, fold: FoldParameters, after: CensParameters) =>
        Work::ChromaCensFrom(cens(cqt, fold, after)?);
    chroma_stft(options: ChromaStftParameters) => Work::ChromaStft(options.core()?);
    chroma_stft_from(options: ChromaStftParameters) => Work::ChromaStftFrom(options.core()?);
    tonnetz(cqt: CqtParameters, fold: FoldParameters) => Work::Tonnetz(chroma_cqt(cqt, fold)?);
    tonnetz_from() => Work::TonnetzFrom;
    piptrack(options: PiptrackParameters) => Work::Piptrack(options.core()?);
    piptrack_from(options: PiptrackParameters) => Work::PiptrackFrom(options.core()?);
    tuning(piptrack: PiptrackParameters, resolution: f64, bins_per_octave: f64) =>
        Work::Tuning(tuning(piptrack, resolution, bins_per_octave)?);
    tuning_from(piptrack: PiptrackParameters, resolution: f64, bins_per_octave: f64) =>
        Work::TuningFrom(tuning(piptrack, resolution, bins_per_octave)?);
}

#[napi]
impl ChromaWork {
    /// Runs over channels of `columns` samples (`rows` then is 0) or of `rows` times `columns` values; the results' precision
    /// is the input's, or double or single where asked.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn run(&self, y: Samples<'_>, rows: f64, columns: f64, double: Option<bool>) -> Result<Vec<Values>> {
        caught(|| self.0.with(|work| work.in_precision(y, (count(rows), count(columns)), double, false)))
    }

    /// The same on all cores, off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
    pub fn run_async(
        &self,
        y: Samples<'_>,
        rows: f64,
        columns: f64,
        double: Option<bool>,
        signal: Option<AbortSignal>,
    ) -> Result<AsyncTask<Job>> {
        let (work, y, shape) = (caught(|| self.0.cloned())?, Owned::from(y), (count(rows), count(columns)));
        Ok(Job::start(signal, move || work.in_precision(borrow(&y), shape, double, true)))
    }

    /// Gives the options back: for a work that will not be run again.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }

    /// Many signals of one channel, on all cores: the results of each, one after another.
    #[napi(catch_unwind, ts_return_type = "Array<Float32Array | Float64Array>")]
    pub fn batch(&self, signals: Vec<Signal>, double: Option<bool>) -> Result<Vec<Values>> {
        let signals: Vec<Samples<'_>> = signals
            .iter()
            .map(|signal| match signal {
                Either::A(signal) => Either::A(&**signal),
                Either::B(signal) => Either::B(&**signal),
            })
            .collect();
        caught(|| self.0.with(|work| batch(work, &signals, double)))
    }

    /// The same off the main thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Array<Float32Array | Float64Array>>")]
    pub fn batch_async(
        &self,
        signals: Vec<Signal>,
        double: Option<bool>,
        signal: Option<AbortSignal>,
    ) -> Result<AsyncTask<Job>> {
        let work = caught(|| self.0.cloned())?;
        let signals: Vec<Owned> = signals
            .iter()
            .map(|signal| match signal {
                Either::A(signal) => Owned::F32(signal.to_vec()),
                Either::B(signal) => Owned::F64(signal.to_vec()),
            })
            .collect();
        Ok(Job::start(signal, move || batch(&work, &signals.iter().map(borrow).collect::<Vec<_>>(), double)))
    }
}

fn borrow(samples: &Owned) -> Samples<'_> {
    match samples {
        Owned::F32(samples) => Either::A(samples),
        Owned::F64(samples) => Either::B(samples),
    }
}

fn batch(work: &Work, signals: &[Samples<'_>], double: Option<bool>) -> dsp_core::Result<Vec<Values>> {
    let run = |i: usize| {
        let samples = match signals[i] {
            Either::A(signal) => signal.len(),
            Either::B(signal) => signal.len(),
        };
        work.in_precision(signals[i], (0, samples), double, true)
    };
    let results = dsp_core::batch(signals.len(), run, true);
    Ok(results?.into_iter().flatten().collect())
}

/// The tuning of frequencies; none where none of them is positive.
#[napi(catch_unwind)]
pub fn pitch_tuning(frequencies: Samples<'_>, resolution: f64, bins_per_octave: f64) -> Result<Option<f64>> {
    caught(|| match frequencies {
        Either::A(frequencies) => tuning::pitch_tuning(frequencies, resolution, count(bins_per_octave)),
        Either::B(frequencies) => tuning::pitch_tuning(frequencies, resolution, count(bins_per_octave)),
    })
}

/// Single-precision values on their way to JavaScript.
type Singles = InV8<f32>;
