//! `repeats`: the same said again by the same speaker.

use super::super::alike::{Bag, Sentence};
use super::super::answer::{Answer, Hit};
use super::super::heard::Heard;
use super::super::model::Repeats;
use super::super::place::{no_roles, reaches};
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::facts::TurnFacts;
use crate::lexicon::matcher::Normalised;
use crate::units::Role;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// An utterance is held against so many of the same speaker before it, so that long calls take no longer a minute than short ones.
const LOOKS_BACK: usize = 30;

/// An utterance that is long enough to be said twice by intent.
struct Said {
    hit: Hit,
    text: String,
    bag: Bag,
    sentence: OnceCell<Sentence>,
}

impl Said {
    /// Made by the first that comes near it.
    fn sentence(&self) -> &Sentence {
        self.sentence.get_or_init(|| Sentence::of(&self.text))
    }
}

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &Repeats) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let mut by_role: BTreeMap<Role, Vec<Said>> = BTreeMap::new();
    let (mut hits, mut spots) = (Vec::new(), 0);
    let turns = heard.facts.turns.iter().filter(|turn| turn.chars >= look.min_chars_count);
    for turn in turns.filter(|turn| is(speakers, turn.role) != Is::Other) {
        let earlier = by_role.entry(turn.role).or_default();
        let said = said(heard, turn, look);
        let times = 1 + earlier.iter().rev().take(LOOKS_BACK).filter(|before| is_again(before, &said, look)).count();
        if times >= look.repeat_count as usize {
            match is(speakers, turn.role) {
                Is::Unknown => spots += 1,
                _ => hits.push(Hit { value: Some(times as f64), ..said.hit.clone() }),
            }
        }
        earlier.push(said);
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

fn said(heard: &Heard<'_>, turn: &TurnFacts, look: &Repeats) -> Said {
    let hit = Heard::in_turn(Hit::measure(None, Some(f64::from(look.repeat_count)), None), turn);
    let text = Normalised::of(&turn.text).text().to_owned();
    let hit = Hit { run: heard.run_at(hit.span), ..hit };
    Said { hit, bag: Bag::of(&text), sentence: OnceCell::new(), text }
}

fn is_again(before: &Said, said: &Said, look: &Repeats) -> bool {
    look.within.is_none_or(|within| reaches(&before.hit, &said.hit, within))
        && (before.text == said.text
            || before.bag.most_alike(&said.bag) >= look.similarity_above
                && before.sentence().likeness(&said.text) >= look.similarity_above)
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, LookFor, Reach, Repeats, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, rule_of, said};
    use crate::units::Role::{self, Agent, Customer, Unknown};

    fn again(within: Option<Reach>, repeat_count: u32) -> super::super::super::model::Rule {
        let kind = Kind::Repeats(Repeats { repeat_count, within, min_chars_count: 6, similarity_above: 0.9 });
        rule_of(vec![LookFor { speakers: Speakers::one(Agent), ..look("it", kind) }], When::Name(0))
    }

    #[test]
    fn what_is_said_again_is_found() {
        const SAME: &str = "您什么时候还款呢";
        type Lines<'a> = &'a [(i64, Role, &'a str)];
        let thrice: Lines<'_> =
            &[(0, Agent, SAME), (5, Customer, "喂"), (10, Agent, SAME), (20, Agent, "您 什么时候,还款呢?")];
        let turns = |count| Some(Reach::Turns(count));
        let table: [(&str, Lines<'_>, Option<Reach>, u32, &str); 9] = [
            ("three times", thrice, None, 3, "1 findings"),
            ("two times of three", thrice, None, 2, "2 findings"),
            ("four times are not there", thrice, None, 4, "silent"),
            ("near enough", thrice, turns(3), 3, "1 findings"),
            ("too far apart", thrice, turns(2), 3, "silent"),
            ("in time", thrice, Some(Reach::Ms(20_000)), 3, "1 findings"),
            ("too late", thrice, Some(Reach::Ms(15_000)), 3, "silent"),
            ("too short", &[(0, Agent, "喂您好"), (5, Agent, "喂您好"), (9, Agent, "喂您好")], None, 2, "silent"),
            ("nobody known", &[(0, Unknown, SAME), (9, Unknown, SAME)], None, 2, "no_roles"),
        ];
        for (name, lines, within, count, expected) in table {
            assert_eq!(outcome(&again(within, count), &said(lines)), expected, "{name}");
        }
        let finding = judge(&again(None, 3), &said(thrice)).findings.remove(0);
        assert_eq!((finding.value, finding.threshold, finding.turn), (Some(3.0), Some(3.0), Some(3)));
        let two = said(&[(0, Agent, SAME), (9, Customer, SAME), (19, Customer, SAME)]);
        assert_eq!(outcome(&again(None, 2), &two), "silent", "another says it");
    }
}
