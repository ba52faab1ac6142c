//! What recordings are that nothing here decodes: by their first bytes, or for formats without a
//! mark by their extension.

use std::path::Path;

/// The codec or format of a file that starts with `start`, as ffmpeg names it; none where it is none
/// that ffmpeg would be asked for.
pub(super) fn name(start: &[u8], path: &Path) -> Option<&'static str> {
    by_mark(start).or_else(|| by_extension(path))
}

/// The codec or format of a file that starts with `start`, by its mark.
pub(super) fn by_mark(start: &[u8]) -> Option<&'static str> {
    let known = MARKS.iter().find(|(at, mark, _)| start.get(*at..).is_some_and(|rest| rest.starts_with(mark)));
    known.map(|(_, _, name)| *name)
}

/// Bytes that marks lie in.
pub(super) const START_BYTES: usize = 64;

/// Where a mark lies, the mark, and what it is the mark of.
const MARKS: [(usize, &[u8], &str); 22] = [
    (28, b"Speex   ", "speex"),
    // The object of a header (ASF specification, section 10.1).
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wma"),
    (0, b"\x0b\x77", "ac3"),
    (0, b"TTA1", "tta"),
    (0, b"wvpk", "wavpack"),
    (0, b"MAC ", "ape"),
    (0, b"MPCK", "musepack"),
    (0, b"MP+", "musepack"),
    (0, b".RMF", "realaudio"),
    (0, b".ra\xfd", "realaudio"),
    (0, b"#!AMR_MC1.0\n", "amr of several channels"),
    (0, b"#!AMR-WB_MC1.0\n", "amr of several channels"),
    (0, b"\x7f\xfe\x80\x01", "dts"),
    (0, b"FLV\x01", "flv"),
    (0, b"tBaK", "tak"),
    (0, b"RIFF\xff\xff\xff\xffQLCM", "qcelp"),
    (0, b"Creative Voice File\x1a", "voc"),
    (0, b"NIST_1A\n", "sphere"),
    (0, b"\x64\xa3", "ircam"),
    (0, b"\0\0\x01\xba", "mpeg"),
    (8, b"AVI ", "avi"),
    (8, b"QLCM", "qcelp"),
];

/// Formats without a mark, by the extension that recorders give them.
const EXTENSIONS: [(&str, &str); 10] = [
    ("tco", "g723_1"),
    ("g723", "g723_1"),
    ("g729", "g729"),
    ("mp1", "mp1"),
    ("mp2", "mp2"),
    ("ac3", "ac3"),
    ("eac3", "eac3"),
    ("dts", "dts"),
    ("wma", "wma"),
    ("ilbc", "ilbc"),
];

fn by_extension(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    EXTENSIONS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, name)| *name)
}
