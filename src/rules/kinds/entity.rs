//! `entity`: something with a value, or that identifies somebody.

use super::super::answer::{Answer, Hit};
use super::super::heard::Heard;
use super::super::model::EntityFor;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::facts::{EntityFacts, Facts, TurnFacts, amount, day};
use crate::lexicon::matcher::ListIndex;
use std::collections::BTreeMap;
use std::ops::Range;

/// What ends a sentence.
const SENTENCE_ENDS: [char; 7] = ['\u{3002}', '\u{FF01}', '\u{FF1F}', '\u{FF1B}', '!', '?', ';'];

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, look: &EntityFor, beside: &[ListIndex]) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let facts = heard.facts;
    let said = times_said(facts, look);
    let words = (!beside.is_empty()).then(|| words_by_turn(heard, beside));
    let (mut hits, mut spots) = (Vec::new(), 0);
    for entity in facts.entities.iter().filter(|entity| is_meant(facts, look, entity)) {
        let Some(turn) = turn_of(facts, entity) else { continue };
        let is_alone = || words.as_ref().is_some_and(|words| !shares_sentence(turn, entity, words));
        if said.get(&value_of(entity)).is_some_and(|times| *times < look.said_count_at_least) || is_alone() {
            continue;
        }
        match is(speakers, entity.role) {
            Is::Wanted => hits.push(hit(turn, entity, look)),
            Is::Unknown => spots += 1,
            Is::Other => {}
        }
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

/// An entity's kind and value, by which it is the same as another.
fn value_of(entity: &EntityFacts) -> (&str, &str) {
    (&entity.kind, &entity.value)
}

/// How often each value is said, by whomever; nothing where that does not matter.
fn times_said<'f>(facts: &'f Facts, look: &EntityFor) -> BTreeMap<(&'f str, &'f str), u32> {
    let mut times = BTreeMap::new();
    for entity in facts.entities.iter().filter(|_| look.said_count_at_least > 1) {
        *times.entry(value_of(entity)).or_insert(0) += 1;
    }
    times
}

fn is_meant(facts: &Facts, look: &EntityFor, entity: &EntityFacts) -> bool {
    let bounds = look.value;
    let number = entity.value.parse::<f64>().ok();
    let is_beyond = |bound: Option<f64>, beyond: fn(f64, f64) -> bool| {
        bound.is_none_or(|bound| number.is_some_and(|number| beyond(number, bound)))
    };
    look.kinds.contains(&entity.kind)
        && is_beyond(bounds.above, |number, bound| number > bound)
        && is_beyond(bounds.below, |number, bound| number < bound)
        && look.complete.is_none_or(|complete| entity.complete == Some(complete))
        && look.same_as_customer.is_none_or(|same| entity.same_as_customer == Some(same))
        && !look.differs_from.iter().any(|column| equals(facts, column, entity))
}

/// Whether the call's column says what the entity does: the same sum or the same day.
fn equals(facts: &Facts, column: &str, entity: &EntityFacts) -> bool {
    let Some(cell) = facts.call.metadata.column(column) else { return false };
    if let (Some(cell), Ok(value)) = (amount(cell), entity.value.parse::<f64>()) {
        return (cell - value).abs() <= 1e-9 * value.abs();
    }
    day(cell).is_some_and(|cell| day(&entity.value) == Some(cell))
}

fn turn_of<'f>(facts: &'f Facts, entity: &EntityFacts) -> Option<&'f TurnFacts> {
    facts.turns.get(usize::try_from(entity.turn).ok()?)
}

/// Where words of these lists are said: characters by utterance. What is said over two utterances is in both.
fn words_by_turn(heard: &Heard<'_>, lists: &[ListIndex]) -> BTreeMap<i32, Vec<Range<i32>>> {
    let turns = &heard.facts.turns;
    let mut words: BTreeMap<i32, Vec<Range<i32>>> = BTreeMap::new();
    for (at, found) in heard.words(lists) {
        let origin = heard.passages[at].origin(&found.range(), turns);
        let (first, last) = origin.turns;
        let (start, end) = (origin.chars.0 as i32, origin.chars.1 as i32);
        words.entry(turns[first].turn).or_default().push(start..if first == last { end } else { i32::MAX });
        if first != last {
            words.entry(turns[last].turn).or_default().push(0..end);
        }
    }
    words
}

/// Whether one of the words stands in the entity's sentence.
fn shares_sentence(turn: &TurnFacts, entity: &EntityFacts, words: &BTreeMap<i32, Vec<Range<i32>>>) -> bool {
    let Some(words) = words.get(&turn.turn) else { return false };
    let ends = turn.text.chars().enumerate().filter(|(_, char)| SENTENCE_ENDS.contains(char)).map(|(at, _)| at as i32);
    let (mut from, mut to) = (0, i32::MAX);
    for end in ends {
        if end < entity.char_start {
            from = end;
        } else {
            to = end;
            break;
        }
    }
    words.iter().any(|word| word.start < to && word.end > from)
}

fn hit(turn: &TurnFacts, entity: &EntityFacts, look: &EntityFor) -> Hit {
    let value = entity.value.parse::<f64>().ok();
    let bound = look.value.above.or(look.value.below);
    let length = (entity.char_end - entity.char_start).max(0) as usize;
    let quote = turn.text.chars().skip(entity.char_start.max(0) as usize).take(length).collect();
    Hit {
        role: Some(entity.role),
        turns: Some((entity.turn, entity.turn)),
        span: Some(entity.span),
        known: Some(if turn.words.is_empty() { turn.span } else { entity.span }),
        chars: Some((entity.char_start, entity.char_end)),
        quote,
        matched: Some(said_as(entity)),
        ..Hit::measure(value, bound, entity.unit.as_deref().and_then(unit))
    }
}

/// What kind of thing it is, its value where that may be shown, and of a promise by when.
fn said_as(entity: &EntityFacts) -> String {
    let parts =
        [Some(entity.kind.as_str()), Some(entity.value.as_str()), entity.unit.as_deref(), entity.due.as_deref()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn unit(unit: &str) -> Option<&'static str> {
    ["CNY", "USD", "HKD", "EUR", "GBP", "JPY", "%", "s"].into_iter().find(|known| *known == unit)
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{EntityFor, Kind, LookFor, Range, Rule, When};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, rule_of, said, strings};
    use crate::facts::{EntityFacts, Facts};
    use crate::units::Role::{self, Agent, Customer, Unknown};
    use crate::units::Span;

    fn mentioned(turn: usize, facts: &Facts, kind: &str, value: &str, chars: (i32, i32)) -> EntityFacts {
        let of = &facts.turns[turn];
        EntityFacts {
            entity: 0,
            turn: of.turn,
            role: of.role,
            kind: kind.into(),
            char_start: chars.0,
            char_end: chars.1,
            span: Span::new(of.span.start_ms + 100, of.span.end_ms),
            value: value.into(),
            unit: (kind == "money").then(|| "CNY".to_owned()),
            confidence: None,
            complete: Some(kind == "bank_card"),
            equals_manifest: None,
            same_as_customer: (kind == "bank_card").then_some(false),
            due: None,
        }
    }

    fn owed(lines: &[(i64, Role, &str)]) -> Facts {
        let mut facts = said(lines);
        facts.call.metadata.extra.insert("due_amount".into(), "¥3,500.00".into());
        facts.call.metadata.extra.insert("due_date".into(), "2026-11-25".into());
        facts
    }

    fn money(change: fn(&mut EntityFor)) -> Rule {
        let mut entity = EntityFor { kinds: strings(&["money"]), said_count_at_least: 1, ..EntityFor::default() };
        change(&mut entity);
        rule_of(vec![LookFor { speakers: Speakers::one(Agent), ..look("it", Kind::Entity(entity)) }], When::Name(0))
    }

    #[test]
    fn sums_are_held_against_bounds_and_columns() {
        let mut facts = owed(&[(0, Agent, "欠款四千元"), (9, Customer, "四千元?"), (19, Agent, "对,三千五百元")]);
        facts.entities = vec![
            mentioned(0, &facts, "money", "4000", (2, 5)),
            mentioned(1, &facts, "money", "4000", (0, 3)),
            mentioned(2, &facts, "money", "3500", (2, 7)),
        ];
        let table: [(&str, Rule, &str); 8] = [
            ("any sum", money(|_| {}), "2 findings"),
            ("over", money(|it| it.value = Range { above: Some(3500.0), below: None }), "1 findings"),
            ("under", money(|it| it.value = Range { above: None, below: Some(3500.0) }), "silent"),
            ("another than the one owed", money(|it| it.differs_from = strings(&["due_amount"])), "1 findings"),
            (
                "the same as one of two",
                money(|it| it.differs_from = strings(&["total_amount", "due_amount"])),
                "1 findings",
            ),
            ("said twice", money(|it| it.said_count_at_least = 2), "1 findings"),
            ("beside a word", money(|it| it.with_phrases = strings(&["欠款"])), "1 findings"),
            ("of another kind", money(|it| it.kinds = strings(&["date"])), "silent"),
        ];
        for (name, rule, expected) in table {
            assert_eq!(outcome(&rule, &facts), expected, "{name}");
        }
        let finding = judge(&money(|it| it.value.above = Some(3500.0)), &facts).findings.remove(0);
        assert_eq!((finding.quote.as_str(), finding.matched.as_deref()), ("四千元", Some("money 4000 CNY")));
        assert_eq!(
            (finding.value, finding.threshold, finding.unit.as_deref()),
            (Some(4000.0), Some(3500.0), Some("CNY"))
        );
        facts.entities[0].role = Unknown;
        assert_eq!(outcome(&money(|it| it.value.above = Some(3500.0)), &facts), "no_roles");
    }

    #[test]
    fn a_word_counts_in_the_same_sentence() {
        let rule = money(|it| it.with_phrases = strings(&["欠款"]));
        let cases = [
            ("您欠款四千元", 3, "1 findings"),
            ("您有欠款。另外四千元", 7, "silent"),
            ("四千元是欠款", 0, "1 findings"),
        ];
        for (text, start, expected) in cases {
            let mut facts = owed(&[(0, Agent, text)]);
            facts.entities = vec![mentioned(0, &facts, "money", "4000", (start, start + 3))];
            assert_eq!(outcome(&rule, &facts), expected, "{text}");
        }
    }

    #[test]
    fn days_and_identifiers_are_told() {
        let mut facts = owed(&[(0, Agent, "二十五号"), (9, Agent, "卡号六二")]);
        facts.entities =
            vec![mentioned(0, &facts, "date", "2026-11-25", (0, 4)), mentioned(1, &facts, "bank_card", "62██", (2, 4))];
        let date = money(|it| (it.kinds, it.differs_from) = (strings(&["date"]), strings(&["due_date"])));
        assert_eq!(outcome(&date, &facts), "silent");
        let card = |complete, same| {
            let mut rule = money(|it| it.kinds = strings(&["bank_card"]));
            if let Kind::Entity(entity) = &mut rule.look_fors[0].kind {
                (entity.complete, entity.same_as_customer) = (Some(complete), same);
            }
            outcome(&rule, &facts)
        };
        assert_eq!((card(true, None).as_str(), card(false, None).as_str()), ("1 findings", "silent"));
        assert_eq!((card(true, Some(false)).as_str(), card(true, Some(true)).as_str()), ("1 findings", "silent"));
    }
}
