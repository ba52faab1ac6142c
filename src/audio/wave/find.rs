//! What kind of file it is: by content first, by the ending of its name second.

use super::bytes::{Source, position, window_at};
use super::headerless::{self, Raw};
use super::kinds::Kind;
use super::stored::Found;
use super::{aiff, au, caf, riff, w64};
use std::io;

/// What is known of a file apart from its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// The ending of its name, lower-case, without the dot.
    pub extension: Option<&'a str>,
    /// What files without a header are.
    pub raw: Option<Raw>,
}

/// Finds the samples of `source`, which is `file_bytes` long.
///
/// A file that starts like one of the known formats is of that format, whatever its name. One that
/// does not is headerless where its name or `hints.raw` says so; else a WAVE file is searched for
/// behind up to 64 KiB of junk.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn find(source: &mut (impl io::Read + io::Seek), file_bytes: u64, hints: &Hints<'_>) -> io::Result<Found> {
    let start = window_at(source, 0, 64)?;
    let by_name = hints.extension.and_then(headerless::of_extension);
    if let Some(kind) = Kind::of(&start) {
        let found = read(source, kind, file_bytes);
        let odd = kind.mismatch(hints.extension);
        return Ok(with_warning(cut_off_is_broken(found)?, odd));
    }
    let frames = Kind::of_frames(&start);
    let is_named_so = frames.zip(hints.extension).is_some_and(|(kind, extension)| kind.is_usual(extension));
    // Two bytes of frames are soon found in samples, so it takes the name to believe them.
    if let Some(raw) = hints.raw.filter(|_| !is_named_so).or(by_name) {
        return Ok(Found::Samples(raw.stored(file_bytes)));
    }
    match frames {
        Some(kind) => Ok(with_warning(Found::Other(Vec::new()), kind.mismatch(hints.extension))),
        None => behind_junk(source, file_bytes),
    }
}

/// How far a start is searched for.
const JUNK_BYTES: usize = 1 << 16;

fn read(source: &mut impl Source, kind: Kind, file_bytes: u64) -> io::Result<Found> {
    match kind {
        Kind::Wave => riff::read(source, 0, file_bytes),
        Kind::Wave64 => w64::read(source, file_bytes),
        Kind::Aiff => aiff::read(source, file_bytes),
        Kind::Au => au::read(source, file_bytes),
        Kind::Caf => caf::read(source, file_bytes),
        Kind::Other(_) => Ok(Found::Other(Vec::new())),
    }
}

fn behind_junk(source: &mut impl Source, file_bytes: u64) -> io::Result<Found> {
    let window = window_at(source, 0, JUNK_BYTES)?;
    let mut from = 0;
    while let Some(found) = position(&window[from..], b"RIFF") {
        let start = from + found;
        if window.get(start + 8..start + 12) == Some(b"WAVE") {
            let odd = Some(format!("{start} bytes of junk stand before its header"));
            return Ok(with_warning(cut_off_is_broken(riff::read(source, start as u64, file_bytes))?, odd));
        }
        from = start + 4;
    }
    Ok(Found::Other(Vec::new()))
}

fn cut_off_is_broken(found: io::Result<Found>) -> io::Result<Found> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Found::Broken("its header is cut off")),
        other => other,
    }
}

fn with_warning(found: Found, odd: Option<String>) -> Found {
    match found {
        Found::Samples(mut stored) => {
            stored.warnings.extend(odd);
            Found::Samples(stored)
        }
        Found::Other(mut warnings) => {
            warnings.extend(odd);
            Found::Other(warnings)
        }
        broken @ Found::Broken(_) => broken,
    }
}
