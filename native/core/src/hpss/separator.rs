//! The pass: frames in, medians, masks, frames out, with a bounded memory of what is between.
//!
//! A frame's harmonic median needs the frames around it, so frames wait, as spectra with their percussive medians, in a
//! ring of tiles. A tile is as many frames as a row has lanes. Down a tile's bins goes the percussive median, one frame
//! per lane; for the harmonic one, magnitudes are turned to rows of bins, and its windows, one bin per lane, keep their state
//! from tile to tile.

use super::mask::{Soft, mask};
use super::outlet::Outlet;
use super::tile::{LANES, apply, store};
use super::{MaskOptions, Parts};
use crate::Result;
use crate::fft::lanes::{self, LaneBuffer};
use crate::median::{Bank, Extend, NONE, Step, reach};
use crate::simd::Real;
use crate::stft::Stft;
use crate::stft::engine::Engine;
use crate::stft::overlap::Overlap;
use crate::stft::signal::Signal;

/// A number of frames that no signal has.
const ENDLESS: usize = usize::MAX >> 2;

/// Which frames are there and which are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Samples up to this frame's first one go out before anything later is begun.
    pub first: usize,
    /// Frames up to this one are returned, all of them; none: as many as there can be now.
    pub last: Option<usize>,
    /// Frames of the signal, where it has ended.
    pub frames: Option<usize>,
    /// Frames whose samples are known.
    pub ready: usize,
}

impl Span {
    /// The frames `first .. last` of a signal of `frames` frames.
    pub fn of(first: usize, last: usize, frames: usize) -> Self {
        Self { first, last: Some(last), frames: Some(frames), ready: frames }
    }
}

/// The pass over one channel.
#[derive(Clone)]
pub struct Separator {
    plan: Stft,
    engine: Engine,
    options: MaskOptions,
    /// Which masked spectrograms are transformed back: the harmonic one, the percussive one.
    inverses: [bool; 2],
    /// Bins, rounded up to whole lanes.
    width: usize,
    tiles: Vec<Tile>,
    /// Magnitudes of the newest tile, `[bins, lanes]`, and a place for its medians.
    magnitudes: LaneBuffer<f64>,
    medians: LaneBuffer<f64>,
    down: Bank<f64>,
    down_steps: Vec<Step>,
    /// Magnitudes of the newest frames, a ring of rows of bins.
    history: LaneBuffer<f64>,
    along: Bank<f64>,
    along_steps: Vec<Step>,
    /// Harmonic medians of frames that wait for their tile, a ring of rows of bins; and those of one tile, `[bins, lanes]`.
    harmonic: LaneBuffer<f64>,
    turned: LaneBuffer<f64>,
    masks: [LaneBuffer<f64>; 2],
    overlap: Overlap,
    /// Whether the percussive part is what the harmonic one leaves.
    complement: bool,
    /// The next frame to be transformed, the next one to enter the harmonic windows (may lie beyond the signal's ends), and
    /// the next one to be returned.
    next_in: usize,
    next_step: i64,
    next_out: usize,
    /// The first frame to be returned.
    first: usize,
}

/// Frames that wait for their harmonic medians.
#[derive(Clone)]
struct Tile {
    /// `[bins, 2, lanes]`.
    spectra: LaneBuffer<f64>,
    /// `[bins, lanes]`.
    percussive: LaneBuffer<f64>,
}

/// Rows of the ring of harmonic medians, in tiles: one that waits, one that is being filled.
const WAITING: usize = 3;

impl Separator {
    /// Sums of squared windows up to `smallest` are not divided by.
    pub fn new(plan: Stft, options: MaskOptions, parts: Parts, smallest: f64) -> Result<Self> {
        let bins = plan.bins();
        let width = bins.next_multiple_of(LANES);
        let (k, k_down) = options.kernel_size;
        let right = reach(k).1;
        let complement = options.complementary() && !options.mask;
        let inverses =
            [parts.harmonic || parts.residual || complement, (parts.percussive || parts.residual) && !complement];
        let tile = Tile { spectra: LaneBuffer::new(2 * bins), percussive: LaneBuffer::new(bins) };
        let groups = width / LANES;
        let rows = (k + LANES).next_multiple_of(LANES) + LANES;
        Ok(Self {
            engine: Engine::new(plan.window().len())?,
            inverses,
            width,
            // Frames wait for `right` others, for the rest of their tile, and while the next one is taken in.
            tiles: vec![tile; (right + 1) / LANES + 4],
            magnitudes: LaneBuffer::new(bins),
            medians: LaneBuffer::new(bins),
            down: Bank::new(LANES, k_down),
            down_steps: down_steps(bins, k_down),
            history: LaneBuffer::new(rows * groups),
            along: Bank::new(width, k),
            along_steps: Vec::with_capacity(LANES),
            harmonic: LaneBuffer::new(WAITING * LANES * groups),
            turned: LaneBuffer::new(width),
            masks: [LaneBuffer::new(bins), LaneBuffer::new(bins)],
            overlap: Overlap::new(&plan, if complement { 1 } else { 2 }, smallest),
            complement,
            options,
            plan,
            next_in: 0,
            next_step: 0,
            next_out: 0,
            first: 0,
        }
        .begun(0))
    }

    /// What masks are made by.
    pub fn options(&self) -> &MaskOptions {
        &self.options
    }

    pub fn plan(&self) -> &Stft {
        &self.plan
    }

    /// About the bytes that it keeps: what grows with the frame and the kernels.
    pub fn bytes(&self) -> usize {
        let tile = 3 * self.plan.bins() * LANES;
        let windows = self.width * self.options.kernel_size.0;
        let rows = self.history.len() + self.harmonic.len();
        // The rest is what the transforms work in.
        size_of::<f64>() * (self.tiles.len() * tile + windows + rows + 64 * self.plan.window().len())
    }

    /// Forgets the signal: frame `first` is returned next.
    pub fn begin(&mut self, first: usize) {
        let left = reach(self.options.kernel_size.0).0;
        self.along.clear();
        self.overlap.begin();
        self.first = first;
        self.next_out = first;
        self.next_in = first.saturating_sub(left);
        self.next_step = first as i64 - left as i64;
    }

    fn begun(mut self, first: usize) -> Self {
        self.begin(first);
        self
    }

    /// Accepts the frames that are ready and emits what is complete.
    pub fn advance<T: Real>(&mut self, signal: &Signal<T>, span: &Span, outlet: &mut Outlet<T>) {
        let (left, right) = reach(self.options.kernel_size.0);
        let needed = span.last.map_or(span.ready, |last| span.ready.min(last + right));
        // Mirrored frames precede the first one: the frames that they mirror must have arrived.
        let mirrored = left.saturating_sub(self.first).min(span.frames.unwrap_or(ENDLESS));
        loop {
            let until = needed.min((self.next_in / LANES + 1) * LANES);
            if until > self.next_in {
                self.take(signal, until);
            }
            let limit = match span.last {
                Some(last) if self.next_in >= needed => (last + right) as i64,
                _ => self.next_in as i64,
            };
            while self.next_in >= mirrored && self.next_step < limit {
                let until = limit.min(self.next_step + LANES as i64);
                self.slide(until, span.frames.unwrap_or(ENDLESS));
                let done = (until - right as i64).max(0) as usize;
                self.give(signal, done, span, outlet);
            }
            if self.next_in >= needed {
                break;
            }
        }
        if let (Some(last), Some(frames)) = (span.last, span.frames)
            && last == frames
        {
            let complement = self.complement;
            self.overlap.finish(frames, outlet.wanted(), |stretch| outlet.take(signal, complement, &stretch));
        }
    }

    /// Transforms the frames up to `until`, which belong to one tile, and takes their percussive medians.
    fn take<T: Real>(&mut self, signal: &Signal<T>, until: usize) {
        let tile = self.next_in / LANES;
        let (from, to) = (self.next_in % LANES, until - tile * LANES);
        let count = self.tiles.len();
        let place = &mut self.tiles[tile % count];
        let group = self.engine.group();
        while self.next_in < until {
            let count = (until - self.next_in).min(group - self.next_in % group);
            let start = self.plan.start(self.next_in);
            self.engine.load(signal, start, self.plan.hop(), count, self.plan.window());
            self.engine.forward();
            let lane = self.next_in % LANES;
            store(self.engine.spectra(), count, lane, &mut place.spectra, &mut self.magnitudes);
            self.next_in += count;
        }
        let bins = self.plan.bins();
        let row = tile * LANES % (self.history.len() / self.width) * self.width;
        self.down.clear();
        if to - from == LANES {
            self.down.slide(&self.down_steps, &self.magnitudes, &mut place.percussive);
            let rows = &mut self.history[row..];
            lanes::scatter(&self.magnitudes, rows, self.width, LANES, bins);
        } else {
            // The other lanes belong to frames that are done or still to come.
            self.down.slide(&self.down_steps, &self.magnitudes, &mut self.medians);
            for k in 0..bins {
                let lanes = k * LANES + from..k * LANES + to;
                place.percussive[lanes.clone()].copy_from_slice(&self.medians[lanes]);
            }
            for l in from..to {
                let to = &mut self.history[row + l * self.width..][..bins];
                for (to, lanes) in to.iter_mut().zip(self.magnitudes.chunks_exact(LANES)) {
                    *to = lanes[l];
                }
            }
        }
    }

    /// Moves the harmonic windows on to frame `until` of a signal of `frames` frames.
    fn slide(&mut self, until: i64, frames: usize) {
        let (k, start) = (self.options.kernel_size.0 as i64, self.first as i64);
        let (left, right) = reach(self.options.kernel_size.0);
        let (rows, waiting) = (self.history.len() / self.width, WAITING * LANES);
        let place = |at: i64| {
            let frame = Extend::Reflect.source(at, frames).expect("mirrored frames are always there");
            frame % rows * self.width
        };
        self.along_steps.clear();
        for at in self.next_step..until {
            let gone = at - k;
            let out = at - right as i64;
            self.along_steps.push(Step {
                old: if gone < start - left as i64 { NONE } else { place(gone) },
                new: place(at),
                out: if out < start { NONE } else { out as usize % waiting * self.width },
            });
        }
        self.along.slide(&self.along_steps, &self.history, &mut self.harmonic);
        self.next_step = until;
    }

    /// Emits the frames before `done`, in whole tiles unless they are due at once.
    fn give<T: Real>(&mut self, signal: &Signal<T>, done: usize, span: &Span, outlet: &mut Outlet<T>) {
        let hurry = span.last.is_none_or(|last| done >= last);
        while self.next_out < done {
            let end = (self.next_out / LANES + 1) * LANES;
            if done < end && !hurry {
                break;
            }
            self.mask();
            self.back(signal, done.min(end), span, outlet);
        }
    }

    /// Makes the masks of the next frame's tile.
    fn mask(&mut self) {
        let tile = self.next_out / LANES;
        let bins = self.plan.bins();
        let row = tile % WAITING * LANES * self.width;
        let whole = bins * LANES;
        lanes::gather(&self.harmonic[row..], self.width, LANES, bins, &mut self.turned[..whole]);
        let percussive = &self.tiles[tile % self.tiles.len()].percussive;
        let harmonic = &self.turned[..whole];
        let MaskOptions { power, margin, .. } = self.options;
        let split = self.options.split();
        if self.inverses[0] {
            mask(harmonic, percussive, &Soft { power, split, margin: margin.0 }, &mut self.masks[0]);
        }
        if self.inverses[1] {
            mask(percussive, harmonic, &Soft { power, split, margin: margin.1 }, &mut self.masks[1]);
        }
    }

    /// Transforms the frames up to `until`, which belong to one tile, back, and adds them up.
    fn back<T: Real>(&mut self, signal: &Signal<T>, until: usize, span: &Span, outlet: &mut Outlet<T>) {
        let tile = &self.tiles[self.next_out / LANES % self.tiles.len()];
        let group = self.engine.group();
        let n = self.plan.window().len();
        while self.next_out < until {
            let count = (until - self.next_out).min(group - self.next_out % group);
            for part in 0..2 {
                if !self.inverses[part] {
                    continue;
                }
                let tile = if self.options.mask { None } else { Some(&*tile.spectra) };
                apply(tile, &self.masks[part], count, self.next_out % LANES, self.engine.spectra_mut());
                self.engine.back();
                for i in 0..count {
                    self.overlap.add(part, i, self.engine.frame(i, n));
                }
            }
            for i in 0..count {
                let frame = self.next_out + i;
                let wanted = if frame < span.first { 0..0 } else { outlet.wanted() };
                let complement = self.complement;
                self.overlap.give(frame, wanted, |stretch| outlet.take(signal, complement, &stretch));
            }
            self.next_out += count;
        }
    }
}

/// The steps down the rows of a tile, mirrored at both ends.
fn down_steps(bins: usize, k: usize) -> Vec<Step> {
    let (left, right) = reach(k);
    let place = |at: i64| Extend::Reflect.source(at, bins).map_or(NONE, |bin| bin * LANES);
    (-(left as i64)..(bins + right) as i64)
        .map(|at| {
            let (gone, out) = (at - k as i64, at - right as i64);
            Step {
                old: if gone < -(left as i64) { NONE } else { place(gone) },
                new: place(at),
                out: if out < 0 { NONE } else { out as usize * LANES },
            }
        })
        .collect()
}
