//! Facts and rules by hand, for tests.

use super::compile::{Ruleset, compile};
use super::evaluate::InForce;
use super::model::{Kind, LookFor, Place, Report, Rule, Source, When, Words};
use super::pattern::Pattern;
use super::speakers::Speakers;
use crate::facts::{
    CallFacts, CallOutcome, Facts, Interruption, RateFacts, Silence, SoundFacts, StretchFacts, TurnFacts,
};
use crate::finding::{Judgement, RuleStatus, Severity};
use crate::lexicon::List;
use crate::units::{Role, Span};
use std::collections::BTreeMap;

/// A call in Chinese with a transcript and two channels of sound, 10 minutes long, nothing said.
pub(crate) fn call() -> Facts {
    let sound = SoundFacts {
        decoder: String::new(),
        codec: String::new(),
        rate_hz: 8_000,
        analysis_rate_hz: 8_000,
        channels: 2,
        duration_ms: 600_000,
        warnings: Vec::new(),
    };
    let call = CallFacts {
        sound: Some(sound),
        language: Some("zh-CN".into()),
        has_transcript: true,
        overlap_measurable: true,
        outcome: Some(CallOutcome::Conversation),
        eligible: true,
        ..CallFacts::blank("call-1")
    };
    Facts { call, turns: Vec::new(), stretches: Vec::new(), entities: Vec::new() }
}

/// A call in which each line (second it starts, who, what) lasts a second for every four characters, at
/// least one, and runs of one speaker with gaps under 2 s are one turn group.
pub(crate) fn said(lines: &[(i64, Role, &str)]) -> Facts {
    let mut facts = call();
    let mut group = -1;
    for (turn, (start_s, role, text)) in lines.iter().enumerate() {
        let span = Span::new(start_s * 1_000, start_s * 1_000 + (text.chars().count() as i64 * 250).max(1_000));
        let goes_on = facts
            .turns
            .last()
            .is_some_and(|last: &TurnFacts| last.role == *role && span.start_ms - last.span.end_ms < 2_000);
        group += i32::from(!goes_on);
        facts.turns.push(turn_facts(turn as i32, group, *role, span, text));
    }
    facts
}

fn turn_facts(turn: i32, turn_group: i32, role: Role, span: Span, text: &str) -> TurnFacts {
    TurnFacts {
        turn,
        turn_group,
        role,
        agent_id: None,
        channel: None,
        span,
        times_estimated: false,
        suspect: Vec::new(),
        text: text.to_owned(),
        words: Vec::new(),
        language: None,
        chars: text.chars().count() as i32,
        words_n: 0,
        syllables: None,
        rate: None,
        loudness_dbfs: None,
        loudness_over_usual_db: None,
        pitch_hz: None,
        anger_acoustic: None,
        anger_over_usual: None,
        anger_features: Vec::new(),
        anger_engine: None,
        engine_emotion: None,
        engine_event: None,
        confidence: None,
        vendor_measures: None,
        overlap_ms: None,
        gap_before_ms: None,
    }
}

/// A silence of `length_ms` from `start_s` on.
pub(crate) fn silence(start_s: i64, length_ms: i64, of: Role) -> Silence {
    Silence { span: Span::new(start_s * 1_000, start_s * 1_000 + length_ms), of }
}

/// Somebody comes in at `start_s`, 3 s into the other's turn, who yields.
pub(crate) fn interruption(start_s: i64, overlap_ms: i64, by: Role) -> Interruption {
    let span = Span::new(start_s * 1_000, start_s * 1_000 + overlap_ms);
    Interruption { by, span, into_turn_ms: 3_000, yielded: true, backchannel: false }
}

pub(crate) fn stretch(start_s: i64, length_ms: i64, role: Role, loudness_dbfs: f32) -> StretchFacts {
    let span = Span::new(start_s * 1_000, start_s * 1_000 + length_ms);
    StretchFacts { channel: 0, role, span, loudness_dbfs, pitch_hz: None, syllables: None, anger: None }
}

pub(crate) fn rate(articulation_per_min: f32, counts: &str) -> RateFacts {
    RateFacts {
        articulation_per_min,
        turn_per_min: articulation_per_min,
        elapsed_per_min: None,
        counts: counts.into(),
        method: String::new(),
    }
}

/// An active major rule `test.rule` that reports its only condition, named `it`.
pub(crate) fn rule(kind: Kind) -> Rule {
    rule_of(vec![look("it", kind)], When::Name(0))
}

pub(crate) fn rule_of(look_fors: Vec<LookFor>, when: When) -> Rule {
    Rule {
        id: "test.rule".into(),
        title: String::new(),
        status: RuleStatus::Active,
        severity: Severity::Major,
        category: "测试".into(),
        owner: String::new(),
        approved: None,
        revision: 3,
        languages: Vec::new(),
        in_force_from: None,
        in_force_until: None,
        outcomes: Vec::new(),
        needs: Vec::new(),
        what: String::new(),
        why: String::new(),
        misses: String::new(),
        sources: vec![Source { cite: "第1条".into(), confidence: "ours".into() }],
        look_fors,
        report: Report { when, message: String::new(), advice: "好好说".into(), once: false },
        examples: Vec::new(),
    }
}

pub(crate) fn look(name: &str, kind: Kind) -> LookFor {
    LookFor { name: name.into(), speakers: Speakers::ANYONE, place: Place::Anywhere, count_at_least: 1, kind }
}

pub(crate) fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

pub(crate) fn written(patterns: &[&str]) -> Vec<Pattern> {
    patterns.iter().map(|pattern| pattern.parse().expect("a pattern")).collect()
}

pub(crate) fn phrases(words: &[&str]) -> Kind {
    Kind::Words(Words { phrases: strings(words), ..Words::default() })
}

pub(crate) fn list(id: &str, terms: &[&str], never: &[&str]) -> List {
    List {
        id: id.into(),
        means: String::new(),
        owner: String::new(),
        source: String::new(),
        confidence: String::new(),
        terms: strings(terms),
        never: strings(never),
        beside: Vec::new(),
    }
}

/// Small stand-ins for the lists of negators and of openers of quotation.
pub(crate) fn lists() -> BTreeMap<String, List> {
    let negators =
        ["不", "不会", "不会去", "不可能", "不是", "不能", "没", "没有", "别", "从不", "绝不", "并非", "无需", "未"];
    let never = ["再不", "要不", "别以为不", "难道不", "不是吓唬", "不然", "不管", "不但", "差不多"];
    let openers = ["您说", "你说", "如果有人说", "谨防", "有人跟您说", "别人说"];
    let all = [list("zh/negation", &negators, &never), list("zh/quotation", &openers, &[])];
    all.into_iter().map(|list| (list.id.clone(), list)).collect()
}

pub(crate) fn ruleset(rules: &[Rule]) -> Ruleset {
    compile(rules, &lists()).expect("rules by hand compile")
}

/// What one rule says of a call.
pub(crate) fn judge(rule: &Rule, facts: &Facts) -> Judgement {
    ruleset(std::slice::from_ref(rule)).judge(facts, InForce::Ignore)
}

/// The outcome in a word: `n findings`, a reason, `silent`, or `not applicable`.
pub(crate) fn outcome(rule: &Rule, facts: &Facts) -> String {
    let judgement = judge(rule, facts);
    match (judgement.findings.len(), judgement.not_evaluated.first()) {
        (_, Some(aside)) => aside.reason.name().to_owned(),
        (0, None) if judgement.evaluated.is_empty() => "not applicable".to_owned(),
        (0, None) => "silent".to_owned(),
        (count, None) => format!("{count} findings"),
    }
}
