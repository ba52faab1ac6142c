//! The tables of some calls as they stand in a batch: filtered, merged, brought to the present schema.

use super::error::DatasetError;
use super::log::CommittedBatch;
use super::snapshot::{Snapshot, unreadable};
use crate::tables::{CallKey, TableError, TableName, read_call_keys};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, ListArray, RecordBatch, StructArray, UInt32Array, new_null_array,
};
use arrow::compute::{concat_batches, filter_record_batch, take_record_batch};
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
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
    conform(&table.schema(), &batches).map_err(|source| unreadable(&path, source))
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

/// `batches` as one, with the columns `schema`; those that an earlier version did not write are null.
pub(super) fn conform(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<RecordBatch, TableError> {
    let conformed: Vec<RecordBatch> = batches
        .iter()
        .map(|batch| {
            let column = |field: &Arc<arrow::datatypes::Field>| -> Result<ArrayRef, TableError> {
                match batch.column_by_name(field.name()) {
                    Some(column) => grown(column, field.data_type()).ok_or_else(|| TableError::WrongType {
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
                None => Ok(RecordBatch::try_new(Arc::clone(schema), columns).expect("every column fits its field")),
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(concat_batches(schema, &conformed).expect("all have the present schema"))
}

/// `column` as one of the type `wanted`: what an earlier version did not write into structs is null. `None` where it is of
/// another type.
fn grown(column: &ArrayRef, wanted: &DataType) -> Option<ArrayRef> {
    match (column.data_type(), wanted) {
        (own, wanted) if own == wanted => Some(Arc::clone(column)),
        (DataType::List(_), DataType::List(element)) => {
            let lists = column.as_list::<i32>();
            let values = grown(lists.values(), element.data_type())?;
            let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
            Some(Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, nulls).ok()?))
        }
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let structs = column.as_struct();
            let part = |field: &FieldRef| match structs.column_by_name(field.name()) {
                Some(own) => grown(own, field.data_type()),
                None => field.is_nullable().then(|| new_null_array(field.data_type(), structs.len())),
            };
            let parts = fields.iter().map(part).collect::<Option<Vec<_>>>()?;
            Some(Arc::new(StructArray::try_new(fields.clone(), parts, structs.nulls().cloned()).ok()?))
        }
        _ => None,
    }
}

fn call_ids(table: TableName, rows: &RecordBatch) -> Result<ArrayRef, DatasetError> {
    let column = "call_id".to_owned();
    let ids = rows.column_by_name("call_id").ok_or(TableError::MissingColumn { column });
    Ok(Arc::clone(ids.map_err(|source| unreadable(table.name(), source))?))
}

#[cfg(test)]
mod tests {
    use super::super::throws::Throws;
    use super::*;
    use crate::facts::{Facts, PriorCall};
    use crate::tables::{FactTables, Row, batches, read_facts};
    use std::collections::HashMap;
    use std::ops::Range;

    /// The calls of `facts`, with their earlier calls.
    fn calls_of(rows: Vec<Row>) -> RecordBatch {
        batches(&rows).into_iter().find(|(table, _)| *table == TableName::Calls).unwrap().1
    }

    /// `calls` with one of its columns as `change` makes it.
    fn with(calls: &RecordBatch, name: &str, change: impl Fn(&ArrayRef) -> ArrayRef) -> RecordBatch {
        let names = calls.schema_ref().fields().iter().map(|field| field.name().clone());
        let columns = names.zip(calls.columns()).map(|(own, column)| {
            let column = if own == name { change(column) } else { Arc::clone(column) };
            (own, column, true)
        });
        RecordBatch::try_from_iter_with_nullable(columns).unwrap()
    }

    /// A list of structs with the fields `kept` alone, and their documentation gone.
    fn as_it_was(list: &ArrayRef, kept: Range<usize>) -> ArrayRef {
        let lists = list.as_list::<i32>();
        let structs = lists.values().as_struct();
        let plain = |field: &FieldRef| Arc::new(field.as_ref().clone().with_metadata(HashMap::new()));
        let fields: arrow::datatypes::Fields = structs.fields()[kept.clone()].iter().map(plain).collect();
        let columns = structs.columns()[kept].to_vec();
        let structs = StructArray::new(fields.clone(), columns, structs.nulls().cloned());
        let element = Arc::new(arrow::datatypes::Field::new("element", DataType::Struct(fields), false));
        Arc::new(ListArray::new(element, lists.offsets().clone(), Arc::new(structs), lists.nulls().cloned()))
    }

    #[test]
    fn earlier_calls_of_an_earlier_version_gain_what_it_did_not_know() {
        let prior = |started_at_us| PriorCall {
            started_at_us,
            direction: Some("inbound".into()),
            answered: Some(true),
            same_number: Some(true),
            ..PriorCall::default()
        };
        let mut rows: Vec<Row> = (0..3).map(|call| Throws::seeded(call).row(&format!("call {call}"))).collect();
        for (row, priors) in rows.iter_mut().zip([vec![prior(1), prior(2)], vec![], vec![prior(3)]]) {
            row.facts.call.prior_calls = priors;
            row.facts.call.metadata.agent_id = None;
        }
        let calls = calls_of(rows);
        let old = with(&calls, "prior_calls", |list| as_it_was(list, 0..4));
        // A slice has values before and after its own.
        let conformed = conform(&TableName::Calls.schema(), &[old.slice(0, 1), old.slice(1, 2)]).unwrap();
        assert_eq!(conformed.schema(), TableName::Calls.schema());
        let tables = FactTables { calls: &[conformed], turns: &[], stretches: &[], entities: &[] };
        let read: Vec<Facts> = read_facts(tables).unwrap();
        let found: Vec<_> = read.into_iter().map(|facts| facts.call.prior_calls).collect();
        let known = |at| PriorCall { same_number: None, ..prior(at) };
        assert_eq!(found, [vec![known(1), known(2)], vec![], vec![known(3)]]);
    }

    #[test]
    fn what_is_of_another_type_is_refused() {
        let calls = calls_of(vec![Throws::seeded(1).row("one")]);
        type Change<'a> = &'a dyn Fn(&ArrayRef) -> ArrayRef;
        let cases: [(&str, Change<'_>); 3] = [
            ("a field that must be there is not", &|list| as_it_was(list, 1..4)),
            ("no list", &|list| new_null_array(&DataType::Int32, list.len())),
            ("a list of something else", &|list| {
                let element = Arc::new(arrow::datatypes::Field::new("element", DataType::Int32, true));
                new_null_array(&DataType::List(element), list.len())
            }),
        ];
        for (name, change) in cases {
            let refused = conform(&TableName::Calls.schema(), &[with(&calls, "prior_calls", change)]);
            assert!(matches!(refused, Err(TableError::WrongType { .. })), "{name}: {refused:?}");
        }
    }
}
