//! What has run out.

use super::{Warning, in_use, of_rule};
use crate::packs::Packs;
use jiff::civil::Date;

/// Approvals whose day of review has passed.
pub(super) fn approvals(packs: &Packs, today: Date) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for loaded in in_use(packs) {
        let Some(approval) = &loaded.rule.approved else { continue };
        if let Some(review_by) = approval.review_by.filter(|review_by| *review_by < today) {
            let message = format!("{} approved it until {review_by}, which has passed", approval.by);
            let way_out = "have it reviewed and write a new `approved`, or retire it";
            warnings.push(of_rule(loaded, "approval_passed", message, way_out));
        }
    }
    warnings
}

/// Rules that are in force no longer.
pub(super) fn run_out(packs: &Packs, today: Date) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for loaded in in_use(packs) {
        if let Some(until) = loaded.rule.in_force_until.filter(|until| *until < today) {
            let message = format!("it was in force until {until}, so it judges no new call");
            let way_out =
                "retire it (it still judges old calls in recheck --in-force own-day), or move `in_force.until`";
            warnings.push(of_rule(loaded, "not_in_force", message, way_out));
        }
    }
    warnings
}
