//! A call, weighed once, for all sums that it goes into.

use super::reviewed::{Held, Reviewed};
use super::seen::{SeenCall, said};
use super::sums::{Rates, Sums};
use crate::finding::Severity;
use crate::tables::CountedFinding;
use jiff::civil::DateTime;

/// A call with what was found out about it.
pub(super) struct Weighed<'a> {
    pub(super) call: &'a SeenCall<'a>,
    pub(super) violations: Vec<(&'a CountedFinding, Held)>,
    pub(super) is_eligible: bool,
    pub(super) started_local: Option<DateTime>,
    /// What it adds to sums.
    pub(super) sums: Sums,
}

impl<'a> Weighed<'a> {
    /// `call`, on which any violation rule had an answer, or none.
    pub(super) fn new(call: &'a SeenCall<'a>, reviewed: &'a Reviewed, is_evaluable: bool) -> Self {
        let violations: Vec<_> = call.violations(reviewed).collect();
        let (said, is_eligible) = (said(&violations), call.is_eligible());
        let mut sums = Sums { eligible: u64::from(is_eligible), ..Sums::default() };
        if is_eligible {
            sums.score.add(call.row.score);
            if is_evaluable {
                sums.rates = Rates::of(said);
            }
        }
        Self { call, violations, is_eligible, started_local: call.started_local(), sums }
    }

    /// Violations that nobody overturned.
    pub(super) fn reported(&self) -> impl Iterator<Item = &(&'a CountedFinding, Held)> {
        self.violations.iter().filter(|(_, held)| *held != Held::Overturned)
    }

    /// The violations of each rule, by rule.
    pub(super) fn by_rule(&self) -> Vec<Vec<(&'a CountedFinding, Held)>> {
        let mut rules: Vec<Vec<(&CountedFinding, Held)>> = Vec::new();
        for violation in &self.violations {
            match rules.iter_mut().find(|of| of[0].0.rule == violation.0.rule) {
                Some(of) => of.push(*violation),
                None => rules.push(vec![*violation]),
            }
        }
        rules
    }

    /// Whether a red line waits for a person: none was upheld, and of one nobody has said anything.
    pub(super) fn is_pending(&self) -> bool {
        let mut fatal = self.violations.iter().filter(|(finding, _)| finding.severity == Severity::Fatal);
        let is_upheld = fatal.clone().any(|(_, held)| *held == Held::Upheld);
        !is_upheld && fatal.any(|(_, held)| !held.is_decided())
    }
}

/// The finding that comes first in the recording; those without a place come last.
pub(super) fn first<'a, 'b>(
    findings: impl Iterator<Item = &'b (&'a CountedFinding, Held)>,
) -> Option<&'a CountedFinding>
where
    'a: 'b,
{
    findings.map(|(finding, _)| *finding).min_by_key(|finding| (finding.start_ms.is_none(), finding.start_ms))
}
