//! FLAC, Ogg Vorbis and MP3, through symphonia.

use crate::{Decoder, Info, Source, check_stream, format_error, io_error};
use dsp_core::{Error, Result};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
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
    done: bool,
}

fn stream(source: Source) -> MediaSourceStream<'static> {
    MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default())
}

pub(crate) fn flac(source: Source) -> Result<Box<dyn Decoder>> {
    let reader = formats::FlacReader::try_new(stream(source), FormatOptions::default());
    open("flac", reader.map(|r| Box::new(r) as _), |track, options| {
        Ok(Box::new(codecs::FlacDecoder::try_new(track, options)?))
    })
}

pub(crate) fn ogg(source: Source) -> Result<Box<dyn Decoder>> {
    let reader = formats::OggReader::try_new(stream(source), FormatOptions::default());
    open("ogg", reader.map(|r| Box::new(r) as _), |track, options| {
        Ok(Box::new(codecs::VorbisDecoder::try_new(track, options)?))
    })
}

pub(crate) fn mp3(source: Source) -> Result<Box<dyn Decoder>> {
    let reader = formats::MpaReader::try_new(stream(source), FormatOptions::default());
    open("mp3", reader.map(|r| Box::new(r) as _), |track, options| {
        Ok(Box::new(codecs::MpaDecoder::try_new(track, options)?))
    })
}

type Make = fn(
    &symphonia::core::codecs::audio::AudioCodecParameters,
    &AudioDecoderOptions,
) -> std::result::Result<Box<dyn AudioDecoder>, Failure>;

fn open(
    format: &'static str,
    reader: std::result::Result<Box<dyn FormatReader>, Failure>,
    make: Make,
) -> Result<Box<dyn Decoder>> {
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
    let encoding = match format {
        "flac" => format!("pcm-s{}", params.bits_per_sample.unwrap_or(16)),
        "ogg" => "vorbis".to_owned(),
        other => other.to_owned(),
    };
    let info = Info { format, encoding, channels, sample_rate: rate, samples: num_frames };
    let strict = format == "flac";
    Ok(Box::new(Compressed { reader, decoder, track: id, info, strict, given: 0, done: false }))
}

fn failure(format: &str, at: u64, error: Failure) -> Error {
    match error {
        Failure::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => io_error(&error),
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
        while !self.done {
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
            match self.decoder.decode(&packet) {
                Ok(buffer) if buffer.frames() == 0 => {}
                Ok(buffer) => {
                    let (frames, planes) = (buffer.frames(), buffer.num_planes());
                    if planes != channels.len() || buffer.spec().rate() != self.info.sample_rate {
                        let message = "the stream changes its channels or sample rate on the way; split it first";
                        return Err(format_error("one channel count and one rate", "a change", message));
                    }
                    let mut to: Vec<&mut [f32]> = Vec::with_capacity(planes);
                    for channel in channels.iter_mut() {
                        let at = channel.len();
                        channel.resize(at + frames, 0.0);
                        to.push(&mut channel[at..]);
                    }
                    buffer.copy_to_slice_planar(&mut to);
                    self.given += frames as u64;
                    return Ok(frames);
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
