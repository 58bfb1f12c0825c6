//! Constant-Q transforms, chroma and tuning: [`ChromaPlan`] holds the options of one function and runs it.

mod banks;
mod online;

use crate::closable::Closable;
use crate::options::JsOptions;
use crate::plan::Plan;
use crate::plan_methods;
use crate::task::caught;
use crate::values::{IntoValues, Sample, Samples, Values};
use dsp_core::chroma::{self, CensOptions, ChromaCqtOptions, ChromaStftOptions, ChromaVqtOptions};
use dsp_core::cqt::{self, CqtOptions, Fit, IcqtOptions, PseudoCqtOptions, VqtOptions};
use dsp_core::librosa::Librosa;
use dsp_core::options::{FromOption, Source, read};
use dsp_core::tuning::{self, PiptrackOptions, TuningOptions};
use dsp_core::{Error, Result, batch};
use napi::bindgen_prelude::{Either, Object};
use napi_derive::napi;
use std::sync::Arc;

/// A function with its options.
enum Function {
    Cqt(CqtOptions),
    Vqt(VqtOptions),
    HybridCqt(CqtOptions),
    PseudoCqt(PseudoCqtOptions),
    Icqt(IcqtOptions),
    ChromaCqt(ChromaCqtOptions),
    ChromaCqtFromCqt(ChromaCqtOptions),
    ChromaVqt(ChromaVqtOptions),
    ChromaVqtFromVqt(ChromaVqtOptions),
    ChromaCens(CensOptions),
    ChromaCensFromCqt(CensOptions),
    ChromaStft(ChromaStftOptions),
    ChromaStftFromSpectrogram(ChromaStftOptions),
    Tonnetz(ChromaCqtOptions),
    TonnetzFromChroma,
    Piptrack(PiptrackOptions),
    PiptrackFromSpectrogram(PiptrackOptions),
    EstimateTuning(TuningOptions),
    EstimateTuningFromSpectrogram(TuningOptions),
}

impl Function {
    fn run<T: Sample>(&self, x: &[T], rows: usize, columns: usize, threads: bool) -> Result<Vec<Values>> {
        match self {
            Self::Cqt(options) => return fitted(x, columns, options, threads, cqt::cqt),
            Self::Vqt(options) => return fitted(x, columns, options, threads, cqt::vqt),
            Self::HybridCqt(options) => return fitted(x, columns, options, threads, cqt::hybrid_cqt),
            Self::PseudoCqt(options) => return fitted(x, columns, options, threads, cqt::pseudo_cqt),
            Self::Icqt(options) => cqt::icqt(x, rows, columns, options, Librosa::default(), threads),
            Self::ChromaCqt(options) => chroma::chroma_cqt(x, columns, options, threads),
            Self::ChromaCqtFromCqt(options) => chroma::chroma_cqt_from_cqt(x, rows, columns, options),
            Self::ChromaVqt(options) => chroma::chroma_vqt(x, columns, options, threads),
            Self::ChromaVqtFromVqt(options) => chroma::chroma_vqt_from_vqt(x, rows, columns, options),
            Self::ChromaCens(options) => chroma::chroma_cens(x, columns, options, threads),
            Self::ChromaCensFromCqt(options) => chroma::chroma_cens_from_cqt(x, rows, columns, options),
            Self::ChromaStft(options) => chroma::chroma_stft(x, columns, options, threads),
            Self::ChromaStftFromSpectrogram(options) => {
                chroma::chroma_stft_from_spectrogram(x, rows, columns, options, threads)
            }
            Self::Tonnetz(options) => chroma::tonnetz(x, columns, options, threads),
            Self::TonnetzFromChroma => chroma::tonnetz_from_chroma(x, rows, columns),
            Self::Piptrack(options) => {
                return tuning::piptrack(x, columns, options, threads).map(IntoValues::into_values);
            }
            Self::PiptrackFromSpectrogram(options) => {
                return tuning::piptrack_from_spectrogram(x, rows, columns, options, threads)
                    .map(IntoValues::into_values);
            }
            Self::EstimateTuning(options) => {
                return tuning::try_estimate_tuning(x, columns, options, threads).map(number);
            }
            Self::EstimateTuningFromSpectrogram(options) => {
                return tuning::estimate_tuning_from_spectrogram(x, rows, columns, options, threads).map(number);
            }
        }
        .map(IntoValues::into_values)
    }
}

/// A transform; and the number of its filters, where it is not among the options.
fn fitted<T: Sample, O: Fit>(
    x: &[T],
    samples: usize,
    options: &O,
    threads: bool,
    transform: impl Fn(&[T], usize, &O, bool) -> Result<Vec<T>>,
) -> Result<Vec<Values>> {
    if options.n_bins().is_some() {
        return transform(x, samples, options, threads).map(IntoValues::into_values);
    }
    let options = options.fit(x, samples, threads)?;
    let mut values = transform(x, samples, &options, threads)?.into_values();
    values.extend(number(options.n_bins().map(|bins| bins as f64)));
    Ok(values)
}

/// One number; none where there is nothing to take it from.
fn number(value: Option<f64>) -> Vec<Values> {
    vec![Values::F64(value.into_iter().collect())]
}

/// The option `dtype`: the precision of the results, if it is not the input's.
#[derive(Clone, Copy)]
enum Dtype {
    Single,
    Double,
}

impl FromOption for Dtype {
    fn from_option(source: &dyn Source, name: &str) -> Result<Self> {
        match String::from_option(source, name)?.as_str() {
            "float32" | "complex64" => Ok(Self::Single),
            "float64" | "complex128" => Ok(Self::Double),
            other => Err(Error::argument(name, "float32, float64, complex64 or complex128", other)),
        }
    }
}

/// A function, and the precision of its results.
#[derive(Clone)]
struct Typed {
    function: Arc<Function>,
    dtype: Option<Dtype>,
}

impl Typed {
    fn run_shared<T: Sample>(&self, x: &[T], rows: usize, columns: usize, threads: bool) -> Result<Vec<Values>> {
        match self.dtype {
            Some(Dtype::Double) if size_of::<T>() < size_of::<f64>() => {
                let x: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
                self.function.run(&x, rows, columns, threads)
            }
            Some(Dtype::Single) => Ok(self.function.run(x, rows, columns, threads)?.into_iter().map(rounded).collect()),
            _ => self.function.run(x, rows, columns, threads),
        }
    }
}

fn rounded(values: Values) -> Values {
    match values {
        Values::F64(values) => Values::F32(values.into_iter().map(|value| value as f32).collect()),
        single => single,
    }
}

impl Plan for Typed {
    fn run<T: Sample>(&mut self, x: &[T], rows: usize, columns: usize, threads: bool) -> Result<Vec<Values>> {
        self.run_shared(x, rows, columns, threads)
    }

    fn batch<T: Sample>(&mut self, signals: &[&[T]]) -> Result<Vec<Values>> {
        let run = |i: usize| self.run_shared(signals[i], 1, signals[i].len(), true);
        Ok(batch(signals.len(), run, true)?.into_iter().flatten().collect())
    }
}

/// A function with its options. It gives one array; `piptrack` two, pitches and magnitudes.
#[napi]
pub struct ChromaPlan(Closable<Typed>);

impl ChromaPlan {
    fn new<O: FromOption>(options: Object<'_>, function: impl Fn(O) -> Function) -> napi::Result<Self> {
        caught(|| {
            let source = JsOptions(options);
            let function = Arc::new(function(read(&source)?));
            Ok(Self(Closable::new(Typed { function, dtype: Option::from_option(&source, "dtype")? })))
        })
    }
}
plan_methods!(ChromaPlan);

macro_rules! factories {
    ($($name:ident => $function:ident;)*) => {
        #[napi]
        impl ChromaPlan {
            $(
                #[doc = concat!("`", stringify!($name), "` with these options.")]
                #[napi(factory, catch_unwind)]
                pub fn $name(#[napi(ts_arg_type = "object")] options: Object<'_>) -> napi::Result<Self> {
                    Self::new(options, Function::$function)
                }
            )*

            /// `tonnetz` of chroma.
            #[napi(factory, catch_unwind)]
            pub fn tonnetz_from_chroma() -> Self {
                Self(Closable::new(Typed { function: Arc::new(Function::TonnetzFromChroma), dtype: None }))
            }
        }
    };
}
factories! {
    cqt => Cqt;
    vqt => Vqt;
    hybrid_cqt => HybridCqt;
    pseudo_cqt => PseudoCqt;
    icqt => Icqt;
    chroma_cqt => ChromaCqt;
    chroma_cqt_from_cqt => ChromaCqtFromCqt;
    chroma_vqt => ChromaVqt;
    chroma_vqt_from_vqt => ChromaVqtFromVqt;
    chroma_cens => ChromaCens;
    chroma_cens_from_cqt => ChromaCensFromCqt;
    chroma_stft => ChromaStft;
    chroma_stft_from_spectrogram => ChromaStftFromSpectrogram;
    tonnetz => Tonnetz;
    piptrack => Piptrack;
    piptrack_from_spectrogram => PiptrackFromSpectrogram;
    estimate_tuning => EstimateTuning;
    estimate_tuning_from_spectrogram => EstimateTuningFromSpectrogram;
}

/// The tuning of frequencies; none if none of them is positive.
#[napi(catch_unwind)]
pub fn pitch_tuning(
    #[napi(ts_arg_type = "Float32Array | Float64Array")] frequencies: Samples<'_>,
    #[napi(ts_arg_type = "object")] options: Object<'_>,
) -> napi::Result<Option<f64>> {
    caught(|| {
        let options = read(&JsOptions(options))?;
        match frequencies {
            Either::A(frequencies) => tuning::pitch_tuning(frequencies, &options),
            Either::B(frequencies) => tuning::pitch_tuning(frequencies, &options),
        }
    })
}
