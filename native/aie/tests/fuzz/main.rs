//! Hostile files for inspection: files that are right, changed at random with a fixed seed.
//!
//! Whatever the bytes, inspection ends with a report or an error: it does not panic, and takes no more memory than the file has bytes,
//! plus a constant. `scripts/fuzz` runs many more inputs than a test does and prints the figures.

#[path = "../../../codec/tests/fuzz/change.rs"]
mod change;
#[path = "../../../codec/tests/fuzz/measure.rs"]
mod measure;
#[path = "../samples/mod.rs"]
mod samples;

use std::panic::{AssertUnwindSafe, catch_unwind};

use change::Random;
use dsp_aie::inspect::{inspect, report};
use measure::{Cost, measure};

/// What may be taken beyond the file's size: the stack of the XML's open tags, and an error's text.
const CONSTANT: usize = 16 << 10;

/// Makes a stated length or checksums right again, so that changes behind them are reached.
fn repair(name: &str, bytes: &mut [u8]) {
    let length = bytes.len();
    match name {
        "xclbin" if length >= 312 => bytes[304..312].copy_from_slice(&(length as u64).to_le_bytes()),
        "TXN" if length >= 16 => bytes[12..16].copy_from_slice(&(length as u32).to_le_bytes()),
        "PDI" => {
            for (at, size) in [(16, 128), (144, 64), (208, 128), (336, 20)] {
                let Some(header) = bytes.get_mut(at..at + size) else { return };
                let (words, sum) = header.split_at_mut(size - 4);
                let word = |word: &[u8]| u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
                let total = words.chunks(4).fold(0u32, |total, bytes| total.wrapping_add(word(bytes)));
                sum.copy_from_slice(&(!total).to_le_bytes());
            }
        }
        _ => {}
    }
}

/// Runs one kind for `DSP_FUZZ_INPUTS` inputs, 2,000 where that is not set.
fn fuzz(name: &str, seed: Vec<u8>, magic: usize) {
    let inputs = std::env::var("DSP_FUZZ_INPUTS").map_or(2000, |count| count.parse().expect("a number of inputs"));
    let seeds = [seed];
    let mut random = Random::new(name);
    let (mut worst, mut sound) = (Cost::default(), 0u64);
    let mut beyond = 0;
    for i in 0..inputs {
        let mut bytes = change::change(&mut random, &seeds, magic);
        if random.below(4) != 0 {
            repair(name, &mut bytes);
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let (found, cost) = measure(|| inspect(&bytes));
            let text = found.as_ref().map_or(0, |file| report(file).len());
            (found.is_ok(), cost, text)
        }));
        match result {
            Ok((is_sound, cost, text))
                if cost.memory <= bytes.len() + CONSTANT
                    && cost.seconds < 1.0
                    && text <= 32 * bytes.len() + CONSTANT =>
            {
                sound += u64::from(is_sound);
                worst = worst.max(cost);
                beyond = beyond.max(cost.memory.saturating_sub(bytes.len()));
            }
            other => {
                let path = std::env::temp_dir().join(format!("dsp-fuzz-{name}-{i}"));
                std::fs::write(&path, &bytes).expect("a place for the input");
                let cost =
                    other.map_or_else(|_| "a panic".to_owned(), |(_, cost, text)| format!("{cost:?}, text {text}"));
                panic!("{name}, input {i} ({}) of {} bytes: {cost}", path.display(), bytes.len());
            }
        }
    }
    let share = 100.0 * sound as f64 / f64::from(inputs);
    println!(
        "| {name} | {inputs} | {share:.0} % | {} bytes | {beyond} bytes | {:.2} ms |",
        worst.memory,
        worst.seconds * 1e3
    );
    assert!(sound > 0, "no input of {name} was sound");
}

#[test]
fn xclbin() {
    fuzz("xclbin", samples::xclbin(), 8);
}

#[test]
fn transaction() {
    fuzz("TXN", samples::transaction(), 8);
}

#[test]
fn pdi() {
    fuzz("PDI", samples::pdi(), 16);
}
