//! SubRip: numbered subtitles, the time with a comma.

use super::cues::{cues, transcript};
use super::{Format, ImportError};
use crate::transcript::Transcript;

/// Whether `text` is of this shape: it begins with a number and a line of times.
pub(super) fn is(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_number = lines.next().is_some_and(|line| line.bytes().all(|byte| byte.is_ascii_digit()));
    is_number && lines.next().is_some_and(|line| super::cues::times(line).is_some())
}

/// Reads what is of this shape; the speaker stands before a colon, where it does.
pub(super) fn read(text: &str) -> Result<Transcript, ImportError> {
    transcript(Format::Srt, cues(text), None)
}
