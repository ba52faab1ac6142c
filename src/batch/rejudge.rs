//! A batch judged again, a few calls at a time.

use super::recheck::Rechecked;
use super::run::judged;
use crate::dataset::{CommittedBatch, DatasetError, RowsByCall, Snapshot, TableFile};
use crate::facts::{Facts, Needs, Status};
use crate::finding::Finding;
use crate::inspect::Plan;
use crate::inspect::changes::{Side, changes};
use crate::tables::{
    CallKey, FactTables, Rejudged, TableError, TableName, Verdicts, columns_for, columns_to_rejudge, judgement_batches,
    read_call_keys, read_facts_for, read_findings, read_verdicts, runs_of_calls,
};
use arrow::array::RecordBatch;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// So many calls are held at once: the facts of three minutes of talk are about 15 kB, and these stay in the cache.
const CALLS_AT_ONCE: usize = 128;

/// A batch, judged again.
pub(super) struct RejudgedBatch {
    /// Its calls.
    pub(super) keys: Vec<CallKey>,
    /// The files of the tables of what was said of them, anew.
    pub(super) files: BTreeMap<TableName, Vec<u8>>,
    /// What that came to.
    pub(super) counted: Rechecked,
}

/// The calls of `batch`, judged by `plan`.
///
/// # Errors
/// The batch cannot be read.
pub(super) fn rejudge(from: &Snapshot, batch: &CommittedBatch, plan: &Plan) -> Result<RejudgedBatch, DatasetError> {
    let unreadable = |source| unreadable(batch, source);
    let mut rows = RowsOfBatch::open(from, batch, plan)?;
    let (mut files, mut counted, mut keys) = (BTreeMap::new(), Rechecked::default(), Vec::new());
    let parts = from.read_parts(batch, TableName::Calls, Some(&columns_to_rejudge()))?;
    let mut few = parts.flat_map(few_at_once);
    // Also without calls there are tables.
    let none = || Ok(RecordBatch::new_empty(TableName::Calls.schema()));
    let mut next = Some(few.next().unwrap_or_else(none));
    while let Some(calls) = next {
        let calls = calls?;
        next = few.next();
        let rejudged = rows.rejudge(&calls, next.is_none(), plan, &mut counted)?;
        for (table, rows) in judgement_batches(&calls, &rejudged).map_err(unreadable)? {
            if table == TableName::Calls {
                keys.extend(read_call_keys(&rows).map_err(unreadable)?);
            }
            match files.entry(table) {
                Entry::Vacant(entry) => entry.insert(TableFile::begin(table)?).push(rows)?,
                Entry::Occupied(entry) => entry.into_mut().push(rows)?,
            }
        }
    }
    let files = files.into_iter().map(|(table, file)| Ok((table, file.finish()?)));
    Ok(RejudgedBatch { keys, files: files.collect::<Result<_, DatasetError>>()?, counted })
}

/// The calls of `part`, no more at a time than are held at once.
fn few_at_once(part: Result<RecordBatch, DatasetError>) -> Vec<Result<RecordBatch, DatasetError>> {
    let few = |calls: RecordBatch| {
        let firsts = (0..calls.num_rows()).step_by(CALLS_AT_ONCE);
        firsts.map(|first| Ok(calls.slice(first, CALLS_AT_ONCE.min(calls.num_rows() - first)))).collect()
    };
    part.map_or_else(|error| vec![Err(error)], few)
}

/// What is read of a batch besides its calls; `None`: nobody looks at it.
struct RowsOfBatch<'a> {
    batch: &'a CommittedBatch,
    needs: Needs,
    turns: Option<RowsByCall>,
    stretches: Option<RowsByCall>,
    entities: Option<RowsByCall>,
    findings: Option<RowsByCall>,
}

impl<'a> RowsOfBatch<'a> {
    fn open(from: &Snapshot, batch: &'a CommittedBatch, plan: &Plan) -> Result<Self, DatasetError> {
        let needs = plan.needs();
        let facts = |table: TableName| {
            let columns = columns_for(table, needs);
            (!columns.is_empty()).then(|| from.read_by_call(batch, table, Some(&columns))).transpose()
        };
        Ok(Self {
            batch,
            needs,
            turns: facts(TableName::Turns)?,
            stretches: facts(TableName::Stretches)?,
            entities: facts(TableName::Entities)?,
            findings: Some(from.read_by_call(batch, TableName::Findings, None)?),
        })
    }

    /// Judges `calls`, which come next.
    fn rejudge(
        &mut self,
        calls: &RecordBatch,
        are_last: bool,
        plan: &Plan,
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
        let all = read_facts_for(tables, self.needs).map_err(unreadable)?;
        let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for rows in take(&mut self.findings)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                findings.entry(call_id).or_default().push(finding);
            }
        }
        let verdicts = read_verdicts(calls).map_err(unreadable)?;
        let rejudged = all.iter().zip(verdicts).map(|(facts, (call_id, was))| {
            let findings = findings.get(&call_id).map_or(&[][..], Vec::as_slice);
            let now = judge(facts, was.as_ref(), findings, plan);
            count(facts, was.as_ref(), &now, counted);
            now
        });
        Ok(rejudged.collect())
    }
}

fn judge(facts: &Facts, was: Option<&Verdicts>, findings: &[Finding], plan: &Plan) -> Rejudged {
    let judged = (facts.call.status != Status::Failed).then(|| judged(facts, plan));
    let before = Side { findings, verdict: was.map(|was| was.verdict), score: was.and_then(|was| was.score) };
    let after = judged.as_ref().map_or_else(Side::default, |judged| Side {
        findings: &judged.judgement.findings,
        verdict: Some(judged.score.verdict),
        score: judged.score.score,
    });
    let changes = changes(before, after);
    Rejudged { judged, changes }
}

fn count(facts: &Facts, was: Option<&Verdicts>, now: &Rejudged, counted: &mut Rechecked) {
    let metadata = &facts.call.metadata;
    let verdicts = [was.map(|was| was.verdict), now.judged.as_ref().map(|judged| judged.score.verdict)];
    counted.add(metadata.team.as_deref(), metadata.agent_id.as_deref(), verdicts, &now.changes);
}

pub(super) fn unreadable(batch: &CommittedBatch, source: TableError) -> DatasetError {
    DatasetError::Table { path: format!("batch {}", batch.name), source }
}
