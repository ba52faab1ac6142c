//! MP3 (ISO/IEC 11172-3 and 13818-3, and MPEG-2.5). The frames are found here, so that what is lost
//! between them keeps its time; symphonia decodes them.

use super::fence::{corrupt, fenced, fill};
use super::packets::Packets;
use super::timeline::{Timeline, missing};
use super::{Blocks, DecodeError, Stream};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

mod frame;
use frame::{Frame, Tag};

/// Whether `source`, which is `bytes` long, holds MP3 after its tags: by two frames in a row, or one
/// where there is no more. Leaves the source anywhere.
pub(super) fn is_mp3(source: &mut (impl Read + Seek), bytes: u64) -> Result<bool, DecodeError> {
    let start = skip_tags(source, 0, bytes)?;
    source.seek(SeekFrom::Start(start))?;
    let mut window = vec![0; SEARCHED_BYTES.min(usize::try_from(bytes - start.min(bytes)).unwrap_or(usize::MAX))];
    let read = fill(source, &mut window)?;
    let window = &window[..read];
    let Some(first) = Frame::read(window) else {
        return Ok(start == 0 && !is_container(window) && found_in_junk(window));
    };
    match window.get(first.bytes..) {
        Some(rest) if rest.len() >= 4 => Ok(Frame::read(rest).is_some_and(|next| next.is_like(&first))),
        _ => Ok(bytes <= start + first.bytes as u64 + 4),
    }
}

/// Decodes the MP3 in `source`, which is `bytes` long: a file, or the part of one.
pub(super) fn decode(source: impl Read + Seek, bytes: u64, blocks: &mut Blocks<'_>) -> Result<Stream, DecodeError> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let start = skip_tags(&mut source, 0, bytes)?;
    source.seek(SeekFrom::Start(start))?;
    let mut reading = Reading::new(source)?;
    let (mut end, mut warnings, mut goes_on) = (None, Vec::new(), true);
    while goes_on {
        let mut timeline = Timeline::new(blocks, bytes);
        let drained = reading.drain(&mut timeline);
        goes_on = matches!(drained, Ok(Ended::Part));
        end = end.or(drained.err()).or_else(|| missing(&timeline));
        warnings.extend(timeline.warnings());
    }
    end = end.or_else(|| reading.is_cut.then_some(DecodeError::EndsEarly { there: blocks.frames }));
    if blocks.frames == 0 {
        return Err(end.unwrap_or(DecodeError::NoSamples));
    }
    let lost = (reading.lost > 0).then(|| corrupt(&format!("{} frames cannot be decoded", reading.lost)));
    Ok(Stream { decoder: "symphonia", codec: "mp3".to_owned(), warnings, partial: end.or(lost) })
}

/// Whether the file is one that may hold frames, and knows better where.
fn is_container(start: &[u8]) -> bool {
    let is_box = start.get(4..8).is_some_and(|kind| kind == b"ftyp" || kind == b"moov" || kind == b"mdat");
    is_box || [&b"OggS"[..], b"caff", b"RIFF", b"\x1a\x45\xdf\xa3", b"fLaC"].iter().any(|mark| start.starts_with(mark))
}

/// How much of a file without a known start is searched for frames.
const SEARCHED_BYTES: usize = 1 << 16;

/// How many frames in a row are no accident.
const FRAMES_IN_A_ROW: usize = 4;

/// The most tags before the sound.
const MOST_TAGS: usize = 16;

/// Whether frames follow one another somewhere in `window`.
fn found_in_junk(window: &[u8]) -> bool {
    (0..window.len()).any(|at| Frame::in_a_row(&window[at..], FRAMES_IN_A_ROW))
}

/// Where the ID3v2 tags that start at `at` end (ID3v2.4, section 3.1).
fn skip_tags(source: &mut (impl Read + Seek), mut at: u64, bytes: u64) -> io::Result<u64> {
    for _ in 0..MOST_TAGS {
        source.seek(SeekFrom::Start(at))?;
        let mut header = [0; 10];
        if fill(source, &mut header)? < header.len() {
            break;
        }
        let Some(length) = tag_bytes(&header) else { break };
        at = at.saturating_add(length).min(bytes);
    }
    Ok(at)
}

/// Length of the ID3v2 tag that starts with `header`.
fn tag_bytes(header: &[u8; 10]) -> Option<u64> {
    let is_tag = header.starts_with(b"ID3") && header[6..].iter().all(|byte| *byte < 0x80);
    let length = header[6..].iter().fold(0, |length, byte| length << 7 | u64::from(*byte));
    let footer = if header[5] & 0x10 != 0 { 10 } else { 0 };
    is_tag.then_some(10 + length + footer)
}

/// Why no more of a part comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// It is over, or no more is wanted.
    All,
    /// Frames of another file, which was joined to this one, follow.
    Part,
}

/// A stream of frames that is decoded.
struct Reading<R> {
    source: R,
    packets: Packets,
    /// Bytes that are looked at, of which those before `at` are done.
    window: Vec<u8>,
    at: usize,
    is_ended: bool,
    /// What frames of the part are like.
    first: Option<Frame>,
    /// Frames of the part that its tag tells of.
    told: Option<u64>,
    /// Time of the next frame, in samples.
    time: i64,
    /// Frames and bytes of the part so far, for the length of what is between frames.
    frames: u64,
    bytes: u64,
    skipped: u64,
    lost: u64,
    /// Whether the file ends within a frame.
    is_cut: bool,
}

impl<R: Read> Reading<R> {
    fn new(source: R) -> Result<Self, DecodeError> {
        let packets = new_packets()?;
        let (window, at, is_ended, first, told) = (Vec::with_capacity(2 * WINDOW), 0, false, None, None);
        let (time, frames, bytes, skipped, lost, is_cut) = (0, 0, 0, 0, 0, false);
        Ok(Self { source, packets, window, at, is_ended, first, told, time, frames, bytes, skipped, lost, is_cut })
    }

    /// Decodes to the end of a part: of all, or of one of the files that were joined.
    fn drain(&mut self, timeline: &mut Timeline<'_, '_>) -> Result<Ended, DecodeError> {
        (self.first, self.told, self.time, self.frames, self.bytes) = (None, None, 0, 0, 0);
        self.packets = new_packets()?;
        while let Some(frame) = self.next_frame()? {
            let tag = Tag::read(&frame, self.rest());
            match (self.first, tag) {
                (None, Some(tag)) => {
                    self.first = Some(frame);
                    self.begin(&frame, &tag, timeline);
                    self.at += frame.bytes;
                    continue;
                }
                (None, None) => self.first = Some(frame),
                (Some(_), Some(_)) => return Ok(Ended::Part),
                (Some(first), None) if !frame.is_same_sound(&first) && self.is_another() => return Ok(Ended::Part),
                (Some(_), None) => {}
            }
            self.account_for_skipped(&frame);
            if self.told.is_some_and(|told| self.frames > told) {
                timeline.keep_on();
            }
            if !self.decode_frame(&frame, timeline)? && timeline.blocks.cut {
                return Ok(Ended::All);
            }
        }
        Ok(Ended::All)
    }

    /// Whether it is no damaged header that looks like another sound.
    fn is_another(&self) -> bool {
        Frame::in_a_row(self.rest(), FRAMES_IN_A_ROW)
    }

    /// Sets the clock by what the first frame says.
    fn begin(&mut self, frame: &Frame, tag: &Tag, timeline: &mut Timeline<'_, '_>) {
        let samples = tag.frames.map(|frames| u64::from(frames) * u64::from(frame.samples));
        let (delay, padding) = tag.trimmed.unwrap_or_default();
        let claimed = samples.map(|samples| samples.saturating_sub(u64::from(delay) + u64::from(padding)));
        self.time = -i64::from(delay);
        self.told = tag.frames.map(u64::from);
        // Without a trimmed length the claim is of whole frames, and may be wrong where the file was cut.
        let end = claimed.filter(|_| tag.trimmed.is_some());
        timeline.keep(Some(self.time), end.map(|end| end as i64).filter(|end| *end > 0));
        timeline.claim(claimed);
    }

    /// Moves on by the frames that what was skipped since the last frame held.
    fn account_for_skipped(&mut self, frame: &Frame) {
        if self.frames > 0 && self.skipped > 0 {
            let mean_bytes = (self.bytes / self.frames).max(1);
            let missing = (self.skipped + mean_bytes / 2) / mean_bytes;
            self.time += (missing * u64::from(frame.samples)) as i64;
            self.lost += missing;
        }
        self.skipped = 0;
    }

    fn decode_frame(&mut self, frame: &Frame, timeline: &mut Timeline<'_, '_>) -> Result<bool, DecodeError> {
        let data = &self.window[self.at..self.at + frame.bytes];
        let packet = Packet::new(0, Timestamp::new(self.time), Duration::from(u64::from(frame.samples)), data);
        let at = self.time;
        self.at += frame.bytes;
        self.time += i64::from(frame.samples);
        self.frames += 1;
        self.bytes += frame.bytes as u64;
        match fenced(|| self.packets.decode(&packet))? {
            Ok(0) => Ok(true),
            Ok(frames) => {
                let (rate_hz, channels) = self.packets.shape();
                timeline.open(rate_hz, channels)?;
                let packets = &self.packets;
                timeline.place(Some(at), frames, &|range, channels| packets.read(range, channels))
            }
            Err(_) => {
                self.lost += 1;
                timeline.begin(Some(at));
                Ok(true)
            }
        }
    }

    /// The next frame, which starts at `at` and is whole in the window; none at the end.
    fn next_frame(&mut self) -> io::Result<Option<Frame>> {
        loop {
            self.refill()?;
            let rest = self.rest();
            if rest.len() < 4 {
                return Ok(None);
            }
            if let Some(length) = rest.first_chunk().and_then(tag_bytes) {
                self.pass_tag(length)?;
                continue;
            }
            match self.frame_here() {
                Some(frame) => return Ok(Some(frame)),
                None if self.is_cut_here() => {
                    self.is_cut = true;
                    return Ok(None);
                }
                None => {
                    self.at += 1;
                    self.skipped += 1;
                }
            }
        }
    }

    /// Whether a frame starts here that the file ends within.
    fn is_cut_here(&self) -> bool {
        let rest = self.rest();
        let starts = |frame: Frame| frame.bytes > rest.len() && self.first.is_some_and(|first| frame.is_like(&first));
        self.skipped == 0 && self.frames > 0 && Frame::read(rest).is_some_and(starts)
    }

    /// The frame that starts here, where another follows it or the sound ends with it.
    fn frame_here(&self) -> Option<Frame> {
        let rest = self.rest();
        let frame = Frame::read(rest)?;
        let after = rest.get(frame.bytes..)?;
        let is_like_first = self.first.is_none_or(|first| frame.is_like(&first)) || self.is_another();
        // Where nothing was lost, one header is proof enough: the frame after may be the damaged one.
        let is_expected = self.skipped == 0 && self.frames > 0;
        let is_followed = after.len() < 4
            || Frame::read(after).is_some_and(|next| next.is_like(&frame))
            || after.starts_with(b"TAG")
            || after.starts_with(b"ID3")
            || after.starts_with(b"APE");
        (is_like_first && (is_expected || is_followed)).then_some(frame)
    }

    /// Reads more where less than two frames are left.
    fn refill(&mut self) -> io::Result<()> {
        if self.is_ended || self.window.len() - self.at >= LONGEST_FRAMES {
            return Ok(());
        }
        self.window.drain(..self.at);
        self.at = 0;
        let had = self.window.len();
        self.window.resize(had + WINDOW, 0);
        let read = fill(&mut self.source, &mut self.window[had..])?;
        self.window.truncate(had + read);
        self.is_ended = read < WINDOW;
        Ok(())
    }

    /// Passes a tag in the middle of the sound, as joined files have.
    fn pass_tag(&mut self, length: u64) -> io::Result<()> {
        let mut left = length;
        while left > 0 && self.at < self.window.len() {
            let passed = left.min((self.window.len() - self.at) as u64);
            self.at += passed as usize;
            left -= passed;
            self.refill()?;
        }
        Ok(())
    }

    fn rest(&self) -> &[u8] {
        &self.window[self.at..]
    }
}

fn new_packets() -> Result<Packets, DecodeError> {
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_MP3);
    Packets::new(&params)
}

/// How much is read at a time.
const WINDOW: usize = 1 << 16;

/// More than five of the longest frames, of 1,441 bytes, and a header.
const LONGEST_FRAMES: usize = 8_192;

#[cfg(test)]
mod tests;
