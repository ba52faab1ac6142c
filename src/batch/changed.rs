//! Which rules must be asked again of calls that others judged before.

use crate::dataset::Snapshot;
use crate::inspect::Plan;
use crate::packs::Packs;
use crate::tables::{CallKey, RuleRow, Verdicts};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What judged a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct JudgedBy<'a> {
    ruleset_hash: &'a str,
    in_force_mode: &'a str,
    tool_version: &'a str,
}

impl<'a> JudgedBy<'a> {
    /// What gave these verdicts.
    pub(super) fn of(verdicts: &'a Verdicts) -> Self {
        let Verdicts { ruleset_hash, in_force_mode, tool_version, .. } = verdicts;
        Self { ruleset_hash, in_force_mode, tool_version }
    }

    /// What judged the call of that key; `None`: nothing did.
    pub(super) fn of_key(key: &'a CallKey) -> Option<Self> {
        let CallKey { ruleset_hash, in_force_mode, tool_version, .. } = key;
        Some(Self {
            ruleset_hash: ruleset_hash.as_deref()?,
            in_force_mode: in_force_mode.as_deref()?,
            tool_version: tool_version.as_deref()?,
        })
    }
}

/// What judges, and the rules it is made of.
#[derive(Clone, Copy, Debug)]
pub struct Judges<'a> {
    /// What judges.
    pub plan: &'a Plan,
    /// What it was made of.
    pub packs: &'a Packs,
}

/// For what judged calls of a dataset before, the rules that may say something else now.
pub(super) struct ChangedRules<'a> {
    from: &'a Snapshot,
    judges: Judges<'a>,
    effects: BTreeMap<&'a str, String>,
    /// By the hash and the mode.
    known: Mutex<BTreeMap<[String; 2], Option<Arc<Plan>>>>,
}

impl<'a> ChangedRules<'a> {
    pub(super) fn new(from: &'a Snapshot, judges: Judges<'a>) -> Self {
        Self { from, judges, effects: judges.packs.effects(), known: Mutex::default() }
    }

    /// Those rules alone; `None`: all rules must be asked.
    pub(super) fn since(&self, by: JudgedBy<'_>) -> Option<Arc<Plan>> {
        // Another version may judge otherwise.
        if by.tool_version != env!("CARGO_PKG_VERSION") {
            return None;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let by_rules = [by.ruleset_hash, by.in_force_mode].map(str::to_owned);
        known.entry(by_rules).or_insert_with(|| self.find(by).map(Arc::new)).clone()
    }

    fn find(&self, by: JudgedBy<'_>) -> Option<Plan> {
        // Where the rules cannot be read, asking all of them says the same, later.
        let rules = self.from.read_rules(by.ruleset_hash).ok()?;
        let same_days = by.in_force_mode == self.judges.plan.in_force.name();
        let effects: BTreeMap<&str, &RuleRow> = rules.iter().map(|rule| (rule.rule.as_str(), rule)).collect();
        let stays = |id: &str| {
            let (Some(was), Some(is)) = (effects.get(id), self.effects.get(id)) else { return false };
            was.effect_hash == *is && (same_days || is_always_in_force(was))
        };
        let judges = self.judges;
        let mut all = judges.plan.sets.iter().flat_map(|set| set.ruleset().rules());
        all.any(|rule| stays(&rule.id)).then(|| judges.packs.part_of(judges.plan, |id| !stays(id)).ok())?
    }
}

/// Whether it does not matter on which day the rule is asked.
const fn is_always_in_force(rule: &RuleRow) -> bool {
    rule.in_force_from.is_none() && rule.in_force_until.is_none()
}
