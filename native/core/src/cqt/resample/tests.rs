use super::*;

fn decimate<T: Real>(x: &[T], factor: usize, gain: f64, res_type: ResType, threads: bool) -> Result<Vec<T>> {
    Decimation::new(factor, gain, res_type).run(x, threads)
}

/// The definition: a sum for every output.
fn naive(x: &[f64], factor: usize, taps: &[f64], count: usize) -> Vec<f64> {
    let half = taps.len() as i64 / 2;
    let at = |i: i64| if i < 0 { 0.0 } else { x.get(i as usize).copied().unwrap_or(0.0) };
    (0..count as i64)
        .map(|m| (-half..=half).map(|k| taps[(k + half) as usize] * at(m * factor as i64 + k)).sum())
        .collect()
}

#[test]
fn decimation_is_the_sum_at_any_length() {
    for (factor, res_type) in [(2, ResType::SoxrHq), (4, ResType::Polyphase), (16, ResType::Polyphase)] {
        let stages = res_type.stages(factor);
        for n in [1, 2, 3, 5, 100, 391, 4097, 5000] {
            let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.7).sin() + (f64::from(i) * 0.11).cos()).collect();
            let got = decimate(&x, factor, 1.0, res_type, false).unwrap();
            let want = naive(&x, factor, &stages[0].1, got.len());
            assert_eq!(got.len(), x.len().div_ceil(factor));
            assert!(want.iter().zip(&got).all(|(a, b)| (a - b).abs() < 1e-13), "{factor} {n}");
            assert_eq!(got, decimate(&x, factor, 1.0, res_type, true).unwrap());
        }
    }
}

#[test]
fn blocks_are_the_sums() {
    let x: Vec<f64> =
        (0..LONG as i32 + 777).map(|i| (f64::from(i) * 0.7).sin() + (f64::from(i) * 1e-4).cos()).collect();
    for res_type in [ResType::SoxrHq, ResType::SoxrVhq] {
        let got = decimate(&x, 2, 1.5, res_type, false).unwrap();
        let want = naive(&x, 2, &res_type.stages(2)[0].1, got.len());
        assert!(want.iter().zip(&got).all(|(a, b)| (1.5 * a - b).abs() < 1e-12));
        assert_eq!(got, decimate(&x, 2, 1.5, res_type, true).unwrap());
        let single: Vec<f32> = x.iter().map(|&x| x as f32).collect();
        let rounded = decimate(&single, 2, 1.5, res_type, false).unwrap();
        assert!(rounded.iter().zip(&got).all(|(a, b)| (f64::from(*a) - b).abs() < 1e-6));
    }
}

#[test]
fn several_stages_pass_what_is_slow() {
    for factor in [4, 8, 32] {
        let x: Vec<f64> = (0..20000).map(|i| (f64::from(i) * 0.3 / f64::from(factor)).sin()).collect();
        let factor = factor as usize;
        for threads in [false, true] {
            let low = decimate(&x, factor, 1.0, ResType::SoxrHq, threads).unwrap();
            let inner = 250..low.len() - 250;
            assert!(inner.clone().all(|i| (low[i] - x[i * factor]).abs() < 1e-5), "{factor}");
            let back = interpolate(&low, factor, ResType::SoxrHq, threads).unwrap();
            assert!((250 * factor..x.len() - 250 * factor).all(|i| (back[i] - x[i]).abs() < 2e-5), "{factor}");
        }
        // Soxr's number of samples is rounded; librosa's is not.
        let short = decimate(&x[..factor + 1], factor, 1.0, ResType::SoxrHq, false).unwrap();
        assert_eq!((short.len(), short[1]), (2, 0.0));
    }
}

/// Samples of the answers of soxr 0.1.3 in double precision, beginnings and ends among them.
#[test]
fn rates_change_as_soxr_changes_them() {
    let lowered = [
        (2, [3.1229082375e-1, 3.2301196836e-1, -1.0940861591e-1, 1.0675309150e-1, 1.6333063319e-1, 1.5397945842e-1]),
        (4, [2.4473601440e-1, 7.3940558824e-2, -3.4493556618e-2, -8.0012051494e-2, -2.1852752740e-2, 1.1195395342e-1]),
        (8, [1.4087412404e-1, 1.6624397229e-2, -9.2839516013e-3, -9.5468212168e-2, -1.2562917544e-2, 3.1086026536e-2]),
        (16, [7.3587549895e-2, 4.7087472486e-3, -3.2658286243e-3, -5.6818125935e-2, -3.7662530681e-3, 7.7574063051e-3]),
        (64, [1.8740063595e-2, 7.7761409471e-4, -6.8842494400e-4, -1.4992460540e-2, -3.3627995952e-4, 5.8628335282e-4]),
    ];
    for (factor, want) in lowered {
        let mut x = vec![0.0; 40 * factor];
        (x[1], x[20 * factor + 3], x[40 * factor - 3]) = (1.0, -1.0, 0.5);
        let got = decimate(&x, factor, 1.0, ResType::SoxrVhq, false).unwrap();
        let error = [0, 1, 2, 20, 38, 39].iter().zip(want).map(|(&i, want)| f64::abs(got[i] - want));
        assert!(error.fold(0.0, f64::max) < 1e-7, "{factor} {got:?}");
    }
    let raised = [
        (2, [9.3177893110e-1, 6.2578847693e-1, -1.9357613645e-1, -6.2508604705e-1, -1.3329275230e-1, 3.1613447266e-1]),
        (4, [9.3178091681e-1, 8.4546215185e-1, -1.1899879908e-1, -6.2508668916e-1, -7.2201799769e-2, 1.3815636573e-1]),
        (8, [9.2131836820e-1, 9.9450192764e-1, -2.2768004912e-2, -6.2507375311e-1, -1.7272716179e-2, 5.5285518237e-2]),
        (32, [9.2655989116e-1, 9.8727204523e-1, 4.0802498699e-2, -6.2507435023e-1, 2.9971728018e-2, 1.2604043341e-3]),
    ];
    let mut x = [0.0; 20];
    (x[0], x[11], x[19]) = (1.0, -1.0, 0.5);
    for (factor, want) in raised {
        let got = interpolate(&x, factor, ResType::SoxrVhq, false).unwrap();
        let at = [0, 1, factor + 1, 10 * factor + factor / 2, 13 * factor + 1, 20 * factor - 1];
        let error = at.iter().zip(want).map(|(&i, want)| f64::abs(got[i] - want));
        assert!(error.fold(0.0, f64::max) < 1e-9, "{factor} {:?}", at.map(|i| got[i]));
    }
    let quick = interpolate(&x[8..14], 4, ResType::SoxrQq, false).unwrap();
    let cubic = [0.0, 0.0390625, 0.0625, 0.0546875, 0.0, -0.2734375, -0.5625, -0.8203125, -1.0, -0.8203125];
    assert_eq!(quick[4..14], cubic);
    assert_eq!(decimate(&x, 4, 2.0, ResType::SoxrQq, false).unwrap(), [2.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn slow_signals_pass_and_fast_ones_do_not() {
    for res_type in [ResType::SoxrVhq, ResType::SoxrHq, ResType::SoxrMq, ResType::SoxrLq, ResType::Fft] {
        let slow: Vec<f64> = (0..8000).map(|i| (f64::from(i) * 0.3).sin()).collect();
        let half = decimate(&slow, 2, 1.0, res_type, false).unwrap();
        assert!((500..3500).all(|i| (half[i] - slow[2 * i]).abs() < 1e-3), "{res_type:?}");
        let back = interpolate(&half, 2, res_type, false).unwrap();
        assert!((1000..7000).all(|i| (back[i] - slow[i]).abs() < 2e-3), "{res_type:?}");
        let fast: Vec<f64> = (0..8000).map(|i| (f64::from(i) * 2.0).sin()).collect();
        let gone = decimate(&fast, 2, 1.0, res_type, false).unwrap();
        assert!((500..3500).all(|i| gone[i].abs() < 1e-3), "{res_type:?}");
    }
    assert!(ResType::parse("kaiser_best").is_err());
}

#[test]
fn interpolation_is_the_sum() {
    for (factor, res_type) in [(2, ResType::SoxrHq), (4, ResType::Polyphase), (2, ResType::Polyphase)] {
        let taps = &res_type.raising(factor)[0].1;
        let half = taps.len() / 2;
        for n in [1, 2, 30, 700] {
            let x: Vec<f64> = (0..n).map(|i| (f64::from(i) * 0.7).sin()).collect();
            let got = interpolate(&x, factor, res_type, true).unwrap();
            assert_eq!(got.len(), x.len() * factor);
            for (m, got) in got.iter().enumerate() {
                let near = x.iter().enumerate().filter(|(i, _)| (i * factor).abs_diff(m) <= half);
                let sum: f64 = near.map(|(i, x)| x * taps[m + half - i * factor]).sum();
                assert!((got - factor as f64 * sum).abs() < 1e-12, "{factor} {m}");
            }
        }
    }
}
