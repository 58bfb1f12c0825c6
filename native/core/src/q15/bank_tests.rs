use super::*;
use crate::mel::{self, BankOptions, Norm, Precision, Scale, Triangles};

fn widths(bank: &Bank) -> Vec<u16> {
    bank.filters.iter().map(|filter| filter.end - filter.start).collect()
}

fn count(bank: &Bank) -> usize {
    bank.filters.iter().map(|filter| filter.coefficients.len()).sum()
}

fn dead(bank: &Bank) -> Vec<usize> {
    (0..bank.filters.len()).filter(|&i| bank.filters[i].is_dead()).collect()
}

fn accurate(mel_scale: Scale, norm: Norm, n_fft: usize, n_mels: usize) -> AccurateOptions {
    let bank = BankOptions {
        sr: 16_000.0,
        n_fft,
        n_mels,
        fmin: 0.0,
        fmax: 8000.0,
        mel_scale,
        triangles: Triangles::Hertz,
        norm,
        dtype: Precision::Float64,
    };
    AccurateOptions { bank, win_length: 400, spectrum: Spectrum::Power }
}

#[test]
fn classic_is_the_published_bank() {
    let bank = Profile::classic().bank;
    assert_eq!((bank.filters.len(), count(&bank)), (80, 502));
    let widths = widths(&bank);
    assert_eq!((widths.iter().min(), widths.iter().max()), (Some(&1), Some(&16)));
    assert_eq!(widths.iter().map(|&width| f64::from(width)).sum::<f64>() / 80.0, 6.275);
    let overlap: f64 = bank.filters.windows(2).map(|two| f64::from(two[0].end) - f64::from(two[1].start)).sum();
    assert_eq!((overlap / 79.0 * 1e4).round() / 1e4, 3.1266);
    assert_eq!(f64::from(bank.filters[79].end) * 31.25, 7968.75);
    assert_eq!(dead(&bank), [0, 3]);
    assert_eq!(bank.filters.iter().flat_map(|filter| &filter.coefficients).filter(|&&c| c == 0).count(), 79);
    let last = &bank.filters[79];
    assert_eq!((last.start, last.peak, last.end), (239, 247, 255));
    assert_eq!(last.coefficients[..8], [4095, 8191, 12287, 16383, 20479, 24575, 28671, 32767]);
    assert_eq!(last.coefficients[8..], [28671, 24575, 20479, 16383, 12287, 8191, 4095, 0]);
}

#[test]
fn classic_fixed_peaks_where_the_edges_say() {
    let (classic, fixed) = (Profile::classic().bank, Profile::classic_fixed().unwrap().bank);
    assert_eq!(dead(&fixed), []);
    assert_eq!(count(&fixed), 425);
    for (old, new) in classic.filters.iter().zip(&fixed.filters) {
        assert_eq!(new.peak, old.peak);
        assert_eq!(new.coefficients[usize::from(new.peak - new.start)], 32767);
        let left = f64::from(old.peak - old.start);
        for (bin, weight) in new.weights().filter(|&(bin, _)| bin < usize::from(old.peak)) {
            assert!((weight - (bin as f64 - f64::from(old.start)) / left).abs() < 0.5f64.powi(15));
        }
    }
}

#[test]
fn fifteen_bits_hold_every_weight() {
    for (scale, norm) in [(Scale::Htk, Norm::None), (Scale::Slaney, Norm::Slaney), (Scale::Slaney, Norm::P(1.0))] {
        for (n_fft, n_mels) in [(400, 80), (512, 80), (512, 13), (1000, 40), (2048, 128)] {
            let options = accurate(scale, norm, n_fft, n_mels);
            let float = mel::Bank::new(&options.bank).unwrap();
            let bank = Profile::accurate(&options).unwrap().bank;
            for (row, filter) in float.rows.iter().zip(&bank.filters) {
                let largest = row.weights.iter().fold(0.0, |most: f64, &w| most.max(w));
                for (i, &weight) in row.weights.iter().enumerate() {
                    let bin = row.first + i;
                    let ours = filter.weights().find(|&(at, _)| at == bin).map_or(0.0, |(_, w)| w);
                    assert!((ours - weight).abs() <= largest * 0.5f64.powi(14), "bin {bin}: {ours}, {weight}");
                }
                assert!(filter.coefficients.iter().any(|&c| c >= 1 << 14), "{filter:?}");
            }
        }
    }
}

#[test]
fn whisper_is_whispers_own() {
    let bank = Profile::whisper().unwrap().bank;
    let float = mel::whisper_bank(80).unwrap();
    assert_eq!((bank.frame, bank.transform, bank.spectrum), (400, 400, Spectrum::Power));
    for (row, filter) in float.rows.iter().zip(&bank.filters) {
        let sums = (row.weights.iter().sum::<f64>(), filter.weights().map(|(_, w)| w).sum::<f64>());
        assert!((sums.1 / sums.0 - 1.0).abs() < 1e-4, "{sums:?}");
    }
}

#[test]
fn the_fitted_bank_is_complete() {
    let bank = Profile::whisper_512().unwrap().bank;
    assert_eq!((bank.frame, bank.transform, bank.spectrum), (400, 512, Spectrum::Magnitude));
    assert_eq!((bank.filters.len(), dead(&bank)), (80, vec![]));
    for filter in &bank.filters {
        assert_eq!(usize::from(filter.end - filter.start), filter.coefficients.len());
        assert!((filter.start..filter.end).contains(&filter.peak) && filter.end <= 257);
        assert!(filter.coefficients.iter().all(|&c| c >= 0));
    }
}

/// A tone at full scale in the filter of the largest weight is near the upper end of int8, whatever that weight.
#[test]
fn the_range_of_int8_follows_the_largest_weight() {
    let magnitude = AccurateOptions { spectrum: Spectrum::Magnitude, ..accurate(Scale::Slaney, Norm::Slaney, 512, 80) };
    let lowest = [
        (Profile::classic(), 14),
        (Profile::classic_fixed().unwrap(), 14),
        (Profile::whisper().unwrap(), -12),
        (Profile::whisper_512().unwrap(), -13),
        (Profile::accurate(&accurate(Scale::Slaney, Norm::Slaney, 512, 80)).unwrap(), -12),
        (Profile::accurate(&magnitude).unwrap(), -38),
        (Profile::accurate(&accurate(Scale::Htk, Norm::None, 512, 80)).unwrap(), 14),
    ];
    for (profile, tenths) in lowest {
        assert_eq!(profile.bank.lowest_tenths(), tenths, "{:?}", profile.bank.filters[40]);
    }
    assert_eq!(
        (code::lowest_step(14), code::lowest_step(-12), code::lowest_tenths(0.0, true)),
        (550_502, -471_859, 14)
    );
}

#[test]
fn impossible_banks_are_errors() {
    let good = accurate(Scale::Slaney, Norm::Slaney, 512, 80);
    let argument = |options: &AccurateOptions| Profile::accurate(options).unwrap_err().argument;
    assert_eq!(argument(&AccurateOptions { win_length: 513, ..good.clone() }), "winLength");
    assert_eq!(argument(&AccurateOptions { win_length: 0, ..good.clone() }), "winLength");
    let bank = |change: fn(&mut BankOptions)| {
        let mut options = good.clone();
        change(&mut options.bank);
        options
    };
    assert_eq!(argument(&bank(|bank| bank.n_fft = 1 << 20)), "nFft");
    assert_eq!(argument(&bank(|bank| bank.n_mels = 0)), "nMels");
    // Two filters of less than 2 Hz: Slaney's norm makes them higher than 1.
    assert_eq!(argument(&bank(|bank| (bank.n_fft, bank.n_mels, bank.fmax) = (1 << 16, 2, 2.0))), "norm");
    let other = Profile::accurate(&bank(|bank| bank.sr = 22_050.0)).unwrap();
    assert_eq!(other.whisper_scale().unwrap_err().argument, "sr");
}

#[test]
fn codes_of_no_energy_are_whispers_silence() {
    let profile = Profile::whisper().unwrap();
    let scale = profile.whisper_scale().unwrap();
    for (codes, output) in [
        (Codes::Int8(&[0; 160]), Output::Log2Int8),
        (Codes::Int8(&[0; 160]), Output::LinearInt8),
        (Codes::Int16(&[i16::MIN; 160]), Output::Log2Int16),
    ] {
        assert_eq!(scale.features(codes, output, 127.0).unwrap(), vec![-1.5; 160]);
    }
}

#[test]
fn codes_are_mapped_by_their_format() {
    let profile = Profile::whisper().unwrap();
    let scale = profile.whisper_scale().unwrap();
    // 2^15 of magnitude is an energy of 1 in units of full scale; 8 less in log10 is the floor.
    let mut codes = vec![15 * 256i16; 160];
    codes[1] = 13 * 256;
    codes[80] = i16::MIN;
    let features = scale.features(Codes::Int16(&codes), Output::Log2Int16, 1.0).unwrap();
    assert_eq!((features[0], features[1]), (1.0, -1.0));
    assert!((f64::from(features[2]) - (4.0 - 4.0 * 2f64.log10()) / 4.0).abs() < 1e-6);
    let coarse = scale.features(Codes::Int8(&[82; 80]), Output::Log2Int8, 1.0).unwrap();
    let lowest = f64::from(profile.bank.lowest_tenths()) / 10.0;
    assert!((f64::from(coarse[0]) - (2.0 * 2f64.log10() * (82.0 / 6.0 + lowest - 15.0) + 4.0) / 4.0).abs() < 1e-6);
    let linear = scale.features(Codes::Int8(&[64; 80]), Output::LinearInt8, 2.0 * 1024.0 * 32.0).unwrap();
    assert!((f64::from(linear[0]) - (2.0 * 2f64.log10() * (6.0 + 24.0 - 16.0 - 15.0) + 4.0) / 4.0).abs() < 1e-6);
    assert_eq!(scale.features(Codes::Int8(&[1; 81]), Output::Log2Int8, 1.0).unwrap_err().argument, "codes");
    assert_eq!(scale.features(Codes::Int8(&[]), Output::Log2Int8, 1.0).unwrap_err().argument, "codes");
    assert_eq!(scale.features(Codes::Int8(&[1; 80]), Output::Log2Int16, 1.0).unwrap_err().argument, "codes");
}

/// A flat spectrum has a known energy in each of Whisper's filters: every map must find it.
#[test]
fn every_profile_finds_the_level_of_noise() {
    let whispers = mel::whisper_bank(80).unwrap();
    let options = [
        accurate(Scale::Slaney, Norm::Slaney, 512, 80),
        accurate(Scale::Slaney, Norm::Slaney, 1024, 80),
        accurate(Scale::Htk, Norm::None, 512, 80),
        accurate(Scale::Htk, Norm::P(1.0), 512, 40),
        AccurateOptions { spectrum: Spectrum::Magnitude, ..accurate(Scale::Slaney, Norm::Slaney, 512, 80) },
        AccurateOptions { spectrum: Spectrum::Magnitude, ..accurate(Scale::Htk, Norm::Slaney, 512, 64) },
    ];
    let mut profiles: Vec<Profile> = options.iter().map(|options| Profile::accurate(options).unwrap()).collect();
    profiles.extend([Profile::classic(), Profile::classic_fixed().unwrap(), Profile::whisper().unwrap()]);
    for profile in profiles {
        let level = 2f64.powi(18);
        let codes: Vec<i16> = (profile.bank.filters.iter())
            .map(|filter| {
                let power = profile.bank.spectrum == Spectrum::Power;
                let terms = filter.weights().map(|(_, w)| w * if power { level * level } else { level });
                let sum = terms.sum::<f64>().log2() / if power { 2.0 } else { 1.0 };
                if filter.is_dead() { i16::MIN } else { (256.0 * sum).round() as i16 }
            })
            .collect();
        let features = profile.whisper_scale().unwrap().features(Codes::Int16(&codes), Output::Log2Int16, 1.0).unwrap();
        for (m, (value, row)) in features.iter().zip(&whispers.rows).enumerate() {
            let energy = row.weights.iter().sum::<f64>() * (level / 32768.0).powi(2);
            let error = (f64::from(*value) * 4.0 - 4.0 - energy.log10()) * 10.0;
            // Narrow filters hold two bins or three, so that where these lie makes up to 2 dB.
            assert!(
                error.abs() < if m < 40 { 2.0 } else { 0.6 },
                "filter {m}: {error} dB, {:?}",
                profile.bank.transform
            );
        }
    }
}
