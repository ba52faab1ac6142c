//! `words`: phrases and lists.

use super::super::answer::{Answer, Blind, Hit};
use super::super::compile::Entry;
use super::super::heard::Heard;
use super::super::model::{Gather, Words};
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::finding::MatchKind;
use crate::units::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is searched for, compiled.
pub(crate) struct Phrases<'a> {
    pub(crate) entries: &'a [Entry],
    pub(crate) not_before: &'a [String],
    pub(crate) not_after: &'a [String],
}

pub(crate) fn find(heard: &Heard<'_>, speakers: Speakers, words: &Words, phrases: &Phrases<'_>) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let (mut hits, mut spots) = (Vec::new(), 0);
    for place in places(heard, phrases) {
        let passage = &heard.passages[place.at];
        let whose = is(speakers, passage.role);
        let is_put_off = stands_before(&passage.text, &place.bytes, phrases.not_before)
            || stands_after(&passage.text, &place.bytes, phrases.not_after);
        if whose == Is::Other
            || is_put_off
            || heard.is_excluded(place.at, &place.bytes, words.negation_excludes, words.quotation_excludes)
        {
            continue;
        }
        match whose {
            Is::Unknown => spots += 1,
            _ => hits.push(place.hit(heard)),
        }
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

/// Where a word is said, or what sounds like it.
struct Place<'a> {
    /// Which entry it is of.
    entry: usize,
    /// Its passage, and its bytes there.
    at: usize,
    bytes: Range<usize>,
    listed: &'a str,
    kind: MatchKind,
    /// How far it is from what is listed, where it only sounds like it.
    distance: Option<f32>,
}

impl Place<'_> {
    fn hit(&self, heard: &Heard<'_>) -> Hit {
        let hit = heard.in_words(&heard.passages[self.at], &self.bytes, self.listed, self.kind);
        Hit { distance: self.distance, entry: self.entry, ..hit }
    }
}

/// All places, by passage and start.
fn places<'a>(heard: &Heard<'a>, phrases: &Phrases<'_>) -> Vec<Place<'a>> {
    let of = |(at, entry): (usize, &Entry)| places_of(heard, at, entry);
    let mut places: Vec<Place<'a>> = phrases.entries.iter().enumerate().flat_map(of).collect();
    places.sort_by_key(|place| (place.at, place.bytes.start));
    places
}

fn places_of<'a>(heard: &Heard<'a>, entry: usize, of: &Entry) -> Vec<Place<'a>> {
    let ruleset = heard.ruleset;
    let found = heard.words(&of.lists);
    let alike = heard.sounds(&of.sounds, &found);
    let written = found.iter().map(|(at, word)| Place {
        entry,
        at: *at,
        bytes: word.range(),
        listed: ruleset.matcher.written(word.phrase),
        kind: if word.bare { MatchKind::Variant } else { MatchKind::Exact },
        distance: None,
    });
    let sounding = alike.iter().map(|(at, alike)| Place {
        entry,
        at: *at,
        bytes: alike.range(),
        listed: ruleset.sounds.written(alike.word),
        kind: MatchKind::Homophone,
        distance: Some(alike.distance),
    });
    written.chain(sounding).collect()
}

/// The answer of a condition that wants several different words: one hit, the first, where they are all said, in each turn where
/// they must be in one.
pub(crate) fn gathered(answer: Answer, words: &Words) -> Answer {
    let wanted = match words.gather {
        Gather::Any => return answer,
        Gather::All => words.phrases.len() + words.lists.len(),
        Gather::AtLeast(count) => count as usize,
    };
    let mut together: BTreeMap<(u32, Option<Role>), Vec<Hit>> = BTreeMap::new();
    for hit in answer.hits {
        let turn = if words.same_utterance { (hit.run, hit.role) } else { (0, None) };
        together.entry(turn).or_default().push(hit);
    }
    let is_by_entry = words.gather == Gather::All;
    let different = |hits: &[Hit]| {
        let names = hits
            .iter()
            .map(|hit| (if is_by_entry { hit.entry } else { 0 }, hit.matched.as_deref().filter(|_| !is_by_entry)));
        names.collect::<BTreeSet<_>>().len()
    };
    let most = together.values().map(|hits| different(hits)).max().unwrap_or(0);
    let hits: Vec<Hit> = together.into_values().filter(|hits| different(hits) >= wanted).filter_map(first_of).collect();
    let blind = match answer.blind {
        // Even all that could not be examined would not be enough.
        Blind::Spots(spots, _) if most + spots < wanted => Blind::Nowhere,
        Blind::Spots(_, why) => Blind::Spots(1, why),
        blind => blind,
    };
    Answer { hits, blind }
}

/// The first of hits that count together; it names them all.
fn first_of(hits: Vec<Hit>) -> Option<Hit> {
    let mut names: Vec<&str> = hits.iter().filter_map(|hit| hit.matched.as_deref()).collect();
    names.dedup();
    let matched = Some(names.join(" + "));
    hits.first().map(|first| Hit { matched, ..first.clone() })
}

/// Whether the hit stands directly before one of `phrases`.
fn stands_before(text: &str, hit: &Range<usize>, phrases: &[String]) -> bool {
    let behind = text[hit.end..].trim_start();
    phrases.iter().any(|phrase| behind.starts_with(phrase.as_str()))
}

/// Whether the hit stands directly after one of `phrases`.
fn stands_after(text: &str, hit: &Range<usize>, phrases: &[String]) -> bool {
    let before = text[..hit.start].trim_end();
    phrases.iter().any(|phrase| before.ends_with(phrase.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Gather, Kind, LookFor, Place, Reach, When, Words};
    use super::super::super::speakers::Speakers;
    use super::super::super::testing::{judge, look, outcome, phrases, rule, rule_of, said, strings};
    use crate::finding::MatchKind;
    use crate::units::Role::{self, Agent, Customer, Unknown};

    type Lines<'a> = &'a [(i64, Role, &'a str)];

    fn by(speaker: Role, look: LookFor) -> LookFor {
        LookFor { speakers: Speakers::one(speaker), ..look }
    }

    #[test]
    fn words_count_by_speaker_place_and_number() {
        let hello = || look("it", phrases(&["您好"]));
        let with = |place: Place| LookFor { place, ..hello() };
        let lines = [(0, Agent, "您好"), (10, Customer, "您好您好"), (50, Agent, "再见"), (590, Unknown, "您好")];
        let known = &lines[..3];
        let table: Vec<(&str, LookFor, Lines<'_>, &str)> = vec![
            ("anyone", hello(), &lines, "4 findings"),
            ("the agent, in spite of an unknown speaker", by(Agent, hello()), &lines, "1 findings"),
            ("two of the agent", by(Agent, LookFor { count_at_least: 2, ..hello() }), known, "silent"),
            (
                "two, if the unknown speaker is the agent",
                by(Agent, LookFor { count_at_least: 2, ..hello() }),
                &lines,
                "no_roles",
            ),
            ("three are out of reach", by(Agent, LookFor { count_at_least: 3, ..hello() }), &lines, "silent"),
            ("nobody known", by(Agent, hello()), &lines[3..], "no_roles"),
            ("first seconds", with(Place::FirstMs(10_000)), known, "1 findings"),
            ("last seconds", with(Place::LastMs(20_000)), &lines, "1 findings"),
            ("first share", with(Place::FirstShare(0.02)), known, "3 findings"),
            ("last share", with(Place::LastShare(0.5)), &lines, "1 findings"),
            ("first turn", with(Place::FirstTurns(1)), known, "1 findings"),
            ("last turns", with(Place::LastTurns(2)), known, "2 findings"),
            ("first turn of the customer", by(Customer, with(Place::FirstTurns(1))), known, "2 findings"),
        ];
        for (name, look, lines, expected) in table {
            assert_eq!(outcome(&rule_of(vec![look], When::Name(0)), &said(lines)), expected, "{name}");
        }
    }

    #[test]
    fn several_words_may_be_wanted_together() {
        let kind = |gather, same_utterance| {
            let phrases = strings(&["录音", "质量", "工号"]);
            Kind::Words(Words { phrases, gather, same_utterance, ..Words::default() })
        };
        let (all, two) = (Gather::All, Gather::AtLeast(2));
        let once = [(0, Agent, "通话录音,为了服务质量,工号一")];
        let apart = [(0, Agent, "通话录音,录音"), (9, Customer, "质量"), (19, Agent, "我的工号")];
        let table: [(&str, Kind, Lines<'_>, &str); 9] = [
            ("all in one turn", kind(all, true), &once, "1 findings"),
            ("all in the call", kind(all, false), &apart, "1 findings"),
            ("not all in one turn", kind(all, true), &apart, "silent"),
            ("not all", kind(all, false), &apart[..2], "silent"),
            ("two in one turn", kind(two, true), &once, "1 findings"),
            ("two in the call", kind(two, false), &apart[..2], "1 findings"),
            ("the same twice", kind(two, false), &apart[..1], "silent"),
            (
                "two, if the unknown speaker is meant",
                kind(two, false),
                &[(0, Agent, "录音"), (9, Unknown, "工号")],
                "no_roles",
            ),
            ("three are out of reach", kind(all, false), &[(0, Agent, "录音"), (9, Unknown, "工号")], "silent"),
        ];
        for (name, kind, lines, expected) in table {
            let is_by_agent = lines.iter().any(|(_, role, _)| *role == Unknown);
            let look = if is_by_agent { by(Agent, look("it", kind)) } else { look("it", kind) };
            assert_eq!(outcome(&rule_of(vec![look], When::Name(0)), &said(lines)), expected, "{name}");
        }
        let finding = judge(&rule(kind(all, true)), &said(&once)).findings.remove(0);
        assert_eq!((finding.quote.as_str(), finding.matched.as_deref()), ("录音", Some("录音 + 质量 + 工号")));
    }

    #[test]
    fn what_follows_a_hit_counts_in_its_window() {
        let fee = look("fee", phrases(&["手续费"]));
        let place = Place::After { name: "fee".into(), within: Some(Reach::Ms(10_000)) };
        let agrees = LookFor { place, ..look("agrees", phrases(&["同意"])) };
        let rule = rule_of(vec![agrees, fee], When::Name(0));
        let table: [(&str, Lines<'_>, &str); 4] = [
            ("in time", &[(0, Agent, "手续费"), (9, Customer, "同意")], "1 findings"),
            ("too late", &[(0, Agent, "手续费"), (12, Customer, "同意")], "silent"),
            ("before", &[(0, Customer, "同意"), (9, Agent, "手续费")], "silent"),
            ("after nothing", &[(0, Customer, "同意")], "silent"),
        ];
        for (name, lines, expected) in table {
            assert_eq!(outcome(&rule, &said(lines)), expected, "{name}");
        }
        let mut mute = said(&[]);
        mute.call.has_transcript = false;
        assert_eq!(outcome(&rule, &mute), "no_transcript");
    }

    #[test]
    fn neighbours_take_hits_away() {
        let kind = |not_before: &[&str], not_after: &[&str]| {
            let (not_before, not_after) = (strings(not_before), strings(not_after));
            Kind::Words(Words { phrases: strings(&["弄死"]), not_before, not_after, ..Words::default() })
        };
        let table = [
            ("not before", kind(&["机"], &[]), "弄死机了", "silent"),
            ("not before, spaced", kind(&["机"], &[]), "弄 死, 机了", "silent"),
            ("something else behind", kind(&["机"], &[]), "弄死你", "1 findings"),
            ("not after", kind(&[], &["别"]), "别弄死", "silent"),
            ("something else before", kind(&[], &["别"]), "弄死别人", "1 findings"),
        ];
        for (name, kind, text, expected) in table {
            assert_eq!(outcome(&rule(kind), &said(&[(0, Agent, text)])), expected, "{name}");
        }
    }

    #[test]
    fn findings_say_where_and_how() {
        // Without times of words, all that is known is when the utterance was said.
        let facts = said(&[(5, Customer, "嗯"), (8, Agent, "再不还款,派 人到家里去好不好吧")]);
        let finding = judge(&rule(phrases(&["派人到家"])), &facts).findings.remove(0);
        assert_eq!((finding.turn, finding.turn_end), (Some(1), Some(1)));
        assert_eq!((finding.char_start, finding.char_end), (Some(5), Some(10)));
        assert_eq!((finding.start_ms, finding.end_ms), (Some(8_000), Some(12_000)));
        assert_eq!((finding.quote.as_str(), finding.match_kind), ("派 人到家", MatchKind::Variant));
        assert_eq!((finding.matched.as_deref(), finding.role), (Some("派人到家"), Some(Agent)));
        assert_eq!((finding.source.as_str(), finding.revision, finding.look_for.as_str()), ("第1条", 3, "it"));
        let exact = judge(&rule(phrases(&["再不还款"])), &facts).findings.remove(0);
        assert_eq!(exact.match_kind, MatchKind::Exact);
    }

    #[test]
    fn what_sounds_alike_is_a_hit_where_the_rule_says_so() {
        let kind = |sounds_like, negation_excludes| {
            Kind::Words(Words {
                phrases: strings(&["派人上门"]), sounds_like, negation_excludes, ..Words::default()
            })
        };
        let facts = said(&[(0, Agent, "我们派仁上门,再派人上门")]);
        assert_eq!(outcome(&rule(kind(false, false)), &facts), "1 findings");
        let findings = judge(&rule(kind(true, false)), &facts).findings;
        let shown: Vec<_> = findings
            .iter()
            .map(|it| (it.quote.as_str(), it.matched.as_deref(), it.match_kind, it.distance, it.char_start))
            .collect();
        assert_eq!(
            shown,
            [
                ("派仁上门", Some("派人上门"), MatchKind::Homophone, Some(0.5), Some(2)),
                ("派人上门", Some("派人上门"), MatchKind::Exact, None, Some(8)),
            ]
        );
        let denied = said(&[(0, Agent, "我们不会派仁上门")]);
        assert_eq!(outcome(&rule(kind(true, true)), &denied), "silent", "negation goes by the characters before");
        let count = LookFor { count_at_least: 2, ..look("it", kind(true, false)) };
        assert_eq!(outcome(&rule_of(vec![count], When::Name(0)), &facts), "2 findings", "both kinds count");
    }

    #[test]
    fn word_times_place_a_hit() {
        let mut facts = said(&[(0, Agent, "会派人去")]);
        let word = |char_start, start_ms, end_ms| crate::facts::TurnWord {
            char_start,
            char_end: char_start + 1,
            start_ms,
            end_ms,
            estimated: false,
        };
        facts.turns[0].words = vec![word(0, 0, 100), word(1, 300, 400), word(2, 500, 650), word(3, 700, 800)];
        let finding = judge(&rule(phrases(&["派人"])), &facts).findings.remove(0);
        assert_eq!((finding.start_ms, finding.end_ms), (Some(300), Some(650)));
    }

    #[test]
    fn a_phrase_cut_in_two_is_found_over_a_turn() {
        let rule = rule(phrases(&["派人到你家"]));
        let facts = said(&[(0, Agent, "我们派人"), (1, Agent, "到你家里")]);
        let finding = judge(&rule, &facts).findings.remove(0);
        assert_eq!((finding.turn, finding.turn_end), (Some(0), Some(1)));
        assert_eq!((finding.char_start, finding.char_end), (Some(2), Some(3)));
        assert_eq!((finding.start_ms, finding.end_ms), (Some(0), Some(2_000)));
        assert_eq!(finding.quote, "派人到你家");
        let apart = said(&[(0, Agent, "我们派人"), (9, Agent, "到你家里")]);
        assert_eq!(outcome(&rule, &apart), "silent", "a run ends with a gap of 2 s");
        let two = said(&[(0, Agent, "我们派人"), (1, Customer, "到你家里")]);
        assert_eq!(outcome(&rule, &two), "silent", "two speakers");
    }

    #[test]
    fn a_denial_reaches_over_a_cut_but_not_over_a_pause() {
        let words = Words { phrases: strings(&["派人"]), negation_excludes: true, ..Words::default() };
        let rule = rule(Kind::Words(words));
        let cut = said(&[(0, Agent, "我们绝不"), (1, Agent, "派人去")]);
        assert_eq!(outcome(&rule, &cut), "silent");
        let mut pause = cut;
        pause.turns[0].span.end_ms = 500;
        assert_eq!(outcome(&rule, &pause), "1 findings");
    }
}
