//! From likelihoods of frames to stretches of speech.

use std::ops::Range;

/// Speech starts where it is more likely than not, in 255ths.
pub(super) const START: u8 = 128;

/// It goes on while it is at least this likely, in 255ths, for [`HANGOVER`] at most: soft onsets and
/// endings of words.
const STAY: u8 = 40;

/// Frames that speech goes on beyond where it is likely, to each side: 200 ms.
const HANGOVER: usize = 20;

/// Pauses shorter than this many frames are part of a stretch: 300 ms, longer than the closure of a
/// stop consonant and shorter than a pause between turns.
const JOINED: usize = 30;

/// The least frames of a stretch: 100 ms, about the shortest syllable.
const LEAST: usize = 10;

/// A stretch and its frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Its frames, first to last.
    pub frames: Range<usize>,
}

/// Finds the stretches in a channel, given how likely speech is and which frames stand out of the
/// noise; a stretch starts and ends with one that does.
pub(super) fn find(speech: &[u8], stands_out: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut next = 0;
    while let Some(seed) = (next..speech.len()).find(|&n| speech[n] >= START) {
        let end = (seed..speech.len()).find(|&n| speech[n] < START).unwrap_or(speech.len());
        next = end;
        let Some(frames) = trimmed(extended(seed..end, speech), stands_out) else { continue };
        match runs.last_mut() {
            Some(last) if frames.start < last.frames.end + JOINED => last.frames.end = last.frames.end.max(frames.end),
            _ => runs.push(Run { frames }),
        }
    }
    runs.retain(|run| run.frames.len() >= LEAST);
    runs
}

fn extended(seed: Range<usize>, speech: &[u8]) -> Range<usize> {
    let before = speech[..seed.start].iter().rev().take(HANGOVER).take_while(|&&likely| likely >= STAY).count();
    let after = speech[seed.end..].iter().take(HANGOVER).take_while(|&&likely| likely >= STAY).count();
    seed.start - before..seed.end + after
}

fn trimmed(frames: Range<usize>, stands_out: &[bool]) -> Option<Range<usize>> {
    let start = frames.clone().find(|&n| stands_out[n])?;
    let end = frames.rev().find(|&n| stands_out[n])?;
    Some(start..end + 1)
}
