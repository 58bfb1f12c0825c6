//! Small files of every kind, made by hand.

// Each test uses some of them.
#![allow(dead_code)]

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A text in a field of fixed size.
fn field(text: &str, size: usize) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(size, 0);
    bytes
}

/// An instruction stream of six operations.
pub fn transaction() -> Vec<u8> {
    let mut patch = [0; 12];
    (patch[0], patch[1], patch[6], patch[8], patch[10]) = (0x81, 48, 0x1d004, 1, 64);
    let operations = [
        words(&[0, 0, 0x1d000, 0, 5, 24]),
        words(&[1, 0, 0x1d000, 48, 1, 2, 0, 4, 5, 6, 7, 8]),
        words(&[3, 0, 0x0223_2000, 0, 7, 255, 28]),
        words(&patch),
        words(&[0x80, 16, 0x0002_0000, 0x0101_0100]),
        words(&[5]),
    ]
    .concat();
    [words(&[0x0603_0100, 0x0000_0101, 6, 16 + operations.len() as u32]), operations].concat()
}

/// Adds what makes the sum of all words 0xffffffff.
fn summed(mut header: Vec<u32>) -> Vec<u8> {
    header.push(!header.iter().fold(0, |sum: u32, word| sum.wrapping_add(*word)));
    words(&header)
}

/// A device image of one partition with two commands.
pub fn pdi() -> Vec<u8> {
    let mut table = vec![0; 31];
    (table[0], table[1], table[2], table[3], table[4]) = (0x40000, 1, 0x24, 1, 0x34);
    table[17] = 1;
    (table[6], table[10], table[11], table[12]) = (0x14ca_8093, u32::from_be_bytes(*b"PPDI"), 0x20_1020, 0x30);
    let mut image = vec![0; 15];
    (image[0], image[1], image[8]) = (0x34, 1, 0x1c00_0000);
    for (word, bytes) in image[4..8].iter_mut().zip(field("aie_image", 16).chunks(4)) {
        *word = u32::from_le_bytes(bytes.try_into().expect("4 bytes"));
    }
    let mut partition = vec![0; 31];
    (partition[0], partition[1], partition[2], partition[8], partition[9]) = (12, 9, 12, 0x54, 0x0200_0006);
    (partition[6], partition[7], partition[10]) = (u32::MAX, u32::MAX, 1);
    let commands = [0x0002_0103, 0xf700_0000, 1, 0x0000_0111];
    let cdo = [summed(vec![4, u32::from_le_bytes(*b"CDO\0"), 0x200, 4]), words(&commands), vec![0; 12]].concat();
    let start = words(&[0xdd, 0x1122_3344, 0x5566_7788, 0x99aa_bbcc]);
    [start, summed(table), summed(image), summed(partition), cdo].concat()
}

/// `AIE_PARTITION` with one image, or two images that share its bytes.
pub fn partition(is_shared: bool) -> Vec<u8> {
    let count = if is_shared { 40 } else { 1 };
    let image = pdi();
    let names = [0, 184, 188].map(|at| at as u32);
    let pdis = 192;
    let group = pdis + 96 * count;
    let ids = group + 96;
    let pre = ids + 8;
    let columns = pre + 4;
    let data = columns + 4;
    let mut header = vec![0; 46];
    (header[1], header[2], header[4], header[6], header[8]) = (names[1], 2048, 23423, 12345, 4);
    (header[10], header[11], header[30], header[31], header[32]) = (2, columns, count, pdis, 0);
    let mut element = vec![0; 24];
    (element[3], element[4], element[5], element[6], element[7]) = (0x2580_0000, image.len() as u32, data, 1, group);
    let mut groups = vec![0; 24];
    (groups[0], groups[1], groups[2], groups[4], groups[5], groups[6], groups[7]) = (names[2], 1, 1, 1, ids, 1, pre);
    let arrays = [words(&groups), words(&[0x901, 0, 0xc1]), [1, 0, 2, 0].to_vec()].concat();
    [words(&header), b"QoS\0DPU\0".to_vec(), words(&element).repeat(count as usize), arrays, image].concat()
}

const XML: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- a comment > with a bracket -->
<project><platform><device><core><kernel name="MLIR_AIE" language="c" type="dpu">
<arg name="opcode" addressQualifier="0" id="0" size="0x8" offset="0x00" type="uint64_t"/>
<arg name="bo0" addressQualifier="1" id="3" size="0x8" offset="0x14" type="void*"/>
<instance name="MLIRAIE"/></kernel></core></device></platform></project>
"#;

/// A container with a section of every kind that is decoded, and one that is not.
pub fn xclbin() -> Vec<u8> {
    let bank = |kib: u32, tag: &str| [words(&[0x0102, 0, kib, 0, 0x400_0000, 0]), field(tag, 16)].concat();
    let memory = [words(&[2, 0]), bank(0x10000, "HOST"), bank(0xc000, "SRAM")].concat();
    let connectivity = words(&[2, 1, 0, 1, 3, 0, 0]);
    let layout = [words(&[1, 0, 7, 0x0901_0001, u32::MAX, u32::MAX]), field("MLIR_AIE:MLIRAIE", 64)].concat();
    let sections: [(u32, &str, Vec<u8>); 7] = [
        (6, "sixteen letters.", memory),
        (7, "", connectivity),
        (8, "", layout),
        (2, "", XML.as_bytes().to_vec()),
        (32, "part", partition(false)),
        (18, "", pdi()),
        (36, "", vec![1, 2, 3]),
    ];
    let mut file = b"xclbin2\0".to_vec();
    file.resize(456, 0);
    file[8..304].fill(0xff);
    (file[330], file[331]) = (2, 25);
    file[352..355].copy_from_slice(b"npu");
    file[416..432].copy_from_slice(&std::array::from_fn::<u8, 16, _>(|i| i as u8));
    file[448] = sections.len() as u8;
    let mut at = 456 + 40 * sections.len();
    for (kind, name, bytes) in &sections {
        let header = [words(&[*kind]), field(name, 16), vec![0; 4]].concat();
        file.extend(header);
        file.extend((at as u64).to_le_bytes());
        file.extend((bytes.len() as u64).to_le_bytes());
        at += bytes.len();
    }
    for (_, _, bytes) in sections {
        file.extend(bytes);
    }
    let length = file.len() as u64;
    file[304..312].copy_from_slice(&length.to_le_bytes());
    file
}
