//! Decoding.

use crate::array::IntoArrays;
use crate::error::raised;
use dsp_codec::{Info, MAX_SAMPLES, Source};
use dsp_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::{Path, PathBuf};

/// Where the bytes of a file are.
#[derive(FromPyObject)]
pub enum Input<'py> {
    #[pyo3(transparent, annotation = "bytes")]
    Bytes(Bound<'py, PyBytes>),
    #[pyo3(transparent, annotation = "path")]
    Path(PathBuf),
}

/// Decoded audio, and what a file lacks.
pub struct Sound {
    pub channels: Vec<Vec<f32>>,
    pub rate: u32,
    /// What is missing at the end of a file that was cut short, in words.
    pub lack: Option<String>,
}

/// What is missing, in words.
fn lack(info: &Info) -> Option<String> {
    match (info.missing, info.cut_at) {
        (0, None) => None,
        (0, Some(second)) => {
            Some(format!("its last page or frame is cut, and samples after {second:.3} s are missing"))
        }
        (missing, _) => Some(format!("it lacks {missing} of the samples per channel that its header states")),
    }
}

/// The error with the advice that holds for Python, which has no blocks to read.
fn with_advice(error: Error) -> Error {
    let message = error
        .message()
        .replace("read it in blocks (readBlocks) or cut it into shorter files", "decode it in parts, by start and stop")
        .replace(
            "read the file as blocks, which tell their rate, or split it",
            "decode what is before it, by stop, or split the file",
        );
    Error::new(error.code, error.argument, error.expected, error.actual, message)
}

/// Decodes the samples from `start` up to `stop`, or to the end.
pub fn sound(source: Source, start: usize, stop: Option<usize>) -> Result<Sound> {
    if start == 0 && stop.is_none() {
        let (info, channels) = dsp_codec::decode(source).map_err(with_advice)?;
        return Ok(Sound { channels, rate: info.sample_rate, lack: lack(&info) });
    }
    let mut decoder = dsp_codec::open(source)?;
    let Info { channels: count, sample_rate: rate, .. } = *decoder.info();
    let stop = stop.unwrap_or(usize::MAX);
    let limit = MAX_SAMPLES / count;
    let mut channels = vec![Vec::new(); count];
    // The position in the file of what comes first in `channels`.
    let mut at = 0;
    while at + channels[0].len() < stop {
        if decoder.read(&mut channels)? == 0 {
            if decoder.next_link()? {
                let message = format!(
                    "the channels or the rate of the chained file change at sample {}: stop there, or split the file",
                    at + channels[0].len()
                );
                return Err(Error::format("input", "one rate and number of channels", "several", message));
            }
            break;
        }
        let before = start.saturating_sub(at).min(channels[0].len());
        if before > 0 {
            channels.iter_mut().for_each(|channel| drop(channel.drain(..before)));
            at += before;
        }
        if channels[0].len() > limit {
            let message = format!(
                "more than {limit} samples in each of {count} channels are too many for one call: ask for fewer by start and stop"
            );
            return Err(Error::new("ERR_DSP_TOO_LONG", "input", format!("at most {limit} samples"), "more", message));
        }
    }
    // What lies before the end that was asked for is whole, whatever is missing behind it.
    let lack = if at + channels[0].len() < stop { lack(decoder.info()) } else { None };
    channels.iter_mut().for_each(|channel| channel.truncate(stop.saturating_sub(at.max(start))));
    Ok(Sound { channels, rate, lack })
}

/// Decodes a file: its channels one after another, how many there are, the rate, and what is missing at the end.
#[pyfunction]
pub fn decode<'py>(
    py: Python<'py>,
    input: Input<'py>,
    start: usize,
    stop: Option<usize>,
) -> PyResult<(Bound<'py, PyAny>, usize, u32, Option<String>)> {
    let decoded = match &input {
        Input::Path(path) => raised(py, || py.detach(|| sound(Source::path(Path::new(path))?, start, stop))),
        Input::Bytes(bytes) => {
            let bytes = bytes.as_bytes();
            raised(py, || py.detach(|| sound(Source::bytes(bytes.to_vec()), start, stop)))
        }
    };
    let Sound { mut channels, rate, lack } = decoded?;
    let count = channels.len();
    let samples = if count == 1 { channels.swap_remove(0) } else { channels.concat() };
    Ok((samples.into_arrays(py)?, count, rate, lack))
}
