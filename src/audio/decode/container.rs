//! Everything but WAVE files: finds out by content who can decode a file.

use super::fence::{fill, unsupported};
use super::{Blocks, DecodeError, DecodeOptions, Stream, amr, child, mp3, mp4, reading};
use std::fs::File;
use std::io::{Seek, SeekFrom};
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
    if let Some(variant) = amr::variant_of(&mut file)? {
        return amr::decode(&mut file, variant, blocks);
    }
    if mp3::is_mp3(&mut file, bytes)? {
        return mp3::decode(&mut file, bytes, blocks);
    }
    if let Some(track) = mp4::amr_track_of(&mut file, bytes) {
        return amr::decode_track(&mut file, &track, blocks);
    }
    file.seek(SeekFrom::Start(0))?;
    match (reading::open(file, bytes)?, &options.child) {
        // The decoder of Opus is young and not free of unsafe code.
        (reading, Some(program)) if reading.is_opus() => child::decode(program, path, bytes, options, blocks),
        (reading, _) => reading.decode(bytes, blocks),
    }
}

/// Whether it is a WAVE file: our own reader has seen it and knows all codings that can be decoded.
fn is_wave(file: &mut File) -> Result<bool, DecodeError> {
    let mut start = [0; 12];
    let read = fill(file, &mut start)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(read == start.len() && matches!(&start[..4], b"RIFF" | b"RF64" | b"BW64") && &start[8..] == b"WAVE")
}
