//! A batch judged again, a few calls at a time.

use super::changed::{ChangedRules, JudgedBy};
use super::recheck::Rechecked;
use super::run::{judged, judged_by};
use crate::dataset::{CommittedBatch, DatasetError, EncodedColumns, RowsByCall, Snapshot, TableFile};
use crate::facts::{Facts, Needs, Status};
use crate::inspect::changes::{Side, changes};
use crate::inspect::{Plan, judge_again};
use crate::rules::Earlier;
use crate::tables::{
    CallKey, FactTables, Judged, Rejudged, TableError, TableName, Verdicts, columns_for, columns_to_rejudge,
    fact_schema, facts_of_calls, judgement_batches, read_facts, read_facts_for, read_findings, read_not_evaluated,
    read_rules_evaluated, read_verdicts, runs_of_calls,
};
use arrow::array::RecordBatch;
use jiff::civil::Date;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many calls are held at once: the facts of three minutes of talk are about 15 kB, and these stay in the cache.
const CALLS_AT_ONCE: usize = 256;

/// A batch, judged again.
pub(super) struct RejudgedBatch {
    /// Its calls.
    pub(super) keys: Vec<CallKey>,
    /// The files of the tables of what was said of them, anew.
    pub(super) files: BTreeMap<TableName, Vec<u8>>,
    /// What that came to.
    pub(super) counted: Rechecked,
}

/// The calls of `batch`, which has those `keys`, judged by `plan`. What rules that are not `changed` said of them is kept; without
/// `changed`, all are asked.
///
/// # Errors
/// The batch cannot be read.
pub(super) fn rejudge(
    from: &Snapshot,
    (batch, keys): (&CommittedBatch, &[CallKey]),
    plan: &Plan,
    changed: Option<&ChangedRules<'_>>,
) -> Result<RejudgedBatch, DatasetError> {
    let unreadable = |source| unreadable(batch, source);
    let again = Again::new(keys, plan, changed);
    let mut rows = RowsOfBatch::open(from, batch, &again)?;
    let (mut files, mut counted, mut judged_as) = (BTreeMap::new(), Rechecked::default(), Vec::new());
    let parts = from.read_parts(batch, TableName::Calls, Some(&columns_to_rejudge(again.keeps_any())))?;
    let mut few = parts.flat_map(few_at_once);
    // Also without calls there are tables.
    let none = || Ok(RecordBatch::new_empty(TableName::Calls.schema()));
    let mut next = Some(few.next().unwrap_or_else(none));
    while let Some(calls) = next {
        let calls = calls?;
        next = few.next();
        let rejudged = rows.rejudge(&calls, next.is_none(), &again, &mut counted)?;
        for (table, rows) in judgement_batches(&calls, &rejudged).map_err(unreadable)? {
            match files.entry(table) {
                Entry::Vacant(entry) => entry.insert(TableFile::of_columns(table, rows.schema())?).push(rows)?,
                Entry::Occupied(entry) => entry.into_mut().push(rows)?,
            }
        }
        judged_as.extend(rejudged.iter().map(|call| call.judged.is_some()));
    }
    let mut files: BTreeMap<TableName, Vec<u8>> =
        files.into_iter().map(|(table, file)| Ok((table, file.finish()?))).collect::<Result<_, DatasetError>>()?;
    if let Some(judgements) = files.remove(&TableName::Calls) {
        // What was said before is in the second, too.
        let columns = [EncodedColumns::of(judgements, TableName::Calls.name())?, facts_of(from, batch)?];
        files.insert(TableName::Calls, EncodedColumns::join(TableName::Calls, &columns)?);
    }
    let keys = keys.iter().zip(judged_as).map(|(key, is_judged)| key_of(key, is_judged, plan)).collect();
    Ok(RejudgedBatch { keys, files, counted })
}

/// A call, judged again.
pub struct RejudgedCall {
    /// Its id.
    pub call_id: String,
    /// Its local date; `None` where its start is not known.
    pub date: Option<Date>,
    /// Its tables, one for each of [`TableName::PER_BATCH`]: facts as they were, judgements anew.
    pub tables: Vec<(TableName, RecordBatch)>,
}

/// What `plan` says of the call that has these `tables`, one for each of [`TableName::PER_BATCH`]. Every rule is asked.
///
/// # Errors
/// The tables are not of one call, or hold what no version writes.
pub fn rejudge_call(tables: Vec<(TableName, RecordBatch)>, plan: &Plan) -> Result<RejudgedCall, TableError> {
    let of = |table: TableName| {
        let rows = tables.iter().find(|(other, _)| *other == table).map(|(_, rows)| rows);
        rows.ok_or_else(|| TableError::MissingColumn { column: table.name().to_owned() })
    };
    let calls = of(TableName::Calls)?;
    let facts = FactTables {
        calls: std::slice::from_ref(calls),
        turns: std::slice::from_ref(of(TableName::Turns)?),
        stretches: std::slice::from_ref(of(TableName::Stretches)?),
        entities: std::slice::from_ref(of(TableName::Entities)?),
    };
    let facts = read_facts(facts)?;
    let (was, findings) = (read_verdicts(calls)?, read_findings(of(TableName::Findings)?)?);
    let findings = findings.into_iter().map(|(_, finding)| finding).collect();
    let again = Again { plan, changed: Vec::new(), needs: Needs::default() };
    let ([facts], [(_, was)]) = (facts.as_slice(), was.as_slice()) else {
        return Err(TableError::NullValue { row: facts.len() });
    };
    let now = again.judge(facts, was.as_ref(), Earlier { findings, ..Earlier::default() });
    let mut anew: BTreeMap<TableName, RecordBatch> = judgement_batches(calls, &[now])?.into_iter().collect();
    let judged_columns = anew.remove(&TableName::Calls);
    let judged_columns = judged_columns.iter().flat_map(|judged| judged.columns());
    let columns = facts_of_calls(calls)?.columns().iter().chain(judged_columns).map(Arc::clone).collect();
    let calls = RecordBatch::try_new(TableName::Calls.schema(), columns).expect("facts and judgements are all columns");
    anew.insert(TableName::Calls, calls);
    let tables = tables.into_iter().map(|(table, rows)| (table, anew.remove(&table).unwrap_or(rows))).collect();
    let date = facts.call.metadata.started_at.map(|time| time.local_date());
    Ok(RejudgedCall { call_id: facts.call.call_id.clone(), date, tables })
}

/// The columns of `calls` that hold facts: as they stand, where this version writes them so.
fn facts_of(from: &Snapshot, batch: &CommittedBatch) -> Result<EncodedColumns, DatasetError> {
    let columns = from.read_encoded(batch, TableName::Calls)?;
    if columns.begin_with(&fact_schema()) {
        return Ok(columns);
    }
    let mut file = TableFile::of_columns(TableName::Calls, fact_schema())?;
    for calls in from.read_parts(batch, TableName::Calls, None)? {
        file.push(facts_of_calls(&calls?).map_err(|source| unreadable(batch, source))?)?;
    }
    EncodedColumns::of(file.finish()?, TableName::Calls.name())
}

/// The key of a call that `plan` judges, or does not.
fn key_of(was: &CallKey, is_judged: bool, plan: &Plan) -> CallKey {
    CallKey {
        ruleset_hash: is_judged.then(|| plan.ruleset_hash.clone()),
        in_force_mode: is_judged.then(|| plan.in_force.name()),
        tool_version: is_judged.then(|| env!("CARGO_PKG_VERSION").to_owned()),
        ..was.clone()
    }
}

/// The calls of `part`, no more at a time than are held at once.
fn few_at_once(part: Result<RecordBatch, DatasetError>) -> Vec<Result<RecordBatch, DatasetError>> {
    let few = |calls: RecordBatch| {
        let firsts = (0..calls.num_rows()).step_by(CALLS_AT_ONCE);
        firsts.map(|first| Ok(calls.slice(first, CALLS_AT_ONCE.min(calls.num_rows() - first)))).collect()
    };
    part.map_or_else(|error| vec![Err(error)], few)
}

/// What judges the calls of a batch.
struct Again<'a> {
    plan: &'a Plan,
    /// For what judged some of them before, the rules that must be asked; `None`: all.
    changed: Vec<(Option<JudgedBy<'a>>, Option<Arc<Plan>>)>,
    needs: Needs,
}

impl<'a> Again<'a> {
    fn new(keys: &'a [CallKey], plan: &'a Plan, changed: Option<&ChangedRules<'_>>) -> Self {
        let mut again = Self { plan, changed: Vec::new(), needs: Needs::default() };
        for by in keys.iter().filter(|key| key.status != Status::Failed).map(JudgedBy::of_key) {
            if again.changed_since(by).is_none() {
                let part = by.zip(changed).and_then(|(by, changed)| changed.since(by));
                again.needs = again.needs.and(part.as_deref().unwrap_or(plan).needs());
                again.changed.push((by, part));
            }
        }
        again
    }

    fn changed_since(&self, by: Option<JudgedBy<'_>>) -> Option<&Option<Arc<Plan>>> {
        self.changed.iter().find(|(other, _)| *other == by).map(|(_, part)| part)
    }

    /// Whether anything that was said is kept.
    fn keeps_any(&self) -> bool {
        self.changed.iter().any(|(_, part)| part.is_some())
    }

    /// What the plan says of a call of which `was` and `earlier` are known.
    fn judge(&self, facts: &Facts, was: Option<&Verdicts>, earlier: Earlier<'_>) -> Rejudged {
        let findings = earlier.findings.clone();
        let judged = (facts.call.status != Status::Failed).then(|| self.judged(facts, was, earlier));
        let before =
            Side { findings: &findings, verdict: was.map(|was| was.verdict), score: was.and_then(|was| was.score) };
        let after = judged.as_ref().map_or_else(Side::default, |judged| Side {
            findings: &judged.judgement.findings,
            verdict: Some(judged.score.verdict),
            score: judged.score.score,
        });
        let changes = changes(before, after);
        Rejudged { judged, changes }
    }

    fn judged(&self, facts: &Facts, was: Option<&Verdicts>, earlier: Earlier<'_>) -> Judged {
        match self.changed_since(was.map(JudgedBy::of)) {
            Some(Some(changed)) => judged_by(self.plan, judge_again(facts, self.plan, changed, earlier)),
            _ => judged(facts, self.plan),
        }
    }
}

/// What is read of a batch besides its calls; `None`: nobody looks at it.
struct RowsOfBatch<'a> {
    batch: &'a CommittedBatch,
    turns: Option<RowsByCall>,
    stretches: Option<RowsByCall>,
    entities: Option<RowsByCall>,
    findings: Option<RowsByCall>,
    not_evaluated: Option<RowsByCall>,
}

impl<'a> RowsOfBatch<'a> {
    fn open(from: &Snapshot, batch: &'a CommittedBatch, again: &Again<'_>) -> Result<Self, DatasetError> {
        let facts = |table: TableName| {
            let columns = columns_for(table, again.needs);
            (!columns.is_empty()).then(|| from.read_by_call(batch, table, Some(&columns))).transpose()
        };
        let said = |table: TableName| from.read_by_call(batch, table, None);
        Ok(Self {
            batch,
            turns: facts(TableName::Turns)?,
            stretches: facts(TableName::Stretches)?,
            entities: facts(TableName::Entities)?,
            findings: Some(said(TableName::Findings)?),
            not_evaluated: again.keeps_any().then(|| said(TableName::NotEvaluated)).transpose()?,
        })
    }

    /// Judges `calls`, which come next.
    fn rejudge(
        &mut self,
        calls: &RecordBatch,
        are_last: bool,
        again: &Again<'_>,
        counted: &mut Rechecked,
    ) -> Result<Vec<Rejudged>, DatasetError> {
        let batch = self.batch;
        let unreadable = |source| unreadable(batch, source);
        let ids = runs_of_calls(calls).map_err(unreadable)?;
        let ids: BTreeSet<&str> = ids.into_iter().map(|(call_id, _)| call_id).collect();
        // What is left at the end belongs to no call, which reading it says.
        let take = |rows: &mut Option<RowsByCall>| {
            rows.as_mut().map_or(Ok(Vec::new()), |rows| rows.take_while(|id| are_last || ids.contains(id)))
        };
        let tables = FactTables {
            calls: std::slice::from_ref(calls),
            turns: &take(&mut self.turns)?,
            stretches: &take(&mut self.stretches)?,
            entities: &take(&mut self.entities)?,
        };
        let all = read_facts_for(tables, again.needs).map_err(unreadable)?;
        let mut said: BTreeMap<String, Earlier<'_>> = BTreeMap::new();
        for rows in take(&mut self.findings)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                said.entry(call_id).or_default().findings.push(finding);
            }
        }
        for rows in take(&mut self.not_evaluated)? {
            for (call_id, aside) in read_not_evaluated(&rows).map_err(unreadable)? {
                said.entry(call_id).or_default().not_evaluated.push(aside);
            }
        }
        let evaluated = read_rules_evaluated(calls).map_err(unreadable)?;
        let verdicts = read_verdicts(calls).map_err(unreadable)?;
        let rejudged = all.iter().zip(verdicts).zip(evaluated).map(|((facts, (call_id, was)), evaluated)| {
            let mut earlier = said.remove(&call_id).unwrap_or_default();
            earlier.evaluated = evaluated.unwrap_or_default();
            let now = again.judge(facts, was.as_ref(), earlier);
            count(facts, was.as_ref(), &now, counted);
            now
        });
        Ok(rejudged.collect())
    }
}

fn count(facts: &Facts, was: Option<&Verdicts>, now: &Rejudged, counted: &mut Rechecked) {
    let metadata = &facts.call.metadata;
    let verdicts = [was.map(|was| was.verdict), now.judged.as_ref().map(|judged| judged.score.verdict)];
    counted.add(metadata.team.as_deref(), metadata.agent_id.as_deref(), verdicts, &now.changes);
}

pub(super) fn unreadable(batch: &CommittedBatch, source: TableError) -> DatasetError {
    DatasetError::Table { path: format!("batch {}", batch.name), source }
}
