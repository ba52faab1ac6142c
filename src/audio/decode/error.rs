use super::RATES_HZ;
use serde::{Deserialize, Serialize};
use std::io;

/// Why a recording, or the rest of it, cannot be decoded. Messages name no file: the caller knows
/// under which name it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum DecodeError {
    /// There is no such file.
    #[error("there is no such file; check the path, or leave the call out of the manifest")]
    NotFound,
    /// The operating system does not let it be read.
    #[error("the file cannot be read ({reason}); check its permissions and the storage it is on")]
    Unreadable {
        /// What the operating system says.
        reason: String,
    },
    /// It has no bytes.
    #[error("the file is empty (0 bytes); fetch it again from the recorder")]
    EmptyFile,
    /// Its bytes are no recording that is known.
    #[error("the file is not a recording of a known format; convert it, for instance to WAV")]
    NotAudio,
    /// It is a recording with a codec that is not decoded.
    #[error(
        "the codec is not supported ({codec}); install ffmpeg, or convert the recording, for instance to 16-bit WAV"
    )]
    UnsupportedCodec {
        /// The codec, as far as it could be told.
        codec: String,
    },
    /// Its rate makes no sense for speech.
    #[error(
        "its rate is {rate_hz} Hz, outside {} to {} Hz; correct the header, or convert the recording",
        RATES_HZ.start(), RATES_HZ.end()
    )]
    AbsurdRate {
        /// The rate its header claims.
        rate_hz: u32,
    },
    /// It has more channels than two people.
    #[error("it has {channels} channels; say which are the parties', such as --channels 0,1")]
    TooManyChannels {
        /// How many.
        channels: usize,
    },
    /// It has fewer channels than the one that was picked.
    #[error("it has {channels} channels, and so no channel {number}; pick others with --channels")]
    NoSuchChannel {
        /// The one that was picked, from 0.
        number: u16,
        /// How many there are.
        channels: usize,
    },
    /// It is a recording of no length.
    #[error("it holds no samples; fetch it again from the recorder")]
    NoSamples,
    /// Its bytes contradict themselves.
    #[error("it is corrupt: {detail}; fetch it again from the recorder")]
    Corrupt {
        /// What is wrong.
        detail: String,
    },
    /// It ends before the length it claims.
    #[error("it is cut off: {there} of the {claimed} samples it claims are there; fetch it again from the recorder")]
    Truncated {
        /// Samples a channel that are there.
        there: u64,
        /// Samples a channel that are claimed.
        claimed: u64,
    },
    /// It ends in the middle of something; how much is missing is unknown.
    #[error("it is cut off after {there} samples; fetch it again from the recorder")]
    EndsEarly {
        /// Samples a channel that were decoded.
        there: u64,
    },
    /// Its header was never completed, so nobody can tell whether all of it is there.
    #[error(
        "its header does not say how long it is (streamed, or the recorder crashed); all {there} samples were read"
    )]
    LengthUnknown {
        /// Samples a channel that are there.
        there: u64,
    },
    /// It is longer than the limit.
    #[error("it is longer than {max_s} s; the rest was left out")]
    TooLong {
        /// The limit.
        max_s: i64,
    },
    /// The decoder took so long that it was stopped.
    #[error("decoding took longer than {limit_s} s and was stopped; convert the recording, for instance to 16-bit WAV")]
    TimedOut {
        /// The limit.
        limit_s: u64,
    },
    /// The decoder crashed on it.
    #[error("the decoder crashed on it; convert the recording, for instance to 16-bit WAV, and report it")]
    DecoderPanicked,
}

/// Why not all of a recording was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Stable code, snake_case; one of those of [`DecodeError::code`].
    pub code: &'static str,
    /// A sentence.
    pub message: String,
}

impl DecodeError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Unreadable { .. } => "unreadable",
            Self::EmptyFile => "empty_file",
            Self::NotAudio => "not_audio",
            Self::UnsupportedCodec { .. } => "unsupported_codec",
            Self::AbsurdRate { .. } => "absurd_rate",
            Self::TooManyChannels { .. } => "too_many_channels",
            Self::NoSuchChannel { .. } => "no_such_channel",
            Self::NoSamples => "no_samples",
            Self::Corrupt { .. } => "corrupt",
            Self::Truncated { .. } | Self::EndsEarly { .. } => "truncated",
            Self::LengthUnknown { .. } => "length_unknown",
            Self::TooLong { .. } => "too_long",
            Self::TimedOut { .. } => "timed_out",
            Self::DecoderPanicked => "decoder_panicked",
        }
    }

    /// Whether the same command may succeed later with the same file.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::NotFound | Self::Unreadable { .. })
    }
}

impl From<io::Error> for DecodeError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            kind => Self::Unreadable { reason: kind.to_string() },
        }
    }
}
