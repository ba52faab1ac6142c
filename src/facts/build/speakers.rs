//! How each side spoke over the whole call.

use super::levels::SideLevel;
use super::rates;
use super::round::{tenth, thousandth};
use super::speech::Speech;
use super::spoken::{Spoken, union_ms};
use super::voices::Voices;
use crate::facts::SpeakerFacts;
use crate::units::{Role, Span};

/// Time spoken by the agent and the customer, ms: by their channels, else by their utterances; `None` where nobody knows who
/// is who.
pub(super) fn talk(voices: &Voices, speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>]) -> Option<[i64; 2]> {
    let of_role = |role: Role| match speech.filter(|speech| speech.channels.len() == 2) {
        Some(speech) => speech.talk_ms_of(role),
        None => union_ms(spoken.iter().filter(|one| one.voice.role == role).map(Spoken::span).collect::<Vec<Span>>()),
    };
    voices.known().then(|| [Role::Agent, Role::Customer].map(of_role))
}

/// What is known of a side besides its words.
pub(super) struct Side {
    /// Who.
    pub(super) role: Role,
    /// Time it talked, and both sides did, ms.
    pub(super) talk_ms: Option<(i64, i64)>,
    /// How loud and high.
    pub(super) level: SideLevel,
    /// How angry, 0 to 1.
    pub(super) anger: Option<f64>,
}

/// How a side spoke in a call of `call_ms`; its rate is in syllables by sound where there is no transcript.
pub(super) fn speaker(side: &Side, speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>], call_ms: i64) -> SpeakerFacts {
    let Side { role, talk_ms, level, anger } = *side;
    let own_words = spoken.iter().filter(|one| one.voice.role == role);
    let by_sound = || speech.filter(|_| spoken.is_empty()).and_then(|it| rates::of_sound(it, role, call_ms));
    SpeakerFacts {
        talk_ms: talk_ms.map(|(own, _)| own),
        talk_share: talk_ms.filter(|&(_, both)| both > 0).map(|(own, both)| thousandth(own as f64 / both as f64)),
        rate: rates::of_speaker(own_words, call_ms).or_else(by_sound),
        loudness_dbfs: level.usual_dbfs.map(tenth),
        loudness_range_db: level.range_db.map(tenth),
        pitch_hz: level.pitch_hz.map(tenth),
        pitch_low_hz: level.pitch_range_hz.map(|(low, _)| tenth(low)),
        pitch_high_hz: level.pitch_range_hz.map(|(_, high)| tenth(high)),
        anger: anger.map(thousandth),
    }
}
