//! Why a transcript could not be read. No message quotes what was said.

/// Why a transcript could not be read, and where.
///
/// Places are written as `segments[3].end_ms`, counted from 0. Messages name numbers, kinds of values and keys, never
/// words of the transcript, which may be personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file is larger than a transcript can be.
    #[error("the transcript has {bytes} bytes, more than {limit_bytes}: is it a transcript? Split it by call")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest that is read.
        limit_bytes: usize,
    },
    /// The file is no JSON.
    #[error("the transcript is no JSON at line {line}, column {column}: {why}; save it as UTF-8 JSON")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        why: String,
    },
    /// The file is packed, and cannot be unpacked.
    #[error("the transcript is packed with gzip and breaks off or is damaged; write it again")]
    NotUnpacked,
    /// More of something than a call can have.
    #[error("the transcript has more than {limit} {what}: is it one call's? Split it by call")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most that are read.
        limit: usize,
    },
    /// The file is in no format that is known.
    #[error(
        "the transcript is in no format that callsift knows: it is {looks_like}; name its format with --transcript-format, or \
         convert it to callsift's own"
    )]
    Unrecognised {
        /// What it is instead: its top-level keys or its kind.
        looks_like: String,
    },
    /// The file is not in the format that it was said to be in.
    #[error("the transcript is not in the format {format}: {why}; leave --transcript-format out, or name another one")]
    NotOfFormat {
        /// The format's name.
        format: &'static str,
        /// What it is instead.
        why: String,
    },
    /// It is our format in a version that this program does not know.
    #[error("the transcript's version is {version}, this callsift reads version 1: convert it or update callsift")]
    BadVersion {
        /// The version it says.
        version: String,
    },
    /// A field is missing, of the wrong kind, or absurd.
    #[error("the transcript's {place} {why}")]
    BadField {
        /// Which field.
        place: String,
        /// What it is and what is expected.
        why: String,
    },
    /// Something ends before it starts.
    #[error("the transcript's {place} ends at {end_ms} ms, before it starts at {start_ms} ms: swap or mend its times")]
    TimesReversed {
        /// Which segment or word.
        place: String,
        /// Its start.
        start_ms: i64,
        /// Its end.
        end_ms: i64,
    },
    /// Two segments of one speaker are in the wrong order, or lie over one another.
    #[error(
        "the transcript's {place} starts at {start_ms} ms, but {before} of the same speaker runs from {before_start_ms} to \
         {before_end_ms} ms: sort the segments by start, or tell the speakers apart"
    )]
    TimesOutOfOrder {
        /// The later segment.
        place: String,
        /// Its start.
        start_ms: i64,
        /// The segment before it of the same speaker.
        before: String,
        /// That segment's start.
        before_start_ms: i64,
        /// That segment's end.
        before_end_ms: i64,
    },
}

impl ImportError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NotJson { .. } => "not_json",
            Self::NotUnpacked => "not_unpacked",
            Self::TooMany { .. } => "too_many",
            Self::Unrecognised { .. } => "unknown_format",
            Self::NotOfFormat { .. } => "not_of_format",
            Self::BadVersion { .. } => "bad_version",
            Self::BadField { .. } => "bad_field",
            Self::TimesReversed { .. } => "times_reversed",
            Self::TimesOutOfOrder { .. } => "times_out_of_order",
        }
    }
}
