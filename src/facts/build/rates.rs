//! Speech rates: how much was said over speech, over the utterances, over the call.

use super::round::tenth;
use super::spoken::Spoken;
use crate::facts::RateFacts;

/// How rates are taken: from the transcript's text, first version.
const METHOD: &str = "text-1";

const MS_PER_MIN: f64 = 60_000.0;

/// The rate of one utterance; `None` where it takes no time.
pub(super) fn of_turn(one: &Spoken<'_>) -> Option<RateFacts> {
    over(std::iter::once(one), None)
}

/// The rate of a speaker's utterances together in a call of `call_ms`; `None` where they take no time.
pub(super) fn of_speaker<'a>(own: impl Iterator<Item = &'a Spoken<'a>>, call_ms: i64) -> Option<RateFacts> {
    over(own, Some(call_ms))
}

fn over<'a>(own: impl Iterator<Item = &'a Spoken<'a>>, call_ms: Option<i64>) -> Option<RateFacts> {
    let mut units = None;
    let (mut count, mut speech_ms, mut turns_ms) = (0, 0, 0);
    for one in own {
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
