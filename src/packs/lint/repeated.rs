//! Lists that another one replaces, and rules that say the same twice.

use super::{Warning, in_use, of_rule};
use crate::packs::{LoadedRule, Packs};
use crate::rules::model::{Place, Rule};
use std::collections::BTreeMap;

/// What a later folder replaced: the words of the earlier file count no longer.
pub(super) fn replaced(packs: &Packs) -> Vec<Warning> {
    let warn = |replaced: &crate::packs::Replaced| Warning {
        file: replaced.by.clone(),
        about: replaced.id.clone(),
        code: "replaced",
        message: format!("it replaces the {} of {}, of which nothing counts any more", replaced.what, replaced.file),
        way_out: "give it another name where both should count".to_owned(),
        shipped: false,
    };
    packs.replaced.iter().map(warn).collect()
}

/// Rules of one category that look for the same and report it alike.
pub(super) fn alike(packs: &Packs) -> Vec<Warning> {
    let mut first: BTreeMap<(&str, String), &LoadedRule> = BTreeMap::new();
    let mut warnings = Vec::new();
    for loaded in in_use(packs) {
        let key = (loaded.rule.category.as_str(), conditions(&loaded.rule));
        if let Some(other) = first.get(&key) {
            let message = format!("it looks for the same as {}, of the same category", other.rule.id);
            let way_out = "retire one of the two, or what is found costs its points twice";
            warnings.push(of_rule(loaded, "same_as_another", message, way_out));
        } else {
            first.insert(key, loaded);
        }
    }
    warnings
}

/// What a rule looks for and when it reports, whatever its conditions are called.
fn conditions(rule: &Rule) -> String {
    let place_of = |name: &String| rule.look_fors.iter().position(|look| look.name == *name).unwrap_or(0).to_string();
    let mut looks = rule.look_fors.clone();
    for (at, look) in looks.iter_mut().enumerate() {
        look.name = at.to_string();
        if let Place::After { name, .. } | Place::Before { name, .. } = &mut look.place {
            *name = place_of(name);
        }
    }
    let all = (&rule.languages, &rule.needs, looks, &rule.report.when);
    serde_json::to_string(&all).expect("text, numbers and dates are always JSON")
}
