//! Whether every name that a file says is one that another file has.

use super::joined::{From, Joined};
use super::shipped;
use crate::rules::model::Kind;
use crate::score::card::About;
use crate::written::nearest::{did_you_mean, quoted};
use crate::written::{Fault, Mistake, Reference, Referred, codes};
use std::collections::{BTreeMap, BTreeSet};

/// Every name that nothing has, and every list that nothing uses.
pub(super) fn mistakes(joined: &Joined, shipped_packs: bool) -> Vec<Mistake> {
    let known = Known::of(joined);
    let mut mistakes = Vec::new();
    for rule in joined.rules.values() {
        mistakes.extend(known.mistakes(joined, rule));
    }
    // A shipped card names rules of shipped packs, which may have been left out.
    for card in joined.cards.values().filter(|card| shipped_packs || !card.shipped) {
        mistakes.extend(known.mistakes(joined, card));
        mistakes.extend(categories_outside_packs(joined, card));
    }
    mistakes.extend(joined.sets.iter().flat_map(|sets| known.mistakes(joined, sets)));
    mistakes.extend(joined.whitelists.iter().flat_map(|scripts| known.mistakes(joined, scripts)));
    mistakes.extend(unknown_rules(joined, &known));
    if joined.broken.is_empty() {
        mistakes.extend(unused_lists(joined, shipped_packs));
    }
    mistakes
}

/// All names, by what they are names of.
struct Known(BTreeMap<Referred, BTreeSet<String>>);

impl Known {
    fn of(joined: &Joined) -> Self {
        let categories = joined.rules.values().map(|rule| rule.value.rule.category.clone());
        Self(BTreeMap::from([
            (Referred::List, joined.lists.keys().cloned().collect()),
            (Referred::Rule, joined.rules.keys().cloned().collect()),
            (Referred::AnyRule, joined.rules.keys().cloned().chain(shipped::rule_ids()).collect()),
            (Referred::Category, categories.collect()),
            (Referred::Pack, joined.packs.keys().cloned().collect()),
            (Referred::Card, joined.cards.keys().cloned().collect()),
        ]))
    }

    fn names(&self, referred: Referred) -> impl Iterator<Item = &str> + Clone {
        self.0.get(&referred).into_iter().flatten().map(String::as_str)
    }

    fn mistakes<T>(&self, joined: &Joined, from: &From<T>) -> Vec<Mistake> {
        let unknown = |reference: &&Reference| {
            let is_known = self.names(reference.referred).any(|name| name == reference.name)
                || joined.broken.contains(&reference.name);
            // Nobody knows the categories of rules that cannot be read, nor the ids of cards.
            let may_be = matches!(reference.referred, Referred::Category | Referred::Card) && !joined.broken.is_empty();
            !is_known && !may_be && !reference.name.trim().is_empty()
        };
        from.references.iter().filter(unknown).map(|reference| from.mistake(self.fault(reference))).collect()
    }

    fn fault(&self, reference: &Reference) -> Fault {
        let what = reference.referred.name();
        let names = self.names(reference.referred);
        // There are too many lists and rules for anybody to read.
        let help = match reference.referred {
            Referred::Category | Referred::Pack => format!("known are {}", quoted(names.clone(), ", ")),
            Referred::List | Referred::Rule | Referred::AnyRule | Referred::Card => String::new(),
        };
        Fault::new(codes::UNKNOWN_NAME, reference.span.clone(), format!("there is no {what} `{}`", reference.name))
            .label(did_you_mean(&reference.name, names))
            .help(help)
    }
}

/// Overrides of rules that do not exist.
fn unknown_rules(joined: &Joined, known: &Known) -> Vec<Mistake> {
    let mut told = BTreeSet::new();
    let unknown = joined.overrides.values().filter(|placed| {
        let rule = &placed.change.rule;
        !joined.rules.contains_key(&rule.value)
            && !joined.broken.contains(&rule.value)
            && told.insert(rule.value.clone())
    });
    unknown
        .map(|placed| {
            let rule = &placed.change.rule;
            placed.mistake(known.fault(&Reference {
                referred: Referred::Rule,
                name: rule.value.clone(),
                span: rule.span.clone(),
            }))
        })
        .collect()
}

/// Items narrowed to packs none of whose rules is of the category.
fn categories_outside_packs(joined: &Joined, card: &From<crate::score::Scorecard>) -> Vec<Mistake> {
    if !joined.broken.is_empty() {
        return Vec::new();
    }
    let has = |category: &str, packs: &[String]| {
        let mut rules = joined.rules.values().map(|rule| &rule.value);
        rules.any(|rule| rule.rule.category == category && packs.contains(&rule.pack))
    };
    let is_known = |category: &str| joined.rules.values().any(|rule| rule.value.rule.category == category);
    let mut mistakes = Vec::new();
    for item in &card.value.items {
        let About::Category { category, packs } = &item.about else { continue };
        // A category that no pack has is reported as such.
        if packs.is_empty() || has(category, packs) || !is_known(category) {
            continue;
        }
        let place = card
            .references
            .iter()
            .find(|reference| reference.name == *category)
            .map(|reference| reference.span.clone());
        let message =
            format!("no rule of {} is of the category `{category}`", quoted(packs.iter().map(String::as_str), ", "));
        mistakes.push(card.mistake(Fault::new(codes::UNKNOWN_NAME, place.unwrap_or_default(), message)));
    }
    mistakes
}

fn unused_lists(joined: &Joined, shipped_packs: bool) -> Vec<Mistake> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for rule in joined.rules.values() {
        used.extend(rule.references.iter().map(|reference| reference.name.clone()));
        used.extend(rule.value.lists_of_overrides.iter().cloned());
        used.extend(tool_lists(&rule.value.rule));
    }
    let checked = joined.lists.values().filter(|list| shipped_packs || !list.shipped);
    let unused = checked.filter(|list| !list.value.used_by_tool && !used.contains(&list.value.list.id));
    unused
        .map(|list| {
            let message = format!("no rule uses the list `{}`", list.value.list.id);
            let help = "name it in a rule (`words = [\"lexicon:…\"]`), or take it out";
            list.mistake(Fault::new(codes::UNUSED_LIST, list.value.id_span.clone(), message).help(help))
        })
        .collect()
}

/// The lists that a rule uses without naming them: negation and quotation of its languages.
fn tool_lists(rule: &crate::rules::model::Rule) -> Vec<String> {
    let excludes = rule.look_fors.iter().map(|look_for| match &look_for.kind {
        Kind::Words(words) => (words.negation_excludes, words.quotation_excludes),
        Kind::Patterns(patterns) => (patterns.negation_excludes, patterns.quotation_excludes),
        _ => (false, false),
    });
    let (negation, quotation) = excludes.fold((false, false), |all, one| (all.0 || one.0, all.1 || one.1));
    let stems = [(negation, "negation"), (quotation, "quotation")];
    let used = stems.into_iter().filter(|(used, _)| *used);
    used.flat_map(|(_, stem)| rule.languages.iter().map(move |language| format!("{language}/{stem}"))).collect()
}
