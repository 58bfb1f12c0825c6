//! Files with odd ends, byte by byte. The right values are libsndfile's where a test does not say otherwise.

use crate::{Event, Info, PushDecoder, Source, decode, probe};
use dsp_core::Result;

/// A chunk of RIFF, with its padding.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [name, &(body.len() as u32).to_le_bytes()[..], body, &[0][..body.len() % 2]].concat()
}

fn format(tag: u16, channels: u16, align: u16, bits: u16) -> Vec<u8> {
    let words = |values: [u16; 2]| values.map(u16::to_le_bytes).concat();
    let rates = [16_000u32, 16_000 * u32::from(align)].map(u32::to_le_bytes).concat();
    [words([tag, channels]), rates, words([align, bits])].concat()
}

/// A WAV file whose data chunk states `size` bytes, with `rest` behind its header.
fn wav(format: &[u8], size: u32, rest: &[u8]) -> Vec<u8> {
    let body = [b"WAVE", &chunk(b"fmt ", format)[..], b"data", &size.to_le_bytes(), rest].concat();
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

/// An AIFF file; AIFC where there is a compression type.
fn aiff(kind: Option<&[u8]>, frames: u32, bits: u16, size: u32, rest: &[u8]) -> Vec<u8> {
    let rate = [0x40, 0x0c, 0xfa, 0, 0, 0, 0, 0, 0, 0];
    let common = [&[0, 1], &frames.to_be_bytes()[..], &bits.to_be_bytes(), &rate, kind.unwrap_or(b"")].concat();
    let common = [b"COMM", &(common.len() as u32).to_be_bytes()[..], &common].concat();
    let sound = [b"SSND", &size.to_be_bytes()[..], &[0; 8], rest].concat();
    let form: &[u8] = if kind.is_some() { b"AIFC" } else { b"AIFF" };
    [b"FORM", &[0; 4], form, &common, &sound].concat()
}

/// What one read gives: the samples of all channels, and what is missing. Probing and a pipe agree with it.
fn read(bytes: &[u8]) -> Result<(Vec<Vec<f32>>, Info)> {
    let (info, channels) = decode(Source::bytes(bytes.to_vec()))?;
    assert_eq!(probe(Source::bytes(bytes.to_vec()))?, Info { samples: Some(channels[0].len() as u64), ..info.clone() });
    let pipe = PushDecoder::new(1 << 20)?;
    pipe.push(bytes.to_vec());
    pipe.end();
    let mut piped = Vec::new();
    while let Event::Block(_, block) = pipe.next_event()? {
        piped = block;
    }
    assert_eq!(piped, channels.concat());
    let (from_pipe, _) = decode(Source::stream(std::io::Cursor::new(bytes.to_vec())))?;
    assert_eq!(from_pipe.missing, info.missing);
    Ok((channels, info))
}

/// The first channel's samples in units of 2^-15.
fn units(bytes: &[u8]) -> Vec<i32> {
    let (channels, _) = read(bytes).expect("samples");
    channels[0].iter().map(|x| (x * 32_768.0) as i32).collect()
}

/// 16-bit samples 1, 2, 3, …
fn counting(count: i16) -> Vec<u8> {
    (1..=count).flat_map(i16::to_le_bytes).collect()
}

#[test]
fn the_bits_of_a_wav_file_decide_over_its_alignment() {
    let whole = b"RIFF\x2c\0\0\0WAVEfmt \x20\0\0\0\x01\0\x02\0\x80\x3e\0\0\0\xfa\0\0\x02\0\x10\0";
    let whole = [&whole[..16], &[16], &whole[17..], b"data\x08\0\0\0\0\x40\0\xc0\0\x40\0\xc0"].concat();
    assert_eq!(read(&whole).expect("samples").0, [[0.5, 0.5], [-0.5, -0.5]]);
    let bytes: Vec<u8> = (0x11..0x11 + 48).collect();
    for (tag, bits, width) in [
        (1, 8, 1),
        (1, 12, 2),
        (1, 16, 2),
        (1, 20, 3),
        (1, 24, 3),
        (1, 32, 4),
        (3, 32, 4),
        (3, 64, 8),
        (7, 16, 1),
        (6, 0, 1),
    ] {
        for channels in [1, 2] {
            let right = read(&wav(&format(tag, channels, channels * width, bits), 48, &bytes)).expect("samples");
            assert_eq!(right.0[0].len(), 48 / usize::from(width * channels));
            for align in [0, 1, 2, 3, 4, 5, 8, 32] {
                let other = read(&wav(&format(tag, channels, align, bits), 48, &bytes)).expect("samples");
                assert_eq!(right, other, "tag {tag}, {bits} bits, {channels} channels, aligned to {align}");
            }
        }
    }
    for (tag, bits) in [(1, 0), (1, 40), (1, 64), (3, 16), (3, 24), (3, 0), (2, 4)] {
        assert!(read(&wav(&format(tag, 1, 4, bits), 48, &bytes)).is_err(), "tag {tag}, {bits} bits");
    }
}

#[test]
fn an_extensible_format_is_read_by_the_bits_of_its_container() {
    let extensible = |align, bits, valid: u16, sub: &[u8; 16]| {
        [&format(0xfffe, 1, align, bits)[..], &22u16.to_le_bytes(), &valid.to_le_bytes(), &[4, 0, 0, 0], sub].concat()
    };
    let pcm = b"\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71";
    let ambisonic = b"\x01\0\0\0\x21\x07\xd3\x11\x86\x44\xc8\xc1\xca\0\0\0";
    let rest: Vec<u8> = [0x40_00_00_00i32, -0x20_00_00_00].iter().flat_map(|x| x.to_le_bytes()).collect();
    for (align, valid, sub) in [(4, 24, pcm), (4, 16, pcm), (4, 0, pcm), (3, 24, pcm), (4, 32, ambisonic)] {
        assert_eq!(read(&wav(&extensible(align, 32, valid, sub), 8, &rest)).expect("samples").0, [[0.5, -0.25]]);
    }
    let unknown = b"\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert!(read(&wav(&extensible(4, 32, 32, unknown), 8, &rest)).is_err());
}

#[test]
fn a_wav_file_may_be_big_endian() {
    let extension = [&22u16.to_be_bytes()[..], &16u16.to_be_bytes(), &4u32.to_be_bytes()].concat();
    let sub = b"\0\0\0\x01\0\0\0\x10\x80\0\0\xaa\0\x38\x9b\x71";
    for (tag, bits, rest) in [(1u16, 16u16, vec![]), (0xfffe, 16, [&extension[..], sub].concat())] {
        let words = [1u16, 0, 16_000, 0, 32_000, 2, bits].map(u16::to_be_bytes).concat();
        let body = [&tag.to_be_bytes()[..], &words[..], &rest].concat();
        let size = (body.len() as u32).to_be_bytes();
        let bytes = [b"RIFX\0\0\0\0WAVEfmt ", &size[..], &body, b"data\0\0\0\x04\0\x01\0\x02"].concat();
        assert_eq!(units(&bytes), [1, 2]);
        assert_eq!(read(&bytes).expect("samples").1.sample_rate, 16_000);
    }
}

#[test]
fn a_placeholder_for_the_size_means_until_the_end() {
    let pcm = format(1, 1, 2, 16);
    for size in [0, 0x7fff_f000, 0x7fff_ff00, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff] {
        let (channels, info) = read(&wav(&pcm, size, &counting(24))).expect("samples");
        assert_eq!((channels[0].len(), info.missing), (24, 0), "{size:x}");
    }
    // Empty, with a chunk behind the samples.
    assert_eq!(units(&wav(&pcm, 0, &chunk(b"LIST", b"INFO"))), []);
    assert_eq!(units(&wav(&pcm, 6, &[counting(3), chunk(b"LIST", b"INFO")].concat())), [1, 2, 3]);
    for size in [0, 8, 0x7f00_0008, 0xffff_ffff] {
        let big: Vec<u8> = (1..=24i16).flat_map(i16::to_be_bytes).collect();
        for frames in [0, 5, 0x3f80_0000] {
            assert_eq!(units(&aiff(None, frames, 16, size, &big)), (1..=24).collect::<Vec<_>>(), "{size:x} {frames}");
        }
    }
    // RF64 that ffmpeg wrote to a pipe: all sizes are 0.
    let ds64 = chunk(b"ds64", &[0; 28]);
    let body = [b"WAVE", &ds64[..], &chunk(b"fmt ", &pcm), b"data\xff\xff\xff\xff", &counting(24)].concat();
    assert_eq!(units(&[b"RF64\xff\xff\xff\xff", &body[..]].concat()).len(), 24);
}

#[test]
fn sizes_modulo_four_gigabytes_are_recognised() {
    let path = std::env::temp_dir().join(format!("dsp-codec-{}.wav", std::process::id()));
    std::fs::write(&path, wav(&format(1, 1, 2, 16), 1000, &[])).expect("a file");
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("the file")
        .set_len(44 + (1 << 32) + 1000)
        .expect("a hole");
    let probed = probe(Source::path(&path).expect("a file")).expect("a header");
    let decoded = decode(Source::path(&path).expect("a file"));
    std::fs::remove_file(&path).expect("removal");
    assert_eq!(probed.samples, Some((1 << 31) + 500));
    // Refused from the header: all those samples would take seconds and 8 GB.
    let error = decoded.expect_err("too long");
    assert_eq!(error.code, "ERR_DSP_TOO_LONG");
    assert!(
        error.message().contains("2147484148 samples") && error.message().contains("readBlocks"),
        "{}",
        error.message()
    );
}

#[test]
fn a_file_that_is_cut_short_gives_what_it_holds_and_says_what_is_missing() {
    let count = |bytes: &[u8]| read(bytes).map(|(channels, info)| (channels[0].len(), info.missing)).expect("samples");
    assert_eq!(count(&wav(&format(1, 1, 2, 16), 100, &counting(24))), (24, 26));
    assert_eq!(count(&wav(&format(1, 2, 4, 16), 100, &counting(23))), (11, 14));
    assert_eq!(count(&wav(&format(1, 1, 2, 16), 49, &counting(24))), (24, 0));
    assert_eq!(count(&aiff(None, 50, 16, 108, &counting(24))), (24, 26));
}

#[test]
fn sound_behind_the_samples_is_not_left_out_in_silence() {
    let one = wav(&format(1, 1, 2, 16), 6, &counting(3));
    let odd = wav(&format(1, 1, 1, 8), 3, &[1, 2, 3]);
    let other = aiff(None, 3, 16, 14, &counting(3));
    for (first, second, name) in [
        (&one, &one[..], "RIFF"),
        (&one, &one[36..], "data"),
        (&one, &other, "FORM"),
        (&odd, &[&[0], &one[..]].concat(), "RIFF"),
        (&other, &other, "FORM"),
        (&caf(b"lpcm", 2, 2, 16, 10, &counting(3)), &one, "RIFF"),
    ] {
        let both = [&first[..], second].concat();
        for source in [Source::bytes(both.clone()), Source::stream(std::io::Cursor::new(both.clone()))] {
            let error = decode(source).expect_err("more sound");
            assert!(error.message().contains(name) && error.message().contains("split"), "{}", error.message());
        }
        assert!(probe(Source::bytes(both)).is_err());
    }
    let sphere = sphere("sample_count -i 12\n", &counting(24)).repeat(2);
    assert!(decode(Source::bytes(sphere)).expect_err("two files").message().contains("NIST"));
}

#[test]
fn the_size_of_the_sound_chunk_decides_in_an_aiff_file() {
    let big: Vec<u8> = (1..=24i16).flat_map(i16::to_be_bytes).collect();
    for frames in [10, 24, 100] {
        assert_eq!(units(&aiff(None, frames, 16, 56, &big)).len(), 24);
        assert_eq!(units(&aiff(None, frames, 16, 28, &big)).len(), 10);
    }
}

#[test]
fn an_aiff_file_may_hold_its_samples_first() {
    let usual = aiff(None, 3, 16, 14, &[0, 1, 0, 2, 0, 3]);
    let turned = [&usual[..12], &usual[38..], &usual[12..38]].concat();
    let (info, channels) = decode(Source::bytes(turned.clone())).expect("samples");
    assert_eq!(channels, [[1.0, 2.0, 3.0].map(|x| x / 32_768.0)]);
    assert_eq!((info.samples, info.missing), (Some(3), 0));
    let error = decode(Source::stream(std::io::Cursor::new(turned))).expect_err("no way back");
    assert!(error.message().contains("read it from a file"));
}

#[test]
fn an_aifc_file_has_either_byte_order_at_every_width() {
    // A COMM chunk as short as AIFF's is big-endian PCM.
    assert_eq!(units(&aiff(Some(b""), 2, 16, 12, &[0, 1, 0, 2])), [1, 2]);
    for (kinds, is_little) in [([b"sowt", b"42n1", b"23ni"], true), ([b"twos", b"in24", b"in32"], false)] {
        for kind in kinds {
            for bits in [8, 12, 16, 20, 24, 32] {
                let width = usize::from(bits).div_ceil(8);
                let mut values = [[0x40, 0, 0, 0], [0xe0, 0, 0, 0]].map(|bytes| bytes[..width].to_vec());
                if is_little {
                    values.iter_mut().for_each(|bytes| bytes.reverse());
                }
                let size = 8 + 2 * width as u32;
                let bytes = aiff(Some(&[&kind[..], &[0, 0]].concat()), 2, bits, size, &values.concat());
                assert_eq!(read(&bytes).expect("samples").0, [[0.5, -0.25]], "{} {bits}", kind.escape_ascii());
            }
        }
    }
    assert!(read(&aiff(Some(b"ima4\0\0"), 2, 16, 12, &[0; 4])).is_err());
}

/// A NIST SPHERE file of 16-bit samples in two channels.
fn sphere(fields: &str, rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"NIST_1A\n   1024\nchannel_count -i 2\nsample_rate -i 16000\nsample_n_bytes -i 2\n".to_vec();
    bytes.extend(format!("sample_byte_format -s2 01\n{fields}end_head\n").as_bytes());
    bytes.resize(1024, b' ');
    bytes.extend(rest);
    bytes
}

#[test]
fn a_sphere_count_that_is_wrong_hides_nothing() {
    for (fields, missing) in
        [("", 0), ("sample_count -i 0\n", 0), ("sample_count -i 5\n", 0), ("sample_count -i 40\n", 28)]
    {
        let (channels, info) = read(&sphere(fields, &counting(24))).expect("samples");
        assert_eq!((channels[0].len(), info.missing), (12, missing), "{fields}");
    }
}

#[test]
fn a_sphere_file_may_hold_one_channel_after_another() {
    let fields = "sample_count -i 12\nchannels_interleaved -s5 FALSE\n";
    let planes = |bytes: &[u8]| decode(Source::bytes(bytes.to_vec())).expect("samples");
    let (info, channels) = planes(&sphere(fields, &counting(24)));
    let numbers = |range: std::ops::Range<u16>| range.map(|i| f32::from(i) / 32_768.0).collect::<Vec<_>>();
    assert_eq!((channels, info.missing), (vec![numbers(1..13), numbers(13..25)], 0));
    // Cut short, and without a count.
    let (info, channels) = planes(&sphere(fields, &counting(20)));
    assert_eq!((channels, info.missing), (vec![numbers(1..9), numbers(13..21)], 4));
    let (_, channels) = planes(&sphere("channels_interleaved -s5 FALSE\n", &counting(24)));
    assert_eq!(channels, [numbers(1..13), numbers(13..25)]);
    let far = planes(&sphere("sample_count -i 9000000000000000000\nchannels_interleaved -s5 FALSE\n", &counting(24)));
    assert_eq!(far.1[0].len(), 0);
    let error = decode(Source::stream(std::io::Cursor::new(sphere(fields, &counting(24))))).expect_err("no way back");
    assert!(error.message().contains("one after another"));
    let more = sphere("sample_count -i 40000\nchannels_interleaved -s5 FALSE\n", &counting(10_000).repeat(8));
    assert_eq!(planes(&more).1, [1, 2].map(|_| numbers(1..10_001).repeat(4)));
}

/// A CAF file in one channel.
fn caf(kind: &[u8; 4], flags: u32, packet: u32, bits: u32, size: i64, rest: &[u8]) -> Vec<u8> {
    let words = [flags, packet, 1, 1, bits].map(u32::to_be_bytes).concat();
    let free = [b"free", &3i64.to_be_bytes()[..], &[0; 3]].concat();
    let head =
        [b"caff\0\x01\0\0desc", &32i64.to_be_bytes()[..], &16_000f64.to_be_bytes(), kind, &words, &free].concat();
    [&head[..], b"data", &size.to_be_bytes()[..], &[0; 4], rest].concat()
}

#[test]
fn a_caf_file_has_either_byte_order() {
    let info = |bytes: &[u8]| read(bytes).expect("samples").1;
    let little = caf(b"lpcm", 2, 2, 16, 52, &counting(24));
    assert_eq!(units(&little), (1..=24).collect::<Vec<_>>());
    assert_eq!(
        info(&little),
        Info {
            format: "caf",
            encoding: "pcm-s16".into(),
            channels: 1,
            sample_rate: 16_000,
            samples: Some(24),
            ..Info::default()
        }
    );
    assert_eq!(units(&caf(b"lpcm", 0, 2, 16, 8, &[0, 1, 0, 2])), [1, 2]);
    assert_eq!(read(&caf(b"lpcm", 2, 3, 24, 7, &[0, 0, 0x40])).expect("samples").0, [[0.5]]);
    assert_eq!(read(&caf(b"lpcm", 3, 4, 32, 8, &0.3f32.to_le_bytes())).expect("samples").0, [[0.3]]);
    assert_eq!(read(&caf(b"lpcm", 1, 8, 64, 12, &0.25f64.to_be_bytes())).expect("samples").0, [[0.25]]);
    assert_eq!(units(&caf(b"ulaw", 0, 1, 8, 6, &[0x80, 0xff])), [32_124, 0]);
    // From a pipe, cut short, and with a chunk behind the samples.
    assert_eq!(units(&caf(b"lpcm", 2, 2, 16, -1, &counting(24))).len(), 24);
    assert_eq!(info(&caf(b"lpcm", 2, 2, 16, 104, &counting(24))).missing, 26);
    assert_eq!(
        units(&caf(b"lpcm", 2, 2, 16, 10, &[counting(3), b"free\0\0\0\0\0\0\0\0".to_vec()].concat())),
        [1, 2, 3]
    );
    for (kind, packet, bits) in
        [(b"alac", 0, 16), (b"lpcm", 4, 24), (b"lpcm", 0, 16), (b"lpcm", 2, 0), (b"lpcm", 5, 40)]
    {
        assert!(read(&caf(kind, 2, packet, bits, 52, &counting(24))).is_err());
    }
}

#[test]
fn an_au_file_has_either_byte_order() {
    let au = |magic: &[u8], numbers: [u32; 5], order: fn(u32) -> [u8; 4], rest: &[u8]| {
        [magic, &numbers.map(order).concat(), rest].concat()
    };
    let little = |numbers, rest: &[u8]| au(b"dns.", numbers, u32::to_le_bytes, rest);
    let big = |numbers, rest: &[u8]| au(b".snd", numbers, u32::to_be_bytes, rest);
    for size in [0, 48, 0xffff_ffff] {
        assert_eq!(units(&little([24, size, 3, 16_000, 1], &counting(24))), (1..=24).collect::<Vec<_>>());
    }
    let noted = read(&big([32, 4, 3, 22_050, 2], b"8 bytes.\0\x01\0\x02")).expect("samples");
    assert_eq!(noted.0, [[1.0 / 32_768.0], [2.0 / 32_768.0]]);
    assert_eq!((noted.1.format, noted.1.sample_rate), ("au", 22_050));
    assert_eq!(read(&big([24, 4, 6, 8000, 1], &0.3f32.to_be_bytes())).expect("samples").0, [[0.3]]);
    assert_eq!(read(&big([24, 8, 7, 8000, 1], &0.25f64.to_be_bytes())).expect("samples").0, [[0.25]]);
    for (code, rest) in [(2, &[0x40][..]), (4, &[0x40, 0, 0]), (5, &[0x40, 0, 0, 0])] {
        assert_eq!(read(&big([24, rest.len() as u32, code, 8000, 1], rest)).expect("samples").0, [[0.5]]);
    }
    assert_eq!(units(&big([24, 2, 1, 8000, 1], &[0x80, 0xff])), [32_124, 0]);
    assert_eq!(units(&big([24, 1, 27, 8000, 1], &[0xd5])), [8]);
    assert_eq!(read(&little([24, 100, 3, 16_000, 1], &counting(24))).expect("samples").1.missing, 26);
    for numbers in [[20, 48, 3, 16_000, 1], [24, 48, 23, 16_000, 1], [24, 48, 0, 16_000, 1], [24, 48, 3, 16_000, 0]] {
        assert!(read(&big(numbers, &counting(24))).is_err());
    }
    assert!(read(b".snd\0\0\0\x18").is_err());
}
