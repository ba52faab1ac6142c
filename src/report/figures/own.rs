//! What one agent sees of the own work, beside the team's median agent.

use super::by_rule::named;
use super::days::Weeks;
use super::model::{AgentFigures, Deduction, Lines, Mark, Occasion, Own};
use super::reviewed::Reviewed;
use super::rule_sets::RuleSets;
use super::share::Share;
use super::sums::{Mean, median};
use super::weighed::Weighed;
use crate::finding::{RuleStatus, Severity};
use crate::tables::CountedFinding;
use jiff::civil::Date;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

/// Of a deduction, so many places to hear it are kept.
const MOST_OCCASIONS: usize = 5;

/// What is gathered for an agent's page.
#[derive(Clone, Debug, Default)]
pub(super) struct OwnSums {
    /// By team (empty: none is named) and agent: the medians come of these.
    peers: BTreeMap<String, BTreeMap<String, Peer>>,
    /// By rule.
    deductions: BTreeMap<String, Lost>,
    good_example: Option<Good>,
}

#[derive(Clone, Debug, Default)]
struct Peer {
    score: Mean,
    violation: Share,
    weeks: BTreeMap<Date, Mean>,
}

#[derive(Clone, Debug)]
struct Lost {
    severity: Severity,
    calls: u64,
    points: f64,
    /// The latest first.
    occasions: Vec<Occasion>,
}

#[derive(Clone, Debug)]
struct Good {
    mark: Mark,
    coverage: Option<f64>,
    talk_ms: Option<i64>,
}

impl OwnSums {
    /// Adds a call of any agent, for the medians.
    pub(super) fn add_peer(&mut self, weighed: &Weighed<'_>) {
        let row = &weighed.call.row;
        let Some(agent) = &row.agent_id else { return };
        let team = row.team.as_deref().unwrap_or_default();
        let peer = named(named(&mut self.peers, team, BTreeMap::new), agent, Peer::default);
        peer.score.merge(weighed.sums.score);
        peer.violation.merge(weighed.sums.rates.reported());
        if let Some(date) = weighed.call.date {
            peer.weeks.entry(Weeks::monday_of(date)).or_default().merge(weighed.sums.score);
        }
    }

    /// Adds a call of the agent.
    pub(super) fn add(&mut self, weighed: &Weighed<'_>, reviewed: &Reviewed) {
        let mut seen: Vec<&str> = Vec::new();
        for finding in weighed.call.findings.iter().filter(|finding| costs(finding, reviewed)) {
            let is_new_call = !seen.contains(&finding.rule.as_str());
            seen.push(&finding.rule);
            let lost = named(&mut self.deductions, &finding.rule, || Lost::new(finding.severity));
            lost.add(weighed, finding, is_new_call);
        }
        if weighed.is_eligible && weighed.reported().next().is_none() {
            self.good_example = better(self.good_example.take(), Some(Good::of(weighed)));
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (team, agents) in other.peers {
            let of_team = named(&mut self.peers, &team, BTreeMap::new);
            agents.into_iter().for_each(|(agent, peer)| named(of_team, &agent, Peer::default).merge(peer));
        }
        for (rule, lost) in other.deductions {
            named(&mut self.deductions, &rule, || Lost::new(lost.severity)).merge(lost);
        }
        self.good_example = better(self.good_example.take(), other.good_example);
    }

    /// The page of the agent of these figures.
    pub(super) fn figures(self, figures: AgentFigures, weeks: &[Date], rules: &RuleSets) -> Own {
        let empty = BTreeMap::new();
        let team = figures.team.as_ref().and_then(|team| self.peers.get(team)).unwrap_or(&empty);
        let of_all = |of: &dyn Fn(&Peer) -> Option<f64>| median(team.values().filter_map(of).collect());
        let scores = of_all(&|peer| peer.score.value());
        let team_median = scores.zip(of_all(&|peer| peer.violation.percent()));
        let of_week = |peer: &Peer, week: &Date| peer.weeks.get(week).and_then(|mean| mean.value());
        let line = |week: &Date| Lines {
            own: self.own_week(&figures.agent_id, week),
            team: of_all(&|peer| of_week(peer, week)),
        };
        let weeks = weeks.iter().map(|week| (*week, line(week))).collect();
        let mut deductions: Vec<Deduction> =
            self.deductions.into_iter().map(|(rule, lost)| lost.figures(rule, rules)).collect();
        deductions.sort_by(|one, other| other.points.total_cmp(&one.points));
        Own { figures, team_median, weeks, deductions, good_example: self.good_example.map(|good| good.mark) }
    }

    /// The agent's mean score of a week, in whatever team.
    fn own_week(&self, agent: &str, week: &Date) -> Option<f64> {
        let of_agent = self.peers.values().filter_map(|agents| agents.get(agent)?.weeks.get(week));
        let mut mean = Mean::default();
        of_agent.for_each(|of_team| mean.merge(*of_team));
        mean.value()
    }
}

/// Whether a finding cost its agent points.
fn costs(finding: &CountedFinding, reviewed: &Reviewed) -> bool {
    let counts = finding.status == RuleStatus::Active && finding.excused_by.is_none();
    counts && finding.points > 0.0 && !reviewed.is_overturned(&finding.finding_id)
}

impl Peer {
    fn merge(&mut self, other: Self) {
        self.score.merge(other.score);
        self.violation.merge(other.violation);
        other.weeks.into_iter().for_each(|(week, mean)| self.weeks.entry(week).or_default().merge(mean));
    }
}

impl Lost {
    const fn new(severity: Severity) -> Self {
        Self { severity, calls: 0, points: 0.0, occasions: Vec::new() }
    }

    fn add(&mut self, weighed: &Weighed<'_>, finding: &CountedFinding, is_new_call: bool) {
        self.calls += u64::from(is_new_call);
        self.points += finding.points;
        let occasion = weighed.started_local.map(|started_local| Occasion {
            call_id: weighed.call.row.call_id.clone(),
            started_local,
            start_ms: finding.start_ms,
            quote: finding.quote.clone(),
        });
        self.occasions.extend(occasion);
        self.cut();
    }

    fn merge(&mut self, other: Self) {
        self.severity = self.severity.max(other.severity);
        self.calls += other.calls;
        self.points += other.points;
        self.occasions.extend(other.occasions);
        self.cut();
    }

    fn cut(&mut self) {
        let place = |occasion: &Occasion| (occasion.call_id.clone(), occasion.start_ms);
        self.occasions.sort_by_cached_key(|occasion| (Reverse(occasion.started_local), place(occasion)));
        self.occasions.truncate(MOST_OCCASIONS);
    }

    fn figures(self, rule: String, rules: &RuleSets) -> Deduction {
        let (title, advice) =
            rules.any(&rule).map(|brief| (brief.title.clone(), brief.advice.clone())).unwrap_or_default();
        let Self { severity, calls, points, occasions } = self;
        Deduction { rule, title, severity, advice, calls, points, occasions }
    }
}

impl Good {
    fn of(weighed: &Weighed<'_>) -> Self {
        let call = weighed.call;
        let mark = Mark {
            call_id: call.row.call_id.clone(),
            date: call.date,
            batch: call.batch.to_owned(),
            score: call.row.score,
        };
        Self { mark, coverage: call.row.coverage, talk_ms: call.talk_ms() }
    }

    /// Which of two is the better example: the highest score, then coverage, then the longest talk, then the first id.
    fn order(&self, other: &Self) -> Ordering {
        let number = |value: Option<f64>| value.unwrap_or(-1.0);
        let by_score = number(self.mark.score).total_cmp(&number(other.mark.score));
        let by_coverage = || number(self.coverage).total_cmp(&number(other.coverage));
        let by_talk = || self.talk_ms.cmp(&other.talk_ms);
        let by_id = || other.mark.call_id.cmp(&self.mark.call_id);
        by_score.then_with(by_coverage).then_with(by_talk).then_with(by_id)
    }
}

fn better(one: Option<Good>, other: Option<Good>) -> Option<Good> {
    [one, other].into_iter().flatten().max_by(Good::order)
}
