//! `emotion`: anger, by the engine's tag or by the sound.

use super::super::answer::{Answer, Hit, exact};
use super::super::heard::Heard;
use super::super::kleene::Why;
use super::super::model::Emotion;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is_person, unanswerable};
use crate::facts::TurnFacts;
use crate::finding::Reason;

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &Emotion) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let off = &heard.facts.call.emotion_off;
    if let Some(role) = speakers.roles().find(|role| off.contains(role)) {
        return Answer::unknown(Reason::EmotionOff, format!("emotion is switched off for the {}", role.name()));
    }
    let turns = || heard.facts.turns.iter().filter(|turn| is_person(speakers, turn.role) != Is::Other);
    let scored: Vec<(&TurnFacts, f64)> = turns().filter_map(|turn| Some((turn, score(turn, look)?))).collect();
    let not_scored = turns().count() - scored.len();
    let speaks = speakers.is_anyone() || heard.facts.turns.iter().any(|turn| speakers.has(turn.role));
    if scored.is_empty() && speaks {
        let reason = if off.is_empty() { Reason::NoEmotion } else { Reason::EmotionOff };
        return Answer::unknown(reason, "no source of emotion scored what was said");
    }
    let angry = scored.into_iter().filter(|(_, score)| *score > look.score_above);
    let (hits, others): (Vec<_>, Vec<_>) = angry.partition(|(turn, _)| is_person(speakers, turn.role) == Is::Wanted);
    let hit = |(turn, score): (&TurnFacts, f64)| {
        Heard::in_turn(Hit::measure(Some(score), Some(look.score_above), None), turn)
    };
    Answer::of(hits.into_iter().map(hit).collect(), others.len() + not_scored, || match not_scored {
        0 => no_roles(speakers),
        count => Why::new(Reason::NoEmotion, format!("no source of emotion scored {count} of the utterances")),
    })
}

/// The highest score of the sources that count; the sound's is 0 where it is no more than usual for the speaker.
fn score(turn: &TurnFacts, look: &Emotion) -> Option<f64> {
    let engine = turn.anger_engine.filter(|_| look.from_engine);
    let over_usual = turn.anger_over_usual.map(exact);
    let is_unusual = look.above_usual.is_none_or(|least| over_usual.is_some_and(|over| over >= least));
    let acoustic = turn.anger_acoustic.filter(|_| look.from_acoustic).map(|score| if is_unusual { score } else { 0.0 });
    engine.into_iter().chain(acoustic).map(exact).reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Emotion, Kind, LookFor, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, rule_of, said};
    use crate::units::Role::{self, Agent, Customer, Unknown};

    fn angry(speaker: Option<Role>, from_acoustic: bool) -> super::super::super::model::Rule {
        let kind = Kind::Emotion(Emotion { score_above: 0.7, above_usual: None, from_acoustic, from_engine: true });
        rule_of(vec![LookFor { speakers: Speakers::of(speaker), ..look("it", kind) }], When::Name(0))
    }

    #[test]
    fn anger_is_found_where_something_scores_it() {
        type Line = (Role, Option<f32>);
        let table: Vec<(&str, Option<Role>, &[Line], &str)> = vec![
            ("angry", Some(Agent), &[(Agent, Some(0.71)), (Customer, None)], "1 findings"),
            ("at the limit", Some(Agent), &[(Agent, Some(0.7))], "silent"),
            ("the other", Some(Agent), &[(Agent, Some(0.1)), (Customer, Some(0.9))], "silent"),
            ("one of two not scored", Some(Agent), &[(Agent, Some(0.1)), (Agent, None)], "no_emotion"),
            ("one of two angry", Some(Agent), &[(Agent, Some(0.9)), (Agent, None)], "1 findings"),
            ("no score", Some(Agent), &[(Agent, None), (Customer, Some(0.9))], "no_emotion"),
            ("no score at all", None, &[(Agent, None)], "no_emotion"),
            ("a machine", None, &[(Role::Bot, Some(0.9)), (Agent, Some(0.1))], "silent"),
            ("nobody known", Some(Agent), &[(Unknown, Some(0.9))], "no_roles"),
            ("perhaps the agent", Some(Agent), &[(Agent, Some(0.1)), (Unknown, Some(0.9))], "no_roles"),
        ];
        for (name, speaker, lines, expected) in table {
            let said_lines: Vec<_> =
                lines.iter().enumerate().map(|(at, (role, _))| (at as i64 * 5, *role, "好")).collect();
            let mut facts = said(&said_lines);
            for (turn, (_, score)) in facts.turns.iter_mut().zip(lines) {
                turn.anger_engine = *score;
            }
            assert_eq!(outcome(&angry(speaker, false), &facts), expected, "{name}");
        }
    }

    #[test]
    fn the_highest_of_the_sources_counts() {
        let mut facts = said(&[(0, Agent, "好")]);
        facts.turns[0].anger_engine = Some(0.2);
        facts.turns[0].anger_acoustic = Some(0.9);
        assert_eq!(outcome(&angry(None, false), &facts), "silent");
        assert_eq!(judge(&angry(None, true), &facts).findings[0].value, Some(0.9));
    }

    #[test]
    fn the_sound_counts_where_it_is_unusual_for_the_speaker() {
        let kind = Kind::Emotion(Emotion {
            score_above: 0.7,
            above_usual: Some(0.3),
            from_acoustic: true,
            from_engine: false,
        });
        let rule = rule_of(vec![LookFor { speakers: Speakers::one(Agent), ..look("it", kind) }], When::Name(0));
        for (name, over_usual, expected) in [
            ("much over", Some(0.3), "1 findings"),
            ("as ever", Some(0.29), "silent"),
            ("usual unknown", None, "silent"),
        ] {
            let mut facts = said(&[(0, Agent, "好")]);
            facts.turns[0].anger_acoustic = Some(0.9);
            facts.turns[0].anger_over_usual = over_usual;
            assert_eq!(outcome(&rule, &facts), expected, "{name}");
        }
    }

    #[test]
    fn nothing_is_said_of_a_role_for_which_emotion_is_off() {
        let mut facts = said(&[(0, Agent, "好"), (5, Customer, "好")]);
        facts.call.emotion_off = vec![Agent];
        facts.turns[1].anger_engine = Some(0.9);
        assert_eq!(outcome(&angry(Some(Agent), false), &facts), "emotion_off");
        assert_eq!(outcome(&angry(Some(Customer), false), &facts), "1 findings");
        facts.turns[1].anger_engine = None;
        assert_eq!(outcome(&angry(None, false), &facts), "emotion_off");
    }
}
