//! What every reader of a format has in common: what it says of a file, how samples come, and its errors.

use dsp_core::{Error, Result};

/// More channels than libsndfile accepts are a damaged header.
pub const MAX_CHANNELS: usize = 1024;
/// Rates above are a damaged header.
pub const MAX_RATE: u32 = 100_000_000;

/// What a file says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// The second after which samples are missing because the input ends inside a page or a frame, if nothing tells how many.
    pub cut_at: Option<f64>,
    /// The links of a chained file, where there are more than one and they were counted.
    pub links: Vec<Link>,
}

/// One of several sounds that follow each other in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub encoding: String,
    pub channels: usize,
    pub sample_rate: u32,
    /// Samples a channel.
    pub samples: u64,
}

/// An open file from which samples come a piece at a time.
pub trait Decoder: Send {
    fn info(&self) -> &Info;

    /// Appends the next samples to every channel and returns how many a channel; 0 at the end, and where the channels or the
    /// rate change.
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

    /// Goes on behind a change of channels or rate, where [`Decoder::info`] then tells the new ones; false at the end.
    fn next_link(&mut self) -> Result<bool> {
        Ok(false)
    }

    /// The links that were begun, with the samples that they gave so far; none where a file has only one.
    fn links(&self) -> &[Link] {
        &[]
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

/// A change of channels or rate, after `given` samples, where the whole is to be decoded as one piece.
pub(crate) fn changed(from: &Info, to: &Info, given: usize, link: usize) -> Error {
    let shape = |info: &Info| format!("{} channels at {} Hz", info.channels, info.sample_rate);
    let seconds = given as f64 / f64::from(from.sample_rate);
    let message = format!(
        "link {link} of the chained {} file, from {seconds:.3} s (sample {given}) on, has {} and what is before it {}: read the \
         file as blocks, which tell their rate, or split it",
        from.format,
        shape(to),
        shape(from),
    );
    format_error(shape(from), shape(to), message)
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
