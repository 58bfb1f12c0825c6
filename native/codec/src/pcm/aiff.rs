//! AIFF and AIFF-C (Apple, 1989 and 1991).

use super::{Encoding, Layout, Run, stated};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;
use std::io::Seek;

/// The `COMM` chunk.
struct Common {
    encoding: Encoding,
    big_endian: bool,
    channels: u64,
    rate: u64,
}

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let fail = |e: std::io::Error| io_error(&e);
    let mut head = [0; 12];
    source.read_up_to(&mut head).map_err(fail)?;
    let compressed = &head[8..] == b"AIFC";
    let mut common: Option<Common> = None;
    // Position and size of samples that came before the COMM chunk.
    let mut early = None;
    loop {
        let mut chunk = [0; 8];
        if source.read_up_to(&mut chunk).map_err(fail)? < 8 {
            let missing = if common.is_some() { "samples (SSND chunk)" } else { "description (COMM chunk)" };
            let message = format!("the AIFF file ends before its {missing}: it is cut short");
            return Err(format_error("a COMM and an SSND chunk", "the end of the input", message));
        }
        let size = u64::from(u32::from_be_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]));
        match &chunk[..4] {
            b"COMM" => {
                let mut body = vec![0; size.min(256) as usize];
                let got = source.read_up_to(&mut body).map_err(fail)?;
                source.skip(size - body.len() as u64 + size % 2).map_err(fail)?;
                let parsed = parse(&body[..got], compressed)?;
                if let Some((at, size)) = early {
                    source.seek(std::io::SeekFrom::Start(at)).map_err(fail)?;
                    return sound(source, parsed, size, compressed);
                }
                common = Some(parsed);
            }
            b"SSND" => match common {
                Some(common) => return sound(source, common, size, compressed),
                None => {
                    let Some(_) = source.remaining().map_err(fail)? else {
                        let message = "this AIFF file describes its samples after them: read it from a file or bytes";
                        return Err(format_error("COMM before SSND in a stream", "SSND first", message));
                    };
                    early = Some((source.stream_position().map_err(fail)?, size));
                    source.skip(size + size % 2).map_err(fail)?;
                }
            },
            _ => source.skip(size + size % 2).map_err(fail)?,
        }
    }
}

/// The source is at the body of the SSND chunk.
fn sound(mut source: Source, common: Common, size: u64, compressed: bool) -> Result<Box<dyn Decoder>> {
    let mut start = [0; 8];
    source.read_up_to(&mut start).map_err(|e| io_error(&e))?;
    let offset = u64::from(u32::from_be_bytes([start[0], start[1], start[2], start[3]]));
    source.skip(offset).map_err(|e| io_error(&e))?;
    // The count of frames in the COMM chunk is not asked: nobody else does, and it is wrong more often than this size.
    let size = stated(&mut source, size.saturating_sub(8 + offset))?;
    let Common { encoding, big_endian, channels, rate } = common;
    let format = if compressed { "aifc" } else { "aiff" };
    Run::open(source, &Layout { format, encoding, big_endian, channels, rate }, size)
}

fn parse(body: &[u8], compressed: bool) -> Result<Common> {
    if body.len() < 18 {
        let message = "the AIFF file's COMM chunk is cut short: the file is damaged";
        return Err(format_error("a COMM chunk of at least 18 bytes", body.len(), message));
    }
    let channels = u64::from(u16::from_be_bytes([body[0], body[1]]));
    let bits = u64::from(u16::from_be_bytes([body[6], body[7]]));
    let rate = extended(&body[8..18]);
    // Some programs write AIFF's shorter chunk into AIFC.
    let kind = body.get(18..22).filter(|_| compressed).unwrap_or(b"NONE");
    let integers = Encoding::signed(bits.div_ceil(8));
    let (encoding, big_endian) = match kind {
        b"NONE" | b"twos" | b"in24" | b"in32" => (integers, true),
        b"sowt" | b"42n1" | b"23ni" => (integers, false),
        b"raw " => (Some(Encoding::U8).filter(|_| bits == 8), true),
        b"fl32" | b"FL32" => (Some(Encoding::F32), true),
        b"fl64" | b"FL64" => (Some(Encoding::F64), true),
        b"alaw" | b"ALAW" => (Some(Encoding::ALaw), true),
        b"ulaw" | b"ULAW" => (Some(Encoding::MuLaw), true),
        _ => (None, true),
    };
    let Some(encoding) = encoding else {
        let actual = format!("{} with {bits} bits", kind.escape_ascii());
        let message = format!("the AIFF file's encoding ({actual}) is not supported; convert it to PCM first");
        return Err(format_error("PCM, float, A-law or mu-law", actual, message));
    };
    Ok(Common { encoding, big_endian, channels, rate })
}

/// An 80-bit IEEE extended float, rounded to a whole number; 0 if it is not a valid rate.
fn extended(bytes: &[u8]) -> u64 {
    let exponent = i32::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    let mantissa = bytes[2..10].iter().fold(0u64, |m, b| m << 8 | u64::from(*b));
    // Negative numbers, infinities and all beyond 2^32 end here.
    if !(16383..16383 + 32).contains(&exponent) {
        return 0;
    }
    (mantissa as f64 * 2f64.powi(exponent - 16383 - 63)).round() as u64
}
