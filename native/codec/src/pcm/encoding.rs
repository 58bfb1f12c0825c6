//! How one sample is written, and its value as float32.

/// The encodings of uncompressed audio. Integers are scaled by a power of two, so up to 24 bits nothing is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    U8,
    S8,
    S16,
    S24,
    S32,
    F32,
    F64,
    ALaw,
    MuLaw,
}

impl Encoding {
    /// Signed integers of so many bytes; narrower values stand at the top of their bytes.
    pub fn signed(bytes: u64) -> Option<Self> {
        Some(match bytes {
            1 => Self::S8,
            2 => Self::S16,
            3 => Self::S24,
            4 => Self::S32,
            _ => return None,
        })
    }

    /// Bytes per sample.
    pub fn width(self) -> usize {
        match self {
            Self::U8 | Self::S8 | Self::ALaw | Self::MuLaw => 1,
            Self::S16 => 2,
            Self::S24 => 3,
            Self::S32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "pcm-u8",
            Self::S8 => "pcm-s8",
            Self::S16 => "pcm-s16",
            Self::S24 => "pcm-s24",
            Self::S32 => "pcm-s32",
            Self::F32 => "float32",
            Self::F64 => "float64",
            Self::ALaw => "alaw",
            Self::MuLaw => "ulaw",
        }
    }

    /// Appends interleaved samples to one vector per channel. `bytes` are whole frames.
    pub fn decode(self, bytes: &[u8], big_endian: bool, to: &mut [Vec<f32>]) {
        const S16: f32 = 1.0 / 32_768.0;
        const S32: f32 = 1.0 / 2_147_483_648.0;
        match (self, big_endian) {
            (Self::U8, _) => spread(bytes, to, |[a]| (f32::from(a) - 128.0) / 128.0),
            (Self::S8, _) => spread(bytes, to, |[a]| f32::from(a as i8) / 128.0),
            (Self::S16, false) => spread(bytes, to, |b| f32::from(i16::from_le_bytes(b)) * S16),
            (Self::S16, true) => spread(bytes, to, |b| f32::from(i16::from_be_bytes(b)) * S16),
            (Self::S24, false) => spread(bytes, to, |[a, b, c]| i32::from_le_bytes([0, a, b, c]) as f32 * S32),
            (Self::S24, true) => spread(bytes, to, |[a, b, c]| i32::from_be_bytes([a, b, c, 0]) as f32 * S32),
            (Self::S32, false) => spread(bytes, to, |b| i32::from_le_bytes(b) as f32 * S32),
            (Self::S32, true) => spread(bytes, to, |b| i32::from_be_bytes(b) as f32 * S32),
            (Self::F32, false) => spread(bytes, to, f32::from_le_bytes),
            (Self::F32, true) => spread(bytes, to, f32::from_be_bytes),
            (Self::F64, false) => spread(bytes, to, |b| f64::from_le_bytes(b) as f32),
            (Self::F64, true) => spread(bytes, to, |b| f64::from_be_bytes(b) as f32),
            (Self::ALaw, _) => spread(bytes, to, |[a]| f32::from(alaw(a)) * S16),
            (Self::MuLaw, _) => spread(bytes, to, |[a]| f32::from(mulaw(a)) * S16),
        }
    }
}

fn spread<const W: usize>(bytes: &[u8], to: &mut [Vec<f32>], value: impl Fn([u8; W]) -> f32) {
    let (samples, _) = bytes.as_chunks::<W>();
    if let [mono] = to {
        mono.extend(samples.iter().map(|b| value(*b)));
        return;
    }
    let count = to.len();
    for (channel, to) in to.iter_mut().enumerate() {
        to.extend(samples.iter().skip(channel).step_by(count).map(|b| value(*b)));
    }
}

/// ITU-T G.711 A-law to 16-bit linear.
fn alaw(code: u8) -> i16 {
    let code = code ^ 0x55;
    let mantissa = i16::from(code & 0x0f) << 4;
    let exponent = code >> 4 & 7;
    let size = if exponent == 0 { mantissa + 8 } else { (mantissa + 0x108) << (exponent - 1) };
    if code & 0x80 == 0 { -size } else { size }
}

/// ITU-T G.711 mu-law to 16-bit linear.
fn mulaw(code: u8) -> i16 {
    let code = !code;
    let size = (((i16::from(code & 0x0f) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
    if code & 0x80 == 0 { size } else { -size }
}
