//! The fast forms against the definition, and the input that must be rejected.

use super::*;
use crate::librosa::Librosa;
use crate::simd::Real;
use crate::stft::{PadMode, Stft, StftOptions};
use crate::window::Window;
use proptest::prelude::*;

fn noise(length: usize, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

fn options(n_fft: usize, hop_length: usize, n_mels: usize, power: f64) -> MelOptions {
    MelOptions {
        stft: StftOptions {
            n_fft,
            hop_length,
            window: Window::Hann.values(n_fft, true),
            center: true,
            pad_mode: PadMode::Reflect,
        },
        power,
        bank: BankOptions {
            sr: 16_000.0,
            n_fft,
            n_mels,
            fmin: 0.0,
            fmax: 8000.0,
            mel_scale: Scale::Slaney,
            triangles: Triangles::Hertz,
            norm: Norm::Slaney,
            dtype: Precision::Float32,
        },
    }
}

/// By the definition: every weight times every bin.
fn naive(y: &[f64], options: &MelOptions) -> Vec<f64> {
    let mut stft = Stft::new(&options.stft).unwrap();
    let (bins, frames) = (stft.bins(), stft.frames(y.len()));
    let mut spectra = vec![0.0; 2 * bins * frames];
    stft.forward(y, y.len(), &mut spectra, false).unwrap();
    let bank = Bank::new(&options.bank).unwrap().dense::<f64>().unwrap();
    let mut out = Vec::new();
    for weights in bank.chunks_exact(bins) {
        for t in 0..frames {
            let term = |k: usize| {
                let at = 2 * (k * frames + t);
                weights[k] * spectra[at].hypot(spectra[at + 1]).powf(options.power)
            };
            out.push((0..bins).map(term).sum());
        }
    }
    out
}

fn close<T: Real>(a: &[T], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    let peak = b.iter().fold(1e-300, |most: f64, x| most.max(x.abs()));
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!((a.to_f64() - b).abs() <= tolerance * peak, "{i}: {} {b}", a.to_f64());
    }
}

#[test]
fn is_what_the_definition_says() {
    for (n_fft, hop, mels, power) in
        [(400, 160, 80, 2.0), (512, 128, 40, 1.0), (256, 300, 20, 2.0), (231, 50, 16, 1.5), (22, 5, 3, 3.0)]
    {
        for length in [1, 7, 160, 1000, 12_345] {
            let (y, options) = (noise(length, length as u64), options(n_fft, hop, mels, power));
            let want = naive(&y, &options);
            close(&melspectrogram(&y, length, &options, false).unwrap(), &want, 1e-13);
            let single: Vec<f32> = y.iter().map(|&x| x as f32).collect();
            let doubled: Vec<f64> = single.iter().map(|&x| f64::from(x)).collect();
            close(&melspectrogram(&single, length, &options, false).unwrap(), &naive(&doubled, &options), 1e-7);
        }
    }
}

#[test]
fn a_spectrogram_may_be_given() {
    let options = options(512, 128, 40, 1.0);
    let y = noise(5000, 3);
    let mut stft = Stft::new(&options.stft).unwrap();
    let frames = stft.frames(y.len());
    let mut spectra = vec![0.0; 2 * stft.bins() * frames];
    stft.forward(&y, y.len(), &mut spectra, false).unwrap();
    let magnitudes: Vec<f64> = spectra.chunks_exact(2).map(|z| z[0].hypot(z[1])).collect();
    let bank = Bank::new(&options.bank).unwrap();
    close(&mel_from_spectrogram(&magnitudes, frames, &bank).unwrap(), &naive(&y, &options), 1e-13);
    assert_eq!(mel_from_spectrogram(&magnitudes[1..], frames, &bank).unwrap_err().argument, "S");
    assert_eq!(mel_from_spectrogram(&[f64::NAN; 257], 1, &bank).unwrap_err().code, "ERR_DSP_NOT_FINITE");
}

proptest! {
    #[test]
    fn a_stream_has_the_bits_of_the_whole(
        n_fft in 2usize..200, hop in 1usize..220, mels in 1usize..9, center: bool, length in 0usize..900,
        cuts in prop::collection::vec(0usize..200, 0..12),
    ) {
        let mut options = options(n_fft, hop, mels, 2.0);
        options.stft.center = center;
        let y: Vec<f32> = noise(length, 5).iter().map(|&x| x as f32).collect();
        let whole = melspectrogram(&y, length, &options, false).unwrap_or_default();
        let frames = whole.len() / mels;
        let mut online = OnlineMel::new(&options).unwrap();
        for _ in 0..2 {
            let (mut at, mut done) = (0, 0);
            let blocks: Vec<_> = cuts.iter().chain([&length]).map(|cut| {
                let begin = at;
                at = length.min(at + cut);
                Some(begin..at)
            }).chain([None]).collect();
            for range in blocks {
                let (count, values) = match range {
                    Some(range) => online.accept(&y[range]).unwrap(),
                    None => online.flush().unwrap(),
                };
                for m in 0..mels {
                    for i in 0..count {
                        prop_assert_eq!(values[m * count + i].to_bits(), whole[m * frames + done + i].to_bits());
                    }
                }
                done += count;
            }
            let (count, _) = online.flush().unwrap();
            prop_assert_eq!(count, 0);
            prop_assert_eq!(done, frames);
            online.reset();
        }
    }
}

#[test]
fn all_cores_give_the_same_bits() {
    let options = options(400, 160, 80, 2.0);
    let y: Vec<f32> = noise(2 * 30_000, 9).iter().map(|&x| x as f32).collect();
    let mut plan = Mel::new(&options).unwrap();
    let one = plan.forward(&y, 30_000, false).unwrap();
    assert_eq!(one, plan.forward(&y, 30_000, true).unwrap());
    let both = plan.batch(&[&y[..30_000], &y[30_000..]], true).unwrap().concat();
    assert_eq!(one, both);
    let bad = plan.batch(&[&y[..30_000], &[f32::NAN; 900]], true).unwrap_err();
    assert_eq!((bad.code, bad.argument.as_str()), ("ERR_DSP_NOT_FINITE", "signals[1]"));
    for chunk_length in [None, Some(1.25), Some(3.0)] {
        let mut plan =
            Whisper::new(&WhisperOptions { n_mels: 80, chunk_length, precision: Precision::Float64 }).unwrap();
        let one = plan.forward(&y, 30_000, false).unwrap();
        assert_eq!(one, plan.forward(&y, 30_000, true).unwrap());
        assert_eq!(one, plan.batch(&[&y[..30_000], &y[30_000..]], true).unwrap().concat());
    }
    let cepstrum = Cepstrum { n_mfcc: 13, dct_type: DctType::II, norm: Some(DctNorm::Ortho), lifter: 22.0 };
    let options = MfccOptions { mel: options, cepstrum, librosa: Librosa::V0_11 };
    let alone = mfcc(&y, 30_000, &options, false).unwrap();
    assert_eq!(alone, mfcc(&y, 30_000, &options, true).unwrap());
}

#[test]
fn the_floor_of_decibels_is_that_of_all_channels_or_of_each() {
    let mut y = noise(2 * 8000, 3);
    y[8000..].iter_mut().for_each(|x| *x *= 1e-6);
    let cepstrum = Cepstrum { n_mfcc: 13, dct_type: DctType::II, norm: Some(DctNorm::Ortho), lifter: 0.0 };
    let mut options = MfccOptions { mel: options(400, 160, 40, 2.0), cepstrum, librosa: Librosa::V0_11 };
    let both = mfcc(&y, 8000, &options, false).unwrap();
    let [one, two] = [&y[..8000], &y[8000..]].map(|y| mfcc(y, 8000, &options, false).unwrap());
    let middle = both.len() / 2;
    assert_eq!(both[..middle], one);
    assert_ne!(both[middle..], two);
    options.librosa = Librosa::V1_0;
    assert_eq!(mfcc(&y, 8000, &options, false).unwrap(), [one, two].concat());
}

#[test]
fn whisper_is_its_own_definition() {
    let mut plan =
        Whisper::new(&WhisperOptions { n_mels: 80, chunk_length: Some(30.0), precision: Precision::Float64 }).unwrap();
    assert!(plan.forward(&[0f32; 16_000], 16_000, false).unwrap().iter().all(|&x| x == -1.5));
    assert_eq!(plan.frames(1, 5).unwrap(), 3000);
    let y = noise(20_000, 1);
    let mut plan =
        Whisper::new(&WhisperOptions { n_mels: 128, chunk_length: None, precision: Precision::Float64 }).unwrap();
    let got = plan.forward(&y, y.len(), false).unwrap();
    let mut options = options(400, 160, 128, 2.0);
    options.bank.dtype = Precision::Float64;
    let frames = plan.frames(1, y.len()).unwrap();
    let energies = naive(&y, &options);
    let mut want: Vec<f64> =
        energies.chunks_exact(frames + 1).flat_map(|row| row[..frames].iter().map(|e| e.max(1e-10).log10())).collect();
    let peak = want.iter().copied().fold(f64::MIN, f64::max);
    want.iter_mut().for_each(|x| *x = (x.max(peak - 8.0) + 4.0) / 4.0);
    close(&got, &want, 1e-13);
    assert_eq!(plan.forward(&y[..159], 159, false).unwrap_err().code, "ERR_DSP_SHAPE");
    let mut cut =
        Whisper::new(&WhisperOptions { n_mels: 80, chunk_length: Some(0.1), precision: Precision::Float64 }).unwrap();
    let mut broken = y.clone();
    broken[10_000] = f64::INFINITY;
    assert_eq!(cut.forward(&broken, y.len(), false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
}

#[test]
fn scales_go_there_and_back() {
    for scale in [Scale::Htk, Scale::Slaney, Scale::Kaldi] {
        for hertz in [0.0, 1.0, 440.0, 999.9, 1000.0, 1000.1, 6400.0, 22_050.0] {
            let back: f64 = scale.hertz(scale.mel(hertz));
            assert!((back - hertz).abs() <= 1e-12 * hertz.max(1.0), "{scale:?} {hertz} {back}");
        }
        let between = MelFrequencyOptions { fmin: 50.0, fmax: 4000.0, mel_scale: scale };
        let points = mel_frequencies(5, &between);
        assert!((points[0] - 50.0).abs() < 1e-10 && (points[4] - 4000.0).abs() < 1e-9);
        assert_eq!(mel_frequencies(1, &between).len(), 1);
        assert!(mel_frequencies(0, &between).is_empty());
    }
    assert_eq!(Scale::Slaney.mel(1000.0f64), 15.0);
    assert_eq!(Scale::Slaney.mel(6400.0f64), 42.0);
}

#[test]
fn decibels() {
    let options = DbOptions { reference: Reference::Value(1.0), amin: 1e-10, top_db: None };
    let s = [1.0, 10.0, 0.0, 1e-3, 100.0, 1e-12];
    close(&power_to_db(&s, &options).unwrap(), &[0.0, 10.0, -100.0, -30.0, 20.0, -100.0], 1e-15);
    let top = DbOptions { reference: Reference::Max, amin: 1e-10, top_db: Some(40.0) };
    close(&power_to_db(&s, &top).unwrap(), &[-20.0, -10.0, -40.0, -40.0, 0.0, -40.0], 1e-15);
    let minus: Vec<f32> = s.iter().map(|&x| -x as f32).collect();
    close(&amplitude_to_db(&minus, &options).unwrap(), &[0.0, 20.0, -200.0, -60.0, 40.0, -200.0], 1e-7);
    close(&db_to_power(&[0.0, 10.0, -30.0], 2.0).unwrap(), &[2.0, 20.0, 0.002], 1e-15);
    close(&db_to_amplitude(&[0.0, 20.0, -60.0], 3.0).unwrap(), &[3.0, 30.0, 0.003], 1e-15);
    let silent = power_to_db(&[0.0f32; 5], &top).unwrap();
    assert_eq!(silent, [0.0; 5]);
    for (options, argument) in [
        (DbOptions { amin: 0.0, ..options }, "amin"),
        (DbOptions { amin: f64::NAN, ..options }, "amin"),
        (DbOptions { top_db: Some(-1.0), ..options }, "topDb"),
        (DbOptions { reference: Reference::Value(f64::NAN), ..options }, "ref"),
    ] {
        assert_eq!(power_to_db(&s, &options).unwrap_err().argument, argument);
    }
    assert_eq!(power_to_db::<f32>(&[], &options).unwrap_err().argument, "S");
    assert_eq!(db_to_power(&[f32::INFINITY], 1.0).unwrap_err().argument, "S");
}

#[test]
fn orthonormal_transforms_are_orthonormal() {
    for kind in [DctType::I, DctType::II, DctType::III] {
        for n in [2, 3, 8, 13, 40] {
            let matrix = dct_rows(n, kind, true, 100).unwrap();
            for a in 0..n {
                for b in 0..n {
                    let product: f64 = (0..n).map(|m| matrix[a].weights[m] * matrix[b].weights[m]).sum();
                    assert!((product - f64::from(a == b)).abs() < 1e-13, "{kind:?} {n} {a} {b}: {product}");
                }
            }
        }
    }
    assert!(dct_rows(1, DctType::I, true, 1).is_err());
    assert_eq!(dct_rows(1, DctType::II, false, 1).unwrap()[0].weights, [2.0]);
    assert!(DctType::parse(4).is_err());
}

#[test]
fn bad_banks_name_the_argument() {
    let good = options(400, 160, 80, 2.0).bank;
    for (bank, argument) in [
        (BankOptions { n_mels: 0, ..good.clone() }, "nMels"),
        (BankOptions { n_mels: usize::MAX, ..good.clone() }, "nMels"),
        (BankOptions { fmin: -1.0, ..good.clone() }, "fmin"),
        (BankOptions { fmin: 4000.0, fmax: 4000.0, ..good.clone() }, "fmax"),
        (BankOptions { fmax: f64::INFINITY, ..good.clone() }, "fmax"),
        (BankOptions { sr: 0.0, ..good.clone() }, "sr"),
        (BankOptions { n_fft: 0, ..good.clone() }, "nFft"),
        (BankOptions { norm: Norm::P(-2.0), ..good.clone() }, "norm"),
    ] {
        assert_eq!(Bank::new(&bank).unwrap_err().argument, argument);
    }
    let mut crowded = good.clone();
    crowded.n_mels = 128;
    assert!(!Bank::new(&crowded).unwrap().empty_filters().is_empty() || Bank::new(&good).unwrap().rows.len() == 80);
    crowded.n_mels = 1 << 20;
    assert!(Bank::new(&crowded).unwrap().empty_filters().len() > 1 << 19);
    let mut wrong = options(400, 160, 80, 2.0);
    wrong.bank.n_fft = 512;
    assert_eq!(Mel::new(&wrong).err().unwrap().argument, "nFft");
    for power in [0.0, -1.0, f64::NAN] {
        assert_eq!(Mel::new(&options(400, 160, 80, power)).err().unwrap().argument, "power");
    }
    let mut plan = Mel::new(&options(400, 160, 80, 2.0)).unwrap();
    assert_eq!(plan.forward::<f32>(&[], 0, false).unwrap_err().code, "ERR_DSP_SHAPE");
    assert_eq!(plan.forward(&[f32::NAN], 1, false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
}

/// The largest distance of values computed in `f32` from those computed in `f64`: what the option promises.
const SINGLE_TOLERANCE: f64 = 1e-5;

#[test]
fn whisper_in_single_precision_keeps_its_promise() {
    let tau = std::f64::consts::TAU;
    let mut state = 1u64;
    let mut noise = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    let (mut brown, length) = (0.0, 40_000);
    let mut signals: Vec<Vec<f64>> = Vec::new();
    for level in [1.0, 1e-3] {
        signals.push((0..length).map(|_| level * noise()).collect());
        signals.push((0..length).map(|i| if i % 3000 == 5 { level } else { 0.0 }).collect());
        signals.push((0..length).map(|i| level * (tau * 2e-8 * (i * i * 10) as f64).sin()).collect());
        for quiet in [0.0, 1e-5, 1e-3] {
            signals.push((0..length).map(|_| level * (0.5 + quiet * noise())).collect());
            let mut step = || {
                brown = brown * 0.999 + noise();
                level * (0.02 * brown + quiet * noise())
            };
            signals.push((0..length).map(|_| step()).collect());
            for hertz in [50.0, 440.0, 7000.0] {
                let tone = |i: usize| (tau * hertz * i as f64 / 16_000.0).sin();
                signals.push((0..length).map(|i| level * (tone(i) + quiet * noise())).collect());
            }
        }
    }
    for n_mels in [80, 128] {
        let plan = |precision| Whisper::new(&WhisperOptions { n_mels, chunk_length: None, precision }).unwrap();
        let (mut double, mut single) = (plan(Precision::Float64), plan(Precision::Float32));
        for (i, y) in signals.iter().enumerate() {
            // Single precision rounds the samples first.
            let y: Vec<f32> = y.iter().map(|x| *x as f32).collect();
            let wide: Vec<f64> = y.iter().map(|x| f64::from(*x)).collect();
            let (want, got) =
                (double.forward(&wide, wide.len(), false).unwrap(), single.forward(&wide, wide.len(), false).unwrap());
            let error = want.iter().zip(&got).fold(0.0f64, |most, (a, b)| most.max((a - b).abs()));
            assert!(error <= SINGLE_TOLERANCE, "signal {i}, {n_mels} mels: {error:e}");
            assert!(single.forward(&y, y.len(), true).unwrap() == single.forward(&y, y.len(), false).unwrap());
        }
    }
}
