//! The shape of the figures.

use super::share::Share;
use crate::finding::{RuleStatus, Severity};
use crate::score::Verdict;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// A figure, or why there is none.
pub type Known<T> = Result<T, Lack>;

/// What a figure would need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// The dialler's log, given to `inspect`.
    AttemptsOfRun,
    /// The dialler's log, given to the report.
    Attempts,
    /// Decisions of reviewers.
    Reviews,
    /// What calls led to.
    Outcomes,
    /// What the work cost.
    Cost,
    /// `started_at` of the calls.
    Dates,
    /// `agent_id` of the calls.
    Agents,
    /// `team` of the calls.
    Teams,
    /// A column `agency` of the manifest.
    Agencies,
    /// `customer_id` of the calls.
    Customers,
    /// Enough calls to rank anybody: 20 eligible ones.
    Calls,
}

/// Which calls a report is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// First day; `None`: since ever. Where a day is named, calls without a date are left out.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Calls of this team alone.
    pub team: Option<String>,
    /// Calls of this agent alone.
    pub agent: Option<String>,
}

impl Scope {
    /// Whether calls of the day are of the scope.
    #[must_use]
    pub fn holds(&self, date: Option<Date>) -> bool {
        match date {
            Some(date) => self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}

/// All figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Of which calls.
    pub scope: Scope,
    /// First and last day of which there are calls.
    pub days: Option<(Date, Date)>,
    /// How many calls there are of each kind.
    pub calls: CallCounts,
    /// Question 1, by agency; the last run that was given a day's attempts speaks for it. Of all teams, since attempts name none.
    pub complete: Known<Vec<Completeness>>,
    /// Eligible calls with a reported fatal violation that nobody overturned, of those on which any violation rule was evaluable.
    pub red_line: Share,
    /// The same with any violation.
    pub violation: Share,
    /// As `violation`, confirmed ones alone; lacks reviews while any call is `unproven`.
    pub confirmed: Known<Share>,
    /// Of the calls of `violation`, those with findings of rules of which nobody knows how often they are right, and none that is
    /// confirmed.
    pub unproven: u64,
    /// The last 13 weeks up to the last day, Mondays first, empty ones too.
    pub weeks: Known<Vec<Week>>,
    /// By the manifest's column `agency`, the worst lower bound first; groups under 20 eligible calls last, unranked. Calls that name
    /// none are left out.
    pub agencies: Known<Vec<Group>>,
    /// Red lines that wait for a person.
    pub pending: Pending,
    /// What it cost and what it yielded.
    pub money: Known<Money>,
    /// Every violation rule that was applicable to any call, by severity (gravest first), then reported calls, then id.
    pub rules: Vec<RuleFigures>,
    /// Team by rule, by team.
    pub teams: Known<Vec<TeamRules>>,
    /// By local hour of the start, named `0` to `23`, all 24.
    pub hours: Known<Vec<Group>>,
    /// By weekday, named `1` (Monday) to `7`, all 7.
    pub weekdays: Known<Vec<Group>>,
    /// By product and stage, `card / M1`; `–` where a call does not say.
    pub products: Vec<Group>,
    /// What heard the calls, and in which language: how far they could be judged.
    pub instruments: Vec<Instrument>,
    /// By agent: ranked ones first (20 eligible calls), the worst lower bound first; then the others by id.
    pub agents: Known<Vec<AgentFigures>>,
    /// Question 6, of reported findings that nobody overturned (or confirmed ones where there are reviews).
    pub repeats: Known<Vec<Repeat>>,
    /// Question 8.
    pub contact: Contact,
    /// Question 9, by team and product.
    pub promises: Known<Vec<Promises>>,
    /// The calls to show, the worst first: by gravest finding, then by how many of it, then by score, then by id.
    pub worst: Vec<WorstCall>,
    /// The one agent's own page; `None` where the scope names no agent.
    pub own: Option<Own>,
}

/// How many calls of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallCounts {
    /// All rows.
    pub all: u64,
    /// Without a date.
    pub undated: u64,
    /// Nothing could be read.
    pub failed: u64,
    /// Read in part.
    pub partial: u64,
    /// Left out on purpose.
    pub skipped: u64,
    /// With 10 s of talk, sound and words: those that count (docs/bi.md).
    pub eligible: u64,
    /// Conversations with sound or words missing.
    pub half_known: u64,
    /// What the others were: `too_short`, `voicemail` and so on.
    pub other_outcomes: BTreeMap<String, u64>,
    /// By verdict.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Length of the recordings, s.
    pub sound_s: f64,
    /// Mean score of eligible calls that have one.
    pub mean_score: Option<f64>,
    /// Findings of violation rules, by severity, that nobody overturned, on all calls.
    pub findings: BTreeMap<Severity, u64>,
}

/// What came of answered calls; answered = inspected + failed + excluded + missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// The agency; empty where none is named.
    pub agency: String,
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

/// A week.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// Its Monday.
    pub monday: Date,
    /// As [`Figures::red_line`].
    pub red_line: Share,
    /// As [`Figures::violation`].
    pub violation: Share,
    /// Rules whose effect changed in it, or that are new: ids, sorted. Empty in the first week with calls.
    pub changed_rules: Vec<String>,
}

/// Calls that have something in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// What.
    pub name: String,
    /// Eligible calls.
    pub eligible: u64,
    /// As [`Figures::violation`].
    pub violation: Share,
    /// As [`Figures::red_line`].
    pub red_line: Share,
    /// Mean score.
    pub mean_score: Option<f64>,
}

/// Calls with a red line that no person has decided on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// All of them.
    pub calls: u64,
    /// Those that started more than 24 hours before the end of the last day; `None` without dates.
    pub over_a_day: Option<u64>,
}

/// What it cost and what it yielded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// What was spent, as given.
    pub cost: f64,
    /// Confirmed violations (findings).
    pub confirmed: u64,
    /// Cost of each; `None` where there are none.
    pub cost_each: Option<f64>,
    /// What was paid after the calls of the scope.
    pub paid: Known<f64>,
}

/// How far a rule is believed (docs/bi.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Right in 90 % of at least 20 findings reviewed at random.
    Believed,
    /// Right in fewer.
    Doubted,
    /// Fewer were reviewed.
    Unproven,
}

/// A rule; where several revisions judged, the figures are of all, and the texts of the last.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFigures {
    /// Its id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: String,
    /// Its severity.
    pub severity: Severity,
    /// Where it is in its life.
    pub status: RuleStatus,
    /// Revisions that judged.
    pub revisions: Vec<i32>,
    /// Its first source.
    pub source: String,
    /// What to do about it.
    pub advice: String,
    /// Eligible calls with a finding that nobody overturned, of those on which it was evaluable.
    pub reported: Share,
    /// Findings that nobody overturned, on all calls.
    pub findings: u64,
    /// As `reported`, confirmed ones alone; lacks reviews while a reported one is neither believed, doubted nor reviewed.
    pub confirmed: Known<Share>,
    /// Upheld of those reviewed at random, each counted once, in the whole dataset; `None` without such reviews.
    pub precision: Option<Share>,
    /// How far its last revision is believed.
    pub standing: Standing,
    /// Appeals, and of those the ones that overturned it, in the whole dataset.
    pub appeals: Share,
    /// Conversations to which it was applicable and on which it had no answer, by reason; those with sound or words missing too.
    pub not_evaluated: BTreeMap<String, u64>,
    /// Reported rate of the scope's first half of days and of its second; `None` under 2 days.
    pub halves: Option<(Share, Share)>,
}

/// A team, and its share of calls with each rule's findings.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamRules {
    /// The team.
    pub team: String,
    /// All its calls.
    pub group: Group,
    /// By rule: reported of evaluable.
    pub rules: BTreeMap<String, Share>,
}

/// What heard some calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// The engine; `–` where there is no transcript.
    pub engine: String,
    /// Its model; empty where it names none.
    pub model: String,
    /// Language of the calls; empty where nobody says.
    pub language: String,
    /// Conversations of 10 s of talk.
    pub conversations: u64,
    /// Mean share of points that could be evaluated, 0 to 1.
    pub mean_coverage: Option<f64>,
    /// Mean confidence of the engine, 0 to 1.
    pub mean_confidence: Option<f64>,
}

/// An agent.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentFigures {
    /// The agent.
    pub agent_id: String,
    /// The team, of the last call.
    pub team: Option<String>,
    /// All calls.
    pub calls: u64,
    /// Calls in which the customer speaks.
    pub answered: u64,
    /// Time that both sides spoke in calls with people (conversations, and those too short), s.
    pub talk_s: f64,
    /// As of a group of calls.
    pub group: Group,
    /// Whether there are enough calls to rank: 20 eligible ones on which a violation rule was evaluable.
    pub is_ranked: bool,
    /// Calls in which a rule on the customer's abuse of the agent reported.
    pub abused: u64,
    /// Complaints within 30 days; lacks outcomes.
    pub complaints: Known<u64>,
}

/// An agent who broke a rule in two calls within 7 days.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// The agent.
    pub agent_id: String,
    /// The team.
    pub team: Option<String>,
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// The calls, by start.
    pub occasions: Vec<Occasion>,
}

/// A finding to listen to.
#[derive(Clone, Debug, PartialEq)]
pub struct Occasion {
    /// The call.
    pub call_id: String,
    /// Local start of the call.
    pub started_local: DateTime,
    /// Where in the recording, ms.
    pub start_ms: Option<i64>,
    /// What was said.
    pub quote: String,
}

/// Question 8.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Debtors called more than 3 times with 10 s of talk on a day.
    pub debtor_days: Known<Vec<DebtorDay>>,
    /// Numbers tried more than 6 times on a day; of all teams, since attempts name none.
    pub number_days: Known<Vec<NumberDay>>,
    /// Talk between 22:00 and 8:00.
    pub night: Known<Vec<NightCall>>,
    /// Third persons reached before contact was lost; of all teams too.
    pub third_persons: Known<Vec<ThirdPerson>>,
}

/// A debtor called more than 3 times on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebtorDay {
    /// The day.
    pub date: Date,
    /// The debtor.
    pub customer_id: String,
    /// Calls with a person who speaks.
    pub calls_0_s: u64,
    /// Of those, with 10 s of talk.
    pub calls_10_s: u64,
    /// Of those, with 30 s.
    pub calls_30_s: u64,
}

/// A number tried more than 6 times on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberDay {
    /// The day.
    pub date: Date,
    /// A key of the number, never the number.
    pub number: String,
    /// Attempts.
    pub attempts: u64,
    /// Of those, answered.
    pub answered: u64,
}

/// A call at night.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NightCall {
    /// The call.
    pub call_id: String,
    /// Local start.
    pub started_local: DateTime,
    /// Local end.
    pub ended_local: DateTime,
    /// The agent.
    pub agent_id: Option<String>,
}

/// A third person reached while the debtor could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThirdPerson {
    /// When.
    pub ring_local: DateTime,
    /// The debtor.
    pub customer_id: String,
    /// A key of the third person's number.
    pub number: String,
    /// Who, seen from the debt.
    pub callee_role: String,
    /// The last attempts to the debtor before, at most 3.
    pub attempts_before: u64,
    /// Of those, in vain.
    pub failures_before: u64,
}

/// Question 9.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promises {
    /// The team; empty where none is named.
    pub team: String,
    /// The product; empty where none is named.
    pub product: String,
    /// Kept, of those whose day has passed.
    pub kept: Share,
    /// Paid late.
    pub late: u64,
    /// Not paid.
    pub broken: u64,
    /// Not due yet.
    pub open: u64,
    /// What was paid, in time or late.
    pub paid: f64,
}

/// A call to show.
#[derive(Clone, Debug, PartialEq)]
pub struct WorstCall {
    /// The call.
    pub call_id: String,
    /// Its date, as the dataset files it.
    pub date: Option<Date>,
    /// The batch that holds it.
    pub batch: String,
    /// Its gravest violation that nobody overturned.
    pub severity: Severity,
    /// Its score.
    pub score: Option<f64>,
    /// Its agent.
    pub agent_id: Option<String>,
    /// Its gravest finding's message.
    pub message: String,
    /// Where, ms.
    pub start_ms: Option<i64>,
}

/// What an agent sees of the own work.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The agent's figures.
    pub figures: AgentFigures,
    /// The team's median agent: mean score, and percent of calls with a violation; `None` under 3 agents.
    pub team_median: Option<(f64, f64)>,
    /// By week: the agent's mean score and the team's median agent's.
    pub weeks: Vec<(Date, Lines)>,
    /// What cost points, the most costly rule first.
    pub deductions: Vec<Deduction>,
    /// The eligible call to learn from: no violation, the highest score, then coverage, then the longest talk.
    pub good_example: Option<Mark>,
}

/// Two lines of a trend.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lines {
    /// The agent's mean score.
    pub own: Option<f64>,
    /// The median of the team's agents' mean scores; `None` under 3 agents.
    pub team: Option<f64>,
}

/// What a rule cost an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Deduction {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its severity.
    pub severity: Severity,
    /// What to do about it.
    pub advice: String,
    /// Calls with it.
    pub calls: u64,
    /// Points that its findings cost.
    pub points: f64,
    /// Where to hear it: the latest calls first, at most 5.
    pub occasions: Vec<Occasion>,
}

/// A call to name.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The call.
    pub call_id: String,
    /// Its date.
    pub date: Option<Date>,
    /// The batch that holds it.
    pub batch: String,
    /// Its score.
    pub score: Option<f64>,
}
