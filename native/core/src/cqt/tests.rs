use super::*;

fn options(n_bins: usize) -> CqtOptions {
    let filters = FilterOptions::standard(22050.0, 512, 110.0, 12);
    CqtOptions {
        filters,
        n_bins: Some(n_bins),
        tuning: Some(0.0),
        pad_mode: PadMode::Constant,
        librosa: Librosa::V0_11,
        res_type: ResType::SoxrHq,
    }
}

/// The same with other filters.
fn filtered(n_bins: usize, change: impl Fn(&mut FilterOptions)) -> CqtOptions {
    let mut options = options(n_bins);
    change(&mut options.filters);
    options
}

fn pseudo(options: CqtOptions) -> PseudoCqtOptions {
    let CqtOptions { filters, n_bins, tuning, pad_mode, librosa, .. } = options;
    PseudoCqtOptions { filters, n_bins, tuning, pad_mode, librosa }
}

fn inverse(options: CqtOptions, length: Option<usize>) -> IcqtOptions {
    IcqtOptions { filters: options.filters, tuning: 0.0, res_type: options.res_type, length }
}

fn tone(bin: usize, n: usize) -> Vec<f64> {
    let frequency = 110.0 * (bin as f64 / 12.0).exp2();
    (0..n).map(|i| (2.0 * std::f64::consts::PI * frequency * i as f64 / 22050.0).sin()).collect()
}

#[test]
fn a_tone_sounds_in_its_own_bin_in_every_transform() {
    for bin in [0, 7, 12, 30, 47] {
        let y = tone(bin, 20000);
        let loudest = |magnitudes: &[f64]| {
            let frames = magnitudes.len() / 48;
            (0..48).max_by(|&a, &b| magnitudes[a * frames + frames / 2].total_cmp(&magnitudes[b * frames + frames / 2]))
        };
        let full = cqt(&y, y.len(), &options(48), false).unwrap();
        let magnitudes: Vec<f64> = full.chunks_exact(2).map(|z| z[0].hypot(z[1])).collect();
        assert_eq!(loudest(&magnitudes), Some(bin));
        assert_eq!(loudest(&pseudo_cqt(&y, y.len(), &pseudo(options(48)), false).unwrap()), Some(bin));
        assert_eq!(loudest(&hybrid_cqt(&y, y.len(), &options(48), false).unwrap()), Some(bin));
    }
}

#[test]
fn threads_and_channels_change_no_bit() {
    let mut y = tone(3, 30000);
    y.extend(tone(20, 30000));
    for n_bins in [1, 13, 48] {
        let options = options(n_bins);
        let both = cqt(&y, 30000, &options, true).unwrap();
        let alone: Vec<f64> = y.chunks_exact(30000).flat_map(|y| cqt(y, 30000, &options, false).unwrap()).collect();
        assert_eq!(both, alone);
        let single: Vec<f32> = y.iter().map(|&x| x as f32).collect();
        let rounded = cqt(&single, 30000, &options, false).unwrap();
        let peak = both.iter().fold(0f64, |peak, v| peak.max(v.abs()));
        let error = rounded.iter().zip(&both).fold(0f64, |error, (a, b)| error.max((f64::from(*a) - b).abs()));
        assert!(error < 2e-6 * peak, "{n_bins}: {error} of {peak}");
        assert_eq!(hybrid_cqt(&y, 30000, &options, true).unwrap(), hybrid_cqt(&y, 30000, &options, false).unwrap());
    }
}

#[test]
fn the_inverse_gives_most_of_the_signal_back() {
    let y = tone(20, 40000);
    let options = filtered(120, |filters| (filters.hop_length, filters.bins_per_octave) = (128, 24));
    let c = cqt(&y, y.len(), &options, false).unwrap();
    let frames = c.len() / 240;
    let back = icqt(&c, 120, frames, &inverse(options, Some(y.len())), Librosa::V0_11, false).unwrap();
    assert_eq!(back.len(), y.len());
    let (mut error, mut energy) = (0.0, 0.0);
    for i in 8000..32000 {
        error += (back[i] - y[i]).powi(2);
        energy += y[i] * y[i];
    }
    assert!(error < 0.01 * energy, "{}", error / energy);
    assert_eq!(icqt(&c, 120, frames, &inverse(options, None), Librosa::V0_11, true).unwrap().len(), (frames - 1) * 128);
}

#[test]
fn short_signals_and_odd_hops() {
    for n in [2, 5, 100, 511, 512, 513] {
        for hop_length in [1, 7, 96, 512, 1000] {
            for mode in [PadMode::Constant, PadMode::Edge, PadMode::Reflect, PadMode::Symmetric] {
                let y = tone(1, n);
                let given = CqtOptions { pad_mode: mode, ..filtered(48, |filters| filters.hop_length = hop_length) };
                let c = cqt(&y, n, &given, false).unwrap();
                assert_eq!(c.len() % 96, 0);
                assert!(!c.is_empty() && c.iter().all(|v| v.is_finite()));
            }
        }
    }
}

#[test]
fn rejects_invalid_input() {
    let y = tone(1, 4000);
    let argument = |options: CqtOptions| cqt(&y, y.len(), &options, false).unwrap_err().argument;
    assert_eq!(argument(options(0)), "nBins");
    assert_eq!(argument(options(96)), "nBins");
    assert_eq!(argument(filtered(12, |filters| filters.hop_length = 0)), "hopLength");
    assert_eq!(argument(filtered(12, |filters| filters.fmin = 0.0)), "fmin");
    assert_eq!(argument(filtered(12, |filters| filters.fmin = -1.0)), "fmin");
    assert_eq!(argument(filtered(12, |filters| filters.bins_per_octave = 0)), "binsPerOctave");
    assert_eq!(argument(filtered(12, |filters| filters.sparsity = 1.0)), "sparsity");
    assert_eq!(argument(CqtOptions { tuning: Some(f64::NAN), ..options(12) }), "tuning");
    assert_eq!(argument(filtered(12, |filters| filters.filter_scale = 0.0)), "filterScale");
    let ratios = Intervals::Ratios(vec![1.0, f64::NAN]);
    let uneven = VqtOptions { intervals: ratios, ..(&options(12)).into() };
    assert_eq!(vqt(&y, y.len(), &uneven, false).unwrap_err().argument, "intervals");
    // Halved once before anything else: one sample is too few, as librosa says, too.
    assert_eq!(cqt(&[0.5], 1, &options(48), false).unwrap_err().argument, "y");
    assert!(cqt(&[0.5], 1, &filtered(48, |filters| filters.hop_length = 8), false).is_ok());
    assert_eq!(cqt::<f64>(&[], 0, &options(12), false).unwrap_err().argument, "y");
    assert_eq!(cqt(&[f32::INFINITY], 1, &options(12), false).unwrap_err().code, "ERR_DSP_NOT_FINITE");
}

#[test]
fn hostile_sizes_are_refused_before_memory_is_taken() {
    let y = tone(1, 4000);
    for hop_length in [(1 << 20) + 1, 1 << 31, 1 << 62] {
        let far = filtered(12, |filters| filters.hop_length = hop_length);
        assert_eq!(pseudo_cqt(&y, y.len(), &pseudo(far), false).unwrap_err().argument, "hopLength");
    }
    let argument = |options, length| {
        icqt(&[0.0; 12 * 2 * 2], 12, 2, &inverse(options, length), Librosa::V0_11, false).unwrap_err().argument
    };
    for size in [1 << 31, 1 << 62] {
        assert_eq!(argument(filtered(12, |filters| filters.hop_length = size), None), "hopLength");
        assert_eq!(argument(options(12), Some(size)), "length");
    }
}

/// By librosa 1.0, whose numbers of filters these are (`cqt(y, sr=22050, n_bins=None, …).shape`).
#[test]
fn as_many_filters_as_fit() {
    let count = |fmin, bins_per_octave, window| {
        let options = filtered(1, |filters| {
            (filters.fmin, filters.bins_per_octave, filters.window) = (fmin, bins_per_octave, window);
        });
        VqtOptions::from(&CqtOptions { n_bins: None, ..options }).count_bins()
    };
    let counts = [
        (C1, 12, Window::Hann, 101),
        (C1, 36, Window::Hann, 302),
        (440.0, 24, Window::Hamming, 111),
        (5000.0, 12, Window::Hann, 13),
        (100.0, 1, Window::Hann, 7),
        (100.0, 7, Window::Rectangular, 48),
    ];
    for (fmin, bins_per_octave, window, bins) in counts {
        assert_eq!(count(fmin, bins_per_octave, window), Ok(bins), "{fmin} {bins_per_octave}");
    }
    assert_eq!(count(11_025.0, 12, Window::Hann).unwrap_err().argument, "fmin");
    assert_eq!(count(11_000.0, 12, Window::Hann).unwrap_err().argument, "fmin");
    assert_eq!(count(f64::NAN, 12, Window::Hann).unwrap_err().argument, "fmin");
}

/// 72 filters of which librosa keeps 1,295 entries in double precision (scipy 1.13), and one more of filter 26 in single.
#[test]
fn the_precision_of_the_filters_transform_decides_what_is_kept() {
    for (librosa, kept) in [(Librosa::V0_10, [13, 1295]), (Librosa::V0_11, [14, 1296])] {
        let mut options = VqtOptions::from(&CqtOptions { librosa, ..options(72) });
        options.filters.bins_per_octave = 36;
        options.filters.filter_scale = 0.7;
        options.filters.norm = Norm::P(2.0);
        let freqs = Intervals::Equal.frequencies(72, C1 * (0.21f64 / 36.0).exp2(), 36).unwrap();
        let wavelets = options.wavelets(22050.0);
        let (lengths, _) = wavelets.lengths(&freqs, Some(&options.alpha(&freqs).unwrap())).unwrap();
        let (n_fft, entries) = basis::entries(&options, &wavelets, &freqs, &lengths, 1).unwrap();
        assert_eq!(n_fft, 32768);
        assert_eq!([entries[26].len(), entries.iter().map(Vec::len).sum()], kept);
    }
}
