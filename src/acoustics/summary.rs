//! Sums up a channel, one stretch of speech after another.

use super::anger::{Judge, Piece, sound};
use super::frame::Frame;
use super::pitch::{self, Tracker};
use super::stretches::{Judged, Part};
use super::{Anger, FRAME_MS, Keep, Pitch, Stretch, syllables};
use crate::units::{Dbfs, Hz, Span};

/// The stretches of a channel so far, and all its speech.
pub(super) struct Summary {
    /// The stretches that have ended.
    pub stretches: Vec<Stretch>,
    /// The pitch of each frame of the last part that was heard, 1/100 Hz, 0 where unvoiced.
    pub path: Vec<u16>,
    open: Option<Open>,
    speech: Energy,
    pitches: Pitches,
    tracker: Tracker,
    sounds: Vec<sound::Sound>,
    judge: Judge,
    judge_of_all: Judge,
    /// Clues to the syllables of each part of speech, where they are kept.
    pub syllable_clues: Option<Vec<(Span, Vec<syllables::Clues>)>>,
}

/// The stretch that goes on.
#[derive(Default)]
struct Open {
    start_frame: usize,
    energy: Energy,
    pitches: Vec<u16>,
    syllables: f32,
}

impl Summary {
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            stretches: Vec::new(),
            path: Vec::new(),
            open: None,
            speech: Energy::default(),
            pitches: Pitches::new(),
            tracker: Tracker::default(),
            sounds: Vec::new(),
            judge: Judge::new(),
            judge_of_all: if keep == Keep::Pieces { Judge::keeping() } else { Judge::new() },
            syllable_clues: (keep == Keep::Syllables).then(Vec::new),
        }
    }

    /// Takes the next part of a stretch, or all of it: its frames and how each is judged.
    pub(super) fn hear(&mut self, part: &Part, frames: &[Frame], judged: &[Judged]) {
        let open = self.open.get_or_insert_with(|| Open { start_frame: part.frames.start, ..Open::default() });
        for (frame, judged) in frames.iter().zip(judged) {
            if judged.stands_out {
                open.energy.add(f64::from(frame.mean_square), 1);
            }
        }
        self.tracker.path(frames, &mut self.path);
        let clues = syllables::clues(frames, &self.path);
        open.syllables += syllables::count(&clues);
        if let Some(kept) = &mut self.syllable_clues {
            kept.push((span(part.frames.start, part.frames.end), clues));
        }
        open.pitches.extend(self.path.iter().filter(|&&pitch| pitch > 0));
        sound::of_run(frames, &self.path, judged, &mut self.sounds);
        self.judge.hear(&self.sounds);
        self.judge_of_all.hear(&self.sounds);
        if part.ends {
            self.end_stretch(part.frames.end);
        }
    }

    fn end_stretch(&mut self, end_frame: usize) {
        let Some(mut open) = self.open.take() else { return };
        self.speech.add(open.energy.sum, open.energy.frames);
        open.pitches.sort_unstable();
        open.pitches.iter().for_each(|&pitch| self.pitches.add(pitch));
        self.stretches.push(Stretch {
            span: span(open.start_frame, end_frame),
            loudness_dbfs: open.energy.level(),
            pitch: pitch::percentile(&open.pitches, 50),
            syllables: open.syllables,
            anger: self.judge.finish(),
        });
    }

    /// Level of all speech; `None` without any.
    pub(super) fn speech_dbfs(&self) -> Option<Dbfs> {
        (self.speech.frames > 0).then(|| self.speech.level())
    }

    /// Pitch over all voiced frames; `None` where nothing is voiced.
    pub(super) fn pitch(&self) -> Option<Pitch> {
        let [low, median, high] = [10, 50, 90].map(|percent| self.pitches.percentile(percent));
        Some(Pitch { median: median?, low: low?, high: high? })
    }

    /// How angry all speech together sounds.
    pub(super) fn anger(&mut self) -> Option<Anger> {
        self.judge_of_all.finish()
    }

    /// All pieces of speech, where they are kept.
    pub(super) fn into_pieces(self) -> Vec<Piece> {
        self.judge_of_all.into_pieces()
    }
}

fn span(start_frame: usize, end_frame: usize) -> Span {
    Span::new(start_frame as i64 * FRAME_MS, end_frame as i64 * FRAME_MS)
}

/// Mean squares added up.
#[derive(Clone, Copy, Default)]
struct Energy {
    sum: f64,
    frames: usize,
}

impl Energy {
    fn add(&mut self, sum: f64, frames: usize) {
        self.sum += sum;
        self.frames += frames;
    }

    fn level(self) -> Dbfs {
        Dbfs::from_mean_square(self.sum / self.frames.max(1) as f64)
    }
}

/// How often each pitch occurs, in 1/100 Hz: the same memory for any length.
struct Pitches {
    counts: Vec<u32>,
    counted: usize,
}

impl Pitches {
    const fn new() -> Self {
        Self { counts: Vec::new(), counted: 0 }
    }

    fn add(&mut self, centi_hz: u16) {
        if self.counts.is_empty() {
            self.counts = vec![0; usize::from(u16::MAX) + 1];
        }
        self.counts[usize::from(centi_hz)] += 1;
        self.counted += 1;
    }

    /// As [`pitch::percentile`].
    fn percentile(&self, percent: usize) -> Option<Hz> {
        let rank = (self.counted.checked_sub(1)? * percent + 50) / 100;
        let mut up_to = 0;
        let centi_hz = self.counts.iter().position(|&count| {
            up_to += count as usize;
            up_to > rank
        })?;
        Some(Hz(centi_hz as f32 / 100.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_counts_are_those_of_the_sorted() {
        let mut counted = Pitches::new();
        assert_eq!(counted.percentile(50), None);
        let mut sorted: Vec<u16> = (0..57).map(|n| 7_500 + n * n * 13 % 30_011).collect();
        sorted.iter().for_each(|&pitch| counted.add(pitch));
        sorted.sort_unstable();
        for percent in [0, 10, 50, 90, 100] {
            assert_eq!(counted.percentile(percent), pitch::percentile(&sorted, percent), "{percent}");
        }
    }
}
