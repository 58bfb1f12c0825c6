//! FLAC, Ogg Vorbis and MP3, through symphonia.

use crate::decoder::{Decoder, Info, check_stream, format_error, io_error};
use crate::mp3_tag;
use crate::source::Source;
use dsp_core::{Error, Result};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as Failure;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::default::{codecs, formats};

struct Compressed {
    reader: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    info: Info,
    /// Whether a packet that cannot be decoded is an error or passed over.
    strict: bool,
    given: u64,
    /// The time that the next packet must have, where the format counts samples and a gap is damage.
    next: Option<i64>,
    done: bool,
    /// Samples to leave out before the first, where symphonia does not.
    skip: usize,
    /// Samples that are left to give, where something is to be left out after them.
    left: u64,
    /// The plane of each channel in symphonia's buffers.
    planes: Vec<usize>,
}

fn stream(source: Source) -> MediaSourceStream<'static> {
    MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default())
}

pub(crate) fn mp3(mut source: Source) -> Result<Box<dyn Decoder>> {
    let trim = mp3_tag::trim(&source.peek(512).map_err(|e| io_error(&e))?);
    let reader = formats::MpaReader::try_new(stream(source), FormatOptions::default());
    let mut opened = open("mp3", reader.map(|r| Box::new(r) as _), |track, options| {
        Ok(Box::new(codecs::MpaDecoder::try_new(track, options)?))
    })?;
    let trimmed = opened.reader.default_track(TrackType::Audio).is_some_and(|track| track.delay.is_some());
    if let (false, Some((delay, padding))) = (trimmed, trim) {
        opened.skip = delay as usize;
        if let Some(total) = opened.info.samples {
            opened.left = total.saturating_sub(u64::from(delay) + u64::from(padding));
            opened.info.samples = Some(opened.left);
        }
    }
    Ok(opened)
}

type Make = fn(&AudioCodecParameters, &AudioDecoderOptions) -> std::result::Result<Box<dyn AudioDecoder>, Failure>;

fn open(
    format: &'static str,
    reader: std::result::Result<Box<dyn FormatReader>, Failure>,
    make: Make,
) -> Result<Box<Compressed>> {
    let reader = reader.map_err(|e| failure(format, 0, e))?;
    let damaged = || {
        let message = format!("the {format} file holds no audio stream that can be decoded here");
        format_error(format!("{format} audio"), "none", message)
    };
    let Some(Track { id, codec_params: Some(CodecParameters::Audio(params)), num_frames, .. }) =
        reader.default_track(TrackType::Audio).cloned()
    else {
        return Err(damaged());
    };
    let decoder = make(&params, &AudioDecoderOptions::default()).map_err(|e| failure(format, 0, e))?;
    let (Some(channels), Some(rate)) = (params.channels.as_ref().map(|c| c.count()), params.sample_rate) else {
        return Err(damaged());
    };
    check_stream(channels as u64, u64::from(rate))?;
    let encoding = format.to_owned();
    let info = Info { format, encoding, channels, sample_rate: rate, samples: num_frames, ..Info::default() };
    let planes = (0..channels).collect();
    let strict = format == "flac";
    Ok(Box::new(Compressed {
        reader,
        decoder,
        track: id,
        info,
        strict,
        given: 0,
        // A file that tells its length begins at its beginning; a stream may have been joined midway.
        next: num_frames.and(Some(0)),
        done: false,
        skip: 0,
        left: u64::MAX,
        planes,
    }))
}

fn failure(format: &str, at: u64, error: Failure) -> Error {
    match error {
        Failure::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => io_error(&error),
        Failure::IoError(_) => {
            let message = format!("the {format} file is cut short: it ends before the first sample that is whole");
            format_error("a whole file", "the end of the input", message)
        }
        error => {
            let message = format!("the {format} data is damaged at sample {at}: {error}");
            format_error(format!("valid {format} data"), error, message)
        }
    }
}

/// Whether an error means that the input ended.
fn is_end(error: &Failure) -> bool {
    matches!(error, Failure::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof)
}

impl Decoder for Compressed {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        let mut pending: Option<Failure> = None;
        while !self.done && self.left > 0 {
            let packet = match self.reader.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => break,
                Err(error) if is_end(&error) => break,
                Err(error) => return Err(failure(self.info.format, self.given, error)),
            };
            if packet.track_id != self.track {
                continue;
            }
            // The last packet of a cut file may be broken; one with others behind it is damage.
            if let Some(error) = pending.take() {
                return Err(failure(self.info.format, self.given, error));
            }
            // The reader passes over a FLAC frame whose checksum is wrong; the times of the others tell.
            if let (true, Some(next)) = (self.strict, self.next)
                && packet.pts.get() > next
            {
                let message = format!(
                    "the {} data is damaged: the {} samples from sample {} on cannot be read",
                    self.info.format,
                    packet.pts.get() - next,
                    self.given
                );
                return Err(format_error("frames without a gap", format!("the next at {}", packet.pts.get()), message));
            }
            match self.decoder.decode(&packet) {
                Ok(buffer) if buffer.frames() == 0 => {}
                Ok(buffer) => {
                    let (frames, planes) = (buffer.frames(), buffer.num_planes());
                    self.next = Some(packet.pts.get() + frames as i64);
                    if planes != channels.len() || buffer.spec().rate() != self.info.sample_rate {
                        let message = "the stream changes its channels or sample rate on the way; split it first";
                        return Err(format_error("one channel count and one rate", "a change", message));
                    }
                    let mut to: Vec<&mut [f32]> = (0..planes).map(|_| &mut [][..]).collect();
                    for (channel, &plane) in channels.iter_mut().zip(&self.planes) {
                        let at = channel.len();
                        channel.resize(at + frames, 0.0);
                        to[plane] = &mut channel[at..];
                    }
                    buffer.copy_to_slice_planar(&mut to);
                    let skipped = self.skip.min(frames);
                    self.skip -= skipped;
                    let kept = ((frames - skipped) as u64).min(self.left) as usize;
                    self.left -= kept as u64;
                    if kept < frames {
                        for channel in channels.iter_mut() {
                            let at = channel.len() - frames;
                            channel.copy_within(at + skipped..at + skipped + kept, at);
                            channel.truncate(at + kept);
                        }
                    }
                    self.given += kept as u64;
                    if kept > 0 {
                        return Ok(kept);
                    }
                }
                Err(error) if self.strict => pending = Some(error),
                Err(Failure::DecodeError(_)) => {}
                Err(error) if is_end(&error) => {}
                Err(error) => return Err(failure(self.info.format, self.given, error)),
            }
        }
        self.done = true;
        Ok(0)
    }
}
