//! All that a dataset says, by table and call.

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::concat_batches;
use callsift::dataset::Snapshot;
use callsift::tables::{TableName, runs_of_calls};
use std::collections::BTreeMap;
use std::path::Path;

/// The rows of every call in every table.
pub(crate) type Said = BTreeMap<(&'static str, String), RecordBatch>;

/// Adds rows of `table`.
pub(crate) fn add(table: TableName, rows: &RecordBatch, said: &mut Said) {
    // What else a file says of its columns is no difference.
    let names = rows.schema_ref().fields().iter().map(|field| field.name().clone()).zip(rows.columns());
    let rows = RecordBatch::try_from_iter_with_nullable(names.map(|(name, column)| (name, column.clone(), true)));
    let rows = rows.expect("the same columns");
    for (call_id, run) in runs_of_calls(&rows).expect("calls") {
        let more = rows.slice(run.start, run.len());
        let all = said.entry((table.name(), call_id.to_owned())).or_insert_with(|| more.slice(0, 0));
        *all = concat_batches(&more.schema(), [&*all, &more]).expect("the same columns");
    }
}

/// All that the dataset at `out` says.
pub(crate) fn of_dataset(out: &Path) -> Said {
    let (snapshot, mut said) = (Snapshot::open(out).expect("a dataset"), Said::new());
    for batch in snapshot.batches() {
        for table in TableName::PER_BATCH {
            let rows = snapshot.read_table(batch, table).expect("rows");
            rows.iter().for_each(|rows| add(table, rows, &mut said));
        }
    }
    said
}

/// The text in a column of the only row of a call.
pub(crate) fn text<'a>(rows: &'a RecordBatch, column: &str) -> &'a str {
    rows.column_by_name(column).expect("a column").as_string::<i32>().value(0)
}

#[track_caller]
pub(crate) fn assert_same(found: &Said, expected: &Said) {
    for (key, rows) in expected {
        let own = found.get(key).unwrap_or_else(|| panic!("there is no {key:?}"));
        for ((field, one), other) in rows.schema().fields().iter().zip(rows.columns()).zip(own.columns()) {
            assert_eq!(one, other, "{key:?}, {}", field.name());
        }
        assert_eq!(rows, own, "{key:?}");
    }
    assert_eq!(found.len(), expected.len());
}
