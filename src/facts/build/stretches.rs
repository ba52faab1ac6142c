//! Stretches as they are kept.

use super::anger;
use super::round::{tenth, thousandth};
use super::speech::Speech;
use crate::facts::StretchFacts;
use crate::units::Role;

/// Returns the stretches of all channels, by (start, channel), without the anger of roles in `emotion_off`.
pub(super) fn stretches(speech: &Speech<'_>, emotion_off: &[Role]) -> Vec<StretchFacts> {
    let mut stretches: Vec<StretchFacts> = (0..)
        .zip(&speech.channels)
        .flat_map(|(index, channel)| {
            let with_speaker = channel.stretches.iter().zip(channel.speakers());
            with_speaker.map(move |(stretch, role)| (index, channel.role, role, stretch))
        })
        .map(|(channel, side, role, stretch)| StretchFacts {
            channel,
            role,
            span: stretch.span,
            loudness_dbfs: tenth(f64::from(stretch.loudness_dbfs.0)),
            pitch_hz: stretch.pitch.map(|pitch| tenth(f64::from(pitch.0))),
            syllables: Some(stretch.syllables.round() as i32),
            anger: stretch
                .anger
                .filter(|_| anger::is_told(role, side, emotion_off))
                .map(|anger| thousandth(f64::from(anger.probability))),
        })
        .collect();
    stretches.sort_by_key(|stretch| (stretch.span.start_ms, stretch.channel));
    stretches
}
