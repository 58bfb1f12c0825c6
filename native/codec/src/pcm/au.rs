//! Sun and NeXT audio (AU): six numbers and a note before the samples.

use super::{Encoding, Layout, Run, Size, stated};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// What begins a file, and one of the little-endian machines by DEC.
pub(crate) const BIG: &[u8] = b".snd";
pub(crate) const LITTLE: &[u8] = b"dns.";

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let mut head = [0; 24];
    let got = source.read_up_to(&mut head).map_err(|e| io_error(&e))?;
    let big_endian = &head[..4] == BIG;
    let number = |at: usize| {
        let bytes = [head[at], head[at + 1], head[at + 2], head[at + 3]];
        u64::from(if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let [offset, size, code, rate, channels] = [4, 8, 12, 16, 20].map(number);
    if got < 24 || offset < 24 {
        let message = "the AU header is cut short: the file is damaged";
        return Err(format_error("a header of at least 24 bytes", offset.min(got as u64), message));
    }
    let encoding = match code {
        1 => Encoding::MuLaw,
        2 => Encoding::S8,
        3 => Encoding::S16,
        4 => Encoding::S24,
        5 => Encoding::S32,
        6 => Encoding::F32,
        7 => Encoding::F64,
        27 => Encoding::ALaw,
        _ => {
            let message = format!("the AU file's encoding (code {code}) is not supported; convert it to PCM first");
            return Err(format_error("PCM, float, A-law or mu-law", format!("code {code}"), message));
        }
    };
    source.skip(offset - 24).map_err(|e| io_error(&e))?;
    // Nothing can follow the samples, so a size of 0 hides none.
    let size = if size == 0 { Size::AtLeast(0) } else { stated(&mut source, size)? };
    Run::open(source, &Layout { format: "au", encoding, big_endian, channels, rate }, size)
}
