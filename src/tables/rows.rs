//! Inspected calls to tables, and the tables of facts back.

use super::calls;
use super::error::TableError;
use super::name::TableName;
use super::record::{Record, read_in_call, write_in_call};
use super::verdict_changes::VerdictChange;
use crate::facts::Facts;
use crate::finding::Judgement;
use crate::score::Score;
use arrow::array::RecordBatch;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// An inspected call: all that is written of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What was observed.
    pub facts: Facts,
    /// What was said of it; `None` where the call failed.
    pub judged: Option<Judged>,
}

impl Row {
    /// The call's local date: the partition it belongs to. `None` where its start is unknown.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        Some(self.facts.call.metadata.started_at?.local_date())
    }
}

/// A call's judgement, and by what it was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What the rules said.
    pub judgement: Judgement,
    /// What the scorecard said.
    pub score: Score,
    /// The rules.
    pub ruleset_hash: String,
    /// Which of them were in force.
    pub in_force_mode: String,
    /// The version of callsift.
    pub tool_version: String,
}

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

/// One record batch for each of [`TableName::PER_BATCH`], in that order; empty ones too.
///
/// Calls are sorted by agent (unknown first), then id; other tables follow them, each call's rows in their own order.
#[must_use]
pub fn batches(rows: &[Row]) -> Vec<(TableName, RecordBatch)> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|row| (&row.facts.call.metadata.agent_id, &row.facts.call.call_id));
    vec![
        (TableName::Calls, calls::write(&rows)),
        (TableName::Turns, in_call(&rows, |row| &row.facts.turns)),
        (TableName::Stretches, in_call(&rows, |row| &row.facts.stretches)),
        (TableName::Entities, in_call(&rows, |row| &row.facts.entities)),
        (TableName::Findings, in_call(&rows, |row| judged(row, |judged| &judged.judgement.findings))),
        (TableName::ScoreItems, in_call(&rows, |row| judged(row, |judged| &judged.score.items))),
        (TableName::NotEvaluated, in_call(&rows, |row| judged(row, |judged| &judged.judgement.not_evaluated))),
        (TableName::VerdictChanges, in_call(&rows, |_| &[] as &[VerdictChange])),
    ]
}

/// The facts in `tables`, in the order of `calls`.
///
/// # Errors
/// [`TableError`] where a column is missing or of another type, holds what no version writes, where two calls have one
/// id, or where a row belongs to a call that is not there.
pub fn read_facts(tables: FactTables<'_>) -> Result<Vec<Facts>, TableError> {
    let mut all = Vec::new();
    for batch in tables.calls {
        let calls = calls::read(batch)?.into_iter();
        all.extend(calls.map(|call| Facts { call, turns: vec![], stretches: vec![], entities: vec![] }));
    }
    let places = places(&all)?;
    deal(TableName::Turns, tables.turns, &places, |place, turn| all[place].turns.push(turn))?;
    deal(TableName::Stretches, tables.stretches, &places, |place, stretch| all[place].stretches.push(stretch))?;
    deal(TableName::Entities, tables.entities, &places, |place, entity| all[place].entities.push(entity))?;
    Ok(all)
}

fn judged<R>(row: &Row, of: impl Fn(&Judged) -> &[R]) -> &[R] {
    row.judged.as_ref().map_or(&[], of)
}

fn in_call<'a, R: Record + 'a>(rows: &[&'a Row], of: impl Fn(&'a Row) -> &'a [R]) -> RecordBatch {
    write_in_call(rows.iter().flat_map(|row| of(row).iter().map(|item| (&row.facts.call.call_id, item))))
}

fn places(all: &[Facts]) -> Result<BTreeMap<String, usize>, TableError> {
    let mut places = BTreeMap::new();
    for (place, facts) in all.iter().enumerate() {
        let call_id = &facts.call.call_id;
        if places.insert(call_id.clone(), place).is_some() {
            return Err(TableError::DuplicateCall { call_id: call_id.clone() });
        }
    }
    Ok(places)
}

fn deal<R: Record>(
    table: TableName,
    batches: &[RecordBatch],
    places: &BTreeMap<String, usize>,
    mut give: impl FnMut(usize, R),
) -> Result<(), TableError> {
    for batch in batches {
        for (call_id, row) in read_in_call(batch)? {
            match places.get(&call_id) {
                Some(&place) => give(place, row),
                None => return Err(TableError::StrayRow { table: table.name(), call_id }),
            }
        }
    }
    Ok(())
}
