//! What is in the files that an NPU is programmed with: xclbin containers, instruction streams (TXN) and device images (PDI).
//!
//! Every offset, count and string is checked before it is followed, and what comes back borrows from the file: however hostile the bytes,
//! reading them takes less memory than they do. What is not decoded is named, with its size.

mod cdo;
mod partition;
mod pdi;
mod reader;
mod report;
mod sections;
mod txn;
mod xclbin;
mod xml;

#[cfg(test)]
mod tests;

use dsp_core::Result;

pub use cdo::Cdo;
pub use partition::{CdoGroup, Partition, PartitionPdi};
pub use pdi::{Image, Pdi, PdiPartition};
pub use reader::Hex;
pub use report::report;
pub use sections::{Bank, Connection, Instance};
pub use txn::{Operation, Register, Transaction};
pub use xclbin::{Contents, Section, Xclbin};
pub use xml::{Argument, Kernel};

/// A file of one of the kinds.
#[derive(Debug)]
pub enum File<'a> {
    Xclbin(Xclbin<'a>),
    Transaction(Transaction<'a>),
    Pdi(Pdi<'a>),
}

/// Reads a file, whose first bytes say what it is.
pub fn inspect(bytes: &[u8]) -> Result<File<'_>> {
    if bytes.starts_with(xclbin::MAGIC) {
        return Xclbin::parse(bytes).map(File::Xclbin);
    }
    if pdi::is_pdi(bytes) {
        return Pdi::parse(bytes).map(File::Pdi);
    }
    if txn::is_transaction(bytes) {
        return Transaction::parse(bytes).map(File::Transaction);
    }
    let start = match bytes.len() {
        0 => "no bytes".to_owned(),
        count => format!("{count} bytes that begin with {}", Hex(&bytes[..count.min(8)])),
    };
    Err(reader::broken("an xclbin, an instruction stream (TXN 0.1) or a PDI", start, "the file is of no known kind"))
}
