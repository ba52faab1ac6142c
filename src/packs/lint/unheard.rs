//! Rules that can never report.

use super::{Warning, in_use, of_rule};
use crate::packs::Packs;
use crate::rules::expression::names_in;
use crate::rules::model::{Kind, LookFor, Rule, When};
use crate::rules::spelled;
use crate::units::Role;

/// Of more names there are too many ways in which they can be true.
const MAX_NAMES: usize = 12;

/// Rules whose pack is in no set, so that they judge no call.
pub(super) fn in_no_set(packs: &Packs) -> Vec<Warning> {
    let is_in_set = |pack: &String| packs.sets.iter().any(|set| set.packs.contains(pack));
    let lost = in_use(packs).filter(|loaded| !is_in_set(&loaded.pack));
    let warn = |loaded| {
        let message = "it is in use, but no set has its pack, so it judges no call".to_owned();
        of_rule(loaded, "in_no_set", message, "name the pack in a set of sets.toml, or retire the rule")
    };
    lost.map(warn).collect()
}

/// Rules whose `when` no call can make true.
pub(super) fn never_true(packs: &Packs) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for loaded in in_use(packs) {
        let rule = &loaded.rule;
        if can_report(rule) {
            continue;
        }
        let names: Vec<&str> = rule.look_fors.iter().map(|look| look.name.as_str()).collect();
        let deaf: Vec<&str> =
            rule.look_fors.iter().filter(|look| !can_be_heard(look)).map(|look| look.name.as_str()).collect();
        let (message, way_out) = match deaf.as_slice() {
            [] => {
                let message = format!("no call can make `when` true: {}", spelled::when(&rule.report.when, &names));
                (message, "look for a condition that is asked to be there and not to be there")
            }
            deaf => {
                let message = format!("it can never report: nobody is measured of whom {} asks", deaf.join(", "));
                (message, "silence, interruption and rates over the call are of the agent or the customer alone")
            }
        };
        warnings.push(of_rule(loaded, "never_reports", message, way_out));
    }
    warnings
}

/// Whether there is a way in which the conditions can be true that makes `when` true. An order can hold or not where
/// its names are true; of very many names, nothing is said.
fn can_report(rule: &Rule) -> bool {
    let names: Vec<usize> = names_in(&rule.report.when).into_iter().collect();
    if names.len() > MAX_NAMES {
        return true;
    }
    (0..1_u32 << names.len()).any(|bits| {
        let is_true = |name: usize| names.iter().position(|other| *other == name).is_none_or(|at| bits >> at & 1 == 1);
        names.iter().all(|&name| !is_true(name) || can_be_true(rule, name, &is_true))
            && can_be(&rule.report.when, true, rule, &is_true)
    })
}

/// Whether the condition `name` can be true beside the others: it is heard, and where it stands beside another
/// condition, that one has a hit.
fn can_be_true(rule: &Rule, name: usize, is_true: &dyn Fn(usize) -> bool) -> bool {
    let look = &rule.look_fors[name];
    let named = look.place.named().and_then(|named| rule.look_fors.iter().position(|other| other.name == named));
    // A condition that needs several hits can be false and still have one.
    let has_hit = |other: usize| is_true(other) || rule.look_fors[other].count_at_least > 1;
    can_be_heard(look) && named.is_none_or(has_hit)
}

/// Whether anybody can do what a condition looks for: these are known of the two sides alone.
fn can_be_heard(look: &LookFor) -> bool {
    let of = match &look.kind {
        Kind::Silence(silence) => silence.of.or(look.speakers),
        Kind::Interruption(by) => by.by.or(look.speakers),
        Kind::SpeechRate(rate) if rate.over_call => look.speakers,
        _ => return true,
    };
    of.has(Role::Agent) || of.has(Role::Customer)
}

/// Whether `when` can be `wanted` where the names are as `is_true` says.
fn can_be(when: &When, wanted: bool, rule: &Rule, is_true: &dyn Fn(usize) -> bool) -> bool {
    let can = |when: &When, wanted| can_be(when, wanted, rule, is_true);
    match (when, wanted) {
        (When::Name(name), wanted) => is_true(*name) == wanted,
        (When::Not(inner), wanted) => can(inner, !wanted),
        (When::And(left, right), true) | (When::Or(left, right), false) => can(left, wanted) && can(right, wanted),
        (When::And(left, right), false) | (When::Or(left, right), true) => can(left, wanted) || can(right, wanted),
        (When::Before(a, b) | When::Then(a, b, _), true) => is_true(*a) && is_true(*b),
        (When::EveryThen(a, b, _), true) => !is_true(*a) || is_true(*b) || rule.look_fors[*b].count_at_least > 1,
        // Hits may stand in another order or further apart.
        (When::Before(..) | When::Then(..), false) => true,
        (When::EveryThen(a, ..), false) => is_true(*a) || rule.look_fors[*a].count_at_least > 1,
    }
}
