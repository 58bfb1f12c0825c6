//! Sony Wave64: RIFF with GUIDs for names and 64-bit sizes that count their own 24 bytes.

use super::{Layout, Run, stated, wav::Format};
use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// The GUID that begins a file.
pub(crate) const RIFF: [u8; 16] =
    [b'r', b'i', b'f', b'f', 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00];

pub(crate) fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    // The file's own GUID and size, then the GUID of WAVE.
    source.skip(40).map_err(|e| io_error(&e))?;
    let mut format = None;
    loop {
        let mut chunk = [0; 24];
        if source.read_up_to(&mut chunk).map_err(|e| io_error(&e))? < 24 {
            let message = "the W64 file ends before its samples: it has no data chunk";
            return Err(format_error("a fmt and a data chunk", "the end of the input", message));
        }
        let mut size = [0; 8];
        size.copy_from_slice(&chunk[16..]);
        let Some(size) = u64::from_le_bytes(size).checked_sub(24) else {
            let message = "the W64 file has a chunk smaller than its own header: it is damaged";
            return Err(format_error("chunks of at least 24 bytes", "less", message));
        };
        // Chunks begin at multiples of eight bytes.
        let padding = (8 - size % 8) % 8;
        match &chunk[..4] {
            b"fmt " => {
                let mut body = vec![0; size.min(256) as usize];
                let got = source.read_up_to(&mut body).map_err(|e| io_error(&e))?;
                source.skip(size - body.len() as u64 + padding).map_err(|e| io_error(&e))?;
                format = Some(Format::parse(&body[..got])?);
            }
            b"data" => {
                let Some(Format { encoding, channels, rate }) = format else {
                    let message = "the W64 file's samples come before its fmt chunk: the file is damaged";
                    return Err(format_error("a fmt chunk before the data chunk", "none", message));
                };
                let layout = Layout { format: "w64", encoding, big_endian: false, channels, rate };
                let size = stated(&mut source, size)?;
                return Run::open(source, &layout, size);
            }
            _ => source.skip(size.saturating_add(padding)).map_err(|e| io_error(&e))?,
        }
    }
}
