//! Configuration data objects: the commands in a PDI that set the array's registers and memories.

use dsp_core::Result;

use super::reader::{Reader, u32_at};

const HEADER: u64 = 20;
const IDENTIFIER: u32 = u32::from_le_bytes(*b"CDO\0");

/// Commands whose lengths were all checked.
#[derive(Debug)]
pub struct Cdo<'a> {
    /// Major and minor.
    pub version: [u8; 2],
    commands: &'a [u8],
}

/// A command that configures the array, by the names of the platform loader's documentation.
fn name(api: u32) -> Option<&'static str> {
    Some(match api & 0xffff {
        0x100 => "END",
        0x101 => "MASK_POLL",
        0x102 => "MASK_WRITE",
        0x103 => "WRITE",
        0x104 => "DELAY",
        0x105 => "DMA_WRITE",
        0x106 => "MASK_POLL64",
        0x107 => "MASK_WRITE64",
        0x108 => "WRITE64",
        0x109 => "DMA_XFER",
        0x111 => "NOP",
        0x11d => "SET_BLOCK",
        0x120 => "MARKER",
        _ => return None,
    })
}

impl<'a> Cdo<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let data = Reader::new(bytes, "CDO");
        let header = data.slice(0, HEADER, "the header")?;
        let [remaining, identifier, version, length] = [0, 4, 8, 12].map(|at| u32_at(header, at));
        if remaining != 4 || identifier != IDENTIFIER {
            return Err(data.broken("4, CDO", format!("{remaining}, {identifier:#x}"), "the header"));
        }
        let sum = !remaining.wrapping_add(identifier).wrapping_add(version).wrapping_add(length);
        if u32_at(header, 16) != sum {
            let actual = format!("{:#010x}", u32_at(header, 16));
            return Err(data.broken(format!("{sum:#010x}"), actual, "the header's checksum"));
        }
        let commands = data.slice(HEADER, u64::from(length) * 4, "the list of commands")?;
        let mut at = 0;
        while at < commands.len() {
            at += command(&Reader::new(&commands[at..], "CDO"))?.1;
        }
        Ok(Self { version: [(version >> 8) as u8, version as u8], commands })
    }

    /// The commands' codes, their names where they are known, and how many bytes of data each has.
    pub fn commands(&self) -> impl Iterator<Item = (u32, Option<&'static str>, usize)> {
        let mut rest = self.commands;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (api, size, head) = command(&Reader::new(rest, "CDO")).ok()?;
            rest = &rest[size..];
            Some((api, name(api), size - head))
        })
    }
}

/// The command at the beginning: its code, its size, and how much of that is its header.
fn command(rest: &Reader<'_>) -> Result<(u32, usize, usize)> {
    let word = rest.u32(0, "a command")?;
    let (head, count) = match word >> 16 & 0xff {
        255 => (8, rest.u32(4, "a command's length")?),
        count => (4, count),
    };
    let size = head + u64::from(count) * 4;
    rest.slice(0, size, &format!("command {:#x}", word & 0xffff))?;
    Ok((word & 0xffff, size as usize, head as usize))
}
