//! Ringback, busy signals, keys, held notes: sounds that hold their pitch as no voice does.

use super::frame::Frame;
use super::track::Track;
use crate::units::Hz;
use std::ops::Range;

/// The frames of a tone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    /// First to last.
    pub frames: Range<usize>,
    /// The pitch it started with, 1/100 Hz.
    centi_hz: u16,
}

impl Held {
    /// How often it repeats itself.
    pub(super) fn repeats(&self) -> Hz {
        Hz(f32::from(self.centi_hz) / 100.0)
    }
}

/// Looks for tones in a channel's frames as they come.
pub(super) struct Finder {
    /// The tones that have ended, in order.
    pub found: Vec<Held>,
    /// The one that goes on.
    open: Option<Held>,
    /// Whether each frame is of a tone, or so near one that its ends splash into it; up to `next`.
    marks: Track<bool>,
    /// The first frame that is not looked at yet.
    next: usize,
}

impl Finder {
    pub(super) const fn new() -> Self {
        Self { found: Vec::new(), open: None, marks: Track::new(), next: 0 }
    }

    /// Looks at the frames that there are, all of the channel's if it has `ended`.
    pub(super) fn look(&mut self, frames: &Track<Frame>, ended: bool) {
        while self.next < frames.end() {
            if let Some(tone) = &self.open {
                if holds(&frames[self.next], tone.centi_hz) {
                    self.step(true);
                    continue;
                }
                self.close();
            }
            let ahead = frames.slice(self.next..frames.end().min(self.next + LEAST));
            let centi_hz = ahead[0].candidate.centi_hz;
            let held = ahead.iter().take_while(|frame| holds(frame, centi_hz)).count();
            if held == LEAST {
                self.start(centi_hz);
            } else if held == ahead.len() && !ended {
                return;
            } else {
                self.pass(held.max(1));
            }
        }
        if ended {
            self.close();
        }
    }

    /// A tone starts with the next frame.
    fn start(&mut self, centi_hz: u16) {
        self.open = Some(Held { frames: self.next..self.next, centi_hz });
        self.marks.slice_mut(self.next.saturating_sub(SPLASH)..self.next).fill(true);
        self.step(true);
    }

    /// The tone that goes on, if there is one, has ended before the next frame.
    fn close(&mut self) {
        self.found.extend(self.open.take().map(|tone| Held { frames: tone.frames.start..self.next, ..tone }));
    }

    /// No tone starts in so many frames.
    fn pass(&mut self, frames: usize) {
        for _ in 0..frames {
            let splashed = self.found.last().is_some_and(|tone| self.next < tone.frames.end + SPLASH);
            self.step(splashed);
        }
    }

    fn step(&mut self, mark: bool) {
        self.marks.push(mark);
        self.next += 1;
    }

    /// The first frame that is not looked at yet.
    pub(super) const fn next(&self) -> usize {
        self.next
    }

    /// Up to which frame it is known whether it is of a tone.
    pub(super) fn known(&self, ended: bool) -> usize {
        if ended { self.next } else { self.next.saturating_sub(SPLASH) }
    }

    /// Whether a frame is of a tone or beside one; lets go of those before it.
    pub(super) fn marks(&mut self, frame: usize) -> bool {
        let mark = self.marks[frame];
        // A tone that is found marks what is before it.
        self.marks.forget(frame.min(self.next.saturating_sub(SPLASH)));
        mark
    }
}

/// How much a tone repeats itself at least, in hundredths.
const PURE: u8 = 85;

/// How far its pitch strays at most from where it started, 1/200: a held vowel strays by several.
const STRAY: u32 = 200;

/// The least frames of a tone: 150 ms, longer than a voice stays so still.
const LEAST: usize = 15;

/// Frames that a window on the edge of a tone reaches, and as much again for smoothing.
const SPLASH: usize = 8;

/// Whether a frame holds a pitch.
fn holds(frame: &Frame, centi_hz: u16) -> bool {
    let strays = u32::from(frame.candidate.centi_hz.abs_diff(centi_hz));
    frame.candidate.strength >= PURE && strays * STRAY <= u32::from(centi_hz)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acoustics::pitch::Candidate;

    fn frame(centi_hz: u16) -> Frame {
        let strength = if centi_hz > 0 { 95 } else { 0 };
        Frame { candidate: Candidate { centi_hz, strength, ..Candidate::default() }, ..Frame::default() }
    }

    #[test]
    fn tones_are_runs_that_hold_their_pitch_however_frames_come() {
        let mut pitches = vec![0; 30];
        pitches.extend([20_000; 20]);
        pitches.extend((0..40).map(|n| 10_000 + 90 * n)); // glides
        pitches.extend([30_000; 14]); // too short
        pitches.extend([0; 5]);
        pitches.extend([44_000; 25]);
        for block in [1, 7, 200] {
            let (mut finder, mut frames, mut marks) = (Finder::new(), Track::new(), Vec::new());
            for block in pitches.chunks(block) {
                block.iter().for_each(|&pitch| frames.push(frame(pitch)));
                let ended = frames.end() == pitches.len();
                finder.look(&frames, ended);
                while marks.len() < finder.known(ended) {
                    marks.push(finder.marks(marks.len()));
                }
            }
            let found: Vec<_> = finder.found.iter().map(|tone| (tone.frames.clone(), tone.centi_hz)).collect();
            assert_eq!(found, [(30..50, 20_000), (109..134, 44_000)], "blocks of {block}");
            let expected: Vec<bool> = (0..134).map(|n| (22..58).contains(&n) || n >= 101).collect();
            assert_eq!(marks, expected, "blocks of {block}");
        }
    }
}
