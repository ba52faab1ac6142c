//! The column of `calls` that says which rules had an answer: the denominators of violation rates.

use super::error::TableError;
use super::record::{Column, Record, read_rows, record};
use super::rows::Judged;
use super::value::List;
use arrow::array::{ArrayRef, RecordBatch};
use std::sync::Arc;

/// The rules that had an answer on a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesEvaluated {
    /// The call.
    pub call_id: String,
    /// Their ids, sorted; `None` where the call was not judged.
    pub rules: Option<Vec<String>>,
}

/// The rules that had an answer on each call of `calls`, in the order of the table; its other columns need not be there.
///
/// # Errors
/// [`TableError`] where `call_id` is missing, or a column is of another type.
pub fn read_rules_evaluated(calls: &RecordBatch) -> Result<Vec<RulesEvaluated>, TableError> {
    read_rows(calls)
}

pub(super) fn columns() -> Vec<Column> {
    Answered::columns("", true)
}

/// Appends the array for calls judged so; `None` where a call was not judged.
pub(super) fn write<'a>(judged: impl Iterator<Item = Option<&'a Judged>>, arrays: &mut Vec<ArrayRef>) {
    let answered: Vec<Option<Answered>> = judged.map(|judged| judged.map(answered)).collect();
    let answered: Vec<Option<&Answered>> = answered.iter().map(Option::as_ref).collect();
    Answered::write(&answered, arrays);
}

fn answered(judged: &Judged) -> Answered {
    let mut rules: Vec<_> = judged.judgement.evaluated.iter().map(|evaluated| Arc::clone(&evaluated.rule)).collect();
    rules.sort_unstable();
    Answered { rules }
}

struct Answered {
    rules: Vec<Arc<str>>,
}

record!(Answered {
    /// Ids of the rules, active and on trial, that were applicable and had an answer, sorted: the denominator of a
    /// rule's rate. A rule that is neither here nor in `not_evaluated` was not about the call.
    rules as "rules_evaluated": List<Arc<str>> => dictionary,
});

record!(RulesEvaluated {
    call_id: String,
    rules as "rules_evaluated": Option<List<String>>,
});
