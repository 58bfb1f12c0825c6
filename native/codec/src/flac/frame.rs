//! One frame: its header, its subframes, its channels put back together (RFC 9639, section 9).

use super::bits::{Bits, End, crc8, crc16};
use super::predict;

/// What went wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The data ends within it.
    End,
    /// Its bits are impossible.
    Damaged(&'static str),
}

impl From<End> for Fault {
    fn from(_: End) -> Self {
        Self::End
    }
}

/// A frame's header.
pub(super) struct Header {
    pub samples: usize,
    pub channels: usize,
    /// Which stereo form: 8 left/side, 9 side/right, 10 mid/side, else none.
    assignment: u32,
    /// Bits a sample.
    pub depth: u32,
}

/// Whether two bytes begin a frame.
pub(super) fn is_sync(bytes: &[u8]) -> bool {
    bytes.len() >= 2 && bytes[0] == 0xff && bytes[1] & 0xfe == 0xf8
}

impl Header {
    fn read(bits: &mut Bits, bytes: &[u8], depth: u32) -> Result<Self, Fault> {
        bits.take(16);
        let (size, rate) = (bits.take(4), bits.take(4));
        let assignment = bits.take(4);
        let depth_code = bits.take(3);
        if bits.take(1) != 0 {
            return Err(Fault::Damaged("a reserved bit is set"));
        }
        // The frame's or sample's number, coded as UTF-8 codes characters: not needed.
        let first = bits.take(8) as u8;
        let more = first.leading_ones();
        if more == 1 || more == 8 {
            return Err(Fault::Damaged("the frame number is no number"));
        }
        for _ in 1..more {
            bits.take(8);
        }
        let samples = match size {
            1 => 192,
            2..=5 => 576 << (size - 2),
            6 => bits.take(8) as usize + 1,
            7 => bits.take(16) as usize + 1,
            8..=15 => 256 << (size - 8),
            _ => return Err(Fault::Damaged("the block size is reserved")),
        };
        match rate {
            12 => bits.take(8),
            13 | 14 => bits.take(16),
            15 => return Err(Fault::Damaged("the sample rate is reserved")),
            _ => 0,
        };
        let depth = match depth_code {
            0 => depth,
            1 => 8,
            2 => 12,
            4 => 16,
            5 => 20,
            6 => 24,
            _ => return Err(Fault::Damaged("the sample size is reserved, or changes to 32 bits")),
        };
        let channels = match assignment {
            0..=7 => assignment as usize + 1,
            8..=10 => 2,
            _ => return Err(Fault::Damaged("the channel assignment is reserved")),
        };
        bits.check()?;
        let end = bits.at / 8;
        let expected = bits.take(8) as u8;
        bits.check()?;
        if crc8(&bytes[..end]) != expected {
            return Err(Fault::Damaged("the checksum of a frame header is wrong"));
        }
        Ok(Self { samples, channels, assignment, depth })
    }
}

/// Decodes the frame at the beginning of `bytes` (padding included) into one row of `samples` a channel.
/// Returns its header and its length in bytes.
pub(super) fn decode(bytes: &[u8], depth: u32, rows: &mut Vec<Vec<i32>>) -> Result<(Header, usize), Fault> {
    let mut bits = Bits::new(bytes);
    let header = Header::read(&mut bits, bytes, depth)?;
    rows.resize_with(header.channels, Vec::new);
    for (channel, row) in rows.iter_mut().enumerate() {
        row.resize(header.samples, 0);
        let side = matches!((header.assignment, channel), (8, 1) | (9, 0) | (10, 1));
        subframe(&mut bits, header.depth + u32::from(side), row)?;
    }
    bits.at = bits.at.next_multiple_of(8);
    let end = bits.at / 8;
    let expected = bits.take(16) as u16;
    bits.check()?;
    if crc16(&bytes[..end]) != expected {
        return Err(Fault::Damaged("the checksum of a frame is wrong"));
    }
    if let [a, b] = &mut rows[..] {
        match header.assignment {
            8 => a.iter().zip(b).for_each(|(left, side)| *side = left.wrapping_sub(*side)),
            9 => a.iter_mut().zip(b).for_each(|(side, right)| *side = side.wrapping_add(*right)),
            10 => a.iter_mut().zip(b).for_each(|(mid, side)| {
                let sum = *mid << 1 | *side & 1;
                (*mid, *side) = (sum.wrapping_add(*side) >> 1, sum.wrapping_sub(*side) >> 1);
            }),
            _ => {}
        }
    }
    Ok((header, end + 2))
}

fn subframe(bits: &mut Bits, depth: u32, row: &mut [i32]) -> Result<(), Fault> {
    if bits.take(1) != 0 {
        return Err(Fault::Damaged("a subframe does not begin with 0"));
    }
    let kind = bits.take(6);
    let wasted = if bits.take(1) == 1 { bits.unary()? + 1 } else { 0 };
    let Some(depth) = depth.checked_sub(wasted).filter(|depth| *depth > 0) else {
        return Err(Fault::Damaged("a subframe has more wasted bits than bits"));
    };
    match kind {
        0 => row.fill(bits.signed(depth)),
        1 => {
            // Asked before the loop: a lie about the size costs no time.
            let needed = row.len() * depth as usize;
            bits.at += needed;
            bits.check()?;
            bits.at -= needed;
            row.iter_mut().for_each(|value| *value = bits.signed(depth));
        }
        8..=12 => {
            let order = kind as usize - 8;
            start(bits, depth, order, row)?;
            residual(bits, order, row)?;
            predict::fixed(order, row);
        }
        32..=63 => {
            let order = kind as usize - 31;
            start(bits, depth, order, row)?;
            let precision = bits.take(4) + 1;
            let shift = bits.signed(5);
            if precision == 16 || shift < 0 {
                return Err(Fault::Damaged("a predictor's precision or shift is not allowed"));
            }
            let mut coefficients = [0; 32];
            coefficients[..order].iter_mut().for_each(|c| *c = bits.signed(precision));
            residual(bits, order, row)?;
            predict::linear(&coefficients[..order], shift as u32, depth + precision, row);
        }
        _ => return Err(Fault::Damaged("a subframe's kind is reserved")),
    }
    bits.check()?;
    if wasted > 0 {
        row.iter_mut().for_each(|value| *value <<= wasted);
    }
    Ok(())
}

/// The first samples, from which the others are predicted.
fn start(bits: &mut Bits, depth: u32, order: usize, row: &mut [i32]) -> Result<(), Fault> {
    let Some(first) = row.get_mut(..order) else {
        return Err(Fault::Damaged("a predictor is longer than its block"));
    };
    first.iter_mut().for_each(|value| *value = bits.signed(depth));
    Ok(())
}

/// What the prediction misses, into `row[order..]`.
fn residual(bits: &mut Bits, order: usize, row: &mut [i32]) -> Result<(), Fault> {
    let width = match bits.take(2) {
        0 => 4,
        1 => 5,
        _ => return Err(Fault::Damaged("a residual's coding is reserved")),
    };
    let parts = 1usize << bits.take(4);
    let size = row.len() / parts;
    if !row.len().is_multiple_of(parts) || size < order {
        return Err(Fault::Damaged("a residual's partitions do not fit its block"));
    }
    let escape = (1 << width) - 1;
    let mut from = order;
    for part in 0..parts {
        let to = (part + 1) * size;
        let values = &mut row[from..to];
        let low = bits.take(width);
        if low == escape {
            let raw = bits.take(5);
            values.iter_mut().for_each(|value| *value = bits.signed(raw));
        } else {
            for value in values {
                *value = bits.rice(low)?;
            }
        }
        bits.check()?;
        from = to;
    }
    Ok(())
}
