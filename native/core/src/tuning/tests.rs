use super::*;

fn tone(frequency: f64, sr: f64, n: usize) -> Vec<f64> {
    (0..n).map(|i| (2.0 * std::f64::consts::PI * frequency * i as f64 / sr).sin()).collect()
}

#[test]
fn finds_the_detuning_of_a_scale() {
    let sr = 22050.0;
    for cents in [-30, 0, 20, 45] {
        let part = f64::from(cents) / 100.0;
        let mut y = vec![0.0; 44100];
        for note in [0, 4, 7, 12] {
            let tone = tone(440.0 * ((f64::from(note) + part) / 12.0).exp2(), sr, y.len());
            y.iter_mut().zip(tone).for_each(|(sum, x)| *sum += x);
        }
        let options = TuningOptions::standard(sr, 12);
        let got = estimate_tuning(&y, y.len(), &options, false).unwrap();
        assert!((got - part).abs() <= 0.03, "{got} {part}");
        assert_eq!(estimate_tuning(&y, y.len(), &options, true), Ok(got));
        let single: Vec<f32> = y.iter().map(|&x| x as f32).collect();
        assert!((estimate_tuning(&single, y.len(), &options, false).unwrap() - part).abs() <= 0.03);
    }
}

#[test]
fn tracks_a_tone_between_two_bins() {
    let y = tone(1000.0, 22050.0, 22050);
    let options = TuningOptions::standard(22050.0, 12).piptrack;
    let (pitches, magnitudes) = piptrack(&y, y.len(), &options, false).unwrap();
    let frames = pitches.len() / 1025;
    let middle =
        (0..1025).map(|bin| bin * frames + frames / 2).max_by(|&a, &b| magnitudes[a].total_cmp(&magnitudes[b]));
    assert!((pitches[middle.unwrap()] - 1000.0).abs() < 1.0);
    assert_eq!(piptrack(&y, y.len(), &options, true).unwrap(), (pitches, magnitudes));
}

#[test]
fn silence_has_no_tuning() {
    let options = TuningOptions::standard(22050.0, 12);
    assert_eq!(try_estimate_tuning(&[0f32; 5000], 5000, &options, false), Ok(None));
    assert_eq!(pitch_tuning::<f64>(&[], &options.histogram), Ok(None));
    assert_eq!(pitch_tuning(&[0.0, -1.0], &options.histogram), Ok(None));
}

#[test]
fn rejects_invalid_input() {
    let standard = TuningOptions::standard(22050.0, 12);
    let name = |options: TuningOptions| estimate_tuning(&[0.5; 5000], 5000, &options, false).unwrap_err().argument;
    let mut options = standard.clone();
    options.histogram.resolution = 0.0;
    assert_eq!(name(options), "resolution");
    let mut options = standard.clone();
    options.histogram.bins_per_octave = 0;
    assert_eq!(name(options), "binsPerOctave");
    let mut options = standard.clone();
    options.piptrack.sr = 0.0;
    assert_eq!(name(options), "sr");
    let mut options = standard.clone();
    options.piptrack.frames.hop_length = 0;
    assert_eq!(name(options), "hopLength");
    let mut options = standard.clone();
    options.piptrack.frames.center = false;
    options.piptrack.frames.n_fft = 8192;
    assert_eq!(name(options), "nFft");
    assert!(estimate_tuning(&[f64::NAN], 1, &standard, false).is_err());
    assert!(estimate_tuning::<f64>(&[], 0, &standard, false).is_err());
}

/// As librosa: zeros, from a signal and from its magnitudes.
#[test]
fn an_empty_range_of_frequencies_has_no_peaks() {
    let y = tone(1000.0, 22050.0, 9000);
    let s = vec![1.0; 1025 * 3];
    for (fmin, fmax) in [(150.0, 100.0), (12000.0, 4000.0), (12000.0, 20000.0), (0.0, 0.0), (1e9, -5.0), (-3.0, -5.0)] {
        let mut options = TuningOptions::standard(22050.0, 12);
        (options.piptrack.fmin, options.piptrack.fmax) = (fmin, fmax);
        let (pitches, magnitudes) = piptrack(&y, y.len(), &options.piptrack, false).unwrap();
        assert!(!pitches.is_empty() && pitches.iter().chain(&magnitudes).all(|x| *x == 0.0), "{fmin} {fmax}");
        let (pitches, magnitudes) = piptrack_from_spectrogram(&s, 1025, 3, &options.piptrack, false).unwrap();
        assert!(!pitches.is_empty() && pitches.iter().chain(&magnitudes).all(|x| *x == 0.0), "{fmin} {fmax}");
        assert_eq!(try_estimate_tuning(&y, y.len(), &options, true), Ok(None));
        assert_eq!(estimate_tuning_from_spectrogram(&s, 1025, 3, &options, true), Ok(None));
    }
}
