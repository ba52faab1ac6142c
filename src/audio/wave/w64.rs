//! Sony's Wave64: RIFF with names of 16 bytes, sizes of 64 bits that count the header, and chunks on
//! offsets that are multiples of 8 (Sonic Foundry, "Sony Wave64 file format", 2003).

use super::bytes::{array_at, u64_le, window_at};
use super::format::{FORMAT_BYTES, Format};
use super::stored::{Found, Length, Stored};
use std::io;

/// How such a file starts.
pub const START: [u8; 16] = *b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00";

/// Reads the Wave64 file `source`, which is `file_bytes` long and begins with [`START`].
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn read(source: &mut (impl io::Read + io::Seek), file_bytes: u64) -> io::Result<Found> {
    let mut position = FIRST_CHUNK;
    let mut format = None;
    for _ in 0..MOST_CHUNKS {
        if position.saturating_add(HEADER_BYTES) > file_bytes {
            break;
        }
        let header: [u8; 24] = array_at(source, position)?;
        let (body, size) = (position + HEADER_BYTES, u64_le(&header, 16));
        match (&header[..4], header[4..16] == TAIL) {
            (b"fmt ", true) => format = Some(Format::read(&window_at(source, body, FORMAT_BYTES)?)),
            (b"data", true) => return Ok(locate(format, body, size, file_bytes)),
            _ => {}
        }
        // Each step is forward, however small a size is claimed.
        position = position.saturating_add(size.max(HEADER_BYTES)).saturating_add(7) & !7;
    }
    Ok(Found::Broken("its header is cut off"))
}

fn locate(format: Option<Result<Format, &'static str>>, data_start: u64, size: u64, file_bytes: u64) -> Found {
    let format = match format {
        Some(Ok(format)) => format,
        Some(Err(wrong)) => return Found::Broken(wrong),
        None => return Found::Broken("no fmt chunk says what its samples are"),
    };
    let Some(coding) = format.coding else { return Found::Other(Vec::new()) };
    let there = file_bytes.saturating_sub(data_start);
    let (data_bytes, length) = match size.checked_sub(HEADER_BYTES) {
        // Writers that stream leave 0, the header alone, or the largest number.
        None => (there, Length::Unknown),
        Some(0) if there > 0 => (there, Length::Unknown),
        Some(claimed) if claimed <= there => (claimed, Length::Whole),
        Some(claimed) if claimed > u64::MAX / 4 => (there, Length::Unknown),
        Some(claimed_bytes) => (there, Length::Short { claimed_bytes }),
    };
    let (rate_hz, channels) = (format.rate_hz, format.channels);
    let warnings = format.warning.into_iter().collect();
    Found::Samples(Stored { coding, rate_hz, channels, data_start, data_bytes, length, counted_frames: None, warnings })
}

/// The rest of the names of all chunks but the first.
const TAIL: [u8; 12] = *b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a";

/// Name and size.
const HEADER_BYTES: u64 = 24;

/// After the name and size of the whole and the name `wave`.
const FIRST_CHUNK: u64 = 40;

const MOST_CHUNKS: usize = 4_096;
