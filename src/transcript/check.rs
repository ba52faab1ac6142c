//! Holding a transcript against the recording it claims to belong to.

use super::{Speaker, Transcript};
use crate::units::Span;

/// How far an utterance may run past its recording's end and still be clipped, ms: engines round
/// the last word up to their frame or chunk.
pub const TOLERATED_PAST_THE_END_MS: i64 = 1_000;

/// Why a transcript cannot belong to a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// It goes on after the recording ended.
    #[error(
        "the transcript runs to {transcript_ms} ms, the recording ends at {recording_ms} ms: it belongs to another \
         recording or to a longer version of this one; give the transcript of this recording"
    )]
    PastTheEnd {
        /// Where its last utterance ends.
        transcript_ms: i64,
        /// Where the recording ends.
        recording_ms: i64,
    },
    /// It names a channel that the recording lacks.
    #[error(
        "the transcript has an utterance on channel {channel}, the recording has {channels} channel(s), counted from 0: \
         give the transcript of this recording, or name roles in place of channels"
    )]
    UnknownChannel {
        /// The channel it names.
        channel: u16,
        /// How many channels the recording has.
        channels: u16,
    },
}

impl CheckError {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PastTheEnd { .. } => "past_the_end",
            Self::UnknownChannel { .. } => "unknown_channel",
        }
    }
}

/// Returns the transcript as it fits a recording of `duration_ms` with `channels` channels: what runs past
/// the end by up to [`TOLERATED_PAST_THE_END_MS`] is clipped, with a warning.
///
/// # Errors
///
/// [`CheckError`] where an utterance runs further past the end, or is on a channel that does not exist.
pub fn check(mut transcript: Transcript, duration_ms: i64, channels: u16) -> Result<Transcript, CheckError> {
    refuse_unknown_channels(&transcript, channels)?;
    let transcript_ms = transcript.utterances.iter().map(|utterance| utterance.span.end_ms).max().unwrap_or(0);
    if transcript_ms > duration_ms.saturating_add(TOLERATED_PAST_THE_END_MS) {
        return Err(CheckError::PastTheEnd { transcript_ms, recording_ms: duration_ms });
    }
    if transcript_ms > duration_ms {
        clip(&mut transcript, duration_ms);
        transcript.warnings.push(format!(
            "the transcript ran {} ms past the recording's end at {duration_ms} ms; clipped",
            transcript_ms - duration_ms
        ));
    }
    Ok(transcript)
}

fn refuse_unknown_channels(transcript: &Transcript, channels: u16) -> Result<(), CheckError> {
    for utterance in &transcript.utterances {
        if let Speaker::Channel(channel) = utterance.speaker
            && channel >= channels
        {
            return Err(CheckError::UnknownChannel { channel, channels });
        }
    }
    Ok(())
}

/// Ends what runs past `duration_ms` there.
pub(super) fn clip(transcript: &mut Transcript, duration_ms: i64) {
    let clipped = |span: Span| Span::new(span.start_ms.min(duration_ms), span.end_ms.min(duration_ms));
    for utterance in &mut transcript.utterances {
        utterance.span = clipped(utterance.span);
        for word in &mut utterance.words {
            word.span = clipped(word.span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Utterance, Word};
    use super::*;

    fn said(channel: u16, start_ms: i64, end_ms: i64) -> Transcript {
        let utterance = Utterance {
            words: vec![Word { chars: 0..1, span: Span::new(start_ms, end_ms), estimated: false }],
            ..Utterance::new(Speaker::Channel(channel), Span::new(start_ms, end_ms), "好")
        };
        Transcript { utterances: vec![utterance], ..Transcript::default() }
    }

    #[test]
    fn clips_what_runs_a_little_over() {
        let checked = check(said(1, 9_000, 11_000), 10_000, 2).unwrap();
        assert_eq!(checked.utterances[0].span, Span::new(9_000, 10_000));
        assert_eq!(checked.utterances[0].words[0].span, Span::new(9_000, 10_000));
        assert_eq!(checked.warnings, ["the transcript ran 1000 ms past the recording's end at 10000 ms; clipped"]);
        let within = check(said(1, 9_000, 10_000), 10_000, 2).unwrap();
        assert_eq!(within, said(1, 9_000, 10_000));
    }

    #[test]
    fn refuses_another_recordings_transcript() {
        let long = check(said(0, 9_000, 11_001), 10_000, 2).unwrap_err();
        assert_eq!(long.code(), "past_the_end");
        assert!(long.to_string().contains("11001 ms") && long.to_string().contains("10000 ms"), "{long}");
        let channel = check(said(1, 0, 1_000), 10_000, 1).unwrap_err();
        assert_eq!(channel, CheckError::UnknownChannel { channel: 1, channels: 1 });
        assert_eq!(channel.code(), "unknown_channel");
    }
}
