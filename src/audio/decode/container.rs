//! Everything but WAVE files: finds out by content who can decode a file.

use super::fence::{corrupt, fill, unsupported};
use super::section::Section;
use super::tail::{Tail, tail_of};
use super::{Blocks, DecodeError, DecodeOptions, Stream, amr, child, foreign, mp3, mp4, parts, reading};
use crate::audio::wave::caf;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// Decodes the recording at `path`, which is `bytes` long.
pub(super) fn decode(
    path: &Path,
    bytes: u64,
    options: &DecodeOptions,
    blocks: &mut Blocks<'_>,
) -> Result<Stream, DecodeError> {
    let mut file = File::open(path)?;
    if is_wave(&mut file)? {
        return Err(unsupported("a coding of WAVE that is not known here"));
    }
    if let Some(name) = foreign_name(&mut file)? {
        return Err(unsupported(name));
    }
    if let Some(variant) = amr::variant_of(&mut file)? {
        return amr::decode(&mut file, variant, blocks);
    }
    if mp3::is_mp3(&mut file, bytes)? {
        return mp3::decode(&mut file, bytes, blocks);
    }
    if let Some(track) = mp4::amr_track_of(&mut file, bytes) {
        return amr::decode_track(&mut file, &track, blocks);
    }
    let parts = parts::parts_of(&mut file, bytes)?;
    if parts.len() > 1 {
        return decode_parts(path, &parts, blocks);
    }
    let tail = tail_of(&mut file, bytes, "")?;
    file.seek(SeekFrom::Start(0))?;
    let mut stream = match (open(file, bytes)?, &options.child) {
        // The decoder of Opus is young and not free of unsafe code.
        (reading, Some(program)) if reading.is_opus() => child::decode(program, path, bytes, options, blocks),
        (reading, _) => reading.decode(bytes, blocks),
    }?;
    if !blocks.cut {
        stream.partial = stream.partial.or_else(|| what_is_missing(tail, blocks.frames));
    }
    Ok(stream)
}

/// Opens a container; one of CAF whose codec makes no sense here may make sense to another program.
fn open(mut file: File, bytes: u64) -> Result<reading::Reading, DecodeError> {
    let mut start = [0; 4];
    let is_caf = fill(&mut file, &mut start)? == start.len() && start == caf::START;
    file.seek(SeekFrom::Start(0))?;
    reading::open(file, bytes).map_err(|error| match error {
        DecodeError::Corrupt { .. } if is_caf => unsupported("a coding of CAF that is not known here"),
        error => error,
    })
}

/// Decodes files that were joined, one after the other.
fn decode_parts(path: &Path, parts: &[Range<u64>], blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let mut whole: Option<Stream> = None;
    for part in parts {
        let bytes = part.end - part.start;
        let decoded = Section::new(File::open(path)?, part.start, bytes)
            .map_err(DecodeError::from)
            .and_then(|section| reading::open(section, bytes))
            .and_then(|reading| reading.decode(bytes, blocks));
        match (&mut whole, decoded) {
            (None, decoded) => whole = Some(decoded?),
            (Some(whole), Ok(stream)) => {
                whole.warnings.extend(stream.warnings);
                whole.partial = whole.partial.take().or(stream.partial);
            }
            (Some(whole), Err(error)) => whole.partial = whole.partial.take().or(Some(error)),
        }
        if blocks.cut {
            break;
        }
    }
    whole.ok_or(DecodeError::NoSamples)
}

/// Why a recording of which `there` frames were decoded is not whole, by how its file ends.
pub(super) fn what_is_missing(tail: Tail, there: u64) -> Option<DecodeError> {
    match tail {
        Tail::Whole => None,
        Tail::Cut => Some(DecodeError::EndsEarly { there }),
        Tail::Changed => Some(corrupt("its rate or number of channels changes half-way, and the rest is left out")),
    }
}

/// What the file is by its mark, where nothing here decodes it: other readers would look for something they know inside.
fn foreign_name(file: &mut File) -> Result<Option<&'static str>, DecodeError> {
    let mut start = [0; foreign::START_BYTES];
    let read = fill(file, &mut start)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(foreign::by_mark(&start[..read]))
}

/// Whether it is a WAVE file: our own reader has seen it and knows all codings that can be decoded.
fn is_wave(file: &mut File) -> Result<bool, DecodeError> {
    let mut start = [0; 12];
    let read = fill(file, &mut start)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(read == start.len() && matches!(&start[..4], b"RIFF" | b"RIFX" | b"RF64" | b"BW64") && &start[8..] == b"WAVE")
}
