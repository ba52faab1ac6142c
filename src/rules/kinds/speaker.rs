//! Whose utterances a condition looks at.

use super::super::answer::{Answer, Blind};
use super::super::heard::Heard;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use crate::finding::Reason;
use crate::units::Role;

/// Whether a speaker's utterances are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    /// They are.
    Wanted,
    /// They are not.
    Other,
    /// Nobody knows.
    Unknown,
}

/// Whether what `role` says is looked at by a condition for `speakers`.
pub(crate) const fn is(speakers: Speakers, role: Role) -> Is {
    match role {
        _ if speakers.has(role) => Is::Wanted,
        Role::Unknown => Is::Unknown,
        _ => Is::Other,
    }
}

/// As [`is`] for a condition on how somebody speaks: a machine is nobody.
pub(crate) fn is_person(speakers: Speakers, role: Role) -> Is {
    if role == Role::Bot { Is::Other } else { is(speakers, role) }
}

/// What a condition on words answers where it cannot look at any: without a transcript, and without roles where it is for
/// somebody of whom nothing is heard while nobody knows who speaks. `None` where it can be answered.
pub(crate) fn unanswerable(heard: &Heard<'_>, speakers: Speakers) -> Option<Answer> {
    if !heard.facts.call.has_transcript {
        return Some(Answer::unknown(Reason::NoTranscript, "the call has no transcript"));
    }
    let turns = &heard.facts.turns;
    let is_lost =
        !turns.iter().any(|turn| speakers.has(turn.role)) && turns.iter().any(|turn| turn.role == Role::Unknown);
    is_lost.then(|| Answer { hits: Vec::new(), blind: Blind::Everywhere(no_roles(speakers)) })
}
