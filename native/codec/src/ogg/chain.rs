//! One link of a file: the packets of the stream of sound in it, and what granule positions tell of them.

use std::collections::VecDeque;

use super::cut_short;
use super::page::{Next, Page, Pages};
use super::stream::{Packet, Stream};
use crate::decoder::format_error;
use dsp_core::Result;

/// What a difference of two positions wraps at in ffmpeg's 32 bits.
const WRAP: i64 = 1 << 32;

/// A packet that is still to be decoded.
pub(super) struct Queued {
    pub data: Vec<u8>,
    /// Samples per channel that it gives, and how many of them stand before the end of the link.
    pub samples: u32,
    pub kept: u32,
}

/// One group of streams, and the stream of it that is decoded.
pub(super) struct Chain {
    pub stream: Stream,
    pub serial: u32,
    /// Every stream of the group.
    pub serials: Vec<u32>,
    /// Whether a page that is not a stream's first was seen.
    pub begun: bool,
    pub sequence: Option<u32>,
    /// A packet whose end is still to come.
    pub partial: Option<Vec<u8>>,
    pub queue: VecDeque<Queued>,
    pub held: usize,
    /// Samples of the packets so far, those decoded and those waiting.
    pub made: u64,
    /// Samples of the packets decoded so far.
    pub passed: u64,
    /// What granule positions are ahead of `made`; none before the first.
    pub offset: Option<i64>,
    /// The value of `made` at which bytes are missing, until a granule position tells whether samples are.
    pub gap: Option<u64>,
    /// Whether the last page was seen.
    pub last: bool,
    pub ended: bool,
}

/// Finds the stream of sound among those that begin with `page`.
pub(super) fn begin(pages: &mut Pages, mut page: Page) -> Result<Chain> {
    let mut serials = Vec::new();
    loop {
        let first = page.pieces().next().map_or(&[][..], |(piece, _)| piece);
        if !page.first {
            let message = "the ogg file holds no Vorbis or FLAC stream";
            return Err(format_error("Vorbis or FLAC in Ogg", "none", message));
        }
        serials.push(page.serial);
        if let Some(stream) = Stream::begin(first)? {
            return Ok(Chain {
                stream,
                serial: page.serial,
                serials,
                begun: false,
                sequence: None,
                partial: None,
                queue: VecDeque::new(),
                held: 0,
                made: 0,
                passed: 0,
                offset: None,
                gap: None,
                last: false,
                ended: false,
            });
        }
        page = match pages.next()? {
            Next::Page(page, _) => page,
            Next::End { .. } => return Err(cut_short()),
        };
    }
}

impl Chain {
    /// Takes the packets of a page.
    pub(super) fn accept(&mut self, page: &Page) -> Result<()> {
        if self.sequence.is_some_and(|before| before.wrapping_add(1) != page.sequence) && self.made > 0 {
            self.gap.get_or_insert(self.made);
            self.partial = None;
        }
        self.sequence = Some(page.sequence);
        if !page.continued && self.partial.take().is_some() {
            self.gap.get_or_insert(self.made);
        }
        // A packet whose beginning was on a page that is not here: of no use, and no loss at the beginning.
        let mut lost = page.continued && self.partial.is_none();
        if lost && self.made > 0 {
            self.gap.get_or_insert(self.made);
        }
        for (piece, ends) in page.pieces() {
            let mut packet = self.partial.take().unwrap_or_default();
            packet.extend_from_slice(piece);
            if std::mem::take(&mut lost) {
                lost = !ends;
            } else if !ends {
                self.partial = Some(packet);
            } else {
                match self.stream.accept(&packet)? {
                    Packet::Other => {}
                    Packet::Damaged => drop(self.gap.get_or_insert(self.made)),
                    Packet::Audio(samples) => {
                        self.made += u64::from(samples);
                        self.held += packet.len();
                        self.queue.push_back(Queued { data: packet, samples, kept: samples });
                    }
                }
            }
        }
        self.last |= page.last;
        Ok(())
    }

    /// Holds a page's granule position against its packets; returns how many samples are missing.
    pub(super) fn place(&mut self, granule: Option<i64>, last: bool) -> Option<Option<u64>> {
        let (Some(granule), true) = (granule, self.made > 0) else { return None };
        let made = self.made as i64;
        let known = self.offset.is_some();
        let offset = *self.offset.get_or_insert_with(|| match granule.saturating_sub(made) {
            // A sound of one page may be cut at its end, not at its beginning.
            cut if cut < 0 && last => 0,
            offset => offset,
        });
        let mut ahead = granule.saturating_sub(offset).saturating_sub(made);
        // ffmpeg writes the last position of a short sound that it cuts at the beginning too far by this.
        if last && ahead > WRAP / 2 {
            ahead = ahead.saturating_sub(WRAP);
        }
        if self.gap.is_some() {
            match ahead {
                // Before a second granule position nothing tells.
                _ if !known => return Some(None),
                ..=0 => self.gap = None,
                ahead => return Some(Some(ahead as u64)),
            }
        }
        // libvorbis believes only the last page's position where it is behind the packets.
        let mut excess = if last && self.stream.encoding != "flac" { ahead.saturating_neg().max(0) as u64 } else { 0 };
        for packet in self.queue.iter_mut().rev() {
            let cut = excess.min(u64::from(packet.kept)) as u32;
            packet.kept -= cut;
            excess -= u64::from(cut);
        }
        None
    }

    /// Samples at the beginning that are not to be given.
    pub(super) fn start(&self) -> u64 {
        match self.stream.encoding {
            "flac" => 0,
            _ => self.offset.map_or(0, |offset| offset.min(0).unsigned_abs()),
        }
    }
}
