//! Who breaks the same rule again.

use super::model::{Occasion, Repeat};
use super::reviewed::Held;
use super::rule_sets::RuleSets;
use super::weighed::{Weighed, first};
use crate::finding::Severity;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Within so long of each other, two calls make a repeat.
const WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The calls on which each agent broke each rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats(BTreeMap<(String, String), Vec<Breach>>);

#[derive(Clone, Debug)]
struct Breach {
    occasion: Occasion,
    severity: Severity,
    team: Option<String>,
}

impl Repeats {
    /// Adds a call; where people reviewed, its confirmed violations alone.
    pub(super) fn add(&mut self, weighed: &Weighed<'_>, is_reviewed: bool) {
        let row = &weighed.call.row;
        let (Some(agent), Some(started_local)) = (&row.agent_id, weighed.started_local) else { return };
        for mut of_rule in weighed.by_rule() {
            of_rule.retain(|(_, held)| if is_reviewed { held.is_confirmed() } else { *held != Held::Overturned });
            let Some(finding) = first(of_rule.iter()) else { continue };
            let occasion = Occasion {
                call_id: row.call_id.clone(),
                started_local,
                start_ms: finding.start_ms,
                quote: finding.quote.clone(),
            };
            let breach = Breach { occasion, severity: finding.severity, team: row.team.clone() };
            self.0.entry((agent.clone(), finding.rule.clone())).or_default().push(breach);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, breaches) in other.0 {
            self.0.entry(key).or_default().extend(breaches);
        }
    }

    /// Those who did it again, the most calls first.
    pub(super) fn figures(self, rules: &RuleSets) -> Vec<Repeat> {
        let repeat = |((agent_id, rule), breaches): ((String, String), Vec<Breach>)| {
            let mut breaches = repeated(breaches);
            let last = breaches.pop()?;
            let (team, severity) = (last.team.clone(), last.severity);
            let occasions = breaches.into_iter().chain([last]).map(|breach| breach.occasion).collect();
            let title = rules.any(&rule).map(|brief| brief.title.clone()).unwrap_or_default();
            Some(Repeat { agent_id, team, rule, title, severity, occasions })
        };
        let mut repeats: Vec<Repeat> = self.0.into_iter().filter_map(repeat).collect();
        repeats.sort_by_key(|repeat| Reverse(repeat.occasions.len()));
        repeats
    }
}

/// Those of one agent and rule that have another near enough before or behind them, by start.
fn repeated(mut breaches: Vec<Breach>) -> Vec<Breach> {
    breaches.sort_by(|one, other| started(one).cmp(&started(other)));
    let is_near = |one: &Breach, later: &Breach| {
        later.occasion.started_local.duration_since(one.occasion.started_local) <= WITHIN
    };
    let near: Vec<bool> = breaches.windows(2).map(|pair| is_near(&pair[0], &pair[1])).collect();
    let has_near = |at: usize| near.get(at).is_some_and(|is| *is) || at > 0 && near[at - 1];
    breaches.into_iter().enumerate().filter(|(at, _)| has_near(*at)).map(|(_, breach)| breach).collect()
}

fn started(breach: &Breach) -> (DateTime, &str) {
    (breach.occasion.started_local, &breach.occasion.call_id)
}
