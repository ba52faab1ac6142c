//! `patterns`: regular expressions over normalised text.

use super::super::answer::Answer;
use super::super::heard::Heard;
use super::super::model::Patterns;
use super::super::place::no_roles;
use super::super::speakers::Speakers;
use super::speaker::{Is, is, unanswerable};
use crate::finding::MatchKind;
use crate::lexicon::matcher::Normalised;
use std::cell::OnceCell;
use std::ops::Range;

pub(crate) fn find(
    heard: &Heard<'_>,
    speakers: Speakers,
    patterns: &Patterns,
    any: Range<usize>,
    except: Range<usize>,
) -> Answer {
    if let Some(answer) = unanswerable(heard, speakers) {
        return answer;
    }
    let (mut hits, mut spots) = (Vec::new(), 0);
    let excusing = OnceCell::new();
    for candidates in heard.may_match(any).chunk_by(|one, next| one.0 == next.0) {
        let at = candidates[0].0;
        let passage = &heard.passages[at];
        let whose = is(speakers, passage.role);
        let mut found = if whose == Is::Other { Vec::new() } else { matches(heard, candidates) };
        if found.is_empty() {
            continue;
        }
        let excusing = excusing.get_or_init(|| heard.may_match(except.clone()));
        let excused = merged(matches(heard, of_passage(excusing, at)));
        found.retain(|(_, hit)| !overlaps(hit, &excused));
        found.retain(|(_, hit)| !heard.is_excluded(at, hit, patterns.negation_excludes, patterns.quotation_excludes));
        found.retain(|(pattern, hit)| !says_as_known(heard, at, *pattern, hit, &patterns.differs_from));
        let found = leftmost_longest(found);
        match whose {
            Is::Unknown => spots += found.len(),
            _ => hits.extend(found.into_iter().map(|(pattern, hit)| {
                heard.in_words(passage, &hit, heard.ruleset.patterns.get(pattern).as_str(), MatchKind::Pattern)
            })),
        }
    }
    Answer::of(hits, spots, || no_roles(speakers))
}

/// What stands between several names in one cell of a manifest.
const BETWEEN_NAMES: [char; 5] = ['|', ';', '/', ',', '\u{3001}'];

/// Whether the first group of a match names what one of these columns does: either may be a part of the other.
fn says_as_known(heard: &Heard<'_>, at: usize, pattern: usize, hit: &Range<usize>, columns: &[String]) -> bool {
    let text = &heard.passages[at].text[hit.clone()];
    if columns.is_empty() {
        return false;
    }
    let Some(group) = heard.ruleset.patterns.get(pattern).group_in(text) else { return false };
    let metadata = &heard.facts.call.metadata;
    let cells = columns.iter().filter_map(|column| metadata.column(column));
    let names = cells.flat_map(|cell| cell.split(BETWEEN_NAMES)).map(|name| Normalised::of(name).text().to_owned());
    names.filter(|name| !name.is_empty()).any(|name| name.contains(group) || group.contains(&name))
}

/// Where each of these patterns matches in its passage; matches of nothing are left out.
fn matches(heard: &Heard<'_>, candidates: &[(usize, usize)]) -> Vec<(usize, Range<usize>)> {
    let mut matches = Vec::new();
    for &(at, pattern) in candidates {
        heard.each_match(at, pattern, |range| matches.push((pattern, range)));
    }
    matches
}

/// Those of `candidates`, which are by passage, that are in the passage `at`.
fn of_passage(candidates: &[(usize, usize)], at: usize) -> &[(usize, usize)] {
    let first = candidates.partition_point(|(passage, _)| *passage < at);
    let count = candidates[first..].partition_point(|(passage, _)| *passage == at);
    &candidates[first..first + count]
}

/// The places of matches, in order and apart from one another.
fn merged(mut found: Vec<(usize, Range<usize>)>) -> Vec<Range<usize>> {
    found.sort_by_key(|(_, range)| range.start);
    let mut places: Vec<Range<usize>> = Vec::new();
    for (_, range) in found {
        match places.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => places.push(range),
        }
    }
    places
}

fn overlaps(hit: &Range<usize>, places: &[Range<usize>]) -> bool {
    let next = places.partition_point(|place| place.end <= hit.start);
    places.get(next).is_some_and(|place| place.start < hit.end)
}

/// Of overlapping matches, the one that starts first, and of those the longest.
fn leftmost_longest(mut found: Vec<(usize, Range<usize>)>) -> Vec<(usize, Range<usize>)> {
    found.sort_by_key(|(index, range)| (range.start, std::cmp::Reverse(range.end), *index));
    let mut free_from = 0;
    found.retain(|(_, range)| {
        let keep = range.start >= free_from;
        if keep {
            free_from = range.end;
        }
        keep
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::model::{Kind, Patterns};
    use super::super::super::testing::{judge, outcome, rule, said, strings, written};
    use crate::finding::MatchKind;
    use crate::units::Role::Agent;

    fn patterns(patterns: &[&str], except: &[&str]) -> Kind {
        let (patterns, except) = (written(patterns), written(except));
        Kind::Patterns(Patterns { patterns, except, negation_excludes: true, ..Patterns::default() })
    }

    #[test]
    fn what_a_group_says_may_be_known() {
        let kind = Kind::Patterns(Patterns {
            patterns: written(&["这里是(.{2,4}银行)"]),
            differs_from: strings(&["creditor", "agency"]),
            ..Patterns::default()
        });
        let table = [
            ("the same", "云杉银行", "这里是云杉银行", "silent"),
            ("a part of it", "云杉银行股份有限公司", "这里是云杉银行", "silent"),
            ("one of several names", "海棠|云杉 银行", "这里是云杉银行", "silent"),
            ("another", "海棠银行", "这里是云杉银行", "1 findings"),
            ("nothing is known", "", "这里是云杉银行", "not applicable"),
        ];
        for (name, creditor, text, expected) in table {
            let mut facts = said(&[(0, Agent, text)]);
            facts.call.metadata.extra.insert("creditor".into(), creditor.into());
            assert_eq!(outcome(&rule(kind.clone()), &facts), expected, "{name}");
        }
    }

    #[test]
    fn patterns_match_normalised_text() {
        let table = [
            ("a gap", patterns(&["派.{0,3}上门"], &[]), "派 人,去上门", "1 findings"),
            ("lower case", patterns(&["vip[0-9]"], &[]), "VIP1 Vip2", "2 findings"),
            ("overlapping patterns", patterns(&["派人", "派人上门"], &[]), "派人上门", "1 findings"),
            ("an exception over it", patterns(&["上门"], &["同意.{0,4}上门"]), "您同意我们上门", "silent"),
            ("an exception elsewhere", patterns(&["上门"], &["同意.{0,4}上门"]), "上门,您同意我们上门", "1 findings"),
            ("denied", patterns(&["派.上门"], &[]), "不会派人上门", "silent"),
            ("nothing", patterns(&["x*"], &[]), "派人", "silent"),
            ("no match", patterns(&["^去"], &[]), "派人去", "silent"),
        ];
        for (name, kind, text, expected) in table {
            assert_eq!(outcome(&rule(kind), &said(&[(0, Agent, text)])), expected, "{name}");
        }
        let facts = said(&[(0, Agent, "好 的,派 人")]);
        let finding = judge(&rule(patterns(&["的派."], &[])), &facts).findings.remove(0);
        assert_eq!((finding.quote.as_str(), finding.matched.as_deref()), ("的,派 人", Some("的派.")));
        assert_eq!(finding.match_kind, MatchKind::Pattern);
    }
}
