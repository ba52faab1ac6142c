//! The RIFF/WAVE reader: finds the samples of uncompressed and G.711 recordings and turns their
//! bytes into numbers. Sizes in headers are claims and are checked against the file's.

use super::{FULL_SCALE_16_BIT, g711};
use std::io::{self, Read, Seek, SeekFrom};

/// Where a WAVE file's samples lie and how they are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wave {
    /// How a sample is coded.
    pub coding: Coding,
    /// Samples per second and channel, as the header claims.
    pub rate_hz: u32,
    /// Channels, at least one.
    pub channels: u16,
    /// Offset of the first sample in the file.
    pub data_start: u64,
    /// Bytes of samples that are there.
    pub data_bytes: u64,
    /// Whether the header says how long the recording is, and the file is that long.
    pub length: Length,
}

/// What a header's claim of length is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// All that was claimed is there.
    Whole,
    /// The file ends early; the header claims `claimed_bytes` of samples.
    Short {
        /// Bytes of samples claimed.
        claimed_bytes: u64,
    },
    /// The header was never completed: the writer streamed or crashed.
    Unknown,
}

/// How one sample is coded; integers are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Unsigned 8-bit.
    U8,
    /// Signed 16-bit.
    S16,
    /// Signed 24-bit.
    S24,
    /// Signed 32-bit.
    S32,
    /// IEEE single.
    F32,
    /// IEEE double.
    F64,
    /// G.711 A-law.
    ALaw,
    /// G.711 µ-law.
    MuLaw,
}

/// What a file that starts like a WAVE turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Samples that [`Coding`] covers.
    Samples(Wave),
    /// Not a WAVE file, or one with a coding that is not ours.
    Other,
    /// A WAVE file that makes no sense; the text says what is wrong.
    Broken(&'static str),
}

/// Reads the header of the file `source`, which is `file_bytes` long.
///
/// RIFF and RF64 (EBU Tech 3306) are understood, `fmt ` chunks of 16, 18 and 40 bytes as well as
/// any other length. A `data` chunk of claimed size 0 or 0xffffffff reaches to the end of the file.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn find(source: &mut (impl Read + Seek), file_bytes: u64) -> io::Result<Found> {
    source.seek(SeekFrom::Start(0))?;
    match find_chunks(source, file_bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(Found::Broken("its header is cut off")),
        other => other,
    }
}

impl Coding {
    /// Bytes of one sample.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 | Self::ALaw | Self::MuLaw => 1,
            Self::S16 => 2,
            Self::S24 => 3,
            Self::S32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Its name in tables, as ffmpeg spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::U8 => "pcm_u8",
            Self::S16 => "pcm_s16le",
            Self::S24 => "pcm_s24le",
            Self::S32 => "pcm_s32le",
            Self::F32 => "pcm_f32le",
            Self::F64 => "pcm_f64le",
            Self::ALaw => "pcm_alaw",
            Self::MuLaw => "pcm_mulaw",
        }
    }

    /// The largest sample it can hold; for floats what a 16-bit original can.
    #[must_use]
    pub const fn full_scale(self) -> f32 {
        match self {
            Self::U8 => 127.0 / 128.0,
            Self::ALaw => g711::A_LAW_FULL_SCALE,
            Self::MuLaw => g711::MU_LAW_FULL_SCALE,
            Self::S16 | Self::S24 | Self::S32 | Self::F32 | Self::F64 => FULL_SCALE_16_BIT,
        }
    }

    /// Replaces `out` by channel `channel` of the interleaved `bytes`, full scale ±1; a last
    /// incomplete frame is left out. `channel` is under `channels`.
    pub fn read(self, bytes: &[u8], channel: usize, channels: usize, out: &mut Vec<f32>) {
        let layout = Layout { channel, channels };
        match self {
            Self::U8 => layout.read(bytes, out, |[code]: [u8; 1]| (f32::from(code) - 128.0) / 128.0),
            Self::S16 => layout.read(bytes, out, |pair| f32::from(i16::from_le_bytes(pair)) / 32_768.0),
            Self::S24 => layout.read(bytes, out, |[low, middle, high]: [u8; 3]| {
                (i32::from_le_bytes([0, low, middle, high]) >> 8) as f32 / 8_388_608.0
            }),
            Self::S32 => layout.read(bytes, out, |word| i32::from_le_bytes(word) as f32 / 2_147_483_648.0),
            Self::F32 => layout.read(bytes, out, f32::from_le_bytes),
            Self::F64 => layout.read(bytes, out, |word| f64::from_le_bytes(word) as f32),
            Self::ALaw => layout.read(bytes, out, |[code]: [u8; 1]| g711::A_LAW[usize::from(code)]),
            Self::MuLaw => layout.read(bytes, out, |[code]: [u8; 1]| g711::MU_LAW[usize::from(code)]),
        }
    }
}

/// Which channel of how many.
#[derive(Clone, Copy)]
struct Layout {
    channel: usize,
    channels: usize,
}

impl Layout {
    /// One and two channels get loops with constant strides, which the compiler vectorises.
    fn read<const N: usize>(self, bytes: &[u8], out: &mut Vec<f32>, sample: impl Fn([u8; N]) -> f32) {
        out.clear();
        let (samples, _) = bytes.as_chunks::<N>();
        match (self.channels, self.channel) {
            (1, _) => out.extend(samples.iter().map(|&word| sample(word))),
            (2, 0) => out.extend(samples.as_chunks::<2>().0.iter().map(|&[left, _]| sample(left))),
            (2, _) => out.extend(samples.as_chunks::<2>().0.iter().map(|&[_, right]| sample(right))),
            _ => out.extend(samples.chunks_exact(self.channels).map(|frame| sample(frame[self.channel]))),
        }
    }
}

/// `fmt ` bytes that matter: as far as the sub-format tag of WAVE_FORMAT_EXTENSIBLE.
const FORMAT_BYTES: usize = 26;

/// More chunks than any writer puts before its samples; a bound on what is read of a hostile file.
const MOST_CHUNKS: usize = 4_096;

/// A size that says "not known": what writers put down when they stream.
const STREAMED: u32 = u32::MAX;

fn find_chunks(source: &mut (impl Read + Seek), file_bytes: u64) -> io::Result<Found> {
    let mut start = [0; 12];
    if file_bytes < 12 {
        return Ok(Found::Other);
    }
    source.read_exact(&mut start)?;
    if !(start.starts_with(b"RIFF") || start.starts_with(b"RF64")) || &start[8..] != b"WAVE" {
        return Ok(Found::Other);
    }
    let mut format = None;
    let mut long_data_bytes = None;
    let mut position = 12;
    for _ in 0..MOST_CHUNKS {
        let (id, size) = chunk_header(source)?;
        position += 8;
        match &id {
            b"ds64" => long_data_bytes = Some(data_size_of_ds64(source)?),
            b"fmt " => format = Some(read_format(source, size)?),
            b"data" => {
                let claimed = if size == STREAMED { long_data_bytes } else { Some(u64::from(size)) };
                return locate(source, format, position, claimed, file_bytes);
            }
            _ => {}
        }
        // Chunks start on even offsets (RIFF 1.0, section 2).
        position += u64::from(size) + u64::from(size & 1);
        source.seek(SeekFrom::Start(position))?;
    }
    Ok(Found::Broken("it has thousands of chunks and no samples"))
}

fn chunk_header(source: &mut impl Read) -> io::Result<([u8; 4], u32)> {
    let mut header = [0; 8];
    source.read_exact(&mut header)?;
    let [a, b, c, d, size @ ..] = header;
    Ok(([a, b, c, d], u32::from_le_bytes(size)))
}

fn data_size_of_ds64(source: &mut impl Read) -> io::Result<u64> {
    let mut sizes = [0; 16];
    source.read_exact(&mut sizes)?;
    let [_, _, _, _, _, _, _, _, data @ ..] = sizes;
    Ok(u64::from_le_bytes(data))
}

fn read_format(source: &mut impl Read, size: u32) -> io::Result<([u8; FORMAT_BYTES], usize)> {
    let mut bytes = [0; FORMAT_BYTES];
    let length = FORMAT_BYTES.min(size as usize);
    source.read_exact(&mut bytes[..length])?;
    Ok((bytes, length))
}

fn locate(
    source: &mut (impl Read + Seek),
    format: Option<([u8; FORMAT_BYTES], usize)>,
    data_start: u64,
    claimed: Option<u64>,
    file_bytes: u64,
) -> io::Result<Found> {
    let Some((format, length)) = format else { return Ok(Found::Broken("no fmt chunk comes before its samples")) };
    if length < 16 {
        return Ok(Found::Broken("its fmt chunk is shorter than 16 bytes"));
    }
    let channels = half(&format, 2);
    if channels == 0 {
        return Ok(Found::Broken("its header says 0 channels"));
    }
    let Some(coding) = coding_of(&format, length) else { return Ok(Found::Other) };
    let there = file_bytes.saturating_sub(data_start);
    let (data_bytes, length) = match claimed {
        Some(0) if there > 0 && !chunk_follows(source, there)? => (there, Length::Unknown),
        Some(claimed) if claimed <= there => (claimed, Length::Whole),
        Some(claimed_bytes) => (there, Length::Short { claimed_bytes }),
        None => (there, Length::Unknown),
    };
    let rate_hz = u32::from_le_bytes([format[4], format[5], format[6], format[7]]);
    Ok(Found::Samples(Wave { coding, rate_hz, channels, data_start, data_bytes, length }))
}

/// Whether the next bytes are a chunk that ends within the file: then an empty `data` is meant so.
fn chunk_follows(source: &mut impl Read, there: u64) -> io::Result<bool> {
    if there < 8 {
        return Ok(false);
    }
    let (id, size) = chunk_header(source)?;
    Ok(id.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') && u64::from(size) + 8 <= there)
}

/// The coding by format tag and width (Microsoft mmreg.h); `None` where it is not one of ours, or
/// where samples sit in containers wider than they are.
fn coding_of(format: &[u8; FORMAT_BYTES], length: usize) -> Option<Coding> {
    let tag = match half(format, 0) {
        // WAVE_FORMAT_EXTENSIBLE: the tag is the start of the sub-format's GUID.
        0xfffe if length >= FORMAT_BYTES => half(format, 24),
        tag => tag,
    };
    let coding = match (tag, half(format, 14)) {
        (1, 8) => Coding::U8,
        (1, 16) => Coding::S16,
        (1, 24) => Coding::S24,
        (1, 32) => Coding::S32,
        (3, 32) => Coding::F32,
        (3, 64) => Coding::F64,
        (6, 0 | 8) => Coding::ALaw,
        (7, 0 | 8) => Coding::MuLaw,
        _ => return None,
    };
    let frame_bytes = usize::from(half(format, 12));
    (frame_bytes == 0 || frame_bytes == coding.bytes() * usize::from(half(format, 2))).then_some(coding)
}

fn half(bytes: &[u8; FORMAT_BYTES], offset: usize) -> u16 {
    u16::from_le_bytes([bytes[offset], bytes[offset + 1]])
}
