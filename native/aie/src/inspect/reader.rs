//! Checked access to bytes.

use std::fmt;

use dsp_core::{Error, Result};

/// The bytes of a file or of a part of it, with the name that errors call it by.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub bytes: &'a [u8],
    pub name: &'static str,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8], name: &'static str) -> Self {
        Self { bytes, name }
    }

    /// `size` bytes from `at`; `what` completes "… of it".
    pub fn slice(&self, at: u64, size: u64, what: &str) -> Result<&'a [u8]> {
        let end = at.checked_add(size).filter(|&end| end <= self.bytes.len() as u64);
        let Some(end) = end else {
            let expected = format!("{size} bytes from byte {at}");
            return Err(self.broken(
                expected,
                format!("{} bytes", self.bytes.len()),
                &format!("{what} lies beyond the end"),
            ));
        };
        Ok(&self.bytes[at as usize..end as usize])
    }

    /// The elements of an array whose count and place stand in the file.
    pub fn array(&self, at: u64, count: u64, size: usize, what: &str) -> Result<std::slice::ChunksExact<'a, u8>> {
        Ok(self.slice(at, count.saturating_mul(size as u64), what)?.chunks_exact(size))
    }

    pub fn u32(&self, at: usize, what: &str) -> Result<u32> {
        self.slice(at as u64, 4, what).map(|bytes| u32_at(bytes, 0))
    }

    /// A string that ends with a zero byte.
    pub fn text(&self, at: u64, what: &str) -> Result<&'a str> {
        let rest = self.slice(at, (self.bytes.len() as u64).saturating_sub(at), what)?;
        let Some(end) = rest.iter().position(|&byte| byte == 0) else {
            return Err(self.broken("a zero byte at its end", "none", &format!("{what} does not end")));
        };
        self.printable(&rest[..end], what)
    }

    /// A string in a field of fixed size, which may fill it without a zero byte.
    pub fn field(&self, bytes: &'a [u8], what: &str) -> Result<&'a str> {
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        self.printable(&bytes[..end], what)
    }

    fn printable(&self, bytes: &'a [u8], what: &str) -> Result<&'a str> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control));
        text.ok_or_else(|| {
            let start = Hex(&bytes[..bytes.len().min(16)]);
            self.broken("printable UTF-8", start, &format!("{what} is no text"))
        })
    }

    pub fn broken(&self, expected: impl fmt::Display, actual: impl fmt::Display, what: &str) -> Error {
        broken(expected, actual, &format!("{}: {what}", self.name))
    }
}

/// An error about the file's bytes.
pub fn broken(expected: impl fmt::Display, actual: impl fmt::Display, what: &str) -> Error {
    let message = format!("{what}: expected {expected}, got {actual}");
    Error::format("bytes", expected, actual, message)
}

/// Little-endian numbers of bytes whose length is known to suffice.
pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

/// Bytes in hexadecimal.
#[derive(Clone, Copy, Debug)]
pub struct Hex<'a>(pub &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
