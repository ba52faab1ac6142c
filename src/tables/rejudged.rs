//! The tables that judging again writes anew; the others are kept byte for byte.

use super::calls::judgement_schema;
use super::error::TableError;
use super::facts::UNSEEN_OF_CALLS;
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

/// The columns of `calls` that judging again looks at: those of facts that rules see, and those of the judgement that was. Rules that had an
/// answer are among them only where what some said is to be kept: they take more memory than all other columns together.
#[must_use]
pub fn columns_to_rejudge(keeps_any: bool) -> Vec<String> {
    let of_rules = rules_evaluated::columns();
    let is_of_rules = |name: &String| of_rules.iter().any(|column| column.field.name() == name);
    let is_seen = |name: &String| !UNSEEN_OF_CALLS.contains(&name.as_str()) && (keeps_any || !is_of_rules(name));
    TableName::Calls.schema().fields().iter().map(|field| field.name().clone()).filter(is_seen).collect()
}

/// One record batch for each table of [`TableName::PER_BATCH`] that holds judgements, in that order: of `calls` the columns of
/// [`judgement_schema`], and the tables of what was said. `rejudged` has one entry for each row of `calls`, in their order, which all
/// tables keep: they equal what [`super::batches`] gives of the same facts and judgements.
///
/// # Errors
/// [`TableError`] where the call's id, agent or team is missing or of another type.
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
        (TableName::Calls, judged_calls(rejudged)),
        of_calls.judged(TableName::Findings, |judged| &judged.judgement.findings),
        of_calls.judged(TableName::ScoreItems, |judged| &judged.score.items),
        of_calls.judged(TableName::NotEvaluated, |judged| &judged.judgement.not_evaluated),
        (TableName::VerdictChanges, verdict_changes(&source, of_calls)?),
    ];
    Ok(tables.into())
}

fn judged_calls(rejudged: &[Rejudged]) -> RecordBatch {
    let mut arrays = Vec::new();
    let verdicts: Vec<_> = rejudged.iter().map(|call| call.judged.as_ref().map(verdicts_of)).collect();
    let verdicts: Vec<_> = verdicts.iter().map(Option::as_ref).collect();
    Verdicts::write(&verdicts, &mut arrays);
    rules_evaluated::write(rejudged.iter().map(|call| call.judged.as_ref()), &mut arrays);
    RecordBatch::try_new(judgement_schema(), arrays).expect("arrays and columns come from the same list")
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
