//! Who is looked at: one side's utterances, all of them, or nobody can say whose.

use super::super::answer::{Answer, Blind};
use super::super::heard::Heard;
use super::super::place::no_roles;
use crate::finding::Reason;
use crate::units::Role;

/// Whether a speaker's utterances are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Is {
    /// They are.
    Wanted,
    /// They are somebody else's.
    Other,
    /// Nobody knows whose they are.
    Unknown,
}

/// Whether what `role` says is looked at by a condition for `speaker`.
pub(crate) fn is(speaker: Option<Role>, role: Role) -> Is {
    match speaker {
        None => Is::Wanted,
        Some(wanted) if wanted == role => Is::Wanted,
        Some(_) if role == Role::Unknown => Is::Unknown,
        Some(_) => Is::Other,
    }
}

/// The answer of a condition on utterances where there are none to look at: no transcript, or one in
/// which nobody knows the speaker. `None` where it can be answered.
pub(crate) fn unanswerable(heard: &Heard<'_>, speaker: Option<Role>) -> Option<Answer> {
    if !heard.facts.call.has_transcript {
        return Some(Answer::unknown(Reason::NoTranscript, "the call has no transcript"));
    }
    let role = speaker?;
    let turns = &heard.facts.turns;
    let is_lost = !turns.iter().any(|turn| turn.role == role) && turns.iter().any(|turn| turn.role == Role::Unknown);
    is_lost.then(|| Answer { hits: Vec::new(), blind: Blind::Everywhere(no_roles(role)) })
}
