//! The mark by which the process that inspects is told which rows it must not try: their recordings killed it before.

use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use std::sync::Arc;

/// The column of the mark, behind all others.
const CRASHED: &str = "callsift_crashed";

/// `schema` with the mark.
pub(super) fn with_mark(schema: &Schema) -> Schema {
    let mark = Field::new(CRASHED, DataType::Boolean, false);
    Schema::new(schema.fields().iter().map(|field| field.as_ref().clone()).chain([mark]).collect::<Vec<_>>())
}

/// `rows`, all marked as `crashed` or none.
pub(super) fn marked(rows: &RecordBatch, crashed: bool) -> Result<RecordBatch, ArrowError> {
    let mark: ArrayRef = Arc::new(BooleanArray::from(vec![crashed; rows.num_rows()]));
    let columns = rows.columns().iter().cloned().chain([mark]).collect();
    RecordBatch::try_new(Arc::new(with_mark(&rows.schema())), columns)
}

/// The rows without their mark, and the mark of each; none where there is no such column.
pub(super) fn without_mark(rows: &RecordBatch) -> (RecordBatch, Vec<bool>) {
    let schema = rows.schema();
    let Some((place, _)) = schema.column_with_name(CRASHED) else { return (rows.clone(), Vec::new()) };
    let marks = rows.column(place).as_boolean_opt();
    let marks = marks.map_or_else(Vec::new, |marks| marks.iter().map(|mark| mark == Some(true)).collect());
    let rest: Vec<usize> = (0..schema.fields().len()).filter(|other| *other != place).collect();
    (rows.project(&rest).expect("these are columns of the batch"), marks)
}
