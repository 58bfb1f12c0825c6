use super::*;
use crate::mel::Scale;
use crate::window::Window;

fn povey() -> FrontEndOptions {
    FrontEndOptions {
        sample_rate: 16000.0,
        shift: 0.0,
        signal_preemphasis: 0.0,
        frame_preemphasis: 0.97,
        preemphasis_times: 1,
        dc_offset: DcOffset::Frame,
        dither: 0.0,
        seed: 0,
        frame_length: 400,
        frame_shift: 160,
        padding: Padding::Snip,
        window: Shape(Window::Povey),
        periodic: false,
        fft_length: 512,
        spectrum: Spectrum::Power,
        num_bins: 40,
        mel_scale: MelScale(Scale::Htk),
        mel_norm: Norm::None,
        triangles: Triangles::Mel,
        low_freq: 20.0,
        high_freq: 7600.0,
        vtln_warp: 1.0,
    }
}

fn noise(count: usize) -> Vec<f64> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 23) - 1.0
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn some_frames_are_those_of_all_and_counts_are_the_libraries() {
    let audio = Audio::new(noise(5000)).expect("finite");
    for (padding, count) in [
        (Padding::Snip, 29),
        (Padding::Mirror, 31),
        (Padding::Reflect, 32),
        (Padding::Constant, 32),
        (Padding::End, 30),
    ] {
        let options = FrontEndOptions { padding, signal_preemphasis: 0.5, ..povey() };
        assert_eq!(audio.frames(&options), count);
        let all = audio.extract(&options, None, true).expect("features");
        assert_eq!(all.len(), count * 42);
        let some = audio.extract(&options, Some(&[0, 7, count - 1]), false).expect("features");
        assert_eq!(some[42..84], all[7 * 42..8 * 42]);
        assert_eq!(some[84..], all[(count - 1) * 42..]);
        let many = audio.extract_many(&[options.clone(), povey()], &[7], true);
        assert_eq!(many[0].as_deref(), Ok(&some[42..84]));
    }
}

#[test]
fn a_shift_is_a_signal_that_begins_elsewhere() {
    let samples = noise(3000);
    let late = [vec![0.0; 37], samples.clone()].concat();
    for padding in [Padding::Snip, Padding::Mirror, Padding::Reflect, Padding::Constant, Padding::End] {
        let options = FrontEndOptions { padding, ..povey() };
        let shifted = FrontEndOptions { shift: 37.0, ..options.clone() };
        let of = |samples: &[f64], options| Audio::new(samples.to_vec()).and_then(|a| a.extract(options, None, false));
        assert_eq!(of(&samples, &shifted), of(&late, &options));
        let early = FrontEndOptions { shift: -37.0, ..options.clone() };
        assert_eq!(of(&late, &early), of(&samples, &options));
    }
}

#[test]
fn filters_are_those_of_the_definitions() {
    let options = FrontEndOptions { triangles: Triangles::Hertz, mel_norm: Norm::Slaney, ..povey() };
    let ours = bank::bank(&options);
    let theirs = crate::mel::Bank::new(&crate::mel::BankOptions {
        sr: 16000.0,
        n_fft: 512,
        n_mels: 40,
        fmin: 20.0,
        fmax: 7600.0,
        mel_scale: Scale::Htk,
        triangles: crate::mel::Triangles::Hertz,
        norm: crate::mel::Norm::Slaney,
        dtype: crate::mel::Precision::Float64,
    })
    .expect("a bank");
    for (a, b) in ours.iter().zip(&theirs.rows) {
        assert_eq!(a.first, b.first);
        assert!(a.weights.iter().zip(&b.weights).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
    }
    let whole = bank::bank(&FrontEndOptions { triangles: Triangles::Bins, ..povey() });
    assert!(whole.iter().all(|row| row.weights.contains(&1.0)), "a corner at a bin is a peak");
    let symmetric = bank::bank(&FrontEndOptions { triangles: Triangles::Symmetric, num_bins: 10, ..povey() });
    assert!(symmetric[9].weights.len() < bank::bank(&FrontEndOptions { num_bins: 10, ..povey() })[9].weights.len());
    let sum: f64 = bank::bank(&FrontEndOptions { mel_norm: Norm::Sum, ..povey() })[20].weights.iter().sum();
    assert!((sum - 1.0).abs() < 1e-12);
}

#[test]
fn emphasis_twice_is_the_filter_squared() {
    let samples = noise(2000);
    let once =
        |x: &[f64]| -> Vec<f64> { (0..x.len()).map(|i| x[i] - 0.9 * if i == 0 { 0.0 } else { x[i - 1] }).collect() };
    let twice = once(&once(&samples));
    let without = FrontEndOptions { frame_preemphasis: 0.0, ..povey() };
    let with = FrontEndOptions { signal_preemphasis: 0.9, preemphasis_times: 2, ..without.clone() };
    let of = |samples: &[f64], options| {
        Audio::new(samples.to_vec()).and_then(|audio| audio.extract(options, None, false)).expect("features")
    };
    let (a, b) = (of(&samples, &with), of(&twice, &without));
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-9 * b.abs().max(1e-6)));
}

#[test]
fn bad_settings_are_named() {
    let audio = Audio::new(noise(1000)).expect("finite");
    let refused = |options: FrontEndOptions| audio.extract(&options, None, false).expect_err("refused").argument;
    assert_eq!(refused(FrontEndOptions { frame_length: 600, ..povey() }), "frameLength");
    assert_eq!(refused(FrontEndOptions { frame_shift: 0, ..povey() }), "frameShift");
    assert_eq!(refused(FrontEndOptions { high_freq: 10.0, ..povey() }), "highFreq");
    assert_eq!(refused(FrontEndOptions { shift: 0.5, ..povey() }), "shift");
    assert!(Audio::new(vec![f64::NAN]).is_err());
    assert_eq!(Audio::new(vec![]).expect("empty").extract(&povey(), None, false), Ok(vec![]));
}
