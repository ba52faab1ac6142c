//! Utterances as they are kept.

use super::levels::{Levels, TurnLevel};
use super::round::{tenth, thousandth};
use super::speech::Speech;
use super::spoken::Spoken;
use super::{count, emotion, rates};
use crate::entities::mask_text;
use crate::facts::{TurnFacts, TurnWord};
use crate::transcript::Word;

/// From this pause on, the same speaker's next utterance is another turn, ms.
const TURN_PAUSE_MS: i64 = 2_000;

/// Returns the utterances, by `turn`, with their masked `texts`.
pub(super) fn turns(
    spoken: &[Spoken<'_>],
    levels: &Levels,
    texts: &[String],
    speech: Option<&Speech<'_>>,
    language: Option<&str>,
) -> Vec<TurnFacts> {
    let groups = groups(spoken);
    let mut turns = Vec::with_capacity(spoken.len());
    for (index, one) in spoken.iter().enumerate() {
        let mut turn = turn(one, levels.turns[index], speech, language);
        turn.turn = index as i32;
        turn.turn_group = groups[index];
        turn.text.clone_from(&texts[index]);
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
        let goes_on = index
            .checked_sub(1)
            .is_some_and(|before| spoken[before].voice == one.voice && one.span().start_ms - end_ms < TURN_PAUSE_MS);
        if index > 0 && !goes_on {
            group += 1;
        }
        end_ms = if goes_on { end_ms.max(one.span().end_ms) } else { one.span().end_ms };
        groups.push(group);
    }
    groups
}

/// An utterance by itself; its place among the others and its text are filled in by [`turns`].
fn turn(one: &Spoken<'_>, level: TurnLevel, speech: Option<&Speech<'_>>, language: Option<&str>) -> TurnFacts {
    let utterance = one.utterance;
    TurnFacts {
        turn: 0,
        turn_group: 0,
        role: one.voice.role,
        channel: one.voice.channel.map(i32::from),
        span: one.span(),
        text: String::new(),
        words: utterance.words.iter().map(word).collect(),
        language: language.map(str::to_owned),
        chars: count::chars(&utterance.text) as i32,
        words_n: if one.units == count::Units::Words { one.count as i32 } else { 0 },
        syllables: None,
        rate: rates::of_turn(one),
        loudness_dbfs: level.loudness_dbfs.map(tenth),
        loudness_over_usual_db: level.over_usual_db.map(tenth),
        pitch_hz: level.pitch_hz.map(tenth),
        anger_acoustic: None,
        anger_features: Vec::new(),
        anger_engine: emotion::anger(utterance).map(|score| thousandth(f64::from(score))),
        engine_emotion: utterance.emotion.as_deref().map(tag),
        engine_event: utterance.event.as_deref().map(tag),
        confidence: utterance.confidence.map(|confidence| thousandth(f64::from(confidence))),
        overlap_ms: overlap_ms(one, speech),
        gap_before_ms: None,
    }
}

/// Time the other side speaks over an utterance, ms.
fn overlap_ms(one: &Spoken<'_>, speech: Option<&Speech<'_>>) -> Option<i64> {
    let [left, right] = speech?.sides()?;
    let other = if one.voice.heard_on? == 0 { right } else { left };
    Some(other.speech_ms(one.span()))
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
        estimated: false,
    }
}
