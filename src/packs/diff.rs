//! What two sets of rules, lists and cards have that differs. Pure.

mod readable;
mod revision;
#[cfg(test)]
pub(crate) mod tests;
mod values;

pub use values::{Changed, Values};

use self::readable::readable;
use super::model::{LoadedRule, Packs};
use crate::lexicon::List;
use crate::rules::model::{Example, Rule};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A pack.
    Pack,
    /// A rule.
    Rule,
    /// A list of words.
    List,
    /// A scorecard.
    Scorecard,
    /// A set.
    Set,
}

impl What {
    /// All of them, in the order in which people want to read of them.
    pub const ALL: [Self; 5] = [Self::Pack, Self::Rule, Self::List, Self::Scorecard, Self::Set];

    /// Several of them, for people.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Pack => "packs",
            Self::Rule => "rules",
            Self::List => "lists",
            Self::Scorecard => "scorecards",
            Self::Set => "sets",
        }
    }
}

/// Something that is not the same in both.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is.
    pub what: What,
    /// Its id; a set's name.
    pub id: String,
    /// How it differs.
    pub how: How,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// What looks like a slip.
    pub warnings: Vec<String>,
}

/// How something differs.
#[derive(Clone, Debug, PartialEq)]
pub enum How {
    /// Only the second has it.
    Added,
    /// Only the first has it.
    Removed,
    /// Both have it, with these paths changed.
    Changed(Vec<Changed>),
}

/// Everything in which `new` differs from `old`, by what it is and id.
#[must_use]
pub fn diff(old: &Packs, new: &Packs) -> Vec<Difference> {
    let mut differences = of_values(What::Pack, &values(&old.packs), &values(&new.packs));
    let lists = lists(old, new);
    let changed: BTreeSet<&str> = lists.iter().map(|list| list.id.as_str()).collect();
    differences.extend(rules(old, new, &changed));
    differences.extend(lists);
    differences.extend(of_values(What::Scorecard, &values(&old.cards), &values(&new.cards)));
    differences.extend(sets(old, new));
    differences
}

fn values<T: Serialize>(all: &BTreeMap<String, T>) -> BTreeMap<String, Value> {
    all.iter().map(|(id, one)| (id.clone(), value(one))).collect()
}

fn value(one: &impl Serialize) -> Value {
    serde_json::to_value(one).expect("strings, numbers and lists of them have JSON")
}

fn of_values(what: What, old: &BTreeMap<String, Value>, new: &BTreeMap<String, Value>) -> Vec<Difference> {
    let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |id: &String| {
        let how = match (old.get(id), new.get(id)) {
            (None, _) => How::Added,
            (_, None) => How::Removed,
            (Some(old), Some(new)) if old == new => return None,
            (Some(old), Some(new)) => How::Changed(values::changed(old, new)),
        };
        Some(Difference { what, id: id.clone(), how, notes: Vec::new(), warnings: Vec::new() })
    };
    ids.into_iter().filter_map(of).collect()
}

fn rules(old: &Packs, new: &Packs, changed_lists: &BTreeSet<&str>) -> Vec<Difference> {
    let readables = |packs: &Packs| {
        packs.rules.iter().map(|(id, loaded)| (id.clone(), readable(&loaded.rule))).collect::<BTreeMap<_, _>>()
    };
    let mut differences = of_values(What::Rule, &readables(old), &readables(new));
    for (id, loaded) in &new.rules {
        let Some(before) = old.rules.get(id) else { continue };
        let examples = examples(&before.rule, &loaded.rule);
        let at = differences.iter().position(|difference| difference.id == *id);
        if !examples.is_empty() && at.is_none() {
            let (what, id, how) = (What::Rule, id.clone(), How::Changed(Vec::new()));
            differences.push(Difference { what, id, how, notes: Vec::new(), warnings: Vec::new() });
        }
        let Some(difference) = differences.iter_mut().find(|difference| difference.id == *id) else { continue };
        if let How::Changed(changed) = &mut difference.how {
            let uses_changed = lists_of(&loaded.rule).any(|list| changed_lists.contains(list.as_str()));
            difference.warnings.extend(revision::warning(before, loaded, changed, uses_changed));
            changed.extend(examples);
        }
        difference.notes = overrides(before, loaded);
    }
    differences.sort_by(|one, other| one.id.cmp(&other.id));
    differences
}

/// What overrides change now that they did not before.
fn overrides(before: &LoadedRule, after: &LoadedRule) -> Vec<String> {
    let new = after.changes.iter().filter(|change| !before.changes.contains(change));
    new.map(|change| format!("{} sets {} = {}: {}", change.file, change.path, change.value, change.because)).collect()
}

/// What examples came, went and changed; they decide nothing, but say what is meant.
fn examples(before: &Rule, after: &Rule) -> Vec<Changed> {
    let by_name = |rule: &Rule| -> BTreeMap<String, Example> {
        // Where an example stands in its file says nothing of it.
        let plain = |example: &Example| Example { line: 0, ..example.clone() };
        rule.examples.iter().map(|example| (example.name.clone(), plain(example))).collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    let names = |of: &BTreeMap<String, Example>, others: &BTreeMap<String, Example>| -> Vec<String> {
        of.keys().filter(|name| !others.contains_key(*name)).cloned().collect()
    };
    let (added, removed) = (names(&after, &before), names(&before, &after));
    let mut changed = Vec::new();
    if !added.is_empty() || !removed.is_empty() {
        changed.push(Changed { path: "example".to_owned(), values: Values::Entries { added, removed } });
    }
    let others = after.iter().filter(|(name, example)| before.get(*name).is_some_and(|before| before != *example));
    changed.extend(others.map(|(name, _)| Changed { path: format!("example.{name}"), values: Values::Otherwise }));
    changed
}

fn lists(old: &Packs, new: &Packs) -> Vec<Difference> {
    let mut differences = of_values(What::List, &values::<List>(&old.lists), &values(&new.lists));
    for difference in &mut differences {
        let users = new.rules.values().chain(old.rules.values());
        let users = users.filter(|loaded| lists_of(&loaded.rule).any(|list| *list == difference.id));
        let users: BTreeSet<&str> = users.map(|loaded| loaded.rule.id.as_str()).collect();
        if !users.is_empty() {
            difference.notes.push(format!("used by {}", users.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    differences
}

/// The lists that a rule names.
fn lists_of(rule: &Rule) -> impl Iterator<Item = &String> {
    rule.look_fors.iter().flat_map(|look| look.kind.lists())
}

fn sets(old: &Packs, new: &Packs) -> Vec<Difference> {
    let by_name = |packs: &Packs| packs.sets.iter().map(|set| (set.name.clone(), value(set))).collect();
    let mut differences = of_values(What::Set, &by_name(old), &by_name(new));
    let common = |packs: &Packs, others: &Packs| -> Vec<String> {
        let is_there = |name: &&String| others.sets.iter().any(|set| set.name == **name);
        packs.sets.iter().map(|set| &set.name).filter(is_there).cloned().collect()
    };
    let (before, after) = (common(old, new), common(new, old));
    if before != after {
        let order = |names: &[String]| Some(Value::from(names.join(", ")));
        let values = Values::Set { before: order(&before), after: order(&after) };
        let how = How::Changed(vec![Changed { path: "order".to_owned(), values }]);
        differences.push(Difference {
            what: What::Set,
            id: "(all)".to_owned(),
            how,
            notes: Vec::new(),
            warnings: Vec::new(),
        });
    }
    differences
}
