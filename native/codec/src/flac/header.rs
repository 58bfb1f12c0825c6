//! STREAMINFO and frame headers of FLAC (RFC 9639).

use crate::crc::CRC8;
use crate::decoder::format_error;
use dsp_core::Result;

/// The metadata block that every stream begins with.
#[derive(Debug, Clone)]
pub(crate) struct StreamInfo {
    /// The block as it stands in the file.
    pub bytes: Vec<u8>,
    /// Samples of each channel in the longest block; the length of every block but the last where all have the same.
    pub block: u32,
    pub rate: u32,
    pub channels: u32,
    pub bits: u32,
    /// Samples of each channel; none where the encoder could not go back to write it.
    pub total: Option<u64>,
}

impl StreamInfo {
    pub(crate) const SIZE: usize = 34;

    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let Some(bytes) = bytes.get(..Self::SIZE) else {
            let message = "the FLAC stream's first metadata block, STREAMINFO, is too short";
            return Err(format_error(format!("{} bytes", Self::SIZE), bytes.len(), message));
        };
        let number = |from: usize, to: usize| bytes[from..to].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let packed = number(10, 18);
        let total = packed & 0xf_ffff_ffff;
        Ok(Self {
            bytes: bytes.to_vec(),
            block: number(2, 4) as u32,
            rate: (packed >> 44) as u32,
            channels: (packed >> 41 & 7) as u32 + 1,
            bits: (packed >> 36 & 31) as u32 + 1,
            total: (total > 0).then_some(total),
        })
    }

    /// More bytes than any sensible encoder makes of a frame: twice the samples as they are.
    pub(crate) fn most_bytes(&self) -> usize {
        self.block as usize * self.channels as usize * (self.bits as usize + 1) / 4 + (1 << 12)
    }
}

/// What stands before the samples of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    /// The number of the frame, or of its first sample.
    pub number: u64,
    pub counts_samples: bool,
    /// Samples of each channel.
    pub samples: u32,
    /// Bytes of the header, its checksum included.
    pub size: usize,
}

impl FrameHeader {
    /// The longest header.
    pub(crate) const MAX_LENGTH: usize = 16;

    /// Reads a header that may belong to the stream; none where the bytes are not one.
    pub(crate) fn read(bytes: &[u8], info: &StreamInfo) -> Option<Self> {
        let [0xff, sync, sizes, layout, first, ..] = *bytes else { return None };
        if sync & 0xfe != 0xf8 || layout & 1 == 1 {
            return None;
        }
        let channels = match layout >> 4 {
            n @ 0..=7 => u32::from(n) + 1,
            8..=10 => 2,
            _ => return None,
        };
        let bits = match layout >> 1 & 7 {
            0 => info.bits,
            3 => return None,
            code => [0, 8, 12, 0, 16, 20, 24, 32][usize::from(code)],
        };
        if channels != info.channels || bits != info.bits {
            return None;
        }
        // The number is written as UTF-8 writes code points, with up to 36 bits.
        let length = match first.leading_ones() as usize {
            0 => 1,
            n @ 2..=7 => n,
            _ => return None,
        };
        let mut number = u64::from(first) & (0x7f >> if length == 1 { 0 } else { length });
        for byte in bytes.get(5..4 + length)? {
            if byte & 0xc0 != 0x80 {
                return None;
            }
            number = number << 6 | u64::from(byte & 0x3f);
        }
        let mut at = 4 + length;
        let mut extra = |count: usize| -> Option<u32> {
            let value = bytes.get(at..at + count)?.iter().fold(0, |n, b| n << 8 | u32::from(*b));
            at += count;
            Some(value)
        };
        let samples = match sizes >> 4 {
            0 => return None,
            1 => 192,
            code @ 2..=5 => 576 << (code - 2),
            6 => extra(1)? + 1,
            7 => extra(2)? + 1,
            code => 256 << (code - 8),
        };
        match sizes & 15 {
            12 => drop(extra(1)?),
            13 | 14 => drop(extra(2)?),
            15 => return None,
            _ => {}
        }
        if samples > info.block || CRC8.of(bytes.get(..=at)?) != 0 {
            return None;
        }
        Some(Self { number, counts_samples: sync & 1 == 1, samples, size: at + 1 })
    }

    /// The number that the next frame has.
    pub(crate) fn following(&self) -> u64 {
        self.number + if self.counts_samples { u64::from(self.samples) } else { 1 }
    }

    /// The position of the sample after the frame's last.
    pub(crate) fn end(&self, info: &StreamInfo) -> u64 {
        let begin = if self.counts_samples { self.number } else { self.number * u64::from(info.block) };
        begin + u64::from(self.samples)
    }
}
