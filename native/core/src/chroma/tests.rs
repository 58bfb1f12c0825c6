use super::*;
use crate::cqt::{C1, CqtOptions, FilterOptions, Intervals, ResType};
use crate::librosa::Librosa;
use crate::norm::Norm;
use crate::stft::{PadMode, StftOptions};
use crate::window::Window;

fn by_cqt() -> ChromaCqtOptions {
    let chroma = CqtChromaOptions {
        sr: 22050.0,
        hop_length: 512,
        fmin: C1,
        tuning: None,
        n_chroma: 12,
        n_octaves: 7,
        window: None,
        cqt_mode: CqtMode::Full,
        librosa: Librosa::default(),
    };
    ChromaCqtOptions { chroma, norm: Norm::Max, threshold: Some(0.0), bins_per_octave: Some(36) }
}

fn by_stft() -> ChromaStftOptions {
    let frames = StftOptions {
        n_fft: 2048,
        hop_length: 512,
        window: Window::Hann.values(2048, true),
        center: true,
        pad_mode: PadMode::Constant,
    };
    ChromaStftOptions {
        sr: 22050.0,
        frames,
        norm: Norm::Max,
        tuning: None,
        bank: BankOptions::standard(),
        filter_norm: FilterNorm(Norm::P(2.0)),
    }
}

/// An A major chord.
fn chord(n: usize) -> Vec<f32> {
    let tones = [440.0f64, 554.365, 659.255, 880.0];
    (0..n)
        .map(|i| tones.map(|f| (2.0 * std::f64::consts::PI * f * i as f64 / 22050.0).sin()).iter().sum::<f64>() as f32)
        .collect()
}

#[test]
fn a_chord_fills_its_classes() {
    let y = chord(44100);
    let cens = CensOptions {
        chroma: by_cqt().chroma,
        bins_per_octave: 36,
        norm: Norm::P(2.0),
        win_len_smooth: Some(5),
        smoothing_window: Window::Hann,
    };
    let mut hybrid = by_cqt();
    hybrid.chroma.cqt_mode = CqtMode::Hybrid;
    let vqt = ChromaVqtOptions {
        intervals: Intervals::Equal,
        sr: 22050.0,
        hop_length: 512,
        fmin: C1,
        norm: Norm::Max,
        threshold: Some(0.0),
        n_octaves: 7,
        bins_per_octave: 12,
        gamma: Some(0.0),
        librosa: Librosa::default(),
    };
    for threads in [false, true] {
        let all = [
            chroma_stft(&y, y.len(), &by_stft(), threads).unwrap(),
            chroma_cqt(&y, y.len(), &by_cqt(), threads).unwrap(),
            chroma_cqt(&y, y.len(), &hybrid, threads).unwrap(),
            chroma_cens(&y, y.len(), &cens, threads).unwrap(),
            chroma_vqt(&y, y.len(), &vqt, threads).unwrap(),
        ];
        for (kind, chroma) in all.iter().enumerate() {
            let frames = chroma.len() / 12;
            let mut classes: Vec<usize> = (0..12).collect();
            let at = |class: usize| chroma[class * frames + frames / 2];
            classes.sort_by(|&a, &b| at(b).total_cmp(&at(a)));
            let mut loudest = classes[..3].to_vec();
            loudest.sort_unstable();
            // Filters a semitone apart let the loudest class into its neighbour.
            assert!(loudest == [1, 4, 9] || (kind == 4 && classes[0] == 9), "kind {kind}: {classes:?}");
        }
    }
}

#[test]
fn folding_a_stored_transform_is_the_same() {
    let y = chord(30000);
    let mut options = by_cqt();
    options.chroma.tuning = Some(0.1);
    let given = CqtOptions {
        filters: FilterOptions::standard(22050.0, 512, C1, 36),
        n_bins: Some(252),
        tuning: Some(0.1),
        pad_mode: PadMode::Constant,
        librosa: Librosa::default(),
        res_type: ResType::SoxrHq,
    };
    let c = crate::cqt::cqt(&y, y.len(), &given, false).unwrap();
    let magnitudes: Vec<f32> = c.chunks_exact(2).map(|z| z[0].hypot(z[1])).collect();
    let stored = chroma_cqt_from_cqt(&magnitudes, 252, magnitudes.len() / 252, &options).unwrap();
    let direct = chroma_cqt(&y, y.len(), &options, false).unwrap();
    assert!(stored.iter().zip(&direct).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn too_many_filters_are_too_many_octaves() {
    let y = [0f32; 6000];
    for n_octaves in [10, 1 << 20, usize::MAX] {
        let mut options = by_cqt();
        options.chroma.n_octaves = n_octaves;
        assert_eq!(chroma_cqt(&y, 6000, &options, false).unwrap_err().argument, "nOctaves");
    }
}

#[test]
fn silence_is_zero() {
    let y = [0f32; 6000];
    for chroma in [
        chroma_stft(&y, 6000, &by_stft(), false).unwrap(),
        chroma_cqt(&y, 6000, &by_cqt(), false).unwrap(),
        tonnetz(&y, 6000, &by_cqt(), false).unwrap(),
    ] {
        assert!(chroma.iter().all(|v| *v == 0.0));
    }
}

#[test]
fn a_stream_has_the_bits_of_the_whole() {
    let y = chord(20000);
    for (center, pad_mode, hop) in
        [(true, PadMode::Constant, 512), (true, PadMode::Edge, 3000), (false, PadMode::Edge, 100)]
    {
        let mut options = by_stft();
        options.tuning = Some(0.05);
        (options.frames.center, options.frames.pad_mode, options.frames.hop_length) = (center, pad_mode, hop);
        let whole = chroma_stft(&y, y.len(), &options, false).unwrap();
        let frames = whole.len() / 12;
        let mut online = OnlineChroma::<f32>::new(&options).unwrap();
        for cut in [1usize, 77, 512, 5000, 20000] {
            let mut columns: Vec<Vec<f32>> = Vec::new();
            let mut add = |(count, part): (usize, Vec<f32>)| {
                columns.extend((0..count).map(|i| part.iter().skip(i).step_by(count).copied().collect::<Vec<_>>()));
            };
            for block in y.chunks(cut) {
                add(online.accept(block).unwrap());
            }
            add(online.flush().unwrap());
            assert_eq!(columns.len(), frames, "{cut} {hop}");
            for (i, column) in columns.iter().enumerate() {
                assert!(column.iter().enumerate().all(|(class, v)| *v == whole[class * frames + i]), "{cut} {i}");
            }
            assert_eq!(online.flush().unwrap().0, 0);
            online.reset();
        }
    }
    assert_eq!(OnlineChroma::<f32>::new(&by_stft()).err().map(|error| error.argument), Some("tuning".into()));
}

/// Powers of 1e25 do not fit into f32: librosa's normalisation refuses what comes of them.
#[test]
fn samples_whose_powers_overflow_are_refused() {
    let y: Vec<f32> = chord(20000).iter().map(|x| 1e25 * x).collect();
    let s = vec![3e38f32; 1025 * 2];
    assert_eq!(chroma_stft(&y, y.len(), &by_stft(), false).unwrap_err().argument, "y");
    let mut online = OnlineChroma::<f32>::new(&ChromaStftOptions { tuning: Some(0.0), ..by_stft() }).unwrap();
    assert_eq!(online.accept(&y).unwrap_err().argument, "block");
    assert_eq!(chroma_stft_from_spectrogram(&s, 1025, 2, &by_stft(), false).unwrap_err().argument, "S");
    let y: Vec<f32> = y.iter().map(|x| 8e12 * x).collect();
    assert_eq!(chroma_cqt(&y, y.len(), &by_cqt(), true).unwrap_err().argument, "y");
    let y: Vec<f64> = y.iter().map(|&x| x.into()).collect();
    assert!(chroma_cqt(&y, y.len(), &by_cqt(), false).unwrap().iter().all(|x| x.is_finite()));
    assert!(chroma_stft(&y, y.len(), &by_stft(), false).unwrap().iter().all(|x| x.is_finite()));
}
