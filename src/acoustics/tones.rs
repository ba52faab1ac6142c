//! Ringback, busy signals, keys, held notes: sounds that hold their pitch as no voice does.

use super::frame::Frame;
use std::ops::Range;

/// The frames of machine-made tones, in order.
pub(super) fn find(frames: &[Frame]) -> Vec<Range<usize>> {
    let mut tones = Vec::new();
    let mut start = 0;
    while start < frames.len() {
        let end = start + held(&frames[start..]);
        if end - start >= LEAST {
            tones.push(start..end);
        }
        start = end.max(start + 1);
    }
    tones
}

/// The frames of a tone with those around it that its ends splash into, of `frames` in all.
pub(super) fn with_splash(tone: &Range<usize>, frames: usize) -> Range<usize> {
    tone.start.saturating_sub(SPLASH)..frames.min(tone.end + SPLASH)
}

/// How much a tone repeats itself at least, in hundredths.
const PURE: u8 = 85;

/// How far its pitch strays at most from where it started, 1/200: a held vowel strays by several.
const STRAY: u32 = 200;

/// The least frames of a tone: 150 ms, longer than a voice stays so still.
const LEAST: usize = 15;

/// Frames that a window on the edge of a tone reaches, and as much again for smoothing.
const SPLASH: usize = 8;

/// How many frames from the first on hold its pitch.
fn held(frames: &[Frame]) -> usize {
    let Some(first) = frames.first().map(|frame| frame.candidate.centi_hz) else { return 0 };
    let holds = |frame: &&Frame| {
        let strays = u32::from(frame.candidate.centi_hz.abs_diff(first));
        frame.candidate.strength >= PURE && strays * STRAY <= u32::from(first)
    };
    frames.iter().take_while(holds).count()
}
