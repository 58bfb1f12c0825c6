//! Apple's Core Audio Format: big-endian chunks with 64-bit sizes, whose samples have either byte order.

use super::{Encoding, Layout, Run, stated};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    // The file's name, version and flags.
    source.skip(8).map_err(|e| io_error(&e))?;
    let mut layout = None;
    loop {
        let mut chunk = [0; 12];
        if source.read_up_to(&mut chunk).map_err(|e| io_error(&e))? < 12 {
            let message = "the CAF file ends before its samples: it has no data chunk";
            return Err(format_error("a desc and a data chunk", "the end of the input", message));
        }
        let mut size = [0; 8];
        size.copy_from_slice(&chunk[4..]);
        let size = u64::from_be_bytes(size);
        match &chunk[..4] {
            b"desc" => {
                let mut body = [0; 32];
                let got = source.read_up_to(&mut body).map_err(|e| io_error(&e))?;
                if size < 32 || got < 32 {
                    let message = "the CAF header's desc chunk is cut short: the file is damaged";
                    return Err(format_error("a desc chunk of 32 bytes", size.min(got as u64), message));
                }
                source.skip(size - 32).map_err(|e| io_error(&e))?;
                layout = Some(parse(&body)?);
            }
            b"data" => {
                let Some(layout) = layout else {
                    let message = "the CAF file's samples come before its desc chunk: the file is damaged";
                    return Err(format_error("a desc chunk before the data chunk", "none", message));
                };
                // The number of edits, which nobody counts.
                source.skip(4).map_err(|e| io_error(&e))?;
                let size = stated(&mut source, size.saturating_sub(4))?;
                return Run::open(source, &layout, size);
            }
            _ => source.skip(size).map_err(|e| io_error(&e))?,
        }
    }
}

/// Reads a `desc` chunk's body.
fn parse(body: &[u8; 32]) -> Result<Layout> {
    let number = |at: usize| u64::from(u32::from_be_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]));
    let rate = f64::from_bits(number(0) << 32 | number(4));
    let (flags, packet, channels, bits) = (number(12), number(16), number(24), number(28));
    let (is_float, is_little) = (flags & 1 != 0, flags & 2 != 0);
    let encoding = match &body[8..12] {
        b"lpcm" if is_float && bits == 32 => Some(Encoding::F32),
        b"lpcm" if is_float && bits == 64 => Some(Encoding::F64),
        b"lpcm" if !is_float => Encoding::signed(bits.div_ceil(8)),
        b"ulaw" => Some(Encoding::MuLaw),
        b"alaw" => Some(Encoding::ALaw),
        _ => None,
    };
    // Samples with padding may stand at either end of it, and programs disagree on which.
    let Some(encoding) = encoding.filter(|encoding| packet == encoding.width() as u64 * channels) else {
        let kind = body[8..12].escape_ascii();
        let actual = format!("{kind} with {bits} bits, {packet} bytes per packet of {channels} channels");
        let message = format!("the CAF file's encoding ({actual}) is not supported; convert it to PCM first");
        return Err(format_error("packed PCM, float, A-law or mu-law", actual, message));
    };
    // What is no rate ends as 0.
    Ok(Layout { format: "caf", encoding, big_endian: !is_little, channels, rate: rate.round_ties_even() as u64 })
}
