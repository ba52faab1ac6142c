//! reviews.csv: one line per decision of a person.

use super::read::one_of;
use crate::report::{Decision, Review, Selection};
use crate::worklist::{BroughtLine, Cells, Needed, WorkMistake, read_table};
use jiff::tz::TimeZone;
use std::path::Path;

const NEEDED: [Needed; 10] = [
    (&["review_id"], "a name of the line"),
    (&["finding_id"], "the finding, as in the table findings; empty for what was missed"),
    (&["call_id"], "the call"),
    (&["reviewer"], "who decided"),
    (&["decided_at"], "when it was decided"),
    (&["decision"], "upheld, overturned or missed"),
    (&["rule"], "the rule"),
    (&["selection"], "why a person looked: random, risk or appeal"),
    (&["probability"], "how likely it was to be chosen; may be empty"),
    (&["appeal_of"], "the review appealed against; may be empty"),
];

/// Reads the decisions, in the order of the file.
///
/// # Errors
/// Every mistake in it.
pub(super) fn read(path: &Path) -> Result<Vec<Review>, Vec<WorkMistake>> {
    let mut reviews = Vec::new();
    // Moments are only compared with one another.
    read_table(path, &NEEDED, Some(&TimeZone::UTC), &review, &mut |review| {
        reviews.push(review);
        None
    })?;
    Ok(reviews)
}

fn review(line: BroughtLine<'_>, cells: &mut Cells<'_>) -> Review {
    let mut review = Review::default();
    let mut has_time = false;
    for (column, cell) in line.cells() {
        match column {
            "review_id" => review.review_id = Some(cell.to_owned()),
            "finding_id" => review.finding_id = Some(cell.to_owned()),
            "decided_at" => {
                has_time = true;
                review.decided_us = cells.time(column, cell).map(|time| time.timestamp_us);
            }
            "decision" => review.decision = one_of(cells, (column, cell), Decision::ALL, Decision::name),
            "rule" => review.rule = Some(cell.to_owned()),
            "selection" => review.selection = one_of(cells, (column, cell), Selection::ALL, Selection::name),
            "probability" => review.probability = cells.probability(column, cell),
            "appeal_of" => review.appeal_of = Some(cell.to_owned()),
            _ => {}
        }
    }
    if review.finding_id.is_some() && !has_time {
        cells.say("decided_at is empty".into(), "say when: of two decisions on a finding the later holds");
    }
    review
}
