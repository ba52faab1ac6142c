//! The figures of a dataset.

use super::rejudge::unreadable;
use crate::dataset::{CommittedBatch, DatasetError, RowsByCall, Snapshot};
use crate::report::{
    Brought, Day, Figures, Gathering, ReconciledRun, Review, Reviewed, RuleSets, Scope, SeenCall, Spoken, Tally,
    needs_turns,
};
use crate::tables::{
    CountedFinding, CountedReason, ReportedBy, TableName, counted_call_columns, counted_finding_columns,
    counted_reason_columns, counted_turn_columns, read_call_states, read_counted_calls, read_counted_findings,
    read_counted_reasons, read_counted_turns, read_reported_by, read_rules_evaluated, reported_by_columns,
    runs_of_calls,
};
use arrow::array::RecordBatch;
use jiff::civil::Date;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The figures of the calls of `scope`, with the `shown` worst of them. They do not hang on the number of threads.
///
/// # Errors
/// [`DatasetError`] where the dataset cannot be read.
pub fn figures(snapshot: &Snapshot, scope: &Scope, brought: Brought, shown: usize) -> Result<Figures, DatasetError> {
    let days = days_of(snapshot, scope);
    let rules = rules_of(snapshot, &days)?;
    let reviewed = reviewed(snapshot, brought.reviews.as_deref())?;
    let gathering = Gathering {
        scope,
        rules: &rules,
        reviewed: &reviewed,
        outcomes: brought.outcomes.as_ref(),
        known_until: brought.last_known_day(),
        shown,
    };
    let mut sum = gathering.nothing();
    // Few days at once, so that a long history is not held in parts.
    for few in days.chunks(2 * rayon::current_num_threads()) {
        let tallies: Vec<Tally> =
            few.par_iter().map(|day| tally(snapshot, gathering, day)).collect::<Result<_, DatasetError>>()?;
        tallies.into_iter().for_each(|day| sum.merge(day));
    }
    Ok(gathering.figures(sum, &reconciled(snapshot)?, &brought))
}

/// A day, and the batches that hold its calls.
type BatchesOfDay<'a> = (Option<Date>, Vec<&'a CommittedBatch>);

fn days_of<'a>(snapshot: &'a Snapshot, scope: &Scope) -> Vec<BatchesOfDay<'a>> {
    let mut days: BTreeMap<Option<Date>, Vec<&CommittedBatch>> = BTreeMap::new();
    for batch in snapshot.batches().filter(|batch| scope.holds(batch.date)) {
        days.entry(batch.date).or_default().push(batch);
    }
    days.into_iter().collect()
}

/// The rules that judged any call of the days.
fn rules_of(snapshot: &Snapshot, days: &[BatchesOfDay<'_>]) -> Result<RuleSets, DatasetError> {
    let batches: Vec<&CommittedBatch> = days.iter().flat_map(|(_, batches)| batches).copied().collect();
    let columns = TableName::call_state_columns();
    let of_batch = |batch: &CommittedBatch| -> Result<BTreeSet<String>, DatasetError> {
        let mut hashes = BTreeSet::new();
        for rows in snapshot.read_parts(batch, TableName::Calls, Some(&columns))? {
            let states = read_call_states(&rows?).map_err(|source| unreadable(batch, source))?;
            hashes.extend(states.into_iter().filter_map(|state| state.ruleset_hash));
        }
        Ok(hashes)
    };
    let all: Vec<BTreeSet<String>> = batches.par_iter().map(|batch| of_batch(batch)).collect::<Result<_, _>>()?;
    let hashes: BTreeSet<String> = all.into_iter().flatten().collect();
    let sets = hashes.into_iter().map(|hash| snapshot.read_rules(&hash).map(|rules| (hash, rules)));
    Ok(RuleSets::new(sets.collect::<Result<_, _>>()?))
}

/// What reviews say of the findings of the whole dataset, whatever the scope: how often a rule is right does not hang on it.
fn reviewed(snapshot: &Snapshot, reviews: Option<&[Review]>) -> Result<Reviewed, DatasetError> {
    let decided = Reviewed::new(reviews);
    let Some(reviews) = reviews else { return Ok(decided) };
    let batches: Vec<&CommittedBatch> = snapshot.batches().collect();
    let columns = reported_by_columns();
    let of_batch = |batch: &CommittedBatch| -> Result<Vec<ReportedBy>, DatasetError> {
        let mut reported = Vec::new();
        for rows in snapshot.read_parts(batch, TableName::Findings, Some(&columns))? {
            let rows = read_reported_by(&rows?).map_err(|source| unreadable(batch, source))?;
            reported.extend(rows.into_iter().filter(|row| decided.names(&row.finding_id)));
        }
        Ok(reported)
    };
    let reported: Vec<Vec<ReportedBy>> = batches.par_iter().map(|batch| of_batch(batch)).collect::<Result<_, _>>()?;
    Ok(decided.with_rules(reviews, &reported.concat()))
}

/// What runs say of the attempts that they were given.
fn reconciled(snapshot: &Snapshot) -> Result<Vec<ReconciledRun>, DatasetError> {
    let mut runs = Vec::new();
    for run in snapshot.runs()? {
        let hours = &run.record["reconciliation"];
        if !hours.is_array() {
            continue;
        }
        let damaged = |what: String| DatasetError::Damaged { path: format!("runs/{}.json", run.run), what };
        let started_at = run.record["started_at"].as_str().and_then(|at| at.parse().ok());
        let started_at = started_at.ok_or_else(|| damaged("started_at is no time".to_owned()))?;
        let hours =
            serde_json::from_value(hours.clone()).map_err(|error| damaged(format!("reconciliation: {error}")))?;
        runs.push(ReconciledRun { started_at, hours });
    }
    Ok(runs)
}

fn tally(
    snapshot: &Snapshot,
    gathering: Gathering<'_>,
    (date, batches): &BatchesOfDay<'_>,
) -> Result<Tally, DatasetError> {
    let mut day = gathering.day(*date);
    for batch in batches {
        RowsOfBatch::open(snapshot, batch)?.gather(&mut day)?;
    }
    Ok(day.finish())
}

/// What is read of a batch besides its calls.
struct RowsOfBatch<'a> {
    snapshot: &'a Snapshot,
    batch: &'a CommittedBatch,
    findings: RowsByCall,
    reasons: RowsByCall,
    /// Opened when a call needs them.
    turns: Option<RowsByCall>,
    /// Calls gone by whose turns nobody asked for.
    gone_by: BTreeSet<String>,
}

impl<'a> RowsOfBatch<'a> {
    fn open(snapshot: &'a Snapshot, batch: &'a CommittedBatch) -> Result<Self, DatasetError> {
        let open = |table, columns: &[String]| snapshot.read_by_call(batch, table, Some(columns));
        Ok(Self {
            snapshot,
            batch,
            findings: open(TableName::Findings, &counted_finding_columns())?,
            reasons: open(TableName::NotEvaluated, &counted_reason_columns())?,
            turns: None,
            gone_by: BTreeSet::new(),
        })
    }

    /// Adds the calls of the batch to the day.
    fn gather(mut self, day: &mut Day<'_>) -> Result<(), DatasetError> {
        for calls in self.snapshot.read_parts(self.batch, TableName::Calls, Some(&counted_call_columns()))? {
            self.gather_part(&calls?, day)?;
        }
        Ok(())
    }

    /// Adds some calls, which come next.
    fn gather_part(&mut self, calls: &RecordBatch, day: &mut Day<'_>) -> Result<(), DatasetError> {
        let batch = self.batch;
        let unreadable = |source| unreadable(batch, source);
        let rows = read_counted_calls(calls).map_err(unreadable)?;
        let evaluated = read_rules_evaluated(calls).map_err(unreadable)?;
        let ids: BTreeSet<&str> =
            runs_of_calls(calls).map_err(unreadable)?.into_iter().map(|(call_id, _)| call_id).collect();
        let (mut findings, mut reasons) = (self.findings(&ids)?, self.reasons(&ids)?);
        let silent = rows.iter().filter(|row| needs_turns(row)).map(|row| row.call_id.as_str()).collect();
        let mut spoken = self.spoken(&ids, &silent)?;
        for (row, evaluated) in rows.into_iter().zip(&evaluated) {
            day.add(&SeenCall {
                batch: &batch.name,
                date: batch.date,
                evaluated: evaluated.as_deref(),
                findings: findings.remove(&row.call_id).unwrap_or_default(),
                reasons: reasons.remove(&row.call_id).unwrap_or_default(),
                spoken: spoken.remove(&row.call_id),
                row,
            });
        }
        Ok(())
    }
}

impl RowsOfBatch<'_> {
    fn findings(&mut self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<CountedFinding>>, DatasetError> {
        let mut by_call: BTreeMap<String, Vec<CountedFinding>> = BTreeMap::new();
        for rows in self.findings.take_while(|id| ids.contains(id))? {
            for (call_id, row) in read_counted_findings(&rows).map_err(|source| unreadable(self.batch, source))? {
                by_call.entry(call_id).or_default().push(row);
            }
        }
        Ok(by_call)
    }

    fn reasons(&mut self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, Vec<CountedReason>>, DatasetError> {
        let mut by_call: BTreeMap<String, Vec<CountedReason>> = BTreeMap::new();
        for rows in self.reasons.take_while(|id| ids.contains(id))? {
            for (call_id, row) in read_counted_reasons(&rows).map_err(|source| unreadable(self.batch, source))? {
                by_call.entry(call_id).or_default().push(row);
            }
        }
        Ok(by_call)
    }

    /// What turns say of the calls `silent`, which are among those of `ids`.
    fn spoken(
        &mut self,
        ids: &BTreeSet<&str>,
        silent: &BTreeSet<&str>,
    ) -> Result<BTreeMap<String, Spoken>, DatasetError> {
        self.gone_by.extend(ids.iter().map(|id| (*id).to_owned()));
        if silent.is_empty() {
            return Ok(BTreeMap::new());
        }
        let columns = counted_turn_columns();
        let turns = match &mut self.turns {
            Some(turns) => turns,
            none => none.insert(self.snapshot.read_by_call(self.batch, TableName::Turns, Some(&columns))?),
        };
        let mut by_call: BTreeMap<String, Spoken> = BTreeMap::new();
        let gone_by = std::mem::take(&mut self.gone_by);
        for rows in turns.take_while(|id| gone_by.contains(id))? {
            let rows = read_counted_turns(&rows).map_err(|source| unreadable(self.batch, source))?;
            for (call_id, turn) in rows.into_iter().filter(|(call_id, _)| silent.contains(call_id.as_str())) {
                by_call.entry(call_id).or_default().add(&turn);
            }
        }
        Ok(by_call)
    }
}
