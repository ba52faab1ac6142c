//! WAVE files: RIFF and its big-endian form RIFX (Microsoft, 1991), RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088).
//!
//! Recorders crash and get sizes wrong, so no size is believed: what claims to reach past the end
//! does not, and after a chunk that makes no sense the next one is searched for.

use super::bytes::{Source, array_at, position, u32_be, u32_le, u64_le, window_at};
use super::format::{FORMAT_BYTES, Format};
use super::stored::{Coding, Found, Length, Stored};
use crate::audio::codec::plain::Plain;
use std::io;

/// Reads the WAVE file that starts at offset `start` of `source`, which is `file_bytes` long and
/// has `RIFF`, `RIFX`, `RF64` or `BW64` there.
///
/// `fmt ` chunks of 14 bytes and more are understood. A `data` chunk of claimed size 0 or 0xffffffff
/// reaches to the end of the file; it may come before `fmt `. The size of the whole that the header
/// claims is not looked at.
///
/// # Errors
///
/// Only those of reading; a file that ends early is [`Found::Broken`].
pub fn read(source: &mut (impl io::Read + io::Seek), start: u64, file_bytes: u64) -> io::Result<Found> {
    let is_big_endian = array_at::<4>(source, start)? == *b"RIFX";
    let mut walk = Walk { position: start + 12, file_bytes, is_big_endian, ..Walk::default() };
    walk.chunks(source)?;
    if walk.data.is_none() && walk.format.is_some() {
        // The way led astray; the samples may still be where a chunk's size did not say.
        walk.position = walk.after_format;
        if walk.search(source, b"data")? {
            walk.chunk(source)?;
        }
    }
    walk.locate(source)
}

/// More chunks than any writer puts before its samples; a bound on what is read of a hostile file.
const MOST_CHUNKS: usize = 4_096;

/// How far a lost chunk is searched for, and how often.
const SEARCHED_BYTES: usize = 1 << 16;
const MOST_SEARCHES: usize = 16;

/// Claims of 32 bits from here on, past the end of the file, are what programs write that cannot go
/// back to their header: 0xffffffff, and 2 GiB less a little.
const STREAMED_FROM: u64 = 0x7fff_0000;

/// The way through the chunks, and what was found on it.
#[derive(Default)]
struct Walk {
    position: u64,
    file_bytes: u64,
    is_big_endian: bool,
    after_format: u64,
    format: Option<Result<Format, &'static str>>,
    data: Option<Data>,
    long_data_bytes: Option<u64>,
    counted_frames: Option<u64>,
    searches: usize,
    warnings: Vec<String>,
}

/// Where samples start, and how many bytes of them there are said to be; `None` where nobody knows.
#[derive(Clone, Copy)]
struct Data {
    start: u64,
    claimed_bytes: Option<u64>,
}

impl Walk {
    fn chunks(&mut self, source: &mut impl Source) -> io::Result<()> {
        for _ in 0..MOST_CHUNKS {
            if self.position.saturating_add(8) > self.file_bytes || !self.chunk(source)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes the chunk at the position and goes on to the next; false where there is no more to be had.
    fn chunk(&mut self, source: &mut impl Source) -> io::Result<bool> {
        let header: [u8; 8] = array_at(source, self.position)?;
        let (id, size) = (&header[..4], u64::from(self.number(&header, 4)));
        let (body, end) = (self.position + 8, self.position + 8 + size);
        match id {
            b"data" => {
                let claimed_bytes = if size == u64::from(u32::MAX) { self.long_data_bytes } else { Some(size) };
                self.data = Some(Data { start: body, claimed_bytes });
                if self.format.is_some() || end > self.file_bytes {
                    return Ok(false);
                }
            }
            b"fmt " => {
                let bytes = window_at(source, body, FORMAT_BYTES.min(size as usize))?;
                let read = if self.is_big_endian { Format::read_big_endian } else { Format::read };
                self.format = Some(read(&bytes));
                self.after_format = body;
                if self.data.is_some() {
                    self.warnings.push("its samples stand before their description".to_owned());
                    return Ok(false);
                }
            }
            b"ds64" => self.long_data_bytes = Some(u64_le(&window_at(source, body, 16)?, 8)),
            b"fact" => self.counted_frames = Some(u64::from(self.number(&window_at(source, body, 4)?, 0))),
            id if !is_name(id) || end > self.file_bytes => return self.search_next(source),
            _ => {}
        }
        self.go_on(source, end)
    }

    fn number(&self, bytes: &[u8], at: usize) -> u32 {
        if self.is_big_endian { u32_be(bytes, at) } else { u32_le(bytes, at) }
    }

    /// Goes to the next chunk. They start on even offsets (RIFF 1.0, section 2), which not all writers know.
    fn go_on(&mut self, source: &mut impl Source, end: u64) -> io::Result<bool> {
        let padded = end + (end & 1);
        self.position = padded;
        if padded > end {
            let names = window_at(source, end, 5)?;
            if names.len() == 5 && is_name(&names[..4]) && !is_name(&names[1..]) {
                self.position = end;
            }
        }
        Ok(true)
    }

    /// Goes to the chunk that is still missing; false where it is not near.
    fn search_next(&mut self, source: &mut impl Source) -> io::Result<bool> {
        let wanted = if self.format.is_some() { b"data" } else { b"fmt " };
        self.search(source, wanted)
    }

    fn search(&mut self, source: &mut impl Source, wanted: &[u8; 4]) -> io::Result<bool> {
        self.searches += 1;
        if self.searches > MOST_SEARCHES {
            return Ok(false);
        }
        // A pad byte may have been left out.
        let from = self.position.saturating_sub(1);
        let Some(found) = position(&window_at(source, from, SEARCHED_BYTES)?, wanted) else { return Ok(false) };
        self.position = from + found as u64;
        if self.warnings.is_empty() {
            self.warnings.push("sizes in its header are wrong; its samples were searched for and found".to_owned());
        }
        Ok(self.position.saturating_add(8) <= self.file_bytes)
    }

    fn locate(mut self, source: &mut impl Source) -> io::Result<Found> {
        let format = match (self.format, self.data) {
            (Some(Ok(format)), Some(_)) => format,
            (Some(Err(wrong)), _) => return Ok(Found::Broken(wrong)),
            (None, Some(_)) => return Ok(Found::Broken("no fmt chunk says what its samples are")),
            (_, None) => return Ok(Found::Broken("its header is cut off")),
        };
        let (Some(mut coding), Some(data)) = (format.coding, self.data) else { return Ok(Found::Other(self.warnings)) };
        if coding == Coding::Plain(Plain::S32) && format.valid_bits == 24 && stands_low(source, data.start)? {
            coding = Coding::Plain(Plain::S24Low);
        }
        self.warnings.extend(format.warning);
        let (data_bytes, mut length) = data.extent(source, self.file_bytes)?;
        if length == Length::Whole {
            let end = data.start + data_bytes;
            self.warnings.extend(left_over(source, end, self.file_bytes)?);
            // Samples start on even offsets, or where the writer does not know that, right after.
            let names = [window_at(source, end, 4)?, window_at(source, end + (end & 1), 4)?];
            if names.iter().any(|name| name == b"data" || name == b"RIFF") {
                length = Length::Followed;
            }
        }
        let (rate_hz, channels) = (format.rate_hz, format.channels);
        let mut stored = Stored {
            coding,
            rate_hz,
            channels,
            data_start: data.start,
            data_bytes,
            length,
            counted_frames: None,
            warnings: self.warnings,
        };
        stored.counted_frames = self.counted_frames.filter(|&counted| is_padding(&stored, counted));
        Ok(Found::Samples(stored))
    }
}

impl Data {
    /// The bytes that are there, and what the claim is worth.
    fn extent(self, source: &mut impl Source, file_bytes: u64) -> io::Result<(u64, Length)> {
        let there = file_bytes.saturating_sub(self.start);
        Ok(match self.claimed_bytes {
            Some(0) if there > 0 && !self.chunk_follows(source, there)? => (there, Length::Unknown),
            Some(claimed) if claimed <= there => (claimed, Length::Whole),
            Some(claimed) if (STREAMED_FROM..=u64::from(u32::MAX)).contains(&claimed) => (there, Length::Unknown),
            Some(u64::MAX) | None => (there, Length::Unknown),
            Some(claimed_bytes) => (there, Length::Short { claimed_bytes }),
        })
    }

    /// Whether a chunk that ends within the file comes next: then an empty `data` is meant so.
    fn chunk_follows(self, source: &mut impl Source, there: u64) -> io::Result<bool> {
        if there < 8 {
            return Ok(false);
        }
        let header: [u8; 8] = array_at(source, self.start)?;
        Ok(is_name(&header[..4]) && u64::from(u32_le(&header, 4)) + 8 <= there)
    }
}

/// What is odd about the bytes after the samples, which end at `end`. A recorder that writes its header
/// now and then and crashes leaves sound there, but so do tags and padding.
fn left_over(source: &mut impl Source, end: u64, file_bytes: u64) -> io::Result<Option<String>> {
    let start = window_at(source, end, 9)?;
    let is_known =
        start.len() < 9 || is_name(&start[..4]) || is_name(&start[1..5]) || start.iter().all(|byte| *byte == 0);
    Ok((!is_known).then(|| format!("{} bytes after its samples are no chunk, and are left out", file_bytes - end)))
}

/// Whether samples of 24 bits in four bytes, the first at `start`, stand in the lower three: some writers do not know that
/// they belong at the top, and then the fourth byte is 0, or the sign.
fn stands_low(source: &mut impl Source, start: u64) -> io::Result<bool> {
    let window = window_at(source, start, SEARCHED_BYTES)?;
    let (samples, _) = window.as_chunks::<4>();
    let is_filler = |[_, _, high, top]: &[u8; 4]| *top == 0 || *top == 0xff && *high >= 0x80;
    Ok(samples.iter().all(is_filler) && samples.iter().any(|sample| sample[0] != 0))
}

fn is_name(id: &[u8]) -> bool {
    id.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
}

/// Whether what the packets hold over `counted` samples a channel is no more than what fills up the
/// last of them. Some writers count samples of all channels, or leave the count of a broken-off start.
fn is_padding(stored: &Stored, counted: u64) -> bool {
    let Coding::Packets(packets) = stored.coding else { return false };
    let held = packets.frames(stored.data_bytes, stored.channels);
    let most = packets.packet_frames(packets.packet_bytes() as u64, stored.channels);
    stored.length == Length::Whole && counted > 0 && counted <= held && held - counted < most
}
