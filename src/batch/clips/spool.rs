//! The parts of a recording that clips are cut from, kept on disk while it is decoded: memory does not grow with them.

use crate::audio::Pcm;
use crate::audio::wave::write::{header, sample_16_bit};
use crate::units::Span;
use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

/// The frame at `ms` of a recording at `rate_hz`; 0 before its start.
pub(super) fn frame_at(ms: i64, rate_hz: u32) -> u64 {
    let frame = u128::from(ms.max(0).unsigned_abs()) * u128::from(rate_hz) / 1_000;
    u64::try_from(frame).unwrap_or(u64::MAX)
}

/// Takes the blocks of a recording while it is decoded, and keeps what clips need as 16-bit samples, interleaved.
#[derive(Debug)]
pub(super) struct Spool {
    file: BufWriter<File>,
    kept: Kept,
    /// Frames that came.
    frames: u64,
    /// The first of the parts that is not behind.
    next: usize,
    bytes: Vec<u8>,
}

/// The parts that are kept, and their shape.
#[derive(Clone, Debug)]
struct Kept {
    rate_hz: u32,
    channels: u16,
    /// In frames, apart from one another, in order.
    parts: Vec<Range<u64>>,
}

impl Spool {
    /// For clips of `spans` of a recording of `channels` channels at `rate_hz`; `file` is empty.
    pub(super) fn new(file: File, (rate_hz, channels): (u32, u16), spans: &[Span]) -> Self {
        let kept = Kept { rate_hz, channels, parts: joined(spans, rate_hz) };
        Self { file: BufWriter::new(file), kept, frames: 0, next: 0, bytes: Vec::new() }
    }

    /// Takes the next block, which has the recording's channels.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn push(&mut self, pcm: &Pcm) -> io::Result<()> {
        let block = self.frames..self.frames + pcm.frames() as u64;
        self.frames = block.end;
        while let Some(part) = self.kept.parts.get(self.next) {
            let (from, to) = (part.start.max(block.start), part.end.min(block.end));
            let goes_on = part.end > block.end;
            if from < to {
                self.write(pcm, (from - block.start) as usize..(to - block.start) as usize)?;
            }
            if goes_on {
                break;
            }
            self.next += 1;
        }
        Ok(())
    }

    fn write(&mut self, pcm: &Pcm, frames: Range<usize>) -> io::Result<()> {
        self.bytes.clear();
        for frame in frames {
            for channel in &pcm.channels {
                self.bytes.extend(sample_16_bit(channel[frame]).to_le_bytes());
            }
        }
        self.file.write_all(&self.bytes)
    }

    /// What was kept, once the recording has ended.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn finish(self) -> io::Result<Spooled> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Spooled { file, kept: self.kept, frames: self.frames })
    }
}

/// The parts of a recording that clips are cut from.
#[derive(Debug)]
pub(super) struct Spooled {
    file: File,
    kept: Kept,
    frames: u64,
}

impl Spooled {
    /// The bytes of a WAV file of `span`, as far as the recording goes, the channel `muted` in silence, and where it ends, in ms; `None` where the
    /// recording has ended before.
    ///
    /// # Errors
    /// What was kept cannot be read.
    pub(super) fn clip(&mut self, span: Span, muted: Option<u16>) -> io::Result<Option<(impl Read + '_, i64)>> {
        let Kept { rate_hz, channels, ref parts } = self.kept;
        let (start, wanted_end) = (frame_at(span.start_ms, rate_hz), frame_at(span.end_ms, rate_hz));
        let end = wanted_end.min(self.frames);
        let mut before = 0;
        let Some(part) = parts.iter().find(|part| {
            let is_in = part.start <= start && end <= part.end;
            before += if is_in { 0 } else { part.end - part.start };
            is_in
        }) else {
            return Ok(None);
        };
        if start >= end {
            return Ok(None);
        }
        let frame_bytes = 2 * u64::from(channels);
        self.file.seek(SeekFrom::Start((before + start - part.start) * frame_bytes))?;
        let sound = Muting { sound: (&self.file).take((end - start) * frame_bytes), channels, muted, at: 0 };
        let end_ms = if end < wanted_end { ms_at(end, rate_hz) } else { span.end_ms };
        Ok(Some((Cursor::new(header(rate_hz, channels, end - start)).chain(sound), end_ms)))
    }
}

/// Where a frame is, ms, as far as milliseconds tell.
fn ms_at(frame: u64, rate_hz: u32) -> i64 {
    i64::try_from(u128::from(frame) * 1_000 / u128::from(rate_hz.max(1))).unwrap_or(i64::MAX)
}

/// `spans` in frames, in order, those that touch joined.
fn joined(spans: &[Span], rate_hz: u32) -> Vec<Range<u64>> {
    let mut parts: Vec<Range<u64>> =
        spans.iter().map(|span| frame_at(span.start_ms, rate_hz)..frame_at(span.end_ms, rate_hz)).collect();
    parts.sort_by_key(|part| (part.start, part.end));
    let mut joined: Vec<Range<u64>> = Vec::new();
    for part in parts {
        match joined.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => joined.push(part),
        }
    }
    joined
}

/// Interleaved 16-bit samples, those of one channel 0.
struct Muting<R> {
    sound: R,
    channels: u16,
    muted: Option<u16>,
    /// Bytes read.
    at: u64,
}

impl<R: Read> Read for Muting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.sound.read(into)?;
        if let Some(muted) = self.muted {
            for (byte, at) in into[..read].iter_mut().zip(self.at..) {
                if at / 2 % u64::from(self.channels.max(1)) == u64::from(muted) {
                    *byte = 0;
                }
            }
        }
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::FULL_SCALE_16_BIT;

    /// A recording of two channels at 1 kHz, frame `n` being `n` and `-n`, in blocks of `block`; clips of it.
    fn clips(frames: i16, block: usize, spans: &[(i64, i64)], muted: Option<u16>) -> Vec<Option<(Vec<i16>, i64)>> {
        let spans: Vec<Span> = spans.iter().map(|&(start_ms, end_ms)| Span::new(start_ms, end_ms)).collect();
        let mut spool = Spool::new(tempfile::tempfile().unwrap(), (1_000, 2), &spans);
        let all: Vec<f32> = (0..frames).map(|at| f32::from(at) / 32_768.0).collect();
        for left in all.chunks(block) {
            let channels = vec![left.to_vec(), left.iter().map(|sample| -sample).collect()];
            spool.push(&Pcm { rate_hz: 1_000, full_scale: FULL_SCALE_16_BIT, channels }).unwrap();
        }
        let mut spooled = spool.finish().unwrap();
        let mut cut = |span: &Span| {
            let (mut clip, end_ms) = spooled.clip(*span, muted).unwrap()?;
            let mut bytes = Vec::new();
            clip.read_to_end(&mut bytes).unwrap();
            let (head, data) = bytes.split_at(44);
            assert_eq!(head, header(1_000, 2, data.len() as u64 / 4));
            Some((data.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect(), end_ms))
        };
        spans.iter().map(&mut cut).collect()
    }

    fn frames(range: Range<i16>) -> Vec<i16> {
        range.flat_map(|frame| [frame, -frame]).collect()
    }

    #[test]
    fn clips_are_what_was_decoded_there() {
        for block in [1, 7, 100, 4_096] {
            let cut = clips(1_000, block, &[(10, 20), (15, 40), (500, 510), (40, 41), (0, 3)], None);
            let expected = [(10, 20), (15, 40), (500, 510), (40, 41), (0, 3)]
                .map(|(start, end)| Some((frames(start..end), i64::from(end))));
            assert_eq!(cut, expected, "in blocks of {block}");
        }
    }

    #[test]
    fn what_ends_early_is_cut_there() {
        let cut = clips(100, 33, &[(90, 120), (100, 130), (200, 210), (5, 5)], None);
        assert_eq!(cut, [Some((frames(90..100), 100)), None, None, None]);
    }

    #[test]
    fn a_muted_channel_is_silent_and_the_other_is_not_touched() {
        for (muted, expected) in [(0, [0, -5, 0, -6]), (1, [5, 0, 6, 0])] {
            assert_eq!(clips(10, 4, &[(5, 7)], Some(muted)), [Some((expected.to_vec(), 7))]);
        }
    }

    #[test]
    fn frames_of_times() {
        let cases =
            [(0, 8_000, 0), (1, 44_100, 44), (-1, 8_000, 0), (i64::MAX, 192_000, u64::MAX), (1_500, 8_000, 12_000)];
        for (ms, rate_hz, frame) in cases {
            assert_eq!(frame_at(ms, rate_hz), frame, "{ms} ms at {rate_hz} Hz");
        }
    }
}
