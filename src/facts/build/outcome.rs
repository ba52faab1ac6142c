//! What kind of conversation it was, and what looks wrong.

use super::speech::{Channel, Speech};
use super::spoken::{Spoken, union_ms};
use super::voices::Voices;
use super::{Observed, answering, machines, sides};
use crate::facts::{CallOutcome, Status};
use crate::units::Role;

/// Under this much talk a call is no conversation, ms.
const LEAST_TALK_MS: i64 = 10_000;

/// How much the other channel must say before a channel without speech counts as dead, ms.
const DEAD_BESIDE_MS: i64 = 5_000;

/// How the inspection went.
pub(super) fn status(observed: &Observed<'_>) -> Status {
    match (&observed.error, observed.sound.is_some() || observed.transcript.is_some()) {
        (_, false) => Status::Failed,
        (Some(_), true) => Status::Partial,
        (None, true) => Status::Ok,
    }
}

/// What kind of conversation was observed: with a machine where its words say so; too short under 10 s of talk, by sound where there is any; without customer where it
/// is known who is who and the customer never speaks.
pub(super) fn outcome(
    voices: &Voices,
    speech: Option<&Speech<'_>>,
    spoken: &[Spoken<'_>],
    direction: Option<&str>,
) -> CallOutcome {
    if let Some(machine) = answering::machine(spoken, direction) {
        return machine;
    }
    let by_words = || union_ms(spoken.iter().map(Spoken::span).collect());
    let talk_ms = speech.map_or_else(by_words, Speech::talk_ms);
    if talk_ms < LEAST_TALK_MS {
        CallOutcome::TooShort
    } else if voices.known() && !customer_speaks(speech, spoken) {
        CallOutcome::NoCustomer
    } else {
        CallOutcome::Conversation
    }
}

/// Whether the customer speaks, or may be one of those of whom nobody knows who they are.
fn customer_speaks(speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>]) -> bool {
    if let Some(speech) = speech.filter(|speech| speech.channels.len() == 2) {
        return speech.channels.iter().any(|it| it.role == Role::Customer && !it.stretches.is_empty());
    }
    spoken.iter().any(|one| matches!(one.voice.role, Role::Customer | Role::Unknown))
}

/// What looks wrong, sorted: `beeps` (short tones at even intervals), `dead_channel` (one of two is without speech beside 5 s of
/// the other's), `music` (many held notes), `ringback` (it rings at least twice), `same_channels` (both hold the same speech),
/// `sides_swapped` (the customer's side says what agents say), `silent` (no speech at all), `transcript_in_silence` (over half
/// of the utterances' time is without speech), `transcript_mended` (the transcript had oddities that were put right).
pub(super) fn sanity_flags(speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>], mended: bool) -> Vec<String> {
    let dead = |speech: &Speech<'_>| {
        speech.channels.len() == 2
            && speech.channels.iter().any(|channel| channel.stretches.is_empty())
            && speech.talk_ms() > DEAD_BESIDE_MS
    };
    [
        ("beeps", speech.is_some_and(machines::beeps)),
        ("dead_channel", speech.is_some_and(dead)),
        ("music", speech.is_some_and(machines::plays)),
        ("ringback", speech.is_some_and(machines::rings)),
        ("same_channels", speech.is_some_and(Speech::same_on_both)),
        ("sides_swapped", sides::look_swapped(spoken)),
        ("silent", speech.is_some_and(|speech| speech.talk_ms() == 0)),
        ("transcript_in_silence", speech.is_some_and(|speech| is_in_silence(speech, spoken))),
        ("transcript_mended", mended),
    ]
    .into_iter()
    .filter(|&(_, holds)| holds)
    .map(|(flag, _)| flag.to_owned())
    .collect()
}

fn is_in_silence(speech: &Speech<'_>, spoken: &[Spoken<'_>]) -> bool {
    let heard = |one: &Spoken<'_>, channel: &Channel<'_>| (one.span().length_ms(), channel.speech_ms(one.span()));
    let (said_ms, heard_ms) = spoken
        .iter()
        .filter_map(|one| Some(heard(one, speech.channel(one.voice.heard_on?)?)))
        .fold((0, 0), |(said, spoken), (length, speech)| (said + length, spoken + speech));
    heard_ms * 2 < said_ms
}
