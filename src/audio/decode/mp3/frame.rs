//! Headers of MP3 frames, and the tag in the first of them.

/// What the header of a frame says (ISO/IEC 11172-3, section 2.4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Version, layer and rate: the bits of the header that stay the same.
    kind: u32,
    /// Samples per second.
    pub(super) rate_hz: u32,
    /// Channels, 1 or 2.
    pub(super) channels: usize,
    /// Bytes of the frame, its header included.
    pub(super) bytes: usize,
    /// Samples a channel.
    pub(super) samples: u16,
    /// Bytes between the header and the sound.
    side_bytes: usize,
}

/// Rates in kbit/s by the index in the header: MPEG-1, and MPEG-2 and 2.5.
const KBITS: [[u16; 16]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
];

impl Frame {
    /// The frame whose header starts `bytes`; none where that is no header of layer III, or its
    /// length is not told.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let header = u32::from_be_bytes(*bytes.first_chunk()?);
        let (version, layer) = (header >> 19 & 3, header >> 17 & 3);
        let (rate, is_mono) = (header >> 10 & 3, header >> 6 & 3 == 3);
        if header >> 21 != 0x7ff || version == 1 || layer != 1 || rate == 3 || header & 3 == 2 {
            return None;
        }
        let is_first = version == 3;
        let halvings = [2, 0, 1, 0][version as usize];
        let rate_hz = [44_100_u32, 48_000, 32_000][rate as usize] >> halvings;
        let kbits = KBITS[usize::from(!is_first)][(header >> 12 & 15) as usize];
        let slots = if is_first { 144 } else { 72 };
        let bytes = slots * u32::from(kbits) * 1_000 / rate_hz + (header >> 9 & 1);
        let side_bytes = match (is_first, is_mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        let samples = if is_first { 1_152 } else { 576 };
        let (kind, channels) = (header & 0xfffe_0c00, if is_mono { 1 } else { 2 });
        let frame = Self { kind, rate_hz, channels, bytes: bytes as usize, samples, side_bytes };
        (kbits > 0).then_some(frame)
    }

    /// Whether both can be of one stream.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind
    }

    /// Whether one decoder decodes both.
    pub(super) fn is_same_sound(&self, other: &Self) -> bool {
        self.is_like(other) && self.channels == other.channels
    }

    /// Whether `count` frames that one decoder decodes start `bytes`, and all but the last are whole there.
    pub(super) fn in_a_row(bytes: &[u8], count: usize) -> bool {
        let Some(first) = Self::read(bytes) else { return false };
        let mut rest = bytes;
        (0..count).all(|_| match Self::read(rest).filter(|frame| frame.is_same_sound(&first)) {
            Some(frame) => {
                rest = rest.get(frame.bytes..).unwrap_or_default();
                true
            }
            None => false,
        })
    }
}

/// What encoders say of the whole file in its first frame, which holds no sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Frames that follow.
    pub(super) frames: Option<u32>,
    /// Samples before and after the recording, where they are told.
    pub(super) trimmed: Option<(u32, u32)>,
}

/// Samples by which a decoder is late: a filter bank's and one (LAME, `encoder delay`).
const DECODER_DELAY: u32 = 528 + 1;

impl Tag {
    /// The tag in the `frame` that starts `bytes`: Xing's or LAME's (flags, frames, bytes, table,
    /// quality, then LAME's own, whose delays are 21 bytes in), or Fraunhofer's.
    pub(super) fn read(frame: &Frame, bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..frame.bytes)?;
        if let Some(tag) = bytes.get(36..).and_then(|rest| rest.strip_prefix(b"VBRI")) {
            return Some(Self { frames: word(tag, 10), trimmed: None });
        }
        let tag = bytes.get(4 + frame.side_bytes..)?;
        let tag = tag.strip_prefix(b"Xing").or_else(|| tag.strip_prefix(b"Info"))?;
        let flags = word(tag, 0)?;
        let frames = if flags & 1 != 0 { word(tag, 4) } else { None };
        let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
        let length: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, bytes)| bytes).sum();
        let trimmed = tag.get(4 + length..).and_then(|lame| {
            let is_known = [b"LAME", b"Lavf", b"Lavc"].iter().any(|name| lame.starts_with(*name));
            let delays = word(lame, 20).filter(|_| is_known)? & 0xff_ffff;
            let (delay, padding) = ((delays >> 12) + DECODER_DELAY, delays & 0xfff);
            Some((delay, padding.saturating_sub(DECODER_DELAY)))
        });
        Some(Self { frames, trimmed })
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}
