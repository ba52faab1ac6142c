//! The process that judges again what a worker wrote.

use super::child::each_batch;
use super::trouble::Trouble;
use crate::batch::rejudge_call;
use crate::inspect::Plan;
use crate::tables::{joined, nested, unnested};
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
        let mut rows = Vec::with_capacity(batch.num_rows());
        for (row, tables) in unnested(&batch).map_err(at(0))?.into_iter().enumerate() {
            let again = rejudge_call(tables, plan).map_err(at(row))?;
            rows.push(nested(&again.call_id, again.date, again.tables));
        }
        Ok(joined(&rows))
    })
}
