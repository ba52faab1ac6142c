//! Kinds of files, by how they start and how their names end.

use super::{au, caf, headerless, w64};

/// Whether a file whose name ends in `extension` (lower-case, no dot) is a recording by its name: of a
/// format that is known here, or [headerless](headerless::of_extension).
#[must_use]
pub fn is_sound_extension(extension: &str) -> bool {
    headerless::of_extension(extension).is_some() || ENDINGS.iter().any(|(_, endings)| endings.contains(&extension))
}

/// Kinds of files that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Wave,
    Wave64,
    Aiff,
    Au,
    Caf,
    /// One of those that other readers take.
    Other(&'static str),
}

impl Kind {
    /// By the first bytes; `None` where these are nobody's.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        let is_wave = start.get(8..12) == Some(b"WAVE");
        match start.get(..4) {
            Some(b"RIFF" | b"RIFX" | b"RF64" | b"BW64") if is_wave => return Some(Self::Wave),
            Some(start) if start == au::START => return Some(Self::Au),
            Some(start) if start == caf::START => return Some(Self::Caf),
            Some(b"FORM") if matches!(start.get(8..12), Some(b"AIFF" | b"AIFC")) => return Some(Self::Aiff),
            _ if start.starts_with(&w64::START) => return Some(Self::Wave64),
            _ => {}
        }
        let known = STARTS.iter().find(|(at, bytes, _)| start.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
        known.map(|(_, _, name)| Self::Other(name))
    }

    /// Whether it may be a frame of MPEG or AC-3 sound; two bytes say little.
    pub(super) fn of_frames(start: &[u8]) -> Option<Self> {
        match start {
            [0xff, 0xe0..=0xff, ..] => Some(Self::Other(MPEG)),
            [0x0b, 0x77, ..] => Some(Self::Other("AC-3")),
            _ => None,
        }
    }

    /// What is odd about a file of this kind whose name ends in `extension`, lower-case; `None` where
    /// it is usual, or nobody's.
    pub(super) fn mismatch(self, extension: Option<&str>) -> Option<String> {
        let extension = extension?;
        (is_sound_extension(extension) && !self.is_usual(extension))
            .then(|| format!("its name ends in .{extension}, but its content is {}", self.name()))
    }

    /// Whether names of such files end in `extension`.
    pub(super) fn is_usual(self, extension: &str) -> bool {
        ENDINGS.iter().any(|(name, endings)| *name == self.name() && endings.contains(&extension))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Wave => "WAVE",
            Self::Wave64 => "Wave64",
            Self::Au => "AU",
            Self::Caf => "CAF",
            Self::Aiff => "AIFF",
            Self::Other(name) => name,
        }
    }
}

const MPEG: &str = "MPEG sound";

/// Offset, bytes and name of what others read.
const STARTS: [(usize, &[u8], &str); 11] = [
    (0, b"ID3", MPEG),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (4, b"ftyp", "MP4"),
    (0, b"\x1a\x45\xdf\xa3", "Matroska"),
    (0, b"#!AMR", "AMR"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "ASF"),
    (0, b"wvpk", "WavPack"),
    (0, b"TTA1", "TTA"),
    (0, b"MAC ", "Monkey's Audio"),
    (0, b"Creative Voice File", "VOC"),
];

/// Endings that are usual for each; an ID3 tag may stand before FLAC and others, too.
const ENDINGS: [(&str, &[&str]); 17] = [
    ("WAVE", &["wav", "wave", "bwf", "rf64", "amb"]),
    ("Wave64", &["w64"]),
    ("AU", &["au", "snd"]),
    (MPEG, &["mp3", "mp2", "mp1", "mpga", "aac", "adts", "flac", "tta"]),
    ("Ogg", &["ogg", "oga", "opus", "spx"]),
    ("FLAC", &["flac", "fla"]),
    ("MP4", &["m4a", "mp4", "3gp", "3g2", "aac", "alac", "mov"]),
    ("AIFF", &["aif", "aiff", "aifc"]),
    ("CAF", &["caf"]),
    ("Matroska", &["mka", "mkv", "webm"]),
    ("AMR", &["amr", "awb"]),
    ("ASF", &["wma", "asf", "wmv"]),
    ("WavPack", &["wv"]),
    ("TTA", &["tta"]),
    ("Monkey's Audio", &["ape"]),
    ("VOC", &["voc"]),
    ("AC-3", &["ac3"]),
];
