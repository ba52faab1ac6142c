//! The tables of facts, read back.

use super::error::TableError;
use super::name::TableName;
use super::record::{Record, Source, Wanted, call_ids, read_row};
use crate::facts::{CallFacts, Facts, Needs};
use arrow::array::RecordBatch;
use std::collections::BTreeMap;
use std::ops::Range;

/// The files of the fact tables of some calls, in any number of record batches.
#[derive(Clone, Copy, Debug)]
pub struct FactTables<'a> {
    /// Of `calls`.
    pub calls: &'a [RecordBatch],
    /// Of `turns`.
    pub turns: &'a [RecordBatch],
    /// Of `stretches`.
    pub stretches: &'a [RecordBatch],
    /// Of `entities`.
    pub entities: &'a [RecordBatch],
}

/// The facts in `tables`, in the order of `calls`.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, holds what no version writes, where two calls have one
/// id, or where a row belongs to a call that is not there.
pub fn read_facts(tables: FactTables<'_>) -> Result<Vec<Facts>, TableError> {
    read(tables, None)
}

/// The facts in `tables`, in the order of `calls`, as far as `needs` says that they are looked at: the rest reads as the
/// plainest value, or as none. What [`columns_for`] does not name is not looked at and need not be there.
///
/// # Errors
/// As [`read_facts`].
pub fn read_facts_for(tables: FactTables<'_>, needs: Needs) -> Result<Vec<Facts>, TableError> {
    read(tables, Some(needs))
}

/// The columns of `table` that [`read_facts_for`] looks at, and of `calls` those that judging again writes anew, which is
/// all; none where the table need not be read.
#[must_use]
pub fn columns_for(table: TableName, needs: Needs) -> Vec<String> {
    match table {
        TableName::Calls => table.schema().fields().iter().map(|field| field.name().clone()).collect(),
        _ => looked_at(table, needs).into_iter().map(str::to_owned).collect(),
    }
}

/// The columns of `calls` that no kind of condition looks at.
pub(super) const UNSEEN_OF_CALLS: [&str; 24] = [
    "recording",
    "file_sha256",
    "file_bytes",
    "transcript_sha256",
    "metadata_sha256",
    "settings_hash",
    "error_stage",
    "error",
    "decoder",
    "rate_hz",
    "analysis_rate_hz",
    "decode_warnings",
    "language_from",
    "roles_from",
    "roles_confidence",
    "legs",
    "legs_from",
    "engine_confidence",
    "vendor_measures",
    "agent_rate_method",
    "customer_rate_method",
    "agent_talk_share",
    "customer_talk_share",
    "overlap_ms",
];

fn looked_at(table: TableName, needs: Needs) -> Vec<&'static str> {
    let groups: &[(bool, &[&'static str])] = match table {
        TableName::Turns => &[
            (true, &["call_id", "turn", "turn_group", "role", "channel", "start_ms", "end_ms", "text", "language"]),
            (needs.word_times, &["words"]),
            (needs.rates, &["articulation_per_min", "rate_counts", "suspect"]),
            (needs.chars, &["chars"]),
            (needs.answers, &["gap_before_ms"]),
            (needs.loudness, &["loudness_over_usual_db"]),
            (needs.emotion, &["anger_acoustic", "anger_over_usual", "anger_engine"]),
        ],
        TableName::Stretches => {
            &[(needs.loudness || needs.answers, &["call_id", "role", "start_ms", "end_ms", "loudness_dbfs"])]
        }
        TableName::Entities => &[(
            needs.entities,
            &[
                "call_id",
                "turn",
                "role",
                "kind",
                "char_start",
                "char_end",
                "start_ms",
                "end_ms",
                "value",
                "unit",
                "complete",
                "same_as_customer",
                "due",
            ],
        )],
        _ => &[],
    };
    groups.iter().filter(|(is_needed, _)| *is_needed).flat_map(|(_, columns)| *columns).copied().collect()
}

fn read(tables: FactTables<'_>, needs: Option<Needs>) -> Result<Vec<Facts>, TableError> {
    let mut all = Vec::new();
    for batch in tables.calls {
        let wanted = needs.map_or(Wanted::All, |_| Wanted::AllBut(&UNSEEN_OF_CALLS));
        let source = Source::part(batch, wanted);
        let reader = CallFacts::open(&source, "")?;
        for row in 0..batch.num_rows() {
            let call = read_row(&reader, row)?;
            all.push(Facts { call, turns: vec![], stretches: vec![], entities: vec![] });
        }
    }
    let deal = Deal { places: places(tables.calls)?, needs };
    deal.out(TableName::Turns, tables.turns, &mut all, |facts| &mut facts.turns)?;
    deal.out(TableName::Stretches, tables.stretches, &mut all, |facts| &mut facts.stretches)?;
    deal.out(TableName::Entities, tables.entities, &mut all, |facts| &mut facts.entities)?;
    Ok(all)
}

/// The place of every call among all, by id.
fn places(calls: &[RecordBatch]) -> Result<BTreeMap<&str, usize>, TableError> {
    let mut places = BTreeMap::new();
    for batch in calls {
        let ids = call_ids(&Source::of(batch))?;
        for row in 0..batch.num_rows() {
            let (call_id, place) = (ids.required(row)?, places.len());
            if places.insert(call_id, place).is_some() {
                return Err(TableError::DuplicateCall { call_id: call_id.to_owned() });
            }
        }
    }
    Ok(places)
}

/// Deals rows out to the calls they belong to.
struct Deal<'a> {
    places: BTreeMap<&'a str, usize>,
    needs: Option<Needs>,
}

impl Deal<'_> {
    /// Appends each row of `batches`, which are of `table`, to the rows of its call.
    fn out<R: Record>(
        &self,
        table: TableName,
        batches: &[RecordBatch],
        all: &mut [Facts],
        of: fn(&mut Facts) -> &mut Vec<R>,
    ) -> Result<(), TableError> {
        let wanted = self.needs.map(|needs| looked_at(table, needs));
        if wanted.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        for batch in batches {
            let source = Source::part(batch, wanted.as_deref().map_or(Wanted::All, Wanted::Only));
            let reader = R::open(&source, "")?;
            for (call_id, run) in runs_of_calls(batch)? {
                let rows = of(&mut all[self.place(table, call_id)?]);
                rows.reserve_exact(run.len());
                for row in run {
                    rows.push(read_row(&reader, row)?);
                }
            }
        }
        Ok(())
    }

    fn place(&self, table: TableName, call_id: &str) -> Result<usize, TableError> {
        let stray = || TableError::StrayRow { table: table.name(), call_id: call_id.to_owned() };
        self.places.get(call_id).copied().ok_or_else(stray)
    }
}

/// The calls that the rows of `batch` belong to, and the rows of each that stand together, in their order.
///
/// # Errors
/// [`TableError`] where there is no column `call_id`, it is not of texts, or has none in a row.
pub fn runs_of_calls(batch: &RecordBatch) -> Result<Vec<(&str, Range<usize>)>, TableError> {
    let mut runs: Vec<(&str, Range<usize>)> = Vec::new();
    for (row, call_id) in call_ids(&Source::of(batch))?.all_required()?.enumerate() {
        match runs.last_mut() {
            Some((last, rows)) if *last == call_id => rows.end = row + 1,
            _ => runs.push((call_id, row..row + 1)),
        }
    }
    Ok(runs)
}
