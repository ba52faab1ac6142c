//! The tables of some calls as they stand in a batch: filtered, merged, brought to the present schema.

use super::error::DatasetError;
use super::log::CommittedBatch;
use super::snapshot::{Snapshot, unreadable};
use crate::tables::{CallKey, TableError, TableName, read_call_keys};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{concat_batches, filter_record_batch, take_record_batch};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One record batch for each table of [`TableName::PER_BATCH`], in that order.
pub(super) type Tables = Vec<(TableName, RecordBatch)>;

/// The tables of `batch`, in the present schema.
pub(super) fn read(snapshot: &Snapshot, batch: &CommittedBatch) -> Result<Tables, DatasetError> {
    TableName::PER_BATCH.into_iter().map(|table| Ok((table, read_table(snapshot, batch, table)?))).collect()
}

/// The rows of `batch` in `table`, in the present schema.
pub(super) fn read_table(
    snapshot: &Snapshot,
    batch: &CommittedBatch,
    table: TableName,
) -> Result<RecordBatch, DatasetError> {
    let path = batch.file(table).path();
    let batches = snapshot.read_table(batch, table)?;
    conform(table, &batches).map_err(|source| unreadable(&path, source))
}

/// The keys of the calls in `calls`.
pub(super) fn keys(calls: &RecordBatch) -> Result<Vec<CallKey>, DatasetError> {
    read_call_keys(calls).map_err(|source| unreadable(TableName::Calls.name(), source))
}

/// The rows of the calls that `is_kept` says.
pub(super) fn filter(tables: &Tables, is_kept: impl Fn(&str) -> bool) -> Result<Tables, DatasetError> {
    let filter = |(table, rows): &(TableName, RecordBatch)| {
        let ids = call_ids(*table, rows)?;
        let mask: BooleanArray = ids.as_string::<i32>().iter().map(|id| id.map(&is_kept)).collect();
        Ok((*table, filter_record_batch(rows, &mask).expect("the mask is as long as the rows")))
    };
    tables.iter().map(filter).collect()
}

/// Where each call stands in a batch that holds those with `keys`: by agent (unknown first), then call.
pub(super) fn ranks<'a>(keys: impl Iterator<Item = &'a CallKey>) -> BTreeMap<&'a str, u32> {
    let mut order: Vec<_> = keys.map(|key| (&key.agent_id, key.call_id.as_str())).collect();
    order.sort();
    (0..).zip(order).map(|(rank, (_, call_id))| (call_id, rank)).collect()
}

/// The rows of `parts`, all of `table`, in one, each call's where `ranks` has it.
pub(super) fn merge(
    table: TableName,
    parts: &[RecordBatch],
    ranks: &BTreeMap<&str, u32>,
) -> Result<RecordBatch, DatasetError> {
    let rows = concat_batches(&table.schema(), parts).expect("all parts have the present schema");
    let ids = call_ids(table, &rows)?;
    let ids = ids.as_string::<i32>();
    let mut places: Vec<u32> = (0..rows.num_rows() as u32).collect();
    places.sort_by_cached_key(|row| ranks.get(ids.value(*row as usize)).copied());
    let sorted = take_record_batch(&rows, &UInt32Array::from(places));
    Ok(sorted.expect("places are those of the rows"))
}

/// `batches` as one, with the columns of the present schema; those that an earlier version did not write are null.
pub(super) fn conform(table: TableName, batches: &[RecordBatch]) -> Result<RecordBatch, TableError> {
    let schema = table.schema();
    let conformed: Vec<RecordBatch> = batches
        .iter()
        .map(|batch| {
            let column = |field: &Arc<arrow::datatypes::Field>| -> Result<ArrayRef, TableError> {
                match batch.column_by_name(field.name()) {
                    Some(column) if column.data_type() == field.data_type() => Ok(Arc::clone(column)),
                    Some(column) => Err(TableError::WrongType {
                        column: field.name().clone(),
                        expected: field.data_type().to_string(),
                        found: column.data_type().to_string(),
                    }),
                    None if field.is_nullable() => Ok(new_null_array(field.data_type(), batch.num_rows())),
                    None => Err(TableError::MissingColumn { column: field.name().clone() }),
                }
            };
            let columns = schema.fields().iter().map(column).collect::<Result<Vec<_>, _>>()?;
            let null = |column: &ArrayRef, field: &Arc<arrow::datatypes::Field>| {
                !field.is_nullable() && column.null_count() > 0
            };
            match columns.iter().zip(schema.fields()).find(|(column, field)| null(column, field)) {
                Some((column, _)) => {
                    let row = (0..column.len()).find(|row| column.is_null(*row)).unwrap_or_default();
                    Err(TableError::NullValue { row })
                }
                None => Ok(RecordBatch::try_new(Arc::clone(&schema), columns).expect("every column fits its field")),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(concat_batches(&schema, &conformed).expect("all have the present schema"))
}

fn call_ids(table: TableName, rows: &RecordBatch) -> Result<ArrayRef, DatasetError> {
    let column = "call_id".to_owned();
    let ids = rows.column_by_name("call_id").ok_or(TableError::MissingColumn { column });
    Ok(Arc::clone(ids.map_err(|source| unreadable(table.name(), source))?))
}
