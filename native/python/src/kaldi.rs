//! Kaldi's features of one channel.

use crate::array::Samples;
use crate::by_precision;
use crate::error::raised;
use crate::options::read;
use dsp_core::kaldi::{Extractor, Features, FrameOptions, Options};
use dsp_core::options::FromOption;
use dsp_core::simd::Real;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Arc, Mutex, PoisonError};

/// Tables that were used last: making them costs as much as the features of a second of speech.
static TABLES: Mutex<Vec<Arc<Extractor>>> = Mutex::new(Vec::new());
/// How many are kept.
const KEPT: usize = 8;

/// The tables of these options, which are made if they are not among those that were used last.
fn extractor(options: Options) -> dsp_core::Result<Arc<Extractor>> {
    let tables = || TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = tables().iter().find(|kept| *kept.options() == options).cloned();
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let made = Arc::new(Extractor::new(options)?);
    let mut tables = tables();
    tables.insert(0, made.clone());
    tables.truncate(KEPT);
    Ok(made)
}

/// The tables of one kind of features.
fn tables<O: FromOption>(
    py: Python<'_>,
    options: &Bound<'_, PyDict>,
    features: impl FnOnce(O) -> Features,
) -> PyResult<Arc<Extractor>> {
    let frames: FrameOptions = read(py, options)?;
    let features = features(read(py, options)?);
    raised(py, || extractor(Options { frames, features }))
}

/// The tables of filter bank energies.
pub fn fbank_tables(py: Python<'_>, options: &Bound<'_, PyDict>) -> PyResult<Arc<Extractor>> {
    tables(py, options, Features::Fbank)
}

/// A signal's features, `[frames, columns]`, flat; and the number of columns.
fn compute<'py>(py: Python<'py>, extractor: &Extractor, signal: &Samples<'py>) -> PyResult<(Bound<'py, PyAny>, usize)> {
    /// Results have the signal's precision.
    fn of<T: Real>(extractor: &Extractor, signal: &[T]) -> dsp_core::Result<Vec<T>> {
        extractor.compute(signal).map_err(|error| error.renamed("signal", "waveform"))
    }
    let values: Bound<'py, PyAny> = by_precision!(py, *signal, |signal, _parallel| of(extractor, signal))?;
    Ok((values, extractor.columns()))
}

/// A signal's filter bank energies, `[frames, columns]`, flat; and the number of columns.
#[pyfunction]
pub fn fbank<'py>(
    py: Python<'py>,
    signal: Samples<'py>,
    options: &Bound<'py, PyDict>,
) -> PyResult<(Bound<'py, PyAny>, usize)> {
    let extractor = fbank_tables(py, options)?;
    compute(py, &extractor, &signal)
}

/// A signal's cepstra, `[frames, columns]`, flat; and the number of columns.
#[pyfunction]
pub fn kaldi_mfcc<'py>(
    py: Python<'py>,
    signal: Samples<'py>,
    options: &Bound<'py, PyDict>,
) -> PyResult<(Bound<'py, PyAny>, usize)> {
    let extractor = tables(py, options, Features::Mfcc)?;
    compute(py, &extractor, &signal)
}

/// A signal's log power spectra, `[frames, columns]`, flat; and the number of columns.
#[pyfunction]
pub fn spectrogram<'py>(
    py: Python<'py>,
    signal: Samples<'py>,
    options: &Bound<'py, PyDict>,
) -> PyResult<(Bound<'py, PyAny>, usize)> {
    let frames: FrameOptions = read(py, options)?;
    let extractor = raised(py, || extractor(Options { frames, features: Features::Spectrogram }))?;
    compute(py, &extractor, &signal)
}
