//! Bits, the most significant first, and the two checksums of FLAC.

/// The data ended within what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End;

/// Zero bytes that must follow the data, so that eight bytes can be loaded from any position in it.
pub(super) const PADDING: usize = 8;

/// Reads from `bytes[..len]`; behind that there are [`PADDING`] zeros. Reading beyond the end gives zeros, and
/// [`Bits::check`] tells of it afterwards: the inner loops ask once, not for every bit.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// Length in bits.
    len: usize,
    pub at: usize,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, len: bytes.len().saturating_sub(PADDING) * 8, at: 0 }
    }

    /// At least 57 bits from the present position on, at the top of the word.
    #[inline(always)]
    fn window(&self) -> u64 {
        let from = self.at / 8;
        match self.bytes.get(from..from + 8) {
            Some(word) => {
                u64::from_be_bytes([word[0], word[1], word[2], word[3], word[4], word[5], word[6], word[7]])
                    << (self.at % 8)
            }
            None => 0,
        }
    }

    /// Up to 32 bits.
    #[inline(always)]
    pub fn take(&mut self, count: u32) -> u32 {
        let value = (self.window() >> 1 >> (63 - count)) as u32;
        self.at += count as usize;
        value
    }

    /// Up to 32 bits in two's complement.
    #[inline(always)]
    pub fn signed(&mut self, count: u32) -> i32 {
        if count == 0 {
            return 0;
        }
        let value = (self.window() as i64 >> (64 - count)) as i32;
        self.at += count as usize;
        value
    }

    /// Zeros before a one.
    #[inline(always)]
    pub fn unary(&mut self) -> Result<u32, End> {
        let mut zeros = 0;
        loop {
            let window = self.window();
            let more = window.leading_zeros();
            if more < 57 {
                self.at += more as usize + 1;
                return Ok(zeros + more);
            }
            zeros += 56;
            self.at += 56;
            self.check()?;
        }
    }

    /// A Rice code: unary high bits, `low` low bits, the sign at the bottom.
    #[inline(always)]
    pub fn rice(&mut self, low: u32) -> Result<i32, End> {
        let window = self.window();
        let zeros = window.leading_zeros();
        let folded = if zeros + 1 + low <= 57 {
            self.at += (zeros + 1 + low) as usize;
            zeros << low | (window << zeros << 1 >> 1 >> (63 - low)) as u32
        } else {
            let high = self.unary()?;
            high.wrapping_shl(low) | self.take(low)
        };
        Ok((folded >> 1) as i32 ^ -((folded & 1) as i32))
    }

    /// Whether all that was read was there.
    pub fn check(&self) -> Result<(), End> {
        if self.at <= self.len { Ok(()) } else { Err(End) }
    }
}

/// CRC-8 with the polynomial x^8 + x^2 + x + 1.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 }))
}

/// CRC-16 with the polynomial x^16 + x^15 + x^2 + 1, eight bytes at a time.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut crc = 0u16;
    for b in eights {
        let [high, low] = crc.to_be_bytes();
        let at = |table: usize, byte: u8| TABLES[table][usize::from(byte)];
        crc = (at(7, b[0] ^ high) ^ at(6, b[1] ^ low) ^ at(5, b[2]) ^ at(4, b[3]))
            ^ (at(3, b[4]) ^ at(2, b[5]) ^ at(1, b[6]) ^ at(0, b[7]));
    }
    rest.iter().fold(crc, |crc, byte| crc << 8 ^ TABLES[0][usize::from((crc >> 8) as u8 ^ byte)])
}

/// `TABLES[n][b]`: the checksum of byte `b` followed by `n` zeros.
static TABLES: [[u16; 256]; 8] = tables();

const fn tables() -> [[u16; 256]; 8] {
    let mut tables = [[0u16; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut n = 1;
    while n < 8 {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[n - 1][byte];
            tables[n][byte] = before << 8 ^ tables[0][(before >> 8) as usize];
            byte += 1;
        }
        n += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_bits_in_order() {
        let mut bytes = vec![0b1010_0000, 0b0000_0001, 0xff, 0x80];
        bytes.extend([0; PADDING]);
        let mut bits = Bits::new(&bytes);
        assert_eq!((bits.take(1), bits.take(3), bits.take(0)), (1, 2, 0));
        assert_eq!(bits.unary(), Ok(11));
        assert_eq!(bits.signed(8), -1);
        assert_eq!(bits.take(8), 0x80);
        assert_eq!(bits.check(), Ok(()));
        bits.take(1);
        assert_eq!(bits.check(), Err(End));
        assert_eq!(bits.unary(), Err(End));
    }

    #[test]
    fn checksums_agree_with_their_definition() {
        let bytes: Vec<u8> = (0..100u32).map(|i| (i * i * 7 + 3) as u8).collect();
        let slow = bytes.iter().fold(0u16, |crc, byte| {
            let start = crc ^ u16::from(*byte) << 8;
            (0..8).fold(start, |c, _| if c & 0x8000 != 0 { c << 1 ^ 0x8005 } else { c << 1 })
        });
        assert_eq!(crc16(&bytes), slow);
        assert_eq!(crc8(b"123456789"), 0xf4);
        assert_eq!(crc16(b"123456789"), 0xfee8);
    }
}
