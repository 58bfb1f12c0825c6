//! Random changes of files, the same in every run.

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(name: &str) -> Self {
        Self(name.bytes().fold(0, |seed, b| seed * 31 + u64::from(b)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// A position, as often as not near the beginning, where headers are.
    fn position(&mut self, end: usize) -> usize {
        let end = if self.below(2) == 0 { end.min(128) } else { end };
        self.below(end)
    }

    /// A number at which parsers go wrong.
    fn edge(&mut self, length: usize) -> u64 {
        let length = length as u64;
        let edges = [
            0,
            1,
            2,
            7,
            8,
            0x7f,
            0x80,
            0xff,
            0x7fff,
            0x8000,
            0xffff,
            0x7f00_0000,
            0x7fff_f000,
            0x7fff_ffff,
            0x8000_0000,
        ];
        let more = [
            0xffff_fff0,
            0xffff_ffff,
            i64::MAX as u64,
            1 << 63,
            u64::MAX - 24,
            u64::MAX,
            length,
            length - 1,
            length + 1,
        ];
        match self.below(edges.len() + more.len() + 4) {
            i if i < edges.len() => edges[i],
            i if i < edges.len() + more.len() => more[i - edges.len()],
            _ => self.next() >> self.below(64),
        }
    }
}

/// A file with one to eight changes, as often as not with one.
pub fn change(random: &mut Random, seeds: &[Vec<u8>], magic: usize) -> Vec<u8> {
    let seed = &seeds[random.below(seeds.len())];
    let mut bytes = seed.clone();
    let changes = if random.below(2) == 0 { 1 } else { 1 + random.below(8) };
    for _ in 0..changes {
        let at = random.position(bytes.len());
        let count = 1 + random.below(bytes.len().saturating_sub(at).clamp(1, 64));
        let end = (at + count).min(bytes.len());
        match random.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[at] = random.next() as u8,
            // A number of 2, 4 or 8 bytes in either order.
            2 | 3 => {
                let width = 2 << random.below(3);
                let mut number = random.edge(bytes.len().max(1)).to_le_bytes()[..width].to_vec();
                if random.below(2) == 0 {
                    number.reverse();
                }
                bytes.iter_mut().skip(at).zip(number).for_each(|(to, from)| *to = from);
            }
            4 => bytes.truncate(random.position(bytes.len() + 1)),
            5 => drop(bytes.drain(at..end)),
            6 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            // A piece of another file.
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.position(other.len());
                let piece = other[from..(from + count).min(other.len())].to_vec();
                bytes.splice(at..end, piece);
            }
        }
    }
    let kept = magic.min(bytes.len());
    if random.below(16) != 0 {
        bytes[..kept].copy_from_slice(&seed[..kept]);
    }
    bytes
}
