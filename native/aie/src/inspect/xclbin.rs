//! The xclbin container, as XRT's `xclbin.h` declares it.

use dsp_core::Result;

use super::partition::Partition;
use super::pdi::Pdi;
use super::reader::{Reader, u16_at, u32_at, u64_at};
use super::sections::{Bank, Connection, Instance, banks, connections, instances};
use super::xml::{Kernel, kernels};

pub const MAGIC: &[u8] = b"xclbin2\0";
const HEADER: usize = 456;
const SECTION: usize = 40;
const MAX_SECTIONS: u32 = 0x10000;
const MIRROR: (&[u8], &[u8]) = (b"XCLBIN_MIRROR_DATA_START", b"XCLBIN_MIRROR_DATA_END");

#[rustfmt::skip]
const KINDS: [&str; 37] = [
    "BITSTREAM", "CLEARING_BITSTREAM", "EMBEDDED_METADATA", "FIRMWARE", "DEBUG_DATA", "SCHED_FIRMWARE", "MEM_TOPOLOGY",
    "CONNECTIVITY", "IP_LAYOUT", "DEBUG_IP_LAYOUT", "DESIGN_CHECK_POINT", "CLOCK_FREQ_TOPOLOGY", "MCS", "BMC",
    "BUILD_METADATA", "KEYVALUE_METADATA", "USER_METADATA", "DNA_CERTIFICATE", "PDI", "BITSTREAM_PARTIAL_PDI",
    "PARTITION_METADATA", "EMULATION_DATA", "SYSTEM_METADATA", "SOFT_KERNEL", "ASK_FLASH", "AIE_METADATA",
    "ASK_GROUP_TOPOLOGY", "ASK_GROUP_CONNECTIVITY", "SMARTNIC", "AIE_RESOURCES", "OVERLAY", "VENDER_METADATA",
    "AIE_PARTITION", "IP_METADATA", "AIE_RESOURCES_BIN", "AIE_TRACE_METADATA", "DTBO",
];

/// An xclbin.
#[derive(Debug)]
pub struct Xclbin<'a> {
    /// Bytes of the file, as its header has it.
    pub length: u64,
    /// Bytes of the signature after that, if it is signed.
    pub signature: Option<u32>,
    /// Major, minor, patch.
    pub version: [u16; 3],
    pub mode: u16,
    pub platform: &'a str,
    pub uuid: &'a [u8],
    pub sections: Vec<Section<'a>>,
    /// Bytes of xclbinutil's own copy of the metadata (JSON) at the end, which nothing else reads.
    pub mirror: u64,
    /// Bytes after the last section that are none of these.
    pub trailing: u64,
}

/// A section, and what is in it.
#[derive(Debug)]
pub struct Section<'a> {
    header: &'a [u8; SECTION],
    pub contents: Contents<'a>,
}

/// What was decoded of a section.
#[derive(Debug)]
pub enum Contents<'a> {
    Memory(Vec<Bank<'a>>),
    Connectivity(Vec<Connection>),
    Instances(Vec<Instance<'a>>),
    Kernels(Vec<Kernel<'a>>),
    // Boxed: few sections are so large, and there may be many sections.
    Partition(Box<Partition<'a>>),
    Pdi(Box<Pdi<'a>>),
    /// This kind is not decoded.
    Opaque,
}

impl<'a> Section<'a> {
    pub fn kind(&self) -> u32 {
        u32_at(self.header, 0)
    }

    pub fn name(&self) -> &'a str {
        name(self.header).unwrap_or("")
    }

    pub fn offset(&self) -> u64 {
        u64_at(self.header, 24)
    }

    pub fn size(&self) -> u64 {
        u64_at(self.header, 32)
    }

    /// The name of its kind, if it is known.
    pub fn kind_name(&self) -> Option<&'static str> {
        KINDS.get(self.kind() as usize).copied()
    }
}

impl<'a> Xclbin<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let file = Reader::new(bytes, "xclbin");
        let header = file.slice(0, HEADER as u64, "the header")?;
        let signature = match u32_at(header, 8) {
            u32::MAX => None,
            size => Some(size),
        };
        let length = u64_at(header, 304);
        let size = bytes.len() as u64;
        if length != size && length.checked_add(signature.unwrap_or(0).into()) != Some(size) {
            return Err(file.broken(
                format!("{length} bytes, as its header says"),
                format!("{size}"),
                "the file's length",
            ));
        }
        let count = u32_at(header, 448);
        if count > MAX_SECTIONS {
            return Err(file.broken(format!("at most {MAX_SECTIONS} sections"), count, "the number of sections"));
        }
        let headers = file.array(HEADER as u64, count.into(), SECTION, "the list of sections")?;
        let first = HEADER as u64 + u64::from(count) * SECTION as u64;
        check_order(&file, headers.clone(), first, length)?;
        let mut sections = Vec::with_capacity(count as usize);
        for bytes in headers {
            sections.push(section(&file, bytes)?);
        }
        let end = sections.iter().map(|section| section.offset() + section.size()).max().unwrap_or(first);
        let rest = &bytes[end.max(first) as usize..length as usize];
        let is_mirror = rest.starts_with(MIRROR.0) && rest.ends_with(MIRROR.1);
        let rest = rest.len() as u64;
        Ok(Self {
            length,
            signature,
            version: [header[330].into(), header[331].into(), u16_at(header, 328)],
            mode: u16_at(header, 332),
            platform: file.field(&header[352..416], "the platform's name")?,
            uuid: &header[416..432],
            sections,
            mirror: if is_mirror { rest } else { 0 },
            trailing: if is_mirror { 0 } else { rest },
        })
    }
}

/// Checks that sections lie within the file, after the headers, and apart: of two that share bytes, each would take memory for them.
fn check_order(file: &Reader<'_>, headers: std::slice::ChunksExact<'_, u8>, first: u64, length: u64) -> Result<()> {
    let mut places = Vec::with_capacity(headers.len());
    for (i, header) in headers.enumerate() {
        let (offset, size) = (u64_at(header, 24), u64_at(header, 32));
        if offset < first || offset.checked_add(size).is_none_or(|end| end > length) {
            let actual = format!("{size} bytes from byte {offset}");
            return Err(file.broken(
                format!("bytes {first} to {length}"),
                actual,
                &format!("the place of section {i}"),
            ));
        }
        places.push((offset, size));
    }
    places.sort_unstable();
    places.retain(|&(_, size)| size > 0);
    for pair in places.windows(2) {
        let end = pair[0].0 + pair[0].1;
        if end > pair[1].0 {
            return Err(file.broken(format!("byte {end} or later"), pair[1].0, "a section begins inside another"));
        }
    }
    Ok(())
}

fn name(header: &[u8]) -> Result<&str> {
    Reader::new(header, "xclbin").field(&header[4..20], "a section's name")
}

fn section<'a>(file: &Reader<'a>, header: &'a [u8]) -> Result<Section<'a>> {
    let (kind, offset, size) = (u32_at(header, 0), u64_at(header, 24), u64_at(header, 32));
    let bytes = file.slice(offset, size, "a section")?;
    let contents = match kind {
        2 => Contents::Kernels(kernels(bytes)?),
        6 => Contents::Memory(banks(&Reader::new(bytes, "MEM_TOPOLOGY"))?),
        7 => Contents::Connectivity(connections(&Reader::new(bytes, "CONNECTIVITY"))?),
        8 => Contents::Instances(instances(&Reader::new(bytes, "IP_LAYOUT"))?),
        18 => Contents::Pdi(Box::new(Pdi::parse(bytes)?)),
        26 => Contents::Memory(banks(&Reader::new(bytes, "ASK_GROUP_TOPOLOGY"))?),
        27 => Contents::Connectivity(connections(&Reader::new(bytes, "ASK_GROUP_CONNECTIVITY"))?),
        32 => Contents::Partition(Box::new(Partition::parse(bytes)?)),
        _ => Contents::Opaque,
    };
    name(header)?;
    let header = header.try_into().expect("a header of 40 bytes");
    Ok(Section { header, contents })
}
