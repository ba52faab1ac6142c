//! `speech_rate`: too fast, too slow, by the articulation rate.

use super::super::answer::{Answer, Hit, exact};
use super::super::heard::Heard;
use super::super::kleene::Why;
use super::super::model::{RateThreshold, SpeechRate};
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is_person, unanswerable};
use crate::facts::{RateFacts, SpeakerFacts, TurnFacts};
use crate::finding::Reason;
use crate::units::Role;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, rate: &SpeechRate) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    if rate.over_call { over_call(heard, speakers, rate) } else { over_turns(heard, speakers, rate) }
}

fn over_turns(heard: &Heard<'_>, speakers: Speakers, rate: &SpeechRate) -> Answer {
    let (mut hits, mut untimed, mut unknown) = (Vec::new(), 0, 0);
    let counts = |turn: &&TurnFacts| turn.chars >= rate.min_chars_count && turn.span.length_ms() >= rate.min_length_ms;
    for turn in said(heard).filter(counts) {
        let whose = is_person(speakers, turn.role);
        if whose == Is::Other {
            continue;
        }
        match (&turn.rate, whose) {
            (None, _) => untimed += 1,
            (Some(measured), _) => match (breach(rate, measured), whose) {
                (Some(hit), Is::Wanted) => hits.push(Heard::in_turn(hit, turn)),
                (Some(_), _) => unknown += 1,
                (None, _) => {}
            },
        }
    }
    Answer::of(hits, untimed + unknown, || if untimed == 0 { no_roles(speakers) } else { no_times() })
}

fn over_call(heard: &Heard<'_>, speakers: Speakers, rate: &SpeechRate) -> Answer {
    let call = &heard.facts.call;
    let sides = [(Role::Agent, &call.agent), (Role::Customer, &call.customer)];
    let (mut hits, mut untimed) = (Vec::new(), 0);
    for (role, side) in sides.into_iter().filter(|(role, _)| speakers.has(*role)) {
        if !says_enough(heard, role, side, rate) {
            continue;
        }
        match &side.rate {
            Some(measured) => hits.extend(breach(rate, measured).map(|hit| Hit { role: Some(role), ..hit })),
            None => untimed += 1,
        }
    }
    Answer::of(hits, untimed, no_times)
}

/// What was said, without what may not have been said at all.
fn said<'a>(heard: &Heard<'a>) -> impl Iterator<Item = &'a TurnFacts> {
    heard.facts.turns.iter().filter(|turn| turn.suspect.is_empty())
}

fn says_enough(heard: &Heard<'_>, role: Role, side: &SpeakerFacts, rate: &SpeechRate) -> bool {
    let turns = || said(heard).filter(|turn| turn.role == role);
    let said_ms = side.talk_ms.unwrap_or_else(|| turns().map(|turn| turn.span.length_ms()).sum());
    let chars: i64 = turns().map(|turn| i64::from(turn.chars)).sum();
    said_ms >= rate.min_length_ms && chars >= i64::from(rate.min_chars_count)
}

/// The threshold that a measured rate breaks, if it does.
fn breach(rate: &SpeechRate, measured: &RateFacts) -> Option<Hit> {
    let words = measured.counts == "words";
    let limit = |threshold: Option<RateThreshold>| {
        threshold.and_then(|limit| if words { limit.words_per_min } else { limit.chars_per_min })
    };
    let value = exact(measured.articulation_per_min);
    let above = limit(rate.above).filter(|limit| value > *limit);
    let broken = above.or_else(|| limit(rate.below).filter(|limit| value < *limit))?;
    Some(Hit::measure(Some(value), Some(broken), Some(if words { "words/min" } else { "chars/min" })))
}

fn no_times() -> Why {
    Why::new(Reason::NoTimes, "how long the speech lasted is not known")
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, LookFor, RateThreshold, SpeechRate, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, rate, rule_of, said};
    use crate::facts::Facts;
    use crate::units::Role::{self, Agent, Customer};

    fn above(chars_per_min: Option<f64>, words_per_min: Option<f64>, over_call: bool) -> LookFor {
        let above = Some(RateThreshold { chars_per_min, words_per_min });
        let kind = SpeechRate { above, below: None, over_call, min_chars_count: 4, min_length_ms: 1_000 };
        LookFor { speakers: Speakers::one(Agent), ..look("fast", Kind::SpeechRate(kind)) }
    }

    fn spoken(turns: &[(Role, &str, Option<f32>)], counts: &str) -> Facts {
        let lines: Vec<(i64, Role, &str)> =
            turns.iter().enumerate().map(|(at, (role, text, _))| (at as i64 * 20, *role, *text)).collect();
        let mut facts = said(&lines);
        for (turn, (_, _, measured)) in facts.turns.iter_mut().zip(turns) {
            turn.rate = measured.map(|measured| rate(measured, counts));
        }
        facts
    }

    #[test]
    fn rates_are_held_against_what_the_language_counts() {
        let text = "一二三四五";
        let fast = || above(Some(380.0), None, false);
        let table: Vec<(&str, LookFor, Facts, &str)> = vec![
            ("over", fast(), spoken(&[(Agent, text, Some(380.1))], "chars"), "1 findings"),
            ("at the limit", fast(), spoken(&[(Agent, text, Some(380.0))], "chars"), "silent"),
            (
                "the customer",
                fast(),
                spoken(&[(Customer, text, Some(500.0)), (Agent, text, Some(200.0))], "chars"),
                "silent",
            ),
            ("too few characters", fast(), spoken(&[(Agent, "一二三", Some(500.0))], "chars"), "silent"),
            ("not timed", fast(), spoken(&[(Agent, text, Some(200.0)), (Agent, text, None)], "chars"), "no_times"),
            (
                "found, though some is not timed",
                fast(),
                spoken(&[(Agent, text, Some(500.0)), (Agent, text, None)], "chars"),
                "1 findings",
            ),
            ("counted in words", fast(), spoken(&[(Agent, text, Some(500.0))], "words"), "not applicable"),
            (
                "both thresholds",
                above(Some(900.0), Some(240.0), false),
                spoken(&[(Agent, text, Some(250.0))], "words"),
                "1 findings",
            ),
            (
                "a machine, whoever is meant",
                LookFor { speakers: Speakers::ANYONE, ..fast() },
                spoken(&[(Role::Bot, text, Some(500.0)), (Role::Bot, text, None), (Agent, text, Some(100.0))], "chars"),
                "silent",
            ),
            ("nobody known", fast(), spoken(&[(Role::Unknown, text, Some(500.0))], "chars"), "no_roles"),
            (
                "perhaps the agent",
                fast(),
                spoken(&[(Role::Unknown, text, Some(500.0)), (Agent, text, Some(100.0))], "chars"),
                "no_roles",
            ),
        ];
        for (name, look, facts, expected) in table {
            assert_eq!(outcome(&rule_of(vec![look], When::Name(0)), &facts), expected, "{name}");
        }
    }

    #[test]
    fn a_slow_turn_and_a_fast_call_are_found() {
        let text = "一二三四五";
        let mut slow = above(None, None, false);
        let below = Some(RateThreshold { chars_per_min: Some(100.0), words_per_min: None });
        let kind = SpeechRate { above: None, below, over_call: false, min_chars_count: 0, min_length_ms: 0 };
        slow.kind = Kind::SpeechRate(kind);
        let rule = rule_of(vec![slow], When::Name(0));
        let finding = judge(&rule, &spoken(&[(Agent, text, Some(99.9))], "chars")).findings.remove(0);
        assert_eq!(
            (finding.value, finding.threshold, finding.unit.as_deref()),
            (Some(99.9), Some(100.0), Some("chars/min"))
        );
        assert_eq!((finding.turn, finding.quote.as_str(), finding.char_end), (Some(0), text, Some(5)));

        let rule = rule_of(vec![above(Some(380.0), None, true)], When::Name(0));
        let mut facts = spoken(&[(Agent, text, None)], "chars");
        assert_eq!(outcome(&rule, &facts), "no_times");
        facts.call.agent.rate = Some(rate(400.0, "chars"));
        let finding = judge(&rule, &facts).findings.remove(0);
        assert_eq!((finding.value, finding.role, finding.start_ms), (Some(400.0), Some(Agent), None));
    }

    #[test]
    fn what_may_not_have_been_said_is_not_judged() {
        let text = "一二三四五";
        let suspect = |mut facts: Facts, at: usize| {
            facts.turns[at].suspect = vec!["loop".into()];
            facts
        };
        let turns = rule_of(vec![above(Some(380.0), None, false)], When::Name(0));
        let untimed = || spoken(&[(Agent, text, Some(200.0)), (Agent, text, None)], "chars");
        assert_eq!(outcome(&turns, &untimed()), "no_times");
        assert_eq!(outcome(&turns, &suspect(untimed(), 1)), "silent");
        let call = rule_of(vec![above(Some(380.0), None, true)], When::Name(0));
        let fast = || {
            let mut facts = spoken(&[(Agent, "一二三", None), (Agent, text, None)], "chars");
            facts.call.agent.rate = Some(rate(400.0, "chars"));
            facts
        };
        assert_eq!(outcome(&call, &fast()), "1 findings");
        assert_eq!(outcome(&call, &suspect(fast(), 1)), "silent", "three characters are too few");
    }

    #[test]
    fn without_a_transcript_nothing_is_known() {
        let mut facts = said(&[]);
        facts.call.has_transcript = false;
        assert_eq!(outcome(&rule_of(vec![above(Some(380.0), None, false)], When::Name(0)), &facts), "no_transcript");
    }
}
