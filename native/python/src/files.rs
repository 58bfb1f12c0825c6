//! Features of many files, on many threads, while the interpreter goes on.

use crate::array::IntoArrays;
use crate::codec::{Sound, sound};
use crate::error::exception;
use crate::kaldi::fbank_tables;
use crate::threads::get_num_threads;
use dsp_codec::Source;
use dsp_core::kaldi::Extractor;
use dsp_core::resample::{self, Method};
use dsp_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How long an interrupt from the keyboard may wait to be noticed.
const PATIENCE: Duration = Duration::from_millis(50);

/// What is made of every file.
struct Work<'a> {
    extractor: &'a Extractor,
    channel: usize,
    resample: bool,
}

/// The features of a file, and what the file lacks.
type Features = (Vec<f32>, Option<String>);

impl Work<'_> {
    fn of(&self, path: &Path) -> Result<Features> {
        let Sound { mut channels, rate, lack } = sound(Source::path(path)?, 0, None)?;
        let count = channels.len();
        if self.channel >= count {
            let expected = format!("below {count}, the number of channels");
            return Err(Error::argument("channel", expected, self.channel));
        }
        let samples = channels.swap_remove(self.channel);
        let wanted = self.extractor.options().frames.sample_frequency;
        if f64::from(rate) == wanted {
            return Ok((self.extractor.compute(&samples)?, lack));
        }
        if !self.resample {
            let message =
                format!("the sample rate is {rate} Hz, not sample_frequency={wanted}; resample=True converts it");
            return Err(Error::new(
                "ERR_DSP_ARGUMENT",
                "sampleFrequency",
                rate.to_string(),
                wanted.to_string(),
                message,
            ));
        }
        let options = resample::Options {
            orig_freq: rate,
            new_freq: wanted as u32,
            resampling_method: Method::Hann,
            lowpass_filter_width: 6,
            rolloff: 0.99,
            beta: 0.0,
        };
        let samples = resample::resample(&samples, samples.len(), &options)?;
        Ok((self.extractor.compute(&samples)?, lack))
    }

    /// A panic is the error of the file that caused it.
    fn caught(&self, path: &Path) -> Result<Features> {
        catch_unwind(AssertUnwindSafe(|| self.of(path))).unwrap_or_else(|_| {
            let message = "the native core failed; please report it";
            Err(Error::new("ERR_DSP_INTERNAL", "input", "audio", "a panic", message))
        })
    }
}

/// The features of every file: `(array, columns, lack)`, flat, or an exception. With `all` false what comes after the first
/// file that fails may be None instead. `done` is called with the number of files that are done.
#[pyfunction]
pub fn fbank_files<'py>(
    py: Python<'py>,
    paths: Vec<PathBuf>,
    options: &Bound<'py, PyDict>,
    channel_index: usize,
    resample: bool,
    all: bool,
    done: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let extractor = fbank_tables(py, options)?;
    let work = Work { extractor: &extractor, channel: channel_index, resample };
    let mut results: Vec<Option<Result<Features>>> = (0..paths.len()).map(|_| None).collect();
    let done = done.map(Bound::unbind);
    py.detach(|| {
        run(&work, &paths, all, &mut results, |count| {
            Python::attach(|py| match &done {
                Some(done) if count > 0 => done.call1(py, (count,)).map(drop),
                _ => py.check_signals(),
            })
        })
    })?;
    let columns = extractor.columns();
    let list = results.into_iter().zip(&paths).map(|(result, path)| match result {
        None => Ok(py.None().into_bound(py)),
        Some(Ok((values, lack))) => Ok((values.into_arrays(py)?, columns, lack).into_pyobject(py)?.into_any()),
        Some(Err(error)) => named(py, &error, path),
    });
    PyList::new(py, list.collect::<PyResult<Vec<_>>>()?)
}

/// The error of a file as an exception that names it.
fn named<'py>(py: Python<'py>, error: &Error, path: &Path) -> PyResult<Bound<'py, PyAny>> {
    let raised = exception(py, error).into_value(py).into_bound(py);
    let text = raised.str()?.to_string();
    let shown = path.display().to_string();
    if !text.contains(&shown) {
        raised.setattr("args", (PyString::new(py, &format!("{shown}: {text}")),))?;
    }
    Ok(raised.into_any())
}

/// Works on all paths on as many threads as are wanted, and tells from this one how many are done; 0 where it only waited.
/// An error of `tell` ends the work.
fn run(
    work: &Work<'_>,
    paths: &[PathBuf],
    all: bool,
    results: &mut [Option<Result<Features>>],
    tell: impl Fn(usize) -> PyResult<()>,
) -> PyResult<()> {
    /// Far past the last file.
    const END: usize = usize::MAX / 2;
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(END));
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        for _ in 0..get_num_threads().min(paths.len()) {
            let (sender, next, failed) = (sender.clone(), &next, &failed);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    // What comes before a failure may fail yet and must be done.
                    if i >= paths.len() || i > failed.load(Ordering::Relaxed) {
                        break;
                    }
                    let result = work.caught(&paths[i]);
                    if result.is_err() && !all {
                        failed.fetch_min(i, Ordering::Relaxed);
                    }
                    if sender.send((i, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut count = 0;
        let mut wait = || loop {
            match receiver.recv_timeout(PATIENCE) {
                Ok((i, result)) => {
                    results[i] = Some(result);
                    count += 1;
                    tell(count)?;
                }
                Err(RecvTimeoutError::Timeout) => tell(0)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        };
        let told = wait();
        next.store(END, Ordering::Relaxed);
        told
    })
}
