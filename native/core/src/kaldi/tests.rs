//! The lanes against the scalar form, streams against one-shot, and the input that must be rejected.

use super::design::Design;
use super::options::MelNorm;
use super::scalar::{Fft, Scalar};
use super::*;
use crate::dither;
use crate::simd::Real;
use proptest::prelude::*;
use std::sync::Arc;

fn mel(num_mel_bins: usize) -> MelOptions {
    MelOptions {
        num_mel_bins,
        low_freq: 20.0,
        high_freq: 0.0,
        vtln_low: 100.0,
        vtln_high: -500.0,
        vtln_warp: 1.0,
        htk_mode: false,
        is_librosa: false,
        norm: MelNorm::Slaney,
        use_slaney_mel_scale: true,
        floor_to_int_bin: false,
    }
}

fn options(features: Features) -> Options {
    let frames = FrameOptions {
        sample_frequency: 16000.0,
        frame_length: 25.0,
        frame_shift: 10.0,
        window_type: Window::Povey,
        blackman_coeff: 0.42,
        preemphasis_coefficient: 0.97,
        remove_dc_offset: true,
        round_to_power_of_two: true,
        snip_edges: true,
        padding: Padding::Kaldi,
        dither: 0.0,
        seed: 0,
        raw_energy: true,
        energy_floor: 1.0,
        subtract_mean: false,
        min_duration: 0.0,
    };
    Options { frames, features }
}

fn fbank(use_power: bool) -> Features {
    let options = FbankOptions { mel: mel(40), use_energy: true, htk_compat: false, use_log_fbank: true, use_power };
    Features::Fbank(options)
}

fn mfcc(htk_compat: bool, use_energy: bool) -> Features {
    Features::Mfcc(MfccOptions { mel: mel(23), use_energy, htk_compat, num_ceps: 13, cepstral_lifter: 22.0 })
}

/// Noise with a strong slow part, so that the high filters are quiet.
fn signal(samples: usize, seed: u64) -> Vec<f32> {
    let mut noise = vec![0.0f64; samples];
    dither::add(&mut noise, 1.0, seed, 0);
    let mut smooth = 0.0;
    noise
        .iter()
        .enumerate()
        .map(|(i, x)| {
            smooth = 0.95 * smooth + 0.05 * x;
            (0.5 * (i as f64 * 0.01).sin() + 0.1 * smooth + 1e-5 * x) as f32
        })
        .collect()
}

fn scalar_form(extractor: &Extractor, signal: &[f32]) -> Vec<f64> {
    let design = Design::new(extractor.options().clone()).unwrap();
    let fft = Fft::new(design.options.frames.padded_window_size());
    let mut scalar = Scalar::new(&fft, &design);
    let stretch = Stretch { data: signal, offset: 0, total: signal.len() };
    (0..extractor.num_frames(signal.len()))
        .flat_map(|number| {
            scalar.frame(&design, &fft, &stretch, number);
            scalar.row.clone()
        })
        .collect()
}

fn furthest<O: Real>(ours: &[O], expected: &[f64]) -> f64 {
    assert_eq!(ours.len(), expected.len());
    ours.iter().zip(expected).map(|(a, b)| (a.to_f64() - b).abs()).fold(0.0, f64::max)
}

#[test]
fn lanes_equal_the_scalar_form() {
    let signal = signal(16000, 1);
    let all =
        [Features::Spectrogram, fbank(true), fbank(false), mfcc(false, false), mfcc(true, true), mfcc(true, false)];
    for features in all {
        for (snip_edges, round, length) in [(true, true, 25.0), (false, false, 25.0), (false, true, 20.0)] {
            let mut options = options(features.clone());
            let frames = &mut options.frames;
            (frames.snip_edges, frames.round_to_power_of_two, frames.frame_length) = (snip_edges, round, length);
            let extractor = Extractor::new(options).unwrap();
            let expected = scalar_form(&extractor, &signal);
            let double: Vec<f64> = extractor.compute(&signal).unwrap();
            assert!(furthest(&double, &expected) < 1e-8, "{features:?}");
            let single: Vec<f32> = extractor.compute(&signal).unwrap();
            assert!(furthest(&single, &expected) < 1e-3, "{features:?} {}", furthest(&single, &expected));
        }
    }
}

#[test]
fn lengths_with_large_primes_go_by_the_scalar_form() {
    let mut options = options(fbank(true));
    (options.frames.round_to_power_of_two, options.frames.frame_length) = (false, 26.0 + 0.125);
    assert_eq!(options.frames.padded_window_size(), 2 * 11 * 19);
    let extractor = Extractor::new(options).unwrap();
    let signal = signal(4000, 2);
    let ours: Vec<f64> = extractor.compute(&signal).unwrap();
    assert_eq!(ours, scalar_form(&extractor, &signal));
}

#[test]
fn batches_equal_single_signals_and_name_the_bad_one() {
    let extractor = Extractor::new(options(fbank(true))).unwrap();
    let signals: Vec<Vec<f32>> = (0..5).map(|i| signal(2000 + 777 * i, i as u64)).collect();
    let views: Vec<&[f32]> = signals.iter().map(Vec::as_slice).collect();
    let batch: Vec<Vec<f32>> = extractor.batch(&views, true).unwrap();
    for (one, signal) in batch.iter().zip(&signals) {
        assert_eq!(one, &extractor.compute::<f32, f32>(signal).unwrap());
    }
    let error = extractor.batch::<f32, f32>(&[&signals[0], &[f32::NAN; 500]], true).unwrap_err();
    assert_eq!((error.code, error.argument.as_str()), ("ERR_DSP_NOT_FINITE", "signals[1]"));
}

#[test]
fn rejects_invalid_options() {
    let extractor = Extractor::new(options(fbank(true))).unwrap();
    assert_eq!(extractor.compute::<f32, f32>(&[]).unwrap_err().code, "ERR_DSP_SHAPE");
    assert_eq!(extractor.compute::<f32, f32>(&[0.0; 3]).unwrap_err().code, "ERR_DSP_SHAPE");
    let mut whole = options(fbank(true));
    whole.frames.subtract_mean = true;
    let error = Online::new(Arc::new(Extractor::new(whole).unwrap())).err().unwrap();
    assert_eq!(error.argument, "subtractMean");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn streams_equal_the_one_shot_form(
        samples in 1usize..4000,
        cuts in prop::collection::vec(0usize..900, 0..30),
        kind in 0usize..4,
        snip_edges: bool,
        padding in prop::sample::select(vec![Padding::Kaldi, Padding::Lhotse]),
        dither in prop::sample::select(vec![0.0, 1e-3]),
        shape in prop::sample::select(vec![(25.0, 10.0), (4.0, 9.0), (31.0, 1.5), (25.0, 10.125)]),
        double: bool,
    ) {
        let features = [Features::Spectrogram, fbank(true), fbank(false), mfcc(true, false)][kind].clone();
        let mut options = options(features);
        let frames = &mut options.frames;
        (frames.snip_edges, frames.padding) = (snip_edges, padding);
        (frames.dither, frames.sample_frequency) = (dither, 8000.0);
        (frames.frame_length, frames.frame_shift) = shape;
        if let Features::Fbank(FbankOptions { mel, .. }) | Features::Mfcc(MfccOptions { mel, .. }) = &mut options.features
        {
            mel.num_mel_bins = 15;
        }
        let extractor = Arc::new(Extractor::new(options).unwrap());
        let signal = signal(samples, 3);
        let mut online = Online::new(extractor.clone()).unwrap();
        fn run<O: Real>(online: &mut Online, signal: &[f32], cuts: &[usize]) -> Vec<O> {
            let (mut out, mut at) = (Vec::new(), 0);
            for cut in cuts {
                let end = (at + cut).min(signal.len());
                out.extend(online.accept::<f32, O>(&signal[at..end]).unwrap());
                at = end;
            }
            out.extend(online.accept::<f32, O>(&signal[at..]).unwrap());
            out.extend(online.flush::<O>());
            out
        }
        let expected_frames = extractor.num_frames(samples);
        if double {
            let streamed: Vec<f64> = run(&mut online, &signal, &cuts);
            prop_assert_eq!(streamed.len(), expected_frames * extractor.columns());
            if expected_frames > 0 {
                prop_assert_eq!(streamed, extractor.compute::<f32, f64>(&signal).unwrap());
            }
        } else {
            let streamed: Vec<f32> = run(&mut online, &signal, &cuts);
            online.reset();
            let again: Vec<f32> = run(&mut online, &signal, &[]);
            prop_assert_eq!(&streamed, &again);
            prop_assert_eq!(streamed.len(), expected_frames * extractor.columns());
            if expected_frames > 0 {
                prop_assert_eq!(streamed, extractor.compute::<f32, f32>(&signal).unwrap());
            }
        }
    }

    #[test]
    fn stacks_as_the_definition_says(frames in 0usize..40, m in 1usize..9, n in 1usize..9) {
        let features: Vec<f64> = (0..frames * 2).map(|i| i as f64).collect();
        let stack = |pad| {
            let options = stacking::LowFrameRateOptions { lfr_m: m, lfr_n: n, pad };
            stacking::low_frame_rate(&features, 2, options).unwrap()
        };
        let padded = stack(true);
        prop_assert_eq!(padded.len(), frames.div_ceil(n) * m * 2);
        let bare = stack(false);
        prop_assert_eq!(bare.len(), if frames < m { 0 } else { (1 + (frames - m) / n) * m * 2 });
        for (row, values) in bare.chunks_exact(m * 2).enumerate() {
            prop_assert_eq!(values, &features[row * n * 2..(row * n + m) * 2]);
        }
    }
}

#[test]
fn normalises_to_mean_zero_and_variance_one() {
    let features: Vec<f64> = signal(600, 9).iter().map(|x| f64::from(*x)).collect();
    let mut stats = vec![0.0; 8];
    cmvn::accumulate(&mut stats, &features[..300], 3).unwrap();
    cmvn::accumulate(&mut stats, &features[300..], 3).unwrap();
    assert_eq!(stats[3], 200.0);
    let both = cmvn::CmvnOptions { norm_means: true, norm_vars: true };
    let normal = cmvn::apply(&stats, &features, 3, both).unwrap();
    for c in 0..3 {
        let column: Vec<f64> = normal.iter().skip(c).step_by(3).copied().collect();
        assert!(column.iter().sum::<f64>().abs() < 1e-9);
        assert!((column.iter().map(|x| x * x).sum::<f64>() / 200.0 - 1.0).abs() < 1e-9);
    }
    assert!(cmvn::apply(&stats, &features, 2, both).is_err());
    assert!(cmvn::apply(&[0.0; 8], &features, 3, both).is_err());
}
