//! The manifest's columns, masked.

use crate::entities::mask_text;
use crate::recording::Metadata;
use std::collections::BTreeMap;

/// Returns `metadata` with every text masked, keys of further columns too, except the columns that `keep` names.
pub(super) fn metadata(metadata: &Metadata, keep: &[String]) -> Metadata {
    let own = |name: &str, value: &Option<String>| value.as_deref().map(|value| text(name, value, keep));
    Metadata {
        started_at: metadata.started_at,
        agent_id: own("agent_id", &metadata.agent_id),
        team: own("team", &metadata.team),
        customer_id: own("customer_id", &metadata.customer_id),
        callee_role: own("callee_role", &metadata.callee_role),
        customer_zone: own("customer_zone", &metadata.customer_zone),
        queue: own("queue", &metadata.queue),
        product: own("product", &metadata.product),
        stage: own("stage", &metadata.stage),
        direction: own("direction", &metadata.direction),
        ended_by: own("ended_by", &metadata.ended_by),
        language: own("language", &metadata.language),
        extra: extra(&metadata.extra, keep),
    }
}

/// `value` of the column `name`, masked unless `keep` names it.
pub(super) fn text(name: &str, value: &str, keep: &[String]) -> String {
    if keep.iter().any(|kept| kept == name) { value.to_owned() } else { mask_text(value) }
}

/// Two names that are one when masked stay two: the later gets primes.
fn extra(extra: &BTreeMap<String, String>, keep: &[String]) -> BTreeMap<String, String> {
    let mut masked = BTreeMap::new();
    for (name, value) in extra {
        let mut shown = text(name, name, keep);
        while masked.contains_key(&shown) {
            shown.push('\'');
        }
        masked.insert(shown, text(name, value, keep));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_all_but_what_is_kept() {
        let raw = Metadata {
            agent_id: Some("8023".into()),
            customer_id: Some("C-13800138000".into()),
            queue: Some("13900139000".into()),
            extra: [("tel", "13800138000"), ("due", "2026-11-20"), ("13800138000", "a"), ("13900139000", "b")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Metadata::default()
        };
        let masked = metadata(&raw, &["queue".to_owned()]);
        assert_eq!(masked.agent_id.as_deref(), Some("8023"));
        assert_eq!(masked.customer_id.as_deref(), Some("C-███████████"));
        assert_eq!(masked.queue.as_deref(), Some("13900139000"));
        let extra: Vec<(&str, &str)> =
            masked.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(extra, [("due", "2026-11-20"), ("tel", "███████████"), ("███████████", "a"), ("███████████'", "b")]);
        assert_eq!(metadata(&raw, &["tel".to_owned()]).extra["tel"], "13800138000");
    }
}
