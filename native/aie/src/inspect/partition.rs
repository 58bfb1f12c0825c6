//! `AIE_PARTITION`: the columns that a design takes and the images that program them.

use dsp_core::Result;

use super::pdi::Pdi;
use super::reader::{Reader, u16_at, u32_at, u64_at};

const HEADER: u64 = 184;
const PDI: usize = 96;
const GROUP: usize = 96;

/// The section.
#[derive(Debug)]
pub struct Partition<'a> {
    pub schema: u8,
    pub name: &'a str,
    pub operations_per_cycle: u32,
    pub inference_fingerprint: u64,
    pub pre_post_fingerprint: u64,
    pub column_width: u16,
    /// The columns where it may begin.
    pub start_columns: Vec<u16>,
    pub pdis: Vec<PartitionPdi<'a>>,
    pub commit: &'a str,
}

/// One image, and which kernels it serves.
#[derive(Debug)]
pub struct PartitionPdi<'a> {
    pub uuid: &'a [u8],
    /// Bytes of the image.
    pub size: u32,
    /// None where there are no bytes.
    pub image: Option<Box<Pdi<'a>>>,
    pub groups: Vec<CdoGroup<'a>>,
}

#[derive(Debug)]
pub struct CdoGroup<'a> {
    pub name: &'a str,
    pub kind: u8,
    pub pdi_id: u64,
    ids: &'a [u8],
    pre: &'a [u8],
}

impl CdoGroup<'_> {
    pub fn kind_name(&self) -> Option<&'static str> {
        ["UNKNOWN", "PRIMARY", "LITE", "PREPOST"].get(usize::from(self.kind)).copied()
    }

    pub fn kernel_ids(&self) -> impl Iterator<Item = u64> {
        self.ids.chunks_exact(8).map(|bytes| u64_at(bytes, 0))
    }

    pub fn pre_groups(&self) -> impl Iterator<Item = u32> {
        self.pre.chunks_exact(4).map(|bytes| u32_at(bytes, 0))
    }
}

/// The section's bytes that arrays have not yet taken: were several allowed the same ones, a short file would be a large result.
struct Budget<'a> {
    section: Reader<'a>,
    left: u64,
}

impl<'a> Budget<'a> {
    /// The array whose count and offset stand at `at` of an element.
    fn array(&mut self, element: &[u8], at: usize, size: usize, what: &str) -> Result<std::slice::ChunksExact<'a, u8>> {
        let count = u64::from(u32_at(element, at));
        if count == 0 {
            return self.section.array(0, 0, size, what);
        }
        let array = self.section.array(u32_at(element, at + 4).into(), count, size, what)?;
        let taken = count * size as u64;
        let Some(left) = self.left.checked_sub(taken) else {
            let expected = format!("at most {} bytes", self.left);
            return Err(self.section.broken(expected, taken, &format!("{what} shares its bytes with others")));
        };
        self.left = left;
        Ok(array)
    }

    fn bytes(&mut self, element: &[u8], at: usize, size: usize, what: &str) -> Result<&'a [u8]> {
        let count = self.array(element, at, size, what)?.len();
        self.section.slice(if count == 0 { 0 } else { u32_at(element, at + 4).into() }, (count * size) as u64, what)
    }

    /// A string, none where its offset is 0.
    fn text(&self, offset: u32, what: &str) -> Result<&'a str> {
        if offset == 0 { Ok("") } else { self.section.text(offset.into(), what) }
    }
}

impl<'a> Partition<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let section = Reader::new(bytes, "AIE_PARTITION");
        let header = section.slice(0, HEADER, "the header")?;
        let mut budget = Budget { section, left: bytes.len() as u64 - HEADER };
        let columns = budget.array(header, 40, 2, "the list of start columns")?;
        let elements = budget.array(header, 120, PDI, "the list of PDIs")?;
        let mut pdis = Vec::with_capacity(elements.len());
        for element in elements {
            pdis.push(pdi(&mut budget, element)?);
        }
        Ok(Self {
            schema: header[0],
            name: budget.text(u32_at(header, 4), "the name")?,
            operations_per_cycle: u32_at(header, 8),
            inference_fingerprint: u64_at(header, 16),
            pre_post_fingerprint: u64_at(header, 24),
            column_width: u16_at(header, 32),
            start_columns: columns.map(|bytes| u16_at(bytes, 0)).collect(),
            pdis,
            commit: budget.text(u32_at(header, 128), "the commit")?,
        })
    }
}

fn pdi<'a>(budget: &mut Budget<'a>, element: &'a [u8]) -> Result<PartitionPdi<'a>> {
    let image = budget.bytes(element, 16, 1, "a PDI's image")?;
    let elements = budget.array(element, 24, GROUP, "a PDI's list of CDO groups")?;
    let mut groups = Vec::with_capacity(elements.len());
    for element in elements {
        groups.push(CdoGroup {
            name: budget.text(u32_at(element, 0), "a CDO group's name")?,
            kind: element[4],
            pdi_id: u64_at(element, 8),
            ids: budget.bytes(element, 16, 8, "a CDO group's list of kernel ids")?,
            pre: budget.bytes(element, 24, 4, "a CDO group's list of groups before it")?,
        });
    }
    let size = image.len() as u32;
    let image = if image.is_empty() { None } else { Some(Box::new(Pdi::parse(image)?)) };
    Ok(PartitionPdi { uuid: &element[..16], size, image, groups })
}
