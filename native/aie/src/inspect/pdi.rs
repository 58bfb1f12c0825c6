//! Programmable device images (PDI) without a boot header, as `bootgen` writes them for a partition of the array.

use dsp_core::Result;

use super::cdo::Cdo;
use super::reader::{Hex, Reader, u32_at};

const START: [u8; 16] = [0xdd, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0x88, 0x77, 0x66, 0x55, 0xcc, 0xbb, 0xaa, 0x99];
const TABLE: usize = 128;
const IMAGE: usize = 64;
const PARTITION: usize = 128;

/// An image file: images, each of partitions.
#[derive(Debug)]
pub struct Pdi<'a> {
    pub version: u32,
    /// The chip.
    pub id_code: u32,
    /// Four letters, the last one first: `IDPP` for part of a design, `IDPF` for all of it.
    id: &'a str,
    pub images: Vec<Image<'a>>,
    pub partitions: Vec<PdiPartition<'a>>,
    /// Bytes after the last partition.
    pub trailing: u64,
}

#[derive(Debug)]
pub struct Image<'a> {
    pub name: &'a str,
    pub id: u32,
    /// How many of the partitions are its own, after those of the images before.
    pub partitions: u32,
}

#[derive(Debug)]
pub struct PdiPartition<'a> {
    kind: u8,
    pub offset: u64,
    pub size: u64,
    pub encrypted: bool,
    /// Its commands, unless it is encrypted or of another type.
    pub cdo: Option<Cdo<'a>>,
}

impl Pdi<'_> {
    /// `PPDI` for part of a design, `FPDI` for all of it.
    pub fn id(&self) -> String {
        self.id.chars().rev().collect()
    }
}

impl PdiPartition<'_> {
    /// Its type.
    pub fn kind(&self) -> u8 {
        self.kind
    }

    pub fn kind_name(&self) -> Option<&'static str> {
        ["reserved", "elf", "cdo", "cfi", "raw"].get(usize::from(self.kind)).copied()
    }
}

pub fn is_pdi(bytes: &[u8]) -> bool {
    bytes.starts_with(&START)
}

impl<'a> Pdi<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let file = Reader::new(bytes, "PDI");
        let start = file.slice(0, START.len() as u64, "the first bytes")?;
        if !is_pdi(start) {
            return Err(file.broken(Hex(&START), Hex(start), "the first bytes"));
        }
        let table = file.slice(START.len() as u64, TABLE as u64, "the table of images")?;
        check_sum(&file, table, "the table of images")?;
        let (images_at, partitions_at) = (words(table, 8), words(table, 16));
        let sizes = u32_at(table, 44) & 0xff_ffff;
        if sizes != 0x20_1020 {
            return Err(file.broken("0x201020", format!("{sizes:#x}"), "the sizes of the headers"));
        }
        let id = file.field(&table[40..44], "the identifier")?;
        let headers = file.array(images_at, u32_at(table, 4).into(), IMAGE, "the image headers")?;
        let mut images = Vec::with_capacity(headers.len());
        for header in headers {
            check_sum(&file, header, "an image header")?;
            let name = file.field(&header[16..32], "an image's name")?;
            images.push(Image { name, id: u32_at(header, 32), partitions: u32_at(header, 4) });
        }
        let headers = file.array(partitions_at, u32_at(table, 12).into(), PARTITION, "the partition headers")?;
        let counted = images.iter().map(|image| u64::from(image.partitions)).sum::<u64>();
        if counted != headers.len() as u64 {
            let expected = format!("{} as in the table", headers.len());
            return Err(file.broken(expected, counted, "the number of partitions of all images"));
        }
        let mut end = START.len() as u64 + TABLE as u64;
        end = end.max(images_at + images.len() as u64 * IMAGE as u64);
        end = end.max(partitions_at + headers.len() as u64 * PARTITION as u64);
        let mut partitions = Vec::with_capacity(headers.len());
        for header in headers {
            let partition = partition(&file, header)?;
            end = end.max(partition.offset + partition.size);
            partitions.push(partition);
        }
        let trailing = bytes.len() as u64 - end;
        Ok(Self { version: u32_at(table, 0), id_code: u32_at(table, 24), id, images, partitions, trailing })
    }
}

/// A number of bytes or an offset, which the file gives in words.
fn words(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) * 4
}

/// The last word of a header is the complement of the sum of the others.
fn check_sum(file: &Reader<'_>, header: &[u8], what: &str) -> Result<()> {
    let (others, last) = header.split_at(header.len() - 4);
    let sum = !others.chunks_exact(4).fold(0u32, |sum, word| sum.wrapping_add(u32_at(word, 0)));
    let stated = u32_at(last, 0);
    if sum == stated {
        return Ok(());
    }
    Err(file.broken(format!("{sum:#010x}"), format!("{stated:#010x}"), &format!("the checksum of {what}")))
}

fn partition<'a>(file: &Reader<'a>, header: &[u8]) -> Result<PdiPartition<'a>> {
    check_sum(file, header, "a partition header")?;
    let (offset, size) = (words(header, 32), words(header, 8));
    let (plain, stored) = (words(header, 4), words(header, 0));
    let data = file.slice(offset, size, "a partition")?;
    if plain > stored || stored > size {
        let expected = format!("no more than {stored} and {size} bytes");
        return Err(file.broken(expected, format!("{plain} and {stored}"), "the lengths of a partition"));
    }
    let kind = (u32_at(header, 36) >> 24 & 7) as u8;
    let encrypted = u32_at(header, 68) != 0;
    let cdo = if kind == 2 && !encrypted { Some(Cdo::parse(&data[..plain as usize])?) } else { None };
    Ok(PdiPartition { kind, offset, size, encrypted, cdo })
}
