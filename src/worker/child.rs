//! The process that inspects: a row out for each row in.

use super::mark::without_mark;
use super::stream::Batches;
use super::trouble::Trouble;
use crate::batch::Inspector;
use crate::tables::{Row, batches, joined, nested, nested_schema};
use crate::worklist::{StreamedCalls, WorkItem, WorkOptions};
use arrow::array::RecordBatch;
use arrow::ipc::writer::StreamWriter;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

/// Batches that are read while one is worked on.
const AHEAD: usize = 2;

/// What inspects calls, and how they are read.
pub struct Inspection<'a> {
    /// What inspects.
    pub inspector: &'a Inspector<'a>,
    /// How rows are read, as of a manifest.
    pub options: WorkOptions,
    /// The folder that paths count from.
    pub folder: &'a Path,
}

/// Inspects the calls of the stream `input`, whose columns are those of a manifest, and writes what is written of each to `output`, batch
/// after batch, as [`nested_schema`] says; rows come out in the order in which they went in.
///
/// # Errors
/// What came in is wrong, or a pipe failed; then the stream that was written has no end.
pub fn inspect(
    inspection: Inspection<'_>,
    input: impl Read + Send + 'static,
    output: impl Write,
) -> Result<(), Trouble> {
    let inspector = inspection.inspector;
    let Inspection { options, folder, .. } = inspection;
    let mut calls: Option<StreamedCalls> = None;
    each_batch(input, output, &mut |batch| {
        let (batch, crashed) = without_mark(&batch);
        let calls = match &mut calls {
            Some(calls) => calls,
            none => none.insert(
                StreamedCalls::new(&batch.schema(), "standard input", folder, options.clone())
                    .map_err(Trouble::Rows)?,
            ),
        };
        let items = calls.read(&batch).map_err(Trouble::Rows)?;
        let rows = inspected(inspector, items, &crashed);
        let rows = rows
            .into_iter()
            .map(|row| nested(&row.facts.call.call_id, row.date(), batches(std::slice::from_ref(&row))));
        Ok(joined(&rows.collect::<Vec<_>>()))
    })
}

/// Reads `input` on a thread of its own, so that whoever writes it never waits for somebody to read `output`, and writes what `work` makes
/// of each batch. Nobody waits for that thread: where the work ends early, the pipe may still be open.
pub(super) fn each_batch(
    input: impl Read + Send + 'static,
    output: impl Write,
    work: &mut dyn FnMut(RecordBatch) -> Result<RecordBatch, Trouble>,
) -> Result<(), Trouble> {
    let (send, receive) = sync_channel(AHEAD);
    std::thread::spawn(move || {
        let mut batches = Batches::new(input);
        loop {
            let next = batches.next().transpose();
            let is_last = !matches!(next, Some(Ok(_)));
            if next.is_some_and(|next| send.send(next).is_err()) || is_last {
                break;
            }
        }
    });
    write_each(receive, output, work)
}

fn write_each(
    batches: Receiver<Result<RecordBatch, Trouble>>,
    output: impl Write,
    work: &mut dyn FnMut(RecordBatch) -> Result<RecordBatch, Trouble>,
) -> Result<(), Trouble> {
    let mut writer = StreamWriter::try_new_buffered(output, &nested_schema())?;
    // Whoever waits for the schema gets it before the first call is inspected.
    writer.flush()?;
    for batch in batches {
        writer.write(&work(batch?)?)?;
        writer.flush()?;
    }
    Ok(writer.finish()?)
}

/// The rows of calls; of those marked as `crashed`, rows that say so.
fn inspected(inspector: &Inspector<'_>, items: Vec<WorkItem>, crashed: &[bool]) -> Vec<Row> {
    let is_crashed = |place: usize| crashed.get(place).copied().unwrap_or_default();
    if (0..items.len()).any(is_crashed) {
        let row = |(place, item): (usize, WorkItem)| match is_crashed(place) {
            true => inspector.crashed(&item.recording),
            false => inspector.inspect(&item.recording, |_| {}),
        };
        return items.into_iter().enumerate().map(row).collect();
    }
    inspector.inspect_all(items.into_iter().map(|item| item.recording).collect())
}
