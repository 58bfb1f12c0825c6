//! What stands behind the samples that a header states: chunks with titles and the like, or sound that would be left out.

use std::io::{Seek, SeekFrom};

use crate::decoder::{format_error, io_error};
use crate::source::Source;
use dsp_core::Result;

/// How files begin, and the name of the chunk that holds samples.
const SOUND: [&[u8]; 10] =
    [b"RIFF", b"RIFX", b"RF64", b"BW64", b"riff\x2e\x91", b"FORM", b"NIST_1A", b".snd", b"caff\0", b"data"];

/// Refuses a source that stands behind `size` bytes of samples and goes on with more: files that were put together, for
/// example. Every program leaves such samples out, and none says so.
pub(crate) fn check(source: &mut Source, size: u64) -> Result<()> {
    let bytes = source.peek(16).map_err(|e| io_error(&e))?;
    // Chunks begin at multiples of two or eight bytes.
    let starts = [0, size % 2, (8 - size % 8) % 8];
    let found =
        SOUND.iter().find(|name| starts.iter().any(|at| bytes[bytes.len().min(*at as usize)..].starts_with(name)));
    match found {
        None => Ok(()),
        Some(name) => {
            let name = String::from_utf8_lossy(&name[..4]).into_owned();
            let message = format!(
                "the file goes on with more sound ({name}) behind the {size} bytes of samples that its header states; \
                 split it there first"
            );
            Err(format_error("one run of samples", format!("{name} behind them"), message))
        }
    }
}

/// The same from the beginning of the samples, where the source can go there and back.
pub(crate) fn check_ahead(source: &mut Source, size: u64) -> Result<()> {
    if source.remaining().map_err(|e| io_error(&e))?.is_none_or(|there| there <= size) {
        return Ok(());
    }
    let start = source.stream_position().map_err(|e| io_error(&e))?;
    source.skip(size).map_err(|e| io_error(&e))?;
    let checked = check(source, size);
    source.seek(SeekFrom::Start(start)).map_err(|e| io_error(&e))?;
    checked
}
