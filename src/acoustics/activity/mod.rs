//! How likely each frame of a channel is speech.
//!
//! Two models look at each frame and what is around it ([`Clues`]), and their log-odds are averaged. A
//! logistic one asks for sound that is voiced and broad at once, and that moves: few noises are. A small
//! net weighs each band's level over the noise, voicing, and how far the sound is under the loudest of the
//! minute around, so it hears a voice whose upper bands are hidden; it counts for more the more hiss there
//! is to hide them.
//!
//! `models/activity/fit.py` fits the net on EmoDB sentences (hand-timed syllables as truth) laid out among
//! made-up noises, music, tones and rooms.

mod clues;
mod model;
mod rolling;
mod surroundings;
mod weights;

pub use clues::{CLUES, Clues};

use super::frame::Frame;
use super::stretches::START;
use super::tones;
use clues::Sight;
use std::ops::Range;
use surroundings::Surroundings;

/// A channel's frames, judged by sound alone.
pub(super) struct Activity {
    /// How likely each frame is speech, in 255ths.
    pub speech: Vec<u8>,
    /// Whether each frame stands out of the noise.
    pub stands_out: Vec<bool>,
    /// The frames of tones that no voice makes, in order.
    pub tones: Vec<Range<usize>>,
}

/// Judges the frames of one channel.
pub(super) fn judge(frames: &[Frame]) -> Activity {
    let (mut speech, mut stands_out) = (Vec::with_capacity(frames.len()), Vec::with_capacity(frames.len()));
    let surroundings = Surroundings::of(frames);
    let tones = tones::find(frames);
    clues::each(frames, &surroundings, &tones, &mut |n, clues, sight| {
        let likely = likely(clues, surroundings.hiss_db(n));
        stands_out.push(does_stand_out(sight, likely));
        speech.push(likely);
    });
    Activity { speech, stands_out, tones }
}

/// What the models see of each frame of a channel, to fit them.
pub(super) fn all_clues(frames: &[Frame]) -> Vec<Clues> {
    let mut all = Vec::with_capacity(frames.len());
    clues::each(frames, &Surroundings::of(frames), &tones::find(frames), &mut |_, clues, _| all.push(*clues));
    all
}

/// How likely speech is, in 255ths.
fn likely(clues: &Clues, hiss_db: f32) -> u8 {
    let net = LEAST_NET + (MOST_NET - LEAST_NET) * (hiss_db / HIDING_DB).min(1.0);
    let log_odds = net * model::net(clues) + (1.0 - net) * model::logistic(clues);
    (255.0 / (1.0 + (-log_odds).exp())).round() as u8
}

/// How much the net counts where nothing hides the upper bands of a voice, and where hiss does.
const LEAST_NET: f32 = 0.3;
const MOST_NET: f32 = 0.8;

/// Hiss over what 16 bits can hold from which the net counts most, dB.
const HIDING_DB: f32 = 15.0;

/// Speech and its neighbourhood are broad; where noise hides that, one band has to rise out of it.
fn does_stand_out(sight: &Sight, likely: u8) -> bool {
    sight.breadth() > 0 || likely >= START && sight.highest_over_db() >= 3.0
}
