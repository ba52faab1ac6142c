//! Whether a file ends before its end, by what stands there: what its decoder does not say.

use super::fence::fill;
use super::mp4;
use std::io::{self, Read, Seek, SeekFrom};

mod flac;

/// What the end of a file gives away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing is wrong that can be seen.
    Whole,
    /// Something starts that the file ends within, or the mark of its end is missing.
    Cut,
    /// Sound of another rate or number of channels stands there than at the start.
    Changed,
}

/// Looks at the end of `source`, which is `bytes` long; `extension` (lower-case) tells formats that have no mark.
/// Leaves the source anywhere.
///
/// # Errors
///
/// Only those of reading.
pub(super) fn tail_of(source: &mut (impl Read + Seek), bytes: u64, extension: &str) -> io::Result<Tail> {
    let start = window(source, 0, START_BYTES)?;
    let is_cut = match &start[..] {
        [b'O', b'g', b'g', b'S', ..] => !ogg_is_ended(source, bytes)?,
        [b'f', b'L', b'a', b'C', ..] => return flac::tail_of(source, bytes, &start),
        [b'R', b'I', b'F', b'F' | b'X', ..] => riff_end(&start).is_some_and(|end| end > bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4::end_of_boxes(source, bytes) > bytes,
        [0x0b, 0x77, ..] => !ends_with_frame(source, bytes, ac3_bytes)?,
        start if start.starts_with(b"Creative Voice File\x1a") => !ends_with_block(source, bytes, start)?,
        start if start.starts_with(&ASF) => asf_bytes(start).is_some_and(|claimed| claimed > bytes),
        _ if matches!(extension, "tco" | "g723") => !ends_with_frame(source, bytes, g723_bytes)?,
        _ => false,
    };
    Ok(if is_cut { Tail::Cut } else { Tail::Whole })
}

/// Enough for the properties in the header of an ASF file.
const START_BYTES: usize = 4_096;

/// More than two of the longest pages of Ogg, of 65,307 bytes (RFC 3533, section 6).
const PAGES_BYTES: u64 = 1 << 17;

/// Up to `most` bytes from `at` on.
fn window(source: &mut (impl Read + Seek), at: u64, most: usize) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(at))?;
    let mut bytes = vec![0; most];
    let read = fill(source, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Whether the last page is whole and says that it is the last (RFC 3533, section 6).
fn ogg_is_ended(source: &mut (impl Read + Seek), bytes: u64) -> io::Result<bool> {
    let end = window(source, bytes.saturating_sub(PAGES_BYTES), PAGES_BYTES as usize)?;
    let pages = end.windows(5).enumerate().rev().filter(|(_, mark)| mark == b"OggS\0").map(|(at, _)| &end[at..]);
    Ok(pages.take(1).any(|page| {
        let Some(segments) = page.get(26).and_then(|count| page.get(27..27 + usize::from(*count))) else {
            return false;
        };
        let length = 27 + segments.len() + segments.iter().map(|bytes| usize::from(*bytes)).sum::<usize>();
        page[5] & 4 != 0 && page.len() >= length
    }))
}

/// Where a RIFF file says that it ends; none where its writer streamed.
fn riff_end(start: &[u8]) -> Option<u64> {
    let field = *start.get(4..)?.first_chunk()?;
    let size = if start[3] == b'X' { u32::from_be_bytes(field) } else { u32::from_le_bytes(field) };
    (size < 0x7fff_0000).then_some(8 + u64::from(size))
}

/// The first object of an ASF file, and the one with its properties (ASF specification, sections 10.1 and 10.2).
const ASF: [u8; 16] = *b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const ASF_PROPERTIES: [u8; 16] = *b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";

/// The size of the file that it claims; none where it was broadcast.
fn asf_bytes(start: &[u8]) -> Option<u64> {
    let at = start.windows(16).position(|id| id == ASF_PROPERTIES)?;
    let size = u64::from_le_bytes(*start.get(at + 40..)?.first_chunk()?);
    let is_broadcast = start.get(at + 88)? & 1 != 0;
    (!is_broadcast).then_some(size)
}

/// Walks from frame to frame, each as long as `length` of its first bytes says; what is no frame ends the walk well.
fn ends_with_frame(
    source: &mut (impl Read + Seek),
    bytes: u64,
    length: fn(&[u8]) -> Option<usize>,
) -> io::Result<bool> {
    source.seek(SeekFrom::Start(0))?;
    let mut source = io::BufReader::with_capacity(1 << 16, source);
    let (mut at, mut head) = (0, [0; 6]);
    while at < bytes {
        let read = fill(&mut source, &mut head)?;
        let Some(frame) = length(&head[..read]) else { return Ok(read == head.len()) };
        source.seek_relative(frame as i64 - read as i64)?;
        at += frame as u64;
    }
    Ok(at == bytes)
}

/// Bytes of a frame of G.723.1 by the two lowest bits of its first (ITU-T G.723.1, annex A).
fn g723_bytes(frame: &[u8]) -> Option<usize> {
    frame.first().map(|byte| [24, 20, 4, 1][usize::from(byte & 3)])
}

/// Bytes of a frame of AC-3 (ATSC A/52, sections 5.3 and 5.4.1) or E-AC-3 (annex E, section 2.3.1).
fn ac3_bytes(frame: &[u8]) -> Option<usize> {
    const KBITS: [usize; 19] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
    let [0x0b, 0x77, high, low, code, id] = *frame else { return None };
    if id >> 3 > 10 {
        return Some(2 * ((usize::from(high & 7) << 8 | usize::from(low)) + 1));
    }
    let kbits = *KBITS.get(usize::from(code & 0x3f) / 2)?;
    match code >> 6 {
        0 => Some(4 * kbits),
        1 => Some(2 * (kbits * 320 / 147 + usize::from(code & 1))),
        2 => Some(6 * kbits),
        _ => None,
    }
}

/// Walks the blocks of a Creative Voice file: a kind, three bytes of length, and as many bytes.
fn ends_with_block(source: &mut (impl Read + Seek), bytes: u64, start: &[u8]) -> io::Result<bool> {
    let mut at = start.get(20..22).map_or(26, |field| u64::from(u16::from_le_bytes([field[0], field[1]])));
    while at < bytes {
        let head = window(source, at, 4)?;
        let [kind, low, middle, high] = head[..] else { return Ok(head.first() == Some(&0)) };
        if kind == 0 {
            return Ok(true);
        }
        at += 4 + u64::from(u32::from_le_bytes([low, middle, high, 0]));
    }
    Ok(at == bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn tail(bytes: &[u8], extension: &str) -> Tail {
        tail_of(&mut Cursor::new(bytes), bytes.len() as u64, extension).unwrap()
    }

    #[test]
    fn what_is_cut_is_seen() {
        let page = |flags: u8| [&b"OggS\0"[..], &[flags], &[0; 20], &[1, 3], b"abc"].concat();
        let voice = [&b"Creative Voice File\x1a\x1a\0\x0a\x01\x29\x11"[..], &[1, 4, 0, 0, 165, 0, 7, 7], &[0]].concat();
        let riff = b"RIFF\x06\0\0\0AVI ab".to_vec();
        let boxes = b"\0\0\0\x08ftyp\0\0\0\x0bmdatabc".to_vec();
        let mut asf = [&ASF[..], &[0; 14], &ASF_PROPERTIES, &[0; 24]].concat();
        asf.extend(160_u64.to_le_bytes());
        asf.resize(160, 0);
        // AC-3 at 48 kHz and 32 kbit/s has frames of 128 bytes; G.723.1 of 24 and 20.
        let ac3 = [&[0x0b, 0x77, 0, 0, 0, 0x40][..], &[0; 122]].concat().repeat(2);
        let g723 = [vec![0; 24], [&[1][..], &[0; 19]].concat()].concat();
        // (name, file, ending of its name); each is whole, and cut a byte before its end
        let cases = [
            ("Ogg", [page(2), page(4)].concat(), "opus"),
            ("VOC", voice[..voice.len() - 1].to_vec(), "voc"),
            ("RIFF", riff, "avi"),
            ("MP4", boxes, "m4a"),
            ("ASF", asf, "wma"),
            ("AC-3", ac3, "ac3"),
            ("G.723.1", g723, "tco"),
        ];
        for (name, file, extension) in cases {
            assert_eq!(tail(&file, extension), Tail::Whole, "{name}");
            assert_eq!(tail(&file[..file.len() - 1], extension), Tail::Cut, "{name}, cut");
        }
        assert_eq!(tail(&[page(2), page(0)].concat(), "ogg"), Tail::Cut, "no last page");
        assert_eq!(tail(&voice, "voc"), Tail::Whole, "with the mark of its end");
        assert_eq!(tail(b"anything", ""), Tail::Whole);
    }
}
