//! Words of lists that do nothing, or the same as others.

use super::{Warning, in_use, of_list};
use crate::finding::Severity;
use crate::lexicon::matcher::{MatcherBuilder, Normalised};
use crate::lexicon::{List, NEGATION};
use crate::packs::Packs;
use crate::rules::model::{Kind, When, Words};
use std::collections::{BTreeMap, BTreeSet};

/// So many words are named in one warning.
const NAMED: usize = 5;

/// Lists of which nothing, or not everything, is ever found, since an innocent phrase is the same.
pub(super) fn dead(packs: &Packs) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for list in packs.lists.values() {
        let mut builder = MatcherBuilder::default();
        builder.list(list);
        let matcher = builder.build();
        let is_dead = |term: &&String| matcher.scan(Normalised::of(term).text()).is_empty();
        let dead: Vec<&str> = list.terms.iter().filter(is_dead).map(String::as_str).collect();
        let message = match dead.len() {
            0 => continue,
            all if all == list.terms.len() => {
                "`never` takes away every word of it, so nothing is ever found".to_owned()
            }
            _ => format!("`never` always takes away {}", named(&dead)),
        };
        let way_out = "take the words out of `terms`, or the phrases out of `never`";
        warnings.push(of_list(packs, &list.id, "dead_term", message, way_out));
    }
    warnings
}

/// Words of a list that add nothing to a shorter one of it. A list that is also searched by sound is left out: the longer
/// a word, the more may be misheard of it; so is one whose words' neighbours count. So are those that no rule looks for: of negators, say, the longest decides.
pub(super) fn redundant(packs: &Packs) -> Vec<Warning> {
    let decides = |words: &Words| words.sounds_like || !words.not_before.is_empty() || !words.not_after.is_empty();
    let lists = |decided: bool| -> BTreeSet<&String> {
        all_words(packs).filter(|words| decides(words) == decided).flat_map(|words| &words.lists).collect()
    };
    let as_written = &lists(false) - &lists(true);
    let negators = packs.lists.iter().filter(|(id, _)| id.ends_with(NEGATION)).flat_map(|(_, list)| &list.terms);
    let negators: Vec<&str> = negators.map(String::as_str).collect();
    let mut warnings = Vec::new();
    for list in packs.lists.values().filter(|list| as_written.contains(&list.id)) {
        let pairs: Vec<String> = redundant_in(list, &negators)
            .into_iter()
            .map(|(long, short)| format!("{long} ({short} is in it)"))
            .collect();
        if !pairs.is_empty() {
            let pairs: Vec<&str> = pairs.iter().map(String::as_str).collect();
            let message = format!("found without being listed: {}", named(&pairs));
            let way_out = "take the longer words out; they only make the list longer to read";
            warnings.push(of_list(packs, &list.id, "redundant_term", message, way_out));
        }
    }
    warnings
}

/// Each word of `list` that holds another one, with that one.
fn redundant_in<'l>(list: &'l List, negators: &[&str]) -> Vec<(&'l str, String)> {
    let mut builder = MatcherBuilder::default();
    builder.list(list);
    let matcher = builder.build();
    let mut pairs = Vec::new();
    for term in &list.terms {
        let text = Normalised::of(term);
        let found = matcher.scan(text.text());
        // A word that denies the shorter one says something else.
        let denies = |before: &str| negators.iter().any(|negator| before.contains(negator));
        let shorter = found.iter().filter(|hit| hit.range().len() < text.text().len());
        let shorter = shorter.filter(|hit| !denies(&text.text()[..hit.range().start]));
        // Where an innocent phrase holds the shorter word alone, the longer one says more.
        let is_excused = |short: &str| list.never.iter().any(|it| it.contains(short) && !it.contains(term.as_str()));
        let short = shorter.map(|hit| matcher.written(hit.phrase)).find(|short| !is_excused(short));
        pairs.extend(short.map(|short| (term.as_str(), short.to_owned())));
    }
    pairs
}

/// The same word in two lists by which two rules of one category report the same speaker, so that it costs points twice.
pub(super) fn in_two_lists(packs: &Packs) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for ((one, other), category) in pairs(packs) {
        let (Some(first), Some(second)) = (packs.lists.get(one), packs.lists.get(other)) else { continue };
        let terms: BTreeSet<&String> = first.terms.iter().collect();
        let both: Vec<&str> = second.terms.iter().filter(|term| terms.contains(term)).map(String::as_str).collect();
        if !both.is_empty() {
            let message = format!("{} of the category {category} stands in {other} too", named(&both));
            let way_out = "keep each word in one of the two lists, or what is said may be reported twice";
            warnings.push(of_list(packs, one, "term_in_two_lists", message, way_out));
        }
    }
    warnings
}

/// Pairs of lists by which two rules of one category and pack report, each once.
fn pairs(packs: &Packs) -> BTreeMap<(&str, &str), &str> {
    let mut by_category: BTreeMap<(&str, &str, String), Vec<BTreeSet<&str>>> = BTreeMap::new();
    for loaded in in_use(packs).filter(|loaded| loaded.rule.severity != Severity::Note) {
        let rule = &loaded.rule;
        // Within one rule a word in two lists is one hit or two of the same finding.
        let mut by_speakers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for look in shown(&rule.report.when).into_iter().filter_map(|at| rule.look_fors.get(at)) {
            let lists = words_of(&look.kind).into_iter().flat_map(|words| &words.lists);
            by_speakers.entry(look.speakers.to_string()).or_default().extend(lists.map(String::as_str));
        }
        for (speakers, lists) in by_speakers {
            by_category.entry((&rule.category, &loaded.pack, speakers)).or_default().push(lists);
        }
    }
    let mut pairs = BTreeMap::new();
    for ((category, ..), rules) in &by_category {
        for (at, lists) in rules.iter().enumerate() {
            for (one, other) in
                lists.iter().flat_map(|one| rules[at + 1..].iter().flatten().map(move |other| (one, other)))
            {
                if one != other {
                    pairs.insert((*one.min(other), *one.max(other)), *category);
                }
            }
        }
    }
    pairs
}

/// The conditions whose hits a finding may show: of two that are joined by `and`, the first that has any.
fn shown(when: &When) -> BTreeSet<usize> {
    match when {
        When::Name(name) | When::Before(name, _) | When::Then(name, ..) | When::EveryThen(name, ..) => [*name].into(),
        When::Not(_) => BTreeSet::new(),
        When::Or(left, right) => &shown(left) | &shown(right),
        When::And(left, right) => Some(shown(left)).filter(|names| !names.is_empty()).unwrap_or_else(|| shown(right)),
    }
}

fn all_words(packs: &Packs) -> impl Iterator<Item = &Words> {
    packs.rules.values().flat_map(|loaded| &loaded.rule.look_fors).filter_map(|look| words_of(&look.kind))
}

const fn words_of(kind: &Kind) -> Option<&Words> {
    match kind {
        Kind::Words(words) => Some(words),
        _ => None,
    }
}

/// The first few, and how many more there are.
fn named(all: &[&str]) -> String {
    let shown = all[..all.len().min(NAMED)].join(", ");
    if all.len() > NAMED { format!("{shown} and {} more", all.len() - NAMED) } else { shown }
}
