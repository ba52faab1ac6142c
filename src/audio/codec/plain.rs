//! Codings in which each sample stands alone: integers, floats and G.711.

use super::g711;
use crate::audio::FULL_SCALE_16_BIT;

/// How one sample is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// Unsigned 8-bit.
    U8,
    /// Signed 8-bit.
    S8,
    /// Signed 16-bit, little-endian.
    S16,
    /// Signed 24-bit, little-endian.
    S24,
    /// Signed 24-bit in the lower three of four bytes, little-endian; what is in the fourth does not count.
    S24Low,
    /// Signed 32-bit, little-endian.
    S32,
    /// IEEE single, little-endian.
    F32,
    /// IEEE double, little-endian.
    F64,
    /// Signed 16-bit, big-endian.
    S16Be,
    /// Signed 24-bit, big-endian.
    S24Be,
    /// Signed 32-bit, big-endian.
    S32Be,
    /// IEEE single, big-endian.
    F32Be,
    /// IEEE double, big-endian.
    F64Be,
    /// G.711 A-law.
    ALaw,
    /// G.711 µ-law.
    MuLaw,
}

/// All that have a name of their own, with the names that ffmpeg gives them.
pub const NAMES: [(&str, Plain); 14] = [
    ("pcm_u8", Plain::U8),
    ("pcm_s8", Plain::S8),
    ("pcm_s16le", Plain::S16),
    ("pcm_s24le", Plain::S24),
    ("pcm_s32le", Plain::S32),
    ("pcm_f32le", Plain::F32),
    ("pcm_f64le", Plain::F64),
    ("pcm_s16be", Plain::S16Be),
    ("pcm_s24be", Plain::S24Be),
    ("pcm_s32be", Plain::S32Be),
    ("pcm_f32be", Plain::F32Be),
    ("pcm_f64be", Plain::F64Be),
    ("pcm_alaw", Plain::ALaw),
    ("pcm_mulaw", Plain::MuLaw),
];

impl Plain {
    /// Bytes of one sample.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::S8 | Self::ALaw | Self::MuLaw => 1,
            Self::S16 | Self::S16Be => 2,
            Self::S24 | Self::S24Be => 3,
            Self::S24Low | Self::S32 | Self::F32 | Self::S32Be | Self::F32Be => 4,
            Self::F64 | Self::F64Be => 8,
        }
    }

    /// Its name in tables, as ffmpeg spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let named = if self == Self::S24Low { Self::S24 } else { self };
        NAMES.iter().find(|(_, plain)| *plain == named).map_or("pcm", |(name, _)| name)
    }

    /// The same with its bytes in the other order, little-endian become big-endian; `None` where it has no order, or
    /// is in that one already.
    #[must_use]
    pub const fn in_big_endian(self) -> Option<Self> {
        match self {
            Self::S16 => Some(Self::S16Be),
            Self::S24 => Some(Self::S24Be),
            Self::S32 => Some(Self::S32Be),
            Self::F32 => Some(Self::F32Be),
            Self::F64 => Some(Self::F64Be),
            _ => None,
        }
    }

    /// The largest sample it can hold; for floats what a 16-bit original can.
    #[must_use]
    pub const fn full_scale(self) -> f32 {
        match self {
            Self::U8 | Self::S8 => 127.0 / 128.0,
            Self::ALaw => g711::A_LAW_FULL_SCALE,
            Self::MuLaw => g711::MU_LAW_FULL_SCALE,
            _ => FULL_SCALE_16_BIT,
        }
    }

    /// Replaces `out` by channel `channel` of the interleaved `bytes`, full scale ±1; a last
    /// incomplete frame is left out. `channel` is under `channels`.
    pub fn read(self, bytes: &[u8], channel: usize, channels: usize, out: &mut Vec<f32>) {
        let layout = Layout { channel, channels };
        match self {
            Self::U8 => layout.read(bytes, out, |[code]: [u8; 1]| (f32::from(code) - 128.0) / 128.0),
            Self::S8 => layout.read(bytes, out, |[code]: [u8; 1]| f32::from(code as i8) / 128.0),
            Self::S16 => layout.read(bytes, out, |pair| f32::from(i16::from_le_bytes(pair)) / 32_768.0),
            Self::S16Be => layout.read(bytes, out, |pair| f32::from(i16::from_be_bytes(pair)) / 32_768.0),
            Self::S24 => layout.read(bytes, out, |[low, middle, high]: [u8; 3]| from_24([0, low, middle, high])),
            Self::S24Low => layout.read(bytes, out, |[low, middle, high, _]: [u8; 4]| from_24([0, low, middle, high])),
            Self::S24Be => layout.read(bytes, out, |[high, middle, low]: [u8; 3]| from_24([0, low, middle, high])),
            Self::S32 => layout.read(bytes, out, |word| i32::from_le_bytes(word) as f32 / 2_147_483_648.0),
            Self::S32Be => layout.read(bytes, out, |word| i32::from_be_bytes(word) as f32 / 2_147_483_648.0),
            Self::F32 => layout.read(bytes, out, f32::from_le_bytes),
            Self::F32Be => layout.read(bytes, out, f32::from_be_bytes),
            Self::F64 => layout.read(bytes, out, |word| f64::from_le_bytes(word) as f32),
            Self::F64Be => layout.read(bytes, out, |word| f64::from_be_bytes(word) as f32),
            Self::ALaw => layout.read(bytes, out, |[code]: [u8; 1]| g711::A_LAW[usize::from(code)]),
            Self::MuLaw => layout.read(bytes, out, |[code]: [u8; 1]| g711::MU_LAW[usize::from(code)]),
        }
    }
}

fn from_24(bytes: [u8; 4]) -> f32 {
    (i32::from_le_bytes(bytes) >> 8) as f32 / 8_388_608.0
}

/// Which channel of how many.
#[derive(Clone, Copy)]
struct Layout {
    channel: usize,
    channels: usize,
}

impl Layout {
    /// One and two channels get loops with constant strides, which the compiler vectorises.
    fn read<const N: usize>(self, bytes: &[u8], out: &mut Vec<f32>, sample: impl Fn([u8; N]) -> f32) {
        out.clear();
        let (samples, _) = bytes.as_chunks::<N>();
        match (self.channels, self.channel) {
            (1, _) => out.extend(samples.iter().map(|&word| sample(word))),
            (2, 0) => out.extend(samples.as_chunks::<2>().0.iter().map(|&[left, _]| sample(left))),
            (2, _) => out.extend(samples.as_chunks::<2>().0.iter().map(|&[_, right]| sample(right))),
            _ => out.extend(samples.chunks_exact(self.channels).map(|frame| sample(frame[self.channel]))),
        }
    }
}
