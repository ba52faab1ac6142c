//! Apple's AIFF and AIFF-C: chunks like those of RIFF, big-endian (Apple, "Audio Interchange File Format", 1989 and 1991).

use super::bytes::{array_at, u32_be, u64_be, window_at};
use super::stored::{Coding, Found, Length, Stored};
use crate::audio::codec::plain::Plain;
use std::io;

/// Reads the AIFF file `source`, which is `file_bytes` long and begins with `FORM`, a size and `AIFF` or `AIFC`.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn read(source: &mut (impl io::Read + io::Seek), file_bytes: u64) -> io::Result<Found> {
    let (mut position, mut common) = (FIRST_CHUNK, None);
    for _ in 0..MOST_CHUNKS {
        let header: [u8; 8] = array_at(source, position)?;
        let (body, size) = (position + 8, u64::from(u32_be(&header, 4)));
        match &header[..4] {
            b"COMM" => common = Some(window_at(source, body, size.min(COMMON_BYTES) as usize)?),
            b"SSND" => {
                let offset = u64::from(u32_be(&array_at::<8>(source, body)?, 0));
                return Ok(locate(common.as_deref(), body + 8 + offset, size.saturating_sub(8 + offset), file_bytes));
            }
            _ => {}
        }
        position = body + size + size % 2;
        if position >= file_bytes {
            break;
        }
    }
    Ok(Found::Broken("it has no chunk of samples"))
}

/// After the name and size of the whole and the kind.
const FIRST_CHUNK: u64 = 12;

/// What is read of the common chunk: all but the name of the compression.
const COMMON_BYTES: u64 = 22;

const MOST_CHUNKS: usize = 4_096;

fn locate(common: Option<&[u8]>, data_start: u64, claimed: u64, file_bytes: u64) -> Found {
    let Some(common) = common.filter(|common| common.len() >= 18) else {
        return Found::Broken("no COMM chunk says what its samples are");
    };
    let (channels, bits) = (u16::from_be_bytes([common[0], common[1]]), u16::from_be_bytes([common[6], common[7]]));
    if channels == 0 {
        return Found::Broken("its header says 0 channels");
    }
    let Some(plain) = plain_of(common.get(18..22), bits) else { return Found::Other(Vec::new()) };
    let there = file_bytes.saturating_sub(data_start);
    let (data_bytes, length) = match claimed {
        0 if there > 0 => (there, Length::Unknown),
        claimed if claimed <= there => (claimed, Length::Whole),
        claimed_bytes => (there, Length::Short { claimed_bytes }),
    };
    let (coding, rate_hz) = (Coding::Plain(plain), rate_hz_of(&common[8..18]));
    let (counted_frames, warnings) = (None, Vec::new());
    Found::Samples(Stored { coding, rate_hz, channels, data_start, data_bytes, length, counted_frames, warnings })
}

/// Samples of odd sizes stand at the top of the next whole number of bytes.
fn plain_of(compression: Option<&[u8]>, bits: u16) -> Option<Plain> {
    let by_bits = match bits {
        1..=8 => Some(Plain::S8),
        9..=16 => Some(Plain::S16Be),
        17..=24 => Some(Plain::S24Be),
        25..=32 => Some(Plain::S32Be),
        _ => None,
    };
    match compression {
        None | Some(b"NONE" | b"twos") => by_bits,
        Some(b"sowt") => match by_bits? {
            Plain::S16Be => Some(Plain::S16),
            Plain::S24Be => Some(Plain::S24),
            Plain::S32Be => Some(Plain::S32),
            other => Some(other),
        },
        Some(b"raw ") => (bits <= 8).then_some(Plain::U8),
        Some(b"in24") => Some(Plain::S24Be),
        Some(b"in32") => Some(Plain::S32Be),
        Some(b"fl32" | b"FL32") => Some(Plain::F32Be),
        Some(b"fl64" | b"FL64") => Some(Plain::F64Be),
        Some(b"alaw" | b"ALAW") => Some(Plain::ALaw),
        Some(b"ulaw" | b"ULAW") => Some(Plain::MuLaw),
        Some(_) => None,
    }
}

/// A number of 80 bits: sign and exponent, then a mantissa with its whole part (IEEE 754, extended). What is no rate reads 0.
fn rate_hz_of(extended: &[u8]) -> u32 {
    let exponent = u32::from(extended[0]) << 8 | u32::from(extended[1]);
    let whole_bits = (exponent + 1).wrapping_sub(BIAS);
    if !(1..=32).contains(&whole_bits) {
        return 0;
    }
    (u64_be(extended, 2) >> (64 - whole_bits)) as u32
}

/// What the exponent of 1 is.
const BIAS: u32 = 16_383;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read() {
        // (bytes, Hz): worked out from the definition, 44,100 as in Apple's example.
        let cases: [([u8; 10], u32); 4] = [
            ([0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0], 44_100),
            ([0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0], 8_000),
            ([0; 10], 0),
            ([0xff; 10], 0),
        ];
        for (bytes, expected) in cases {
            assert_eq!(rate_hz_of(&bytes), expected, "{bytes:02x?}");
        }
    }
}
