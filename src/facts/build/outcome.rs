//! What kind of conversation it was, and what looks wrong.

use super::legs::Legs;
use super::speech::{Channel, Speech};
use super::spoken::{Spoken, union_ms};
use super::voices::Voices;
use super::{Observed, answering, machines, sides};
use crate::facts::{CallOutcome, Status};
use crate::recording::Party;
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

/// What kind of conversation was observed: with a machine where the legs or its words say so; too short under 10 s of talk, by sound
/// where there is any; without customer where it is known who is who and the customer never speaks.
pub(super) fn outcome(
    voices: &Voices,
    legs: &Legs,
    speech: Option<&Speech<'_>>,
    spoken: &[Spoken<'_>],
    direction: Option<&str>,
) -> CallOutcome {
    if let Some(machine) = answered(legs, speech, spoken, direction) {
        return machine;
    }
    let talk_ms = talk_ms(speech, spoken);
    if talk_ms < LEAST_TALK_MS {
        CallOutcome::TooShort
    } else if voices.known() && !customer_speaks(speech, spoken) {
        CallOutcome::NoCustomer
    } else {
        CallOutcome::Conversation
    }
}

/// The machine that answered: by the legs, where they say who is on the customer's side, else by its words.
fn answered(
    legs: &Legs,
    speech: Option<&Speech<'_>>,
    spoken: &[Spoken<'_>],
    direction: Option<&str>,
) -> Option<CallOutcome> {
    if legs.tell_the_other_side() {
        let parties = on_the_other_side(speech, spoken);
        let are_machines = parties.iter().all(|party| party.is_some_and(Party::is_machine));
        return parties.into_iter().flatten().next().filter(|_| are_machines).map(outcome_of);
    }
    answering::machine(spoken, direction)
}

/// Who or what is in each thing said on the customer's side.
fn on_the_other_side(speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>]) -> Vec<Option<Party>> {
    match speech.and_then(|speech| speech.channels.iter().find(|channel| channel.role == Role::Customer)) {
        Some(channel) => channel.parties.clone(),
        None => spoken.iter().filter(|one| one.voice.side == Role::Customer).map(Spoken::party).collect(),
    }
}

const fn outcome_of(machine: Party) -> CallOutcome {
    match machine {
        Party::Voicemail => CallOutcome::Voicemail,
        Party::Assistant | Party::Robot => CallOutcome::Assistant,
        _ => CallOutcome::Announcement,
    }
}

/// Time of talk, ms. A robot's is talk; menus, announcements and machines that answer are none.
fn talk_ms(speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>]) -> i64 {
    let is_talk = |party: Option<Party>| party.is_none_or(|party| !party.is_machine() || party == Party::Robot);
    let Some(speech) = speech else {
        let said = spoken.iter().filter(|one| is_talk(one.party()));
        return union_ms(said.map(Spoken::span).collect());
    };
    let stretches = speech.channels.iter().flat_map(|channel| channel.stretches.iter().zip(&channel.parties));
    stretches.filter(|&(_, party)| is_talk(*party)).map(|(stretch, _)| stretch.span.length_ms()).sum()
}

/// Whether the customer speaks, or may be one of those of whom nobody knows who they are.
fn customer_speaks(speech: Option<&Speech<'_>>, spoken: &[Spoken<'_>]) -> bool {
    if let Some(speech) = speech.filter(|speech| speech.channels.len() == 2) {
        return speech.talk_ms_of(Role::Customer) > 0;
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
