//! Everything that judges calls, resolved.

use crate::lexicon::List;
use crate::recording::Metadata;
use crate::rules::Script;
use crate::rules::model::Rule;
use crate::score::Scorecard;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackOptions {
    /// A user's folders, in the order in which they were given: each is a pack or holds packs.
    pub folders: Vec<PathBuf>,
    /// Whether the shipped packs judge. The shipped lists and default scorecard are there in any case.
    pub shipped: bool,
}

impl Default for PackOptions {
    fn default() -> Self {
        Self { folders: Vec::new(), shipped: true }
    }
}

/// Rules, lists, scorecards, scripts and sets, with the overrides applied and every name resolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packs {
    /// Packs by id.
    pub packs: BTreeMap<String, Pack>,
    /// Rules by id, whatever their status.
    pub rules: BTreeMap<String, LoadedRule>,
    /// Lists by id.
    pub lists: BTreeMap<String, List>,
    /// Scorecards by id.
    pub cards: BTreeMap<String, Scorecard>,
    /// Approved scripts by name.
    pub scripts: BTreeMap<String, LoadedScript>,
    /// Which packs and scorecard judge which calls: the first that matches. The last matches every call; where nobody
    /// wrote sets, it is the only one, is called `all` and has every pack.
    pub sets: Vec<Set>,
    /// The scorecard of sets that name none; `None` only where none is shipped.
    pub default_card: Option<String>,
    /// What a user's folder replaced.
    pub replaced: Vec<Replaced>,
    /// The file of each list.
    pub list_files: BTreeMap<String, ListFile>,
}

impl Packs {
    /// The set that judges a call of which `metadata` is known.
    #[must_use]
    pub fn set_for(&self, metadata: &Metadata) -> Option<&Set> {
        self.sets.iter().find(|set| set.matches(metadata))
    }

    /// The scorecard that judges by `set`: its own, or else the default one.
    #[must_use]
    pub fn card_of(&self, set: &Set) -> Option<&Scorecard> {
        self.cards.get(set.scorecard.as_ref().or(self.default_card.as_ref())?)
    }
}

/// A pack: a folder of rules that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pack {
    /// Its id: the folder's name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The language its rules are written in.
    pub language: String,
    /// Who looks after it.
    pub owner: String,
    /// What counsel must check before anybody relies on it.
    pub counsel: String,
}

/// A rule and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedRule {
    /// The rule, overrides applied.
    pub rule: Rule,
    /// The text of its file, as written.
    pub text: String,
    /// Its pack's id.
    pub pack: String,
    /// Its file, as it is shown.
    pub file: String,
    /// What overrides changed, by path.
    pub changes: Vec<Change>,
    /// Whether its file came with callsift.
    pub shipped: bool,
}

/// Where a list stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// Its file, as it is shown.
    pub file: String,
    /// Whether it came with callsift.
    pub shipped: bool,
}

/// A file of which nothing counts, since a later folder has another of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What it is: `list`, `scorecard` or `sets`.
    pub what: &'static str,
    /// Its id; empty for sets.
    pub id: String,
    /// The file that does not count.
    pub file: String,
    /// The file that counts instead.
    pub by: String,
}

/// An approved script and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedScript {
    /// The script.
    pub script: Script,
    /// Its file, as it is shown.
    pub file: String,
}

/// One change that an override made to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it changed, such as `look_for.fast.above`.
    pub path: String,
    /// The new value, as TOML.
    pub value: String,
    /// Why.
    pub because: String,
    /// The file of the override.
    pub file: String,
}

/// Which packs and scorecard judge which calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// The packs that judge.
    pub packs: Vec<String>,
    /// The scorecard; `None`: the default one.
    pub scorecard: Option<String>,
    /// Columns of the call and the values that each may have; empty: every call.
    pub when: BTreeMap<String, Vec<String>>,
}

impl Set {
    /// Whether the set takes a call of which `metadata` is known: every column has one of its values. A column that is
    /// empty has none.
    #[must_use]
    pub fn matches(&self, metadata: &Metadata) -> bool {
        self.when
            .iter()
            .all(|(column, values)| metadata.column(column).is_some_and(|value| values.iter().any(|it| it == value)))
    }
}
