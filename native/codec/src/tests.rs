//! Whatever the bytes, there is an answer: samples or an error, never a panic, and no more memory than they justify.

use std::path::PathBuf;

use proptest::prelude::*;

use crate::{Blocks, Event, MAX_SAMPLES_PER_BYTE, PushDecoder, Source, decode, probe};

/// Where the small files lie that the TypeScript package is tested with.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packages/audio/test/golden/files")
}

/// One of them.
pub(crate) fn golden(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("a golden file")
}

/// All of them.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .expect("the golden files")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(path).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

/// Decodes hostile bytes and checks that memory stays within reason.
fn survive(bytes: &[u8]) {
    if let Ok((info, channels)) = decode(Source::bytes(bytes.to_vec())) {
        assert_eq!(channels.len(), info.channels);
        let capacity: usize = channels.iter().map(Vec::capacity).sum();
        assert!(capacity <= 2 * bytes.len() * MAX_SAMPLES_PER_BYTE as usize);
    }
    let _ = probe(Source::bytes(bytes.to_vec()));
}

/// The samples of every channel, which a stream must give as well, and probing must count; or the error's message.
pub(crate) fn samples(bytes: &[u8]) -> Result<Vec<Vec<f32>>, String> {
    let stream = decode(Source::stream(std::io::Cursor::new(bytes.to_vec())));
    match decode(Source::bytes(bytes.to_vec())) {
        Ok((info, channels)) => {
            let probed = probe(Source::bytes(bytes.to_vec())).expect("a count");
            assert_eq!(probed.samples, Some(channels[0].len() as u64));
            assert_eq!((probed.missing, probed.cut_at), (info.missing, info.cut_at));
            let (streamed, from_stream) = stream.expect("the stream's samples");
            assert!(from_stream == channels);
            assert_eq!((streamed.missing, streamed.cut_at), (info.missing, info.cut_at));
            Ok(channels)
        }
        Err(error) => {
            assert_eq!(stream.expect_err("an error").message(), error.message());
            Err(error.message().to_owned())
        }
    }
}

/// All of a pushed input, in pieces of `piece` bytes, decoded into blocks of `block` samples.
pub(crate) fn pushed(bytes: &[u8], piece: usize, block: usize) -> dsp_core::Result<Vec<f32>> {
    let decoder = PushDecoder::new(block)?;
    let mut pieces = bytes.chunks(piece);
    let mut all = Vec::new();
    loop {
        match decoder.next_event()? {
            Event::Block(_, block) => all.extend(block),
            Event::End => return Ok(all),
            Event::Hungry => match pieces.next() {
                Some(piece) => decoder.push(piece.to_vec()),
                None => decoder.end(),
            },
        }
    }
}

#[test]
fn every_way_to_read_gives_the_same_samples() {
    for (name, bytes) in files() {
        let (info, channels) = decode(Source::bytes(bytes.clone())).expect(&name);
        assert!(channels.iter().all(|c| c.len() == channels[0].len()), "{name}");
        assert_eq!(probe(Source::bytes(bytes.clone())).expect(&name).samples, Some(channels[0].len() as u64), "{name}");
        let mut blocks = Blocks::open(Source::bytes(bytes.clone())).expect(&name);
        let mut joined = vec![Vec::new(); info.channels];
        while let Some(block) = blocks.next_block(77).expect(&name) {
            let length = block.len() / info.channels;
            joined.iter_mut().zip(block.chunks(length)).for_each(|(to, from)| to.extend_from_slice(from));
        }
        assert!(joined == channels, "{name}");
        let stream = pushed(&bytes, 100, 1000).expect(&name);
        assert_eq!(stream.len(), channels.iter().map(Vec::len).sum::<usize>(), "{name}");
    }
}

#[test]
fn every_cut_is_survived() {
    for (_, bytes) in files() {
        let step = (bytes.len() / 40).max(1);
        for end in (0..bytes.len()).step_by(step).chain(0..bytes.len().min(60)) {
            survive(&bytes[..end]);
        }
    }
}

#[test]
fn headers_that_lie_cost_nothing() {
    let named = |name: &str| files().into_iter().find(|(n, _)| n == name).expect("the file").1;
    let mut wav = named("wav-s16.wav");
    wav[40..44].copy_from_slice(&0xffff_fff0u32.to_le_bytes());
    let (_, channels) = decode(Source::bytes(wav)).expect("what is there");
    assert_eq!(channels[0].len(), 120);
    let mut flac = named("flac-s16.flac");
    flac[22..26].copy_from_slice(&[0xff; 4]);
    let (_, channels) = decode(Source::bytes(flac)).expect("what is there");
    assert!(channels[0].len() == 120 && channels[0].capacity() < 100_000);
    let mut sphere = named("sphere-le16.sph");
    let at = sphere.windows(19).position(|w| w == b"sample_count -i 120").expect("the field");
    sphere[at + 16..at + 19].copy_from_slice(b"999");
    assert_eq!(probe(Source::bytes(sphere)).expect("a header").samples, Some(120));
}

#[test]
fn shortened_sphere_says_what_to_do() {
    let mut bytes = b"NIST_1A\n   1024\nchannel_count -i 1\nsample_rate -i 16000\nsample_n_bytes -i 2\n".to_vec();
    bytes.extend(b"sample_coding -s26 pcm,embedded-shorten-v2.00\nend_head\n");
    bytes.resize(2000, b' ');
    let error = decode(Source::bytes(bytes)).expect_err("an error");
    assert_eq!(error.code, "ERR_DSP_FORMAT");
    assert!(error.message().contains("sph2pipe"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_are_survived(
        magic in prop::sample::select(vec![
            &b"RIFF\0\0\0\0WAVEfmt "[..], b"FORM\0\0\0\0AIFFCOMM", b"FORM\0\0\0\0AIFC", b"fLaC\0\0\0\x22", b"OggS\0\x02",
            b"NIST_1A\n   1024\n", b"\xff\xfb\x90\x00", b"RF64\xff\xff\xff\xffWAVEds64", b"ID3\x04\0\0\0\0\0\x05", b"",
        ]),
        bytes in prop::collection::vec(any::<u8>(), 0..3000),
    ) {
        survive(&[magic, &bytes[..]].concat());
    }

    #[test]
    fn damaged_files_are_survived(
        file in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        in_header: bool,
    ) {
        let files = files();
        let mut bytes = file.get(&files).1.clone();
        let reach = if in_header { bytes.len().min(120) } else { bytes.len() };
        for (at, value) in changes {
            bytes[at.index(reach)] = value;
        }
        survive(&bytes);
    }
}
