//! The column of `calls` that says which rules had an answer: the denominators of violation rates.

use super::error::TableError;
use super::record::{Column, Described, Part, Source};
use super::rows::Judged;
use super::value::{List, Value};
use arrow::array::{Array, ArrayRef, ListBuilder, RecordBatch, StringBuilder};
use arrow::datatypes::DataType;
use std::sync::Arc;

const NAME: &str = "rules_evaluated";

/// The ids of the rules that had an answer on each call of `calls`, sorted, in the order of the table; `None` where a call was not judged.
/// The other columns need not be there.
///
/// # Errors
/// [`TableError`] where the column is of another type, or has a null among the ids.
pub fn read_rules_evaluated(calls: &RecordBatch) -> Result<Vec<Option<Vec<&str>>>, TableError> {
    let Some((lists, ids)) = <Option<List<String>> as Part>::open(&Source::of(calls), NAME)? else {
        return Ok(vec![None; calls.num_rows()]);
    };
    let of_call = |row: usize| {
        let [start, end] = [row, row + 1].map(|at| lists.value_offsets()[at] as usize);
        let mut rules = (start..end).map(|at| ids.required(at)).collect::<Result<Vec<_>, _>>()?;
        if !rules.is_sorted() {
            // We write them so; whoever writes otherwise is understood too.
            rules.sort_unstable();
        }
        Ok(lists.is_valid(row).then_some(rules))
    };
    (0..calls.num_rows()).map(of_call).collect()
}

pub(super) fn columns() -> Vec<Column> {
    let meaning = "Ids of the rules, active and on trial, that were applicable and had an answer, sorted: the denominator of a \
                   rule's rate. A rule that is neither here nor in `not_evaluated` was not about the call.";
    let mut columns = Vec::new();
    let described = Described { name: NAME.to_owned(), meaning, unit: "", dictionary: true, optional: true };
    <List<String> as Part>::columns(described, &mut columns);
    columns
}

/// Appends the array for calls judged so; `None` where a call was not judged.
pub(super) fn write<'a>(judged: impl Iterator<Item = Option<&'a Judged>>, arrays: &mut Vec<ArrayRef>) {
    let mut lists = ListBuilder::new(StringBuilder::new());
    if let DataType::List(element) = <List<String> as Value>::data_type() {
        lists = lists.with_field(element);
    }
    for judged in judged {
        let evaluated = judged.iter().flat_map(|judged| &judged.judgement.evaluated);
        evaluated.for_each(|evaluated| lists.values().append_value(&evaluated.rule));
        lists.append(judged.is_some());
    }
    arrays.push(Arc::new(lists.finish()));
}
