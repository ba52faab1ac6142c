//! `talk_share` and `turns`: how much and how often somebody speaks.

use super::super::answer::{Answer, Blind, Hit, exact};
use super::super::heard::Heard;
use super::super::model::Range;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::unanswerable;
use crate::finding::Reason;
use crate::units::Role;
use std::collections::BTreeSet;

/// The share of both sides' talk, held against shares of 0 to 1.
pub(crate) fn talk_share(heard: &Heard<'_>, speakers: Speakers, look: &Range) -> Answer {
    let call = &heard.facts.call;
    let sides = [(Role::Agent, &call.agent), (Role::Customer, &call.customer)];
    let mut hits = Vec::new();
    for (role, side) in sides.into_iter().filter(|(role, _)| speakers.has(*role)) {
        let Some(share) = side.talk_share else {
            let reason = if call.sound.is_none() { Reason::NoAudio } else { Reason::NoRoles };
            return Answer::unknown(reason, "how long each side spoke is not known");
        };
        let hit = breach(look, exact(share)).map(|(value, threshold)| Hit {
            role: Some(role),
            ..Hit::measure(Some(percent(value)), Some(percent(threshold)), Some("%"))
        });
        hits.extend(hit);
    }
    Answer { hits, blind: Blind::Nowhere }
}

/// The number of turns: all that one speaker says until another does or he pauses.
pub(crate) fn turns(heard: &Heard<'_>, speakers: Speakers, look: &Range) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let of = |is_meant: &dyn Fn(Role) -> bool| {
        let turns = heard.facts.turns.iter().filter(|turn| is_meant(turn.role));
        turns.map(|turn| turn.turn_group).collect::<BTreeSet<i32>>().len() as f64
    };
    let (certain, unknown) = (of(&|role| speakers.has(role)), of(&|role| !speakers.has(role) && role == Role::Unknown));
    match (breach(look, certain), breach(look, certain + unknown)) {
        (Some((value, threshold)), Some(_)) => {
            let role = speakers.roles().next();
            Answer {
                hits: vec![Hit { role, ..Hit::measure(Some(value), Some(threshold), None) }],
                blind: Blind::Nowhere,
            }
        }
        (None, None) => Answer::default(),
        _ => Answer { hits: Vec::new(), blind: Blind::Everywhere(no_roles(speakers)) },
    }
}

/// The value and the bound that it is beyond, if it is beyond all that are given.
fn breach(look: &Range, value: f64) -> Option<(f64, f64)> {
    let is_above = look.above.is_none_or(|above| value > above);
    let is_below = look.below.is_none_or(|below| value < below);
    look.above.or(look.below).filter(|_| is_above && is_below).map(|bound| (value, bound))
}

fn percent(share: f64) -> f64 {
    (share * 1_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, LookFor, Range, Rule, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{call, judge, look, outcome, rule_of, said};
    use crate::units::Role::{self, Agent, Customer, Unknown};

    fn by(role: Role, kind: Kind) -> Rule {
        rule_of(vec![LookFor { speakers: Speakers::one(role), ..look("it", kind) }], When::Name(0))
    }

    fn above(above: f64) -> Range {
        Range { above: Some(above), below: None }
    }

    #[test]
    fn a_share_of_the_talk_is_held_against_bounds() {
        let mut facts = call();
        (facts.call.agent.talk_share, facts.call.customer.talk_share) = (Some(0.8), Some(0.2));
        let below = Range { above: None, below: Some(0.25) };
        let between = Range { above: Some(0.5), below: Some(0.75) };
        let table = [
            ("over", Agent, above(0.75), "1 findings"),
            ("at the bound", Agent, above(0.8), "silent"),
            ("the other", Customer, above(0.75), "silent"),
            ("under", Customer, below, "1 findings"),
            ("not between", Agent, between, "silent"),
        ];
        for (name, role, range, expected) in table {
            assert_eq!(outcome(&by(role, Kind::TalkShare(range)), &facts), expected, "{name}");
        }
        let finding = judge(&by(Agent, Kind::TalkShare(above(0.75))), &facts).findings.remove(0);
        assert_eq!((finding.value, finding.threshold, finding.unit.as_deref()), (Some(80.0), Some(75.0), Some("%")));
        facts.call.agent.talk_share = None;
        assert_eq!(outcome(&by(Agent, Kind::TalkShare(above(0.75))), &facts), "no_roles");
        facts.call.sound = None;
        assert_eq!(outcome(&by(Agent, Kind::TalkShare(above(0.75))), &facts), "no_audio");
    }

    #[test]
    fn turns_are_counted() {
        let facts = said(&[(0, Agent, "您好"), (1, Agent, "在吗"), (9, Customer, "在"), (12, Agent, "好")]);
        let table = [
            ("more", Agent, above(1.0), "1 findings"),
            ("as many", Agent, above(2.0), "silent"),
            ("fewer", Customer, Range { above: None, below: Some(2.0) }, "1 findings"),
        ];
        for (name, role, range, expected) in table {
            assert_eq!(outcome(&by(role, Kind::Turns(range)), &facts), expected, "{name}");
        }
        let unsure = said(&[(0, Agent, "您好"), (9, Unknown, "在"), (19, Unknown, "好")]);
        assert_eq!(outcome(&by(Agent, Kind::Turns(above(1.0))), &unsure), "no_roles", "one for certain, three at most");
        assert_eq!(outcome(&by(Agent, Kind::Turns(above(3.0))), &unsure), "silent");
    }
}
