//! The transform against its definition, the inverse against the signal, streams against one call.

use super::*;
use crate::fft::naive;
use crate::window::Window;
use proptest::prelude::*;

fn noise(length: usize, seed: u64) -> Vec<f64> {
    let mut state = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

fn options(n_fft: usize, hop_length: usize, win: usize, center: bool, pad_mode: PadMode) -> StftOptions {
    StftOptions { n_fft, hop_length, window: Window::Hann.values(win, true), center, pad_mode }
}

fn mode() -> impl Strategy<Value = PadMode> {
    prop_oneof![Just(PadMode::Constant), Just(PadMode::Edge), Just(PadMode::Reflect), Just(PadMode::Symmetric)]
}

/// `numpy.pad`, one sample after the other from the inside to the outside.
fn pad(x: &[f64], by: usize, mode: PadMode) -> Vec<f64> {
    let mut out: std::collections::VecDeque<f64> = x.iter().copied().collect();
    for i in 0..by {
        // Distance from the end of what is there, when mirrored; mirrors of mirrors follow by themselves.
        let (front, back) = match mode {
            PadMode::Constant => (0.0, 0.0),
            PadMode::Edge => (x[0], x[x.len() - 1]),
            PadMode::Reflect if x.len() == 1 => (x[0], x[0]),
            PadMode::Reflect => (out[2 * i + 1], out[out.len() - 2 - 2 * i]),
            PadMode::Symmetric => (out[2 * i], out[out.len() - 1 - 2 * i]),
        };
        out.push_front(front);
        out.push_back(back);
    }
    out.into()
}

proptest! {
    #[test]
    fn is_what_the_definition_says(
        length in 1usize..300, n_fft in 1usize..64, hop in 1usize..90, cut in 0usize..64, center: bool, mode in mode(),
    ) {
        let win = 1 + cut % n_fft;
        let y = noise(length, 3);
        let mut plan = Stft::new(&options(n_fft, hop, win, center, mode)).unwrap();
        let frames = plan.frames(length);
        if !center && n_fft > length {
            prop_assert!(plan.check(1, length).is_err());
            return Ok(());
        }
        let padded = if center { pad(&y, n_fft / 2, mode) } else { y.clone() };
        prop_assert_eq!(frames, 1 + (padded.len() - n_fft) / hop);
        let mut out = vec![0.0; 2 * plan.bins() * frames];
        plan.forward(&y, length, &mut out, false).unwrap();
        let mut window = vec![0.0; n_fft];
        window[(n_fft - win) / 2..][..win].copy_from_slice(&Window::Hann.values(win, true));
        for frame in 0..frames {
            let x: Vec<f64> = padded[frame * hop..][..n_fft].iter().zip(&window).map(|(x, w)| x * w).collect();
            let scale = x.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-30);
            for (k, want) in naive::rfft(&x).chunks(2).enumerate() {
                for part in 0..2 {
                    prop_assert!((out[2 * (k * frames + frame) + part] - want[part]).abs() <= 1e-13 * scale);
                }
            }
        }
    }

    /// In f32 and f64, on every path, however the signal is cut.
    #[test]
    fn a_stream_has_the_bits_of_the_whole(
        length in 1usize..2000, n_fft in 1usize..80, hop in 1usize..100, center: bool, mode in mode(),
        cuts in prop::collection::vec(0usize..150, 0..40),
    ) {
        let y: Vec<f32> = noise(length, 9).iter().map(|&x| x as f32).collect();
        let options = options(n_fft, hop, n_fft, center, mode);
        let mut plan = Stft::new(&options).unwrap();
        let frames = plan.frames(length);
        let mut whole = vec![0f32; 2 * plan.bins() * frames];
        if frames > 0 {
            plan.forward(&y, length, &mut whole, false).unwrap();
        }
        let mut online = OnlineStft::new(&options).unwrap();
        for _ in 0..2 {
            let (mut got, mut rest) = (Vec::new(), &y[..]);
            for &cut in &cuts {
                let (block, later) = rest.split_at(cut.min(rest.len()));
                got.push(online.accept(block).unwrap());
                rest = later;
            }
            got.push(online.accept(rest).unwrap());
            got.push(online.flush().unwrap());
            prop_assert_eq!(online.flush().unwrap().0, 0);
            prop_assert!(online.accept(&y).is_err());
            online.reset();
            let mut first = 0;
            for (count, part) in got {
                for k in 0..plan.bins() {
                    prop_assert_eq!(&part[2 * k * count..][..2 * count], &whole[2 * (k * frames + first)..][..2 * count]);
                }
                first += count;
            }
            prop_assert_eq!(first, frames);
        }
    }

    #[test]
    fn the_inverse_gives_the_signal_back(
        channels in 1usize..3, length in 1usize..600, n_fft in 4usize..64, parts in 2usize..5, center: bool, longer in 0usize..9,
    ) {
        let hop = (n_fft / parts).max(1);
        let length = length.max(n_fft);
        let y = noise(length * channels, 4);
        let mut plan = Stft::new(&options(n_fft, hop, n_fft, center, PadMode::Reflect)).unwrap();
        let frames = plan.check(channels, length).unwrap();
        let mut spectra = vec![0.0; channels * 2 * plan.bins() * frames];
        plan.forward(&y, length, &mut spectra, false).unwrap();
        let wanted = length + longer;
        let mut back = vec![0.0; channels * wanted];
        plan.inverse(&spectra, frames, Some(wanted), &mut back, false).unwrap();
        // Samples that some window saw with more than a trace come back; the padding makes that all but the last few.
        let first = if center { 0 } else { hop };
        let last = ((frames - 1) * hop + n_fft).saturating_sub(plan.pad() + hop).min(length);
        for channel in 0..channels {
            for i in first..last {
                let (got, want) = (back[channel * wanted + i], y[channel * length + i]);
                prop_assert!((got - want).abs() < 1e-9, "sample {}: {} {}", i, got, want);
            }
        }
        let natural = plan.inverse_length(frames, None).unwrap();
        prop_assert_eq!(natural, n_fft + hop * (frames - 1) - 2 * plan.pad());
        let mut shorter = vec![0.0; channels * natural];
        plan.inverse(&spectra, frames, None, &mut shorter, false).unwrap();
    }
}

#[test]
fn all_cores_give_the_same_bits() {
    let options = options(400, 160, 400, true, PadMode::Reflect);
    let y = noise(3 * 40_000, 1);
    let mut plan = Stft::new(&options).unwrap();
    let frames = plan.check(3, 40_000).unwrap();
    let mut one = vec![0.0; 3 * 2 * plan.bins() * frames];
    let mut all = one.clone();
    plan.forward(&y, 40_000, &mut one, false).unwrap();
    plan.forward(&y, 40_000, &mut all, true).unwrap();
    assert_eq!(one, all);
    let length = plan.inverse_length(frames, None).unwrap();
    let (mut one_back, mut all_back) = (vec![0.0; 3 * length], vec![0.0; 3 * length]);
    plan.inverse(&one, frames, None, &mut one_back, false).unwrap();
    plan.inverse(&one, frames, None, &mut all_back, true).unwrap();
    assert_eq!(one_back, all_back);
}

#[test]
fn bad_input_names_the_argument() {
    let new = |n_fft, hop_length, window: Vec<f64>| {
        let options = StftOptions { n_fft, hop_length, window, center: true, pad_mode: PadMode::Constant };
        Stft::new(&options).map(|_| ()).unwrap_err().argument
    };
    assert_eq!(new(0, 1, vec![1.0]), "nFft");
    assert_eq!(new(1 << 40, 1, vec![1.0]), "nFft");
    assert_eq!(new(4, 0, vec![1.0]), "hopLength");
    assert_eq!(new(4, 1, vec![1.0; 5]), "winLength");
    assert_eq!(new(4, 1, vec![]), "winLength");
    assert_eq!(new(4, 1, vec![1.0, f64::NAN]), "window");
    let mut plan = Stft::new(&options(8, 2, 8, true, PadMode::Constant)).unwrap();
    assert_eq!(plan.forward(&[f32::NAN; 4], 4, &mut [0.0; 30], false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
    assert_eq!(plan.forward(&[0f32; 4], 4, &mut [0.0; 29], false).unwrap_err().argument, "output");
    assert_eq!(plan.forward::<f32>(&[], 0, &mut [], false).unwrap_err().argument, "y");
    assert_eq!(plan.inverse_length(0, None).unwrap_err().argument, "spectrum");
    assert_eq!(plan.inverse_length(1, Some(1 << 40)).unwrap_err().argument, "length");
    let huge = Stft::new(&options(8, 1 << 40, 8, true, PadMode::Constant)).unwrap();
    assert_eq!(huge.frames(1000), 1);
    assert_eq!(huge.inverse_length(1 << 20, None).unwrap_err().argument, "hopLength");
    let dense = Stft::new(&options(1 << 20, 1, 1, true, PadMode::Constant)).unwrap();
    assert_eq!(dense.check(1, 1 << 20).unwrap_err().argument, "hopLength");
    assert_eq!(PadMode::parse("wrap").unwrap_err().argument, "padMode");
}
