//! RIFF WAVE, and its 64-bit form RF64 / BW64 (EBU Tech 3306).

use super::{Encoding, Run};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// The `fmt ` chunk.
pub(super) struct Format {
    pub encoding: Encoding,
    pub channels: u64,
    pub rate: u64,
}

impl Format {
    /// Reads a `fmt ` chunk's body.
    pub fn parse(body: &[u8]) -> Result<Self> {
        if body.len() < 16 {
            let message = "the WAV header's fmt chunk is cut short: the file is damaged";
            return Err(format_error("a fmt chunk of at least 16 bytes", body.len(), message));
        }
        let u16_at = |at: usize| u64::from(u16::from_le_bytes([body[at], body[at + 1]]));
        let mut tag = u16_at(0);
        let channels = u16_at(2);
        let rate = u64::from(u32::from_le_bytes([body[4], body[5], body[6], body[7]]));
        let (align, bits) = (u16_at(12), u16_at(14));
        if tag == 0xfffe && body.len() >= 26 {
            tag = u16_at(24); // WAVE_FORMAT_EXTENSIBLE: the tag is the first word of the sub-format
        }
        // The bytes that a sample takes; values narrower than that stand at their top.
        let bytes =
            if channels > 0 && align % channels == 0 && align > 0 { align / channels } else { bits.div_ceil(8) };
        let encoding = match (tag, bytes) {
            (1, 1) => Some(Encoding::U8),
            (1, _) => Encoding::signed(bytes),
            (3, 4) => Some(Encoding::F32),
            (3, 8) => Some(Encoding::F64),
            (6, 1) => Some(Encoding::ALaw),
            (7, 1) => Some(Encoding::MuLaw),
            _ => None,
        };
        let Some(encoding) = encoding else {
            let actual = format!("format tag {tag} with {bits} bits");
            let message = format!("the WAV file's encoding ({actual}) is not supported; convert it to PCM first");
            return Err(format_error("PCM, float, A-law or mu-law", actual, message));
        };
        Ok(Self { encoding, channels, rate })
    }
}

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let mut head = [0; 12];
    source.read_up_to(&mut head).map_err(|e| io_error(&e))?;
    let riff_size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]);
    let wide = &head[..4] != b"RIFF";
    let mut wide_data = None;
    let mut format = None;
    loop {
        let mut chunk = [0; 8];
        if source.read_up_to(&mut chunk).map_err(|e| io_error(&e))? < 8 {
            let message = "the WAV file ends before its samples: it has no data chunk";
            return Err(format_error("a fmt and a data chunk", "the end of the input", message));
        }
        let size = u64::from(u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]));
        match &chunk[..4] {
            b"fmt " | b"ds64" => {
                let mut body = vec![0; size.min(256) as usize];
                let got = source.read_up_to(&mut body).map_err(|e| io_error(&e))?;
                source.skip(size - body.len() as u64 + size % 2).map_err(|e| io_error(&e))?;
                body.truncate(got);
                if &chunk[..4] == b"fmt " {
                    format = Some(Format::parse(&body)?);
                } else if let Some(bytes) = body.get(8..16).and_then(|b| b.try_into().ok()) {
                    wide_data = Some(u64::from_le_bytes(bytes));
                }
            }
            b"data" => {
                let Some(Format { encoding, channels, rate }) = format else {
                    let message = "the WAV file's samples come before its fmt chunk: the file is damaged";
                    return Err(format_error("a fmt chunk before the data chunk", "none", message));
                };
                let claimed = match wide_data {
                    Some(wide_size) if wide && size == 0xffff_ffff => wide_size,
                    // Written by a program that could not go back to fill in the sizes: all that follows is sound.
                    _ if size == 0xffff_ffff || size == 0 && riff_size <= 8 => u64::MAX,
                    _ => size,
                };
                let name = if wide { "rf64" } else { "wav" };
                return Run::open(source, name, encoding, false, channels, rate, claimed);
            }
            _ => source.skip(size + size % 2).map_err(|e| io_error(&e))?,
        }
    }
}
