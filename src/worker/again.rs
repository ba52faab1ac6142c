//! The process that judges again what a worker wrote.

use super::child::each_batch;
use super::trouble::Trouble;
use crate::batch::rejudge_call;
use crate::inspect::Plan;
use crate::tables::{joined, nested, unnested};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type};
use jiff::civil::Date;
use std::io::{Read, Write};

/// Judges the calls of the stream `input`, rows as [`crate::tables::nested_schema`] has them, by `plan`, and writes them to `output`: the
/// same facts, judgements anew, and in `verdict_changes` what that changed.
///
/// # Errors
/// What came in is wrong, or a pipe failed; then the stream that was written has no end.
pub fn judge_again(plan: &Plan, input: impl Read + Send + 'static, output: impl Write) -> Result<(), Trouble> {
    let mut before = 0;
    each_batch(input, output, &mut |batch| {
        let first = before + 1;
        before += batch.num_rows() as u64;
        let at = |row: usize| move |source| Trouble::Table { row: first + row as u64, source };
        let dates = dates(&batch);
        let mut rows = Vec::with_capacity(batch.num_rows());
        for (row, tables) in unnested(&batch).map_err(at(0))?.into_iter().enumerate() {
            let (call_id, tables) = (call_id(&tables), rejudge_call(tables, plan).map_err(at(row))?);
            rows.push(nested(&call_id, dates.get(row).copied().flatten(), tables));
        }
        Ok(joined(&rows))
    })
}

fn call_id(tables: &[(crate::tables::TableName, RecordBatch)]) -> String {
    let ids = tables.first().and_then(|(_, calls)| calls.column_by_name("call_id").cloned());
    let ids = ids.filter(|ids| !ids.is_empty());
    ids.map_or_else(String::new, |ids| ids.as_string::<i32>().value(0).to_owned())
}

fn dates(batch: &RecordBatch) -> Vec<Option<Date>> {
    let dates = batch.column_by_name("date").and_then(|dates| cast(dates, &DataType::Date32).ok());
    let dates = dates.map(|dates| dates.as_primitive::<Date32Type>().clone());
    let of = |days: i32| jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok();
    dates.map_or_else(Vec::new, |dates| dates.iter().map(|days| days.and_then(of)).collect())
}
