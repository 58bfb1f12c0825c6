//! What is not sound in an MP3 file: the information frame with which encoders begin a file, and tags.

use super::header::Header;

/// Samples that the decoder's own filter bank delays.
const DECODER_DELAY: u32 = 529;

/// The information frame: `Xing`, `Info` or `VBRI`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Information {
    /// Frames of sound that the encoder wrote, where it says so.
    pub frames: Option<u32>,
    /// Samples to leave out at the beginning and the end, by the LAME extension.
    pub trim: Option<(u32, u32)>,
}

impl Information {
    /// Reads a frame; none where it is one of sound.
    ///
    /// The extension's checksum is not asked: ffmpeg writes wrong ones at rates up to 24 kHz.
    pub(crate) fn read(frame: &[u8], header: &Header) -> Option<Self> {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |n: u32, b| n << 8 | u32::from(*b));
        let known = |frames: u32| (frames > 0).then_some(frames);
        if let Some(tag) = frame.get(36..54).filter(|tag| tag.starts_with(b"VBRI")) {
            return Some(Self { frames: known(number(&tag[14..18])), trim: None });
        }
        let tag = frame.get(4 + header.side()..)?;
        if !tag.starts_with(b"Xing") && !tag.starts_with(b"Info") {
            return None;
        }
        let flags = *tag.get(7)?;
        let frames = if flags & 1 != 0 { known(number(tag.get(8..12)?)) } else { None };
        let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
        let size: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, size)| size).sum();
        let lame = tag.get(8 + size..8 + size + 24);
        let lame = lame.filter(|lame| [b"LAME", b"Lavf", b"Lavc"].iter().any(|name| lame.starts_with(*name)));
        let trim = lame.map(|lame| {
            let packed = number(&lame[21..24]);
            (DECODER_DELAY + (packed >> 12), (packed & 0xfff).saturating_sub(DECODER_DELAY))
        });
        Some(Self { frames, trim })
    }
}

/// Bytes of a tag's head that [`size`] needs.
pub(crate) const HEAD: usize = 32;

/// Bytes of the ID3v2, ID3v1 or APE tag that the bytes begin with.
pub(crate) fn size(bytes: &[u8]) -> Option<u64> {
    if bytes.starts_with(b"TAG") {
        return Some(128);
    }
    if bytes.starts_with(b"APETAGEX") {
        let field = |at: usize| bytes.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        // The size is that of the items and the footer; where this is the footer, its items were passed over before.
        let is_header = field(20)? & 1 << 29 != 0;
        return Some(32 + if is_header { u64::from(field(12)?) } else { 0 });
    }
    crate::id3::length(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Information, size};
    use crate::mp3::header::Header;

    #[test]
    fn reads_frames_delay_and_padding() {
        let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
        frame.resize(4 + 32, 0);
        frame.extend(b"Info\0\0\0\x0f\0\0\0\x28");
        frame.resize(frame.len() + 108, 0);
        frame.extend(b"LAME3.100");
        frame.resize(frame.len() + 12, 0);
        frame.extend([0x24, 0x03, 0x5e]);
        let header = Header::read(&frame).expect("a header");
        let read = |frame: &[u8]| Information::read(frame, &header);
        assert_eq!(read(&frame), Some(Information { frames: Some(40), trim: Some((0x240 + 529, 0x35e - 529)) }));
        assert_eq!(read(&frame[..frame.len() - 1]), Some(Information { frames: Some(40), trim: None }));
        assert_eq!(read(&[0xff, 0xfb]), None);
        assert_eq!(read(&[0; 64]), None);
        let mut other = frame[..4].to_vec();
        other.resize(36, 0);
        other.extend(b"VBRI\0\x01\0\0\0\0\0\0\0\0\0\0\x01\x02");
        assert_eq!(read(&other), Some(Information { frames: Some(258), trim: None }));
    }

    #[test]
    fn measures_tags() {
        assert_eq!(size(b"TAGtitle"), Some(128));
        assert_eq!(size(b"ID3\x03\0\0\0\0\x01\x02"), Some(10 + 130));
        let mut ape = b"APETAGEX\xd0\x07\0\0\x40\0\0\0\0\0\0\0\0\0\0\xa0".to_vec();
        ape.resize(32, 0);
        assert_eq!(size(&ape), Some(32 + 64));
        ape[23] = 0x80;
        assert_eq!(size(&ape), Some(32));
        assert_eq!(size(b"\xff\xfb\x90\0"), None);
    }
}
