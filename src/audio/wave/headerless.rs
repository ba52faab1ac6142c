//! Files that are samples and nothing else: what they are comes from their names, or is told.

use super::stored::{Coding, Length, Stored};
use crate::audio::codec::packets::{BitOrder, Packets};
use crate::audio::codec::plain;
use std::fmt;
use std::str::FromStr;

/// What the samples of headerless files are.
///
/// Written `codec:rate:channels`, for instance `mulaw:8000:2`; rate and channels may be left out and
/// are then those that the codec usually has, 8,000 Hz (G.722: 16,000) and 1.
///
/// ```
/// use callsift::audio::wave::headerless::Raw;
///
/// let raw: Raw = "alaw:8000:2".parse()?;
/// assert_eq!((raw.rate_hz, raw.channels), (8_000, 2));
/// assert_eq!("g722".parse::<Raw>()?.to_string(), "g722:16000:1");
/// assert_eq!("opus".parse::<Raw>().unwrap_err().code(), "raw_codec_unknown");
/// # Ok::<(), callsift::audio::wave::headerless::RawError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raw {
    codec: &'static str,
    /// How samples are coded.
    pub coding: Coding,
    /// Samples per second and channel.
    pub rate_hz: u32,
    /// Channels, at least one, and as many as the coding can have.
    pub channels: u16,
}

/// Why a text does not say what headerless files are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RawError {
    /// The codec has a name that is not known.
    #[error("{codec:?} is no codec of headerless files; write one of {}", codec_names())]
    UnknownCodec {
        /// What was written.
        codec: String,
    },
    /// The rate is no number of hertz.
    #[error("{rate:?} is no rate in Hz; write a whole number over 0, such as in mulaw:8000:1")]
    BadRate {
        /// What was written.
        rate: String,
    },
    /// The channels are no number, or one that the codec cannot have.
    #[error(
        "{codec} cannot have {channels:?} channels; write 1, or where the codec allows it 2, such as in mulaw:8000:2"
    )]
    BadChannels {
        /// The codec.
        codec: &'static str,
        /// What was written.
        channels: String,
    },
    /// More than three parts.
    #[error("{text:?} has more than three parts; write codec:rate:channels, such as mulaw:8000:1")]
    TooManyParts {
        /// What was written.
        text: String,
    },
}

impl RawError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownCodec { .. } => "raw_codec_unknown",
            Self::BadRate { .. } => "raw_rate_bad",
            Self::BadChannels { .. } => "raw_channels_bad",
            Self::TooManyParts { .. } => "raw_too_many_parts",
        }
    }
}

impl FromStr for Raw {
    type Err = RawError;

    fn from_str(text: &str) -> Result<Self, RawError> {
        let mut parts = text.trim().splitn(3, ':');
        let mut raw = parts.next().and_then(Self::usual).ok_or_else(|| RawError::UnknownCodec {
            codec: text.split(':').next().unwrap_or_default().trim().to_owned(),
        })?;
        if let Some(rate) = parts.next() {
            let bad = || RawError::BadRate { rate: rate.to_owned() };
            raw.rate_hz = rate.parse().ok().filter(|rate_hz| *rate_hz > 0).ok_or_else(bad)?;
        }
        if let Some(channels) = parts.next() {
            if channels.contains(':') {
                return Err(RawError::TooManyParts { text: text.to_owned() });
            }
            let bad = || RawError::BadChannels { codec: raw.codec, channels: channels.to_owned() };
            raw.channels = channels.parse().ok().filter(|channels| raw.fits(*channels)).ok_or_else(bad)?;
        }
        Ok(raw)
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.codec, self.rate_hz, self.channels)
    }
}

impl Raw {
    /// The samples of a file that is `file_bytes` long.
    #[must_use]
    pub fn stored(self, file_bytes: u64) -> Stored {
        Stored {
            coding: self.coding,
            rate_hz: self.rate_hz,
            channels: self.channels,
            data_start: 0,
            data_bytes: file_bytes,
            length: Length::Unclaimed,
            counted_frames: None,
            warnings: Vec::new(),
        }
    }

    /// A codec by name, with its usual rate and one channel.
    fn usual(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(&*name, |(_, name)| name);
        let plain =
            plain::NAMES.iter().filter_map(|(long, plain)| Some((long.strip_prefix("pcm_")?, Coding::Plain(*plain))));
        let packets = PACKETS.iter().map(|(name, packets)| (*name, Coding::Packets(*packets)));
        let (codec, coding) = plain.chain(packets).find(|(known, _)| *known == name)?;
        let rate_hz = if coding == Coding::Packets(Packets::G722) { 16_000 } else { 8_000 };
        Some(Self { codec, coding, rate_hz, channels: 1 })
    }

    fn fits(self, channels: u16) -> bool {
        match self.coding {
            Coding::Packets(packets) => packets.fits(channels),
            Coding::Plain(_) | Coding::Mpeg => (1..=64).contains(&channels),
        }
    }
}

/// What a file whose name ends in `extension` (lower-case, no dot) is where its content does not say:
/// one channel, at 8,000 Hz but for G.722 and Asterisk's `sln12` to `sln192`. `None` for other names.
///
/// G.726 packs the earlier sample low, as RFC 3551 and Asterisk do; `vox` is Dialogic's ADPCM.
#[must_use]
pub fn of_extension(extension: &str) -> Option<Raw> {
    let (_, codec, rate_hz) = EXTENSIONS.iter().find(|(endings, ..)| endings.contains(&extension))?;
    Raw::usual(codec).map(|raw| Raw { rate_hz: *rate_hz, ..raw })
}

const EXTENSIONS: [(&[&str], &str, u32); 22] = [
    (&["pcm", "raw", "sln", "slin", "sw", "s16", "s16le"], "s16le", 8_000),
    (&["sln12"], "s16le", 12_000),
    (&["sln16"], "s16le", 16_000),
    (&["sln24"], "s16le", 24_000),
    (&["sln32"], "s16le", 32_000),
    (&["sln44"], "s16le", 44_100),
    (&["sln48"], "s16le", 48_000),
    (&["sln96"], "s16le", 96_000),
    (&["sln192"], "s16le", 192_000),
    (&["s16be"], "s16be", 8_000),
    (&["ub", "u8"], "u8", 8_000),
    (&["sb", "s8"], "s8", 8_000),
    (&["f32", "f32le"], "f32le", 8_000),
    (&["al", "alaw", "g711a", "pcma"], "alaw", 8_000),
    (&["ul", "ulaw", "mulaw", "mu", "g711u", "pcmu"], "mulaw", 8_000),
    (&["vox", "dialogic"], "vox", 8_000),
    (&["gsm"], "gsm", 8_000),
    (&["g722"], "g722", 16_000),
    (&["g726", "g726-32"], "g726-32", 8_000),
    (&["g726-16"], "g726-16", 8_000),
    (&["g726-24"], "g726-24", 8_000),
    (&["g726-40"], "g726-40", 8_000),
];

const ALIASES: [(&str, &str); 9] = [
    ("ulaw", "mulaw"),
    ("pcmu", "mulaw"),
    ("pcma", "alaw"),
    ("s16", "s16le"),
    ("slin", "s16le"),
    ("oki", "vox"),
    ("dialogic", "vox"),
    ("g726", "g726-32"),
    ("g726be", "g726be-32"),
];

const PACKETS: [(&str, Packets); 12] = [
    ("vox", Packets::Oki),
    ("gsm", Packets::Gsm),
    ("gsm-ms", Packets::GsmMs),
    ("g722", Packets::G722),
    ("g726-16", Packets::G726 { bits: 2, order: BitOrder::LowFirst }),
    ("g726-24", Packets::G726 { bits: 3, order: BitOrder::LowFirst }),
    ("g726-32", Packets::G726 { bits: 4, order: BitOrder::LowFirst }),
    ("g726-40", Packets::G726 { bits: 5, order: BitOrder::LowFirst }),
    ("g726be-16", Packets::G726 { bits: 2, order: BitOrder::HighFirst }),
    ("g726be-24", Packets::G726 { bits: 3, order: BitOrder::HighFirst }),
    ("g726be-32", Packets::G726 { bits: 4, order: BitOrder::HighFirst }),
    ("g726be-40", Packets::G726 { bits: 5, order: BitOrder::HighFirst }),
];

fn codec_names() -> String {
    let plain = plain::NAMES.iter().filter_map(|(name, _)| name.strip_prefix("pcm_"));
    let names: Vec<&str> = plain.chain(PACKETS.iter().map(|(name, _)| *name)).collect();
    names.join(", ")
}
