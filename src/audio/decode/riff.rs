//! The fast way: WAVE files with plain or G.711 samples, decoded by the core's own tables.

use super::{BLOCK_FRAMES, Blocks, DecodeError, Stream};
use crate::audio::wave::{Length, Wave};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Decodes the samples that `wave` found in `file`.
pub(super) fn decode(file: &mut File, wave: &Wave, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let channels = usize::from(wave.channels);
    blocks.open(wave.rate_hz, channels, wave.coding.full_scale())?;
    let frame_bytes = wave.coding.bytes() * channels;
    let mut bytes = vec![0; BLOCK_FRAMES * frame_bytes];
    let mut left = wave.data_bytes;
    file.seek(SeekFrom::Start(wave.data_start))?;
    loop {
        let wanted = (bytes.len() as u64).min(left) as usize;
        let read = fill(file, &mut bytes[..wanted])?;
        for (channel, samples) in blocks.pcm.channels.iter_mut().enumerate() {
            wave.coding.read(&bytes[..read], channel, channels, samples);
        }
        left -= read as u64;
        if !blocks.emit() || read < bytes.len() {
            break;
        }
    }
    let there = blocks.frames;
    let partial = match wave.length {
        Length::Whole => None,
        Length::Short { claimed_bytes } => {
            Some(DecodeError::Truncated { there, claimed: claimed_bytes / frame_bytes as u64 })
        }
        Length::Unknown => Some(DecodeError::LengthUnknown { there }),
    };
    // A cut-off file without a single sample holds none, whatever else is wrong with it.
    let partial = partial.filter(|_| there > 0);
    Ok(Stream { decoder: "callsift", codec: wave.coding.name().to_owned(), warnings: Vec::new(), partial })
}

/// Reads until `buffer` is full or the file ends; returns the bytes read.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
