//! Whether a rule's revision tells that its meaning changed.

use super::Changed;
use crate::packs::LoadedRule;
use std::cmp::Ordering;

/// What decides which calls a rule reports, and where in them.
const MEANING: [&str; 7] =
    ["look_for", "report.when", "report.once", "needs", "languages", "in_force_from", "in_force_until"];

/// What is wrong with the revision, if anything is. `changed` are the rule's own changes, without its examples;
/// `uses_changed` says whether a list that it uses changed.
pub(super) fn warning(
    before: &LoadedRule,
    after: &LoadedRule,
    changed: &[Changed],
    uses_changed: bool,
) -> Option<String> {
    let (was, is) = (before.rule.revision, after.rule.revision);
    let others = changed.iter().filter(|change| change.path != "revision");
    match is.cmp(&was) {
        Ordering::Less => Some(format!("the revision went back from {was} to {is}")),
        Ordering::Greater if others.count() == 0 && !uses_changed => {
            Some(format!("the revision was raised from {was} to {is}, although nothing changed"))
        }
        // An override cannot raise it, and says itself what it changes.
        Ordering::Equal if changed.iter().any(is_of_meaning) && before.text != after.text => {
            Some(format!("what it finds changed, but its revision is still {is}: raise it"))
        }
        _ => None,
    }
}

fn is_of_meaning(change: &Changed) -> bool {
    let path = change.path.as_str();
    MEANING.iter().any(|key| path == *key || path.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
}
