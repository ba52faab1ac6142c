//! Stretches as they are kept.

use super::round::tenth;
use super::speech::Speech;
use crate::facts::StretchFacts;

/// Returns the stretches of all channels, by (start, channel).
pub(super) fn stretches(speech: &Speech<'_>) -> Vec<StretchFacts> {
    let mut stretches: Vec<StretchFacts> = (0..)
        .zip(&speech.channels)
        .flat_map(|(index, channel)| channel.stretches.iter().map(move |stretch| (index, channel.role, stretch)))
        .map(|(channel, role, stretch)| StretchFacts {
            channel,
            role,
            span: stretch.span,
            loudness_dbfs: tenth(f64::from(stretch.loudness_dbfs.0)),
            pitch_hz: stretch.pitch.map(|pitch| tenth(f64::from(pitch.0))),
            anger: None,
        })
        .collect();
    stretches.sort_by_key(|stretch| (stretch.span.start_ms, stretch.channel));
    stretches
}
