//! Codings that remember what came before, cut into packets of whole bytes.

pub use super::bits::BitOrder;
use super::{g722, g726, gsm, ima, ms, oki};

/// How packets of bytes are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packets {
    /// IMA ADPCM of WAVE files, 4 bits a sample, each packet with a start of its own.
    Ima {
        /// Bytes of a packet, all channels together.
        packet_bytes: u16,
    },
    /// Microsoft's ADPCM, each packet with a start of its own.
    Ms {
        /// Bytes of a packet, all channels together.
        packet_bytes: u16,
    },
    /// Dialogic's (OKI's) ADPCM, 4 bits a sample.
    Oki,
    /// GSM 06.10 full rate, 33 bytes for 20 ms.
    Gsm,
    /// The same in Microsoft's packing, 65 bytes for 40 ms.
    GsmMs,
    /// G.722 at 64 kbit/s.
    G722,
    /// G.726.
    G726 {
        /// Bits a sample, 2 to 5; 8 kbit/s each at 8 kHz.
        bits: u8,
        /// Where in a byte the earlier sample stands.
        order: BitOrder,
    },
}

/// A decoder with its memory.
pub trait Unpack {
    /// Appends the sound of `packet`, which is as long as [`Packets::packet_bytes`] says or, where it
    /// is the last one, shorter, to `out`, which has a vector a channel; full scale ±1.
    ///
    /// False, and nothing appended, where the packet contradicts itself or is too short for a start.
    fn unpack(&mut self, packet: &[u8], out: &mut [Vec<f32>]) -> bool;
}

impl Packets {
    /// Its name in tables, as ffmpeg spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ima { .. } => "adpcm_ima_wav",
            Self::Ms { .. } => "adpcm_ms",
            Self::Oki => "adpcm_ima_oki",
            Self::Gsm => "gsm",
            Self::GsmMs => "gsm_ms",
            Self::G722 => "adpcm_g722",
            Self::G726 { order: BitOrder::HighFirst, .. } => "adpcm_g726",
            Self::G726 { order: BitOrder::LowFirst, .. } => "adpcm_g726le",
        }
    }

    /// Whether it can have `channels` channels, and its packets hold at least a sample of each.
    #[must_use]
    pub fn fits(self, channels: u16) -> bool {
        let channels = usize::from(channels);
        match self {
            Self::Ima { packet_bytes } => (1..=2).contains(&channels) && usize::from(packet_bytes) >= 4 * channels,
            Self::Ms { packet_bytes } => (1..=2).contains(&channels) && usize::from(packet_bytes) >= 7 * channels,
            Self::Oki => (1..=2).contains(&channels),
            Self::G726 { bits, .. } => channels == 1 && (2..=5).contains(&bits),
            Self::Gsm | Self::GsmMs | Self::G722 => channels == 1,
        }
    }

    /// Bytes of a packet; for codings that have none of their own, a number that holds whole samples.
    #[must_use]
    pub const fn packet_bytes(self) -> usize {
        match self {
            Self::Ima { packet_bytes } | Self::Ms { packet_bytes } => packet_bytes as usize,
            Self::Gsm => gsm::FRAME_BYTES,
            Self::GsmMs => gsm::PAIR_BYTES,
            Self::Oki | Self::G722 => 1_024,
            // Eight samples of each width fill whole bytes.
            Self::G726 { bits, .. } => 256 * bits as usize,
        }
    }

    /// Samples a channel that `bytes` bytes hold, a last short packet included.
    #[must_use]
    pub const fn frames(self, bytes: u64, channels: u16) -> u64 {
        let packet_bytes = self.packet_bytes() as u64;
        (bytes / packet_bytes)
            .saturating_mul(self.packet_frames(packet_bytes, channels))
            .saturating_add(self.packet_frames(bytes % packet_bytes, channels))
    }

    /// Samples a channel that a packet of `bytes` bytes, at most [`Packets::packet_bytes`], holds.
    #[must_use]
    pub const fn packet_frames(self, bytes: u64, channels: u16) -> u64 {
        let channels = channels as u64;
        match self {
            Self::Ima { .. } => ima::frames(bytes, channels),
            Self::Ms { .. } => ms::frames(bytes, channels),
            Self::Oki => bytes * 2 / channels,
            Self::Gsm => bytes / gsm::FRAME_BYTES as u64 * gsm::FRAME_SAMPLES as u64,
            Self::GsmMs => bytes / gsm::PAIR_BYTES as u64 * 2 * gsm::FRAME_SAMPLES as u64,
            Self::G722 => bytes * 2,
            Self::G726 { bits, .. } => bytes * 8 / bits as u64,
        }
    }

    /// A decoder at the start of a recording of `channels` channels, which must [fit](Self::fits).
    #[must_use]
    pub fn decoder(self, channels: u16) -> Box<dyn Unpack> {
        match self {
            Self::Ima { .. } => Box::new(ima::Ima),
            Self::Ms { .. } => Box::new(ms::Ms),
            Self::Oki => Box::new(oki::Oki::new(usize::from(channels))),
            Self::Gsm => Box::new(gsm::Gsm::new()),
            Self::GsmMs => Box::new(gsm::GsmMs::new()),
            Self::G722 => Box::new(g722::G722::new()),
            Self::G726 { bits, order } => Box::new(g726::G726::new(u32::from(bits), order)),
        }
    }
}

/// A 16-bit sample at full scale ±1.
pub(super) fn scaled(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}
