//! Rules whose examples do not show where they stop.

use super::{Warning, in_use, of_rule};
use crate::finding::RuleStatus;
use crate::inspect::example::facts;
use crate::packs::Packs;
use crate::rules::Ruleset;
use crate::rules::explain::loosened;
use crate::rules::model::{Example, Expected, Rule};

/// How a near miss is called by those who say so.
const NEAR_MISS: [&str; 4] = ["近似", "否定", "near miss", "Near miss"];

/// Active rules without a near miss: an example that stays silent, and is called one or holds something that the rule
/// finds and does not count.
pub(super) fn without_near_miss(packs: &Packs) -> Vec<Warning> {
    let active = || in_use(packs).filter(|loaded| loaded.rule.status == RuleStatus::Active);
    let unsaid: Vec<_> = active().filter(|loaded| !loaded.rule.examples.iter().any(is_called_one)).collect();
    let rules: Vec<Rule> = unsaid.iter().map(|loaded| loaded.rule.clone()).collect();
    // Rules that judge have been compiled before; without that there is nothing to try.
    let Ok(loose) = loosened(&rules, &packs.lists) else { return Vec::new() };
    let warn = |loaded: &&crate::packs::LoadedRule| {
        let message = "no example shows a near miss: what looks like a hit and is none".to_owned();
        let way_out = "add an example with `report = false` that is called \"near miss: …\" or \"近似:…\"";
        of_rule(loaded, "no_near_miss", message, way_out)
    };
    unsaid.iter().filter(|loaded| !has_one(&loaded.rule, &loose)).map(warn).collect()
}

fn is_called_one(example: &Example) -> bool {
    example.expected == Expected::Silent && NEAR_MISS.iter().any(|name| example.name.starts_with(name))
}

fn has_one(rule: &Rule, loose: &Ruleset) -> bool {
    let language = rule.languages.first().map(String::as_str);
    let mut silent = rule.examples.iter().filter(|example| example.expected == Expected::Silent);
    silent.any(|example| !loose.found(&rule.id, &facts(example, language)).is_empty())
}
