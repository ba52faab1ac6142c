//! Everything but WAVE files: finds out by content who can decode a file.

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
