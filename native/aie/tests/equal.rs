//! The C kernel gives the reference's bytes.

mod common;

use common::{FRAME, Random, random_bank};
use dsp_aie::Kernel;
use dsp_core::q15::{Bank, Output, Pipeline, Profile, Spectrum};

const OUTPUTS: [Output; 3] = [Output::LinearInt8, Output::Log2Int8, Output::Log2Int16];

/// `u64` storage: int16 output wants an even address.
fn bytes(storage: &mut Vec<u64>, count: usize) -> &mut [u8] {
    storage.resize(count.div_ceil(8), 0);
    // SAFETY: every byte of the vector is initialised, and u8 has no alignment.
    unsafe { std::slice::from_raw_parts_mut(storage.as_mut_ptr().cast(), count) }
}

fn compare(bank: &Bank, output: Output, gain: u16, frames: &[i16]) {
    let kernel = Kernel::new(bank, output).unwrap().with_linear_gain(gain).unwrap();
    let pipeline = Pipeline::new(bank, output).unwrap().with_linear_gain(gain).unwrap();
    let count = frames.len() / FRAME * kernel.frame_bytes();
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let (one, other) = (bytes(&mut one, count), bytes(&mut other, count));
    pipeline.run(frames, other).unwrap();
    for (form, kernel) in [("scalar", kernel.clone()), ("vector", kernel.in_vectors())] {
        one.fill(0xee);
        kernel.run(frames, one).unwrap();
        if let Some(at) = one.iter().zip(other.iter()).position(|(a, b)| a != b) {
            let frame = &frames[at / kernel.frame_bytes() * FRAME..][..FRAME];
            panic!("{form}, {output:?}, {} points: byte {at} of the frame {frame:?}", bank.transform);
        }
    }
}

/// How many frames the test takes: KERNEL_FRAMES, or ten thousand.
fn count() -> usize {
    std::env::var("KERNEL_FRAMES").map_or(10_000, |text| text.parse().expect("KERNEL_FRAMES is a number"))
}

#[test]
fn on_random_frames_and_banks() {
    let mut random = Random(15);
    let mut left = count();
    while left > 0 {
        let transform = [400, 512][random.below(2) as usize];
        let spectrum = [Spectrum::Magnitude, Spectrum::Power][random.below(2) as usize];
        let bank = random_bank(&mut random, transform, spectrum);
        let take = left.min(20);
        let frames: Vec<i16> = (0..take).flat_map(|_| random.frame()).collect();
        compare(&bank, OUTPUTS[random.below(3) as usize], 1 + random.below(65_535) as u16, &frames);
        left -= take;
    }
}

/// KERNEL_RECORDINGS of each corpus, or three.
#[test]
fn on_real_recordings() {
    let count =
        std::env::var("KERNEL_RECORDINGS").map_or(3, |text| text.parse().expect("KERNEL_RECORDINGS is a number"));
    let Some(recordings) = common::speech(count) else { return };
    let banks = [
        (Profile::classic().bank, Output::LinearInt8),
        (Profile::whisper().unwrap().bank, Output::Log2Int16),
        (Profile::whisper_512().unwrap().bank, Output::Log2Int8),
    ];
    let mut total = 0;
    for audio in &recordings {
        let audio: Vec<i16> = audio.iter().map(|x| (x * 32768.0).round().clamp(-32768.0, 32767.0) as i16).collect();
        let frames: Vec<i16> = audio.windows(FRAME).step_by(160).flatten().copied().collect();
        total += frames.len() / FRAME;
        for (bank, output) in &banks {
            compare(bank, *output, 4064, &frames);
        }
    }
    println!("{total} frames of {} recordings", recordings.len());
}

#[test]
fn refuses_half_frames_and_odd_addresses() {
    let bank = random_bank(&mut Random(1), 400, Spectrum::Power);
    let kernel = Kernel::new(&bank, Output::Log2Int16).unwrap();
    let size = kernel.frame_bytes();
    let mut storage = Vec::new();
    let out = bytes(&mut storage, size + 1);
    for samples in [399, 401] {
        let error = kernel.run(&vec![0; samples], &mut out[..size]).unwrap_err();
        assert_eq!(error.to_string(), format!("frames must have whole frames of 400 samples, got {samples} samples"));
    }
    let error = kernel.run(&[0; FRAME], &mut out[1..]).unwrap_err();
    assert!(error.to_string().starts_with("out must be a buffer of int16 at an even address"), "{error}");
    assert!(kernel.run(&[0; FRAME], &mut out[..size - 1]).is_err());
    kernel.run(&[], &mut []).unwrap();
    kernel.run(&[0; FRAME], &mut out[..size]).unwrap();
    // Codes of one byte may lie anywhere.
    let kernel = Kernel::new(&bank, Output::Log2Int8).unwrap();
    kernel.run(&[0; FRAME], &mut out[1..1 + kernel.frame_bytes()]).unwrap();
}

#[test]
fn tables_are_the_cores() {
    for (name, text) in dsp_aie::constants::files() {
        let path = dsp_aie::constants::folder().join(name);
        let committed = std::fs::read_to_string(&path).unwrap();
        assert!(committed == text, "{}: run cargo run -p dsp-aie --example tables", path.display());
    }
}
