//! What every reader of a format has in common: what it says of a file, how samples come, and its errors.

use dsp_core::{Error, Result};

/// More channels than libsndfile accepts are a damaged header.
pub const MAX_CHANNELS: usize = 1024;
/// Rates above are a damaged header.
pub const MAX_RATE: u32 = 100_000_000;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// Container: `wav rf64 w64 aiff aifc au caf sphere flac ogg mp3`.
    pub format: &'static str,
    /// How a sample is written: `pcm-u8 pcm-s16 float32 ulaw vorbis …`.
    pub encoding: String,
    pub channels: usize,
    pub sample_rate: u32,
    /// Samples a channel, where known before decoding.
    pub samples: Option<u64>,
    /// Samples a channel that the header states and the input lacks, because it was cut short.
    pub missing: u64,
}

/// An open file from which samples come a piece at a time.
pub trait Decoder: Send {
    fn info(&self) -> &Info;

    /// Appends the next samples to every channel and returns how many a channel; 0 at the end.
    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize>;

    /// Counts the samples a channel that remain, without decoding them where that is possible.
    fn count(&mut self) -> Result<u64> {
        let mut scratch = vec![Vec::new(); self.info().channels];
        let mut total = 0;
        loop {
            scratch.iter_mut().for_each(Vec::clear);
            match self.read(&mut scratch)? {
                0 => return Ok(total),
                n => total += n as u64,
            }
        }
    }
}

/// `ERR_DSP_FORMAT` of the argument `input`.
pub(crate) fn format_error(
    expected: impl std::fmt::Display,
    actual: impl std::fmt::Display,
    message: impl Into<String>,
) -> Error {
    Error::format("input", expected, actual, message)
}

/// `ERR_DSP_IO`: the operating system's word.
pub(crate) fn io_error(error: &std::io::Error) -> Error {
    let text = error.to_string();
    Error::new("ERR_DSP_IO", "input", "readable input", &text, format!("the input cannot be read: {text}"))
}

/// Refuses channel counts and rates that no audio has.
pub(crate) fn check_stream(channels: u64, rate: u64) -> Result<()> {
    if channels == 0 || channels > MAX_CHANNELS as u64 {
        let message = format!("the header claims {channels} channels; 1 to {MAX_CHANNELS} are possible");
        return Err(format_error(format!("1 to {MAX_CHANNELS} channels"), channels, message));
    }
    if rate == 0 || rate > u64::from(MAX_RATE) {
        let message = format!("the header claims a sample rate of {rate} Hz; 1 to {MAX_RATE} are possible");
        return Err(format_error(format!("a sample rate of 1 to {MAX_RATE} Hz"), rate, message));
    }
    Ok(())
}
