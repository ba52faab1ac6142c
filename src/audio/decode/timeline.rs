//! Places decoded sound by its time: gaps become silence, overlaps and what encoders put around a
//! recording are left out, so that what is heard at a second was said at that second.

use super::{BLOCK_FRAMES, Blocks, DecodeError};
use crate::audio::FULL_SCALE_16_BIT;
use std::ops::Range;

/// Puts frames of the given range into the channels, which it makes as long as the range.
pub(super) type ReadFrames<'a> = &'a dyn Fn(Range<usize>, &mut Vec<Vec<f32>>);

/// The most frames that a byte of a recording can stand for: Opus that is silent sends a packet
/// of a few bytes every 400 ms (RFC 7587, section 3.1.3), FLAC and AAC stay below a thousand.
const MOST_FRAMES_A_BYTE: u64 = 4_096;

/// The longest gap that is believed where the file does not say how long it is.
const LONGEST_GAP_S: u64 = 3_600;

/// How often times within a recording are off by less than this, in parts of a second: containers
/// round times to milliseconds, and decoders hold back a few samples at the start.
const TOLERANCE_PER_S: u32 = 100;

/// Where decoded sound goes, of a recording or of one of the parts that it was joined of. Times are in
/// frames of the decoded sound from the start of the part; what lies outside of `keep` is left out.
pub(super) struct Timeline<'a, 'b> {
    pub(super) blocks: &'a mut Blocks<'b>,
    file_bytes: u64,
    /// Time of the next frame; none before the first.
    position: Option<i64>,
    /// What is added to times of the stream.
    shift: i64,
    keep: Range<i64>,
    /// Frames that the file says it has.
    claimed: Option<u64>,
    frames_left: u64,
    /// Frames of other parts of the recording that were heard before.
    heard_before: u64,
    is_open: bool,
    filled: u64,
    gaps: u64,
    overlapping: u64,
    jumps: u64,
}

impl<'a, 'b> Timeline<'a, 'b> {
    pub(super) fn new(blocks: &'a mut Blocks<'b>, file_bytes: u64) -> Self {
        let keep = 0..i64::MAX;
        blocks.end_part();
        let (position, claimed, frames_left, heard_before, is_open) = (None, None, 0, blocks.frames, false);
        let (shift, filled, gaps, overlapping, jumps) = (0, 0, 0, 0, 0);
        Self {
            blocks,
            file_bytes,
            position,
            shift,
            keep,
            claimed,
            frames_left,
            heard_before,
            is_open,
            filled,
            gaps,
            overlapping,
            jumps,
        }
    }

    /// Leaves out what is before `start` and from `end`, and sets the time of the first frame.
    pub(super) fn keep(&mut self, first: Option<i64>, end: Option<i64>) {
        self.position = self.position.or(first);
        self.keep.end = end.unwrap_or(i64::MAX);
    }

    /// Keeps what comes after the end that was set: there is more than was said.
    pub(super) fn keep_on(&mut self) {
        self.keep.end = i64::MAX;
        self.claimed = None;
    }

    /// Sets the time of the first frame, where nothing is known of it yet.
    pub(super) fn begin(&mut self, first: Option<i64>) {
        self.position = self.position.or(first);
    }

    /// Says how many frames the file claims to have.
    pub(super) fn claim(&mut self, frames: Option<u64>) {
        self.claimed = frames;
    }

    /// Frames that the file claims to have.
    pub(super) fn claimed(&self) -> Option<u64> {
        self.claimed
    }

    /// Frames that were heard of it, at its own rate.
    pub(super) fn heard(&self) -> u64 {
        let frames = self.blocks.frames - self.heard_before;
        self.blocks.at_own_rate(frames)
    }

    /// Whether no sound came yet, so that nobody knows its shape.
    pub(super) fn is_unopened(&self) -> bool {
        !self.is_open
    }

    /// Fixes the shape of the sound, or finds that it is another than before.
    pub(super) fn open(&mut self, rate_hz: u32, channels: usize) -> Result<(), DecodeError> {
        if !self.is_unopened() {
            let shape = (self.blocks.pcm.rate_hz, self.blocks.pcm.channels.len());
            return if shape == (rate_hz, channels) {
                Ok(())
            } else {
                let detail = format!("it changes to {rate_hz} Hz and {channels} channels half-way");
                Err(DecodeError::Corrupt { detail })
            };
        }
        self.blocks.open(rate_hz, channels, FULL_SCALE_16_BIT)?;
        self.is_open = true;
        let most = self.file_bytes.saturating_mul(MOST_FRAMES_A_BYTE).saturating_add(60 * u64::from(rate_hz));
        // Parts of one file have what it is worth between them.
        self.frames_left = most.saturating_sub(self.heard_before);
        Ok(())
    }

    /// Places `frames` at the time `at`, or after what came before where the time is unknown;
    /// false once no more is wanted. The sound is open.
    pub(super) fn place(&mut self, at: Option<i64>, frames: usize, read: ReadFrames<'_>) -> Result<bool, DecodeError> {
        let late = self.reach(at)?;
        let late = late.min(frames as u64) as usize;
        self.overlapping += late as u64;
        let position = self.position.unwrap_or(0);
        let end = position.saturating_add((frames - late) as i64);
        let kept = position.max(self.keep.start)..end.min(self.keep.end);
        self.position = Some(end);
        if kept.is_empty() {
            return Ok(position < self.keep.end);
        }
        let from = late + (kept.start - position) as usize;
        self.emit(from..from + (kept.end - kept.start) as usize, read)
    }

    /// Fills with silence up to the time `end`, where the sound ends before it.
    pub(super) fn fill_to(&mut self, end: i64) -> Result<(), DecodeError> {
        if !self.is_unopened() && self.position.is_some() {
            self.reach(Some(end))?;
        }
        Ok(())
    }

    /// What was odd about the times, a sentence each.
    pub(super) fn warnings(&self) -> Vec<String> {
        let ms = |frames: u64| frames * 1_000 / u64::from(self.blocks.pcm.rate_hz.max(1));
        let mut warnings = Vec::new();
        if self.gaps > 0 {
            warnings.push(format!("{} gaps filled with {} ms of silence", self.gaps, ms(self.filled)));
        }
        if self.overlapping > 0 {
            warnings.push(format!("{} ms of sound overlap what came before and are left out", ms(self.overlapping)));
        }
        if self.jumps > 0 {
            warnings.push(format!("its clock jumps {} times, which is not followed", self.jumps));
        }
        warnings
    }

    /// The gaps, as an error.
    pub(super) fn damage(&self) -> Option<DecodeError> {
        let detail = || format!("{} parts of its sound are lost", self.gaps);
        (self.gaps > 0).then(|| DecodeError::Corrupt { detail: detail() })
    }

    /// Moves to the time `at`, through silence where it lies ahead; returns the frames by which it
    /// has passed.
    fn reach(&mut self, at: Option<i64>) -> Result<u64, DecodeError> {
        let Some(at) = at else { return Ok(0) };
        let rate = i64::from(self.blocks.pcm.rate_hz);
        let Some(position) = self.position else {
            // A stream that was joined half-way starts with its first frame.
            self.shift = -at.max(0);
            self.position = Some(at.min(0));
            return Ok(0);
        };
        let ahead = at.saturating_add(self.shift).saturating_sub(position);
        if ahead.abs() <= rate / i64::from(TOLERANCE_PER_S) {
            return Ok(0);
        }
        if ahead < -2 * rate || ahead > 0 && !self.is_believed(position, ahead) {
            self.jumps += 1;
            self.shift = position.saturating_sub(at);
            return Ok(0);
        }
        if ahead < 0 {
            return Ok(ahead.unsigned_abs());
        }
        self.fill(position, ahead)?;
        Ok(0)
    }

    fn is_believed(&self, position: i64, ahead: i64) -> bool {
        let rate = u64::from(self.blocks.pcm.rate_hz);
        let (ahead, end) = (ahead as u64, position.saturating_add(ahead).max(0) as u64);
        ahead <= self.frames_left
            && match self.claimed {
                Some(claimed) => end <= claimed.saturating_add(rate),
                None => ahead <= LONGEST_GAP_S * rate,
            }
    }

    fn fill(&mut self, position: i64, ahead: i64) -> Result<(), DecodeError> {
        let end = position.saturating_add(ahead);
        self.position = Some(end);
        let silent = end.min(self.keep.end).saturating_sub(position.max(self.keep.start));
        if silent <= 0 {
            return Ok(());
        }
        self.gaps += 1;
        self.filled += silent as u64;
        self.spend(silent as u64)?;
        self.blocks.emit_silence(silent as u64);
        Ok(())
    }

    fn emit(&mut self, frames: Range<usize>, read: ReadFrames<'_>) -> Result<bool, DecodeError> {
        self.spend(frames.len() as u64)?;
        for start in frames.clone().step_by(BLOCK_FRAMES) {
            read(start..frames.end.min(start + BLOCK_FRAMES), &mut self.blocks.pcm.channels);
            if !self.blocks.emit() {
                return Ok(false);
            }
        }
        Ok(!self.blocks.cut)
    }

    fn spend(&mut self, frames: u64) -> Result<(), DecodeError> {
        self.frames_left = self.frames_left.checked_sub(frames).ok_or_else(|| DecodeError::Corrupt {
            detail: format!("it unpacks to more than {MOST_FRAMES_A_BYTE} samples a byte"),
        })?;
        Ok(())
    }
}

/// What is missing of `claimed` frames, where that can be heard: a tenth of a second.
pub(super) fn missing(timeline: &Timeline<'_, '_>) -> Option<DecodeError> {
    let (claimed, there) = (timeline.claimed()?, timeline.heard());
    let audible = u64::from(timeline.blocks.pcm.rate_hz) / 10;
    (!timeline.blocks.cut && there > 0 && there.saturating_add(audible) < claimed)
        .then_some(DecodeError::Truncated { there, claimed })
}
