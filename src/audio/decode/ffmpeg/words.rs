//! What ffmpeg says: the codec, the length, and what is wrong.

use super::super::DecodeError;
use std::io::{BufRead, BufReader, Read};

/// What is remembered of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The codec of the first stream of sound.
    pub(super) codec: Option<String>,
    /// The length that the container declares; none where ffmpeg guesses it.
    pub(super) claimed_ms: Option<u64>,
    /// The last complaint.
    last: Option<String>,
}

/// The longest line that is looked at; the rest of it is passed over.
const LONGEST_LINE: u64 = 1_024;

impl Words {
    /// Listens until the end.
    pub(super) fn listen(complaints: impl Read) -> Self {
        let mut words = Self::default();
        let mut complaints = BufReader::new(complaints);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = complaints.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
            if read.is_err() || line.is_empty() {
                return words;
            }
            words.take(&String::from_utf8_lossy(&line));
        }
    }

    /// What is wrong, as an error.
    pub(super) fn complaint(&self, was_cut: bool) -> Option<DecodeError> {
        let last = self.last.as_ref().filter(|_| !was_cut)?;
        Some(DecodeError::Corrupt { detail: format!("ffmpeg says \"{last}\"") })
    }

    fn take(&mut self, line: &str) {
        if line.contains("[error]") || line.contains("[fatal]") {
            // Its own words end with a sentence that names the file.
            if !line.contains("file:") {
                self.last = Some(without_tags(line).to_owned());
            }
        } else if line.contains("Estimating duration from bitrate") {
            self.claimed_ms = None;
        } else if let Some((_, rest)) = line.split_once("Duration: ") {
            self.claimed_ms = self.claimed_ms.or_else(|| milliseconds(rest.split(',').next()?));
        } else if let Some((_, rest)) = line.split_once(": Audio: ") {
            let name = rest.split([' ', ',']).next().unwrap_or_default();
            self.codec.get_or_insert_with(|| name.trim().to_owned());
        }
    }
}

/// `line` without what stands in brackets before it: names of parts, addresses, levels.
fn without_tags(line: &str) -> &str {
    let mut rest = line.trim();
    while let Some(end) = rest.strip_prefix('[').and_then(|tagged| tagged.find(']')) {
        rest = rest[end + 2..].trim_start();
    }
    rest
}

/// `00:01:02.50`, in milliseconds.
fn milliseconds(text: &str) -> Option<u64> {
    let mut parts = text.trim().splitn(3, ':');
    let (hours, minutes) = (parts.next()?.parse::<u64>().ok()?, parts.next()?.parse::<u64>().ok()?);
    let seconds = parts.next()?.parse::<f64>().ok().filter(|seconds| (0.0..60.0).contains(seconds))?;
    let whole_s = hours.checked_mul(3_600)?.checked_add(minutes.checked_mul(60)?)?;
    whole_s.checked_mul(1_000)?.checked_add((seconds * 1_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ffmpeg_says_is_understood() {
        let said = "[info]   Duration: 00:01:02.50, start: 0.000000, bitrate: 38 kb/s\n\
            [info]   Stream #0:0: Audio: wmav2 (a[1][0][0] / 0x0161), 16000 Hz, 2 channels, fltp, 36 kb/s\n\
            [info]   Stream #0:0: Audio: pcm_f32be ([6][0][0][0] / 0x0006), 16000 Hz\n\
            [wmav2 @ 0x55d6] [error] prev_block_len_bits 7 out of range\n\
            [error] file:13800138000.wma: Invalid data\n";
        let words = Words::listen(said.as_bytes());
        assert_eq!(words.codec.as_deref(), Some("wmav2"));
        assert_eq!(words.claimed_ms, Some(62_500));
        let detail = "ffmpeg says \"prev_block_len_bits 7 out of range\"".to_owned();
        assert_eq!(words.complaint(false), Some(DecodeError::Corrupt { detail }));
        assert_eq!(words.complaint(true), None);
    }

    #[test]
    fn lengths_that_are_guessed_are_no_claims() {
        let said = "[mp3 @ 0x1] [warning] Estimating duration from bitrate, this may be inaccurate\n";
        assert_eq!(Words::listen(said.as_bytes()).claimed_ms, None);
        for (text, expected) in
            [("N/A", None), ("00:00:00.01", Some(10)), ("99:59:59.99", Some(359_999_990)), ("x", None)]
        {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }
}
