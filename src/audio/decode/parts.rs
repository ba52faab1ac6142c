//! Where the files start that were joined end to end to one.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

/// The parts of `source`, which is `bytes` long: one, or more where a FLAC file follows another, or ADTS frames of one
/// rate or number of channels follow those of another. Leaves the source anywhere.
///
/// # Errors
///
/// Only those of reading.
pub(super) fn parts_of(source: &mut (impl Read + Seek), bytes: u64) -> io::Result<Vec<Range<u64>>> {
    source.seek(SeekFrom::Start(0))?;
    let mut start = [0; 4];
    let read = super::fence::fill(source, &mut start)?;
    source.seek(SeekFrom::Start(0))?;
    let mut starts = match &start[..read] {
        b"fLaC" => flac_starts(source)?,
        [0xff, second, ..] if second & 0xf6 == 0xf0 => adts_starts(source)?,
        _ => Vec::new(),
    };
    starts.truncate(MOST_PARTS - 1);
    let ends = starts.iter().copied().chain([bytes]);
    Ok([0].into_iter().chain(starts.iter().copied()).zip(ends).map(|(start, end)| start..end).collect())
}

/// No one joins more.
const MOST_PARTS: usize = 256;

/// What is read at a time.
const WINDOW: usize = 1 << 16;

/// The mark of FLAC and the header of its first block, of 34 bytes (RFC 9639, sections 6 and 8.1).
const FLAC: [u8; 8] = *b"fLaC\0\0\0\x22";

/// Where FLAC files start, but for the first.
fn flac_starts(source: &mut impl Read) -> io::Result<Vec<u64>> {
    let (mut starts, mut window, mut from) = (Vec::new(), Vec::with_capacity(2 * WINDOW), 0_u64);
    while source.by_ref().take(WINDOW as u64).read_to_end(&mut window)? > 0 {
        let mut at = 0;
        while let Some(found) = window[at..].iter().position(|byte| *byte == b'f') {
            at += found + 1;
            let is_last = |mark: &[u8]| mark[..4] == FLAC[..4] && mark[4] & 0x7f == 0 && mark[5..] == FLAC[5..];
            let start = from + at as u64 - 1;
            if start > 0 && window.get(at - 1..at + 7).is_some_and(is_last) {
                starts.push(start);
            }
        }
        let done = window.len().saturating_sub(FLAC.len() - 1);
        window.drain(..done);
        from += done as u64;
    }
    Ok(starts)
}

/// Where ADTS frames start that differ from those before in profile, rate or channels (ISO/IEC 14496-3, section 1.A.2.2).
fn adts_starts(source: &mut (impl Read + Seek)) -> io::Result<Vec<u64>> {
    let mut source = BufReader::with_capacity(WINDOW, source);
    let (mut starts, mut at, mut current) = (Vec::new(), 0_u64, None);
    // The first of frames that may be those of another part.
    let mut new = None;
    while let Some(head) = header(&mut source)? {
        let (kind, length) = match frame(head) {
            Some(frame) => frame,
            None => {
                source.seek_relative(1 - HEADER_BYTES)?;
                (at, new) = (at + 1, None);
                continue;
            }
        };
        match (current, new) {
            (None, _) => current = Some(kind),
            (Some(current), _) if current == kind => new = None,
            (Some(_), Some((start, first))) if first == kind => {
                starts.push(start);
                (current, new) = (Some(kind), None);
            }
            (Some(_), _) => new = Some((at, kind)),
        }
        source.seek_relative(length - HEADER_BYTES)?;
        at += length as u64;
    }
    Ok(starts)
}

const HEADER_BYTES: i64 = 7;

fn header(source: &mut impl Read) -> io::Result<Option<[u8; 7]>> {
    let mut head = [0; HEADER_BYTES as usize];
    Ok((super::fence::fill(source, &mut head)? == head.len()).then_some(head))
}

/// Profile, rate and channels of the frame with that header, and its length.
fn frame(head: [u8; 7]) -> Option<(u16, i64)> {
    let is_frame = head[0] == 0xff && head[1] & 0xf6 == 0xf0;
    let kind = u16::from_be_bytes([head[2], head[3]]) & 0xfdc0;
    let length = i64::from(head[3] & 3) << 11 | i64::from(head[4]) << 3 | i64::from(head[5] >> 5);
    (is_frame && length > HEADER_BYTES).then_some((kind, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn parts_are_told_apart() {
        // ADTS frames of 16 bytes: 16 kHz and 24 kHz, one and two channels.
        let adts = |rate: u8, channels: u8, count: usize| {
            [&[0xff, 0xf1, 0x40 | rate << 2, channels << 6, 2, 0x1f, 0xfc][..], &[0; 9]].concat().repeat(count)
        };
        let flac = |bytes: usize| [&FLAC[..], &vec![b'f'; bytes]].concat();
        let cases = [
            ("FLAC", flac(100), vec![0]),
            ("two of FLAC", [flac(100), flac(9)].concat(), vec![0, 108]),
            ("over a window", [flac(WINDOW - 12), flac(9)].concat(), vec![0, WINDOW as u64 - 4]),
            ("ADTS", adts(8, 1, 5), vec![0]),
            ("another rate", [adts(8, 1, 5), adts(6, 1, 5)].concat(), vec![0, 80]),
            ("more channels, then fewer", [adts(8, 1, 2), adts(8, 2, 2), adts(8, 1, 2)].concat(), vec![0, 32, 64]),
            ("one odd header", [adts(8, 1, 2), adts(8, 2, 1), adts(8, 1, 2)].concat(), vec![0]),
            ("junk between", [adts(8, 1, 2), vec![7; 5], adts(6, 1, 3)].concat(), vec![0, 37]),
            ("nothing", Vec::new(), vec![0]),
        ];
        for (name, file, expected) in cases {
            let bytes = file.len() as u64;
            let parts = parts_of(&mut Cursor::new(file), bytes).unwrap();
            assert_eq!(parts.iter().map(|part| part.start).collect::<Vec<_>>(), expected, "{name}");
            assert_eq!(parts.last().map(|part| part.end), Some(bytes), "{name}");
        }
    }
}
