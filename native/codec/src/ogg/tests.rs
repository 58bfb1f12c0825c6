//! Links, trims and missing pages, in files that are put together here from the packets of the golden ones.

use super::page::{Next, Page, Pages};
use super::stream::{Packet, Stream};
use crate::crc::CRC32;
use crate::tests::{golden, samples};
use crate::{Blocks, Link, Source, decode, probe};

const FIRST: u8 = 2;
const LAST: u8 = 4;

/// All packets of a file with one stream: the three headers first.
fn packets(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pages = Pages::new(Source::bytes(bytes.to_vec()));
    let (mut packets, mut partial) = (Vec::new(), Vec::new());
    while let Next::Page(page, _) = pages.next().expect("a page") {
        for (piece, ends) in Page::pieces(&page) {
            partial.extend_from_slice(piece);
            if ends {
                packets.push(std::mem::take(&mut partial));
            }
        }
    }
    packets
}

fn page(serial: u32, sequence: u32, flags: u8, granule: i64, packets: &[Vec<u8>]) -> Vec<u8> {
    let mut table = Vec::new();
    for packet in packets {
        table.extend(std::iter::repeat_n(255, packet.len() / 255));
        table.push((packet.len() % 255) as u8);
    }
    let mut bytes =
        [&b"OggS\0"[..], &[flags], &granule.to_le_bytes(), &serial.to_le_bytes(), &sequence.to_le_bytes()].concat();
    bytes.extend([0; 4]);
    bytes.push(u8::try_from(table.len()).expect("a page's segments"));
    bytes.extend(table);
    packets.iter().for_each(|packet| bytes.extend(packet));
    let checksum = CRC32.of(&bytes);
    bytes[22..26].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The pages of a sound: the headers', then those of `each` packets of sound. `granule` gets the samples so far.
fn pages(serial: u32, packets: &[Vec<u8>], each: usize, granule: impl Fn(i64, bool) -> i64) -> Vec<Vec<u8>> {
    let mut stream = Stream::begin(&packets[0]).expect("a header").expect("a stream");
    let mut out = vec![page(serial, 0, FIRST, 0, &packets[..1]), page(serial, 1, 0, 0, &packets[1..3])];
    packets[1..3].iter().for_each(|packet| drop(stream.accept(packet)));
    let mut made = 0;
    let count = (packets.len() - 3).div_ceil(each);
    for (i, some) in packets[3..].chunks(each).enumerate() {
        for packet in some {
            if let Ok(Packet::Audio(samples)) = stream.accept(packet) {
                made += i64::from(samples);
            }
        }
        let last = i + 1 == count;
        out.push(page(serial, i as u32 + 2, if last { LAST } else { 0 }, granule(made, last), some));
    }
    out
}

/// The packets of a sound, all its samples without a trim, and how many.
fn sound() -> (Vec<Vec<u8>>, Vec<f32>, i64) {
    let packets = packets(&golden("vorbis-mono.ogg"));
    let all = samples(&pages(7, &packets, 1000, |_, _| -1).concat()).expect("samples").swap_remove(0);
    let length = all.len() as i64;
    (packets, all, length)
}

#[test]
fn granule_positions_trim_both_ends() {
    let (packets, all, length) = sound();
    for each in [1, 2, 5] {
        // Page boundaries do not matter, nor where a stream's time begins.
        for shift in [0, 1, 1_600_000, 1 << 40] {
            let bytes = pages(7, &packets, each, |made, _| made + shift).concat();
            assert!(samples(&bytes).expect("samples") == [&all[..]], "{each} {shift}");
            let bytes = pages(7, &packets, each, |made, last| made + shift - if last { 100 } else { 0 }).concat();
            assert!(samples(&bytes).expect("samples") == [&all[..all.len() - 100]]);
        }
        for cut in [1, 700, 3000] {
            let bytes = pages(7, &packets, each, |made, _| made - cut).concat();
            assert!(samples(&bytes).expect("samples") == [&all[cut as usize..]], "{each} {cut}");
            let bytes =
                pages(7, &packets, each, |made, last| made - cut + if last { 1 << 32 } else { 0 } - i64::from(last))
                    .concat();
            assert!(samples(&bytes).expect("samples") == [&all[cut as usize..all.len() - 1]]);
        }
    }
    // A sound of one page is cut at its end.
    let bytes = pages(7, &packets, 1000, |made, _| made - 1000).concat();
    assert!(samples(&bytes).expect("samples") == [&all[..all.len() - 1000]]);
    let bytes = pages(7, &packets, 3, |made, last| if last { -1 } else { made }).concat();
    assert_eq!(samples(&bytes).expect("samples")[0].len() as i64, length);
}

#[test]
fn missing_and_damaged_pages_are_named() {
    let (packets, all, length) = sound();
    let whole = pages(7, &packets, 2, |made, _| made);
    for at in 3..whole.len() {
        let mut lost = whole.clone();
        lost.remove(at);
        let mut damaged = whole.clone();
        let middle = damaged[at].len() / 2;
        damaged[at][middle] ^= 0x20;
        let mut uncaptured = whole.clone();
        uncaptured[at][0] = b'o';
        for pages in [lost, damaged, uncaptured] {
            let is_cut = pages.len() == at;
            match samples(&pages.concat()) {
                // The last page is not missed where nothing of it is there: the input ends.
                Ok(channels) => assert!(is_cut && channels == [&all[..channels[0].len()]]),
                Err(error) => {
                    assert!(error.contains("cannot be read") && error.contains("from sample"), "{error}");
                    let from = error.split("from sample ").nth(1).and_then(|rest| rest.split(' ').next());
                    let from: usize = from.expect("a number").parse().expect("a number");
                    let mut blocks = Blocks::open(Source::bytes(pages.concat())).expect("a file");
                    let mut before = Vec::new();
                    while let Ok(Some(block)) = blocks.next_block(50) {
                        before.extend(block);
                    }
                    assert!(before == all[..from]);
                }
            }
        }
    }
    // Numbers of pages that jump where the positions do not: nothing is missing.
    let mut renumbered = pages(7, &packets, 2, |made, _| made);
    let tail = packets[packets.len() - (packets.len() - 3 - 1) % 2 - 1..].to_vec();
    *renumbered.last_mut().expect("a page") = page(7, 900, LAST, length, &tail);
    assert!(samples(&renumbered.concat()).expect("samples") == [&all[..]]);
}

#[test]
fn what_is_behind_the_last_page_costs_nothing() {
    let bytes = golden("vorbis-mono.ogg");
    let plain = samples(&bytes).expect("samples");
    for tail in [&b"\n"[..], &[0; 500], b"TAG and so on", b"Ogg", b"OggS\0"] {
        assert!(samples(&[&bytes[..], tail].concat()).expect("samples") == plain);
    }
}

#[test]
fn links_of_one_kind_follow_each_other() {
    let bytes = golden("vorbis-mono.ogg");
    let one = samples(&bytes).expect("samples").swap_remove(0);
    let other = samples(&golden("vorbis-short.ogg")).expect("samples").swap_remove(0);
    let chained = [&bytes[..], b"\n", &golden("vorbis-short.ogg"), &bytes].concat();
    assert!(samples(&chained).expect("samples") == [[&one[..], &other, &one].concat()]);
    let links = probe(Source::bytes(chained)).expect("links").links;
    let link = |samples: &[f32]| Link {
        encoding: "vorbis".to_owned(),
        channels: 1,
        sample_rate: 16000,
        samples: samples.len() as u64,
    };
    assert_eq!(links, [link(&one), link(&other), link(&one)]);
    assert_eq!(probe(Source::bytes(bytes)).expect("a probe").links, []);
}

#[test]
fn a_link_of_another_kind_is_an_error_or_other_blocks() {
    let (mono, stereo) = (golden("vorbis-mono.ogg"), golden("vorbis-stereo.ogg"));
    let chained = [&mono[..], &stereo].concat();
    let error = decode(Source::bytes(chained.clone())).expect_err("an error");
    for part in ["link 2", "sample 6000", "2 channels at 44100 Hz", "1 channels at 16000 Hz"] {
        assert!(error.message().contains(part), "{}", error.message());
    }
    let mut blocks = Blocks::open(Source::bytes(chained.clone())).expect("a file");
    let mut found = [(16000, Vec::new()), (44100, Vec::new())];
    while let Some(block) = blocks.next_block(777).expect("a block") {
        let info = blocks.info();
        let (rate, samples) = &mut found[info.channels - 1];
        assert_eq!(info.sample_rate, *rate);
        samples.extend_from_slice(&block[..block.len() / info.channels]);
    }
    assert!(found[0].1 == samples(&mono).expect("samples")[0] && found[1].1 == samples(&stereo).expect("samples")[0]);
    let info = probe(Source::bytes(chained)).expect("links");
    assert_eq!((info.samples, info.links.len(), info.links[1].sample_rate), (Some(12000), 2, 44100));
}

#[test]
fn streams_beside_the_sound_are_passed_over() {
    let (packets, all, _) = sound();
    let mut mixed = pages(7, &packets, 4, |made, _| made);
    let other = [b"\x80theora".to_vec()];
    mixed.insert(0, page(9, 0, FIRST, 0, &other));
    for at in [3, 4, 6] {
        mixed.insert(at, page(9, at as u32, 0, 5, &other));
    }
    assert!(samples(&mixed.concat()).expect("samples") == [&all[..]]);
    // A page of a stream that never began may be sound.
    mixed.insert(5, page(11, 1, 0, 5, &other));
    assert!(samples(&mixed.concat()).is_err());
}

#[test]
fn other_codecs_are_named() {
    for (head, name) in [(&b"Speex   1.2"[..], "Speex"), (b"\x80theora\x03", "no Vorbis or FLAC")] {
        let bytes = [page(1, 0, FIRST, 0, &[head.to_vec()]), page(1, 1, 0, 0, &[vec![0; 9]])].concat();
        assert!(samples(&bytes).expect_err("an error").contains(name));
    }
}

/// What is missing at the end of a file that decodes: its samples, a count, and the second after which it is.
fn lack(bytes: &[u8]) -> (usize, u64, Option<f64>) {
    let count = samples(bytes).expect("samples")[0].len();
    let info = probe(Source::bytes(bytes.to_vec())).expect("a count");
    (count, info.missing, info.cut_at)
}

#[test]
fn a_cut_file_says_what_is_missing() {
    let (packets, _, length) = sound();
    for (cut_off, trim) in [(0, 0), (700, 100)] {
        let whole = pages(7, &packets, 2, |made, last| made - cut_off - if last { trim } else { 0 });
        let (count, missing, cut_at) = lack(&whole.concat());
        assert_eq!((count as i64, missing, cut_at), (length - cut_off - trim, 0, None));
        for at in 4..whole.len() {
            let before = whole[..at].concat();
            let there = lack(&before).0;
            for size in [1, 3, 4, 10, 17, 18, 26, 27, whole[at].len() - 1] {
                let found = lack(&[&before[..], &whole[at][..size]].concat());
                // The last page's header tells how far it goes.
                let expected = if at + 1 == whole.len() && size >= 18 {
                    (there, (count - there) as u64, None)
                } else {
                    (there, 0, Some(there as f64 / 16_000.0))
                };
                assert_eq!(found, expected, "{at} {size}");
            }
            assert_eq!(lack(&before), (there, 0, None));
        }
    }
}

#[test]
fn a_packet_without_its_end_is_missing() {
    let (packets, _, _) = sound();
    let mut whole = pages(7, &packets, 2, |made, _| made);
    let last = whole.pop().expect("a page");
    let there = lack(&whole.concat()).0;
    // A page of 255 bytes of a packet that goes on, and nothing after it.
    let mut begun =
        [&b"OggS\0\0"[..], &(-1i64).to_le_bytes(), &last[14..18], &last[18..22], &[0; 4], &[1, 255]].concat();
    begun.extend([0; 255]);
    let checksum = CRC32.of(&begun);
    begun[22..26].copy_from_slice(&checksum.to_le_bytes());
    whole.push(begun);
    assert_eq!(lack(&whole.concat()), (there, 0, Some(there as f64 / 16_000.0)));
}

#[test]
fn a_cut_link_is_told_from_what_is_behind_the_last() {
    let (mono, stereo) = (golden("vorbis-mono.ogg"), golden("vorbis-stereo.ogg"));
    for tail in [&b"\n"[..], &[0; 500], b"TAG and so on", b"Ogg"] {
        assert_eq!(lack(&[&mono[..], tail].concat()), (6000, 0, None));
    }
    assert_eq!(lack(&[&mono[..], &stereo[..20]].concat()), (6000, 0, Some(0.375)));
    let info = probe(Source::bytes([&stereo[..], &mono, &stereo[..20]].concat())).expect("links");
    assert_eq!((info.missing, info.cut_at), (0, Some(6000.0 / 44_100.0 + 0.375)));
}
