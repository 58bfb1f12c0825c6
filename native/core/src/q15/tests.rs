//! The reference against the same steps in 64-bit floating point, and at its limits. Overflow is checked in tests.

use proptest::prelude::*;

use super::tables::{FRAME, Tables, logarithms, window};
use super::transform::{MAX_PART, scale, shift_to};
use super::{Bank, Filter, Output, Pipeline, Spectrum, code};

/// 80 triangles, equally wide in mel (HTK), as a stand-in for the generator's banks.
fn bank(transform: usize, spectrum: Spectrum) -> Bank {
    let bins = transform / 2;
    let edge = |i: usize| 700.0 * (10f64.powf(2840.02 * i as f64 / 81.0 / 2595.0) - 1.0) / 8000.0 * bins as f64;
    let filters = (0..80).map(|i| {
        let (low, mid, high) = (edge(i), edge(i + 1), edge(i + 2));
        let weight = |k: usize| ((k as f64 - low) / (mid - low)).min((high - k as f64) / (high - mid)).max(0.0);
        let (start, end) = (low.ceil() as usize, (high.ceil() as usize).min(bins + 1));
        let end = end.max(start + 1);
        let coefficients = (start..end).map(|k| (32767.0 * weight(k)).round() as i16).collect();
        let peak = (mid.round() as usize).clamp(start, end);
        Filter { start: start as u16, peak: peak as u16, end: end as u16, shift: (i % 7) as u8, coefficients }
    });
    Bank { frame: FRAME, transform, spectrum, filters: filters.collect() }
}

/// log2 of the filters' magnitudes in float64: the same bank, an exact window and DFT.
fn float_levels(bank: &Bank, frame: &[i16]) -> Vec<f64> {
    let hann = |i: usize| 0.5 - 0.5 * (std::f64::consts::TAU * i as f64 / FRAME as f64).cos();
    let spectrum: Vec<f64> = (0..=bank.transform / 2)
        .map(|k| {
            let (mut re, mut im) = (0.0, 0.0);
            for (i, &x) in frame.iter().enumerate() {
                let theta = std::f64::consts::TAU * (i * k % bank.transform) as f64 / bank.transform as f64;
                let y = f64::from(x) * hann(i);
                re += y * theta.cos();
                im -= y * theta.sin();
            }
            if bank.spectrum == Spectrum::Power { re * re + im * im } else { re.hypot(im) }
        })
        .collect();
    let halves = if bank.spectrum == Spectrum::Power { 0.5 } else { 1.0 };
    let level = |filter: &Filter| {
        let bins = spectrum[usize::from(filter.start)..].iter();
        let sum: f64 = bins.zip(&filter.coefficients).map(|(x, &c)| x * f64::from(c)).sum();
        halves * (sum / 2f64.powi(15 + i32::from(filter.shift))).log2()
    };
    bank.filters.iter().map(level).collect()
}

fn tone(k: f64, amplitude: f64) -> Vec<i16> {
    (0..FRAME).map(|i| (amplitude * (k * i as f64).sin()).round() as i16).collect()
}

fn int16(pipeline: &Pipeline, frames: &[i16]) -> Vec<i16> {
    let mut out = vec![0; frames.len() / FRAME * pipeline.filters() * 2];
    pipeline.run(frames, &mut out).unwrap();
    out.chunks_exact(2).map(|two| i16::from_ne_bytes([two[0], two[1]])).collect()
}

fn int8(pipeline: &Pipeline, frames: &[i16]) -> Vec<u8> {
    let mut out = vec![0; frames.len() / FRAME * pipeline.filters()];
    pipeline.run(frames, &mut out).unwrap();
    out
}

const KINDS: [(usize, Spectrum); 4] =
    [(400, Spectrum::Magnitude), (400, Spectrum::Power), (512, Spectrum::Magnitude), (512, Spectrum::Power)];

/// Frames at the limits of 16 bits: DC, squares of every period, impulses, alternations.
fn extremes() -> Vec<Vec<i16>> {
    let mut frames = vec![vec![0; FRAME], vec![i16::MAX; FRAME], vec![i16::MIN; FRAME], vec![1; FRAME]];
    for period in 1..=FRAME {
        let square = |i: usize| if (i / period).is_multiple_of(2) { i16::MAX } else { i16::MIN };
        frames.push((0..FRAME).map(square).collect());
        frames.push((0..FRAME).map(|i| if i == period - 1 { i16::MIN } else { 0 }).collect());
        frames.push((0..FRAME).map(|i| if i % period == 0 { i16::MAX } else { i16::MIN }).collect());
    }
    frames
}

#[test]
fn silence_has_no_energy_and_an_impulse_at_the_windows_zero_neither() {
    for (transform, spectrum) in KINDS {
        let pipeline = Pipeline::new(&bank(transform, spectrum), Output::Log2Int16).unwrap();
        let mut frames = vec![0; 2 * FRAME];
        frames[FRAME] = i16::MIN;
        assert_eq!(int16(&pipeline, &frames), vec![code::NO_ENERGY; 160]);
        for output in [Output::Log2Int8, Output::LinearInt8] {
            let pipeline = Pipeline::new(&bank(transform, spectrum), output).unwrap();
            assert_eq!(int8(&pipeline, &frames), vec![0; 160]);
        }
    }
}

#[test]
fn nothing_overflows_at_the_limits_of_16_bits() {
    for (transform, spectrum) in KINDS {
        let bank = bank(transform, spectrum);
        let pipeline = Pipeline::new(&bank, Output::Log2Int16).unwrap();
        for (i, frame) in extremes().iter().enumerate() {
            let Some(bins) = pipeline.bins(frame) else { continue };
            let parts = bins.re.iter().zip(&bins.im).zip(&bins.fine).filter(|(_, fine)| !**fine);
            let most = parts.map(|((re, im), _)| i32::from(*re).abs().max(i32::from(*im).abs())).max().unwrap();
            assert!((MAX_PART / 2 - 1..=MAX_PART).contains(&most), "frame {i}: {most}");
            if i % 20 == 0 {
                let levels = int16(&pipeline, frame);
                // A part of a loud bin is within 0.8 of a unit, and magnitudes are rounded: 1.2 in 181 at a 64th of full scale.
                let floor = 7.5 + f64::from(bins.exponent);
                let halves = if spectrum == Spectrum::Power { 0.5 } else { 1.0 };
                for ((level, exact), filter) in levels.iter().zip(float_levels(&bank, frame)).zip(&bank.filters) {
                    let error = (f64::from(*level) / 256.0 - exact).abs();
                    let raw = exact + halves * f64::from(filter.shift);
                    assert!(raw < floor || error < 0.02, "frame {i}: {level} for {exact}");
                }
            }
        }
    }
}

#[test]
fn int8_is_the_level_in_six_steps_an_octave() {
    let bank = bank(512, Spectrum::Magnitude);
    let pipeline = Pipeline::new(&bank, Output::Log2Int8).unwrap();
    let frame = tone(0.3, 9000.0);
    for (code, exact) in int8(&pipeline, &frame).iter().zip(float_levels(&bank, &frame)) {
        if exact > 8.0 {
            assert!(
                (f64::from(*code) - 6.0 * (exact - f64::from(bank.lowest_tenths()) / 10.0)).abs() < 0.6,
                "{code} for {exact}"
            );
        }
    }
}

#[test]
fn linear_is_the_magnitude_times_the_gain() {
    for (transform, spectrum) in KINDS {
        let bank = bank(transform, spectrum);
        for gain in [1, code::FIRST_GAIN, 4064, u16::MAX] {
            let pipeline = Pipeline::new(&bank, Output::LinearInt8).unwrap().with_linear_gain(gain).unwrap();
            for amplitude in [3.0, 300.0, 32767.0] {
                let frame = tone(0.4, amplitude);
                let levels = float_levels(&bank, &frame);
                // What lies 78 dB lower is the noise of 16 bits.
                let floor = levels.iter().copied().fold(f64::MIN, f64::max) - 13.0;
                for (code, exact) in int8(&pipeline, &frame).iter().zip(levels) {
                    if exact < floor {
                        continue;
                    }
                    let wanted = (exact.exp2() * f64::from(gain) / 2f64.powi(24)).min(127.0);
                    assert!((f64::from(*code) - wanted).abs() < 0.6 + 0.01 * wanted, "{code} for {wanted}");
                }
            }
        }
    }
}

#[test]
fn twice_as_loud_is_one_octave_more() {
    // Powers of two change the block exponent only.
    for (transform, spectrum) in KINDS {
        let pipeline = Pipeline::new(&bank(transform, spectrum), Output::Log2Int16).unwrap();
        let frame = tone(0.7, 1000.0);
        let loud: Vec<i16> = frame.iter().map(|x| x * 16).collect();
        for (quiet, loud) in int16(&pipeline, &frame).iter().zip(int16(&pipeline, &loud)) {
            assert!(*quiet == code::NO_ENERGY || loud - quiet == 1024, "{quiet} {loud}");
        }
    }
}

#[test]
fn the_logarithm_is_within_a_16000th_of_an_octave() {
    let table = logarithms();
    let most = (1..200_000u64)
        .chain((1..5000).map(|i| i * 3_298_534_883_001))
        .map(|value| (f64::from(code::log2(value, &table)) / 65536.0 - (value as f64).log2()).abs());
    let most = most.fold(0.0, f64::max);
    assert!(most < 1.0 / 16_000.0, "{most}");
}

#[test]
fn roots_are_rounded_to_the_nearest() {
    for square in (0..70_000).chain((1..30_000u32).map(|i| (i * 35_791).min((1 << 30) - 1))) {
        assert_eq!(code::root(square), f64::from(square).sqrt().round() as u32, "{square}");
    }
}

#[test]
fn banks_that_the_kernel_cannot_run_are_refused() {
    let good = bank(512, Spectrum::Magnitude);
    let wrong = |change: fn(&mut Bank)| {
        let mut bad = good.clone();
        change(&mut bad);
        Pipeline::new(&bad, Output::Log2Int8).unwrap_err().to_string()
    };
    assert_eq!(wrong(|bank| bank.frame = 512), "bank must be a bank for frames of 400 samples, got 512 samples");
    assert!(wrong(|bank| bank.transform = 1024).contains("1024 points"));
    assert!(wrong(|bank| bank.filters.clear()).contains("0 filters"));
    assert!(wrong(|bank| bank.filters = vec![bank.filters[0].clone(); 257]).contains("257 filters"));
    assert!(wrong(|bank| bank.filters[3].start = 300).contains("in filter 3"));
    assert!(wrong(|bank| bank.filters[79].end = 258).contains("in filter 79"));
    assert!(wrong(|bank| _ = bank.filters[5].coefficients.pop()).contains("in filter 5"));
    assert!(wrong(|bank| bank.filters[5].coefficients[0] = -1).contains("-1 in filter 5"));
    assert!(wrong(|bank| bank.filters[5].shift = 32).contains("32 in filter 5"));
}

#[test]
fn frames_and_outputs_that_are_not_whole_are_refused() {
    let pipeline = Pipeline::new(&bank(400, Spectrum::Power), Output::Log2Int8).unwrap();
    for samples in [1, 399, 401, 799] {
        let error = pipeline.run(&vec![0; samples], &mut [0; 80]).unwrap_err();
        assert_eq!(error.to_string(), format!("frames must have whole frames of 400 samples, got {samples} samples"));
    }
    assert!(pipeline.run(&[0; FRAME], &mut [0; 79]).unwrap_err().to_string().contains("80 bytes"));
    pipeline.run(&[], &mut []).unwrap();
}

#[test]
fn tables_hold_the_constants_once() {
    let tables = Tables::new(400);
    assert_eq!((tables.columns, tables.rows, tables.first.len()), (25, 16, 17 * 400));
    assert_eq!(tables.first[..400], [16384; 400]);
    let window = window();
    assert_eq!((window[0], window[100], window[200], window[1]), (0, 16384, 32767, window[399]));
    assert_eq!(shift_to(32768, 32767), 1);
    assert_eq!((scale(3, 1), scale(-3, 1), scale(5, -2)), (2, -1, 20));
}

proptest! {
    #[test]
    fn a_frame_is_the_same_alone_and_among_others(
        frames in prop::collection::vec(any::<i16>(), 3 * FRAME), quiet in 0..15u32
    ) {
        let frames: Vec<i16> = frames.iter().map(|x| x >> quiet).collect();
        for (transform, spectrum) in KINDS {
            let pipeline = Pipeline::new(&bank(transform, spectrum), Output::Log2Int16).unwrap();
            let alone: Vec<i16> = frames.chunks_exact(FRAME).flat_map(|frame| int16(&pipeline, frame)).collect();
            prop_assert_eq!(int16(&pipeline, &frames), alone);
        }
    }
}
