//! From sounds to a judgement: cuts them into pieces, and averages what the model makes of each.

use super::measures::{self, MEASURES, PIECE};
use super::model;
use super::names::GROUPS;
use super::sound::Sound;
use super::{Anger, Moved, Piece};

/// Judges the sounds of one range of speech after another, in buffers of its own.
pub(in crate::acoustics) struct Judge {
    sounds: Vec<Sound>,
    scratch: Vec<f32>,
    heard: Heard,
    /// The pieces, where they are kept.
    pieces: Option<Vec<Piece>>,
}

impl Judge {
    pub(in crate::acoustics) fn new() -> Self {
        Self {
            sounds: Vec::with_capacity(PIECE),
            scratch: Vec::with_capacity(PIECE),
            heard: Heard::NOTHING,
            pieces: None,
        }
    }

    /// One that keeps the pieces, for [`Judge::into_pieces`].
    pub(in crate::acoustics) fn keeping() -> Self {
        Self { pieces: Some(Vec::new()), ..Self::new() }
    }

    /// Takes the sounds of a run of speech.
    pub(in crate::acoustics) fn hear(&mut self, run: &[Sound]) {
        for sound in run {
            if self.sounds.len() == PIECE {
                self.end_piece();
            }
            self.sounds.push(*sound);
        }
    }

    /// What was heard since the last time; `None` where it is too short or hardly voiced.
    pub(in crate::acoustics) fn finish(&mut self) -> Option<Anger> {
        self.end_piece();
        std::mem::replace(&mut self.heard, Heard::NOTHING).anger()
    }

    /// All pieces heard.
    pub(in crate::acoustics) fn into_pieces(mut self) -> Vec<Piece> {
        self.end_piece();
        self.pieces.unwrap_or_default()
    }

    fn end_piece(&mut self) {
        if let Some(measures) = measures::measure(&self.sounds, &mut self.scratch) {
            let voiced = self.sounds.iter().filter(|sound| sound.pitch.is_some()).count();
            self.heard.add(voiced as f32, &measures);
            if let Some(pieces) = &mut self.pieces {
                pieces.push(Piece { voiced_frames: voiced as u32, measures });
            }
        }
        self.sounds.clear();
    }
}

/// What the model makes of the pieces, each weighted by its voiced frames.
struct Heard {
    voiced_frames: f32,
    log_odds: f32,
    groups: [model::Influence; GROUPS],
}

impl Heard {
    const NOTHING: Self =
        Self { voiced_frames: 0.0, log_odds: 0.0, groups: [model::Influence { by: 0.0, above: 0.0 }; GROUPS] };

    fn add(&mut self, voiced_frames: f32, measures: &[f32; MEASURES]) {
        let (log_odds, influences) = model::judge(measures);
        self.voiced_frames += voiced_frames;
        self.log_odds += voiced_frames * log_odds;
        for (sum, influence) in self.groups.iter_mut().zip(influences) {
            sum.by += voiced_frames * influence.by;
            sum.above += voiced_frames * influence.above;
        }
    }

    fn anger(self) -> Option<Anger> {
        let count = self.voiced_frames;
        if count == 0.0 {
            return None;
        }
        let log_odds = self.log_odds / count;
        let mut moved = model::named(&self.groups).map(|(feature, by)| Moved { feature, by: by / count });
        moved.sort_by(|a, b| b.by.abs().total_cmp(&a.by.abs()));
        Some(Anger {
            probability: model::probability(log_odds, count / 100.0),
            log_odds,
            moved_by: [moved[0], moved[1], moved[2]],
        })
    }
}
