//! Recognises a format by its first bytes; names and extensions are ignored.

use crate::decoder::{Decoder, format_error, io_error};
use crate::source::Source;
use crate::{flac, id3, mp3, ogg, pcm};
use dsp_core::Result;

const KNOWN: &str = "WAV, RF64, W64, AIFF, AU, CAF, FLAC, Ogg Vorbis, MP3 or NIST SPHERE";

/// Recognises the format by its first bytes and reads the header.
pub fn open(mut source: Source) -> Result<Box<dyn Decoder>> {
    let mut head = source.peek(64).map_err(|e| io_error(&e))?;
    // Tags that taggers put before MP3 and FLAC data: as long as they say, several may follow each other.
    for _ in 0..16 {
        let Some(length) = id3::length(&head) else { break };
        source.skip(length).map_err(|e| io_error(&e))?;
        head = source.peek(64).map_err(|e| io_error(&e))?;
    }
    if head.is_empty() {
        return Err(format_error(KNOWN, "0 bytes", "the input is empty: there is no audio to read"));
    }
    let at = |offset: usize, magic: &[u8]| head.get(offset..offset + magic.len()) == Some(magic);
    if (at(0, b"RIFF") || at(0, b"RIFX")) && at(8, b"WAVE") || at(0, b"RF64") || at(0, b"BW64") {
        pcm::wav::open(source)
    } else if at(0, &pcm::wave64::RIFF) {
        pcm::wave64::open(source)
    } else if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        pcm::aiff::open(source)
    } else if at(0, pcm::au::BIG) || at(0, pcm::au::LITTLE) {
        pcm::au::open(source)
    } else if at(0, b"caff") {
        pcm::caf::open(source)
    } else if at(0, b"NIST_1A") {
        pcm::sphere::open(source)
    } else if at(0, b"fLaC") {
        flac::open(source)
    } else if at(0, b"OggS") {
        ogg::open(source)
    } else if mp3::find(&mut source)? {
        mp3::open(source)
    } else {
        let shown: String = head.iter().take(12).flat_map(|b| std::ascii::escape_default(*b)).map(char::from).collect();
        let shown = format!("bytes that begin with \"{shown}\"");
        let message = format!("the input is not {KNOWN}: found {shown}; convert it to one of these first");
        Err(format_error(KNOWN, shown, message))
    }
}
