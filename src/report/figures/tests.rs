//! Figures worked out on paper, of calls that are made for them.

use super::{
    Brought, Figures, Gathering, Lack, Lines, Outcome, Review, Reviewed, RuleFigures, RuleSets, Scope, SeenCall, Share,
    Standing,
};
use crate::facts::{CallOutcome, Status};
use crate::finding::{RuleStatus, Severity};
use crate::recording::StartedAt;
use crate::report::{Decision, Selection};
use crate::score::Verdict;
use crate::tables::{CountedCall, CountedFinding, ReportedBy, RuleRow};
use jiff::civil::Date;
use std::collections::BTreeMap;

const RULE: &str = "p.threat";
const OTHER: &str = "p.insult";

/// A call that is being made up.
#[derive(Clone)]
struct Made {
    row: CountedCall,
    findings: Vec<CountedFinding>,
    rules: Vec<&'static str>,
}

/// A conversation of agent a of the team t at 10 o'clock of a day of November, asked by both rules of the first set.
fn call(id: &str, day: i8) -> Made {
    let start = Date::constant(2026, 11, day).at(10, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("a time");
    let row = CountedCall {
        call_id: id.into(),
        status: Status::Ok,
        started_at: Some(StartedAt { timestamp_us: start.timestamp().as_microsecond(), utc_offset_min: 0 }),
        agent_id: Some("a".into()),
        team: Some("t".into()),
        customer_id: None,
        callee_role: None,
        product: None,
        stage: None,
        direction: None,
        extra: BTreeMap::new(),
        decoder: Some("callsift".into()),
        duration_ms: Some(60_000),
        language: None,
        has_transcript: true,
        engine: None,
        engine_model: None,
        engine_confidence: None,
        call_outcome: Some(CallOutcome::Conversation),
        eligible: true,
        agent_talk_ms: Some(20_000),
        customer_talk_ms: Some(10_000),
        score: Some(80.0),
        verdict: Some(Verdict::Pass),
        coverage: Some(1.0),
        ruleset_hash: Some("h1".into()),
    };
    Made { row, findings: Vec::new(), rules: vec![OTHER, RULE] }
}

impl Made {
    fn with(mut self, change: impl FnOnce(&mut CountedCall)) -> Self {
        change(&mut self.row);
        self
    }

    fn by(self, agent: &str, score: f64) -> Self {
        self.with(|row| (row.agent_id, row.score) = (Some(agent.into()), Some(score)))
    }

    /// A finding named after its call, its rule and its place.
    fn found(mut self, rule: &str, severity: Severity) -> Self {
        self.findings.push(CountedFinding {
            finding_id: format!("{}-{}", self.row.call_id, self.findings.len()),
            rule: rule.into(),
            revision: 1,
            severity,
            status: RuleStatus::Active,
            start_ms: Some(1_000 * self.findings.len() as i64),
            quote: "堵门".into(),
            points: 5.0,
            excused_by: None,
            message: format!("{rule} on {}", self.row.call_id),
        });
        self
    }

    fn date(&self) -> Option<Date> {
        Some(self.row.started_at?.local_date())
    }
}

fn rule(id: &str, severity: Severity, effect: &str) -> RuleRow {
    RuleRow {
        rule: id.into(),
        revision: 1,
        title: format!("title of {id}"),
        status: RuleStatus::Active,
        severity,
        category: "恐吓".into(),
        languages: vec![],
        what: String::new(),
        why: String::new(),
        misses: String::new(),
        sources: vec![],
        message: String::new(),
        advice: format!("advice of {id}"),
        owner: String::new(),
        in_force_from: None,
        in_force_until: None,
        text: String::new(),
        resolved: "{}".into(),
        effect_hash: effect.into(),
    }
}

/// `h2` has a threat that judges otherwise, and a rule more.
fn rule_sets() -> RuleSets {
    let insult = || rule(OTHER, Severity::Fatal, "i1");
    let first = vec![insult(), rule(RULE, Severity::Major, "t1")];
    let second = vec![insult(), rule("p.new", Severity::Minor, "n1"), rule(RULE, Severity::Major, "t2")];
    RuleSets::new([("h1".to_owned(), first), ("h2".to_owned(), second)].into())
}

fn figures(calls: &[Made], scope: &Scope, brought: &Brought) -> Figures {
    let reviews = brought.reviews.as_deref();
    let reported: Vec<ReportedBy> = calls.iter().flat_map(|call| &call.findings).map(reported_by).collect();
    let reviewed = Reviewed::new(reviews).with_rules(reviews.unwrap_or_default(), &reported);
    let rules = rule_sets();
    let gathering = Gathering {
        scope,
        rules: &rules,
        reviewed: &reviewed,
        outcomes: brought.outcomes.as_ref(),
        known_until: brought.last_known_day(),
        shown: 3,
    };
    let mut days: BTreeMap<Option<Date>, Vec<&Made>> = BTreeMap::new();
    calls.iter().for_each(|call| days.entry(call.date()).or_default().push(call));
    let mut sum = gathering.nothing();
    for (date, calls) in days.into_iter().filter(|(date, _)| scope.holds(*date)) {
        let mut day = gathering.day(date);
        for Made { row, findings, rules } in calls {
            let (row, findings) = (row.clone(), findings.clone());
            let evaluated = Some(rules.as_slice());
            day.add(&SeenCall { batch: "b", date, row, evaluated, findings, reasons: vec![], spoken: None });
        }
        sum.merge(day.finish());
    }
    gathering.figures(sum, &[], brought)
}

fn reported_by(finding: &CountedFinding) -> ReportedBy {
    ReportedBy { finding_id: finding.finding_id.clone(), rule: finding.rule.clone(), revision: finding.revision }
}

fn all(calls: &[Made]) -> Figures {
    figures(calls, &Scope::default(), &Brought::default())
}

#[test]
fn what_is_not_known_is_lacking_and_not_zero() {
    let bare = call("a", 1).with(|row| {
        (row.started_at, row.agent_id, row.team) = (None, None, None);
        row.ruleset_hash = None;
    });
    let of = all(&[bare]);
    assert_eq!((of.days, of.calls.undated, of.calls.eligible), (None, 1, 1));
    let lacks = [
        of.complete.err(),
        of.weeks.err(),
        of.agencies.err(),
        of.money.err(),
        of.teams.err(),
        of.hours.err(),
        of.weekdays.err(),
        of.agents.err(),
        of.repeats.err(),
        of.contact.debtor_days.err(),
        of.contact.number_days.err(),
        of.contact.night.err(),
        of.contact.third_persons.err(),
        of.promises.err(),
    ];
    let expected = [
        Lack::AttemptsOfRun,
        Lack::Dates,
        Lack::Agencies,
        Lack::Cost,
        Lack::Teams,
        Lack::Dates,
        Lack::Dates,
        Lack::Agents,
        Lack::Agents,
        Lack::Customers,
        Lack::Attempts,
        Lack::Dates,
        Lack::Attempts,
        Lack::Outcomes,
    ];
    assert_eq!(lacks, expected.map(Some));
    assert_eq!((of.violation, of.violation.percent(), of.pending.over_a_day), (Share::default(), None, None));
}

#[test]
fn shares_are_of_calls_on_which_a_rule_was_evaluable() {
    let red = call("red", 2).found(OTHER, Severity::Fatal).found(OTHER, Severity::Fatal);
    let mut unasked = call("unasked", 2);
    unasked.rules = vec![];
    let calls = [
        red,
        call("major", 2).found(RULE, Severity::Major),
        call("clean", 3),
        unasked,
        call("too short", 3).with(|row| row.eligible = false).found(RULE, Severity::Major),
        call("words alone", 3).with(|row| row.decoder = None).found(RULE, Severity::Major),
    ];
    let of = all(&calls);
    assert_eq!((of.calls.all, of.calls.eligible, of.calls.half_known), (6, 4, 1));
    assert_eq!((of.red_line, of.violation), (Share { hits: 1, of: 3 }, Share { hits: 2, of: 3 }));
    assert_eq!((of.confirmed, of.unproven), (Err(Lack::Reviews), 2));
    let rules: Vec<_> = of.rules.iter().map(|rule| (rule.rule.as_str(), rule.reported, rule.findings)).collect();
    assert_eq!(rules, [(OTHER, Share { hits: 1, of: 3 }, 2), (RULE, Share { hits: 1, of: 3 }, 3)]);
    let halves = of.rules[1].halves.expect("two days");
    assert_eq!(halves, (Share { hits: 1, of: 2 }, Share { hits: 0, of: 1 }));
    let worst: Vec<&str> = of.worst.iter().map(|call| call.message.as_str()).collect();
    assert_eq!(worst, ["p.insult on red", "p.threat on major", "p.threat on too short"]);
    assert_eq!((of.pending.calls, of.pending.over_a_day), (1, Some(1)), "the red line is of the day before the last");
}

#[test]
fn the_worst_calls_go_by_gravity_number_score_and_id() {
    let calls = [
        call("d", 2).found(RULE, Severity::Major),
        call("b", 2).found(RULE, Severity::Major).found(RULE, Severity::Major),
        call("a", 2).with(|row| row.score = None).found(RULE, Severity::Major),
        call("c", 2).with(|row| row.score = Some(10.0)).found(RULE, Severity::Major),
        call("e", 2).found(OTHER, Severity::Fatal),
    ];
    let ids: Vec<String> = all(&calls).worst.into_iter().map(|call| call.call_id).collect();
    assert_eq!(ids, ["e", "b", "c"], "no more than three are shown");
}

fn decided(finding: &str, decision: Decision, selection: Selection, minute: i64) -> Review {
    Review {
        review_id: Some(format!("r{minute}")),
        finding_id: Some(finding.into()),
        decided_us: Some(minute),
        decision: Some(decision),
        selection: Some(selection),
        ..Review::default()
    }
}

fn threat_of(figures: &Figures) -> &RuleFigures {
    figures.rules.iter().find(|rule| rule.rule == RULE).expect("it was asked")
}

/// Of 20 threats that were drawn, 18 held, so the rule is believed (90 %), and the one that nobody looked at counts; one more was
/// overturned on appeal.
#[test]
fn a_rule_is_believed_from_ninety_percent_of_twenty_on() {
    let calls: Vec<Made> = (0..22).map(|at| call(&format!("c{at:02}"), 2).found(RULE, Severity::Major)).collect();
    let decision = |at: i64| if at < 2 { Decision::Overturned } else { Decision::Upheld };
    let mut reviews: Vec<Review> =
        (0..20).map(|at| decided(&format!("c{at:02}-0"), decision(at), Selection::Random, at)).collect();
    reviews.push(decided("c20-0", Decision::Overturned, Selection::Appeal, 40));
    let of = |reviews: &[Review]| {
        let brought = Brought { reviews: Some(reviews.to_vec()), cost: Some(190.0), ..Brought::default() };
        figures(&calls, &Scope::default(), &brought)
    };
    let believed = of(&reviews);
    let threat = threat_of(&believed);
    assert_eq!((threat.standing, threat.precision), (Standing::Believed, Some(Share { hits: 18, of: 20 })));
    assert_eq!((threat.appeals, threat.reported), (Share { hits: 1, of: 1 }, Share { hits: 19, of: 22 }));
    assert_eq!(
        (threat.confirmed, believed.confirmed),
        (Ok(Share { hits: 19, of: 22 }), Ok(Share { hits: 19, of: 22 }))
    );
    let money = believed.money.expect("cost and reviews");
    assert_eq!((money.confirmed, money.cost_each, money.paid), (19, Some(10.0), Err(Lack::Outcomes)));

    reviews[2].decision = Some(Decision::Overturned);
    let doubted = of(&reviews);
    assert_eq!(threat_of(&doubted).standing, Standing::Doubted);
    assert_eq!(doubted.confirmed, Ok(Share { hits: 17, of: 22 }), "the one that nobody looked at counts no longer");

    let unproven = of(&reviews[1..]);
    assert_eq!((threat_of(&unproven).standing, unproven.confirmed), (Standing::Unproven, Err(Lack::Reviews)));
    assert_eq!(unproven.unproven, 2, "the first and the last");
}

#[test]
fn a_later_decision_holds_and_a_red_line_waits_until_one_is_made() {
    let calls = [
        call("upheld", 2).found(OTHER, Severity::Fatal).found(OTHER, Severity::Fatal),
        call("half", 2).found(OTHER, Severity::Fatal).found(OTHER, Severity::Fatal),
        call("open", 3).found(OTHER, Severity::Fatal),
    ];
    let reviews = vec![
        decided("upheld-0", Decision::Upheld, Selection::Risk, 9),
        decided("upheld-0", Decision::Overturned, Selection::Risk, 3),
        decided("half-1", Decision::Overturned, Selection::Risk, 3),
    ];
    let of = figures(&calls, &Scope::default(), &Brought { reviews: Some(reviews), ..Brought::default() });
    assert_eq!((of.pending.calls, of.pending.over_a_day), (2, Some(1)));
    assert_eq!(of.red_line, Share { hits: 3, of: 3 });
}

#[test]
fn rules_that_changed_are_marked_in_the_week_in_which_they_did() {
    let by_second = |made: Made| made.with(|row| row.ruleset_hash = Some("h2".into()));
    // 9 and 16 November 2026 are Mondays.
    let calls = [call("a", 9), call("b", 15), by_second(call("c", 16)), call("d", 24), by_second(call("e", 24))];
    let weeks = all(&calls).weeks.expect("dates");
    assert_eq!(weeks.len(), 13);
    let changed: Vec<_> = weeks[10..].iter().map(|week| (week.monday.day(), week.changed_rules.clone())).collect();
    let second = vec!["p.new".to_owned(), RULE.to_owned()];
    assert_eq!(changed, [(9, vec![]), (16, second), (23, vec![])]);
    assert_eq!(weeks.iter().map(|week| week.violation.of).collect::<Vec<_>>()[9..], [0, 2, 1, 2]);
}

/// The medians of 90, 70 and 60; and of no, no and every call with a violation. In the second week two agents are too few.
#[test]
fn an_agent_sees_the_own_work_beside_the_team_s_median() {
    let calls = [
        call("a1", 9).by("a", 95.0).with(|row| row.agent_talk_ms = Some(90_000)),
        call("a2", 9).by("a", 85.0).found(RULE, Severity::Major).found(RULE, Severity::Major),
        call("a3", 17).by("a", 90.0).found(OTHER, Severity::Fatal),
        call("a4", 17).by("a", 95.0),
        call("b1", 9).by("b", 70.0),
        call("c1", 9).by("c", 60.0).found(RULE, Severity::Major),
        call("c2", 17).by("c", 60.0).found(RULE, Severity::Major),
        call("d1", 9).by("d", 10.0).with(|row| row.team = Some("other".into())),
    ];
    let scope = Scope { agent: Some("a".into()), ..Scope::default() };
    let of = figures(&calls, &scope, &Brought::default());
    assert_eq!((of.calls.all, of.violation), (4, Share { hits: 2, of: 4 }), "the agent's calls alone");
    let own = of.own.expect("an agent");
    assert_eq!((own.figures.calls, own.figures.group.mean_score), (4, Some(91.25)));
    assert_eq!(own.team_median, Some((70.0, 50.0)), "of 91.25, 70 and 60; of 50 %, 0 % and 100 %");
    let line = |own, team| Lines { own, team };
    let lines: Vec<Lines> = own.weeks[10..].iter().map(|(_, lines)| *lines).collect();
    assert_eq!(lines, [line(None, None), line(Some(90.0), Some(70.0)), line(Some(92.5), None)]);
    let lost: Vec<_> = own.deductions.iter().map(|it| (it.rule.as_str(), it.calls, it.points)).collect();
    assert_eq!(lost, [(RULE, 1, 10.0), (OTHER, 1, 5.0)]);
    assert_eq!((own.deductions[0].title.as_str(), own.deductions[0].occasions.len()), ("title of p.threat", 2));
    assert_eq!(own.good_example.expect("calls without violation").call_id, "a1", "as good as a4, and longer");
}

#[test]
fn promises_are_open_until_the_file_knows_more() {
    let day = |day: i8| Some(Date::constant(2026, 11, day));
    let outcome = |promised, paid_at| Outcome { promised, paid_at, amount: paid_at.map(|_| 100.0), complaint_at: None };
    let outcomes = [
        ("kept", outcome(day(10), day(10))),
        ("late", outcome(day(10), day(12))),
        ("broken", outcome(day(10), None)),
        ("open", outcome(day(20), None)),
        ("of no call", outcome(day(10), day(10))),
    ];
    let outcomes = outcomes.map(|(id, outcome)| (id.to_owned(), outcome)).into();
    let calls = ["kept", "late", "broken", "open", "without a line"].map(|id| call(id, 2));
    let brought = Brought { outcomes: Some(outcomes), ..Brought::default() };
    assert_eq!(brought.last_known_day(), day(12));
    let promises = figures(&calls, &Scope::default(), &brought).promises.expect("outcomes");
    let [of] = &promises[..] else { panic!("{promises:?}") };
    assert_eq!((of.kept, of.late, of.broken, of.open), (Share { hits: 1, of: 3 }, 1, 1, 1));
    assert!((of.paid - 200.0).abs() < 1e-9, "{}", of.paid);
}
