//! The most probable path through pitches with and without voice, as `librosa.sequence.viterbi` finds it.
//!
//! librosa multiplies out the whole matrix; only a band of it holds more than "impossible", whose logarithm is the same
//! everywhere, so that one best state stands for all that lies outside the band. Sums are the same floats, and of equal ones the
//! first state wins, so that the path is librosa's.

use super::observe::Observations;
use super::transition::{BLOCK, Transition, log_of_nothing};
use crate::simd::{Kernel, Level, Simd};
use std::sync::Arc;

/// Values kept for the way back; what is older is computed again from a checkpoint.
const KEPT: usize = 1 << 22;

/// The forward pass, which can stop anywhere and go on, and the way back. Clones share the transitions.
#[derive(Clone)]
pub struct Viterbi {
    transition: Arc<Transition>,
    /// Frames of a segment.
    segment: usize,
    /// The values of the segment at work: `2 * states` (rounded up) a frame.
    values: Vec<f64>,
    /// The values of each earlier segment's first frame.
    checkpoints: Vec<f64>,
    /// Frames so far.
    frames: usize,
    /// The values of the observed pitches of one frame.
    observed: Vec<f64>,
}

impl Viterbi {
    pub fn new(transition: Transition) -> Self {
        let row = 2 * transition.states.next_multiple_of(BLOCK);
        Self {
            segment: (KEPT / row).max(64),
            transition: Arc::new(transition),
            values: Vec::new(),
            checkpoints: Vec::new(),
            frames: 0,
            observed: Vec::new(),
        }
    }

    /// Goes on over the frames that were not seen yet.
    pub fn forward(&mut self, observations: &Observations) {
        while self.frames < observations.voiced.len() {
            if self.frames > 0 && self.frames.is_multiple_of(self.segment) {
                let row = self.row();
                let last = self.values.len() - row;
                self.checkpoints.extend_from_slice(&self.values[..row]);
                self.values.copy_within(last.., 0);
                self.values.truncate(row);
                self.step(observations, self.frames);
                self.values.drain(..row);
            } else {
                self.step(observations, self.frames);
            }
            self.frames += 1;
        }
    }

    /// The states of all frames: below `states` with voice, above without.
    pub fn path(&mut self, observations: &Observations) -> Vec<usize> {
        let states = self.transition.states;
        let mut path = vec![0; self.frames];
        let Some(last) = self.frames.checked_sub(1) else { return path };
        let mut state = self.first_largest(self.frame(last % self.segment));
        path[last] = state;
        let mut first = last / self.segment * self.segment;
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
            first -= self.segment;
            let row = self.row();
            let checkpoint = first / self.segment * row;
            self.values.clear();
            self.values.extend_from_slice(&self.checkpoints[checkpoint..checkpoint + row]);
            for frame in first + 1..next {
                self.step(observations, frame);
            }
        }
        debug_assert!(path.iter().all(|&state| state < 2 * states));
        self.reset();
        path
    }

    /// Makes segments shorter than they would be.
    #[cfg(test)]
    pub fn set_segment(&mut self, frames: usize) {
        self.segment = frames;
    }

    /// Forgets all frames.
    pub fn reset(&mut self) {
        self.values.clear();
        self.checkpoints.clear();
        self.frames = 0;
    }

    fn row(&self) -> usize {
        2 * self.transition.states.next_multiple_of(BLOCK)
    }

    fn frame(&self, i: usize) -> &[f64] {
        &self.values[i * self.row()..][..self.row()]
    }

    /// Appends the values of a frame to those of the frame before it.
    fn step(&mut self, observations: &Observations, frame: usize) {
        let states = self.transition.states;
        let half = self.row() / 2;
        let begin = self.values.len();
        let silent = ((1.0 - observations.voiced[frame]) / states as f64 + f64::MIN_POSITIVE).ln();
        self.values.resize(begin + 2 * half, 0.0);
        let (before, now) = self.values.split_at_mut(begin);
        if frame == 0 {
            let start = (1.0 / (2 * states) as f64 + f64::MIN_POSITIVE).ln();
            now.fill(start);
        } else {
            let before = &before[begin - 2 * half..];
            let (voiced, unvoiced) = before.split_at(half);
            let largest = voiced[..states].iter().chain(&unvoiced[..states]).fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            let elsewhere = largest + log_of_nothing();
            let work = Step { transition: &self.transition, voiced, unvoiced, elsewhere, now };
            // SAFETY: the level was found on this machine.
            unsafe { Level::best().run(work) };
        }
        let (voiced, unvoiced) = now.split_at_mut(half);
        let pitches = observations.frame(frame);
        self.observed.clear();
        self.observed.extend(pitches.iter().map(|&(bin, p)| (p + f64::MIN_POSITIVE).ln() + voiced[bin as usize]));
        let nothing = log_of_nothing();
        for value in &mut voiced[..states] {
            *value += nothing;
        }
        for (value, &(bin, _)) in self.observed.iter().zip(pitches) {
            voiced[bin as usize] = *value;
        }
        for value in &mut unvoiced[..states] {
            *value += silent;
        }
    }

    /// The state from which `state` is reached best.
    fn predecessor(&self, values: &[f64], state: usize) -> usize {
        let states = self.transition.states;
        let (voiced, unvoiced) = values.split_at(values.len() / 2);
        let (stay, switch) = self.transition.tables();
        let (j, is_voiced) = (state % states, state < states);
        let reach = self.transition.sources(j, j);
        let nothing = log_of_nothing();
        let (mut best, mut best_state) = (f64::NEG_INFINITY, 0);
        for (values, same, offset) in [(voiced, is_voiced, 0), (unvoiced, !is_voiced, states)] {
            let table = if same { stay } else { switch };
            for (k, value) in values[..states].iter().enumerate() {
                let log = if reach.contains(&k) { table[self.transition.place(k, j)] } else { nothing };
                if value + log > best {
                    (best, best_state) = (value + log, offset + k);
                }
            }
        }
        best_state
    }

    fn first_largest(&self, values: &[f64]) -> usize {
        let states = self.transition.states;
        let (voiced, unvoiced) = values.split_at(values.len() / 2);
        let all = voiced[..states].iter().chain(&unvoiced[..states]);
        all.enumerate().fold((0, f64::NEG_INFINITY), |best, (i, &v)| if v > best.1 { (i, v) } else { best }).0
    }
}

/// For every state the largest sum of a value and the transition from there.
struct Step<'a> {
    transition: &'a Transition,
    voiced: &'a [f64],
    unvoiced: &'a [f64],
    /// The best way from outside the band.
    elsewhere: f64,
    now: &'a mut [f64],
}

impl Kernel<f64> for Step<'_> {
    type Output = ();

    #[inline(always)]
    unsafe fn run<V: Simd<Elem = f64>>(self) {
        let (stay, switch) = self.transition.tables();
        let (to_voiced, to_unvoiced) = self.now.split_at_mut(self.now.len() / 2);
        let (to_voiced, to_unvoiced) = (to_voiced.as_chunks_mut::<BLOCK>().0, to_unvoiced.as_chunks_mut::<BLOCK>().0);
        for (i, (to_voiced, to_unvoiced)) in to_voiced.iter_mut().zip(to_unvoiced).enumerate() {
            let j = i * BLOCK;
            let (mut best_voiced, mut best_unvoiced) = ([self.elsewhere; BLOCK], [self.elsewhere; BLOCK]);
            for k in self.transition.sources(j, j + BLOCK - 1) {
                let at = self.transition.place(k, j);
                let same: &[f64; BLOCK] = stay[at..at + BLOCK].try_into().expect("a block");
                let other: &[f64; BLOCK] = switch[at..at + BLOCK].try_into().expect("a block");
                let (v, u) = (self.voiced[k], self.unvoiced[k]);
                for l in 0..BLOCK {
                    best_voiced[l] = larger(best_voiced[l], larger(v + same[l], u + other[l]));
                    best_unvoiced[l] = larger(best_unvoiced[l], larger(v + other[l], u + same[l]));
                }
            }
            (*to_voiced, *to_unvoiced) = (best_voiced, best_unvoiced);
        }
    }
}

/// Neither is NaN, so this is one instruction.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
