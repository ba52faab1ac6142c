//! How angry or agitated a voice sounds.
//!
//! Speech is cut into pieces of 5 s at most; of each, `measures` takes what no gain moves, and a small
//! `model` makes log-odds of it, which are averaged and drawn to the base rate where little was heard.

pub(super) mod colour;
mod judge;
mod measures;
mod model;
mod moments;
mod names;
pub(super) mod sound;
mod weights;

pub(super) use judge::Judge;
pub use measures::MEASURES;
pub use names::NAMES;

/// How angry or agitated a voice sounds: an estimate from sound alone, learnt from acted German.
///
/// It does not know words, and it takes joy for anger more often than anything else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anger {
    /// 0 to 1; calibrated where about one piece of speech in four is angry.
    pub probability: f32,
    /// Log-odds of the model before they are drawn to the base rate.
    pub log_odds: f32,
    /// What moved it most, the most first.
    pub moved_by: [Moved; 3],
}

/// A group of measures and how far it moved the log-odds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// A stable name that says how the voice differs from the average: `pitch_high`, `loudness_even`.
    pub feature: &'static str,
    /// By how much the log-odds are higher for it; under 0: lower.
    pub by: f32,
}

/// Measures of a piece of speech, for fitting the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its voiced frames.
    pub voiced_frames: u32,
    /// In the order of [`NAMES`].
    pub measures: [f32; MEASURES],
}

#[cfg(test)]
mod tests;
