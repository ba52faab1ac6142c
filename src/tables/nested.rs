//! All that is written of a call as one row: each table of a batch is a list in it.

use super::error::TableError;
use super::name::TableName;
use arrow::array::{Array, ArrayRef, AsArray, Date32Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{CastOptions, cast_with_options, concat_batches};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use jiff::civil::Date;
use std::sync::{Arc, OnceLock};

/// The columns before the tables.
const OF_CALL: [&str; 2] = ["call_id", "date"];

/// Days are counted from here.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// One row a call: its id as it is written, its local date, which is null where its start is not known, and a list for each of
/// [`TableName::PER_BATCH`], in that order; of `calls` the list has one element.
#[must_use]
pub fn nested_schema() -> SchemaRef {
    static SCHEMA: OnceLock<SchemaRef> = OnceLock::new();
    let fields = || {
        let call = [Field::new(OF_CALL[0], DataType::Utf8, false), Field::new(OF_CALL[1], DataType::Date32, true)];
        let tables = TableName::PER_BATCH.map(|table| Field::new(table.name(), DataType::List(element(table)), false));
        Arc::new(Schema::new(call.into_iter().chain(tables).collect::<Fields>()))
    };
    Arc::clone(SCHEMA.get_or_init(fields))
}

fn element(table: TableName) -> FieldRef {
    Arc::new(Field::new("element", DataType::Struct(table.schema().fields().clone()), false))
}

/// One row of [`nested_schema`]: of a call on that `date` with these tables, one for each of [`TableName::PER_BATCH`], in that order.
///
/// # Panics
/// Where the tables are others, or their columns are.
#[must_use]
pub fn nested(call_id: &str, date: Option<Date>, tables: Vec<(TableName, RecordBatch)>) -> RecordBatch {
    let days = date.map(|date| (date - EPOCH).get_days());
    let mut columns: Vec<ArrayRef> =
        vec![Arc::new(StringArray::from(vec![call_id])), Arc::new(Date32Array::from(vec![days]))];
    for (table, rows) in tables {
        let offsets = OffsetBuffer::from_lengths([rows.num_rows()]);
        columns.push(Arc::new(ListArray::new(element(table), offsets, Arc::new(StructArray::from(rows)), None)));
    }
    RecordBatch::try_new(nested_schema(), columns).expect("one list for each table")
}

/// Rows of [`nested_schema`] as one batch.
///
/// # Panics
/// Where they have other columns.
#[must_use]
pub fn joined(rows: &[RecordBatch]) -> RecordBatch {
    concat_batches(&nested_schema(), rows).expect("all have these columns")
}

/// The tables of each row of `batch`, which has the columns of [`nested_schema`], in any order and of types that can be read as those; a
/// table that is not there, and a column of a table that may be null and is not there, is empty. Columns of others are passed over.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, or is null where none may be.
pub fn unnested(batch: &RecordBatch) -> Result<Vec<Vec<(TableName, RecordBatch)>>, TableError> {
    let mut all: Vec<Vec<(TableName, RecordBatch)>> = vec![Vec::new(); batch.num_rows()];
    for table in TableName::PER_BATCH {
        let Some(column) = batch.column_by_name(table.name()) else {
            all.iter_mut().for_each(|tables| tables.push((table, RecordBatch::new_empty(table.schema()))));
            continue;
        };
        let field = Field::new(table.name(), DataType::List(element(table)), true);
        let lists = read_as(column, &field)?;
        let lists = lists.as_list::<i32>();
        for (row, tables) in all.iter_mut().enumerate() {
            let rows = lists.value(row);
            let length = if lists.is_null(row) { 0 } else { rows.len() };
            let columns = rows.slice(0, length).as_struct().columns().to_vec();
            let columns = RecordBatch::try_new(table.schema(), columns).map_err(|_| TableError::NullValue { row })?;
            tables.push((table, columns));
        }
    }
    Ok(all)
}

/// `column` as a column of the type of `field`. Other engines call elements otherwise, let everything be null, and keep times in their
/// own zone.
fn read_as(column: &ArrayRef, field: &Field) -> Result<ArrayRef, TableError> {
    let wrong = || TableError::WrongType {
        column: field.name().clone(),
        expected: field.data_type().to_string(),
        found: column.data_type().to_string(),
    };
    let (own, wanted) = (column.data_type(), field.data_type());
    match (own, wanted) {
        _ if own == wanted => Ok(Arc::clone(column)),
        (DataType::List(_), DataType::List(element)) => {
            let lists = column.as_list::<i32>();
            let values = read_as(lists.values(), element)?;
            let (offsets, nulls) = (lists.offsets().clone(), lists.nulls().cloned());
            Ok(Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, nulls).map_err(|_| wrong())?))
        }
        (DataType::Struct(_), DataType::Struct(fields)) => {
            let structs = column.as_struct();
            let part = |field: &FieldRef| match structs.column_by_name(field.name()) {
                Some(own) => read_as(own, field),
                None if field.is_nullable() => Ok(arrow::array::new_null_array(field.data_type(), structs.len())),
                None => Err(TableError::MissingColumn { column: field.name().clone() }),
            };
            let parts = fields.iter().map(part).collect::<Result<Vec<_>, _>>()?;
            let row = || structs.nulls().and_then(|nulls| nulls.iter().position(|is_there| !is_there));
            let read = StructArray::try_new(fields.clone(), parts, structs.nulls().cloned());
            Ok(Arc::new(read.map_err(|_| TableError::NullValue { row: row().unwrap_or_default() })?))
        }
        (DataType::List(_) | DataType::Struct(_), _) | (_, DataType::List(_) | DataType::Struct(_)) => Err(wrong()),
        _ => {
            let strict = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(column, wanted, &strict).map_err(|_| wrong())
        }
    }
}
