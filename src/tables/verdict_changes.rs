//! `verdict_changes`: what other rules, or another version, say differently of a call.

use super::record::record;
use crate::score::Verdict;

/// One difference between two judgements of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictChange {
    /// The rule.
    pub rule: String,
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// The verdict before.
    pub verdict_before: Option<Verdict>,
    /// The verdict after.
    pub verdict_after: Option<Verdict>,
    /// The score before.
    pub score_before: Option<f64>,
    /// The score after.
    pub score_after: Option<f64>,
    /// The finding's value before.
    pub value_before: Option<f64>,
    /// The finding's value after.
    pub value_after: Option<f64>,
    /// The finding's quote before.
    pub quote_before: Option<String>,
    /// The finding's quote after.
    pub quote_after: Option<String>,
    /// Who spoke for the centre.
    pub agent_id: Option<String>,
    /// The agent's team.
    pub team: Option<String>,
}

record!(VerdictChange {
    /// The rule.
    rule: String => dictionary,
    /// What happened to its finding: `added`, `removed`, `changed`.
    change: String => dictionary,
    /// The call's verdict before.
    verdict_before: Option<Verdict> => dictionary,
    /// The call's verdict after.
    verdict_after: Option<Verdict> => dictionary,
    /// The call's score before.
    #[unit = "points"]
    score_before: Option<f64>,
    /// The call's score after.
    #[unit = "points"]
    score_after: Option<f64>,
    /// The finding's measured value before.
    value_before: Option<f64>,
    /// The finding's measured value after.
    value_after: Option<f64>,
    /// The finding's quote before, masked.
    quote_before: Option<String>,
    /// The finding's quote after, masked.
    quote_after: Option<String>,
    /// Who spoke for the centre.
    agent_id: Option<String> => dictionary,
    /// The agent's team.
    team: Option<String> => dictionary,
});
