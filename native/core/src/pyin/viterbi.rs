//! The most probable path through pitches with and without voice, as `librosa.sequence.viterbi` finds it.
//!
//! librosa multiplies out the whole matrix. Only a band of it holds more than "impossible", whose logarithm is the same
//! everywhere, so that one best state stands for all that lies outside the band; and nearly all voiced states are themselves
//! impossible, far below every silent one, so that no best path goes through them: those are not looked at. What is left are
//! the same sums of the same floats, and of equal ones the first state wins: the path is librosa's.

// Kernels count by index: iterators are not always inlined into them, and then lack their instruction set.
#![allow(clippy::needless_range_loop)]

use super::observe::Observations;
use super::transition::{BLOCK, Transition, log_of_nothing};
use crate::jobs::for_each;
use crate::simd::{Kernel, Level, Simd};
use std::sync::Arc;

/// Values kept for the way back; what is older is computed again from checkpoints.
const KEPT: usize = 1 << 22;
/// Checkpoints of a segment: parts of it that are computed again at the same time.
const PARTS: usize = 8;

/// The forward pass, which can stop anywhere and go on, and the way back. Clones share the transitions.
#[derive(Clone)]
pub struct Viterbi {
    step: Step,
    /// Frames from one checkpoint to the next.
    part: usize,
    /// The values of the frames of the segment at work: [`Step::row`] each.
    values: Vec<f64>,
    /// The values of every frame that is a multiple of `part`.
    checkpoints: Vec<f64>,
    /// Frames so far.
    frames: usize,
}

impl Viterbi {
    pub fn new(transition: Transition, begins_silent: bool) -> Self {
        let step = Step {
            transition: Arc::new(transition),
            begins_silent,
            observed: Vec::new(),
            active: Vec::new(),
            maxima: Vec::new(),
        };
        let part = (KEPT / PARTS / step.row()).max(8);
        Self { step, part, values: Vec::new(), checkpoints: Vec::new(), frames: 0 }
    }

    /// Frames of a segment.
    fn segment(&self) -> usize {
        PARTS * self.part
    }

    /// Makes room for so many frames.
    pub fn reserve(&mut self, frames: usize) {
        self.values.reserve(frames.min(self.segment()) * self.step.row());
    }

    /// Goes on over the frames that were not seen yet.
    pub fn forward(&mut self, observations: &Observations) {
        let row = self.step.row();
        for frame in self.frames..observations.voiced.len() {
            let at = frame % self.segment() * row;
            if at == 0 && frame > 0 {
                // The last frame of the segment before stands in front of the first one of this segment.
                let before = self.values.split_off(self.values.len() - row);
                self.values.clear();
                self.values.resize(row, 0.0);
                self.step.run(Some(&before), observations, frame, &mut self.values);
            } else {
                self.values.resize(at + row, 0.0);
                let (before, now) = self.values.split_at_mut(at);
                self.step.run(at.checked_sub(row).map(|at| &before[at..]), observations, frame, now);
            }
            if frame.is_multiple_of(self.part) {
                self.checkpoints.extend_from_slice(&self.values[at..]);
            }
            self.frames = frame + 1;
        }
    }

    /// The states of all frames: below `states` with voice, above without. On all cores with `threads`.
    pub fn path(&mut self, observations: &Observations, threads: bool) -> Vec<usize> {
        let states = self.step.transition.states;
        let mut path = vec![0; self.frames];
        let Some(last) = self.frames.checked_sub(1) else { return path };
        let mut state = self.first_largest(self.frame(last % self.segment()));
        path[last] = state;
        let mut first = last / self.segment() * self.segment();
        let mut next = last;
        loop {
            while next > first {
                next -= 1;
                state = self.predecessor(self.frame(next - first), state);
                path[next] = state;
            }
            if first == 0 {
                break;
            }
            first -= self.segment();
            self.restore(observations, first, threads);
        }
        debug_assert!(path.iter().all(|&state| state < 2 * states));
        self.reset();
        path
    }

    /// Computes the values of the segment from frame `first` on again.
    fn restore(&mut self, observations: &Observations, first: usize, threads: bool) {
        let (row, part, checkpoints) = (self.step.row(), self.part, &self.checkpoints);
        self.values.resize(self.part * PARTS * row, 0.0);
        let mut parts: Vec<&mut [f64]> = self.values.chunks_exact_mut(part * row).collect();
        for_each(
            threads,
            &mut parts,
            &mut self.step,
            || (),
            |step, (), i, values| {
                let first = first + i * part;
                values[..row].copy_from_slice(&checkpoints[first / part * row..][..row]);
                for frame in 1..part {
                    let (before, now) = values.split_at_mut(frame * row);
                    step.run(Some(&before[before.len() - row..]), observations, first + frame, &mut now[..row]);
                }
            },
        );
    }

    /// Makes parts, and so segments, shorter than they would be.
    #[cfg(test)]
    pub fn set_part(&mut self, frames: usize) {
        self.part = frames;
    }

    /// Forgets all frames.
    pub fn reset(&mut self) {
        self.values.clear();
        self.checkpoints.clear();
        self.frames = 0;
    }

    fn frame(&self, i: usize) -> &[f64] {
        &self.values[i * self.step.row()..][..self.step.row()]
    }

    /// The state from which `state` is reached best; of equal ones the first.
    fn predecessor(&self, values: &[f64], state: usize) -> usize {
        let states = self.step.transition.states;
        let (voiced, unvoiced) = values.split_at(values.len() / 2);
        let (stay, switch) = self.step.transition.tables();
        let (j, is_voiced) = (state % states, state < states);
        let (first, end) = (*self.step.transition.sources(j, j).start(), *self.step.transition.sources(j, j).end() + 1);
        let nothing = self.step.transition.outside();
        let halves = [(voiced, is_voiced, 0), (unvoiced, !is_voiced, states)];
        let (mut best, mut best_state) = (f64::NEG_INFINITY, 0);
        for (values, same, offset) in halves {
            let table = if same { stay } else { switch };
            let value = |k: usize| {
                let log = if k >= first && k < end { table[self.step.transition.place(k, j)] } else { nothing };
                values[k] + log
            };
            // Sums grow with their first term, so that the largest value has the largest sum outside the band.
            let outside = larger(largest(&values[..first]), largest(&values[end..states])) + nothing;
            let most = (first..end).fold(outside, |most, k| larger(value(k), most));
            if most > best {
                let at = (0..states).find(|&k| value(k) == most).expect("one of them is the largest");
                (best, best_state) = (most, offset + at);
            }
        }
        best_state
    }

    fn first_largest(&self, values: &[f64]) -> usize {
        let states = self.step.transition.states;
        let (voiced, unvoiced) = values.split_at(values.len() / 2);
        let all = voiced[..states].iter().chain(&unvoiced[..states]);
        all.enumerate().fold((0, f64::NEG_INFINITY), |best, (i, &v)| if v > best.1 { (i, v) } else { best }).0
    }
}

/// One step of the forward pass, with its buffers.
#[derive(Clone)]
struct Step {
    transition: Arc<Transition>,
    /// Whether the path begins without voice, as librosa 0.10 has it.
    begins_silent: bool,
    /// The values of the observed pitches of one frame.
    observed: Vec<f64>,
    /// The voiced states of the frame before that matter.
    active: Vec<(usize, f64)>,
    /// The largest silent value of each block of states of the frame before.
    maxima: Vec<f64>,
}

impl Step {
    /// Values of a frame: those of the voiced states, then those of the silent ones, each rounded up to whole blocks.
    fn row(&self) -> usize {
        2 * self.transition.states.next_multiple_of(BLOCK)
    }

    /// The values of a frame, from those of the frame before it.
    fn run(&mut self, before: Option<&[f64]>, observations: &Observations, frame: usize, now: &mut [f64]) {
        let states = self.transition.states;
        let half = self.row() / 2;
        let pitches = observations.frame(frame);
        let silent = ((1.0 - observations.voiced[frame]) / states as f64 + f64::MIN_POSITIVE).ln();
        let (to_voiced, to_unvoiced) = now.split_at_mut(half);
        let add = |value: f64| move |to: &mut f64| *to += value;
        if let Some(before) = before {
            let (voiced, unvoiced) = before.split_at(half);
            let (voiced, unvoiced) = (&voiced[..states], &unvoiced[..states]);
            let best = larger(largest(voiced), largest(unvoiced));
            // Every state outside the band, at its best; and what no voiced state can exceed.
            let (elsewhere, most) = (best + self.transition.outside(), best + log_of_nothing());
            // A silent state is reached from its own pitch with at least this, so that what is below helps nobody.
            let least = floor(&self.transition, unvoiced);
            self.active.clear();
            self.active.extend((0..states).filter(|&k| voiced[k] >= least).map(|k| (k, voiced[k])));
            self.maxima.clear();
            self.maxima.extend(unvoiced.chunks(BLOCK).map(largest));
            let (active, maxima) = (&self.active, &self.maxima);
            let reach = Reach { transition: &self.transition, unvoiced, maxima, active, elsewhere };
            reach.all(false, to_unvoiced);
            to_unvoiced[..states].iter_mut().for_each(add(silent));
            self.observed.clear();
            if most < floor(&self.transition, &to_unvoiced[..states]) {
                // No voiced state will help anybody but the observed ones.
                self.observed.extend(pitches.iter().map(|&(bin, _)| reach.one(bin as usize)));
                to_voiced.fill(f64::NEG_INFINITY);
            } else {
                reach.all(true, to_voiced);
                self.observed.extend(pitches.iter().map(|&(bin, _)| to_voiced[bin as usize]));
                to_voiced[..states].iter_mut().for_each(add(log_of_nothing()));
            }
        } else {
            let log = |probability: f64| (probability + f64::MIN_POSITIVE).ln();
            let (voiced, unvoiced) = if self.begins_silent {
                (0.0, 1.0 / states as f64)
            } else {
                (0.5 / states as f64, 0.5 / states as f64)
            };
            to_voiced.fill(log(voiced));
            to_unvoiced.fill(log(unvoiced));
            to_unvoiced[..states].iter_mut().for_each(add(silent));
            self.observed.clear();
            self.observed.extend(pitches.iter().map(|&(bin, _)| to_voiced[bin as usize]));
            to_voiced[..states].iter_mut().for_each(add(log_of_nothing()));
        }
        for (value, &(bin, probability)) in self.observed.iter().zip(pitches) {
            to_voiced[bin as usize] = (probability + f64::MIN_POSITIVE).ln() + value;
        }
    }
}

/// What every state gets at least, from the silent state of the same pitch.
fn floor(transition: &Transition, unvoiced: &[f64]) -> f64 {
    let (groups, rest) = unvoiced.as_chunks::<8>();
    let mut least = [f64::INFINITY; 8];
    for group in groups {
        for l in 0..8 {
            least[l] = if group[l] < least[l] { group[l] } else { least[l] };
        }
    }
    least.iter().chain(rest).fold(f64::INFINITY, |a, &b| a.min(b)) + transition.least_middle()
}

/// The largest of all values, which are not NaN.
fn largest(values: &[f64]) -> f64 {
    let (groups, rest) = values.as_chunks::<8>();
    let mut most = [f64::NEG_INFINITY; 8];
    for group in groups {
        for l in 0..8 {
            most[l] = larger(group[l], most[l]);
        }
    }
    most.iter().chain(rest).fold(f64::NEG_INFINITY, |a, &b| larger(b, a))
}

/// How well states are reached from those of the frame before.
struct Reach<'a> {
    transition: &'a Transition,
    unvoiced: &'a [f64],
    /// The largest silent value of each block of states.
    maxima: &'a [f64],
    /// The voiced states that matter, with their values.
    active: &'a [(usize, f64)],
    /// The best way from outside the band.
    elsewhere: f64,
}

impl Reach<'_> {
    /// The largest sums for all voiced or all silent states.
    fn all(&self, to_voiced: bool, to: &mut [f64]) {
        let (stay, switch) = self.transition.tables();
        let within = if to_voiced { stay } else { switch };
        // SAFETY: the level was found on this machine.
        unsafe {
            Level::best().run(Dense { reach: self, to_voiced, to });
            Level::best().run(Sparse { reach: self, table: within, to });
        }
    }

    /// The same for one voiced state.
    fn one(&self, j: usize) -> f64 {
        let (stay, switch) = self.transition.tables();
        let sources = self.transition.sources(j, j);
        let at = |k: usize| self.transition.place(k, j);
        let silent = sources.clone().map(|k| self.unvoiced[k] + switch[at(k)]);
        let active = self.active.iter().filter(|(k, _)| sources.contains(k)).map(|&(k, value)| value + stay[at(k)]);
        silent.chain(active).fold(self.elsewhere, |a, b| larger(b, a))
    }
}

/// From the silent states, which all matter, to blocks of states.
struct Dense<'a> {
    reach: &'a Reach<'a>,
    to_voiced: bool,
    to: &'a mut [f64],
}

impl Kernel<f64> for Dense<'_> {
    type Output = ();

    // Blocks are arrays of a known length: the compiler makes vectors of the instruction set of them.
    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let Reach { transition, unvoiced, maxima, elsewhere, .. } = *self.reach;
        let (stay, switch) = transition.tables();
        let table = if self.to_voiced { switch } else { stay };
        for (i, to) in self.to.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
            let j = i * BLOCK;
            let sources = transition.sources(j, j + BLOCK - 1);
            let (mut best, mut least) = ([elsewhere; BLOCK], elsewhere);
            for near in transition.near(i) {
                // What cannot beat the worst of the block so far is left out: mostly all but a few neighbours.
                if maxima[near.block] + if self.to_voiced { near.switch } else { near.stay } <= least {
                    continue;
                }
                let first = near.block * BLOCK;
                for k in first.max(*sources.start())..(first + BLOCK).min(sources.end() + 1) {
                    let at = transition.place(k, j);
                    let logs: &[f64; BLOCK] = table[at..at + BLOCK].try_into().expect("a block");
                    let value = unvoiced[k];
                    for l in 0..BLOCK {
                        best[l] = larger(value + logs[l], best[l]);
                    }
                }
                least = smallest(&best);
            }
            *to = best;
        }
    }
}

/// From the voiced states that matter, few of them, to all in their bands.
struct Sparse<'a> {
    reach: &'a Reach<'a>,
    table: &'a [f64],
    to: &'a mut [f64],
}

impl Kernel<f64> for Sparse<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let transition = self.reach.transition;
        for &(k, value) in self.reach.active {
            let targets = transition.targets(k);
            let at = transition.place(k, targets.start);
            let to = &mut self.to[targets];
            for (to, log) in to.iter_mut().zip(&self.table[at..]) {
                *to = larger(value + log, *to);
            }
        }
    }
}

#[inline(always)]
fn smallest(block: &[f64; BLOCK]) -> f64 {
    let mut half: [f64; BLOCK / 2] = std::array::from_fn(|l| smaller(block[l], block[l + BLOCK / 2]));
    for l in 0..BLOCK / 4 {
        half[l] = smaller(half[l], half[l + BLOCK / 4]);
    }
    smaller(smaller(half[0], half[1]), smaller(half[2], half[3]))
}

#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// No value is NaN, so this is one instruction.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
