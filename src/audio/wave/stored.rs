//! What the readers find.

use crate::audio::FULL_SCALE_16_BIT;
use crate::audio::codec::packets::Packets;
use crate::audio::codec::plain::Plain;

/// Where a file's samples lie and how they are coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// How samples are coded.
    pub coding: Coding,
    /// Samples per second and channel, as the header claims.
    pub rate_hz: u32,
    /// Channels, at least one, and as many as the coding can have.
    pub channels: u16,
    /// Offset of the first sample's first byte in the file.
    pub data_start: u64,
    /// Bytes of samples that are there.
    pub data_bytes: u64,
    /// Whether the header says how long the recording is, and the file is that long.
    pub length: Length,
    /// Samples a channel, where the header counts them apart from bytes and the bytes hold at least
    /// that many: the rest fills up the last packet.
    pub counted_frames: Option<u64>,
    /// What was odd about the file, a sentence each.
    pub warnings: Vec<String>,
}

/// What a header's claim of length is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// All that was claimed is there.
    Whole,
    /// All that was claimed is there, and samples of another recording after it.
    Followed,
    /// The file ends early; the header claims `claimed_bytes` of samples.
    Short {
        /// Bytes of samples claimed.
        claimed_bytes: u64,
    },
    /// The header was never completed: the writer streamed or crashed.
    Unknown,
    /// There is no header that could claim anything.
    Unclaimed,
}

/// How samples are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Each sample alone.
    Plain(Plain),
    /// In packets.
    Packets(Packets),
    /// As a stream of MPEG frames (layer 3 as a rule), for a decoder that is not ours.
    Mpeg,
}

impl Coding {
    /// Its name in tables, as ffmpeg spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain(plain) => plain.name(),
            Self::Packets(packets) => packets.name(),
            Self::Mpeg => "mp3",
        }
    }

    /// The largest sample it can hold; for floats what a 16-bit original can.
    #[must_use]
    pub const fn full_scale(self) -> f32 {
        match self {
            Self::Plain(plain) => plain.full_scale(),
            Self::Packets(_) | Self::Mpeg => FULL_SCALE_16_BIT,
        }
    }

    /// Whether samples are within full scale, whatever their bytes are.
    #[must_use]
    pub const fn is_bounded(self) -> bool {
        match self {
            Self::Plain(plain) => !matches!(plain, Plain::F32 | Plain::F64 | Plain::F32Be | Plain::F64Be),
            Self::Packets(_) => true,
            Self::Mpeg => false,
        }
    }

    /// Samples a channel that `bytes` bytes hold; 0 where only a decoder can tell.
    #[must_use]
    pub const fn frames(self, bytes: u64, channels: u16) -> u64 {
        match self {
            Self::Plain(plain) => bytes / (plain.bytes() as u64 * channels as u64),
            Self::Packets(packets) => packets.frames(bytes, channels),
            Self::Mpeg => 0,
        }
    }
}

impl Stored {
    /// Samples a channel that are there.
    #[must_use]
    pub fn frames(&self) -> u64 {
        let held = self.coding.frames(self.data_bytes, self.channels);
        self.counted_frames.map_or(held, |counted| counted.min(held))
    }
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Samples whose place and coding are known.
    Samples(Stored),
    /// None of our formats, or one with a coding that is not ours; the sentences say what was odd.
    Other(Vec<String>),
    /// One of our formats that makes no sense; the text says what is wrong.
    Broken(&'static str),
}
