//! What a condition found and does not count, and what takes it away.
//!
//! The condition is asked again without any of the keys that take hits away, and with each of them alone: a key with
//! which a hit is gone takes it away.

use super::super::answer::Hit;
use super::super::asked::Asked;
use super::super::compile::{Ruleset, compile};
use super::super::heard::Heard;
use super::super::model::{LookFor, Rule, When};
use super::super::when::Answers;
use super::condition::{Shown, Taken};
use super::lift::{Key, keys_of, without};
use crate::facts::Facts;
use crate::lexicon::List;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// So many of what a threshold alone keeps out are told: those that came nearest.
const NEAREST: usize = 3;

/// What the condition `at` of `rule` found besides its `hits`.
pub(super) fn of(rule: &Rule, at: usize, hits: &[Hit], lists: &BTreeMap<String, List>, facts: &Facts) -> Vec<Taken> {
    let look = &rule.look_fors[at];
    let keys = keys_of(look);
    let looks: Vec<LookFor> = std::iter::once(without(look, keys.iter().copied()))
        .chain((0..keys.len()).map(|kept| without(look, but(&keys, kept))))
        .collect();
    // What compiles with these keys compiles without some of them.
    let Ok(ruleset) = compile(&variants(rule, look, looks), lists) else { return Vec::new() };
    let found = all_hits(&ruleset, facts);
    let Some((all, with_one)) = found.split_first() else { return Vec::new() };
    let mut taken: Vec<(&Hit, Vec<Key>)> = Vec::new();
    for hit in all.iter().filter(|hit| !is_among(hit, hits)) {
        let takes = |(_, left): &(&Key, &Vec<Hit>)| !is_among(hit, left);
        let by: Vec<Key> = keys.iter().zip(with_one).filter(takes).map(|(key, _)| *key).collect();
        taken.push((hit, by));
    }
    let told = worth_telling(taken);
    told.into_iter().map(|(hit, by)| shown(hit, &by, look, lists)).collect()
}

fn but(keys: &[Key], kept: usize) -> impl Iterator<Item = Key> {
    keys.iter().enumerate().filter(move |(at, _)| *at != kept).map(|(_, key)| *key)
}

/// For each of `looks` a rule that looks for it first, and then for what its place depends on; named in that order.
fn variants(rule: &Rule, look: &LookFor, looks: Vec<LookFor>) -> Vec<Rule> {
    let mut others = Vec::new();
    let mut place = &look.place;
    while let Some(named) = place.named().and_then(|name| rule.look_fors.iter().find(|other| other.name == name)) {
        others.push(named.clone());
        place = &named.place;
    }
    let plain = Rule { look_fors: Vec::new(), examples: Vec::new(), ..rule.clone() };
    let mut report = plain.report.clone();
    report.when = When::Name(0);
    let variant = |(number, look): (usize, LookFor)| Rule {
        id: format!("{number:04}"),
        look_fors: std::iter::once(look).chain(others.iter().cloned()).collect(),
        report: report.clone(),
        ..plain.clone()
    };
    looks.into_iter().enumerate().map(variant).collect()
}

/// The hits of each rule's first condition.
fn all_hits(ruleset: &Ruleset, facts: &Facts) -> Vec<Vec<Hit>> {
    let heard = Heard::of(ruleset, facts);
    let first = |compiled| Answers(&Asked::new(compiled, &heard)).hits(0).to_vec();
    ruleset.rules.iter().map(first).collect()
}

/// Whether one of `others` stands where `hit` does, at least in part: without a key, more may be joined to one hit.
fn is_among(hit: &Hit, others: &[Hit]) -> bool {
    others.iter().any(|other| match (words_of(hit), words_of(other)) {
        (Some(one), Some(other)) => one.0 < other.1 && other.0 < one.1,
        _ => (hit.role, hit.span) == (other.role, other.span),
    })
}

/// Where the words of a hit start and end: utterance and character.
fn words_of(hit: &Hit) -> Option<((i32, i32), (i32, i32))> {
    let (turns, chars) = hit.turns.zip(hit.chars)?;
    Some(((turns.0, chars.0), (turns.1, chars.1)))
}

/// Without what lies under a threshold and is kept out for another reason too, and of what a threshold alone keeps out
/// what came nearest.
fn worth_telling(taken: Vec<(&Hit, Vec<Key>)>) -> Vec<(&Hit, Vec<Key>)> {
    let is_under = |by: &[Key]| by.iter().any(|key| key.is_threshold);
    let mut under: Vec<f64> =
        taken.iter().filter(|(_, by)| is_under(by) && by.len() == 1).filter_map(|(hit, _)| hit.value).collect();
    under.sort_by(|left, right| right.partial_cmp(left).unwrap_or(Ordering::Equal));
    let least = under.get(NEAREST - 1).or(under.last()).copied();
    let is_near = |hit: &Hit| hit.value.zip(least).is_some_and(|(value, least)| value >= least);
    taken.into_iter().filter(|(hit, by)| !is_under(by) || by.len() == 1 && is_near(hit)).collect()
}

fn shown(hit: &Hit, by: &[Key], look: &LookFor, lists: &BTreeMap<String, List>) -> Taken {
    let found = Shown::of(hit).with_list(look, lists);
    let is_under = by.iter().any(|key| key.is_threshold);
    // The threshold that was lifted says nothing.
    let threshold = found.threshold.filter(|_| !is_under);
    Taken { found: Shown { threshold, ..found }, by: by.iter().map(|key| key.name).collect(), is_under }
}
