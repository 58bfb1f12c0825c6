//! RIFF WAVE, its big-endian form RIFX, and its 64-bit form RF64 / BW64 (EBU Tech 3306).

use super::{Encoding, Layout, Run, stated};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// WAVE_FORMAT_EXTENSIBLE: the tag is the first word of the GUID that names the sub-format.
const EXTENSIBLE: u64 = 0xfffe;
/// The rest of that GUID: KSDATAFORMAT_SUBTYPE_…, and its form for ambisonic B-format.
const SUB_FORMAT: [u8; 14] = *b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71";
const AMBISONIC: [u8; 14] = *b"\x00\x00\x21\x07\xd3\x11\x86\x44\xc8\xc1\xca\x00\x00\x00";

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
        // The block alignment is not asked: where it contradicts the bits per sample, every reader goes by the bits.
        let bits = u16_at(14);
        if tag == EXTENSIBLE && body.len() >= 26 {
            let is_known = body.get(26..40).is_none_or(|rest| rest == SUB_FORMAT || rest == AMBISONIC);
            tag = if is_known { u16_at(24) } else { EXTENSIBLE };
        }
        let encoding = match (tag, bits) {
            (1, 1..=8) => Some(Encoding::U8),
            (1, _) => Encoding::signed(bits.div_ceil(8)),
            (3, 32) => Some(Encoding::F32),
            (3, 64) => Some(Encoding::F64),
            (6, _) => Some(Encoding::ALaw),
            (7, _) => Some(Encoding::MuLaw),
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

/// Turns a `fmt ` chunk's body from big-endian to little-endian.
fn swap(mut body: &mut [u8]) {
    for width in [2, 2, 4, 4, 2, 2, 2, 2, 4, 4, 2, 2] {
        let Some((field, rest)) = body.split_at_mut_checked(width) else { break };
        field.reverse();
        body = rest;
    }
}

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let mut head = [0; 12];
    source.read_up_to(&mut head).map_err(|e| io_error(&e))?;
    let big_endian = &head[..4] == b"RIFX";
    let wide = matches!(&head[..4], b"RF64" | b"BW64");
    let mut wide_data = None;
    let mut format = None;
    loop {
        let mut chunk = [0; 8];
        if source.read_up_to(&mut chunk).map_err(|e| io_error(&e))? < 8 {
            let message = "the WAV file ends before its samples: it has no data chunk";
            return Err(format_error("a fmt and a data chunk", "the end of the input", message));
        }
        let size = [chunk[4], chunk[5], chunk[6], chunk[7]];
        let size = u64::from(if big_endian { u32::from_be_bytes(size) } else { u32::from_le_bytes(size) });
        match &chunk[..4] {
            b"fmt " | b"ds64" => {
                let mut body = vec![0; size.min(256) as usize];
                let got = source.read_up_to(&mut body).map_err(|e| io_error(&e))?;
                source.skip(size - body.len() as u64 + size % 2).map_err(|e| io_error(&e))?;
                body.truncate(got);
                if &chunk[..4] == b"fmt " {
                    if big_endian {
                        swap(&mut body);
                    }
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
                let size = match wide_data {
                    Some(wide_size) if wide && size == 0xffff_ffff => wide_size,
                    _ => size,
                };
                let format = if wide { "rf64" } else { "wav" };
                let layout = Layout { format, encoding, big_endian, channels, rate };
                let size = stated(&mut source, size)?;
                return Run::open(source, &layout, size);
            }
            _ => source.skip(size + size % 2).map_err(|e| io_error(&e))?,
        }
    }
}
