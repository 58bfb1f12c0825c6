//! Files with odd ends: every sample, or an error that names those that are missing.

use crate::tests::{golden, pushed};
use crate::{Source, decode, probe};

const SAMPLES: usize = 2500;
/// Samples of a frame of the streamed file.
const FRAME: usize = 576;

/// The streamed file, which states no total, and the same one with its total.
fn both() -> [Vec<u8>; 2] {
    let streamed = golden("flac-streamed.flac");
    let mut stated = streamed.clone();
    stated[22..26].copy_from_slice(&(SAMPLES as u32).to_be_bytes());
    [streamed, stated]
}

/// The samples of one channel, read in both ways, which must agree with the count; or the error's message.
fn samples(bytes: &[u8]) -> Result<Vec<f32>, String> {
    let whole = decode(Source::bytes(bytes.to_vec())).map(|(_, mut channels)| channels.swap_remove(0));
    let counted = probe(Source::bytes(bytes.to_vec()));
    let pushed = pushed(bytes, 333, 64);
    match whole {
        Ok(samples) => {
            assert_eq!(counted.expect("a count").samples, Some(samples.len() as u64));
            assert!(pushed.expect("pushed samples") == samples);
            Ok(samples)
        }
        Err(error) => {
            assert_eq!(pushed.expect_err("an error").message(), error.message());
            Err(error.message().to_owned())
        }
    }
}

fn tails() -> Vec<Vec<u8>> {
    let noise = (0u32..70_000).map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let mut id3 = b"TAG".to_vec();
    id3.resize(128, 0);
    vec![b"\n".to_vec(), b"\r\n".to_vec(), vec![0; 300], vec![0xff; 300], id3, b"APETAGEX\xd0\x07\0\0".to_vec(), noise]
}

#[test]
fn what_follows_the_last_frame_costs_no_sample() {
    for bytes in both().into_iter().chain([golden("flac-long.flac")]) {
        let plain = samples(&bytes).expect("samples");
        assert_eq!(plain.len(), SAMPLES);
        for tail in tails() {
            assert!(samples(&[&bytes[..], &tail].concat()).expect("samples") == plain);
        }
    }
}

#[test]
fn bytes_between_frames_cost_no_sample() {
    for bytes in both() {
        let plain = samples(&bytes).expect("samples");
        let second =
            bytes.windows(5).position(|w| w[0] == 0xff && w[1] == 0xf8 && w[4] == 1).expect("the second frame");
        for junk in tails() {
            let bytes = [&bytes[..second], &junk, &bytes[second..]].concat();
            assert!(samples(&bytes).expect("samples") == plain);
        }
    }
}

#[test]
fn a_damaged_last_frame_is_named() {
    let lost = SAMPLES % FRAME;
    let message = format!("the {lost} samples from sample {} on cannot be read", SAMPLES - lost);
    for bytes in both() {
        for back in [1, 2, 9, 60, 200] {
            let mut damaged = bytes.clone();
            let at = bytes.len() - back;
            damaged[at] ^= 0x41;
            let error = samples(&damaged).expect_err("an error");
            assert!(error.contains(&message), "{error}");
        }
        let mut damaged = bytes.clone();
        let last = bytes.windows(5).rposition(|w| w[0] == 0xff && w[1] == 0xf8 && w[4] == 4).expect("the last frame");
        damaged[last + 2] ^= 0x10;
        assert!(samples(&damaged).expect_err("an error").contains(&format!("from sample {}", SAMPLES - lost)));
    }
}

#[test]
fn a_cut_file_says_what_is_missing() {
    let [streamed, stated] = both();
    let frame =
        |number: u8| streamed.windows(5).position(|w| w[0] == 0xff && w[1] == 0xf8 && w[4] == number).expect("a frame");
    let last = frame(4);
    // Of a header that is cut as well, only its beginning tells that there was a frame.
    for cut in [streamed.len() - 1, streamed.len() - 40, last + 30, last + 15, last + 3, last + 2] {
        let told = if cut > last + 7 { "the 196 samples" } else { "the samples" };
        let error = samples(&streamed[..cut]).expect_err("an error");
        assert!(error.contains(&format!("{told} from sample 2304 on cannot be read")), "{cut}: {error}");
        assert!(samples(&stated[..cut]).expect_err("an error").contains("the 196 samples from sample 2304"));
    }
    for (bytes, lost) in [(&streamed, 0), (&stated, 196)] {
        let whole = &bytes[..last];
        assert_eq!(samples(whole).expect("whole frames").len(), SAMPLES / FRAME * FRAME);
        let info = crate::probe(crate::Source::bytes(whole.to_vec())).expect("information");
        assert_eq!((info.samples, info.missing), (Some((SAMPLES / FRAME * FRAME) as u64), lost));
    }
    let first = frame(0);
    assert!(samples(&streamed[..first + 100]).expect_err("an error").contains("the 576 samples from sample 0"));
    assert!(samples(&streamed[..first]).expect("a stream of nothing").is_empty());
}

#[test]
fn a_second_stream_is_named() {
    for bytes in both() {
        let error = samples(&[&bytes[..], &bytes].concat()).expect_err("an error");
        assert!(error.contains("another FLAC stream follows after sample 2500"), "{error}");
    }
}

#[test]
fn a_stream_may_be_joined_midway() {
    let [streamed, stated] = both();
    let frame =
        |number: u8| streamed.windows(5).position(|w| w[0] == 0xff && w[1] == 0xf8 && w[4] == number).expect("a frame");
    let (first, third) = (frame(0), frame(2));
    let joined = |bytes: &[u8]| [&bytes[..first], &bytes[third + 7..]].concat();
    assert_eq!(samples(&joined(&streamed)).expect("samples").len(), SAMPLES - 3 * FRAME);
    assert!(samples(&joined(&stated)).expect_err("an error").contains("the 1728 samples from sample 0"));
}
