//! What two datasets say differently of the same calls.

use super::recheck::{Days, Rechecked};
use super::rejudge::unreadable;
use crate::dataset::{DatasetError, Snapshot};
use crate::finding::Finding;
use crate::inspect::changes::{Side, changes};
use crate::score::Change;
use crate::tables::{TableName, Verdicts, read_call_keys, read_findings, read_verdicts};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What two datasets say differently of the calls that both hold, day by day; `watch` sees each call with changes.
///
/// # Errors
/// A dataset cannot be read.
pub fn compare(
    before: &Snapshot,
    after: &Snapshot,
    days: Days,
    watch: &mut dyn FnMut(&str, &[Change]),
) -> Result<Compared, DatasetError> {
    let mut compared = Compared::default();
    let mut all: Vec<Option<Date>> = before.batches().chain(after.batches()).map(|batch| batch.date).collect();
    all.sort_unstable();
    all.dedup();
    for day in all.into_iter().filter(|day| days.hold(*day)) {
        let (was, mut is) = (judgements(before, day)?, judgements(after, day)?);
        for (call_id, was) in was {
            let Some(is) = is.remove(&call_id) else {
                compared.only_before += 1;
                continue;
            };
            let changes = changes(was.side(), is.side());
            let verdicts = [was.side().verdict, is.side().verdict];
            compared.both.add(is.team.as_deref(), is.agent_id.as_deref(), verdicts, &changes);
            if !changes.is_empty() {
                watch(&call_id, &changes);
            }
        }
        compared.only_after += is.len();
    }
    Ok(compared)
}

/// What comparing two datasets came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Of the calls that both hold on the same day.
    pub both: Rechecked,
    /// Calls that only the first holds.
    pub only_before: usize,
    /// Calls that only the second holds.
    pub only_after: usize,
}

/// What a dataset says of a call.
#[derive(Default)]
struct Judgement {
    verdicts: Option<Verdicts>,
    findings: Vec<Finding>,
    agent_id: Option<String>,
    team: Option<String>,
}

impl Judgement {
    fn side(&self) -> Side<'_> {
        Side {
            findings: &self.findings,
            verdict: self.verdicts.as_ref().map(|verdicts| verdicts.verdict),
            score: self.verdicts.as_ref().and_then(|verdicts| verdicts.score),
        }
    }
}

fn judgements(snapshot: &Snapshot, day: Option<Date>) -> Result<BTreeMap<String, Judgement>, DatasetError> {
    let mut judgements: BTreeMap<String, Judgement> = BTreeMap::new();
    for batch in snapshot.batches().filter(|batch| batch.date == day) {
        let unreadable = |source| unreadable(batch, source);
        for rows in snapshot.read_table(batch, TableName::Calls)? {
            let keys = read_call_keys(&rows).map_err(unreadable)?;
            for (key, (call_id, verdicts)) in keys.into_iter().zip(read_verdicts(&rows).map_err(unreadable)?) {
                let judgement = judgements.entry(call_id).or_default();
                (judgement.verdicts, judgement.agent_id, judgement.team) = (verdicts, key.agent_id, key.team);
            }
        }
        for rows in snapshot.read_table(batch, TableName::Findings)? {
            for (call_id, finding) in read_findings(&rows).map_err(unreadable)? {
                judgements.entry(call_id).or_default().findings.push(finding);
            }
        }
    }
    Ok(judgements)
}
