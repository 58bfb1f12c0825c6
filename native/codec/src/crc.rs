//! Cyclic redundancy checks of FLAC and Ogg: the highest bit first, from 0, of 8, 16 or 32 bits.

/// A checksum by its polynomial. Values stand in the highest bits, so that one table serves every width.
pub(crate) struct Crc([u32; 256]);

/// Of a FLAC frame's header.
pub(crate) static CRC8: Crc = Crc::new(0x07 << 24);
/// Of a FLAC frame.
pub(crate) static CRC16: Crc = Crc::new(0x8005 << 16);
/// Of an Ogg page.
pub(crate) static CRC32: Crc = Crc::new(0x04c1_1db7);

impl Crc {
    const fn new(polynomial: u32) -> Self {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let mut crc = (byte as u32) << 24;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc >> 31 != 0 { crc << 1 ^ polynomial } else { crc << 1 };
                bit += 1;
            }
            table[byte] = crc;
            byte += 1;
        }
        Self(table)
    }

    /// The checksum of one more byte. Of bytes with their own checksum behind them it is 0.
    pub(crate) fn add(&self, crc: u32, byte: u8) -> u32 {
        crc << 8 ^ self.0[usize::from((crc >> 24) as u8 ^ byte)]
    }

    /// The checksum of bytes.
    pub(crate) fn of<'a>(&self, bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
        bytes.into_iter().fold(0, |crc, byte| self.add(crc, *byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values of CRC-8/SMBUS, CRC-16/UMTS and CRC-32 without its reflections.
    #[test]
    fn is_the_catalogues() {
        let digits = b"123456789";
        assert_eq!(CRC8.of(digits) >> 24, 0xf4);
        assert_eq!(CRC16.of(digits) >> 16, 0xfee8);
        assert_eq!(CRC32.of(digits), 0x89a1_897f);
        assert_eq!(CRC16.of(&[&digits[..], &[0xfe, 0xe8]].concat()), 0);
    }
}
