//! The list as a file for spreadsheets.

use super::calls::Call;
use super::filter::Outcome;
use crate::finding::Severity;
use crate::tables::{CSV_START, csv_cell};
use std::sync::Arc;

const HEAD: [&str; 17] = [
    "call_id",
    "date",
    "started_local",
    "agent_id",
    "team",
    "duration_s",
    "verdict",
    "score",
    "fatal",
    "critical",
    "major",
    "minor",
    "note",
    "gravest_rule",
    "gravest_message",
    "gravest_quote",
    "gravest_start_s",
];

/// The file: UTF-8 with a byte order mark, one row a call.
///
/// # Errors
/// Those of the writer, which writes to memory.
pub(super) fn csv_file(calls: &[Arc<Call>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(CSV_START.as_bytes().to_vec());
    writer.write_record(HEAD)?;
    for call in calls {
        let row = row(call);
        writer.write_record(row.iter().map(|cell| csv_cell(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn row(call: &Call) -> [String; HEAD.len()] {
    let seconds = |ms: i64| format!("{:.1}", ms as f64 / 1000.0);
    let count = |severity| call.counting(severity).to_string();
    let gravest = call.gravest();
    [
        call.call_id.to_string(),
        call.batch.date.map(|date| date.to_string()).unwrap_or_default(),
        call.started_at.map(|at| at.local(0).strftime("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default(),
        call.agent_id.as_deref().unwrap_or_default().to_owned(),
        call.team.as_deref().unwrap_or_default().to_owned(),
        call.duration_ms.map(seconds).unwrap_or_default(),
        Outcome::of(call).map_or("", Outcome::name).to_owned(),
        call.score.map(|score| format!("{score:.1}")).unwrap_or_default(),
        count(Severity::Fatal),
        count(Severity::Critical),
        count(Severity::Major),
        count(Severity::Minor),
        count(Severity::Note),
        gravest.map(|found| found.rule.to_string()).unwrap_or_default(),
        gravest.map(|found| found.message.to_string()).unwrap_or_default(),
        gravest.map(|found| found.quote.to_string()).unwrap_or_default(),
        gravest.and_then(|found| found.start_ms).map(seconds).unwrap_or_default(),
    ]
}
