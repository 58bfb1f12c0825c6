//! Frames and banks for the tests of the kernel.
#![allow(dead_code, reason = "each test uses a part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dsp_core::q15::{Bank, Filter, Spectrum};

pub const FRAME: usize = 400;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// A frame of a random kind: noise of any level, squares, impulses, sparse extremes, ramps.
    pub fn frame(&mut self) -> Vec<i16> {
        let quiet = self.below(16) as u32;
        let period = 1 + self.below(400) as usize;
        let kind = self.below(8);
        (0..FRAME)
            .map(|i| match kind {
                0..=2 => self.next() as i16 >> quiet,
                3 => extreme((i / period).is_multiple_of(2)) >> quiet,
                4 => {
                    if i.is_multiple_of(period) {
                        self.next() as i16
                    } else {
                        0
                    }
                }
                5 => extreme(self.below(8) != 0) >> quiet,
                6 => (i as i16).wrapping_mul(period as i16 * 5) >> quiet,
                _ => 1 - 2 * self.below(2) as i16,
            })
            .collect()
    }
}

fn extreme(high: bool) -> i16 {
    if high { i16::MAX } else { i16::MIN }
}

/// A bank of random filters over the whole spectrum, some of them empty, some as wide as it.
pub fn random_bank(random: &mut Random, transform: usize, spectrum: Spectrum) -> Bank {
    let bins = transform as u64 / 2 + 1;
    let filters = (0..1 + random.below(100)).map(|_| {
        let start = random.below(bins);
        let width = if random.below(5) == 0 { bins } else { random.below(20) };
        let end = (start + width).min(bins);
        let wide = random.below(15) as u32;
        Filter {
            start: start as u16,
            peak: (start + random.below(end - start + 1)) as u16,
            end: end as u16,
            shift: random.below(32) as u8,
            coefficients: (start..end).map(|_| (random.next() as u16 >> 1 >> wide) as i16).collect(),
        }
    });
    Bank { frame: FRAME, transform, spectrum, filters: filters.collect() }
}

/// Recordings of real speech, up to `count` of each corpus in `shared/data`, which may lie beside the checkout; none otherwise.
pub fn speech(count: usize) -> Option<Vec<Vec<f32>>> {
    let folder = std::env::var_os("DSP_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("SKIPPED: no recordings in {}", folder.display());
        return None;
    }
    let mut corpora: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut recordings = Vec::new();
    let mut files = Vec::new();
    find(&folder, &mut files);
    files.sort();
    for file in files {
        let corpus = file.strip_prefix(&folder).unwrap().components().next().unwrap().as_os_str().into();
        let taken = corpora.entry(corpus).or_default();
        if *taken < count {
            *taken += 1;
            let (_, channels) = dsp_codec::decode(dsp_codec::Source::path(&file).unwrap()).unwrap();
            recordings.push(channels.into_iter().next().unwrap());
        }
    }
    Some(recordings)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|end| end == "flac") {
            files.push(path);
        }
    }
}
