//! The encoder's delay and padding in the LAME extension of an MP3's Xing/Info frame.
//!
//! symphonia reads it too, but drops a tag whose checksum is wrong, and ffmpeg writes wrong ones at rates up to 24 kHz.

/// Samples that the decoder's own filter bank delays.
const DECODER_DELAY: u32 = 529;

/// Samples to leave out at the (beginning, end) of what is decoded. `head` begins near the first frame.
pub(crate) fn trim(head: &[u8]) -> Option<(u32, u32)> {
    let start = head.iter().position(|b| *b != 0)?;
    let frame = &head[start..];
    let version_1 = frame.get(1)? >> 3 & 3 == 3;
    let mono = frame.get(3)? >> 6 == 3;
    let side = match (version_1, mono) {
        (true, false) => 32,
        (true, true) | (false, false) => 17,
        (false, true) => 9,
    };
    let tag = frame.get(4 + side..)?;
    if !tag.starts_with(b"Xing") && !tag.starts_with(b"Info") {
        return None;
    }
    let flags = *tag.get(7)?;
    let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let size: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, size)| size).sum();
    let lame = tag.get(8 + size..8 + size + 24)?;
    if ![b"LAME", b"Lavf", b"Lavc"].iter().any(|name| lame.starts_with(*name)) {
        return None;
    }
    let (a, b, c) = (u32::from(lame[21]), u32::from(lame[22]), u32::from(lame[23]));
    let (delay, padding) = (a << 4 | b >> 4, (b & 0xf) << 8 | c);
    Some((delay + DECODER_DELAY, padding.saturating_sub(DECODER_DELAY)))
}

#[cfg(test)]
mod tests {
    use super::trim;

    #[test]
    fn reads_delay_and_padding() {
        let mut head = vec![0, 0xff, 0xfb, 0x90, 0x00];
        head.resize(1 + 4 + 32, 0);
        head.extend(b"Info\0\0\0\x0f");
        head.resize(head.len() + 112, 0);
        head.extend(b"LAME3.100");
        head.resize(head.len() + 12, 0);
        head.extend([0x24, 0x03, 0x5e]);
        assert_eq!(trim(&head), Some((0x240 + 529, 0x35e - 529)));
        assert_eq!(trim(&head[..head.len() - 1]), None);
        assert_eq!(trim(&[0xff, 0xfb]), None);
        assert_eq!(trim(&[0; 64]), None);
    }
}
