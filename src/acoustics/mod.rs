//! What is measured of a recording's sound: who is active when, how loud, how high.

pub mod activity;
pub mod anger;
mod decibels;
mod dispatch;
mod fft;
mod frame;
mod leak;
mod measurer;
mod net;
mod pitch;
mod spectrum;
mod stretches;
mod summary;
pub mod syllables;
mod tones;
mod track;

pub use anger::Anger;
pub use measurer::{Keep, Kept, Measurer};

use crate::units::{Dbfs, Hz, Span};

/// A frame's length and hop, ms.
pub const FRAME_MS: i64 = 10;

/// Everything measured of a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Acoustics {
    /// Length of the recording, ms.
    pub duration_ms: i64,
    /// One entry a channel.
    pub channels: Vec<ChannelAcoustics>,
}

/// What is measured of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelAcoustics {
    /// Stretches of speech, in order, apart from one another, edges on [`FRAME_MS`].
    pub stretches: Vec<Stretch>,
    /// Root-mean-square level of the whole channel.
    pub level_dbfs: Dbfs,
    /// Level of the speech alone; `None` without speech.
    pub speech_dbfs: Option<Dbfs>,
    /// Share of samples at full scale, 0 to 1.
    pub clipping: f64,
    /// Pitch over all voiced frames of speech; `None` where nothing is voiced.
    pub pitch: Option<Pitch>,
    /// Syllables in all stretches, estimated from sound alone by [`syllables::METHOD`].
    pub syllables: f32,
    /// The same a second of speech, which leaves out pauses between stretches; `None` without speech.
    pub articulation_syllables_per_s: Option<f32>,
    /// Sounds that hold their pitch as no voice does: ringback, beeps, notes; in order, apart from one another.
    pub tones: Vec<Tone>,
    /// How angry all its speech together sounds; `None` where there is too little of it.
    pub anger: Option<Anger>,
}

/// A sound that holds its pitch as no voice does, for 150 ms at least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Where it is, edges on [`FRAME_MS`].
    pub span: Span,
    /// How often it repeats itself, 75 to 500 times a second: a higher one at a part of its pitch.
    pub repeats: Hz,
}

/// What a frame of [`FRAME_MS`] of one channel shows, for a closer look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameMeasure {
    /// Root-mean-square level.
    pub level_dbfs: Dbfs,
    /// How likely speech is, in 255ths; 0 where it is the other channel's leaking in.
    pub speech: u8,
    /// Whether it lies in a stretch and is louder than the noise around it.
    pub speaking: bool,
    /// Its pitch, where it is speech and voiced.
    pub pitch: Option<Hz>,
}

/// A run of speech in one channel, found by sound alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where it is.
    pub span: Span,
    /// Root-mean-square level of its speech frames.
    pub loudness_dbfs: Dbfs,
    /// Median pitch of its voiced frames; `None` where nothing is voiced.
    pub pitch: Option<Hz>,
    /// Syllables, estimated from sound alone by [`syllables::METHOD`].
    pub syllables: f32,
    /// How angry it sounds; `None` under about half a second of speech.
    pub anger: Option<Anger>,
}

/// Pitch of a channel or a role, over its voiced frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pitch {
    /// The median.
    pub median: Hz,
    /// The 10th percentile.
    pub low: Hz,
    /// The 90th percentile.
    pub high: Hz,
}

#[cfg(test)]
mod tests;
