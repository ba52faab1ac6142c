//! Utterances as they are kept.

use super::anger::{self, Angers, TurnAnger};
use super::levels::{Levels, TurnLevel};
use super::round::{tenth, thousandth};
use super::speech::Speech;
use super::spoken::Spoken;
use super::{count, emotion, language, masking, rates};
use crate::acoustics::Stretch;
use crate::entities::mask_text;
use crate::facts::{TurnFacts, TurnWord};
use crate::transcript::Word;
use crate::units::Role;

/// From this pause on, the same speaker's next utterance is another turn, ms.
pub(super) const TURN_PAUSE_MS: i64 = 2_000;

/// What is known of the utterances, an entry each.
pub(super) struct Said<'a> {
    /// The sound.
    pub(super) speech: Option<&'a Speech<'a>>,
    /// How loud and high they are.
    pub(super) levels: &'a Levels,
    /// How angry they sound.
    pub(super) angers: &'a Angers,
    /// Their words, masked.
    pub(super) texts: &'a [String],
    /// Columns of the manifest whose values pass unmasked.
    pub(super) keep: &'a [String],
}

/// Returns the utterances, by `turn`, without the emotion of roles in `emotion_off`.
pub(super) fn turns(
    spoken: &[Spoken<'_>],
    said: &Said<'_>,
    language: Option<&str>,
    emotion_off: &[Role],
) -> Vec<TurnFacts> {
    let groups = groups(spoken);
    let mut turns = Vec::with_capacity(spoken.len());
    for (index, one) in spoken.iter().enumerate() {
        let mut turn = turn(one, said.levels.turns[index], said.speech, language);
        add_emotion(&mut turn, one, &said.angers.turns[index], emotion_off);
        turn.agent_id = one.agent_id().map(|id| masking::text("agent_id", id, said.keep));
        turn.turn = index as i32;
        turn.turn_group = groups[index];
        turn.text.clone_from(&said.texts[index]);
        turn.gap_before_ms = index.checked_sub(1).map(|before| one.span().start_ms - spoken[before].span().end_ms);
        turns.push(turn);
    }
    turns
}

/// Which turn in the sense of rules each utterance belongs to: a run of one speaker's with pauses under 2 s.
fn groups(spoken: &[Spoken<'_>]) -> Vec<i32> {
    let mut groups = Vec::with_capacity(spoken.len());
    let mut group = 0;
    let mut end_ms = 0;
    for (index, one) in spoken.iter().enumerate() {
        let is_same = |before: &Spoken<'_>| before.voice == one.voice && before.agent_id() == one.agent_id();
        let goes_on = index
            .checked_sub(1)
            .is_some_and(|before| is_same(&spoken[before]) && one.span().start_ms - end_ms < TURN_PAUSE_MS);
        if index > 0 && !goes_on {
            group += 1;
        }
        end_ms = if goes_on { end_ms.max(one.span().end_ms) } else { one.span().end_ms };
        groups.push(group);
    }
    groups
}

/// Adds how angry an utterance sounds, and what its engine says of its emotion, unless its speaker's is switched off.
fn add_emotion(turn: &mut TurnFacts, one: &Spoken<'_>, anger: &TurnAnger, emotion_off: &[Role]) {
    if !anger::is_told(one.voice.role, one.voice.side, emotion_off) {
        return;
    }
    turn.anger_acoustic = anger.probability.map(thousandth);
    turn.anger_over_usual = anger.over_usual.map(thousandth);
    turn.anger_features.clone_from(&anger.features);
    turn.anger_engine = emotion::anger(one.utterance).map(|score| thousandth(f64::from(score)));
    turn.engine_emotion = one.utterance.emotion.as_deref().map(tag);
}

/// An utterance by itself; its place among the others, its text and its emotion are filled in by [`turns`].
fn turn(one: &Spoken<'_>, level: TurnLevel, speech: Option<&Speech<'_>>, language: Option<&str>) -> TurnFacts {
    let utterance = one.utterance;
    TurnFacts {
        turn: 0,
        turn_group: 0,
        role: one.voice.role,
        agent_id: None,
        channel: one.voice.channel.map(i32::from),
        span: one.span(),
        times_estimated: utterance.times_estimated,
        suspect: one.suspect.iter().map(|&flag| flag.to_owned()).collect(),
        text: String::new(),
        words: utterance.words.iter().map(word).collect(),
        language: language::of_turn(&utterance.text, language),
        chars: count::chars(&utterance.text) as i32,
        words_n: if one.units == count::Units::Words { one.count as i32 } else { 0 },
        syllables: syllables(one, speech),
        rate: rates::of_turn(one),
        loudness_dbfs: level.loudness_dbfs.map(tenth),
        loudness_over_usual_db: level.over_usual_db.map(tenth),
        pitch_hz: level.pitch_hz.map(tenth),
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: Vec::new(),
        anger_engine: None,
        engine_emotion: None,
        engine_event: utterance.event.as_deref().map(tag),
        confidence: utterance.confidence.map(|confidence| thousandth(f64::from(confidence))),
        vendor_measures: utterance.vendor_measures.as_deref().map(masking::json),
        overlap_ms: overlap_ms(one, speech),
        gap_before_ms: None,
    }
}

/// Syllables of the stretches within an utterance, of each as many as its part in it.
fn syllables(one: &Spoken<'_>, speech: Option<&Speech<'_>>) -> Option<i32> {
    let channel = speech?.channel(one.voice.heard_on?)?;
    let share =
        |(stretch, ms): (&Stretch, i64)| f64::from(stretch.syllables) * ms as f64 / stretch.span.length_ms() as f64;
    Some(channel.within(one.span()).map(share).sum::<f64>().round() as i32)
}

/// Time the one of the other side speaks over an utterance, ms.
fn overlap_ms(one: &Spoken<'_>, speech: Option<&Speech<'_>>) -> Option<i64> {
    let [left, right] = speech?.sides()?;
    let other = if one.voice.heard_on? == 0 { right } else { left };
    Some(other.own_ms(one.span()))
}

fn tag(raw: &str) -> String {
    mask_text(&emotion::tag(raw))
}

fn word(word: &Word) -> TurnWord {
    TurnWord {
        char_start: word.chars.start as i32,
        char_end: word.chars.end as i32,
        start_ms: word.span.start_ms,
        end_ms: word.span.end_ms,
        estimated: word.estimated,
    }
}
