//! Ogg pages (RFC 3533): found by their capture pattern, believed by their checksum.

use crate::crc::CRC32;
use crate::source::Source;
use crate::window::Window;
use dsp_core::Result;

const CAPTURE: &[u8; 4] = b"OggS";
/// Bytes of a page's header before its table of segments.
const HEADER: usize = 27;

pub(crate) struct Page {
    /// Whether the page goes on with a packet that an earlier page begins.
    pub continued: bool,
    /// Whether the page is the first of its stream.
    pub first: bool,
    /// Whether the page is the last of its stream.
    pub last: bool,
    /// The codec's position at the end of the last packet that ends here; none where none ends.
    pub granule: Option<i64>,
    pub serial: u32,
    pub sequence: u32,
    segments: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// The pieces of packets, each with whether its packet ends with it.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = (&[u8], bool)> {
        let mut segment = 0;
        let mut at = 0;
        std::iter::from_fn(move || {
            if segment >= self.segments.len() {
                return None;
            }
            let start = at;
            while let Some(&size) = self.segments.get(segment) {
                segment += 1;
                at += usize::from(size);
                if size < 255 {
                    return Some((&self.body[start..at], true));
                }
            }
            Some((&self.body[start..at], false))
        })
    }
}

/// What [`Pages::next`] finds.
pub(crate) enum Next {
    /// A page, and whether bytes before it were passed over.
    Page(Page, bool),
    /// The end.
    End {
        /// What stands there of a page that is cut off.
        cut: Option<Cut>,
        /// Whether bytes were passed over since the last page.
        junk: bool,
    },
}

/// The beginning of a page that the input ends in.
pub(crate) struct Cut {
    /// Whether its capture pattern is whole.
    pub captured: bool,
    /// The stream that it says to be the last page of, and its granule position.
    pub last: Option<(u32, i64)>,
}

pub(crate) struct Pages(Window);

impl Pages {
    pub(crate) fn new(source: Source) -> Self {
        Self(Window::new(source))
    }

    pub(crate) fn next(&mut self) -> Result<Next> {
        let mut junk = false;
        loop {
            let bytes = self.0.fill(HEADER)?;
            if bytes.is_empty() {
                return Ok(Next::End { cut: None, junk });
            }
            let mut found = bytes.starts_with(CAPTURE);
            if found {
                let count = bytes.get(HEADER - 1).map_or(0, |count| usize::from(*count));
                let bytes = self.0.fill(HEADER + count)?;
                let table = bytes.get(HEADER..HEADER + count).unwrap_or_default();
                let size = HEADER + count + table.iter().map(|size| usize::from(*size)).sum::<usize>();
                let bytes = self.0.fill(size)?;
                if bytes.len() < size {
                    // A damaged table may claim more than there is: then other pages follow.
                    if !bytes[1..].windows(4).any(|window| window == CAPTURE) {
                        let head = bytes.get(..18).filter(|head| head[5] & 4 != 0);
                        let last = head.map(|head| (number(head, 14), granule(head)));
                        return Ok(Next::End { cut: Some(Cut { captured: true, last }), junk });
                    }
                    found = false;
                } else if let Some(page) = parse(&bytes[..size], count) {
                    self.0.pass(size);
                    return Ok(Next::Page(page, junk));
                }
            }
            let bytes = self.0.bytes();
            if !found && self.0.ended() && CAPTURE.starts_with(bytes) {
                return Ok(Next::End { cut: Some(Cut { captured: false, last: None }), junk });
            }
            junk = true;
            let rest = &bytes[1..];
            let passed = 1 + rest.iter().position(|b| *b == CAPTURE[0]).unwrap_or(rest.len());
            self.0.pass(passed);
        }
    }
}

fn number(bytes: &[u8], from: usize) -> u32 {
    u32::from_le_bytes([bytes[from], bytes[from + 1], bytes[from + 2], bytes[from + 3]])
}

fn granule(page: &[u8]) -> i64 {
    i64::from(number(page, 10) as i32) << 32 | i64::from(number(page, 6))
}

/// A whole page with `count` segments; none where its checksum is wrong.
fn parse(bytes: &[u8], count: usize) -> Option<Page> {
    let checksum = CRC32.of(bytes[..22].iter().chain(&[0; 4]).chain(&bytes[26..]));
    if bytes[4] != 0 || checksum != number(bytes, 22) {
        return None;
    }
    let granule = granule(bytes);
    Some(Page {
        continued: bytes[5] & 1 != 0,
        first: bytes[5] & 2 != 0,
        last: bytes[5] & 4 != 0,
        granule: (granule != -1).then_some(granule),
        serial: number(bytes, 14),
        sequence: number(bytes, 18),
        segments: bytes[HEADER..HEADER + count].to_vec(),
        body: bytes[HEADER + count..].to_vec(),
    })
}
