//! `history`: earlier calls of the same customer.

use super::super::answer::{Answer, Blind, Hit};
use super::super::kleene::{Truth, Why};
use super::super::model::History;
use crate::facts::{Facts, PriorCall};
use crate::finding::Reason;
use crate::recording::StartedAt;

pub(crate) fn find(facts: &Facts, look: &History) -> Answer {
    let Some(started_at) = facts.call.metadata.started_at else {
        return Answer::unknown(Reason::NoZone, "nobody says when the call started");
    };
    let (mut certain, mut unknown) = (0, 0);
    for prior in &facts.call.prior_calls {
        match is_meant(prior, look, started_at) {
            Truth::True => certain += 1,
            Truth::Unknown(_) => unknown += 1,
            Truth::False => {}
        }
    }
    let limit = look.at_least.or(look.at_most).map(f64::from);
    match held(look, certain, unknown) {
        Truth::True => {
            Answer { hits: vec![Hit::measure(Some(f64::from(certain)), limit, None)], blind: Blind::Nowhere }
        }
        Truth::False => Answer::default(),
        Truth::Unknown(why) => Answer { hits: Vec::new(), blind: Blind::Everywhere(why) },
    }
}

/// Whether the number of calls, of which some are unknown, is what it must be.
fn held(look: &History, certain: u32, unknown: u32) -> Truth {
    let why = || Truth::Unknown(Why::new(Reason::NoHistory, format!("of {unknown} earlier calls too little is known")));
    let at_least = match look.at_least {
        Some(least) if certain < least && certain + unknown >= least => why(),
        least => Truth::of(least.is_none_or(|least| certain >= least)),
    };
    let at_most = match look.at_most {
        Some(most) if certain <= most && certain + unknown > most => why(),
        most => Truth::of(most.is_none_or(|most| certain <= most)),
    };
    at_least.and(at_most)
}

/// Whether an earlier call is like what is looked for.
fn is_meant(prior: &PriorCall, look: &History, started_at: StartedAt) -> Truth {
    let then = StartedAt { timestamp_us: prior.started_at_us, ..started_at };
    let ago_ms = started_at.timestamp_us.saturating_sub(prior.started_at_us) / 1_000;
    let in_time = look.within_ms.is_none_or(|within_ms| ago_ms <= within_ms)
        && (!look.same_day || then.local_date() == started_at.local_date());
    let talk_ms = prior.talk_s.map(|talk_s| f64::from(talk_s) * 1_000.0);
    let parts = [
        Truth::of(in_time),
        known(look.direction.as_ref(), prior.direction.as_ref(), |wanted, is| wanted == is),
        known(look.answered, prior.answered, |wanted, is| wanted == is),
        known(look.talk_at_least_ms, talk_ms, |least_ms, talk_ms| talk_ms >= least_ms as f64),
    ];
    parts.into_iter().fold(Truth::True, Truth::and)
}

/// Whether what is known holds where something is wanted.
fn known<W, K>(wanted: Option<W>, known: Option<K>, holds: impl Fn(W, K) -> bool) -> Truth {
    match (wanted, known) {
        (None, _) => Truth::True,
        (Some(_), None) => Truth::Unknown(Why::new(Reason::NoHistory, "")),
        (Some(wanted), Some(known)) => Truth::of(holds(wanted, known)),
    }
}
