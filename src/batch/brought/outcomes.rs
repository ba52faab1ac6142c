//! outcomes.csv: one line per call of which the outcome is known.

use crate::entities::masked_id;
use crate::report::Outcome;
use crate::worklist::{BroughtLine, Cells, Needed, WorkMistake, read_table, shown_text};
use std::collections::BTreeMap;
use std::path::Path;

const NEEDED: [Needed; 5] = [
    (&["call_id"], "the call"),
    (&["promised"], "the day by which the customer promised to pay; may be empty"),
    (&["paid_at"], "the day of the first payment; may be empty"),
    (&["amount"], "what was paid; may be empty"),
    (&["complaint_at"], "the day on which the customer complained; may be empty"),
];

/// Reads what calls led to, by call, under the id as written and under the one that a dataset shows.
///
/// # Errors
/// Every mistake in it; a call that has two lines is one.
pub(super) fn read(path: &Path) -> Result<BTreeMap<String, Outcome>, Vec<WorkMistake>> {
    let mut outcomes = BTreeMap::new();
    read_table(path, &NEEDED, None, &outcome, &mut |(call_id, outcome)| {
        let shown = masked_id(&call_id);
        let twice = outcomes.insert(call_id, outcome).is_some();
        let message = twice.then(|| format!("call_id {:?} stands there twice", shown_text(&shown)));
        outcomes.insert(shown, outcome);
        message.map(|message| (message, "give each call one line"))
    })?;
    Ok(outcomes)
}

fn outcome(line: BroughtLine<'_>, cells: &mut Cells<'_>) -> (String, Outcome) {
    let (mut call_id, mut outcome) = (String::new(), Outcome::default());
    for (column, cell) in line.cells() {
        match column {
            "call_id" => cell.clone_into(&mut call_id),
            "promised" => outcome.promised = cells.day(column, cell),
            "paid_at" => outcome.paid_at = cells.day(column, cell),
            "amount" => outcome.amount = cells.amount(column, cell),
            "complaint_at" => outcome.complaint_at = cells.day(column, cell),
            _ => {}
        }
    }
    if call_id.is_empty() {
        cells.say("call_id is empty".into(), "say which call it is about, or remove the line");
    }
    (call_id, outcome)
}
