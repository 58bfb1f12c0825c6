//! The search against its definition, streams against one call.

use super::*;
use proptest::prelude::*;

pub(crate) fn noise(length: usize, seed: u64) -> Vec<f64> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..length)
        .map(|i| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let noise = (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
            0.3 * noise + (i as f64 * 0.17).sin() + 0.5 * (i as f64 * 0.34 + 1.0).sin()
        })
        .collect()
}

pub(crate) fn framing() -> impl Strategy<Value = FrameOptions> {
    let mode = (0usize..10).prop_map(|i| PadMode::NAMES[i].1);
    (20usize..150, 1usize..200, any::<bool>(), mode, 2.0f64..8.0, 1.01f64..12.0).prop_map(
        |(frame_length, hop_length, center, pad_mode, low, ratio)| {
            let sr = 1000.0;
            let fmax = sr / low;
            let fmin = (fmax / ratio).max(sr / (frame_length as f64 - 1.5));
            let fmax = fmax.max(fmin * 1.01);
            FrameOptions { sr, fmin, fmax, frame_length, hop_length, center, pad_mode, compared: None }
        },
    )
}

/// librosa's way, step by step, with sums instead of transforms.
fn naive(y: &[f64], options: &YinOptions) -> Vec<f64> {
    let FrameOptions { sr, fmin, fmax, frame_length, hop_length, center, pad_mode, compared } = options.frames;
    let longest = frame_length - 1 - compared.map_or(0, |Compared(samples)| samples);
    let (low, high) = ((sr / fmax).floor() as usize, ((sr / fmin).ceil() as usize).min(longest));
    let padding = Padding::new(y, if center { frame_length / 2 } else { 0 }, pad_mode);
    let padded: Vec<f64> = [&padding.before, y, &padding.after].concat();
    let cut = |f: usize| &padded[f * hop_length..][..frame_length];
    (0..options.frames.frames(y.len()))
        .map(|f| {
            let x = cut(f);
            let r = |k: usize| x.iter().zip(&x[k..]).map(|(a, b)| a * b).sum::<f64>();
            let kept = |x: f64| if x.abs() < 1e-6 { 0.0 } else { x };
            let energy = |k: usize, w: usize| kept(x[k + 1..=k + w].iter().map(|x| x * x).sum());
            let product = |k: usize, w: usize| kept((1..=w).map(|n| x[n] * x[n + k]).sum());
            let e = |k: usize| if k == 1 { 0.0 } else { x[..k].iter().map(|x| x * x).sum::<f64>() };
            let difference = |k: usize| match compared {
                None => 2.0 * (r(0) - r(k)) - e(k),
                Some(Compared(w)) => energy(0, w) + energy(k, w) - 2.0 * product(k, w),
            };
            let d: Vec<f64> = (1..=high).map(difference).collect();
            let c: Vec<f64> =
                (low..=high).map(|k| d[k - 1] / (d[..k].iter().sum::<f64>() / k as f64 + f64::MIN_POSITIVE)).collect();
            let n = c.len();
            let trough = |i: usize| match i {
                0 => c[0] < c[1],
                _ if i == n - 1 => c[i] < c[i - 1],
                _ => c[i] < c[i - 1] && c[i] <= c[i + 1],
            };
            let smallest = (0..n).fold(0, |best, i| if c[i] < c[best] { i } else { best });
            let i = (0..n).find(|&i| trough(i) && c[i] < options.trough_threshold).unwrap_or(smallest);
            let shift = if i == 0 || i == n - 1 { 0.0 } else { pick::parabolic_shift(c[i - 1], c[i], c[i + 1]) };
            sr / ((low + i) as f64 + shift)
        })
        .collect()
}

proptest! {
    #[test]
    fn is_what_the_definition_says(
        mut frames in framing(), length in 1usize..700, trough_threshold in 0.02f64..1.2, seed: u64,
        compared in prop::option::of(1usize..75),
    ) {
        frames.compared = compared.map(Compared);
        if frames.lags().is_err() {
            frames.compared = None;
        }
        // Where all that is compared is padding, lags are equal and rounding decides.
        frames.center &= frames.compared.is_none();
        let options = YinOptions { frames, trough_threshold };
        let y = noise(length, seed);
        if frames.frames(length) == 0 {
            prop_assert_eq!(yin(&y, length, &options, false).unwrap_err().argument, "y");
            return Ok(());
        }
        let want = naive(&y, &options);
        let got = yin(&y, length, &options, false).unwrap();
        prop_assert_eq!(got.len(), want.len());
        // Padding that repeats the signal makes lags equal whose order rounding decides.
        let tied = frames.center && matches!(frames.pad_mode, PadMode::Wrap | PadMode::Reflect | PadMode::Symmetric);
        for (got, want) in got.iter().zip(&want) {
            prop_assert!((got - want).abs() <= 1e-8 * want || tied && length < 2 * frames.frame_length, "{} {}", got, want);
        }
    }

    /// In f32 and f64, however the signal is cut.
    #[test]
    fn a_stream_has_the_bits_of_the_whole(
        frames in framing(), length in 1usize..1500, cuts in prop::collection::vec(0usize..150, 0..40), seed: u64,
    ) {
        let options = YinOptions { frames, trough_threshold: 0.2 };
        let y: Vec<f32> = noise(length, seed).iter().map(|&x| x as f32).collect();
        if frames.center && frames.pad_mode.reach(0).is_none() {
            prop_assert_eq!(OnlineYin::<f32>::new(&options).map(|_| ()).unwrap_err().argument, "padMode");
            return Ok(());
        }
        let whole = if frames.frames(length) > 0 { yin(&y, length, &options, false).unwrap() } else { vec![] };
        let mut online = OnlineYin::<f32>::new(&options).unwrap();
        for _ in 0..2 {
            let (mut got, mut rest) = (Vec::new(), &y[..]);
            for &cut in &cuts {
                let (block, later) = rest.split_at(cut.min(rest.len()));
                got.extend(online.accept(block).unwrap());
                rest = later;
            }
            got.extend(online.accept(rest).unwrap());
            got.extend(online.flush());
            prop_assert_eq!(online.flush().len(), 0);
            prop_assert!(online.accept(&y).is_err());
            prop_assert_eq!(&got, &whole);
            online.reset();
        }
    }
}

fn common() -> YinOptions {
    let frames = FrameOptions {
        sr: 44_100.0,
        fmin: 50.0,
        fmax: 2000.0,
        frame_length: 2048,
        hop_length: 512,
        center: true,
        pad_mode: PadMode::Constant,
        compared: None,
    };
    YinOptions { frames, trough_threshold: 0.1 }
}

#[test]
fn all_cores_give_the_same_bits() {
    let options = common();
    let y = noise(3 * 100_000, 1);
    let one = yin(&y, 100_000, &options, false).unwrap();
    assert_eq!(yin(&y, 100_000, &options, true).unwrap(), one);
    let signals: Vec<&[f64]> = y.chunks(100_000).collect();
    assert_eq!(yin_batch(&signals, &options, true).unwrap().concat(), one);
    let error = yin_batch(&[&y[..], &[f64::NAN]], &options, true).unwrap_err();
    assert_eq!(error.argument, "signals[1]");
}

/// Lengths that the lanes do not take go one frame at a time, to the same end.
#[test]
fn very_long_frames() {
    let mut options = common();
    options.frames = FrameOptions { frame_length: 140_000, hop_length: 50_000, ..options.frames };
    let y = noise(200_000, 5);
    let long = yin(&y, y.len(), &options, false).unwrap();
    assert_eq!(long.len(), 1 + 200_000 / 50_000);
    let want = 44_100.0 * 0.17 / std::f64::consts::TAU;
    assert!(long.iter().all(|f0| (f0 / want - 1.0).abs() < 0.02), "{long:?} {want}");
}

#[test]
fn bad_input_names_the_argument() {
    let refused = |change: fn(&mut YinOptions)| {
        let mut options = common();
        change(&mut options);
        yin(&[0.0f32; 4096], 4096, &options, false).unwrap_err().argument
    };
    assert_eq!(refused(|o| o.frames.sr = 0.0), "sr");
    assert_eq!(refused(|o| o.frames.sr = f64::NAN), "sr");
    assert_eq!(refused(|o| o.frames.fmax = 22_051.0), "fmax");
    assert_eq!(refused(|o| o.frames.fmax = f64::NAN), "fmax");
    assert_eq!(refused(|o| o.frames.fmin = 2000.0), "fmin");
    assert_eq!(refused(|o| o.frames.fmin = -1.0), "fmin");
    assert_eq!(refused(|o| o.frames.fmin = 21.0), "fmin");
    assert_eq!(refused(|o| o.frames.hop_length = 0), "hopLength");
    assert_eq!(refused(|o| o.frames.frame_length = 0), "frameLength");
    assert_eq!(refused(|o| o.frames.frame_length = 1), "fmin");
    assert_eq!(refused(|o| o.frames.frame_length = 1 << 30), "frameLength");
    assert_eq!(refused(|o| o.trough_threshold = f64::NAN), "troughThreshold");
    let mut options = common();
    assert_eq!(yin::<f32>(&[], 0, &options, false).unwrap_err().argument, "y");
    assert_eq!(yin(&[f32::INFINITY], 1, &options, false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    options.frames.center = false;
    assert_eq!(yin(&[0f32; 2047], 2047, &options, false).unwrap_err().code, "ERR_DSP_SHAPE");
    assert!(options.frames.is_short() == (44_100.0 / 50.0 >= 1024.0));
}

#[test]
fn silence_is_librosas() {
    let f0 = yin(&[0f32; 2000], 2000, &common(), false).unwrap();
    assert_eq!(f0, [44_100.0 / 22.0; 4]);
    assert_eq!(yin(&[0.5f32], 1, &common(), false).unwrap().len(), 1);
    // Beyond what doubles hold: a number all the same.
    assert!(yin(&[1e200f64; 5000], 5000, &common(), false).unwrap().iter().all(|f0| f0.is_finite()));
}

/// As long frames, whose transforms are not side by side.
#[test]
fn long_frames_are_compared_in_part() {
    let mut options = common();
    options.frames = FrameOptions {
        frame_length: 140_000,
        hop_length: 50_000,
        center: false,
        compared: Some(Compared(70_000)),
        ..options.frames
    };
    let y = noise(200_000, 5);
    let long = yin(&y, y.len(), &options, false).unwrap();
    let want = 44_100.0 * 0.17 / std::f64::consts::TAU;
    assert!(long.iter().all(|f0| (f0 / want - 1.0).abs() < 0.02), "{long:?} {want}");
    for samples in [0, 139_978, 1 << 40] {
        options.frames.compared = Some(Compared(samples));
        assert_eq!(yin(&y, y.len(), &options, false).unwrap_err().argument, "winLength");
    }
}
