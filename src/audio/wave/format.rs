//! The `fmt ` chunk: Microsoft's WAVEFORMATEX and its relatives.

use super::bytes::{u16_le, u32_le};
use super::stored::Coding;
use crate::audio::codec::packets::{BitOrder, Packets};
use crate::audio::codec::plain::Plain;

/// Bytes of it that matter: all of WAVEFORMATEXTENSIBLE.
pub(super) const FORMAT_BYTES: usize = 40;

/// What a `fmt ` chunk says.
#[derive(Debug)]
pub(super) struct Format {
    /// How samples are coded; `None` where it is not ours.
    pub(super) coding: Option<Coding>,
    pub(super) rate_hz: u32,
    pub(super) channels: u16,
    /// Bits that count of a sample, where they are said; its container may have room for more.
    pub(super) valid_bits: u16,
    pub(super) warning: Option<String>,
}

impl Format {
    /// Reads the chunk of `bytes`, as long as it is or [`FORMAT_BYTES`].
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() < SHORTEST {
            return Err("its fmt chunk is shorter than 14 bytes");
        }
        let channels = u16_le(bytes, 2);
        if channels == 0 {
            return Err("its header says 0 channels");
        }
        let fields = Fields {
            tag: tag_of(bytes),
            channels,
            frame_bytes: u16_le(bytes, 12),
            bits: bits_of(bytes),
            rate_hz: u32_le(bytes, 4),
            second_bytes: u32_le(bytes, 8),
        };
        let coding = fields.coding().filter(|coding| match coding {
            Coding::Packets(packets) => packets.fits(channels),
            Coding::Plain(_) | Coding::Mpeg => true,
        });
        let guessed = fields.bits == 0 && bytes.len() >= 16 && matches!(fields.tag, PCM | FLOAT) && coding.is_some();
        let warning = guessed
            .then(|| "its header says 0 bits a sample; as many as its frames have room for were read".to_owned());
        let is_extensible = bytes.len() >= 20 && u16_le(bytes, 0) == EXTENSIBLE;
        let valid_bits = if is_extensible { u16_le(bytes, 18) } else { fields.bits };
        Ok(Self { coding, rate_hz: u32_le(bytes, 4), channels, valid_bits, warning })
    }

    /// Reads the chunk of a file whose numbers are big-endian, of `bytes`, as long as it is or [`FORMAT_BYTES`].
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn read_big_endian(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut turned = bytes.to_vec();
        // Where numbers start and how long they are: WAVEFORMATEXTENSIBLE with the first of its GUID.
        for (at, length) in [(0, 2), (2, 2), (4, 4), (8, 4), (12, 2), (14, 2), (16, 2), (18, 2), (20, 4), (24, 4)] {
            if let Some(number) = turned.get_mut(at..at + length) {
                number.reverse();
            }
        }
        let little = Self::read(&turned)?;
        let coding = little.coding.and_then(|coding| match coding {
            Coding::Plain(plain) => Some(Coding::Plain(plain.in_big_endian().unwrap_or(plain))),
            Coding::Packets(_) | Coding::Mpeg => None,
        });
        Ok(Self { coding, ..little })
    }
}

/// WAVEFORMAT, which has no bits a sample.
const SHORTEST: usize = 14;

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;

/// The tag; with WAVE_FORMAT_EXTENSIBLE the start of the sub-format's GUID, and where a writer left
/// that out, plain integers.
fn tag_of(bytes: &[u8]) -> u16 {
    match u16_le(bytes, 0) {
        EXTENSIBLE if bytes.len() >= 26 => u16_le(bytes, 24),
        EXTENSIBLE => PCM,
        tag => tag,
    }
}

/// Bits a sample; where these are left out, those of them that count (WAVEFORMATEXTENSIBLE).
fn bits_of(bytes: &[u8]) -> u16 {
    match u16_le(bytes, 14) {
        0 if bytes.len() >= 20 && u16_le(bytes, 0) == EXTENSIBLE => u16_le(bytes, 18),
        bits if bytes.len() >= 16 => bits,
        _ => 0,
    }
}

struct Fields {
    tag: u16,
    channels: u16,
    frame_bytes: u16,
    bits: u16,
    rate_hz: u32,
    second_bytes: u32,
}

impl Fields {
    /// The coding by tag and width (Microsoft's mmreg.h).
    fn coding(&self) -> Option<Coding> {
        let packet_bytes = self.frame_bytes;
        Some(match self.tag {
            PCM | FLOAT => return self.plain(),
            // Some writers give the bits of what they decode to.
            6 => Coding::Plain(Plain::ALaw),
            7 => Coding::Plain(Plain::MuLaw),
            0x0002 => Coding::Packets(Packets::Ms { packet_bytes }),
            // Three bits a sample are possible, and unheard of.
            0x0011 if self.bits == 4 || self.bits == 0 => Coding::Packets(Packets::Ima { packet_bytes }),
            0x0010 | 0x0017 => Coding::Packets(Packets::Oki),
            0x0031 => Coding::Packets(Packets::GsmMs),
            0x0065 | 0x028f => Coding::Packets(Packets::G722),
            0x0014 | 0x0040 | 0x0045 | 0x0064 => return self.g726(),
            0x0050 | 0x0055 => Coding::Mpeg,
            _ => return None,
        })
    }

    /// Integers and floats.
    fn plain(&self) -> Option<Coding> {
        let room = u32::from(self.frame_bytes / self.channels) * 8;
        // 12 bits stand in two bytes, 20 in three, 24 in three or four, shifted to the top (WAVEFORMATEX).
        let is_wider = self.tag == PCM && (16..=32).contains(&room) && room > u32::from(self.bits);
        let bits = if self.bits == 0 || is_wider { room } else { u32::from(self.bits).next_multiple_of(8) };
        let plain = match (self.tag, bits) {
            (PCM, 8) => Plain::U8,
            (PCM, 16) => Plain::S16,
            (PCM, 24) => Plain::S24,
            (PCM, 32) => Plain::S32,
            (FLOAT, 32) => Plain::F32,
            (FLOAT, 64) => Plain::F64,
            _ => return None,
        };
        let frame_bytes = plain.bytes() * usize::from(self.channels);
        (self.frame_bytes == 0 || usize::from(self.frame_bytes) == frame_bytes).then_some(Coding::Plain(plain))
    }

    /// In WAVE files the earlier sample stands in the high bits, as ffmpeg reads and writes them. Some
    /// writers give the width only by way of the bytes a second.
    fn g726(&self) -> Option<Coding> {
        let by_rate = u64::from(self.second_bytes) * 8 / u64::from(self.rate_hz.max(1));
        let widths = [u64::from(self.bits), by_rate];
        let bits = widths.into_iter().find(|bits| (2..=5).contains(bits))? as u8;
        Some(Coding::Packets(Packets::G726 { bits, order: BitOrder::HighFirst }))
    }
}
