//! Speech rates: how much was said over speech, over the utterances, over the call.

use super::round::tenth;
use super::speech::Speech;
use super::spoken::Spoken;
use super::turns::TURN_PAUSE_MS;
use crate::acoustics::syllables;
use crate::facts::RateFacts;
use crate::units::Role;

/// How rates are taken: from the transcript's text, first version.
const METHOD: &str = "text-1";

const MS_PER_MIN: f64 = 60_000.0;

/// The rate of one utterance; `None` where it takes no time, or may not have been said at all.
pub(super) fn of_turn(one: &Spoken<'_>) -> Option<RateFacts> {
    over(std::iter::once(one), None)
}

/// The rate of a speaker's utterances together in a call of `call_ms`; `None` where they take no time.
pub(super) fn of_speaker<'a>(own: impl Iterator<Item = &'a Spoken<'a>>, call_ms: i64) -> Option<RateFacts> {
    over(own, Some(call_ms))
}

/// The rate at which `role` speaks by the sound of its channel, in syllables; `None` where it has no channel of its own, or
/// does not speak.
pub(super) fn of_sound(speech: &Speech<'_>, role: Role, call_ms: i64) -> Option<RateFacts> {
    let channel = speech.sides()?.into_iter().find(|channel| channel.role == role)?;
    let own: Vec<_> = channel.own().collect();
    let count: f64 = own.iter().map(|stretch| f64::from(stretch.syllables)).sum();
    let talk_ms: i64 = own.iter().map(|stretch| stretch.span.length_ms()).sum();
    let pauses = own.windows(2).map(|pair| pair[1].span.start_ms - pair[0].span.end_ms);
    let turns_ms = talk_ms + pauses.filter(|&pause_ms| pause_ms < TURN_PAUSE_MS).sum::<i64>();
    let per_min = |ms: i64| (ms > 0).then(|| tenth(count * MS_PER_MIN / ms as f64));
    Some(RateFacts {
        articulation_per_min: per_min(talk_ms)?,
        turn_per_min: per_min(turns_ms)?,
        elapsed_per_min: per_min(call_ms),
        counts: "syllables".to_owned(),
        method: syllables::METHOD.to_owned(),
    })
}

fn over<'a>(own: impl Iterator<Item = &'a Spoken<'a>>, call_ms: Option<i64>) -> Option<RateFacts> {
    let mut units = None;
    let (mut count, mut speech_ms, mut turns_ms) = (0, 0, 0);
    for one in own.filter(|one| one.suspect.is_empty()) {
        units = Some(one.units);
        count += one.count;
        speech_ms += one.speech_ms;
        turns_ms += one.span().length_ms();
    }
    let per_min = |ms: i64| (ms > 0).then(|| tenth(count as f64 * MS_PER_MIN / ms as f64));
    Some(RateFacts {
        articulation_per_min: per_min(speech_ms)?,
        turn_per_min: per_min(turns_ms)?,
        elapsed_per_min: call_ms.and_then(per_min),
        counts: units?.name().to_owned(),
        method: METHOD.to_owned(),
    })
}
