//! The codecs whose packets Ogg carries: how many samples a packet adds, and its samples.

use super::vorbis_setup::{self, ilog};
use crate::codec::Codec;
use crate::crc::CRC16;
use crate::decoder::{check_stream, format_error};
use crate::flac;
use crate::flac::header::{FrameHeader, StreamInfo};
use dsp_core::{Error, Result};
use symphonia::core::codecs::audio::well_known::CODEC_ID_VORBIS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::default::codecs::VorbisDecoder;

/// What a packet is.
pub(crate) enum Packet {
    /// A header, or what says nothing.
    Other,
    /// Sound, which adds so many samples per channel.
    Audio(u32),
    Damaged,
}

pub(crate) struct Stream {
    pub encoding: &'static str,
    pub channels: usize,
    pub rate: u32,
    /// The samples per channel that the headers state.
    pub total: Option<u64>,
    kind: Kind,
}

enum Kind {
    Vorbis(Box<Vorbis>),
    Flac(StreamInfo, Codec),
}

/// The headers, then the decoder.
struct Vorbis {
    identification: Vec<u8>,
    decoder: Option<(Codec, vorbis_setup::Setup)>,
    /// The block before, whose second half overlaps with the next one's first.
    block: Option<u32>,
}

impl Stream {
    /// Begins a stream by its first packet; none where it holds no sound.
    pub(crate) fn begin(packet: &[u8]) -> Result<Option<Self>> {
        let damaged = || {
            let message = "the ogg file's first packet is damaged";
            Err(format_error("a valid header", "another", message))
        };
        if packet.starts_with(b"\x01vorbis") {
            if packet.len() < 30 {
                return damaged();
            }
            let channels = u64::from(packet[11]);
            let rate = u32::from_le_bytes([packet[12], packet[13], packet[14], packet[15]]);
            check_stream(channels, u64::from(rate))?;
            let vorbis = Vorbis { identification: packet[..30].to_vec(), decoder: None, block: None };
            let kind = Kind::Vorbis(Box::new(vorbis));
            return Ok(Some(Self { encoding: "vorbis", channels: channels as usize, rate, total: None, kind }));
        }
        if packet.starts_with(b"\x7fFLAC") {
            // Version, number of headers, `fLaC`, and the head of the block.
            let Some(info) = packet.get(17..) else { return damaged() };
            let info = StreamInfo::read(info)?;
            check_stream(u64::from(info.channels), u64::from(info.rate))?;
            let codec = flac::codec(&info)?;
            let (channels, rate, total) = (info.channels as usize, info.rate, info.total);
            return Ok(Some(Self { encoding: "flac", channels, rate, total, kind: Kind::Flac(info, codec) }));
        }
        for (magic, name, hint) in
            [(&b"OpusHead"[..], "Opus", "opusdec or ffmpeg"), (b"Speex   ", "Speex", "speexdec or ffmpeg")]
        {
            if packet.starts_with(magic) {
                let message =
                    format!("the ogg file holds {name}, which is not read here: convert it to WAV or FLAC with {hint}");
                return Err(format_error("Vorbis or FLAC in Ogg", name, message));
            }
        }
        Ok(None)
    }

    /// Whether all headers are here.
    pub(crate) fn is_ready(&self) -> bool {
        match &self.kind {
            Kind::Vorbis(vorbis) => vorbis.decoder.is_some(),
            Kind::Flac(..) => true,
        }
    }

    /// Takes note of the next packet. Each is given once, and in order.
    pub(crate) fn accept(&mut self, packet: &[u8]) -> Result<Packet> {
        match &mut self.kind {
            Kind::Vorbis(vorbis) => vorbis.accept(packet, self.channels),
            Kind::Flac(..) if packet.first() != Some(&0xff) => Ok(Packet::Other),
            Kind::Flac(info, _) => Ok(match FrameHeader::read(packet, info) {
                Some(header) if CRC16.of(packet) == 0 => Packet::Audio(header.samples),
                _ => Packet::Damaged,
            }),
        }
    }

    /// Appends a packet's samples to every channel and returns how many per channel.
    pub(crate) fn decode(&mut self, packet: &[u8], channels: &mut [Vec<f32>]) -> std::result::Result<usize, String> {
        let codec = match &mut self.kind {
            Kind::Vorbis(vorbis) => vorbis.decoder.as_mut().map(|(codec, _)| codec),
            Kind::Flac(_, codec) => Some(codec),
        };
        codec.map_or(Ok(0), |codec| codec.decode(packet, channels).map_err(|error| error.to_string()))
    }
}

impl Vorbis {
    fn accept(&mut self, packet: &[u8], channels: usize) -> Result<Packet> {
        let Some((_, setup)) = &self.decoder else {
            if packet.starts_with(b"\x05vorbis") {
                self.decoder = Some(self.open(packet, channels)?);
            }
            return Ok(Packet::Other);
        };
        let Some(&first) = packet.first().filter(|first| **first & 1 == 0) else { return Ok(Packet::Other) };
        let mode = usize::from(first >> 1) & ((1 << ilog(setup.long.len() as u32 - 1)) - 1);
        let Some(&long) = setup.long.get(mode) else { return Ok(Packet::Damaged) };
        let exponents = self.identification[28];
        let block = 1 << if long { exponents >> 4 } else { exponents & 15 };
        let samples = self.block.replace(block).map_or(0, |before| (before + block) / 4);
        Ok(Packet::Audio(samples))
    }

    fn open(&self, setup: &[u8], channels: usize) -> Result<(Codec, vorbis_setup::Setup)> {
        let damaged = |error: &str| -> Error {
            let message = format!("the ogg file's Vorbis headers are damaged: {error}");
            format_error("valid Vorbis headers", error, message)
        };
        let read = vorbis_setup::read(setup, channels as u32).ok_or_else(|| damaged("the setup header ends early"))?;
        let mut params = AudioCodecParameters::new();
        let extra = [&self.identification[..], &read.reversed].concat();
        params.for_codec(CODEC_ID_VORBIS).with_extra_data(extra.into());
        let decoder = VorbisDecoder::try_new(&params, &AudioDecoderOptions::default());
        let decoder = decoder.map_err(|error| damaged(&error.to_string()))?;
        Ok((Codec::new(decoder, vorbis_setup::planes(channels)), read))
    }
}
