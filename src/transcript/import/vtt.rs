//! WebVTT (W3C): cues with voices, and times of words inside them.

use super::cues::{cues, some_cues, transcript};
use super::{Format, ImportError};
use crate::transcript::Transcript;

/// Whether `text` is of this shape: its first line says so.
pub(super) fn is(text: &str) -> bool {
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.chars().next().is_none_or(char::is_whitespace))
}

/// Reads what is of this shape; `<v Name>` and what stands before a colon tell who speaks.
pub(super) fn read(text: &str) -> Result<Transcript, ImportError> {
    let head = text.lines().take_while(|line| !line.trim().is_empty());
    let language = head.filter_map(|line| line.strip_prefix("Language:")).map(|it| it.trim().to_owned()).next();
    // One that says what it is may be without cues: nobody spoke.
    let cues = if is(text) { cues(text) } else { some_cues(text, Format::Vtt)? };
    transcript(&cues, language)
}
