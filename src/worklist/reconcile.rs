//! Whether every attempt that was answered has a call that was inspected.

use super::list::{Known, WorkList};
use jiff::civil::{Date, DateTime};
use std::collections::{BTreeMap, HashSet};

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// It was inspected.
    Inspected,
    /// It could not be inspected.
    Failed,
    /// It was left out on purpose.
    Excluded,
}

/// The attempts and recordings of one hour and agency. `answered` is always `inspected + failed + excluded + missing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// Local date of the ring; of recordings without an attempt, of their start.
    pub date: Date,
    /// Local hour, 0 to 23.
    pub hour: i8,
    /// The agency that the attempts file names, masked; none for recordings without an attempt.
    pub agency: Option<String>,
    /// How often somebody was rung up.
    pub attempts: usize,
    /// How often somebody answered.
    pub answered: usize,
    /// Answered attempts whose call was inspected.
    pub inspected: usize,
    /// Answered attempts whose call could not be inspected.
    pub failed: usize,
    /// Answered attempts whose call was left out on purpose.
    pub excluded: usize,
    /// Answered attempts of which there is no call, or one that nothing became of.
    pub missing: usize,
    /// Recordings of manifests that no attempt explains.
    pub unmatched: usize,
}

impl WorkList {
    /// Reconciles the attempts file with the calls, by date, hour and agency, in this order; empty without an
    /// attempts file, and for a share of the calls, since others answer for the rest.
    ///
    /// `state_of` says what became of a call, by [`id_hash`](super::id_hash) of its id as written; it may be asked of calls
    /// that are not in the list. A call that only history holds counts as inspected where `state_of` does not know it.
    #[must_use]
    pub fn reconcile(&self, state_of: &dyn Fn(u64) -> Option<CallState>) -> Vec<Reconciled> {
        if self.options.attempts.is_none() || self.options.shard.is_some() {
            return Vec::new();
        }
        let Known { calls, pairs } = self.known();
        let mut sums = Sums::default();
        let mut used = HashSet::new();
        for (number, attempt) in self.attempts.list.iter().enumerate() {
            let agency = self.attempts.agencies[attempt.agency as usize].clone();
            let sum = sums.of(attempt.ring_at.local(0), agency);
            sum.attempts += 1;
            if !attempt.answered {
                continue;
            }
            let state = match pairs.call_of(number) {
                Some(place) if self.lists(&calls[place]) => state_of(calls[place].id),
                Some(place) => state_of(calls[place].id).or(Some(CallState::Inspected)),
                // A call without start or of another day; each explains one attempt.
                None if attempt.call_id != 0 && used.insert(attempt.call_id) => state_of(attempt.call_id),
                None => None,
            };
            sum.add_answered(state);
        }
        for (place, call) in calls.iter().enumerate() {
            if !pairs.has_attempt(place) && self.lists(call) {
                sums.of(call.start().local(0), None).unmatched += 1;
            }
        }
        sums.0.into_values().collect()
    }
}

/// By date, hour and agency.
#[derive(Default)]
struct Sums(BTreeMap<(Date, i8, Option<String>), Reconciled>);

impl Sums {
    fn of(&mut self, at: DateTime, agency: Option<String>) -> &mut Reconciled {
        let (date, hour) = (at.date(), at.hour());
        self.0.entry((date, hour, agency)).or_insert_with_key(|(date, hour, agency)| Reconciled {
            date: *date,
            hour: *hour,
            agency: agency.clone(),
            attempts: 0,
            answered: 0,
            inspected: 0,
            failed: 0,
            excluded: 0,
            missing: 0,
            unmatched: 0,
        })
    }
}

impl Reconciled {
    fn add_answered(&mut self, state: Option<CallState>) {
        self.answered += 1;
        *match state {
            Some(CallState::Inspected) => &mut self.inspected,
            Some(CallState::Failed) => &mut self.failed,
            Some(CallState::Excluded) => &mut self.excluded,
            None => &mut self.missing,
        } += 1;
    }
}
