//! The calls to show.

use super::model::WorstCall;
use super::weighed::{Weighed, first};
use std::cmp::{Ordering, Reverse};

/// The worst calls so far, no more than are shown (and a few that may go).
#[derive(Clone, Debug, Default)]
pub(super) struct Worst {
    shown: usize,
    /// With how many of its gravest findings there are.
    calls: Vec<(u64, WorstCall)>,
}

impl Worst {
    pub(super) fn new(shown: usize) -> Self {
        Self { shown, calls: Vec::new() }
    }

    pub(super) fn add(&mut self, weighed: &Weighed<'_>) {
        let Some(severity) = weighed.reported().map(|(finding, _)| finding.severity).max() else { return };
        let gravest = || weighed.reported().filter(|(finding, _)| finding.severity == severity);
        let Some(finding) = first(gravest()) else { return };
        let call = weighed.call;
        let worst = WorstCall {
            call_id: call.row.call_id.clone(),
            date: call.date,
            batch: call.batch.to_owned(),
            severity,
            score: call.row.score,
            agent_id: call.row.agent_id.clone(),
            message: finding.message.clone(),
            start_ms: finding.start_ms,
        };
        self.calls.push((gravest().count() as u64, worst));
        if self.calls.len() >= 2 * self.shown.max(32) {
            self.cut();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.cut();
    }

    pub(super) fn figures(mut self) -> Vec<WorstCall> {
        self.cut();
        self.calls.into_iter().map(|(_, call)| call).collect()
    }

    fn cut(&mut self) {
        self.calls.sort_by(worst_first);
        self.calls.truncate(self.shown);
    }
}

fn worst_first((count, one): &(u64, WorstCall), (other_count, other): &(u64, WorstCall)) -> Ordering {
    let grave = |call: &WorstCall, count: u64| (Reverse(call.severity), Reverse(count));
    let score = |call: &WorstCall| call.score.unwrap_or(f64::INFINITY);
    let by_gravity = grave(one, *count).cmp(&grave(other, *other_count));
    let by_score = || score(one).total_cmp(&score(other));
    by_gravity.then_with(by_score).then_with(|| (&one.call_id, one.date).cmp(&(&other.call_id, other.date)))
}
