//! `stretches`: one row per stretch of speech, by sound alone.

use super::record::{Flat, record};
use crate::facts::StretchFacts;
use crate::units::{Role, Span};

record!(StretchFacts {
    /// On which channel, from 0.
    channel: i32,
    /// Whose channel: `agent`, `customer`, or `unknown`.
    role: Role => dictionary,
    span as "": Flat<Span>,
    /// Level.
    #[unit = "dBFS"]
    loudness_dbfs: f32,
    /// Median pitch; null where nothing is voiced.
    #[unit = "Hz"]
    pitch_hz: Option<f32>,
    /// Syllables, counted by sound alone.
    #[unit = "syllables"]
    syllables: Option<i32>,
    /// Anger by sound, 0 to 1; null where the stretch is too short to tell, or emotion is switched off.
    anger: Option<f32>,
});
