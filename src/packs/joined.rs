//! The files of every layer, read and put beside one another; names are not yet resolved.

use super::apply;
use super::folder::{Found, Layer, Place};
use super::model::{Pack, Replaced, Set};
use super::{overrides, pack_file, sets, whitelist};
use crate::lexicon::file::WrittenList;
use crate::rules::Script;
use crate::rules::model::Rule;
use crate::score::Scorecard;
use crate::written::{Fault, Mistake, Placed, Reference, codes};
use crate::{lexicon, rules, score};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something read, and the file it was read from.
pub(super) struct From<T> {
    pub(super) value: T,
    pub(super) references: Vec<Reference>,
    pub(super) file: String,
    pub(super) text: Arc<str>,
    pub(super) shipped: bool,
}

impl<T> From<T> {
    /// `fault` as a mistake of the file.
    pub(super) fn mistake(&self, fault: Fault) -> Mistake {
        Mistake::new(&self.file, Arc::clone(&self.text), fault)
    }
}

/// A rule, and where it stands.
pub(super) struct WrittenRule {
    pub(super) rule: Rule,
    pub(super) pack: String,
    pub(super) stem: String,
    /// Lists that only overrides make it use.
    pub(super) lists_of_overrides: Vec<String>,
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Joined {
    pub(super) packs: BTreeMap<String, From<Pack>>,
    pub(super) rules: BTreeMap<String, From<WrittenRule>>,
    pub(super) lists: BTreeMap<String, From<WrittenList>>,
    pub(super) cards: BTreeMap<String, From<Scorecard>>,
    /// By rule and path; those of later folders have replaced earlier ones.
    pub(super) overrides: BTreeMap<(String, String), apply::Placed>,
    pub(super) sets: Option<From<Vec<Set>>>,
    /// The scripts of each file; no two have one name.
    pub(super) whitelists: Vec<From<Vec<Placed<Script>>>>,
    pub(super) default_card: Option<String>,
    pub(super) replaced: Vec<Replaced>,
    pub(super) mistakes: Vec<Mistake>,
    /// Ids of rules, packs and lists whose files have mistakes: they exist, whatever they are.
    pub(super) broken: BTreeSet<String>,
}

impl Joined {
    /// Reads every file of `layer`, which comes after those that were added before.
    pub(super) fn add(&mut self, layer: Layer) {
        self.mistakes.extend(layer.mistakes);
        let mut overrides_of_layer = BTreeMap::new();
        let rules = read_rules(&layer.found);
        for (found, rule) in layer.found.into_iter().zip(rules) {
            match found.place.clone() {
                Place::Pack(folder) => self.add_pack(found, &folder, layer.shipped),
                Place::Rule { pack, stem } => {
                    if let Some(read) = rule {
                        self.add_rule(found, read, &pack, &stem, layer.shipped);
                    }
                }
                Place::Card => self.add_card(found, layer.shipped, false),
                Place::DefaultCard => self.add_card(found, layer.shipped, true),
                Place::List { language, stem } => self.add_list(found, &language, &stem, layer.shipped),
                Place::Overrides => self.add_overrides(found, &mut overrides_of_layer),
                Place::Sets => self.add_sets(found, layer.shipped),
                Place::Whitelist => self.add_whitelist(found, layer.shipped),
            }
        }
        self.overrides.extend(overrides_of_layer);
    }

    fn add_pack(&mut self, found: Found, folder: &str, shipped: bool) {
        let read = pack_file::read(folder, &found.file, &found.text).map(|pack| (pack, Vec::new()));
        let Some(pack) = self.keep(read, found, shipped, folder) else { return };
        if let Some(first) = self.packs.get(&pack.value.id) {
            let fault = Fault::new(
                codes::DUPLICATE,
                id_place(&pack.text),
                format!("there is already a pack `{}`", pack.value.id),
            );
            self.mistakes.push(pack.mistake(
                fault.label(format!("the other one is {}", first.file)).help("rename the folder and its rules"),
            ));
        } else {
            self.packs.insert(pack.value.id.clone(), pack);
        }
    }

    fn add_rule(&mut self, found: Found, read: ReadRule, pack: &str, stem: &str, shipped: bool) {
        let written =
            |rule| WrittenRule { rule, pack: pack.to_owned(), stem: stem.to_owned(), lists_of_overrides: Vec::new() };
        let read = read.map(|(rule, references)| (written(rule), references));
        let id = format!("{pack}.{stem}");
        if let Some(rule) = self.keep(read, found, shipped, &id) {
            // The same rule twice means the same pack twice, which is reported there.
            self.rules.entry(id).or_insert(rule);
        }
    }

    fn add_list(&mut self, found: Found, language: &str, stem: &str, shipped: bool) {
        let read = lexicon::file::read_written(language, stem, &found.file, &found.text).map(|list| (list, Vec::new()));
        let id = format!("{language}/{stem}");
        let Some(list) = self.keep(read, found, shipped, &id) else { return };
        if let Some(replaced) = self.lists.get(&id) {
            self.replaced.push(replaced_by("list", &id, replaced, &list.file));
        }
        self.lists.insert(id, list);
    }

    fn add_card(&mut self, found: Found, shipped: bool, default: bool) {
        let read = score::file::read(&found.file, &found.text);
        let Some(card) = self.keep(read, found, shipped, "") else { return };
        let id = card.value.id.clone();
        match self.cards.get(&id) {
            Some(first) if first.shipped == shipped => {
                let fault =
                    Fault::new(codes::DUPLICATE, id_place(&card.text), format!("there is already a scorecard `{id}`"));
                self.mistakes.push(card.mistake(fault.label(format!("the other one is {}", first.file))));
                return;
            }
            Some(replaced) => self.replaced.push(replaced_by("scorecard", &id, replaced, &card.file)),
            None => {}
        }
        if default {
            self.default_card = Some(id.clone());
        }
        self.cards.insert(id, card);
    }

    fn add_overrides(&mut self, found: Found, of_layer: &mut BTreeMap<(String, String), apply::Placed>) {
        let read = overrides::read(&found.file, &found.text).map(|changes| (changes, Vec::new()));
        let Some(read) = self.keep(read, found, false, "") else { return };
        for change in &read.value {
            let placed =
                apply::Placed { change: change.clone(), file: read.file.clone(), text: Arc::clone(&read.text) };
            let key = (change.rule.value.clone(), change.path.clone());
            if let Some(first) = of_layer.get(&key) {
                let fault = overrides::conflict(change, &format!("in {}", first.file));
                self.mistakes.push(placed.mistake(fault));
            } else {
                of_layer.insert(key, placed);
            }
        }
    }

    fn add_sets(&mut self, found: Found, shipped: bool) {
        let read = sets::read(&found.file, &found.text);
        let Some(sets) = self.keep(read, found, shipped, "") else { return };
        if let Some(replaced) = &self.sets {
            self.replaced.push(replaced_by("sets", "", replaced, &sets.file));
        }
        self.sets = Some(sets);
    }

    fn add_whitelist(&mut self, found: Found, shipped: bool) {
        let read = whitelist::read(&found.file, &found.text);
        let Some(scripts) = self.keep(read, found, shipped, "") else { return };
        for script in &scripts.value {
            let has_it = |others: &&From<Vec<Placed<Script>>>| {
                others.value.iter().any(|other| other.value.name == script.value.name)
            };
            if let Some(others) = self.whitelists.iter().find(has_it) {
                let fault = whitelist::duplicate(script, &format!("in {}", others.file));
                self.mistakes.push(scripts.mistake(fault));
            }
        }
        self.whitelists.push(scripts);
    }

    /// What was read, with its file; mistakes are kept, and the id they hide.
    fn keep<T>(
        &mut self,
        read: Result<(T, Vec<Reference>), Vec<Mistake>>,
        found: Found,
        shipped: bool,
        id: &str,
    ) -> Option<From<T>> {
        match read {
            Ok((value, references)) => {
                Some(From { value, references, file: found.file, text: Arc::from(found.text), shipped })
            }
            Err(mistakes) => {
                self.mistakes.extend(mistakes);
                self.broken.insert(id.to_owned());
                None
            }
        }
    }
}

/// What comes of the file of a rule.
type ReadRule = Result<(Rule, Vec<Reference>), Vec<Mistake>>;

/// Their patterns are most of what is read, so rules are read on all cores. The threads end here: what they hold would stay with them.
fn read_rules(found: &[Found]) -> Vec<Option<ReadRule>> {
    match rayon::ThreadPoolBuilder::new().build() {
        Ok(threads) if found.len() > 1 => threads.install(|| found.par_iter().map(read_rule).collect()),
        _ => found.iter().map(read_rule).collect(),
    }
}

/// `None` where the file is not that of a rule.
fn read_rule(found: &Found) -> Option<ReadRule> {
    let Place::Rule { pack, stem } = &found.place else { return None };
    Some(rules::file::read_referring(pack, stem, &found.file, &found.text))
}

fn replaced_by<T>(what: &'static str, id: &str, replaced: &From<T>, by: &str) -> Replaced {
    Replaced { what, id: id.to_owned(), file: replaced.file.clone(), by: by.to_owned() }
}

/// Where the value of the top-level `id` stands, for files whose readers do not say.
fn id_place(text: &str) -> std::ops::Range<usize> {
    toml::de::DeTable::parse(text)
        .ok()
        .and_then(|table| table.get_ref().get("id").map(toml::Spanned::span))
        .unwrap_or_default()
}
