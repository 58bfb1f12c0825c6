//! The path against a dense search, streams and threads against one call, bad options.

use super::*;
use crate::yin::PadMode;
use crate::yin::tests::{framing, noise};
use proptest::prelude::*;

fn options(frames: FrameOptions) -> PyinOptions {
    PyinOptions {
        frames,
        n_thresholds: 100,
        beta_parameters: (2.0, 18.0),
        boltzmann_parameter: 2.0,
        resolution: 0.1,
        max_transition_rate: 1.0,
        switch_prob: 0.01,
        no_trough_prob: 0.01,
        fill_na: None,
        transition_min_prob: None,
    }
}

fn common() -> PyinOptions {
    let frames = FrameOptions {
        sr: 22_050.0,
        fmin: 65.0,
        fmax: 2093.0,
        frame_length: 2048,
        hop_length: 512,
        center: true,
        pad_mode: PadMode::Constant,
        compared: None,
    };
    PyinOptions { max_transition_rate: 35.92, ..options(frames) }
}

/// Every transition of the whole matrix is tried.
fn dense(transition: &Transition, observations: &Observations, begins_silent: bool) -> Vec<usize> {
    let n = transition.states;
    let log = |from: usize, to: usize| {
        let (k, j) = (from % n, to % n);
        let tables = transition.tables();
        let table = if (from < n) == (to < n) { tables.0 } else { tables.1 };
        if transition.sources(j, j).contains(&k) { table[transition.place(k, j)] } else { transition.outside() }
    };
    let frames = observations.voiced.len();
    let (mut values, mut from) = (vec![vec![0.0; 2 * n]; frames], vec![vec![0; 2 * n]; frames]);
    for t in 0..frames {
        let mut logs = vec![transition::log_of_nothing(); 2 * n];
        logs[n..].fill(((1.0 - observations.voiced[t]) / n as f64 + f64::MIN_POSITIVE).ln());
        for &(bin, p) in observations.frame(t) {
            logs[bin as usize] = (p + f64::MIN_POSITIVE).ln();
        }
        for j in 0..2 * n {
            if t == 0 {
                let p = [1.0 / (2 * n) as f64, if j < n { 0.0 } else { 1.0 / n as f64 }][usize::from(begins_silent)];
                values[t][j] = logs[j] + (p + f64::MIN_POSITIVE).ln();
                continue;
            }
            let mut best = f64::NEG_INFINITY;
            for (k, value) in values[t - 1].iter().enumerate() {
                let sum = value + log(k, j);
                if sum > best {
                    (best, from[t][j]) = (sum, k);
                }
            }
            values[t][j] = logs[j] + best;
        }
    }
    let last = &values[frames - 1];
    let mut state = (0..2 * n).fold(0, |best, i| if last[i] > last[best] { i } else { best });
    let mut path = vec![state; frames];
    for t in (1..frames).rev() {
        state = from[t][state];
        path[t - 1] = state;
    }
    path
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn the_path_is_the_dense_searchs(
        states in 2usize..160, width in 1usize..90, switch in 0.0f64..0.6,
        least in prop_oneof![Just(0.0), 1e-5f64..0.02], begins_silent: bool,
        frames in prop::collection::vec((prop::collection::vec((0u32..160, 1e-6f64..1.0), 0..4), any::<bool>()), 1..200),
    ) {
        let Ok(transition) = Transition::new(states, width.min(states), switch, least) else {
            prop_assert!(least > 0.0);
            return Ok(());
        };
        let mut observations = Observations::default();
        for (pitches, certain) in &frames {
            let mut pitches: Vec<_> = pitches.iter().map(|&(bin, p)| (bin % states as u32, p)).collect();
            pitches.sort_by_key(|pitch| std::cmp::Reverse(pitch.0));
            pitches.dedup_by_key(|pitch| pitch.0);
            let sum: f64 = pitches.iter().map(|pitch| pitch.1).sum();
            // Certain voices make all other states impossible, and the best way then jumps out of the band.
            let scale = if *certain || sum > 1.0 { sum } else { 1.0 };
            observations.pitches.extend(pitches.iter().map(|&(bin, p)| (bin, p / scale)));
            observations.ends.push(observations.pitches.len());
            observations.voiced.push((sum / scale).min(1.0));
        }
        let want = dense(&transition, &observations, begins_silent);
        let mut viterbi = Viterbi::new(transition, begins_silent);
        for (part, threads) in [(1, false), (2, true), (7, true), (64, false), (1000, false)] {
            viterbi.set_part(part);
            viterbi.forward(&observations);
            prop_assert_eq!(&viterbi.path(&observations, threads), &want);
        }
    }

    #[test]
    fn a_stream_and_threads_have_the_bits_of_the_whole(
        frames in framing(), length in 1usize..1500, cuts in prop::collection::vec(0usize..150, 0..20), seed: u64,
    ) {
        let options = PyinOptions { max_transition_rate: 2.0, ..options(frames) };
        let y = noise(length, seed);
        let Ok(mut online) = OnlinePyin::<f64>::new(&options) else { return Ok(()) };
        let whole =
            if frames.frames(length) > 0 { pyin(&y, length, &options, false).unwrap() } else { Pitches::default() };
        if frames.frames(length) > 0 {
            prop_assert_eq!(&pyin(&y, length, &options, true).unwrap(), &whole);
            prop_assert_eq!(&pyin_batch(&[&y], &options, true).unwrap()[0], &whole);
        }
        for _ in 0..2 {
            let (mut got, mut rest) = (Vec::new(), &y[..]);
            for &cut in &cuts {
                let (block, later) = rest.split_at(cut.min(rest.len()));
                got.extend(online.accept(block).unwrap());
                rest = later;
            }
            got.extend(online.accept(rest).unwrap());
            let end = online.flush();
            prop_assert_eq!(&end.voiced_prob[..got.len()], &got[..]);
            prop_assert_eq!(&end, &whole);
            prop_assert_eq!(online.flush(), Pitches::default());
            prop_assert!(online.accept(&y).is_err());
            online.reset();
        }
    }
}

#[test]
fn finds_a_tone_and_silence() {
    let tone = |i: usize| (i as f64 * 440.0 / 22_050.0 * std::f64::consts::TAU).sin();
    let y: Vec<f64> = (0..44_100).map(|i| if i < 22_050 { tone(i) } else { 0.0 }).collect();
    let found = pyin(&y, y.len(), &PyinOptions { fill_na: Some(f64::NAN), ..common() }, false).unwrap();
    assert!(found.voiced_flag[2..40].iter().all(|&flag| flag));
    assert!(found.f0[2..40].iter().all(|f0| (f0 / 440.0).log2().abs() < 0.1 / 12.0));
    assert!(found.f0[50..].iter().all(|f0| f0.is_nan()) && found.voiced_prob[50..].iter().all(|p| p.to_bits() == 0));
}

#[test]
fn bad_options_are_named() {
    let refused = |change: fn(&mut PyinOptions)| {
        let mut options = common();
        change(&mut options);
        pyin(&[0.0f32; 4096], 4096, &options, false).unwrap_err().argument
    };
    assert_eq!(refused(|o| o.n_thresholds = 0), "nThresholds");
    assert_eq!(refused(|o| o.n_thresholds = 1 << 40), "nThresholds");
    assert_eq!(refused(|o| o.beta_parameters.1 = 0.0), "betaParameters");
    assert_eq!(refused(|o| o.boltzmann_parameter = f64::NAN), "boltzmannParameter");
    assert_eq!(refused(|o| o.resolution = 0.0), "resolution");
    assert_eq!(refused(|o| o.resolution = 1e-9), "resolution");
    assert_eq!(refused(|o| o.frames.fmax = 65.1), "fmax");
    assert_eq!(refused(|o| o.transition_min_prob = Some(-0.1)), "transitionMinProb");
    assert_eq!(refused(|o| o.transition_min_prob = Some(f64::NAN)), "transitionMinProb");
    assert_eq!(refused(|o| o.transition_min_prob = Some(0.9)), "transitionMinProb");
    assert_eq!(refused(|o| o.max_transition_rate = -1.0), "maxTransitionRate");
    assert_eq!(refused(|o| o.max_transition_rate = 1e300), "maxTransitionRate");
    assert_eq!(refused(|o| o.max_transition_rate = 400.0), "maxTransitionRate");
    assert_eq!(refused(|o| o.switch_prob = 1.5), "switchProb");
    assert_eq!(refused(|o| o.no_trough_prob = -0.1), "noTroughProb");
    assert_eq!(refused(|o| o.frames.fmin = 1.0), "fmin");
}
