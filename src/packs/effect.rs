//! What decides the answer of one rule, so that rules that would say the same need not be asked again.

use super::model::{LoadedRule, Packs, Set};
use super::plan::judges;
use crate::lexicon::{List, NEGATION, QUOTATION};
use crate::rules::Script;
use crate::rules::model::Rule;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is hashed, in this order. A change of its shape changes every hash.
#[derive(Serialize)]
struct Effect<'p> {
    rule: &'p Rule,
    /// Those it names, and those that tell negation and quotation to all rules.
    lists: Vec<&'p List>,
    scripts: Vec<&'p Script>,
    /// Every set: a call is judged by the first that is for it.
    sets: Vec<Asked<'p>>,
}

/// A set, as one rule knows it.
#[derive(Serialize)]
struct Asked<'p> {
    when: &'p BTreeMap<String, Vec<String>>,
    /// Languages that rules of the set are written for, on which hangs what a rule says of a call in another one; `None`: the
    /// rule is not in the set.
    languages: Option<&'p BTreeSet<&'p str>>,
}

impl Packs {
    /// For each rule that judges in some set, 16 hex digits of BLAKE3 over the JSON of all that decides what it says of a call: the rule but
    /// its examples, the lists that it names, lists of negation and of quotation, scripts that excuse it, and which calls are
    /// asked about it.
    ///
    /// Two rules with one id and one hash say the same of the same facts, in the same version, if their days count alike; what
    /// their findings cost is for the scorecard to say.
    #[must_use]
    pub fn effects(&self) -> BTreeMap<&str, String> {
        let languages: Vec<BTreeSet<&str>> = self.sets.iter().map(|set| self.languages(set)).collect();
        let judging = self.rules.values().filter(|loaded| judges(loaded) && self.is_in_a_set(loaded));
        judging.map(|loaded| (loaded.rule.id.as_str(), self.effect(loaded, &languages))).collect()
    }

    fn effect(&self, loaded: &LoadedRule, languages: &[BTreeSet<&str>]) -> String {
        let rule = &loaded.rule;
        let is_used = |id: &String| {
            id.ends_with(NEGATION)
                || id.ends_with(QUOTATION)
                || rule.look_fors.iter().any(|look| look.kind.lists().contains(id))
        };
        let none = BTreeSet::new();
        // To a rule for every language, none is a strange one.
        let of_others = |languages| if rule.languages.is_empty() { &none } else { languages };
        let scripts = self.scripts.values().map(|loaded| &loaded.script);
        let effect = Effect {
            rule,
            lists: self.lists.iter().filter(|(id, _)| is_used(id)).map(|(_, list)| list).collect(),
            scripts: scripts.filter(|script| script.rules.contains(&rule.id)).collect(),
            sets: (self.sets.iter().zip(languages))
                .map(|(set, languages)| Asked {
                    when: &set.when,
                    languages: set.packs.contains(&loaded.pack).then(|| of_others(languages)),
                })
                .collect(),
        };
        let json = serde_json::to_vec(&effect).expect("strings, numbers and lists of them have JSON");
        blake3::hash(&json).to_hex()[..16].to_owned()
    }

    /// Languages that the rules of `set` that judge are written for.
    fn languages<'p>(&'p self, set: &'p Set) -> BTreeSet<&'p str> {
        self.of_set(&set.packs).flat_map(|loaded| &loaded.rule.languages).map(String::as_str).collect()
    }
}
