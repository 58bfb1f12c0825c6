//! Frame headers of MPEG audio layer III, and where in other bytes the first of them stands.

/// Bytes of a header.
pub(crate) const SIZE: usize = 4;
/// Bytes before the first frame that are searched at most.
pub(crate) const MAX_JUNK: usize = 1 << 16;
/// Headers in a row that are not chance among any bytes.
const SURE: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Whether the version is MPEG 1, whose frames are twice as long as those of MPEG 2 and 2.5.
    pub version_1: bool,
    pub rate: u32,
    pub channels: usize,
    /// Bytes of the frame, its header included.
    pub size: usize,
}

/// What four bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Frame(Header),
    /// Layer III whose bit rate is in no table.
    FreeFormat,
    /// Layer I or II.
    OtherLayer,
    None,
}

/// Reads what may be a header.
pub(crate) fn kind(bytes: &[u8]) -> Kind {
    let [0xff, b, c, d, ..] = *bytes else { return Kind::None };
    let (version, layer) = (b >> 3 & 3, b >> 1 & 3);
    let (bit_rate, rate) = (usize::from(c >> 4), usize::from(c >> 2 & 3));
    if b & 0xe0 != 0xe0 || version == 1 || layer == 0 || bit_rate == 15 || rate == 3 || d & 3 == 2 {
        return Kind::None;
    }
    if layer != 1 {
        return Kind::OtherLayer;
    }
    if bit_rate == 0 {
        return Kind::FreeFormat;
    }
    let version_1 = version == 3;
    let rate = [44100, 48000, 32000][rate]
        >> if version_1 {
            0
        } else if version == 2 {
            1
        } else {
            2
        };
    let table: [u32; 14] = if version_1 {
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    } else {
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    };
    let factor = if version_1 { 144_000 } else { 72_000 };
    let size = factor * table[bit_rate - 1] / rate + u32::from(c >> 1 & 1);
    Kind::Frame(Header { version_1, rate, channels: if d >> 6 == 3 { 1 } else { 2 }, size: size as usize })
}

impl Header {
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if let Kind::Frame(header) = kind(bytes) { Some(header) } else { None }
    }

    /// Samples per channel of a frame.
    pub(crate) fn samples(&self) -> u32 {
        if self.version_1 { 1152 } else { 576 }
    }

    /// Whether bytes that are too few for a header may begin one of the same stream.
    pub(crate) fn may_begin(&self, bytes: &[u8]) -> bool {
        let fits = |b: u8| b & 0xe6 == 0xe2 && if self.version_1 { b & 0x18 == 0x18 } else { b & 8 == 0 };
        bytes.len() < SIZE && bytes.first() == Some(&0xff) && bytes.get(1).is_none_or(|b| fits(*b))
    }

    /// Whether two frames may belong to one stream.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        (self.version_1, self.rate, self.channels) == (other.version_1, other.rate, other.channels)
    }

    /// Bytes of the side information behind the header.
    pub(crate) fn side(&self) -> usize {
        match (self.version_1, self.channels) {
            (true, 2) => 32,
            (true, _) | (false, 2) => 17,
            _ => 9,
        }
    }
}

/// How many headers stand in a row at the beginning of the bytes, up to [`SURE`], and whether the bytes end with the last frame.
fn row(bytes: &[u8]) -> (usize, bool) {
    let Some(first) = Header::read(bytes) else { return (0, false) };
    let (mut at, mut count) = (first.size, 1);
    while count < SURE && at < bytes.len() {
        match Header::read(&bytes[at..]) {
            Some(header) if header.fits(&first) => at += header.size,
            _ => return (count, false),
        }
        count += 1;
    }
    (count, at == bytes.len())
}

/// Where the first frame is: at the first of several headers in a row.
pub(crate) fn find(bytes: &[u8]) -> Option<usize> {
    (0..bytes.len()).filter(|at| bytes[*at] == 0xff).find(|at| match row(&bytes[*at..]) {
        (SURE, _) => true,
        (count, ends) => count > 1 && ends,
    })
}

/// Whether the frame at the beginning of the bytes is followed by another, or by nothing.
pub(crate) fn is_followed(bytes: &[u8]) -> bool {
    let (count, ends) = row(bytes);
    count > 1 || ends
}
