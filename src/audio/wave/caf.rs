//! Apple's Core Audio Format: chunks with sizes of 64 bits, big-endian (Apple, "Core Audio Format Specification 1.0").

use super::bytes::{array_at, u32_be, u64_be};
use super::stored::{Coding, Found, Length, Stored};
use crate::audio::codec::plain::Plain;
use std::io;

/// How such a file starts.
pub const START: [u8; 4] = *b"caff";

/// Reads the CAF file `source`, which is `file_bytes` long and begins with [`START`]. A data chunk of size -1 reaches to
/// the end of the file. Files with packets of several frames are left to other readers, if their numbers make sense.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn read(source: &mut (impl io::Read + io::Seek), file_bytes: u64) -> io::Result<Found> {
    let mut position = HEADER_BYTES;
    let mut described = None;
    for _ in 0..MOST_CHUNKS {
        let header: [u8; 12] = array_at(source, position)?;
        let (body, size) = (position + CHUNK_HEADER_BYTES, u64_be(&header, 4));
        match &header[..4] {
            b"desc" => described = Some(Description::read(&array_at(source, body)?)),
            b"data" => return Ok(locate(described, body, size, file_bytes)),
            _ => {}
        }
        let Some(next) = body.checked_add(size).filter(|next| *next < file_bytes) else {
            return Ok(Found::Broken("it has no chunk of samples"));
        };
        position = next;
    }
    Ok(Found::Broken("it has no chunk of samples"))
}

/// After the name, the version and the flags of the file.
const HEADER_BYTES: u64 = 8;

/// Name and size of a chunk.
const CHUNK_HEADER_BYTES: u64 = 12;

/// How often the samples were edited: a number before them that only says so.
const EDITS_BYTES: u64 = 4;

const MOST_CHUNKS: usize = 4_096;

/// No codec has longer packets, of frames or of bytes; what claims them is damaged.
const MOST_PACKET_FRAMES: u32 = 1 << 16;
const MOST_PACKET_BYTES: u32 = 1 << 20;

/// The chunk that describes the samples.
struct Description {
    rate_hz: f64,
    codec: [u8; 4],
    flags: u32,
    packet_bytes: u32,
    packet_frames: u32,
    channels: u32,
    bits: u32,
}

impl Description {
    fn read(bytes: &[u8; 32]) -> Self {
        let number = |at: usize| u32_be(bytes, at);
        Self {
            rate_hz: f64::from_bits(u64_be(bytes, 0)),
            codec: [bytes[8], bytes[9], bytes[10], bytes[11]],
            flags: number(12),
            packet_bytes: number(16),
            packet_frames: number(20),
            channels: number(24),
            bits: number(28),
        }
    }

    /// How its samples are coded, where each stands alone.
    fn plain(&self) -> Option<Plain> {
        let (is_float, is_little) = (self.flags & 1 > 0, self.flags & 2 > 0);
        let plain = match (&self.codec, self.bits, is_float, is_little) {
            (b"lpcm", 8, false, _) => Plain::S8,
            (b"lpcm", 16, false, true) => Plain::S16,
            (b"lpcm", 16, false, false) => Plain::S16Be,
            (b"lpcm", 24, false, true) => Plain::S24,
            (b"lpcm", 24, false, false) => Plain::S24Be,
            (b"lpcm", 32, false, true) => Plain::S32,
            (b"lpcm", 32, false, false) => Plain::S32Be,
            (b"lpcm", 32, true, true) => Plain::F32,
            (b"lpcm", 32, true, false) => Plain::F32Be,
            (b"lpcm", 64, true, true) => Plain::F64,
            (b"lpcm", 64, true, false) => Plain::F64Be,
            (b"ulaw", ..) => Plain::MuLaw,
            (b"alaw", ..) => Plain::ALaw,
            _ => return None,
        };
        let is_packed = u64::from(self.packet_bytes) == plain.bytes() as u64 * u64::from(self.channels);
        (is_packed && self.packet_frames == 1).then_some(plain)
    }
}

fn locate(described: Option<Description>, body: u64, size: u64, file_bytes: u64) -> Found {
    let Some(described) = described else { return Found::Broken("no desc chunk says what its samples are") };
    if described.packet_frames > MOST_PACKET_FRAMES || described.packet_bytes > MOST_PACKET_BYTES {
        return Found::Broken("its header says that packets are longer than there are");
    }
    let channels = match u16::try_from(described.channels) {
        Ok(0) => return Found::Broken("its header says 0 channels"),
        Ok(channels) => channels,
        Err(_) => return Found::Broken("its header says more channels than there can be"),
    };
    let plain = match described.plain() {
        Some(plain) => plain,
        None if described.codec != *b"lpcm" => return Found::Other(Vec::new()),
        None => return Found::Broken("its header describes samples as there are none"),
    };
    let data_start = body + EDITS_BYTES;
    let there = file_bytes.saturating_sub(data_start);
    let (data_bytes, length) = match size {
        u64::MAX => (there, Length::Unknown),
        size if size < EDITS_BYTES => (there, Length::Unknown),
        size if size - EDITS_BYTES <= there => (size - EDITS_BYTES, Length::Whole),
        size => (there, Length::Short { claimed_bytes: size - EDITS_BYTES }),
    };
    // A cast saturates, and 0 stands for what is no number: both are refused as rates.
    let (coding, rate_hz) = (Coding::Plain(plain), described.rate_hz as u32);
    let (counted_frames, warnings) = (None, Vec::new());
    Found::Samples(Stored { coding, rate_hz, channels, data_start, data_bytes, length, counted_frames, warnings })
}
