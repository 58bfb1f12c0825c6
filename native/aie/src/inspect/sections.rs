//! The sections of an xclbin that are one array: memory banks, connections and instances of kernels.

use dsp_core::Result;

use super::reader::{Reader, u32_at, u64_at};

/// A memory bank.
#[derive(Debug)]
pub struct Bank<'a> {
    pub kind: u8,
    pub used: bool,
    /// Its size in KiB.
    pub size: u64,
    pub base: u64,
    pub tag: &'a str,
}

/// Which bank an argument of an instance is connected to: indices into the other sections.
#[derive(Debug, PartialEq)]
pub struct Connection {
    pub argument: u32,
    pub instance: u32,
    pub bank: u32,
}

/// An instance of a kernel, `KERNEL:INSTANCE`.
#[derive(Debug)]
pub struct Instance<'a> {
    pub kind: u32,
    properties: u32,
    /// None where it has no address.
    pub base: Option<u64>,
    pub name: &'a str,
}

impl Bank<'_> {
    pub fn kind_name(&self) -> Option<&'static str> {
        #[rustfmt::skip]
        const KINDS: [&str; 12] = [
            "DDR3", "DDR4", "DRAM", "STREAMING", "PREALLOCATED_GLOB", "ARE", "HBM", "BRAM", "URAM",
            "STREAMING_CONNECTION", "HOST", "PS_KERNEL",
        ];
        KINDS.get(usize::from(self.kind)).copied()
    }
}

/// The kind of an instance whose further fields mean something here.
const PS_KERNEL: u32 = 7;

impl Instance<'_> {
    pub fn kind_name(&self) -> Option<&'static str> {
        #[rustfmt::skip]
        const KINDS: [&str; 8] =
            ["MB", "KERNEL", "DNASC", "DDR4_CONTROLLER", "MEM_DDR4", "MEM_HBM", "MEM_HBM_ECC", "PS_KERNEL"];
        KINDS.get(self.kind as usize).copied()
    }

    /// Whether it runs on the NPU's tiles.
    pub fn is_dpu(&self) -> bool {
        self.kind == PS_KERNEL && self.properties & 3 == 1
    }

    pub fn functional(&self) -> u32 {
        self.properties >> 4 & 3
    }

    pub fn kernel_id(&self) -> u32 {
        self.properties >> 16 & 0xfff
    }
}

/// The elements after a count, where a negative one is an error.
fn elements<'a>(section: &Reader<'a>, at: u64, size: usize) -> Result<std::slice::ChunksExact<'a, u8>> {
    let count = section.u32(0, "the count")?;
    if i32::try_from(count).is_err() {
        return Err(section.broken("a count of at least 0", count as i32, "the count"));
    }
    section.array(at, count.into(), size, "the array")
}

pub fn banks<'a>(section: &Reader<'a>) -> Result<Vec<Bank<'a>>> {
    let elements = elements(section, 8, 40)?;
    let mut banks = Vec::with_capacity(elements.len());
    for bytes in elements {
        let tag = section.field(&bytes[24..], "a bank's tag")?;
        banks.push(Bank { kind: bytes[0], used: bytes[1] != 0, size: u64_at(bytes, 8), base: u64_at(bytes, 16), tag });
    }
    Ok(banks)
}

pub fn connections(section: &Reader<'_>) -> Result<Vec<Connection>> {
    let elements = elements(section, 4, 12)?;
    let connection =
        |bytes| Connection { argument: u32_at(bytes, 0), instance: u32_at(bytes, 4), bank: u32_at(bytes, 8) };
    Ok(elements.map(connection).collect())
}

pub fn instances<'a>(section: &Reader<'a>) -> Result<Vec<Instance<'a>>> {
    let elements = elements(section, 8, 80)?;
    let mut instances = Vec::with_capacity(elements.len());
    for bytes in elements {
        let name = section.field(&bytes[16..], "an instance's name")?;
        let base = Some(u64_at(bytes, 8)).filter(|&base| base != u64::MAX);
        instances.push(Instance { kind: u32_at(bytes, 0), properties: u32_at(bytes, 4), base, name });
    }
    Ok(instances)
}
