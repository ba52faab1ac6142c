//! SubRip: numbered subtitles, the time with a comma.

use super::cues::{some_cues, times, transcript};
use super::{Format, ImportError};
use crate::transcript::Transcript;

/// Whether `text` is of this shape: it begins with a line of times, or a number and one.
pub(super) fn is(text: &str) -> bool {
    let is_times = |line: &str| times(line).is_some();
    let is_number = |line: &str| line.bytes().all(|byte| byte.is_ascii_digit());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(|first| is_times(first) || is_number(first) && lines.next().is_some_and(is_times))
}

/// Reads what is of this shape; the speaker stands before a colon, where it does.
pub(super) fn read(text: &str) -> Result<Transcript, ImportError> {
    transcript(&some_cues(text, Format::Srt)?, None)
}
