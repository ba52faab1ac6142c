//! What every condition has: whose words count, where, and how many; and the columns that a rule needs.

use super::amounts::{place, windows};
use super::{Changed, instead, without};
use crate::rules::compile::needed_columns;
use crate::rules::model::{Kind, LookFor, Place, Rule};
use crate::rules::speakers::Speakers;
use crate::units::Role;

/// `look` with other speakers, in another place, with another number of hits. `counts` says whether that number matters.
pub(super) fn changed(look: &LookFor, counts: bool) -> Changed<LookFor> {
    // A fact of the call as a whole has neither speaker nor place, and there is one or none.
    if matches!(look.kind, Kind::Call(_) | Kind::History(_)) {
        return Vec::new();
    }
    let mut changed = speakers(look);
    changed.extend(places(look));
    if counts {
        changed.extend(hits(look));
    }
    changed
}

/// The rule's columns without each that no condition needs by itself.
pub(super) fn needs(rule: &Rule) -> Changed<Vec<String>> {
    let forced: Vec<String> = rule.look_fors.iter().flat_map(needed_columns).flatten().collect();
    let free = rule.needs.iter().enumerate().filter(|(_, column)| !forced.contains(column));
    free.map(|(at, column)| (format!("needs without {column}"), without(&rule.needs, at))).collect()
}

fn speakers(look: &LookFor) -> Changed<LookFor> {
    let (key, whose) = whose(look);
    if whose.is_anyone() {
        return Vec::new();
    }
    let swapped = Speakers::of(whose.roles().map(|role| match role {
        Role::Agent => Role::Customer,
        Role::Customer => Role::Agent,
        other => other,
    }));
    [Speakers::ANYONE, swapped].map(|other| (instead(key, other, whose), of_speakers(look, other))).into()
}

/// Who counts, and the key that says so.
fn whose(look: &LookFor) -> (&'static str, Speakers) {
    match &look.kind {
        Kind::Silence(silence) if !silence.of.is_anyone() => ("of", silence.of),
        Kind::Interruption(cut) if !cut.by.is_anyone() => ("by", cut.by),
        _ => ("speaker", look.speakers),
    }
}

/// `look`, about these speakers and nobody else, wherever it says so.
fn of_speakers(look: &LookFor, speakers: Speakers) -> LookFor {
    let mut look = LookFor { speakers, ..look.clone() };
    match &mut look.kind {
        Kind::Silence(silence) => silence.of = speakers,
        Kind::Interruption(cut) => cut.by = speakers,
        _ => {}
    }
    look
}

fn places(look: &LookFor) -> Changed<LookFor> {
    let others = std::iter::once(Place::Anywhere).chain(windows(&look.place));
    let changed = others
        .map(|other| (instead("where", place(&other), place(&look.place)), LookFor { place: other, ..look.clone() }));
    changed.collect()
}

fn hits(look: &LookFor) -> Changed<LookFor> {
    let least = look.count_at_least;
    let others = [1, least.saturating_sub(1).max(1), least.saturating_add(1)];
    let changed = others
        .map(|other| (instead("count_at_least", other, least), LookFor { count_at_least: other, ..look.clone() }));
    changed.into()
}
