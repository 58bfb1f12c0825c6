//! The plan against the definition, streams against the whole, and what must be rejected.

use super::*;
use crate::kaldi::per_feature::LogGuardType;
use crate::mel::Norm;
use crate::window::Window;
use proptest::prelude::*;
use std::f64::consts::TAU;

fn noise(length: usize, seed: u64) -> Vec<f64> {
    let mut values = vec![0.0; length];
    crate::dither::add(&mut values, 0.1, seed, 0);
    values
}

fn options() -> NemoOptions {
    NemoOptions {
        sample_rate: 16_000.0,
        n_window_size: 25,
        n_window_stride: 10,
        window: "hann".into(),
        n_fft: 32,
        preemph: Some(0.97),
        features: 4,
        lowfreq: 0.0,
        highfreq: 8000.0,
        mel_norm: Norm::Slaney,
        mag_power: 2.0,
        log: true,
        log_zero_guard_type: LogGuardType::Add,
        log_zero_guard_value: 2f64.powi(-24),
        dither: 0.0,
        seed: 0,
        frame_splicing: 1,
        normalize: Normalize::PerFeature,
        fixed_mean: None,
        fixed_std: None,
        pad_to: 16,
        pad_value: 0.0,
        exact_pad: false,
    }
}

/// `FilterbankFeatures.forward` of one signal, step by step, without dither.
fn naive(y: &[f64], o: &NemoOptions) -> Vec<f64> {
    let p = if o.exact_pad { (o.n_fft - o.n_window_stride) / 2 } else { 0 };
    let zeros = vec![0.0; p];
    let mut x = [&zeros[..], y, &zeros[..]].concat();
    if let Some(preemph) = o.preemph {
        for t in (1..x.len()).rev() {
            x[t] -= preemph * x[t - 1];
        }
        x[y.len()..].fill(0.0);
    }
    let pad = if o.exact_pad { 0 } else { o.n_fft / 2 };
    let zeros = vec![0.0; pad];
    let x = [&zeros[..], &x, &zeros[..]].concat();
    let frames = 1 + (x.len() - o.n_fft) / o.n_window_stride;
    let valid = frames - 1;
    let mut window = vec![0.0; o.n_fft];
    let values = Window::parse(&o.window, f64::NAN).unwrap().values(o.n_window_size, false);
    window[(o.n_fft - values.len()) / 2..][..values.len()].copy_from_slice(&values);
    let bins = o.n_fft / 2 + 1;
    let bank = o.bank().unwrap().dense::<f64>().unwrap();
    let mut mel = vec![vec![0.0; valid]; o.features];
    for t in 0..valid {
        let frame: Vec<f64> = window.iter().zip(&x[t * o.n_window_stride..]).map(|(w, x)| w * x).collect();
        for k in 0..bins {
            let part = |f: fn(f64) -> f64| {
                let term = |(i, x): (usize, &f64)| x * f(TAU * (i * k % o.n_fft) as f64 / o.n_fft as f64);
                frame.iter().enumerate().map(term).sum::<f64>()
            };
            let magnitude = part(f64::cos).hypot(part(f64::sin)).powf(o.mag_power);
            for (m, row) in mel.iter_mut().enumerate() {
                row[t] += bank[m * bins + k] * magnitude;
            }
        }
    }
    if o.log {
        let guard = o.log_zero_guard_value;
        for x in mel.iter_mut().flatten() {
            *x = match o.log_zero_guard_type {
                LogGuardType::Add => (*x + guard).ln(),
                LogGuardType::Clamp => x.max(guard).ln(),
            };
        }
    }
    let mel: Vec<Vec<f64>> = (0..o.features * o.frame_splicing).map(|r| mel[r % o.features].clone()).collect();
    let spread = |values: &[f64]| {
        let (n, mean) = (values.len() as f64, values.iter().sum::<f64>() / values.len() as f64);
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, if variance.is_nan() { 0.0 } else { variance.sqrt() } + 1e-5)
    };
    let columns = if o.pad_to == 0 { frames } else { frames.next_multiple_of(o.pad_to) };
    let mut out = Vec::new();
    for (r, row) in mel.iter().enumerate() {
        let (mean, std) = match o.normalize {
            Normalize::PerFeature => spread(row),
            Normalize::AllFeatures => spread(&mel.concat()),
            Normalize::Fixed => (o.fixed_mean.as_ref().unwrap()[r], o.fixed_std.as_ref().unwrap()[r]),
            Normalize::None => (0.0, 1.0),
        };
        out.extend(row.iter().map(|x| (x - mean) / std));
        out.resize((r + 1) * columns, o.pad_value);
    }
    out
}

prop_compose! {
    fn any_options()(
        size in 2usize..40, more in 0usize..30, stride in 1usize..25, exact: bool, features in 1usize..6,
        preemph in prop::option::of(0.0..1.0f64), power in prop::sample::select(vec![1.0, 2.0, 1.5]),
        log: bool, clamp: bool, normalize in 0usize..4, splicing in 1usize..3, pad_to in 0usize..5,
        window in prop::sample::select(vec!["hann", "hamming", "blackman", "bartlett"]),
    ) -> NemoOptions {
        let n_fft = size + more;
        let normalize = [Normalize::PerFeature, Normalize::AllFeatures, Normalize::Fixed, Normalize::None][normalize];
        let fixed = |base: f64| (normalize == Normalize::Fixed)
            .then(|| (0..features * splicing).map(|i| base + i as f64 * 0.3).collect());
        let exact_pad = exact && 2 * stride <= n_fft;
        NemoOptions {
            n_window_size: size,
            n_window_stride: if exact_pad { 2 * stride } else { stride },
            n_fft,
            window: window.into(),
            preemph,
            features,
            mag_power: power,
            log,
            log_zero_guard_type: if clamp { LogGuardType::Clamp } else { LogGuardType::Add },
            frame_splicing: splicing,
            normalize,
            fixed_mean: fixed(-3.0),
            fixed_std: fixed(0.5),
            pad_to,
            pad_value: -1.25,
            exact_pad,
            ..options()
        }
    }
}

proptest! {
    #[test]
    fn is_what_nemo_does_step_by_step(o in any_options(), length in 1usize..400, seed in 0u64..100) {
        let y = noise(length, seed);
        let mut plan = Nemo::new(o.clone()).unwrap();
        if plan.valid(length) == 0 {
            prop_assert_eq!(plan.forward(&y, length, false).unwrap_err().code, "ERR_DSP_SHAPE");
            prop_assert!(length < plan.least_samples());
            return Ok(());
        }
        prop_assert!(length >= plan.least_samples());
        let (got, want) = (plan.forward(&y, length, false).unwrap(), naive(&y, &o));
        prop_assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(&want) {
            prop_assert!((got - want).abs() <= 1e-7 * want.abs().max(1.0), "{} {}", got, want);
        }
    }

    #[test]
    fn a_stream_has_the_bits_of_the_whole(
        o in any_options(), dither in prop::sample::select(vec![0.0, 0.01]), length in 0usize..900,
        cuts in prop::collection::vec(0usize..200, 0..12),
    ) {
        let o = NemoOptions { dither, ..o };
        prop_assume!(matches!(o.normalize, Normalize::None | Normalize::Fixed));
        let y: Vec<f32> = noise(length, 5).iter().map(|&x| x as f32).collect();
        let mut plan = Nemo::new(o.clone()).unwrap();
        let whole = plan.forward(&y, length, false).unwrap_or_default();
        let (rows, columns) = (plan.rows(), whole.len() / plan.rows());
        let mut online = OnlineNemo::new(o.clone()).unwrap();
        for _ in 0..2 {
            let (mut at, mut done) = (0, 0);
            for cut in cuts.iter().chain([&length]).map(Some).chain([None]) {
                let values = match cut {
                    Some(cut) => {
                        let begin = at;
                        at = length.min(at + cut);
                        online.accept(&y[begin..at]).unwrap()
                    }
                    None => online.flush().unwrap(),
                };
                let count = values.len() / rows;
                for r in 0..rows {
                    for i in 0..count {
                        prop_assert_eq!(values[r * count + i].to_bits(), whole[r * columns + done + i].to_bits());
                    }
                }
                done += count;
                // What has been returned is what the latency promises.
                let promised = (0..).take_while(|f| f * o.n_window_stride + online.latency_samples() <= at).count();
                prop_assert!(cut.is_none() || done == promised, "{done} of {promised} after {at}");
            }
            prop_assert_eq!(done, columns);
            prop_assert_eq!(online.flush().unwrap().len(), 0);
            prop_assert_eq!(online.accept(&y).unwrap_err().argument, "block");
            online.reset();
        }
    }
}

#[test]
fn all_cores_channels_and_batches_give_the_same_bits() {
    let y: Vec<f32> = noise(2 * 20_000, 9).iter().map(|&x| x as f32).collect();
    let mut plan = Nemo::new(options()).unwrap();
    let both = plan.forward(&y, 20_000, false).unwrap();
    assert_eq!(both, plan.forward(&y, 20_000, true).unwrap());
    assert_eq!(both, plan.batch(&[&y[..20_000], &y[20_000..]], true).unwrap().concat());
    let bad = plan.batch(&[&y[..20_000], &[f32::NAN; 900]], true).unwrap_err();
    assert_eq!((bad.code, bad.argument.as_str()), ("ERR_DSP_NOT_FINITE", "signals[1]"));
}

#[test]
fn bands_that_hardly_change_keep_their_precision() {
    // A period per frame, and a little noise: the logarithms are far from zero and vary by about 1e-3.
    let tone: Vec<f32> = (0..20_000).map(|t| 0.5 + 0.3 * (TAU * t as f64 / 10.0).sin()).map(|x| x as f32).collect();
    let y: Vec<f32> = tone.iter().zip(noise(tone.len(), 4)).map(|(x, e)| x + 1e-3 * e as f32).collect();
    let exact: Vec<f64> = y.iter().map(|x| f64::from(*x)).collect();
    for normalize in [Normalize::PerFeature, Normalize::AllFeatures] {
        let mut plan = Nemo::new(NemoOptions { normalize, ..options() }).unwrap();
        let (got, want) = (plan.forward(&y, y.len(), false).unwrap(), plan.forward(&exact, y.len(), false).unwrap());
        for (got, want) in got.iter().zip(&want) {
            assert!((f64::from(*got) - want).abs() <= 1e-6 * want.abs().max(1.0), "{normalize:?} {got} {want}");
        }
    }
}

#[test]
fn dither_is_noise_of_its_seed() {
    let of = |dither, seed| {
        let o = NemoOptions { dither, seed, normalize: Normalize::None, ..options() };
        Nemo::new(o).unwrap().forward(&vec![0.0f64; 4000], 4000, false).unwrap()
    };
    assert_eq!(of(1e-3, 1), of(1e-3, 1));
    assert_ne!(of(1e-3, 1), of(1e-3, 2));
    assert_ne!(of(1e-3, 1), of(0.0, 1));
}

#[test]
fn bad_input_names_the_argument() {
    let argument = |change: fn(&mut NemoOptions)| {
        let mut o = options();
        change(&mut o);
        Nemo::new(o).err().map(|error| error.argument).unwrap_or_default()
    };
    assert_eq!(argument(|o| o.sample_rate = 0.0), "highfreq");
    assert_eq!(argument(|o| o.n_window_size = 0), "nWindowSize");
    assert_eq!(argument(|o| o.n_window_size = 33), "nWindowSize");
    assert_eq!(argument(|o| o.n_window_stride = 0), "nWindowStride");
    assert_eq!(argument(|o| o.n_fft = usize::MAX), "nFft");
    assert_eq!(argument(|o| o.window = "kaiser".into()), "window");
    assert_eq!(argument(|o| o.features = 0), "features");
    assert_eq!(argument(|o| o.lowfreq = -1.0), "lowfreq");
    assert_eq!(argument(|o| o.highfreq = 8001.0), "highfreq");
    assert_eq!(argument(|o| o.highfreq = 0.0), "highfreq");
    assert_eq!(argument(|o| o.mel_norm = Norm::P(-1.0)), "melNorm");
    assert_eq!(argument(|o| o.mag_power = 0.0), "magPower");
    assert_eq!(argument(|o| o.preemph = Some(f64::NAN)), "preemph");
    assert_eq!(argument(|o| o.dither = -1.0), "dither");
    assert_eq!(argument(|o| o.log_zero_guard_value = 0.0), "logZeroGuardValue");
    assert_eq!(argument(|o| o.frame_splicing = 0), "frameSplicing");
    assert_eq!(argument(|o| o.normalize = Normalize::Fixed), "fixedMean");
    assert_eq!(argument(|o| o.fixed_std = Some(vec![1.0; 4])), "fixedStd");
    assert_eq!(argument(|o| o.pad_value = f64::INFINITY), "padValue");
    assert_eq!(
        argument(|o| {
            o.exact_pad = true;
            o.n_window_stride = 9;
        }),
        "nWindowStride"
    );
    assert_eq!(
        argument(|o| {
            o.normalize = Normalize::Fixed;
            o.fixed_mean = Some(vec![0.0; 4]);
            o.fixed_std = Some(vec![1.0, 1.0, 0.0, 1.0]);
        }),
        "fixedStd"
    );
    let refused = |o: NemoOptions, y: &[f32]| Nemo::new(o).unwrap().forward(y, y.len(), false).unwrap_err().argument;
    assert_eq!(refused(options(), &[0.0; 9]), "y");
    assert_eq!(refused(options(), &[]), "y");
    assert_eq!(refused(NemoOptions { pad_to: usize::MAX, ..options() }, &[0.0; 90]), "padTo");
    assert_eq!(refused(NemoOptions { mag_power: 9.0, ..options() }, &[3e38; 90]), "y");
    let plain = NemoOptions { log: false, normalize: Normalize::None, ..options() };
    assert_eq!(refused(plain.clone(), &[3e38; 90]), "y");
    assert_eq!(OnlineNemo::new(plain).unwrap().accept(&[3e38f32; 90]).unwrap_err().argument, "block");
    let fixed = |std| NemoOptions {
        normalize: Normalize::Fixed,
        fixed_mean: Some(vec![0.0; 4]),
        fixed_std: Some(vec![std; 4]),
        ..options()
    };
    assert_eq!(refused(fixed(1e-300), &[1.0; 90]), "y");
    assert_eq!(Nemo::new(fixed(1e-310)).err().unwrap().argument, "fixedStd");
    assert_eq!(refused(NemoOptions { n_window_stride: usize::MAX, ..options() }, &[0.0; 90]), "y");
    assert_eq!(OnlineNemo::<f32>::new(options()).err().unwrap().argument, "normalize");
}
