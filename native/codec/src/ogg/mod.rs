//! Ogg: pages, packets, links and trims are found here; symphonia decodes the packets.
//!
//! A page's granule position counts the samples up to the end of the last packet that ends on it. That of the first page of
//! sound tells how many samples were cut off at the beginning, that of the last page how many at the end, and
//! those between show whether pages are missing. Another group of streams may follow (a chained file): a link.

mod chain;
mod page;
mod stream;
#[cfg(test)]
mod tests;
mod vorbis_setup;

use crate::codec::keep;
use crate::decoder::{Decoder, Info, Link, format_error};
use crate::source::Source;
use chain::{Chain, Queued, begin};
use dsp_core::{Error, Result};
use page::{Cut, Next, Page, Pages};
use stream::Stream;

/// Bytes of packets that are held back until a granule position tells where the sound begins.
const MAX_HELD: usize = 1 << 20;

struct Ogg {
    pages: Pages,
    chain: Chain,
    info: Info,
    links: Vec<Link>,
    /// Samples per channel that were given.
    given: u64,
    /// The first page of the next link.
    next: Option<Page>,
    /// The error behind the packets that are waiting.
    failed: Option<Error>,
    /// Whether the present link waits for [`Decoder::next_link`].
    waiting: bool,
}

pub(crate) fn open(source: Source) -> Result<Box<dyn Decoder>> {
    let mut pages = Pages::new(source);
    let chain = match pages.next()? {
        Next::Page(page, _) => begin(&mut pages, page)?,
        Next::End { .. } => return Err(cut_short()),
    };
    let info = info(&chain);
    let links = vec![link(&chain)];
    let mut ogg = Ogg { pages, chain, info, links, given: 0, next: None, failed: None, waiting: false };
    ogg.read_headers()?;
    Ok(Box::new(ogg))
}

fn info(chain: &Chain) -> Info {
    Info {
        format: "ogg",
        encoding: chain.stream.encoding.to_owned(),
        channels: chain.stream.channels,
        sample_rate: chain.stream.rate,
        samples: None,
        ..Info::default()
    }
}

fn link(chain: &Chain) -> Link {
    let Stream { encoding, channels, rate, .. } = chain.stream;
    Link { encoding: encoding.to_owned(), channels, sample_rate: rate, samples: 0 }
}

fn cut_short() -> Error {
    let message = "the ogg file is cut short: it ends before the first sample that is whole";
    format_error("a whole file", "the end of the input", message)
}

/// More samples than a page can hold: 255 packets of half the longest block.
const MAX_ON_PAGE: i64 = 255 << 14;

/// The samples from `from` on are lost, `count` of them where known.
fn missing(from: u64, count: Option<u64>) -> Error {
    let lost = match count {
        Some(count) => format!("the {count} samples from sample {from} on"),
        None => format!("samples from sample {from} on"),
    };
    let message = format!("the ogg data is damaged or cut short: {lost} cannot be read");
    format_error("pages without a gap", format!("{lost} missing"), message)
}

impl Ogg {
    fn read_headers(&mut self) -> Result<()> {
        while !self.chain.stream.is_ready() {
            if self.chain.ended {
                return Err(self.failed.take().unwrap_or_else(cut_short));
            }
            self.load()?;
        }
        Ok(())
    }

    /// Where in what was given the link's sample `made` is.
    fn position(&self, made: u64) -> u64 {
        self.given + made.saturating_sub(self.chain.passed.max(self.chain.start()))
    }

    /// Leaves the packets before `made`, and the error behind them.
    fn fail(&mut self, made: u64, error: Error) {
        let chain = &mut self.chain;
        while chain.made > made {
            let Some(packet) = chain.queue.pop_back() else { break };
            chain.made -= u64::from(packet.samples);
        }
        chain.offset.get_or_insert(0);
        chain.ended = true;
        self.next = None;
        self.failed = Some(error);
    }

    /// Takes the next page.
    fn load(&mut self) -> Result<()> {
        let (page, junk) = match self.pages.next()? {
            Next::Page(page, junk) => (page, junk),
            Next::End { cut, junk } => {
                self.finish(cut, junk);
                return Ok(());
            }
        };
        let chain = &mut self.chain;
        if page.first {
            if chain.begun {
                self.finish(None, junk);
                if self.failed.is_none() {
                    self.next = Some(page);
                }
            } else {
                chain.serials.push(page.serial);
            }
            return Ok(());
        }
        chain.begun = true;
        if page.serial != chain.serial {
            if !chain.serials.contains(&page.serial) {
                let error = missing(self.position(self.chain.made), None);
                self.fail(self.chain.made, error);
            }
            return Ok(());
        }
        chain.accept(&page)?;
        if let (Some(lost), Some(gap)) = (chain.place(page.granule, page.last), chain.gap) {
            let error = missing(self.position(gap), lost);
            self.fail(gap, error);
        } else if chain.held > MAX_HELD {
            chain.offset.get_or_insert(0);
        }
        Ok(())
    }

    /// Ends the link.
    fn finish(&mut self, cut: Option<Cut>, junk: bool) {
        let chain = &mut self.chain;
        chain.ended = true;
        let offset = chain.offset;
        chain.offset.get_or_insert(0);
        let (made, last) = (chain.made, chain.last);
        let short = chain.stream.total.filter(|total| *total > made && !last && (cut.is_some() || junk));
        if let Some(gap) = chain.gap {
            let error = missing(self.position(gap), None);
            self.fail(gap, error);
        } else if let Some(total) = short {
            let error = missing(self.position(made), Some(total - made));
            self.fail(made, error);
        } else if junk && !last {
            let error = missing(self.position(made), None);
            self.fail(made, error);
        } else if cut.is_some() && made == 0 && self.given == 0 {
            self.failed = Some(cut_short());
        } else {
            self.lack(cut, offset);
        }
    }

    /// Takes note of what the link lacks at its end: a page, or the rest of a packet.
    fn lack(&mut self, cut: Option<Cut>, offset: Option<i64>) {
        let chain = &self.chain;
        let last = cut.as_ref().and_then(|cut| cut.last).filter(|(serial, _)| *serial == chain.serial);
        let stated = last.zip(offset).map(|((_, granule), offset)| granule.saturating_sub(offset + chain.made as i64));
        // Ogg FLAC that is cut between two pages
        if let Some(total) = chain.stream.total.filter(|total| *total > chain.made && !chain.last) {
            self.info.missing += total - chain.made;
        } else if let Some(stated) = stated.filter(|stated| (1..=MAX_ON_PAGE).contains(stated)) {
            self.info.missing += stated as u64;
        } else if chain.partial.is_some() || cut.is_some_and(|cut| cut.captured || !chain.last) {
            let given: f64 = self.links.iter().map(|link| link.samples as f64 / f64::from(link.sample_rate)).sum();
            let waiting = (self.position(chain.made) - self.given) as f64;
            self.info.cut_at.get_or_insert(given + waiting / f64::from(chain.stream.rate));
        }
    }

    /// The next packet with samples to give, and the range of them; none at the end and where channels or rate change.
    fn packet(&mut self) -> Result<Option<(Queued, std::ops::Range<usize>)>> {
        loop {
            let chain = &mut self.chain;
            if self.waiting {
                return Ok(None);
            }
            if chain.offset.is_some()
                && let Some(packet) = chain.queue.pop_front()
            {
                chain.held -= packet.data.len();
                let from = chain.start().saturating_sub(chain.passed).min(u64::from(packet.kept)) as usize;
                chain.passed += u64::from(packet.samples);
                let range = from..packet.kept as usize;
                self.given += range.len() as u64;
                if let Some(link) = self.links.last_mut() {
                    link.samples += range.len() as u64;
                }
                return Ok(Some((packet, range)));
            }
            if !chain.ended {
                self.load()?;
            } else if let Some(error) = self.failed.take() {
                return Err(error);
            } else if let Some(page) = self.next.take() {
                self.chain = begin(&mut self.pages, page)?;
                self.read_headers()?;
                self.links.push(link(&self.chain));
                let Stream { channels, rate, .. } = self.chain.stream;
                self.waiting = (channels, rate) != (self.info.channels, self.info.sample_rate);
            } else {
                return Ok(None);
            }
        }
    }
}

impl Decoder for Ogg {
    fn info(&self) -> &Info {
        &self.info
    }

    fn read(&mut self, channels: &mut [Vec<f32>]) -> Result<usize> {
        while let Some((packet, range)) = self.packet()? {
            let at = self.given - range.len() as u64;
            let count = self.chain.stream.decode(&packet.data, channels).and_then(|count| {
                let expected = packet.samples as usize;
                if count == expected { Ok(count) } else { Err(format!("{count} samples instead of {expected}")) }
            });
            let count = count.map_err(|error| {
                let message = format!("the ogg data is damaged at sample {at}: {error}");
                format_error("valid ogg data", error, message)
            })?;
            let length = range.len();
            keep(channels, count, range.start, range.end);
            if length > 0 {
                return Ok(length);
            }
        }
        Ok(0)
    }

    fn count(&mut self) -> Result<u64> {
        let mut count = 0;
        while let Some((_, range)) = self.packet()? {
            count += range.len() as u64;
        }
        Ok(count)
    }

    fn next_link(&mut self) -> Result<bool> {
        if self.waiting {
            let Info { missing, cut_at, .. } = self.info;
            self.info = Info { missing, cut_at, ..info(&self.chain) };
        }
        Ok(std::mem::take(&mut self.waiting))
    }

    fn links(&self) -> &[Link] {
        if self.links.len() > 1 { &self.links } else { &[] }
    }
}
