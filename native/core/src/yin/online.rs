//! YIN of a stream: blocks of any size in, frequencies out, with the bits of the whole.

use super::{FrameOptions, Yin, YinOptions};
use crate::simd::Real;
use crate::stft::padding::{self, Padding};
use crate::stft::signal::Signal;
use crate::{Error, Result, check_finite};
use std::ops::Range;

/// The samples of a stream that are still needed, and its padding.
#[derive(Clone)]
pub(crate) struct Stream<T> {
    options: FrameOptions,
    samples: Vec<T>,
    /// The position of the first sample kept.
    first: usize,
    next: usize,
    padding: Option<Padding>,
    flushed: bool,
}

impl<T: Real> Stream<T> {
    pub(crate) fn new(options: &FrameOptions) -> Result<Self> {
        if options.center && options.pad_mode.reach(0).is_none() {
            let expected = "constant, edge, linear_ramp, reflect or symmetric in a stream (the others need the whole signal before the first frame)";
            let (name, _) = super::PadMode::NAMES.iter().find(|(_, mode)| *mode == options.pad_mode).expect("a mode");
            return Err(Error::argument("padMode", expected, name));
        }
        Ok(Self { options: *options, samples: Vec::new(), first: 0, next: 0, padding: None, flushed: false })
    }

    /// Samples after a frame's reference sample that must be there before its frequency comes out.
    pub(crate) fn latency(&self) -> usize {
        self.options.frame_length - self.options.pad()
    }

    /// Takes samples; the frames that are complete now.
    pub(crate) fn accept(&mut self, block: &[T]) -> Result<Range<usize>> {
        if self.flushed {
            return Err(Error::after_flush());
        }
        check_finite("block", block, false)?;
        self.samples.extend_from_slice(block);
        let (total, pad) = (self.total(), self.options.pad());
        if self.padding.is_none() && total > 0 && total >= self.reach() {
            self.padding =
                Some(Padding { before: padding::before(&self.samples, pad, self.options.pad_mode), after: vec![] });
        }
        let ready = match (total + pad).checked_sub(self.options.frame_length) {
            Some(rest) if self.padding.is_some() => 1 + rest / self.options.hop_length,
            _ => 0,
        };
        Ok(self.next..ready.max(self.next))
    }

    /// Ends the signal; the frames that are left.
    pub(crate) fn flush(&mut self) -> Range<usize> {
        let total = self.total();
        let frames = if self.flushed { self.next } else { self.options.frames(total) };
        self.flushed = true;
        if frames > self.next {
            let (pad, mode) = (self.options.pad(), self.options.pad_mode);
            let padding = self.padding.get_or_insert_default();
            if padding.before.is_empty() {
                padding.before = padding::before(&self.samples, pad, mode);
            }
            padding.after = padding::after(&self.samples, pad, mode);
        }
        self.next..frames.max(self.next)
    }

    /// The signal as far as it is kept.
    pub(crate) fn signal<'a>(&'a self, empty: &'a Padding) -> Signal<'a, T> {
        let padding = self.padding.as_ref().unwrap_or(empty);
        Signal::padded(&self.samples, self.first, self.total(), padding)
    }

    /// Frames up to `end` are done: samples that nobody will ask for any more are let go.
    pub(crate) fn done(&mut self, end: usize) {
        self.next = end;
        if self.padding.is_none() {
            return;
        }
        let total = self.total();
        let start = (self.next * self.options.hop_length).saturating_sub(self.options.pad());
        // The padding at the end will need these.
        let keep = start.min(total.saturating_sub(self.reach().max(1)));
        // Moving the rest is worth it once it is the smaller part.
        if keep - self.first.min(keep) > self.samples.len() / 2 {
            self.samples.drain(..keep - self.first);
            self.first = keep;
        }
    }

    pub(crate) fn reset(&mut self) {
        self.samples.clear();
        (self.first, self.next, self.padding, self.flushed) = (0, 0, None, false);
    }

    fn reach(&self) -> usize {
        let pad = self.options.pad();
        if pad == 0 { 0 } else { self.options.pad_mode.reach(pad).expect("checked by new()") }
    }

    /// Samples so far.
    fn total(&self) -> usize {
        self.first + self.samples.len()
    }
}

/// The streaming form of [`super::yin`] for one channel. Memory does not grow with the stream.
#[derive(Clone)]
pub struct OnlineYin<T> {
    search: Yin,
    stream: Stream<T>,
}

impl<T: Real> OnlineYin<T> {
    pub fn new(options: &YinOptions) -> Result<Self> {
        Ok(Self { search: Yin::new(options)?, stream: Stream::new(&options.frames)? })
    }

    /// Samples after a frame's reference sample (`frame * hop_length`) that must be there before its frequency comes out.
    pub fn latency_samples(&self) -> usize {
        self.stream.latency()
    }

    /// Takes samples; the frequencies of the frames that are complete now.
    pub fn accept(&mut self, block: &[T]) -> Result<Vec<f64>> {
        let range = self.stream.accept(block)?;
        Ok(self.take(range))
    }

    /// Ends the signal: the frames that were still waiting for the padding at its end. A second flush has none.
    pub fn flush(&mut self) -> Vec<f64> {
        let range = self.stream.flush();
        self.take(range)
    }

    /// Forgets the signal.
    pub fn reset(&mut self) {
        self.stream.reset();
    }

    fn take(&mut self, range: Range<usize>) -> Vec<f64> {
        let mut f0 = vec![0.0; range.len()];
        if !range.is_empty() {
            self.search.frames(&self.stream.signal(&Padding::default()), range.clone(), &mut f0);
        }
        self.stream.done(range.end);
        f0
    }
}
