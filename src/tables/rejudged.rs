//! The tables that judging again writes anew; the others are kept byte for byte.

use super::calls;
use super::error::TableError;
use super::name::TableName;
use super::record::{Part, Record, Source, call_ids, write_in_call};
use super::rows::Judged;
use super::rules_evaluated;
use super::verdict_changes::VerdictChange;
use super::verdicts::{Verdicts, verdicts_of};
use crate::score::Change;
use arrow::array::RecordBatch;

/// What was said of a call that was judged again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rejudged {
    /// The judgement; `None` where the call failed.
    pub judged: Option<Judged>,
    /// How it differs from the one before.
    pub changes: Vec<Change>,
}

/// The columns of `calls` that [`judgement_batches`] and [`super::read_verdicts`] look at: all but the rules that had an answer, which
/// are written anew, and take more memory than all others together.
#[must_use]
pub fn columns_to_rejudge() -> Vec<String> {
    let is_kept = |name: &String| !rules_evaluated::columns().iter().any(|column| column.field.name() == name);
    TableName::Calls.schema().fields().iter().map(|field| field.name().clone()).filter(is_kept).collect()
}

/// One record batch for each table of [`TableName::PER_BATCH`] that holds judgements, in that order: `calls` with its
/// columns of facts as they are and its columns of judgement anew, and the tables of what was said. `rejudged` has one
/// entry for each row of `calls`, in their order, which all tables keep: they equal what [`super::batches`] gives of
/// the same facts and judgements where `calls` does.
///
/// # Errors
/// [`TableError`] where a column of facts is missing, of another type, or null where none may be.
///
/// # Panics
/// Where `rejudged` has not one entry for each row.
pub fn judgement_batches(
    calls: &RecordBatch,
    rejudged: &[Rejudged],
) -> Result<Vec<(TableName, RecordBatch)>, TableError> {
    assert_eq!(calls.num_rows(), rejudged.len(), "one judgement for each row of calls");
    let source = Source::of(calls);
    let ids = call_ids(&source)?;
    let ids: Vec<&str> = (0..rejudged.len()).map(|row| ids.required(row)).collect::<Result<_, _>>()?;
    let of_calls = OfCalls { ids: &ids, rejudged };
    let tables = [
        (TableName::Calls, judged_calls(calls, rejudged)?),
        of_calls.judged(TableName::Findings, |judged| &judged.judgement.findings),
        of_calls.judged(TableName::ScoreItems, |judged| &judged.score.items),
        of_calls.judged(TableName::NotEvaluated, |judged| &judged.judgement.not_evaluated),
        (TableName::VerdictChanges, verdict_changes(&source, of_calls)?),
    ];
    Ok(tables.into())
}

fn judged_calls(calls: &RecordBatch, rejudged: &[Rejudged]) -> Result<RecordBatch, TableError> {
    let mut arrays = calls::fact_arrays(calls)?;
    let verdicts: Vec<_> = rejudged.iter().map(|call| call.judged.as_ref().map(verdicts_of)).collect();
    let verdicts: Vec<_> = verdicts.iter().map(Option::as_ref).collect();
    Verdicts::write(&verdicts, &mut arrays);
    rules_evaluated::write(rejudged.iter().map(|call| call.judged.as_ref()), &mut arrays);
    Ok(TableName::Calls.batch(arrays))
}

/// Calls by id, and what was said of each.
#[derive(Clone, Copy)]
struct OfCalls<'a> {
    ids: &'a [&'a str],
    rejudged: &'a [Rejudged],
}

impl<'a> OfCalls<'a> {
    fn judged<R: Record + 'a>(self, table: TableName, of: impl Fn(&'a Judged) -> &'a [R]) -> (TableName, RecordBatch) {
        let rows = self.ids.iter().zip(self.rejudged).filter_map(|(id, call)| Some((*id, call.judged.as_ref()?)));
        (table, write_in_call(table, rows.flat_map(|(id, judged)| of(judged).iter().map(move |row| (id, row)))))
    }
}

fn verdict_changes(source: &Source<'_>, calls: OfCalls<'_>) -> Result<RecordBatch, TableError> {
    let [agents, teams] = ["agent_id", "team"].map(|name| <Option<String> as Part>::open(source, name));
    let (agents, teams) = (agents?, teams?);
    let mut rows = Vec::new();
    for (row, (id, call)) in calls.ids.iter().zip(calls.rejudged).enumerate() {
        for change in &call.changes {
            let agent_id = <Option<String> as Part>::get(&agents, row)?.flatten();
            let team = <Option<String> as Part>::get(&teams, row)?.flatten();
            rows.push((*id, VerdictChange { change: change.clone(), agent_id, team }));
        }
    }
    Ok(write_in_call(TableName::VerdictChanges, rows.iter().map(|(id, row)| (*id, row))))
}
