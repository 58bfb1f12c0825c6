//! MP3: frames, parts and trims are found here; symphonia decodes the frames.
//!
//! A file may be several that were joined. Each begins with an information frame, which tells how many frames follow and what
//! the encoder added at both ends; what it tells is held against the frames that are there.

pub(crate) mod header;
mod tag;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use crate::codec::{Codec, keep};
use crate::decoder::{Decoder, Info, check_stream, format_error, io_error};
use crate::source::Source;
use crate::window::Window;
use dsp_core::{Error, Result};
use header::{Header, Kind, MAX_JUNK};
use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::default::codecs::MpaDecoder;
use tag::Information;

/// More samples than a part's last frames may be trimmed by: the extension has 12 bits for it.
const MAX_TRIM: u64 = 1 << 12;
/// Bytes between frames that are passed over: too few for a frame, as rounded frame lengths leave them.
const SLACK: usize = 3;

/// A frame that is still to be decoded.
struct Queued {
    data: Vec<u8>,
    /// Whether it is the first of its part.
    first: bool,
    /// The samples to keep of it.
    from: u32,
    to: u32,
}

/// A file of its own within the file.
#[derive(Default)]
struct Part {
    information: Information,
    frames: u32,
    /// Samples to leave out before the next.
    skip: u32,
    /// Whether bytes that are no frame were passed over.
    junk: bool,
    /// Whether the input ends inside a frame.
    cut: bool,
}

struct Mp3 {
    window: Window,
    header: Header,
    info: Info,
    codec: Codec,
    part: Part,
    queue: VecDeque<Queued>,
    /// Samples of the frames that are waiting.
    waiting: u64,
    /// Samples per channel that were given.
    given: u64,
    /// Whether a frame of this part was decoded: before, what it needs of earlier ones may be missing.
    primed: bool,
    ended: bool,
    failed: Option<Error>,
}

/// Finds the first frame, at which the source then stands; `false` where there is none.
pub(crate) fn find(source: &mut Source) -> Result<bool> {
    let bytes = source.peek(MAX_JUNK).map_err(|e| io_error(&e))?;
    let start = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
    let named = |name: &str, hint: &str| {
        let message = format!("the input is {name}, which is not read here: convert it to WAV or FLAC with {hint}");
        Err(format_error("MPEG audio layer III with a bit rate of its table", name, message))
    };
    let informs = |header: &Header| Information::read(&bytes[start..], header).is_some();
    let at = match (header::find(&bytes), header::kind(&bytes[start..])) {
        (_, Kind::Frame(header)) if informs(&header) => start,
        (Some(at), _) => at,
        (None, Kind::Frame(_)) => start,
        (None, Kind::FreeFormat) => return named("free-format MP3", "mpg123 -w or lame --decode"),
        (None, Kind::OtherLayer) if start == 0 => return named("MPEG audio layer I or II", "ffmpeg or mpg123 -w"),
        _ => return Ok(false),
    };
    source.skip(at as u64).map_err(|e| io_error(&e))?;
    Ok(true)
}

/// Opens a source that stands at its first frame.
pub(crate) fn open(source: Source) -> Result<Box<dyn Decoder>> {
    let mut window = Window::new(source);
    let header = Header::read(window.fill(header::SIZE)?).ok_or_else(|| {
        let message = "the mp3 file is cut short: it ends before the first sample that is whole";
        format_error("a whole file", "the end of the input", message)
    })?;
    check_stream(header.channels as u64, u64::from(header.rate))?;
    let info = Info {
        format: "mp3",
        encoding: "mp3".to_owned(),
        channels: header.channels,
        sample_rate: header.rate,
        samples: None,
        ..Info::default()
    };
    Ok(Box::new(Mp3 {
        window,
        header,
        info,
        codec: codec(header.channels)?,
        part: Part::default(),
        queue: VecDeque::new(),
        waiting: 0,
        given: 0,
        primed: false,
        ended: false,
        failed: None,
    }))
}

fn codec(channels: usize) -> Result<Codec> {
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_MP3);
    let decoder = MpaDecoder::try_new(&params, &AudioDecoderOptions::default());
    let decoder = decoder.map_err(|error| format_error("valid mp3 data", &error, error.to_string()))?;
    Ok(Codec::new(decoder, (0..channels).collect()))
}

impl Mp3 {
    /// Where the sample after those that were found is.
    fn position(&self) -> u64 {
        self.given + self.queue.iter().map(|frame| u64::from(frame.to - frame.from)).sum::<u64>()
    }

    /// Leaves what was found, and an error behind it.
    fn fail(&mut self, expected: &str, actual: &str, what: impl FnOnce(String) -> String) {
        let at = self.position();
        let seconds = at as f64 / f64::from(self.info.sample_rate);
        let message = what(format!("{seconds:.3} s (sample {at})"));
        self.failed = Some(format_error(expected, actual, message));
        self.ended = true;
    }

    /// Passes over `count` bytes; stops early at the end.
    fn pass(&mut self, mut count: u64) -> Result<()> {
        while count > 0 {
            let some = (self.window.fill(1)?.len() as u64).min(count);
            if some == 0 {
                break;
            }
            self.window.pass(some as usize);
            count -= some;
        }
        Ok(())
    }

    /// Finds the next frame, or the end.
    fn load(&mut self) -> Result<()> {
        let mut junk = 0;
        loop {
            let bytes = self.window.fill(tag::HEAD)?;
            if bytes.is_empty() {
                self.part.junk |= junk > 0;
                self.finish();
                if self.part.cut && self.info.missing == 0 {
                    self.info.cut_at = Some(self.position() as f64 / f64::from(self.info.sample_rate));
                }
                self.ended = true;
                return Ok(());
            }
            if let Some(size) = tag::size(bytes) {
                self.pass(size)?;
                continue;
            }
            if let Some(header) = Header::read(bytes)
                && self.take(header, junk)?
            {
                return Ok(());
            }
            let bytes = self.window.bytes();
            let complete = self.part.information.frames.is_some_and(|stated| self.part.frames >= stated);
            if junk == 0 && !complete && self.header.may_begin(bytes) {
                self.part.cut = true;
                self.window.pass(bytes.len());
                continue;
            }
            let rest = &bytes[1.min(bytes.len())..];
            // Stops where a frame may begin, or a tag.
            let next = rest.iter().position(|b| matches!(b, 0xff | b'I' | b'T' | b'A')).unwrap_or(rest.len());
            let passed = (1 + next).min(bytes.len());
            junk += passed;
            self.window.pass(passed);
        }
    }

    /// Takes the frame at the present position, with `junk` bytes before it; `false` where it is none.
    fn take(&mut self, header: Header, junk: usize) -> Result<bool> {
        let bytes = self.window.fill(header.size + header::SIZE)?;
        if bytes.len() < header.size {
            // Cut off, or chance among other bytes.
            if junk == 0 && header.fits(&self.header) {
                self.part.cut = true;
                let rest = bytes.len();
                self.window.pass(rest);
            }
            return Ok(false);
        }
        let fits = header.fits(&self.header);
        let information = Information::read(&bytes[..header.size], &header);
        if (junk > 0 || !fits) && information.is_none() && !header::is_followed(bytes) {
            return Ok(false);
        }
        if information.is_some() || !fits {
            self.part.junk |= junk > SLACK;
            self.finish();
        } else if junk > SLACK {
            self.fail("frames without a gap", "other bytes", |at| {
                format!("the mp3 data is damaged: at {at} {junk} bytes are no frame, and others follow")
            });
        }
        if self.failed.is_some() {
            return Ok(true);
        }
        if !fits {
            let shape = |h: &Header| format!("{} channels at {} Hz", h.channels, h.rate);
            let (from, to) = (shape(&self.header), shape(&header));
            self.fail(&from, &to, |at| {
                format!("at {at} the mp3 file changes from {from} to {to}: split it there first")
            });
            return Ok(true);
        }
        self.window.pass(header.size);
        if let Some(information) = information {
            let skip = information.trim.map_or(0, |(delay, _)| delay);
            self.part = Part { information, skip, ..Part::default() };
        } else {
            let samples = header.samples();
            let from = self.part.skip.min(samples);
            self.part.skip -= from;
            let data = self.window.passed(header.size).to_vec();
            self.queue.push_back(Queued { data, first: self.part.frames == 0, from, to: samples });
            self.waiting += u64::from(samples);
            self.part.frames += 1;
        }
        Ok(true)
    }

    /// Ends a part: trims its end, and holds the frames against those that were promised.
    fn finish(&mut self) {
        let Part { information: Information { frames, trim }, frames: found, junk, .. } = self.part;
        let Some(stated) = frames else { return };
        if found < stated {
            // A file that was cut gives what is there.
            if junk && found > 0 {
                let lost = u64::from(stated - found) * u64::from(self.header.samples());
                self.fail("as many frames as the header states", "fewer", |at| {
                    format!("the mp3 data is damaged: {lost} samples of the sound that ends at {at} cannot be read")
                });
            }
            let (skip, padding) = trim.unwrap_or_default();
            let samples =
                |frames: u32| (u64::from(frames) * u64::from(self.header.samples())).saturating_sub(skip.into());
            self.info.missing += samples(stated).saturating_sub(padding.into()).saturating_sub(samples(found));
            return;
        }
        let mut excess = trim.map_or(0, |(_, padding)| padding);
        for frame in self.queue.iter_mut().rev() {
            let cut = excess.min(frame.to - frame.from);
            frame.to -= cut;
            excess -= cut;
            if frame.first {
                break;
            }
        }
    }

    /// The next frame with samples to give; none at the end.
    fn frame(&mut self) -> Result<Option<Queued>> {
        loop {
            let length = if self.part.information.trim.is_some() && !self.ended { MAX_TRIM } else { 0 };
            if self.waiting > length
                && let Some(frame) = self.queue.pop_front()
            {
                self.waiting -= u64::from(self.header.samples());
                self.given += u64::from(frame.to - frame.from);
                return Ok(Some(frame));
            }
            if !self.ended {
                self.load()?;
            } else if let Some(error) = self.failed.take() {
                return Err(error);
            } else {
                return Ok(None);
            }
        }
    }
}

impl Decoder for Mp3 {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        while let Some(frame) = self.frame()? {
            if frame.first {
                self.codec = codec(self.info.channels)?;
                self.primed = false;
            }
            let samples = self.header.samples() as usize;
            match self.codec.decode(&frame.data, channels) {
                Ok(count) if count == samples => self.primed = true,
                // A file that begins midway lacks what its first frames need of those before it.
                Err(_) if !self.primed => {
                    channels.iter_mut().for_each(|channel| channel.resize(channel.len() + samples, 0.0))
                }
                result => {
                    let error = result.map_or_else(|e| e.to_string(), |count| format!("{count} samples in a frame"));
                    let at = self.given - u64::from(frame.to - frame.from);
                    let seconds = at as f64 / f64::from(self.info.sample_rate);
                    let message = format!("the mp3 data is damaged at {seconds:.3} s (sample {at}): {error}");
                    return Err(format_error("valid mp3 data", error, message));
                }
            }
            keep(channels, samples, frame.from as usize, frame.to as usize);
            if frame.to > frame.from {
                return Ok((frame.to - frame.from) as usize);
            }
        }
        Ok(0)
    }

    fn count(&mut self) -> Result<u64> {
        while self.frame()?.is_some() {}
        Ok(self.given)
    }
}
