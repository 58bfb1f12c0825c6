//! Every size and every instruction set against a transform by the definition.

use super::*;
use crate::fft::naive;

/// Frames of noise, the same on every machine.
fn noise<T: Real>(length: usize, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            T::of((state >> 11) as f64 / (1u64 << 52) as f64 - 1.0)
        })
        .collect()
}

fn sizes() -> impl Iterator<Item = usize> {
    (2..=1000).chain([1024, 1200, 2048, 2400, 4096, 6000, 8192]).filter(|&n| supports(n))
}

fn error<T: Real>(got: &[T], want: &[f64]) -> f64 {
    let distance: f64 = got.iter().zip(want).map(|(a, b)| (a.to_f64() - b).powi(2)).sum();
    (distance / want.iter().map(|b| b * b).sum::<f64>()).sqrt()
}

fn check_real<T: Real>(tolerance: f64) {
    for n in sizes() {
        let frames: Vec<T> = noise(n * T::LANES, n as u64);
        let mut rows = LaneBuffer::new(n);
        gather(&frames, n, T::LANES, n, &mut rows);
        let tested = [0, T::LANES - 1];
        let wanted = tested.map(|l| {
            let frame: Vec<f64> = frames[l * n..][..n].iter().map(|x| x.to_f64()).collect();
            naive::rfft(&frame)
        });
        for level in Level::available() {
            let mut plan = LanesRfft::<T>::with_level(n, level).unwrap();
            let (mut spectrum, mut power) = (LaneBuffer::new(n + 2), LaneBuffer::new(n / 2 + 1));
            plan.forward(&rows, &mut spectrum);
            plan.power(&rows, &mut power);
            let mut part = LaneBuffer::new(n + 2);
            plan.forward_part(&rows, n / 4..n / 4 + n / 5 + 1, &mut part);
            let some = 2 * (n / 4) * T::LANES..2 * (n / 4 + n / 5 + 1) * T::LANES;
            assert!(part[some.clone()] == spectrum[some], "n {n} {level:?}");
            let mut spectra = vec![T::zero(); (n + 2) * T::LANES];
            scatter(&spectrum, &mut spectra, n + 2, T::LANES, n + 2);
            for (&l, want) in tested.iter().zip(&wanted) {
                let got = &spectra[l * (n + 2)..][..n + 2];
                assert!(error(got, want) < tolerance, "n {n} {level:?} lane {l}: {:e}", error(got, want));
                for k in 0..=n / 2 {
                    let (re, im) = (got[2 * k].to_f64(), got[2 * k + 1].to_f64());
                    let got = power[k * T::LANES + l].to_f64();
                    assert!((got - (re * re + im * im)).abs() <= tolerance * (got + 1e-300), "n {n} bin {k}");
                }
            }
            let mut back = LaneBuffer::new(n);
            plan.inverse(&spectrum, &mut back);
            let want: Vec<f64> = rows.iter().map(|x| x.to_f64()).collect();
            assert!(error(&back, &want) < tolerance, "inverse {n} {level:?}: {:e}", error(&back, &want));
        }
    }
}

#[test]
fn real_f32() {
    check_real::<f32>(1e-6);
}

#[test]
fn real_f64() {
    check_real::<f64>(2e-15);
}

#[test]
fn complex_both_ways() {
    for n in (1..=400).filter(|&n| Tables::<f64>::new(n).is_some()) {
        let frames: Vec<f64> = noise(2 * n * 8, n as u64);
        let mut rows = LaneBuffer::new(2 * n);
        gather(&frames, 2 * n, 8, 2 * n, &mut rows);
        let want = naive::fft(&frames[6 * n..][..2 * n], false);
        for level in Level::available() {
            let mut plan = LanesFft::<f64>::with_level(n, level).unwrap();
            let (mut spectrum, mut back) = (LaneBuffer::new(2 * n), LaneBuffer::new(2 * n));
            plan.process(false, &rows, &mut spectrum);
            let got: Vec<f64> = (0..2 * n).map(|i| spectrum[i * 8 + 3]).collect();
            assert!(error(&got, &want) < 2e-15, "n {n} {level:?}");
            plan.process(true, &spectrum, &mut back);
            let want: Vec<f64> = rows.iter().map(|x| x * n as f64).collect();
            assert!(error(&back, &want) < 2e-15, "inverse {n} {level:?}");
        }
    }
}

/// A frame alone gives the same bits as among others, in whichever lane.
#[test]
fn lanes_do_not_see_each_other() {
    let n = 400;
    let frame: Vec<f32> = noise(n, 7);
    let mut plan = LanesRfft::<f32>::new(n).unwrap();
    let mut rows = LaneBuffer::new(n);
    let mut alone = LaneBuffer::new(n + 2);
    gather(&frame, n, 1, n, &mut rows);
    plan.forward(&rows, &mut alone);
    let many: Vec<f32> = (0..16).flat_map(|l| if l == 11 { frame.clone() } else { vec![f32::NAN; n] }).collect();
    let mut among = LaneBuffer::new(n + 2);
    gather(&many, n, 16, n, &mut rows);
    plan.forward(&rows, &mut among);
    for row in 0..n + 2 {
        assert_eq!(alone[row * 16].to_bits(), among[row * 16 + 11].to_bits());
    }
}

#[test]
fn gather_and_scatter_of_any_shape() {
    for n in [0, 1, 3, 8, 15, 16, 17, 40] {
        for count in 0..=16 {
            for stride in [n, n + 3] {
                let source: Vec<f32> = noise(count * stride + n, 3);
                let mut rows = LaneBuffer::new(n);
                gather(&source, stride, count, n, &mut rows);
                for i in 0..n {
                    for l in 0..16 {
                        let want = if l < count { source[l * stride + i] } else { 0.0 };
                        assert_eq!(rows[i * 16 + l], want);
                    }
                }
                let mut target = vec![0.0; source.len()];
                scatter(&rows, &mut target, stride, count, n);
                for l in 0..count {
                    assert_eq!(target[l * stride..][..n], source[l * stride..][..n]);
                }
            }
        }
    }
}

#[test]
fn refuses_what_it_cannot_do() {
    for n in [0, 1, 3, 14, 1 << 18] {
        assert!(LanesRfft::<f32>::new(n).is_err());
    }
    assert!(LanesFft::<f32>::new(0).is_err());
    assert!(LanesFft::<f32>::new(7).is_err());
}
