//! One name for everything that decides how a call is judged.

use super::model::{Packs, Set};
use crate::finding::RuleStatus;
use crate::lexicon::List;
use crate::rules::Script;
use crate::rules::model::Rule;
use crate::score::Scorecard;
use serde::Serialize;

/// What is hashed, in this order. A change of its shape changes every hash.
#[derive(Serialize)]
struct Resolved<'p> {
    rules: Vec<&'p Rule>,
    lists: Vec<&'p List>,
    cards: Vec<&'p Scorecard>,
    sets: Vec<&'p Set>,
    /// Left out where there are none, so that sites without a whitelist keep their hash.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scripts: Vec<&'p Script>,
}

impl Packs {
    /// 16 hex digits of BLAKE3 over the JSON of the rules that judge in some set (active and trial ones; all of them
    /// but their examples), every list, the scorecards that can judge, the sets and the approved scripts. `card` is the scorecard that
    /// judges instead of the sets' own, if one does.
    ///
    /// The same packs give the same hash on every machine; where the files stand does not count.
    #[must_use]
    pub fn ruleset_hash(&self, card: Option<&str>) -> String {
        let judges = |pack: &String, status: RuleStatus| {
            matches!(status, RuleStatus::Active | RuleStatus::Trial)
                && self.sets.iter().any(|set| set.packs.contains(pack))
        };
        let rules =
            self.rules.values().filter(|loaded| judges(&loaded.pack, loaded.rule.status)).map(|loaded| &loaded.rule);
        let can_judge = |id: &str| match card {
            Some(card) => card == id,
            None => self.sets.iter().any(|set| self.card_of(set).is_some_and(|card| card.id == id)),
        };
        let resolved = Resolved {
            rules: rules.collect(),
            lists: self.lists.values().collect(),
            cards: self.cards.values().filter(|card| can_judge(&card.id)).collect(),
            sets: self.sets.iter().collect(),
            scripts: self.scripts.values().map(|loaded| &loaded.script).collect(),
        };
        let json = serde_json::to_vec(&resolved).expect("strings, numbers and lists of them have JSON");
        blake3::hash(&json).to_hex()[..16].to_owned()
    }
}
