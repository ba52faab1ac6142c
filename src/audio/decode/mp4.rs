//! Boxes of MP4, M4A and 3GP files (ISO/IEC 14496-12): what symphonia does not read of them, the
//! edit list and the tables of AMR tracks.

use super::fence::fill;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

/// The part of a track that is the recording, by its edit list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// Where the recording starts within the track, in its units.
    start: u64,
    /// Units a second of the track.
    timescale: u32,
    /// Length of the recording in units of the movie; 0 where it is not said.
    length: u64,
    /// Units a second of the movie.
    movie_timescale: u32,
}

impl Edit {
    /// Frames before the recording.
    pub(super) fn start_frames(&self, rate_hz: u32) -> u64 {
        scale(self.start, rate_hz, self.timescale)
    }

    /// Frames of the recording, where the list says so.
    pub(super) fn length_frames(&self, rate_hz: u32) -> Option<u64> {
        (self.length > 0).then(|| scale(self.length, rate_hz, self.movie_timescale))
    }
}

/// The edit of the first track of sound of `source`, which is `bytes` long; none where it is no
/// MP4, or has no edit list. Leaves the source anywhere.
pub(super) fn edit_of(source: &mut (impl Read + Seek), bytes: u64) -> Option<Edit> {
    let movie = movie_of(source, bytes)?;
    let track = sound_track(&movie)?;
    let header = child(&movie, b"mvhd")?;
    let list = child(child(track, b"edts")?, b"elst")?;
    let (length, start) = first_edit(list)?;
    let timescale = timescale_of(child(child(track, b"mdia")?, b"mdhd")?)?;
    Some(Edit { start, timescale, length, movie_timescale: timescale_of(header)? })
}

/// An AMR track of a 3GP file.
pub(super) struct AmrTrack {
    /// Whether it is AMR-WB.
    pub(super) is_wide: bool,
    /// Where its frames lie in the file, in the order of time.
    pub(super) places: Vec<Range<u64>>,
}

/// The AMR track of `source`, which is `bytes` long; none where it is no MP4, or its first track of
/// sound is another codec. Leaves the source anywhere.
pub(super) fn amr_track_of(source: &mut (impl Read + Seek), bytes: u64) -> Option<AmrTrack> {
    let movie = movie_of(source, bytes)?;
    let track = sound_track(&movie)?;
    let tables = child(child(child(track, b"mdia")?, b"minf")?, b"stbl")?;
    let entry = child(tables, b"stsd")?.get(8..)?;
    let is_wide = match entry.get(4..8)? {
        b"samr" => false,
        b"sawb" => true,
        _ => return None,
    };
    Some(AmrTrack { is_wide, places: places(tables, bytes)? })
}

/// The most boxes at the top of a file that are looked at.
const MOST_BOXES: usize = 65_536;

/// The longest `moov` box that is read: tables of a day of sound take 16 MB.
const MOST_MOVIE_BYTES: u64 = 64 << 20;

/// The contents of the `moov` box.
fn movie_of(source: &mut (impl Read + Seek), bytes: u64) -> Option<Vec<u8>> {
    let mut at = 0_u64;
    for _ in 0..MOST_BOXES {
        source.seek(SeekFrom::Start(at)).ok()?;
        let mut header = [0; 16];
        let read = fill(source, &mut header).ok()?;
        let (kind, from, length) = box_header(&header[..read], bytes.checked_sub(at)?)?;
        if at == 0 && !matches!(&kind, b"ftyp" | b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"styp") {
            return None;
        }
        if &kind == b"moov" {
            source.seek(SeekFrom::Start(at + from)).ok()?;
            let mut movie = Vec::new();
            source.take((length - from).min(MOST_MOVIE_BYTES)).read_to_end(&mut movie).ok()?;
            return Some(movie);
        }
        at = at.checked_add(length)?;
    }
    None
}

/// Where the boxes at the top of `source`, which is `bytes` long, say that the last of them ends; past its end where it
/// is cut off. Leaves the source anywhere.
pub(super) fn end_of_boxes(source: &mut (impl Read + Seek), bytes: u64) -> u64 {
    let mut at = 0_u64;
    for _ in 0..MOST_BOXES {
        if at >= bytes {
            break;
        }
        let mut header = [0; 16];
        let Ok(read) = source.seek(SeekFrom::Start(at)).and_then(|_| fill(source, &mut header)) else { break };
        let Some((kind, _, length)) = box_header(&header[..read], u64::MAX) else { break };
        // What is no box is something else that stands at the end.
        if length == u64::MAX || !kind.iter().all(u8::is_ascii_graphic) {
            break;
        }
        at = at.saturating_add(length);
    }
    at
}

/// Kind, length of the header and length of all of the box that starts at `bytes`, of which there
/// are `left`.
fn box_header(bytes: &[u8], left: u64) -> Option<([u8; 4], u64, u64)> {
    let kind = *bytes.get(4..)?.first_chunk::<4>()?;
    let (from, length) = match word(bytes, 0)? {
        0 => (8, left),
        1 => (16, u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?)),
        length => (8, u64::from(length)),
    };
    // What is cut off ends with the file.
    (length >= from).then_some((kind, from, length.min(left.max(from))))
}

/// The contents of the boxes in `bytes`, with their kinds.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (kind, from, length) = box_header(bytes, bytes.len() as u64)?;
        let length = usize::try_from(length).ok()?.min(bytes.len());
        let contents = bytes.get(from as usize..length)?;
        bytes = &bytes[length..];
        Some((kind, contents))
    })
}

fn child<'a>(parent: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(parent).find(|(found, _)| found == kind).map(|(_, contents)| contents)
}

/// The first track whose handler is sound.
fn sound_track(movie: &[u8]) -> Option<&[u8]> {
    let is_sound = |track: &&[u8]| {
        child(track, b"mdia").and_then(|media| child(media, b"hdlr")).and_then(|handler| handler.get(8..12))
            == Some(b"soun")
    };
    boxes(movie).filter(|(kind, _)| kind == b"trak").map(|(_, track)| track).find(is_sound)
}

/// Units a second, of a movie or a track: both headers start alike (sections 8.2.2 and 8.4.2).
fn timescale_of(header: &[u8]) -> Option<u32> {
    let at = if header.first()? == &1 { 20 } else { 12 };
    word(header, at).filter(|timescale| *timescale > 0)
}

/// Length and start of the edit that is not empty (section 8.6.6); of several, the start of the first,
/// without a length: what lies between them is heard too.
fn first_edit(list: &[u8]) -> Option<(u64, u64)> {
    let is_long = list.first()? == &1;
    let entry_bytes = if is_long { 20 } else { 12 };
    let edit = |entry: &[u8]| {
        let (length, start) = if is_long {
            let start = i64::from_be_bytes(*entry.get(8..)?.first_chunk()?);
            (u64::from_be_bytes(*entry.first_chunk()?), start)
        } else {
            (u64::from(word(entry, 0)?), i64::from(word(entry, 4)?.cast_signed()))
        };
        Some((length, u64::try_from(start).ok()?))
    };
    let mut edits = list.get(8..)?.chunks_exact(entry_bytes).take(word(list, 4)? as usize).filter_map(edit);
    let (length, start) = edits.next()?;
    Some((if edits.next().is_some() { 0 } else { length }, start))
}

/// Where the chunks of a track lie, of its sample table (section 8.7).
fn places(tables: &[u8], file_bytes: u64) -> Option<Vec<Range<u64>>> {
    let sizes = child(tables, b"stsz")?;
    let (same_size, samples) = (word(sizes, 4)?, word(sizes, 8)?);
    let mut size_at = 0_u32;
    let mut next_size = || -> Option<u64> {
        size_at += 1;
        match same_size {
            _ if size_at > samples => None,
            0 => word(sizes, 8 + 4 * size_at as usize).map(u64::from),
            size => Some(u64::from(size)),
        }
    };
    let runs = child(tables, b"stsc")?.get(8..)?;
    let mut places = Vec::new();
    for (index, start) in chunk_starts(tables)?.enumerate() {
        let mut end = start;
        for _ in 0..samples_in_chunk(runs, index as u32 + 1) {
            let Some(size) = next_size().filter(|_| end <= file_bytes) else { break };
            end = end.saturating_add(size);
        }
        if start < end {
            places.push(start..end.min(file_bytes));
        }
    }
    Some(places)
}

fn chunk_starts(tables: &[u8]) -> Option<Box<dyn Iterator<Item = u64> + '_>> {
    if let Some(table) = child(tables, b"stco") {
        return Some(Box::new(table.get(8..)?.chunks_exact(4).filter_map(|entry| word(entry, 0)).map(u64::from)));
    }
    let table = child(tables, b"co64")?.get(8..)?;
    Some(Box::new(table.chunks_exact(8).filter_map(|entry| entry.first_chunk().map(|at| u64::from_be_bytes(*at)))))
}

/// Samples in the chunk of that number, counted from 1, of a table of runs.
fn samples_in_chunk(runs: &[u8], chunk: u32) -> u32 {
    // Runs are in the order of their first chunk.
    let count = runs.len() / 12;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if word(runs, middle * 12).unwrap_or(u32::MAX) <= chunk { low = middle + 1 } else { high = middle }
    }
    low.checked_sub(1).and_then(|run| word(runs, run * 12 + 4)).unwrap_or(0)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_be_bytes(*word))
}

fn scale(time: u64, rate_hz: u32, timescale: u32) -> u64 {
    let frames = u128::from(time) * u128::from(rate_hz) / u128::from(timescale.max(1));
    u64::try_from(frames).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_read_as_the_standard_says() {
        let list = |version: u8, entries: &[&[u8]]| {
            let count = (entries.len() as u32).to_be_bytes();
            [&[version, 0, 0, 0][..], &count, &entries.concat()].concat()
        };
        let short = |length: u32, start: i32| [length.to_be_bytes(), start.to_be_bytes(), [0, 1, 0, 0]].concat();
        let long = [&7_u64.to_be_bytes()[..], &1_024_i64.to_be_bytes(), &[0, 1, 0, 0]].concat();
        // (name, list, length and start)
        let cases = [
            ("one", list(0, &[&short(6_000, 1_024)]), Some((6_000, 1_024))),
            ("in 64 bits", list(1, &[&long]), Some((7, 1_024))),
            ("after an empty one", list(0, &[&short(50, -1), &short(60, 2_112)]), Some((60, 2_112))),
            ("two", list(0, &[&short(50, 9), &short(60, 900)]), Some((0, 9))),
            ("none", list(0, &[]), None),
            ("more claimed than there are", [0, 0, 0, 0, 255, 255, 255, 255].to_vec(), None),
        ];
        for (name, list, expected) in cases {
            assert_eq!(first_edit(&list), expected, "{name}");
        }
    }

    #[test]
    fn chunks_hold_the_samples_of_their_run() {
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        let boxed = |kind: &[u8; 4], body: Vec<u8>| [&(8 + body.len() as u32).to_be_bytes()[..], kind, &body].concat();
        // Two samples a chunk, from the third chunk on one; the second chunk's are of 5 and 6 bytes.
        let sizes = boxed(b"stsz", words(&[0, 0, 5, 3, 4, 5, 6, 7]));
        let runs = boxed(b"stsc", words(&[0, 2, 1, 2, 1, 3, 1, 1]));
        let starts = boxed(b"stco", words(&[0, 4, 100, 200, 300, 400]));
        let tables = [sizes, runs, starts].concat();
        assert_eq!(places(&tables, 305), Some(vec![100..107, 200..211, 300..305]));
    }
}
