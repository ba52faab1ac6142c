//! Calls that come as record batches: lines of a manifest that somebody else reads.

use super::WorkMistake;
use super::calls::Call;
use super::identity::raw_id_hash;
use super::items::{Pass, WorkItem};
use super::list::{WorkList, WorkOptions};
use super::manifest::{LineReader, header_mistakes, repeated_columns};
use super::mistake::Mistakes;
use super::rows::{Place, Row, TextColumns};
use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StructArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Fields, Schema};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The column of the earlier calls of a call's customer: a list of structs whose fields are columns of a manifest.
pub const EARLIER_CALLS: &str = "prior_calls";

/// Reads calls from record batches of one schema, whose columns are those of a manifest.
pub struct StreamedCalls {
    list: WorkList,
    at: Place,
    /// What paths count from.
    folder: PathBuf,
    columns: TextColumns,
    /// Places of `columns` in a batch.
    places: Vec<usize>,
    /// Place of [`EARLIER_CALLS`], and its fields.
    earlier: Option<(usize, TextColumns)>,
    /// Rows read.
    rows: u64,
}

impl StreamedCalls {
    /// Reads batches of `schema`, whose paths count from `folder`, as `options` say, of which inputs, manifest, attempts and legs are not
    /// looked at. `shown_as` is where they come from, for messages.
    ///
    /// # Errors
    /// What is wrong with names and types of columns.
    pub fn new(schema: &Schema, shown_as: &str, folder: &Path, options: WorkOptions) -> Result<Self, Vec<WorkMistake>> {
        let at = Place { path: shown_as.into(), is_parquet: true };
        let places: Vec<usize> =
            (0..schema.fields().len()).filter(|place| schema.field(*place).name().trim() != EARLIER_CALLS).collect();
        let plain = schema.project(&places).map_err(|error| vec![no_batch(&at, &error.to_string())])?;
        let columns = TextColumns::of(&plain).map_err(|fault| vec![at.mistake(fault)])?;
        let mut wrong = header_mistakes(&at, columns.names());
        let earlier = schema.fields().iter().position(|field| field.name().trim() == EARLIER_CALLS);
        let earlier = earlier.and_then(|place| match earlier_columns(&at, schema.field(place)) {
            Ok(columns) => Some((place, columns)),
            Err(mistakes) => {
                wrong.extend(mistakes);
                None
            }
        });
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let list = WorkList { options, ..WorkList::default() };
        Ok(Self { list, at, folder: folder.to_owned(), columns, places, earlier, rows: 0 })
    }

    /// The calls of `batch`, one for each row, in their order.
    ///
    /// # Errors
    /// Every mistake in it, the first fifty.
    pub fn read(&mut self, batch: &RecordBatch) -> Result<Vec<WorkItem>, Vec<WorkMistake>> {
        let before = self.rows;
        self.rows += batch.num_rows() as u64;
        let plain = batch.project(&self.places).map_err(|error| vec![no_batch(&self.at, &error.to_string())])?;
        let texts = self.columns.rows(&plain, before).map_err(|fault| vec![self.at.mistake(fault)])?;
        let earlier = self.earlier_calls(batch)?;
        let lines = self.lines(&self.at);
        let (mut mistakes, mut items, mut row) = (Mistakes::default(), Vec::with_capacity(texts.len()), Row::default());
        for index in 0..texts.len() {
            if let Err(fault) = texts.read(index, &mut row) {
                mistakes.push(self.at.mistake(fault));
                continue;
            }
            match lines.read(self.columns.names(), &row) {
                Ok(line) => {
                    let customer = line.metadata.customer_id.as_deref().map_or(0, raw_id_hash);
                    let calls = earlier.get(index).map_or(&[][..], |calls| calls);
                    let calls = of_customer(calls, customer);
                    items.push(Pass { list: &self.list, calls: &calls }.of_line(line, &self.folder));
                }
                Err(wrong) => mistakes.extend(wrong),
            }
        }
        let wrong = mistakes.listed(&self.at.path);
        if wrong.is_empty() { Ok(items) } else { Err(wrong) }
    }

    fn lines<'a>(&'a self, at: &'a Place) -> LineReader<'a> {
        LineReader::of(&self.list.options, at, &self.folder, true)
    }

    /// The earlier calls of every row; nothing without such a column.
    fn earlier_calls(&self, batch: &RecordBatch) -> Result<Vec<Vec<Call>>, Vec<WorkMistake>> {
        let Some((place, columns)) = &self.earlier else { return Ok(Vec::new()) };
        let at = Place { path: format!("{}, {EARLIER_CALLS}", self.at.path.display()).into(), is_parquet: true };
        let (lists, calls, structs) = parts(batch.column(*place)).map_err(|error| vec![no_batch(&at, &error)])?;
        let texts = columns.rows(&calls, 0).map_err(|fault| vec![at.mistake(fault)])?;
        let lines = self.lines(&at);
        let (mut mistakes, mut row) = (Mistakes::default(), Row::default());
        let mut all = Vec::with_capacity(lists.len());
        for list in 0..lists.len() {
            let mut earlier = Vec::new();
            let range = lists.value_offsets()[list] as usize..lists.value_offsets()[list + 1] as usize;
            for index in range.filter(|index| lists.is_valid(list) && structs.is_valid(*index)) {
                let read = texts.read(index, &mut row).map_err(|fault| vec![at.mistake(fault)]);
                match read.and_then(|()| lines.read_known(columns.names(), &row)) {
                    Ok(line) => earlier.extend(Call::of_line(&line, raw_id_hash(&line.call_id), 0)),
                    Err(wrong) => mistakes.extend(wrong),
                }
            }
            all.push(earlier);
        }
        let wrong = mistakes.listed(&at.path);
        if wrong.is_empty() { Ok(all) } else { Err(wrong) }
    }
}

/// The earlier calls of a row are those of its customer, whoever their own line says they were with.
fn of_customer(calls: &[Call], customer: u64) -> Vec<Call> {
    let mut calls = calls.to_vec();
    calls.iter_mut().for_each(|call| call.customer = customer);
    calls.sort_unstable_by_key(Call::order);
    calls
}

fn earlier_columns(at: &Place, field: &Field) -> Result<TextColumns, Vec<WorkMistake>> {
    let fields = fields_of(field.data_type()).ok_or_else(|| {
        vec![WorkMistake {
            place: at.header(),
            message: format!("the column {EARLIER_CALLS} is of type {}", field.data_type()),
            help: "make it a list of structs whose fields are columns of a manifest: call_id, started_at, ...".into(),
        }]
    })?;
    let columns = TextColumns::of(&Schema::new(fields.clone())).map_err(|fault| vec![at.mistake(fault)])?;
    let wrong = repeated_columns(at, columns.names());
    if wrong.is_empty() { Ok(columns) } else { Err(wrong) }
}

fn fields_of(kind: &DataType) -> Option<&Fields> {
    match kind {
        DataType::List(element) | DataType::LargeList(element) => match element.data_type() {
            DataType::Struct(fields) => Some(fields),
            _ => None,
        },
        _ => None,
    }
}

/// The lists of a column of structs, and the structs: their fields, and which of them are there.
fn parts(column: &ArrayRef) -> Result<(ListArray, RecordBatch, StructArray), String> {
    let fields = fields_of(column.data_type()).ok_or("not a list of structs")?;
    let element = Arc::new(Field::new("element", DataType::Struct(fields.clone()), true));
    let lists = cast(column, &DataType::List(element)).map_err(|error| error.to_string())?;
    let lists = lists.as_list::<i32>().clone();
    let structs = lists.values().as_struct().clone();
    let nullable = structs.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    let schema = Arc::new(Schema::new(nullable.collect::<Fields>()));
    let calls = RecordBatch::try_new(schema, structs.columns().to_vec()).map_err(|error| error.to_string())?;
    Ok((lists, calls, structs))
}

fn no_batch(at: &Place, why: &str) -> WorkMistake {
    WorkMistake { place: at.header(), message: why.to_owned(), help: "write what the schema says".into() }
}
