//! Joined files, headers that lie, junk and damage, in files that are put together here from the golden ones.

use super::header::{Header, SIZE};
use crate::tests::{self, golden};
use crate::{Source, probe};

/// Samples of the golden file's sound, and of one of its frames.
const LENGTH: usize = 3265;
const FRAME: usize = 576;

/// Where the frames begin, the information frame first.
fn frames(bytes: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(header) = bytes.get(at..at + SIZE).and_then(Header::read) {
        found.push(at);
        at += header.size;
    }
    found
}

/// Probing fails as decoding does.
fn samples(bytes: &[u8]) -> Result<Vec<Vec<f32>>, String> {
    let samples = tests::samples(bytes);
    if let Err(message) = &samples {
        assert_eq!(probe(Source::bytes(bytes.to_vec())).expect_err("an error").message(), *message);
    }
    samples
}

fn joined(one: &[Vec<f32>], other: &[Vec<f32>]) -> Vec<Vec<f32>> {
    one.iter().zip(other).map(|(a, b)| [&a[..], b].concat()).collect()
}

/// The golden file with another count of frames in its header.
fn stating(count: u32) -> Vec<u8> {
    let mut bytes = golden("mp3-cbr.mp3");
    let at = bytes.windows(4).position(|w| w == b"Info").expect("the header") + 8;
    bytes[at..at + 4].copy_from_slice(&count.to_be_bytes());
    bytes
}

#[test]
fn joined_files_give_the_samples_of_each() {
    let (cbr, tagged) = (golden("mp3-cbr.mp3"), golden("mp3-id3.mp3"));
    let both = joined(&samples(&cbr).expect("samples"), &samples(&tagged).expect("samples"));
    assert_eq!(both[0].len(), 2 * LENGTH);
    let mut id3 = b"TAG".to_vec();
    id3.resize(128, b' ');
    for between in [&b""[..], &id3, b"ID3\x03\0\0\0\0\0\x0aabcdefghij", &[0; 700], b"\r\n"] {
        assert!(samples(&[&cbr[..], between, &tagged].concat()).expect("samples") == both);
    }
    let plain = golden("mp3-notag.mp3");
    let mono = golden("mp3-short.mp3");
    let both = joined(&samples(&plain).expect("samples"), &samples(&mono).expect("samples"));
    assert!(samples(&[plain, mono].concat()).expect("samples") == both);
}

#[test]
fn the_stated_count_of_frames_is_held_against_those_there() {
    let whole = samples(&golden("mp3-cbr.mp3")).expect("samples");
    let count = frames(&golden("mp3-cbr.mp3")).len() as u32 - 1;
    assert!(samples(&stating(count)).expect("samples") == whole);
    for too_few in [1, 2, count - 1] {
        assert!(samples(&stating(too_few)).expect("samples") == whole);
    }
    // Without a count, or with one that was not reached, nothing is cut off at the end: as in ffmpeg.
    for other in [0, count + 1, 100_000, u32::MAX] {
        let longer = samples(&stating(other)).expect("samples");
        assert_eq!(longer[0].len(), count as usize * FRAME - 1105);
        assert!(longer.iter().zip(&whole).all(|(a, b)| a[..LENGTH] == b[..]));
    }
}

#[test]
fn junk_before_the_first_frame_is_passed_over() {
    let bytes = golden("mp3-cbr.mp3");
    let whole = samples(&bytes).expect("samples");
    let noise: Vec<u8> = (0u32..9000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let padded = [&b"ID3\x04\0\0\0\0\0\x05abcde"[..], &[0; 3000]].concat();
    for junk in [&b"\r\n"[..], b"\xff", b"\xff\xfb", &[0; 200], &noise, &padded] {
        assert!(samples(&[junk, &bytes].concat()).expect("samples") == whole);
    }
    // A file that begins within its third frame.
    let starts = frames(&bytes);
    let cut = samples(&bytes[starts[2] + 50..]).expect("samples");
    assert_eq!(cut[0].len(), (starts.len() - 3) * FRAME);
    assert!(samples(&noise).is_err());
}

#[test]
fn what_is_behind_the_last_frame_costs_nothing() {
    let noise: Vec<u8> = (0u32..9000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for name in ["mp3-cbr.mp3", "mp3-notag.mp3"] {
        let bytes = golden(name);
        let whole = samples(&bytes).expect("samples");
        for tail in [&b"\n"[..], &[0; 500], b"TAG and so on", b"APETAGEX", b"\xff\xfb", &noise] {
            assert!(samples(&[&bytes[..], tail].concat()).expect("samples") == whole);
        }
    }
}

#[test]
fn damage_is_named() {
    let bytes = golden("mp3-cbr.mp3");
    let starts = frames(&bytes);
    for (i, &start) in starts.iter().enumerate().skip(1) {
        let mut damaged = bytes.clone();
        damaged[start..start + 4].fill(0x55);
        let error = samples(&damaged).map(|channels| channels[0].len()).expect_err(&i.to_string());
        assert!(error.contains("damaged") && error.contains("sample"), "{i}: {error}");
    }
    // Cut anywhere, a file gives its whole frames.
    let cut = samples(&bytes[..starts[5] + 30]).expect("samples");
    assert_eq!(cut[0].len(), 4 * FRAME - 1105);
}

/// What is missing at the end of a file that decodes: a count, or the second after which it is.
fn lack(bytes: &[u8]) -> (u64, Option<f64>) {
    samples(bytes).expect("samples");
    let info = probe(Source::bytes(bytes.to_vec())).expect("a count");
    (info.missing, info.cut_at)
}

#[test]
fn a_cut_file_says_what_is_missing() {
    let (cbr, plain) = (golden("mp3-cbr.mp3"), golden("mp3-notag.mp3"));
    let starts = frames(&cbr);
    for (i, &start) in starts.iter().enumerate().skip(1) {
        // All but the padding that the header states: also of a file cut between two frames.
        let there = ((i - 1) * FRAME).saturating_sub(1105);
        let missing = LENGTH.saturating_sub(there) as u64;
        for end in [start, start + 1, start + 2, start + 3, start + 4, start + 40] {
            let cut_at = (missing == 0 && end > start).then_some(there as f64 / 24_000.0);
            assert_eq!(lack(&cbr[..end]), (missing, cut_at), "{i} {end}");
        }
    }
    // Without a count, only a frame that is begun tells.
    let header = Header::read(&plain).expect("a header");
    let (each, rate) = (header.samples() as usize, f64::from(header.rate));
    for (i, start) in frames(&plain).into_iter().enumerate() {
        for end in [start + 1, start + 2, start + 3, start + 4, start + 40] {
            assert_eq!(lack(&plain[..end.max(4)]), (0, Some((i * each) as f64 / rate)), "{i} {end}");
        }
    }
    assert_eq!(lack(&plain[..frames(&plain)[2]]), (0, None));
    // Of joined files, each lacks its own.
    let cut = [&cbr[..starts[3]], &cbr[..starts[5] + 9]].concat();
    assert_eq!(lack(&cut), ((2 * LENGTH - (2 * FRAME - 1105) - (4 * FRAME - 1105)) as u64, None));
}

#[test]
fn what_is_no_frame_is_no_cut() {
    for name in ["mp3-cbr.mp3", "mp3-notag.mp3", "mp3-id3.mp3", "mp3-low.mp3", "mp3-short.mp3"] {
        let bytes = golden(name);
        for tail in [&b""[..], b"\n", &[0; 500], b"TAG and so on", b"APETAGEX", b"\xff\x00", b"\xff\xfb\x90\x00abc"] {
            let ours = Header::read(&bytes).is_some_and(|header| header.version_1 && header.rate == 44_100);
            assert!(ours || lack(&[&bytes[..], tail].concat()) == (0, None), "{name} {tail:?}");
        }
    }
}

#[test]
fn a_change_of_channels_or_rate_is_an_error_with_its_time() {
    let (stereo, mono, low) = (golden("mp3-cbr.mp3"), golden("mp3-notag.mp3"), golden("mp3-low.mp3"));
    let error = samples(&[&stereo[..], &mono].concat()).expect_err("an error");
    assert!(error.contains("at 0.136 s (sample 3265)") && error.contains("from 2 channels"), "{error}");
    assert!(samples(&[&mono[..], &low].concat()).expect_err("an error").contains("to 1 channels at 8000 Hz"));
}

#[test]
fn other_mpeg_audio_is_named() {
    let free: Vec<u8> = [&b"\xff\xfb\x00\xc0"[..], &[0x11; 500]].concat().repeat(4);
    assert!(samples(&free).expect_err("an error").contains("free-format MP3"));
    let layer_2: Vec<u8> = [&b"\xff\xfd\x80\xc0"[..], &[0x11; 413]].concat().repeat(4);
    assert!(samples(&layer_2).expect_err("an error").contains("layer I or II"));
}
