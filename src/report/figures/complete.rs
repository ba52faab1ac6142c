//! Whether all calls that were answered were inspected.

use super::model::{Completeness, Known, Lack, Scope};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a run says of the attempts that it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconciledRun {
    /// When it began.
    pub started_at: Timestamp,
    /// Hour by hour.
    pub hours: Vec<ReconciledHour>,
}

/// An hour of an agency, as a run writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct ReconciledHour {
    /// The day.
    pub date: Date,
    /// The agency.
    pub agency: Option<String>,
    /// Attempts.
    pub attempts: u64,
    /// Answered.
    pub answered: u64,
    /// Inspected.
    pub inspected: u64,
    /// Failed.
    pub failed: u64,
    /// Excluded.
    pub excluded: u64,
    /// Without a recording.
    pub missing: u64,
    /// Recordings that no attempt explains.
    pub unmatched: u64,
}

/// Question 1, by agency, for the days of the scope; for each day and agency the last run that was given its attempts speaks. Attempts
/// name no team and no agent.
pub(super) fn complete(runs: &[ReconciledRun], scope: &Scope) -> Known<Vec<Completeness>> {
    let hours = || {
        let all = runs.iter().flat_map(|run| run.hours.iter().map(move |hour| (run.started_at, hour)));
        all.filter(|(_, hour)| scope.holds(Some(hour.date)))
    };
    let mut last: BTreeMap<(Date, Option<&str>), Timestamp> = BTreeMap::new();
    for (started_at, hour) in hours() {
        let of_day = last.entry((hour.date, hour.agency.as_deref())).or_insert(started_at);
        *of_day = started_at.max(*of_day);
    }
    let mut agencies: BTreeMap<&str, Completeness> = BTreeMap::new();
    for (started_at, hour) in hours() {
        let agency = hour.agency.as_deref();
        if last.get(&(hour.date, agency)) == Some(&started_at) {
            let name = agency.unwrap_or_default();
            agencies.entry(name).or_insert_with(|| Completeness::of_agency(name)).add(hour);
        }
    }
    if agencies.is_empty() { Err(Lack::AttemptsOfRun) } else { Ok(agencies.into_values().collect()) }
}

impl Completeness {
    fn of_agency(agency: &str) -> Self {
        Self { agency: agency.to_owned(), ..Self::default() }
    }

    fn add(&mut self, hour: &ReconciledHour) {
        self.attempts += hour.attempts;
        self.answered += hour.answered;
        self.inspected += hour.inspected;
        self.failed += hour.failed;
        self.excluded += hour.excluded;
        self.missing += hour.missing;
        self.unmatched += hour.unmatched;
    }
}
