use super::*;
use proptest::prelude::*;

fn options(orig: u32, new: u32, method: Method) -> Options {
    let beta = 14.769656459379492;
    Options { orig_freq: orig, new_freq: new, resampling_method: method, lowpass_filter_width: 6, rolloff: 0.99, beta }
}

fn noise(len: usize) -> Vec<f64> {
    let mut state = 1u64;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

/// The convolution as torchaudio's comments state it: y[n] = sum_i x[i] h(i / orig - n / new).
fn naive(o: &Options, x: &[f64]) -> Vec<f64> {
    let (orig, new) = ratio(o);
    if orig == new {
        return x.to_vec();
    }
    let lobes = f64::from(o.lowpass_filter_width);
    let base = orig.min(new) as f64 * o.rolloff;
    let i0 = |v: f64| bessel::bessel_i0(v);
    (0..output_len(x.len(), orig, new))
        .map(|n| {
            let mut sum = 0.0;
            for (i, v) in x.iter().enumerate() {
                let t = (i as f64 / orig as f64 - n as f64 / new as f64) * base;
                if t.abs() < lobes {
                    let window = match o.resampling_method {
                        Method::Hann => (t * std::f64::consts::PI / lobes / 2.0).cos().powi(2),
                        Method::Kaiser => i0(o.beta * (1.0 - (t / lobes).powi(2)).sqrt()) / i0(o.beta),
                    };
                    let angle = t * std::f64::consts::PI;
                    sum += v * window * if t == 0.0 { 1.0 } else { angle.sin() / angle };
                }
            }
            sum * base / orig as f64
        })
        .collect()
}

fn farthest(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn refuses_what_it_cannot_do() {
    let bad = |change: fn(&mut Options)| {
        let mut o = options(44_100, 16_000, Method::Kaiser);
        change(&mut o);
        Resampler::<f32>::new(&o).err().expect("an error").argument
    };
    assert_eq!(bad(|o| o.orig_freq = 0), "origFreq");
    assert_eq!(bad(|o| o.new_freq = 1_000_000_000), "newFreq");
    assert_eq!(bad(|o| o.lowpass_filter_width = 0), "lowpassFilterWidth");
    assert_eq!(bad(|o| o.rolloff = f64::NAN), "rolloff");
    assert_eq!(bad(|o| o.beta = -1.0), "beta");
    // Coprime and huge: the plan for any length is refused, the one for a short signal is small.
    let o = options(99_999_989, 100_000_000, Method::Hann);
    assert_eq!(Resampler::<f32>::new(&o).err().expect("too large").argument, "newFreq");
    assert_eq!(Resampler::for_length(&o, 100).expect("small").process(&[1.0f32; 100]).len(), 101);
    let o = options(1, 100_000_000, Method::Hann);
    assert_eq!(Resampler::<f32>::for_length(&o, 1000).err().expect("too long").argument, "newFreq");
}

#[test]
fn neighbouring_rates_stay_cheap() {
    let x = noise(3000);
    let o = options(44_100, 44_101, Method::Hann);
    let ours = Resampler::for_length(&o, x.len()).expect("a plan").process(&x);
    assert!(farthest(&ours, &naive(&o, &x)) < 1e-11);
}

#[test]
fn keeps_a_sine_below_the_cutoff() {
    let tone = |rate: f64, len: usize| -> Vec<f64> {
        (0..len).map(|i| (2.0 * std::f64::consts::PI * 1000.0 * i as f64 / rate).sin()).collect()
    };
    let o = options(44_100, 16_000, Method::Kaiser);
    let ours = Resampler::new(&o).expect("a plan").process(&tone(44_100.0, 44_100));
    assert!(farthest(&ours[100..15_900], &tone(16_000.0, 16_000)[100..15_900]) < 2e-3);
}

#[test]
fn bessel_agrees_with_known_values() {
    for (x, value) in [
        (0.0, 1.0),
        (1.0, 1.2660658777520084),
        (14.769656459379492, 271_903.640_681_456_6),
        (40.0, 1.489_477_479_341_99e16),
    ] {
        assert!((bessel::bessel_i0(x) / value - 1.0).abs() < 1e-9, "{x}");
        assert!((f64::from(bessel::bessel_i0_f32(x as f32)) / value - 1.0).abs() < 1e-6, "{x}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn equals_the_naive_sum(orig in 1u32..60, new in 1u32..60, len in 0usize..400, kaiser: bool) {
        let o = options(orig, new, if kaiser { Method::Kaiser } else { Method::Hann });
        let x = noise(len);
        let ours = Resampler::new(&o).unwrap().process(&x);
        // Kaiser's norm is float32 in torchaudio and here, not in `naive`.
        let limit = if kaiser { 1e-6 } else { 1e-11 };
        prop_assert!(farthest(&ours, &naive(&o, &x)) < limit);
    }

    #[test]
    fn streams_the_very_same_samples(
        orig in 1u32..500, new in 1u32..500, width in 1u32..20, cuts in prop::collection::vec(0usize..700, 0..12),
    ) {
        let mut o = options(orig, new, Method::Hann);
        o.lowpass_filter_width = width;
        let x: Vec<f32> = noise(cuts.iter().sum()).into_iter().map(|v| v as f32).collect();
        let whole = Resampler::new(&o).unwrap().process(&x);
        let mut online = OnlineResampler::new(&o).unwrap();
        for _ in 0..2 {
            let (mut pieces, mut rest) = (Vec::new(), &x[..]);
            for &cut in &cuts {
                let (block, after) = rest.split_at(cut);
                rest = after;
                pieces.extend(online.accept(block));
            }
            pieces.extend(online.flush());
            prop_assert_eq!(pieces.len(), whole.len());
            prop_assert!(pieces.iter().zip(&whole).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }

    #[test]
    fn is_linear(gain in -4.0f64..4.0) {
        let o = options(3, 2, Method::Hann);
        let plan = Resampler::new(&o).unwrap();
        let x = noise(200);
        let scaled: Vec<f64> = x.iter().map(|v| v * gain).collect();
        let expected: Vec<f64> = plan.process(&x).iter().map(|v| v * gain).collect();
        prop_assert!(farthest(&plan.process(&scaled), &expected) < 1e-13);
    }
}
