//! The pass against its definition in whole spectrograms, streams and threads against one call.

use super::*;
use crate::stft::PadMode;
use crate::window::Window;
use proptest::prelude::*;

/// Noise with clicks, tones and silence in it.
fn sound(length: usize, seed: u64) -> Vec<f64> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..length)
        .map(|i| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let noise = (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
            let tone = (i as f64 * 0.3).sin() + (i as f64 * 1.1).cos();
            let click = if (state >> 20).is_multiple_of(97) { 2.0 } else { 0.0 };
            if i / 150 % 3 == 1 { 0.0 } else { (0.02 * noise + 0.3 * tone + click) as f32 as f64 }
        })
        .collect()
}

const ALL: Parts = Parts { harmonic: true, percussive: true, residual: true };
const BOTH: Parts = Parts { harmonic: true, percussive: true, residual: false };

fn parts(mask: bool) -> Parts {
    if mask { BOTH } else { ALL }
}

/// Whole spectrograms: transform, filter, mask, transform back.
fn plainly(y: &[f64], options: &HpssOptions) -> Vec<Vec<f64>> {
    let mut plan = Stft::new(&options.stft).unwrap();
    let (bins, frames) = (plan.bins(), plan.frames(y.len()));
    let mut spectrum = vec![0.0; 2 * bins * frames];
    plan.forward(y, y.len(), &mut spectrum, false).unwrap();
    let masks = options.masks;
    let found = decompose(&spectrum, bins, frames, true, &masks, !masks.mask, false).unwrap();
    let complex = |values: Vec<f64>| {
        if masks.mask { values.into_iter().flat_map(|m| [m, 0.0]).collect() } else { values }
    };
    let all = [Some(found.harmonic), Some(found.percussive), found.residual];
    all.into_iter()
        .flatten()
        .map(|values| {
            let mut out = vec![0.0; y.len()];
            plan.inverse(&complex(values), frames, Some(y.len()), &mut out, false).unwrap();
            out
        })
        .collect()
}

fn options() -> impl Strategy<Value = HpssOptions> {
    let transform = (
        prop_oneof![Just(16usize), Just(24), Just(40), Just(64), Just(21), Just(22), Just(1)],
        1usize..80,
        0usize..64,
        any::<bool>(),
        prop_oneof![Just(PadMode::Constant), Just(PadMode::Edge), Just(PadMode::Reflect), Just(PadMode::Symmetric)],
        prop_oneof![Just(Window::Hann), Just(Window::Hamming), Just(Window::Rectangular)],
    );
    let masks = (
        (1usize..40, 1usize..40),
        prop_oneof![Just(1.0), Just(2.0), Just(4.0), Just(0.5), Just(7.0), Just(f64::INFINITY)],
        prop_oneof![Just((1.0, 1.0)), Just((1.0, 3.0)), Just((2.5, 1.5))],
        any::<bool>(),
    );
    (transform, masks).prop_map(|((n_fft, hop, cut, center, pad_mode, window), (kernel_size, power, margin, mask))| {
        let hop_length = if cut % 3 == 0 { hop } else { (n_fft / 4).max(1) };
        let window = window.values(if cut % 4 == 0 { 1 + cut % n_fft } else { n_fft }, true);
        HpssOptions {
            stft: StftOptions { n_fft, hop_length, window, center, pad_mode },
            masks: MaskOptions { kernel_size, power, margin, mask },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn is_the_plain_form(options in options(), length in 1usize..900, seed in 0u64..50) {
        let y = sound(length, seed);
        let parts = parts(options.masks.mask);
        if !options.stft.center && options.stft.n_fft > length {
            prop_assert_eq!(hpss(&y, length, &options, parts, false).unwrap_err().argument, "nFft");
            return Ok(());
        }
        let got = hpss(&y, length, &options, parts, false).unwrap();
        let want = plainly(&y, &options);
        let single: Vec<f32> = y.iter().map(|&x| x as f32).collect();
        let rounded = hpss(&single, length, &options, parts, false).unwrap();
        // Where a window is nearly zero, frames are divided by it.
        for ((got, want), rounded) in got.iter().zip(&want).zip(&rounded) {
            for i in 0..length {
                let size = want[i].abs().max(1.0);
                prop_assert!((got[i] - want[i]).abs() < 1e-9 * size, "{}: {} {}", i, got[i], want[i]);
                prop_assert!((f64::from(rounded[i]) - want[i]).abs() < 2e-6 * size, "{}: {} {}", i, rounded[i], want[i]);
            }
        }
    }

    #[test]
    fn a_stream_has_the_bits_of_the_whole(
        options in options(), length in 1usize..1500, seed in 0u64..50, cuts in prop::collection::vec(0usize..200, 0..30),
        single: bool,
    ) {
        let y = sound(length, seed);
        let whole = |y: &[f64]| hpss(y, length, &options, parts(options.masks.mask), false);
        if single {
            let y: Vec<f32> = y.iter().map(|&x| x as f32).collect();
            streamed(&y, &options, &cuts, hpss(&y, length, &options, parts(options.masks.mask), false))?;
        } else {
            streamed(&y, &options, &cuts, whole(&y))?;
        }
    }

    #[test]
    fn parts_alone_are_those_among_others(options in options(), length in 200usize..600, seed in 0u64..9) {
        let y = sound(length, seed);
        let all = hpss(&y, length, &options, parts(options.masks.mask), false).unwrap();
        for (i, want) in all.iter().enumerate() {
            let only = Parts { harmonic: i == 0, percussive: i == 1, residual: i == 2 };
            prop_assert_eq!(&hpss(&y, length, &options, only, false).unwrap()[0], want);
        }
    }
}

fn streamed<T: Real>(
    y: &[T],
    options: &HpssOptions,
    cuts: &[usize],
    whole: Result<Vec<Vec<T>>>,
) -> std::result::Result<(), TestCaseError> {
    let parts = parts(options.masks.mask);
    let mut online = OnlineHpss::<T>::new(options, parts).unwrap();
    for _ in 0..2 {
        let mut got = vec![Vec::new(); parts.count()];
        let mut rest = y;
        let mut behind = 0;
        for &cut in cuts.iter().chain([&y.len()]) {
            let (block, later) = rest.split_at(cut.min(rest.len()));
            for (got, part) in got.iter_mut().zip(online.accept(block).unwrap()) {
                got.extend(part);
            }
            rest = later;
            behind = behind.max(y.len() - rest.len() - got[0].len());
        }
        prop_assert!(behind <= online.latency_samples(), "{} behind, {} said", behind, online.latency_samples());
        match (online.flush(), &whole) {
            (Ok(last), Ok(whole)) => {
                for ((got, part), whole) in got.iter_mut().zip(last).zip(whole) {
                    got.extend(part);
                    prop_assert!(&*got == whole);
                }
                prop_assert!(online.flush().unwrap().iter().all(Vec::is_empty));
                prop_assert!(online.accept(y).is_err());
            }
            (last, whole) => prop_assert_eq!(last.err(), whole.as_ref().err().cloned()),
        }
        online.reset();
    }
    Ok(())
}

#[test]
fn all_cores_give_the_same_bits() {
    for (kernel_size, hop_length, center) in
        [((31, 17), 4, true), ((8, 8), 30, true), ((5, 31), 3, false), ((1, 1), 16, true)]
    {
        let stft = StftOptions {
            n_fft: 16,
            hop_length,
            window: Window::Hann.values(16, true),
            center,
            pad_mode: PadMode::Reflect,
        };
        let masks = MaskOptions { kernel_size, power: 2.0, margin: (1.0, 2.0), mask: false };
        let options = HpssOptions { stft, masks };
        let y: Vec<f32> = sound(3 * 20_000, 5).into_iter().map(|x| x as f32).collect();
        let one = hpss(&y, 20_000, &options, ALL, false).unwrap();
        assert!(one == hpss(&y, 20_000, &options, ALL, true).unwrap());
        let whole = hpss(&y, y.len(), &options, ALL, false).unwrap();
        assert!(whole == hpss(&y, y.len(), &options, ALL, true).unwrap());
        let signals: Vec<&[f32]> = y.chunks(7000).collect();
        for (got, y) in batch(&signals, &options, BOTH, true).unwrap().iter().zip(&signals) {
            assert!(*got == hpss(y, y.len(), &options, BOTH, false).unwrap());
        }
    }
}

/// Windows too long for vectors, in both directions.
#[test]
fn long_kernels() {
    let stft = StftOptions {
        n_fft: 16,
        hop_length: 2,
        window: Window::Hann.values(16, true),
        center: true,
        pad_mode: PadMode::Constant,
    };
    let masks = MaskOptions { kernel_size: (1200, 1100), power: 2.0, margin: (1.0, 1.0), mask: false };
    let options = HpssOptions { stft, masks };
    let y = sound(5000, 3);
    for (got, want) in hpss(&y, y.len(), &options, ALL, false).unwrap().iter().zip(plainly(&y, &options)) {
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-10));
    }
    streamed(&y, &options, &[100; 40], hpss(&y, y.len(), &options, ALL, false)).unwrap();
}

#[test]
fn silence_and_scale() {
    let window = Window::Hann.values(64, true);
    let stft = StftOptions { n_fft: 64, hop_length: 16, window, center: true, pad_mode: PadMode::Constant };
    for power in [2.0, f64::INFINITY] {
        for margin in [(1.0, 1.0), (2.0, 2.0)] {
            let masks = MaskOptions { kernel_size: (31, 31), power, margin, mask: false };
            let options = HpssOptions { stft: stft.clone(), masks };
            for part in hpss(&[0f32; 500], 500, &options, ALL, false).unwrap() {
                assert!(part.iter().all(|&x| x == 0.0));
            }
            // Powers of two change nothing but the exponent, however far they lead.
            let y = sound(2000, 8);
            let plain = hpss(&y, y.len(), &options, BOTH, false).unwrap();
            for exponent in [-900, 900] {
                let scale = 2f64.powi(exponent);
                let scaled: Vec<f64> = y.iter().map(|x| x * scale).collect();
                for (a, b) in plain.iter().zip(hpss(&scaled, y.len(), &options, BOTH, false).unwrap()) {
                    assert!(
                        a.iter().zip(b).all(|(a, b)| (a - b / scale).abs() < 1e-12),
                        "{power} {margin:?} {exponent}"
                    );
                }
            }
        }
    }
}

#[test]
fn masks_as_librosa_defines_them() {
    let (x, r) = ([3.0, 1.0, 0.0, 0.0, 5.0, 1e-310], [4.0, 0.0, 2.0, 0.0, 5.0, 0.0]);
    let near = |got: Vec<f64>, want: [f64; 6]| {
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-15), "{got:?} {want:?}");
    };
    near(softmask(&x, &r, 2.0, true).unwrap(), [0.36, 1.0, 0.0, 0.5, 0.5, 0.5]);
    near(softmask(&x, &r, 1.0, false).unwrap(), [3.0 / 7.0, 1.0, 0.0, 0.0, 0.5, 0.0]);
    near(softmask(&x, &r, 3.0, false).unwrap(), [27.0 / 91.0, 1.0, 0.0, 0.0, 0.5, 0.0]);
    near(softmask(&x, &r, f64::INFINITY, true).unwrap(), [0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(softmask(&x, &r[1..], 1.0, true).unwrap_err().argument, "xRef");
    assert_eq!(softmask(&[-1.0], &[1.0], 1.0, true).unwrap_err().argument, "x");
    assert_eq!(softmask(&[1.0], &[f64::NAN], 1.0, true).unwrap_err().argument, "xRef");
    for power in [0.0, -1.0, f64::NAN] {
        assert_eq!(softmask(&x, &r, power, true).unwrap_err().argument, "power");
    }
    assert!(softmask::<f32>(&[], &[], 1.0, true).unwrap().is_empty());
}

#[test]
fn bad_input_names_the_argument() {
    let stft =
        StftOptions { n_fft: 16, hop_length: 4, window: vec![1.0; 16], center: true, pad_mode: PadMode::Constant };
    let masks = MaskOptions { kernel_size: (31, 31), power: 2.0, margin: (1.0, 1.0), mask: false };
    let good = HpssOptions { stft, masks };
    let error = |change: &dyn Fn(&mut HpssOptions)| {
        let mut options = good.clone();
        change(&mut options);
        hpss(&[0f32; 100], 100, &options, BOTH, false).unwrap_err().argument
    };
    assert_eq!(error(&|o| o.masks.kernel_size.0 = 0), "kernelSize");
    assert_eq!(error(&|o| o.masks.kernel_size.1 = 0), "kernelSize");
    assert_eq!(error(&|o| o.masks.kernel_size.0 = 1 << 40), "kernelSize");
    assert_eq!(error(&|o| o.masks.kernel_size.1 = 1 << 25), "kernelSize");
    assert_eq!(error(&|o| o.masks.margin.1 = 0.5), "margin");
    assert_eq!(error(&|o| o.masks.margin.0 = f64::NAN), "margin");
    assert_eq!(error(&|o| o.masks.power = 0.0), "power");
    assert_eq!(error(&|o| o.stft.hop_length = 0), "hopLength");
    let masked = HpssOptions { masks: MaskOptions { mask: true, ..good.masks }, ..good.clone() };
    assert_eq!(hpss(&[0f32; 9], 9, &masked, ALL, false).unwrap_err().argument, "residual");
    assert_eq!(hpss::<f32>(&[], 0, &good, BOTH, false).unwrap_err().argument, "y");
    assert_eq!(hpss(&[f64::INFINITY], 1, &good, BOTH, false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    let spectrum =
        |values: &[f64], bins, complex| decompose(values, bins, 2, complex, &good.masks, true, false).unwrap_err();
    assert_eq!(spectrum(&[1.0; 5], 1, false).argument, "S");
    assert_eq!(spectrum(&[f64::NAN; 4], 2, false).code, "ERR_DSP_NOT_FINITE");
    assert_eq!(spectrum(&[-1.0; 4], 2, false).argument, "S");
    let long = MaskOptions { kernel_size: (31, 1 << 17), ..good.masks };
    assert_eq!(decompose(&[1.0; 4], 2, 2, false, &long, false, false).unwrap_err().argument, "kernelSize");
}
