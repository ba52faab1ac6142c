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
        known(Some(&look.callee_roles).filter(|roles| !roles.is_empty()), prior.callee_role.as_ref(), |roles, role| {
            roles.contains(role)
        }),
        known(look.same_number, prior.same_number, |wanted, is| wanted == is),
        // Nobody says of most calls that nothing was asked.
        Truth::of(look.stop_requested.is_none_or(|wanted| wanted == prior.stop_requested.unwrap_or(false))),
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

#[cfg(test)]
mod tests {
    use super::super::super::model::{History, Kind};
    use super::super::super::testing::{call, judge, outcome, rule, strings};
    use crate::facts::{Facts, PriorCall};
    use crate::recording::StartedAt;

    const HOUR_US: i64 = 3_600_000_000;
    /// 2026-11-20T02:00:00+08:00: two hours into the local day.
    const NOW_US: i64 = ((20_776 * 24) + 18) * HOUR_US;

    /// A call before which these were, so many hours ago.
    fn after(earlier: &[(i64, PriorCall)]) -> Facts {
        let mut facts = call();
        facts.call.metadata.customer_id = Some("c".into());
        facts.call.metadata.started_at = Some(StartedAt { timestamp_us: NOW_US, utc_offset_min: 480 });
        let prior =
            |(hours, prior): &(i64, PriorCall)| PriorCall { started_at_us: NOW_US - hours * HOUR_US, ..prior.clone() };
        facts.call.prior_calls = earlier.iter().map(prior).collect();
        facts
    }

    fn talked(talk_s: f32) -> PriorCall {
        PriorCall {
            answered: Some(true),
            talk_s: Some(talk_s),
            direction: Some("outbound".into()),
            ..PriorCall::default()
        }
    }

    #[test]
    fn earlier_calls_are_counted() {
        let two = after(&[(1, talked(30.0)), (3, talked(9.0)), (30, PriorCall::default())]);
        let with = |change: fn(&mut History)| {
            let mut history = History { at_least: Some(2), ..History::default() };
            change(&mut history);
            rule(Kind::History(history))
        };
        let own = PriorCall { callee_role: Some("debtor".into()), answered: Some(false), ..PriorCall::default() };
        let stopped = PriorCall { stop_requested: Some(true), same_number: Some(true), ..talked(20.0) };
        let table: [(&str, _, &Facts, &str); 14] = [
            ("any", with(|_| {}), &two, "1 findings"),
            ("four", with(|it| it.at_least = Some(4)), &two, "silent"),
            ("in time", with(|it| it.within_ms = Some(2 * 3_600_000)), &two, "silent"),
            ("at the end of the time", with(|it| it.within_ms = Some(3 * 3_600_000)), &two, "1 findings"),
            ("on the same day", with(|it| it.same_day = true), &two, "silent"),
            ("answered, of which one is not known", with(|it| it.answered = Some(true)), &two, "1 findings"),
            (
                "three answered at most",
                with(|it| (it.answered, it.at_least) = (Some(true), Some(3))),
                &two,
                "no_history",
            ),
            (
                "with enough talk",
                with(|it| (it.talk_at_least_ms, it.at_least) = (Some(10_000), Some(3))),
                &two,
                "silent",
            ),
            ("outbound", with(|it| it.direction = Some("inbound".into())), &two, "silent"),
            ("at most", with(|it| (it.at_least, it.at_most) = (None, Some(3))), &two, "1 findings"),
            ("more than at most", with(|it| (it.at_least, it.at_most) = (None, Some(2))), &two, "silent"),
            (
                "to the debtor",
                with(|it| (it.callee_roles, it.at_least) = (strings(&["debtor"]), Some(1))),
                &after(&[(1, own)]),
                "1 findings",
            ),
            (
                "asked to stop",
                with(|it| (it.stop_requested, it.at_least) = (Some(true), Some(1))),
                &after(&[(1, stopped.clone())]),
                "1 findings",
            ),
            (
                "to another number",
                with(|it| (it.same_number, it.at_least) = (Some(false), Some(1))),
                &after(&[(1, stopped)]),
                "silent",
            ),
        ];
        for (name, rule, facts, expected) in table {
            assert_eq!(outcome(&rule, facts), expected, "{name}");
        }
        let finding = judge(&with(|_| {}), &two).findings.remove(0);
        assert_eq!((finding.value, finding.threshold, finding.start_ms), (Some(3.0), Some(2.0), None));
        let mut nobody = two;
        nobody.call.metadata.customer_id = None;
        assert_eq!(outcome(&with(|_| {}), &nobody), "not applicable");
    }
}
