//! `latency`: how long somebody takes to answer.

use super::super::answer::{Answer, Hit, seconds};
use super::super::heard::Heard;
use super::super::kleene::Why;
use super::super::model::{Answers, Latency};
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::facts::TurnFacts;
use crate::finding::Reason;
use crate::units::{Role, Span};

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &Latency) -> Answer {
    match look.over {
        Answers::First => first(heard, speakers, look),
        Answers::Each => each(heard, speakers, look),
        Answers::Mean => mean(heard, speakers, look),
    }
}

/// The wait for the first word: from the start of the call, or from the last word of a robot before it.
fn first(heard: &Heard<'_>, speakers: Speakers, look: &Latency) -> Answer {
    let facts = heard.facts;
    let robot = |span: Span| facts.turns.iter().any(|turn| turn.role == Role::Bot && turn.span.overlap_ms(span) > 0);
    // A robot in front of the agent speaks on his channel.
    let is_heard = |role| !speakers.is_anyone() && speakers.has(role);
    let stretches = facts.stretches.iter().filter(|stretch| is_heard(stretch.role) && !robot(stretch.span));
    let turns = facts.turns.iter().filter(|turn| speakers.has(turn.role));
    let sound = stretches.map(|stretch| (stretch.span, stretch.role)).min();
    let Some((span, role)) = sound.or_else(|| turns.map(|turn| (turn.span, turn.role)).min()) else {
        return unanswerable(heard, speakers).unwrap_or_default();
    };
    let robots = facts.turns.iter().filter(|turn| turn.role == Role::Bot && turn.span.end_ms <= span.start_ms);
    let waits_from_ms = robots.map(|turn| turn.span.end_ms).max().unwrap_or(0);
    let waited = Span::new(waits_from_ms, span.start_ms);
    let is_late = waited.length_ms() > look.above_ms;
    let hit = Hit { role: Some(role), span: Some(waited), ..measure(waited.length_ms() as f64, look) };
    Answer::of(if is_late { vec![hit] } else { Vec::new() }, 0, || no_roles(speakers))
}

fn each(heard: &Heard<'_>, speakers: Speakers, look: &Latency) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let (mut hits, mut spots) = (Vec::new(), 0);
    for (turn, gap_ms) in answers(heard, speakers).filter(|(_, gap_ms)| *gap_ms > look.above_ms) {
        match is(speakers, turn.role) {
            Is::Unknown => spots += 1,
            _ => hits.push(Heard::in_turn(measure(gap_ms as f64, look), turn)),
        }
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

fn mean(heard: &Heard<'_>, speakers: Speakers, look: &Latency) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let known = answers(heard, speakers).filter(|(turn, _)| speakers.has(turn.role));
    let gaps: Vec<i64> = known.map(|(_, gap_ms)| gap_ms).collect();
    if gaps.is_empty() {
        return Answer::default();
    }
    let mean_ms = gaps.iter().sum::<i64>() as f64 / gaps.len() as f64;
    let hit = Hit { role: speakers.roles().next(), ..measure(mean_ms, look) };
    let is_unsure = heard.facts.turns.iter().any(|turn| is(speakers, turn.role) == Is::Unknown);
    let why = || Why::new(Reason::NoRoles, "nobody knows whose some of the answers are");
    match mean_ms > look.above_ms as f64 {
        _ if is_unsure => Answer::of(Vec::new(), 1, why),
        true => Answer::of(vec![hit], 0, why),
        false => Answer::default(),
    }
}

/// Answers to somebody else that may be of `speakers`, and after how long; speaking over the other takes no time.
fn answers<'a>(heard: &Heard<'a>, speakers: Speakers) -> impl Iterator<Item = (&'a TurnFacts, i64)> {
    let pairs = heard.facts.turns.windows(2);
    pairs.filter_map(move |pair| {
        let [before, turn] = pair else { return None };
        let is_answer = before.role != turn.role && is(speakers, turn.role) != Is::Other;
        turn.gap_before_ms.filter(|_| is_answer).map(|gap_ms| (turn, gap_ms.max(0)))
    })
}

fn measure(ms: f64, look: &Latency) -> Hit {
    Hit::measure(Some((ms / 10.0).round() / 100.0), Some(seconds(look.above_ms)), Some("s"))
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Answers, Kind, Latency, LookFor, Rule, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, rule_of, said, stretch};
    use crate::facts::Facts;
    use crate::units::Role::{self, Agent, Bot, Customer, Unknown};

    fn slow(over: Answers, above_ms: i64) -> Rule {
        let kind = Kind::Latency(Latency { above_ms, over });
        rule_of(vec![LookFor { speakers: Speakers::one(Agent), ..look("it", kind) }], When::Name(0))
    }

    fn timed(lines: &[(i64, Role, &str)]) -> Facts {
        let mut facts = said(lines);
        for at in 1..facts.turns.len() {
            facts.turns[at].gap_before_ms = Some(facts.turns[at].span.start_ms - facts.turns[at - 1].span.end_ms);
        }
        facts
    }

    #[test]
    fn the_first_word_is_waited_for() {
        let late = timed(&[(4, Agent, "您好")]);
        let table = [
            ("late", late.clone(), 3_999, "1 findings"),
            ("in time", late, 4_000, "silent"),
            ("after a robot", timed(&[(0, Bot, "请稍等转人工"), (4, Agent, "您好")]), 3_000, "silent"),
            ("long after a robot", timed(&[(0, Bot, "请稍等转人工"), (9, Agent, "您好")]), 3_000, "1 findings"),
            ("never", timed(&[(1, Customer, "喂")]), 3_000, "silent"),
            ("nobody known", timed(&[(9, Unknown, "喂")]), 3_000, "no_roles"),
        ];
        for (name, facts, above_ms, expected) in table {
            assert_eq!(outcome(&slow(Answers::First, above_ms), &facts), expected, "{name}");
        }
        let mut heard = timed(&[(4, Agent, "您好")]);
        heard.stretches = vec![stretch(1, 500, Agent, -30.0)];
        assert_eq!(outcome(&slow(Answers::First, 3_000), &heard), "silent", "the sound knows better");
    }

    #[test]
    fn answers_are_timed() {
        // Each line lasts 1 s: the agent answers after 2 s and after 5 s.
        let facts =
            timed(&[(0, Customer, "喂"), (3, Agent, "在"), (5, Customer, "好"), (11, Agent, "是"), (20, Agent, "对")]);
        assert_eq!(outcome(&slow(Answers::Each, 4_999), &facts), "1 findings");
        assert_eq!(outcome(&slow(Answers::Each, 5_000), &facts), "silent");
        let finding = judge(&slow(Answers::Mean, 3_000), &facts).findings.remove(0);
        assert_eq!((finding.value, finding.threshold, finding.unit.as_deref()), (Some(3.5), Some(3.0), Some("s")));
        assert_eq!(outcome(&slow(Answers::Mean, 3_500), &facts), "silent");
        let unsure = timed(&[(0, Customer, "喂"), (9, Unknown, "在"), (11, Agent, "在")]);
        assert_eq!(outcome(&slow(Answers::Each, 3_000), &unsure), "no_roles");
        assert_eq!(outcome(&slow(Answers::Mean, 3_000), &unsure), "no_roles");
    }
}
