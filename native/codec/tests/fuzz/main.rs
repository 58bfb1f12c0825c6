//! Hostile inputs for every parser: files that are right, changed at random with a fixed seed.
//!
//! Whatever the bytes, decoding ends with samples or an error: it does not panic, takes no memory beyond a few bytes for each of the
//! input's plus a constant, and less than a second of CPU time; probing tells the number of samples that decoding gives, and a
//! pipe gives the same samples as a file. `scripts/fuzz` runs many more inputs than a test does and prints the figures.

mod change;
mod measure;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use change::Random;
use dsp_codec::{Source, decode, probe};
use measure::{Cost, measure};

/// One parser, and what it may take.
struct Target {
    name: &'static str,
    /// Files of `packages/audio/test/golden/files` to start from, by the beginnings of their names.
    files: &'static [&'static str],
    /// More files to start from.
    more: fn() -> Vec<Vec<u8>>,
    /// Bytes at the beginning that mostly stay, so that the format is recognised.
    magic: usize,
    /// Bytes of memory that may be taken for each byte of input, and in any case.
    per_byte: usize,
    constant: usize,
    /// Whether a pipe must give what a file gives.
    is_same_from_a_pipe: bool,
}

/// A byte becomes a float32 sample of four bytes, and vectors grow by doubling.
const UNCOMPRESSED: Target = Target {
    name: "",
    files: &[],
    more: Vec::new,
    magic: 4,
    per_byte: 8,
    constant: 1 << 20,
    is_same_from_a_pipe: true,
};

/// Silence is many samples for a byte.
const COMPRESSED: Target = Target { per_byte: 8 * 70_000, ..UNCOMPRESSED };

const TARGETS: &[Target] = &[
    Target { name: "FLAC", files: &["flac-"], ..COMPRESSED },
    Target { name: "Ogg", files: &["vorbis-"], ..COMPRESSED },
    Target { name: "MP3", files: &["mp3-"], magic: 2, ..COMPRESSED },
    Target { name: "WAV", files: &["wav-", "wavex-", "rf64-"], magic: 12, ..UNCOMPRESSED },
    Target { name: "W64", files: &["w64-"], magic: 16, ..UNCOMPRESSED },
    // A pipe cannot go back to samples that come before their description.
    Target { name: "AIFF", files: &["aiff-"], magic: 12, is_same_from_a_pipe: false, ..UNCOMPRESSED },
    Target { name: "AU", more: au, ..UNCOMPRESSED },
    Target { name: "CAF", more: caf, ..UNCOMPRESSED },
    // Nor can it read channels that are not interleaved.
    Target {
        name: "SPHERE",
        files: &["sphere-", "nist-"],
        more: planes,
        magic: 7,
        is_same_from_a_pipe: false,
        ..UNCOMPRESSED
    },
];

fn au() -> Vec<Vec<u8>> {
    let file = |magic: &[u8], code: u32, order: fn(u32) -> [u8; 4]| {
        let numbers = [32, 240, code, 16_000, 2].map(order).concat();
        [magic, &numbers, b"a note.\0", &(0..240).collect::<Vec<u8>>()].concat()
    };
    vec![file(b".snd", 3, u32::to_be_bytes), file(b"dns.", 4, u32::to_le_bytes), file(b".snd", 1, u32::to_be_bytes)]
}

fn caf() -> Vec<Vec<u8>> {
    let file = |kind: &[u8; 4], flags: u32, width: u32| {
        let words = [flags, 2 * width, 1, 2, 8 * width].map(u32::to_be_bytes).concat();
        let head = [b"caff\0\x01\0\0desc", &32u64.to_be_bytes()[..], &16_000f64.to_be_bytes(), kind, &words].concat();
        let free = [b"free", &10u64.to_be_bytes()[..], &[0; 10]].concat();
        let size = 4 + 40 * u64::from(width);
        let data: Vec<u8> = (0..size as u8).collect();
        [&head[..], &free, b"data", &size.to_be_bytes(), &data, &free].concat()
    };
    vec![file(b"lpcm", 2, 2), file(b"lpcm", 0, 3), file(b"lpcm", 3, 4), file(b"ulaw", 0, 1)]
}

/// A SPHERE file whose channels are not interleaved.
fn planes() -> Vec<Vec<u8>> {
    let mut bytes = b"NIST_1A\n   1024\nchannel_count -i 2\nsample_count -i 50\nsample_rate -i 16000\n".to_vec();
    bytes.extend(b"sample_n_bytes -i 2\nsample_byte_format -s2 01\nchannels_interleaved -s5 FALSE\nend_head\n");
    bytes.resize(1024, b' ');
    bytes.extend(0..200);
    vec![bytes]
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packages/audio/test/golden/files");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the golden files").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.retain(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        target.files.iter().any(|start| name.starts_with(start))
    });
    let files = paths.iter().map(|path| std::fs::read(path).expect("a file"));
    let seeds: Vec<_> = files.chain((target.more)()).collect();
    assert!(!seeds.is_empty(), "{} has no files to start from", target.name);
    seeds
}

/// Reads the bytes in all ways. Returns whether there were samples, and what the most costly way took beyond a copy of the input.
fn read(target: &Target, bytes: &[u8]) -> (bool, Cost) {
    let (decoded, cost) = measure(|| decode(Source::bytes(bytes.to_vec())));
    let (probed, probing) = measure(|| probe(Source::bytes(bytes.to_vec())));
    let (piped, piping) = measure(|| decode(Source::stream(std::io::Cursor::new(bytes.to_vec()))));
    let mut cost = cost.max(probing).max(piping);
    cost.memory = cost.memory.saturating_sub(bytes.len());
    let Ok((info, channels)) = decoded else { return (false, cost) };
    assert_eq!(channels.len(), info.channels);
    assert!(channels.iter().all(|channel| channel.len() == channels[0].len()), "channels of different lengths");
    let probed = probed.expect("a header that decoding could read");
    assert_eq!(
        (probed.samples, probed.missing, probed.cut_at),
        (Some(channels[0].len() as u64), info.missing, info.cut_at),
        "probing and decoding"
    );
    if target.is_same_from_a_pipe {
        let (piped_info, piped) = piped.expect("a pipe's samples");
        let bits = |channels: &[Vec<f32>]| channels.iter().flatten().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(
            (bits(&piped), piped_info.missing, piped_info.cut_at),
            (bits(&channels), info.missing, info.cut_at),
            "a pipe and a file"
        );
    }
    (!channels[0].is_empty(), cost)
}

/// Runs one target for `DSP_FUZZ_INPUTS` inputs, 2,000 where that is not set.
fn fuzz(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let inputs = std::env::var("DSP_FUZZ_INPUTS").map_or(2000, |count| count.parse().expect("a number of inputs"));
    let seeds = seeds(target);
    let mut random = Random::new(name);
    let (mut worst, mut read_ones) = (Cost::default(), 0u64);
    for i in 0..inputs {
        let bytes = change::change(&mut random, &seeds, target.magic);
        let result = catch_unwind(AssertUnwindSafe(|| read(target, &bytes)));
        let most = target.per_byte * bytes.len() + target.constant;
        match result {
            Ok((is_sound, cost)) if cost.memory <= most && cost.seconds < 1.0 => {
                read_ones += u64::from(is_sound);
                worst = worst.max(cost);
            }
            other => {
                let path = std::env::temp_dir().join(format!("dsp-fuzz-{name}-{i}"));
                std::fs::write(&path, &bytes).expect("a place for the input");
                let cost = other.map_or_else(|_| "a panic".to_owned(), |(_, cost)| format!("{cost:?}"));
                panic!("{name}, input {i} ({}): {cost}, of {most} bytes and 1 s allowed", path.display());
            }
        }
    }
    let share = 100.0 * read_ones as f64 / f64::from(inputs);
    let (memory, milliseconds) = (worst.memory / 1024, worst.seconds * 1e3);
    println!("| {name} | {inputs} | {share:.0} % | {memory} KiB | {milliseconds:.1} ms |");
    assert!(read_ones > 0, "no input of {name} came as far as its samples");
}

#[test]
fn wav() {
    fuzz("WAV");
}

#[test]
fn w64() {
    fuzz("W64");
}

#[test]
fn aiff() {
    fuzz("AIFF");
}

#[test]
fn au_files() {
    fuzz("AU");
}

#[test]
fn caf_files() {
    fuzz("CAF");
}

#[test]
fn sphere() {
    fuzz("SPHERE");
}

#[test]
fn flac() {
    fuzz("FLAC");
}

#[test]
fn ogg() {
    fuzz("Ogg");
}

#[test]
fn mp3() {
    fuzz("MP3");
}
