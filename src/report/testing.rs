//! Made-up figures and calls, every text of which is `text`.

use super::figures::*;
use super::{Share, ShownCall};
use crate::facts::{CallFacts, Facts, Interruption, Silence, SoundFacts, StretchFacts, TurnFacts};
use crate::finding::{Finding, MatchKind, RuleStatus, Severity};
use crate::score::Verdict;
use crate::units::{Role, Span};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

const DAY: Date = date(2026, 11, 20);

pub(super) fn call(text: &str) -> ShownCall {
    let mut call = CallFacts::blank(text);
    call.metadata.agent_id = Some(text.to_owned());
    call.sound = Some(SoundFacts {
        decoder: "callsift".into(),
        codec: "pcm".into(),
        rate_hz: 8000,
        analysis_rate_hz: 8000,
        channels: 2,
        duration_ms: 60_000,
        warnings: vec![],
    });
    call.silences = vec![Silence { span: Span { start_ms: 20_000, end_ms: 30_000 }, of: Role::Agent }];
    call.interruptions = vec![Interruption {
        by: Role::Agent,
        span: Span { start_ms: 12_000, end_ms: 13_000 },
        into_turn_ms: 900,
        yielded: true,
        backchannel: false,
    }];
    let stretch = |channel, role, start_ms, end_ms| StretchFacts {
        channel,
        role,
        span: Span { start_ms, end_ms },
        loudness_dbfs: -20.0,
        pitch_hz: Some(180.0),
        syllables: None,
        anger: None,
    };
    let stretches = vec![stretch(0, Role::Agent, 1_000, 9_000), stretch(1, Role::Customer, 11_000, 19_000)];
    let turns = vec![turn(0, Role::Agent, 1_000, text), turn(1, Role::Customer, 11_000, text)];
    let findings = vec![finding(text, Severity::Fatal, Some(1_000)), finding(text, Severity::Note, None)];
    ShownCall { date: Some(DAY), facts: Facts { call, turns, stretches, entities: vec![] }, verdicts: None, findings }
}

pub(super) fn turn(turn: i32, role: Role, start_ms: i64, text: &str) -> TurnFacts {
    TurnFacts {
        turn,
        turn_group: turn,
        role,
        agent_id: None,
        channel: Some(i32::from(role == Role::Customer)),
        span: Span { start_ms, end_ms: start_ms + 8_000 },
        times_estimated: false,
        suspect: vec!["loop".into()],
        text: text.to_owned(),
        words: vec![],
        language: None,
        chars: 0,
        words_n: 0,
        syllables: None,
        rate: None,
        loudness_dbfs: None,
        loudness_over_usual_db: None,
        pitch_hz: None,
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: vec![],
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: None,
        vendor_measures: None,
        overlap_ms: None,
        gap_before_ms: None,
    }
}

pub(super) fn finding(text: &str, severity: Severity, start_ms: Option<i64>) -> Finding {
    let owned = || text.to_owned();
    Finding {
        finding_id: owned(),
        category: owned(),
        look_for: owned(),
        role: Some(Role::Agent),
        turn: start_ms.map(|_| 0),
        turn_end: start_ms.map(|_| 0),
        start_ms,
        end_ms: start_ms.map(|start_ms| start_ms + 500),
        char_start: start_ms.map(|_| 0),
        char_end: start_ms.map(|_| 3),
        quote: owned(),
        matched: Some(format!("{text} ")),
        match_kind: MatchKind::Homophone,
        value: Some(7.25),
        threshold: Some(5.0),
        unit: Some(owned()),
        points: 2.0,
        excused_by: start_ms.is_none().then(owned),
        message: owned(),
        advice: owned(),
        source: owned(),
        ..Finding::blank(text, severity)
    }
}

fn group(text: &str) -> Group {
    let (violation, red_line) = (Share { hits: 6, of: 40 }, Share { hits: 1, of: 40 });
    Group { name: text.to_owned(), eligible: 40, violation, red_line, mean_score: Some(91.25) }
}

fn occasion(text: &str) -> Occasion {
    Occasion {
        call_id: text.to_owned(),
        started_local: DAY.at(10, 0, 0, 0),
        start_ms: Some(1_000),
        quote: text.to_owned(),
    }
}

fn agent(text: &str) -> AgentFigures {
    AgentFigures {
        agent_id: text.to_owned(),
        team: Some(text.to_owned()),
        calls: 50,
        answered: 44,
        talk_s: 7_200.0,
        group: group(text),
        is_ranked: true,
        abused: 1,
        complaints: Ok(2),
    }
}

/// Everything is known.
pub(super) fn figures(text: &str) -> Figures {
    let owned = || text.to_owned();
    let share = Share { hits: 6, of: 40 };
    let rule = RuleFigures {
        rule: owned(),
        title: owned(),
        category: owned(),
        severity: Severity::Fatal,
        status: RuleStatus::Active,
        revisions: vec![1],
        source: owned(),
        advice: owned(),
        reported: share,
        findings: 7,
        confirmed: Ok(Share { hits: 5, of: 40 }),
        precision: Some(Share { hits: 19, of: 20 }),
        standing: Standing::Believed,
        appeals: Share { hits: 1, of: 3 },
        not_evaluated: BTreeMap::from([("one_channel".to_owned(), 4)]),
        halves: Some((Share { hits: 2, of: 20 }, Share { hits: 4, of: 20 })),
    };
    let at = DAY.at(23, 0, 0, 0);
    let mark = Mark { call_id: owned(), date: Some(DAY), batch: "b".into(), score: Some(100.0) };
    let deduction = Deduction {
        rule: owned(),
        title: owned(),
        severity: Severity::Major,
        advice: owned(),
        calls: 3,
        points: 9.0,
        occasions: vec![occasion(text)],
    };
    let week = Week { monday: date(2026, 11, 16), red_line: share, violation: share, changed_rules: vec![owned()] };
    let lines = |own| Lines { own: Some(own), team: Some(88.0) };
    Figures {
        scope: Scope { from: None, to: None, team: Some(owned()), agent: Some(owned()) },
        days: Some((DAY, DAY)),
        calls: CallCounts {
            all: 60,
            undated: 1,
            failed: 2,
            partial: 1,
            skipped: 1,
            eligible: 40,
            half_known: 3,
            other_outcomes: BTreeMap::from([("voicemail".to_owned(), 5)]),
            verdicts: BTreeMap::from([(Verdict::Fail, 6)]),
            sound_s: 7_200.0,
            mean_score: Some(91.25),
            findings: BTreeMap::from([(Severity::Fatal, 1)]),
        },
        complete: Ok(vec![Completeness {
            agency: owned(),
            attempts: 90,
            answered: 64,
            inspected: 60,
            failed: 2,
            excluded: 1,
            missing: 1,
            unmatched: 0,
        }]),
        red_line: Share { hits: 1, of: 40 },
        violation: share,
        confirmed: Ok(share),
        unproven: 0,
        weeks: Ok(vec![week]),
        agencies: Ok(vec![group(text)]),
        pending: Pending { calls: 1, over_a_day: Some(1) },
        money: Ok(Money { cost: 100.0, confirmed: 5, cost_each: Some(20.0), paid: Ok(900.0) }),
        rules: vec![rule],
        teams: Ok(vec![TeamRules { team: owned(), group: group(text), rules: BTreeMap::from([(owned(), share)]) }]),
        hours: Ok((0..24).map(|hour| group(&hour.to_string())).collect()),
        weekdays: Ok((1..8).map(|day| group(&day.to_string())).collect()),
        products: vec![group(text)],
        instruments: vec![Instrument {
            engine: owned(),
            model: owned(),
            language: owned(),
            conversations: 40,
            mean_coverage: Some(0.9),
            mean_confidence: None,
        }],
        agents: Ok(vec![agent(text)]),
        repeats: Ok(vec![Repeat {
            agent_id: owned(),
            team: None,
            rule: owned(),
            title: owned(),
            severity: Severity::Major,
            occasions: vec![occasion(text)],
        }]),
        contact: Contact {
            debtor_days: Ok(vec![DebtorDay {
                date: DAY,
                customer_id: owned(),
                calls_0_s: 5,
                calls_10_s: 4,
                calls_30_s: 2,
            }]),
            number_days: Ok(vec![NumberDay { date: DAY, number: owned(), attempts: 9, answered: 2 }]),
            night: Ok(vec![NightCall {
                call_id: owned(),
                started_local: at,
                ended_local: at,
                agent_id: Some(owned()),
            }]),
            third_persons: Ok(vec![ThirdPerson {
                ring_local: at,
                customer_id: owned(),
                number: owned(),
                callee_role: owned(),
                attempts_before: 2,
                failures_before: 1,
            }]),
        },
        promises: Ok(vec![Promises {
            team: owned(),
            product: owned(),
            kept: share,
            late: 1,
            broken: 2,
            open: 3,
            paid: 10.0,
        }]),
        worst: vec![WorstCall {
            call_id: owned(),
            date: Some(DAY),
            batch: "b".into(),
            severity: Severity::Fatal,
            score: Some(60.0),
            agent_id: Some(owned()),
            message: owned(),
            start_ms: Some(1_000),
        }],
        own: Some(Own {
            figures: agent(text),
            team_median: Some((88.0, 20.0)),
            weeks: vec![(date(2026, 11, 9), lines(80.0)), (date(2026, 11, 16), lines(90.0))],
            deductions: vec![deduction],
            good_example: Some(mark),
        }),
    }
}
