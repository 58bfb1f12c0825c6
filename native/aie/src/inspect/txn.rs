//! Instruction streams: transactions (TXN) of version 0.1, which the NPU's controller carries out one operation after another.

use std::fmt;

use dsp_core::Result;

use super::reader::{Reader, u32_at, u64_at};

const HEADER: u64 = 16;
/// The version, and the device generations that there are.
const VERSION: [u8; 2] = [0, 1];

/// A stream whose operations were all checked.
#[derive(Debug)]
pub struct Transaction<'a> {
    /// 3 for npu1, 4 for npu2.
    pub generation: u8,
    pub rows: u8,
    pub columns: u8,
    pub memory_rows: u8,
    pub count: u32,
    operations: &'a [u8],
}

/// A register of a tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Register {
    pub column: u32,
    pub row: u32,
    pub offset: u32,
}

/// Its address.
impl fmt::LowerHex for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&(self.column << 25 | self.row << 20 | self.offset), f)
    }
}

impl Register {
    fn at(address: u64) -> Option<Self> {
        let address = u32::try_from(address).ok()?;
        Some(Self { column: address >> 25, row: address >> 20 & 31, offset: address & 0xf_ffff })
    }
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation<'a> {
    Write {
        register: Register,
        value: u32,
    },
    BlockWrite {
        register: Register,
        words: &'a [u8],
    },
    MaskWrite {
        register: Register,
        value: u32,
        mask: u32,
    },
    /// Waits until the register's bits under the mask have the value.
    MaskPoll {
        register: Register,
        value: u32,
        mask: u32,
        busy: bool,
    },
    NoOperation,
    Preempt {
        level: u8,
    },
    /// Waits for tokens of a channel of `rows` x `columns` tiles; `to_memory`: S2MM.
    Wait {
        row: u8,
        column: u8,
        rows: u8,
        columns: u8,
        to_memory: bool,
        channel: u8,
    },
    /// Adds an argument's address and an offset to a buffer descriptor.
    AddressPatch {
        register: Register,
        argument: u32,
        offset: u64,
    },
    /// Known by name and size only.
    Other {
        name: &'static str,
        bytes: &'a [u8],
    },
}

pub fn is_transaction(bytes: &[u8]) -> bool {
    // The generation and the two bytes of padding too: two bytes alone would take much else for a stream.
    bytes.starts_with(&VERSION) && bytes.len() >= 8 && (1..=8).contains(&bytes[2]) && bytes[6..8] == [0, 0]
}

impl<'a> Transaction<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let file = Reader::new(bytes, "instructions");
        let header = file.slice(0, HEADER, "the header")?;
        let (count, size) = (u32_at(header, 8), u32_at(header, 12));
        if u64::from(size) != bytes.len() as u64 {
            let expected = format!("{size} bytes, as the header says");
            return Err(file.broken(expected, bytes.len(), "the file's length"));
        }
        let operations = &bytes[HEADER as usize..];
        let mut at = 0;
        for i in 0..count {
            let (_, size) = operation(&Reader::new(&operations[at..], "instructions"), i)?;
            at += size;
        }
        if at != operations.len() {
            let actual = format!("{} more bytes", operations.len() - at);
            return Err(file.broken(format!("its end after {count} operations"), actual, "the end"));
        }
        let [generation, rows, columns, memory_rows] = [header[2], header[3], header[4], header[5]];
        Ok(Self { generation, rows, columns, memory_rows, count, operations })
    }

    /// The operations, in their order.
    pub fn operations(&self) -> impl Iterator<Item = Operation<'a>> {
        let mut rest = self.operations;
        (0..self.count).map_while(move |i| {
            let (operation, size) = operation(&Reader::new(rest, "instructions"), i).ok()?;
            rest = &rest[size..];
            Some(operation)
        })
    }
}

/// The operation at the beginning, and its size.
fn operation<'a>(rest: &Reader<'a>, i: u32) -> Result<(Operation<'a>, usize)> {
    let what = format!("operation {i}");
    let code = rest.u32(0, &what)? as u8;
    // Where the size stands, and the least that it can be; a size of 4 stands nowhere.
    let (size_at, least) = match code {
        0 => (20, 24),
        1 => (12, 16),
        3 | 4 | 7 => (24, 28),
        5 | 6 => (0, 4),
        0x80 => (4, 16),
        0x81 => (4, 48),
        0x82..=0x84 => (4, 8),
        _ => {
            let expected = "one of 0, 1, 3 to 7, 0x80 to 0x84";
            return Err(rest.broken(expected, format!("{code:#04x}"), &format!("the code of {what}")));
        }
    };
    let size = if size_at == 0 { 4 } else { rest.u32(size_at, &what)? };
    if size < least || size % 4 != 0 {
        let expected = format!("a multiple of 4 of at least {least} bytes");
        return Err(rest.broken(expected, size, &format!("the size of {what}")));
    }
    let bytes = rest.slice(0, size.into(), &what)?;
    let register = |at: usize| {
        let address = u64_at(bytes, at);
        Register::at(address)
            .ok_or_else(|| rest.broken("32 bits", format!("{address:#x}"), &format!("the register of {what}")))
    };
    // A block's register is of 32 bits, and its size follows.
    let operation = match code {
        0 => Operation::Write { register: register(8)?, value: u32_at(bytes, 16) },
        1 => {
            let address = u64::from(u32_at(bytes, 8));
            let register = Register::at(address).expect("32 bits");
            Operation::BlockWrite { register, words: &bytes[16..] }
        }
        3 => Operation::MaskWrite { register: register(8)?, value: u32_at(bytes, 16), mask: u32_at(bytes, 20) },
        4 | 7 => {
            let (value, mask) = (u32_at(bytes, 16), u32_at(bytes, 20));
            Operation::MaskPoll { register: register(8)?, value, mask, busy: code == 7 }
        }
        5 => Operation::NoOperation,
        6 => Operation::Preempt { level: bytes[1] },
        0x80 => Operation::Wait {
            row: bytes[9],
            column: bytes[10],
            rows: bytes[13],
            columns: bytes[14],
            to_memory: bytes[8] == 0,
            channel: bytes[15],
        },
        0x81 => {
            let argument = u32_at(bytes, 32);
            Operation::AddressPatch { register: register(24)?, argument, offset: u64_at(bytes, 40) }
        }
        0x82 => Operation::Other { name: "READ_REGS", bytes },
        0x83 => Operation::Other { name: "RECORD_TIMER", bytes },
        _ => Operation::Other { name: "MERGE_SYNC", bytes },
    };
    Ok((operation, size as usize))
}
