//! What must be known of Vorbis' setup header: how long packets are, and what symphonia needs to decode more than two
//! channels rightly.
//!
//! The inverse channel couplings must be applied from the last to the first (Vorbis I, 4.3.5); symphonia 0.6.1 applies them
//! from the first to the last, which differs where a channel takes part in several. Here the setup header that it is given
//! has the couplings in the opposite order. Its planes are in WAVE's channel order; libsndfile's are in Vorbis' own.

/// The plane in which symphonia puts each of Vorbis' channels.
pub(crate) fn planes(channels: usize) -> Vec<usize> {
    match channels {
        3 => vec![0, 2, 1],
        5 => vec![0, 2, 1, 3, 4],
        6 => vec![0, 2, 1, 4, 5, 3],
        7 => vec![0, 2, 1, 5, 6, 4, 3],
        8 => vec![0, 2, 1, 6, 7, 4, 5, 3],
        n => (0..n).collect(),
    }
}

/// What is read from a setup header.
pub(crate) struct Setup {
    /// The packet with the couplings of every mapping in the opposite order.
    pub reversed: Vec<u8>,
    /// Whether the blocks of each mode are long.
    pub long: Vec<bool>,
}

/// Length of a header packet's type and name.
const NAME: usize = 7;

/// Reads the setup packet; none where it is damaged.
pub(crate) fn read(packet: &[u8], channels: u32) -> Option<Setup> {
    let setup = packet.get(NAME..)?;
    let mut bits = Bits { bytes: setup, at: 0 };
    let mut lists = Vec::new();
    for _ in 0..bits.take(8)? + 1 {
        skip_codebook(&mut bits)?;
    }
    for _ in 0..bits.take(6)? + 1 {
        bits.take(16)?;
    }
    for _ in 0..bits.take(6)? + 1 {
        skip_floor(&mut bits)?;
    }
    for _ in 0..bits.take(6)? + 1 {
        skip_residue(&mut bits)?;
    }
    let width = ilog(channels - 1);
    for _ in 0..bits.take(6)? + 1 {
        bits.take(16)?;
        let submaps = if bits.take(1)? == 1 { bits.take(4)? + 1 } else { 1 };
        if bits.take(1)? == 1 {
            let steps = bits.take(8)? + 1;
            lists.push((bits.at, steps));
            for _ in 0..steps {
                bits.take(2 * width)?;
            }
        }
        bits.take(2)?;
        if submaps > 1 {
            for _ in 0..channels {
                bits.take(4)?;
            }
        }
        for _ in 0..submaps {
            bits.take(24)?;
        }
    }
    let mut long = Vec::new();
    for _ in 0..bits.take(6)? + 1 {
        long.push(bits.take(1)? == 1);
        bits.take(16)?;
        bits.take(16)?;
        bits.take(8)?;
    }
    let mut reversed = setup.to_vec();
    for (at, steps) in lists {
        for step in 0..steps {
            let from = at + ((steps - 1 - step) * 2 * width) as usize;
            let to = at + (step * 2 * width) as usize;
            let pair = Bits { bytes: setup, at: from }.take(2 * width)?;
            for bit in 0..(2 * width) as usize {
                let mask = 1 << ((to + bit) % 8);
                let byte = &mut reversed[(to + bit) / 8];
                *byte = if pair >> bit & 1 == 1 { *byte | mask } else { *byte & !mask };
            }
        }
    }
    Some(Setup { reversed: [&packet[..NAME], &reversed].concat(), long })
}

/// Bits, the least significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for bit in 0..count {
            let byte = *self.bytes.get(self.at / 8)?;
            value |= u32::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(value)
    }
}

/// Bits that the number needs.
pub(crate) fn ilog(x: u32) -> u32 {
    32 - x.leading_zeros()
}

fn skip_codebook(bits: &mut Bits) -> Option<()> {
    if bits.take(24)? != 0x0056_4342 {
        return None;
    }
    let dimensions = bits.take(16)?;
    let entries = bits.take(24)?;
    if bits.take(1)? == 0 {
        let sparse = bits.take(1)? == 1;
        for _ in 0..entries {
            if !sparse || bits.take(1)? == 1 {
                bits.take(5)?;
            }
        }
    } else {
        bits.take(5)?;
        let mut entry = 0;
        while entry < entries {
            // A run of no entries still takes its bits, so this ends with the header at the latest.
            entry += bits.take(ilog(entries - entry))?;
        }
    }
    let lookup = bits.take(4)?;
    if lookup == 0 {
        return Some(());
    }
    bits.take(32)?;
    bits.take(32)?;
    let width = bits.take(4)? + 1;
    bits.take(1)?;
    let values = if lookup == 1 { root(entries, dimensions)? } else { entries.checked_mul(dimensions)? };
    for _ in 0..values {
        bits.take(width)?;
    }
    Some(())
}

/// The greatest number whose `dimensions`-th power is at most `entries`.
fn root(entries: u32, dimensions: u32) -> Option<u32> {
    if dimensions == 0 {
        return None;
    }
    let fits = |x: u32| x.checked_pow(dimensions).is_some_and(|power| power <= entries);
    let mut low = (f64::from(entries).powf(1.0 / f64::from(dimensions)) as u32).saturating_sub(1);
    while fits(low + 1) {
        low += 1;
    }
    Some(low)
}

fn skip_floor(bits: &mut Bits) -> Option<()> {
    if bits.take(16)? == 0 {
        bits.take(8 + 16)?;
        bits.take(16 + 6)?;
        bits.take(8)?;
        for _ in 0..bits.take(4)? + 1 {
            bits.take(8)?;
        }
        return Some(());
    }
    let mut partitions = Vec::new();
    for _ in 0..bits.take(5)? {
        partitions.push(bits.take(4)? as usize);
    }
    let mut dimensions = Vec::new();
    for _ in 0..partitions.iter().max().map_or(0, |most| most + 1) {
        dimensions.push(bits.take(3)? + 1);
        let subclasses = bits.take(2)?;
        if subclasses > 0 {
            bits.take(8)?;
        }
        for _ in 0..1 << subclasses {
            bits.take(8)?;
        }
    }
    bits.take(2)?;
    let width = bits.take(4)?;
    for class in partitions {
        for _ in 0..dimensions[class] {
            bits.take(width)?;
        }
    }
    Some(())
}

fn skip_residue(bits: &mut Bits) -> Option<()> {
    bits.take(16)?;
    for _ in 0..3 {
        bits.take(24)?;
    }
    let classes = bits.take(6)? + 1;
    bits.take(8)?;
    let mut books = 0;
    for _ in 0..classes {
        books += bits.take(3)?.count_ones();
        if bits.take(1)? == 1 {
            books += bits.take(5)?.count_ones();
        }
    }
    for _ in 0..books {
        bits.take(8)?;
    }
    Some(())
}
