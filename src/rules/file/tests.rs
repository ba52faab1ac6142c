use super::read;
use crate::finding::{RuleStatus, Severity};
use crate::recording::{PriorCall, StartedAt};
use crate::rules::model::{
    Answers, CallCondition, ColumnCondition, Emotion, EntityFor, Expected, Gather, History, InterruptionBy, Kind,
    Latency, Loudness, Patterns, Place, Range, RateThreshold, Reach, Repeats, Rule, SilenceFor, SimilarTo, SpeechRate,
    When, Words,
};
use crate::rules::speakers::Speakers;
use crate::rules::testing::written;
use crate::units::Role;
use crate::written::render::{Style, render};
use jiff::civil::{Weekday, date, time};
use proptest::prelude::*;

/// A rule with every kind of condition and every key.
pub(crate) const EVERYTHING: &str = r#"
id = "pack.everything"
title = "样样俱全"
status = "active"
severity = "critical"
category = "恐吓"
owner = "合规部"
approved = { by = "合规总监", on = "2026-11-01", review_by = "2027-05-01" }
revision = 3
languages = ["zh", "en"]
in_force = { from = "2018-03-28", until = "2030-01-01" }
needs = ["stage"]
outcomes = ["conversation", "voicemail"]
what = "甲"
why = "乙"
misses = "丙"
sources = [{ cite = "公约", confidence = "from memory" }, { cite = "惯例", confidence = "ours" }]

[look_for.threat]
speaker = "agent"
where = "first 30 s"
count_at_least = 2
words = ["lexicon:zh/threat-of-visit", "派人到你家"]
sounds_like = true
negation = "excludes"
quotation = "excludes"
not_before = ["机"]
not_after = ["不"]

[look_for.pattern]
where = "after threat within 60 s"
patterns = ['派(\d+)人', "到(\\w)家"]
differs_from = ["creditor"]
except = ['派\d人吗']
negation = "ignored"

[look_for.fast]
where = "last 3 turns"
kind = "speech_rate"
above = ["380 chars/min", "240 words/min"]
below = "100 chars/min"
over = "call"
min_chars_count = 20
min_length = "1.5 s"

[look_for.quiet]
where = "first 20 %"
kind = "silence"
longer_than = "8 s"
of = "agent"
unless_after = ["请稍等", "lexicon:zh/hold"]
up_to = "60 s"

[look_for.cut]
kind = "interruption"
by = "agent"
overlap_above = "1.5 s"
into_turn_above = "1 s"
yields_within = "500 ms"

[look_for.loud]
kind = "loudness"
above_usual = "6.5 dB"
for = "2 s"

[look_for.anger]
kind = "emotion"
score_above = 0.7
from = ["engine"]

[look_for.late]
kind = "call"
between = ["22:00", "08:00"]
at = "start"
weekdays = ["sat", "sun"]
days = ["lexicon:zh/holidays"]
longer_than = "10 s"
shorter_than = "1 h"
column = "callee_role"
is_not = ["debtor"]
agreed_column = "agreed_hours"

[look_for.together]
speaker = ["agent", "bot"]
where = "before threat within 3 turns"
all_of = ["录音", "lexicon:zh/purpose"]
same_utterance = true

[look_for.several]
where = "after threat"
words = ["甲", "乙", "丙"]
any_count = 2

[look_for.like]
similar_to = ["请您尽快处理欠款", "这是最后一次通知"]
similarity_above = "80 %"
negation = "excludes"

[look_for.again]
kind = "repeats"
repeat_count = 3
within = "5 turns"
min_chars_count = 8
similarity_above = "90 %"

[look_for.sum]
kind = "entity"
of = ["money", "promise"]
above = 1000
below = 2000.5
differs_from = ["due_amount", "min_amount"]
complete = true
same_as_customer = false
said_count_at_least = 2
with = ["欠款", "lexicon:zh/debt-words"]

[look_for.share]
kind = "talk_share"
above = "70 %"

[look_for.often]
kind = "turns"
below_count = 3

[look_for.slow]
kind = "latency"
over = "first"
above = "3 s"

[look_for.earlier]
kind = "history"
calls_at_least_count = 3
calls_at_most_count = 9
within = "24 h"
same_day = true
direction = "outbound"
answered = true
talk_at_least = "10 s"
callee_role = ["debtor"]
same_number = false
stop_requested = true

[report]
when = "threat and pattern or (fast or quiet and not cut) and loud before anger and late and together and several and like and again and sum and share and often and slow and earlier"
message = "时间"
advice = "改"
once = true

[[example]]
name = "报"
report = true
quote = "派人"
channel_count = 1
started_at = "2026-11-20T21:50:00+08:00"
callee_role = "debtor"
queue = "M1"
extra = { agreed_hours = "yes" }
earlier = [
    { before = "30 min", answered = false, same_number = false },
    { before = "2 h", answered = true, talk = "40 s", direction = "outbound", callee_role = "guarantor", same_number = true, stop_requested = true },
]
call = """
00:00  agent  派人
00:05.5-00:06  customer  {anger_engine 0.9, +12 dB}  好
"""

[[example]]
name = "不报"
report = false
recording = false
language = "en"
call = "00:00 agent hello"

[[example]]
name = "说不清"
report = "not_evaluable"
transcript = false
call = "00:00-00:03 agent"
"#;

fn everything() -> Rule {
    let read = read("pack", "everything", "everything.toml", EVERYTHING);
    read.unwrap_or_else(|mistakes| panic!("{}", render(&mistakes, Style::Plain)))
}

#[test]
fn the_top_reads_as_it_is_written() {
    let rule = everything();
    assert_eq!((rule.id.as_str(), rule.title.as_str(), rule.revision), ("pack.everything", "样样俱全", 3));
    assert_eq!((rule.status, rule.severity), (RuleStatus::Active, Severity::Critical));
    assert_eq!(rule.languages, ["zh", "en"]);
    assert_eq!((rule.in_force_from, rule.in_force_until), (Some(date(2018, 3, 28)), Some(date(2030, 1, 1))));
    let approved = rule.approved.expect("an approval");
    assert_eq!(
        (approved.by.as_str(), approved.on, approved.review_by),
        ("合规总监", date(2026, 11, 1), Some(date(2027, 5, 1)))
    );
    let sources: Vec<_> =
        rule.sources.iter().map(|source| (source.cite.as_str(), source.confidence.as_str())).collect();
    assert_eq!(sources, [("公约", "from memory"), ("惯例", "ours")]);
    // `between` and `weekdays` need the start, `column` its column.
    assert_eq!(rule.needs, ["callee_role", "creditor", "customer_id", "stage", "started_at"]);
}

#[test]
fn conditions_keep_the_order_of_the_file_and_their_scope() {
    let scopes: Vec<_> =
        everything().look_fors.into_iter().map(|it| (it.name, it.speakers, it.place, it.count_at_least)).collect();
    let before = Place::Before { name: "threat".into(), within: Some(Reach::Turns(3)) };
    let after = Place::After { name: "threat".into(), within: Some(Reach::Ms(60_000)) };
    let expected = [
        ("threat", Speakers::one(Role::Agent), Place::FirstMs(30_000), 2),
        ("pattern", Speakers::ANYONE, after, 1),
        ("fast", Speakers::ANYONE, Place::LastTurns(3), 1),
        ("quiet", Speakers::ANYONE, Place::FirstShare(0.2), 1),
        ("cut", Speakers::ANYONE, Place::Anywhere, 1),
        ("loud", Speakers::ANYONE, Place::Anywhere, 1),
        ("anger", Speakers::ANYONE, Place::Anywhere, 1),
        ("late", Speakers::ANYONE, Place::Anywhere, 1),
        ("together", Speakers::of([Role::Agent, Role::Bot]), before, 1),
        ("several", Speakers::ANYONE, Place::After { name: "threat".into(), within: None }, 1),
        ("like", Speakers::ANYONE, Place::Anywhere, 1),
        ("again", Speakers::ANYONE, Place::Anywhere, 1),
        ("sum", Speakers::ANYONE, Place::Anywhere, 1),
        ("share", Speakers::ANYONE, Place::Anywhere, 1),
        ("often", Speakers::ANYONE, Place::Anywhere, 1),
        ("slow", Speakers::ANYONE, Place::Anywhere, 1),
        ("earlier", Speakers::ANYONE, Place::Anywhere, 1),
    ];
    assert_eq!(scopes, expected.map(|(name, speakers, place, count)| (name.to_owned(), speakers, place, count)));
}

#[test]
fn every_kind_reads_as_it_is_written() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let expected = [
        Kind::Words(Words {
            phrases: texts(&["派人到你家"]),
            lists: texts(&["zh/threat-of-visit"]),
            gather: Gather::Any,
            same_utterance: false,
            sounds_like: true,
            negation_excludes: true,
            quotation_excludes: true,
            not_before: texts(&["机"]),
            not_after: texts(&["不"]),
        }),
        Kind::Patterns(Patterns {
            patterns: written(&[r"派(\d+)人", r"到(\w)家"]),
            except: written(&[r"派\d人吗"]),
            differs_from: texts(&["creditor"]),
            negation_excludes: false,
            quotation_excludes: false,
        }),
        Kind::SpeechRate(SpeechRate {
            above: Some(RateThreshold { chars_per_min: Some(380.0), words_per_min: Some(240.0) }),
            below: Some(RateThreshold { chars_per_min: Some(100.0), words_per_min: None }),
            over_call: true,
            min_chars_count: 20,
            min_length_ms: 1_500,
        }),
        Kind::Silence(SilenceFor {
            longer_than_ms: 8_000,
            of: Speakers::one(Role::Agent),
            unless_after_phrases: texts(&["请稍等"]),
            unless_after_lists: texts(&["zh/hold"]),
            up_to_ms: Some(60_000),
        }),
        Kind::Interruption(InterruptionBy {
            by: Speakers::one(Role::Agent),
            overlap_above_ms: 1_500,
            into_turn_above_ms: 1_000,
            yields_within_ms: Some(500),
        }),
        Kind::Loudness(Loudness { above_usual_db: 6.5, for_ms: 2_000 }),
        Kind::Emotion(Emotion { score_above: 0.7, above_usual: None, from_acoustic: false, from_engine: true }),
        Kind::Call(CallCondition {
            between: Some((time(22, 0, 0, 0), time(8, 0, 0, 0))),
            at_start: true,
            days: texts(&["zh/holidays"]),
            weekdays: vec![Weekday::Saturday, Weekday::Sunday],
            longer_than_ms: Some(10_000),
            shorter_than_ms: Some(3_600_000),
            column: Some(ColumnCondition { column: "callee_role".into(), values: texts(&["debtor"]), is: false }),
            unless: None,
            agreed_column: Some("agreed_hours".into()),
        }),
        Kind::Words(Words {
            phrases: texts(&["录音"]),
            lists: texts(&["zh/purpose"]),
            gather: Gather::All,
            same_utterance: true,
            ..Words::default()
        }),
        Kind::Words(Words { phrases: texts(&["甲", "乙", "丙"]), gather: Gather::AtLeast(2), ..Words::default() }),
        Kind::SimilarTo(SimilarTo {
            sentences: texts(&["请您尽快处理欠款", "这是最后一次通知"]),
            similarity_above: 0.8,
            negation_excludes: true,
            quotation_excludes: false,
        }),
        Kind::Repeats(Repeats {
            repeat_count: 3,
            within: Some(Reach::Turns(5)),
            min_chars_count: 8,
            similarity_above: 0.9,
        }),
        Kind::Entity(EntityFor {
            kinds: texts(&["money", "promise"]),
            value: Range { above: Some(1000.0), below: Some(2000.5) },
            differs_from: texts(&["due_amount", "min_amount"]),
            complete: Some(true),
            same_as_customer: Some(false),
            said_count_at_least: 2,
            with_phrases: texts(&["欠款"]),
            with_lists: texts(&["zh/debt-words"]),
        }),
        Kind::TalkShare(Range { above: Some(0.7), below: None }),
        Kind::Turns(Range { above: None, below: Some(3.0) }),
        Kind::Latency(Latency { above_ms: 3_000, over: Answers::First }),
        Kind::History(History {
            at_least: Some(3),
            at_most: Some(9),
            within_ms: Some(86_400_000),
            same_day: true,
            direction: Some("outbound".into()),
            answered: Some(true),
            talk_at_least_ms: Some(10_000),
            callee_roles: texts(&["debtor"]),
            same_number: Some(false),
            stop_requested: Some(true),
        }),
    ];
    let kinds: Vec<_> = everything().look_fors.into_iter().map(|look_for| look_for.kind).collect();
    assert_eq!(kinds, expected);
}

/// The calls before the first example, which starts `start_s` seconds after 1970, by start.
fn earlier(start_s: i64) -> Vec<PriorCall> {
    let two_hours_before = PriorCall {
        started_at_us: (start_s - 7_200) * 1_000_000,
        direction: Some("outbound".into()),
        answered: Some(true),
        talk_s: Some(40.0),
        callee_role: Some("guarantor".into()),
        same_number: Some(true),
        stop_requested: Some(true),
    };
    let half_an_hour_before = PriorCall {
        started_at_us: (start_s - 1_800) * 1_000_000,
        answered: Some(false),
        same_number: Some(false),
        ..PriorCall::default()
    };
    vec![two_hours_before, half_an_hour_before]
}

#[test]
fn the_report_and_the_examples_read_as_they_are_written() {
    let rule = everything();
    assert!(
        matches!(&rule.report.when, When::Or(left, _) if **left == When::And(Box::new(When::Name(0)), Box::new(When::Name(1))))
    );
    assert!(rule.report.once);
    let [first, second, third] = rule.examples.as_slice() else { panic!("three examples") };
    assert_eq!(
        (first.expected, second.expected, third.expected),
        (Expected::Reports, Expected::Silent, Expected::NotEvaluable)
    );
    // 2026-11-20T13:50:00Z, by `date -u -d 2026-11-20T13:50:00 +%s`.
    assert_eq!(first.started_at, Some(StartedAt { timestamp_us: 1_795_182_600_000_000, utc_offset_min: 480 }));
    let columns: Vec<_> = first.columns.iter().map(|(column, value)| (column.as_str(), value.as_str())).collect();
    assert_eq!(columns, [("agreed_hours", "yes"), ("callee_role", "debtor"), ("language", "zh"), ("queue", "M1")]);
    assert_eq!(first.earlier, earlier(1_795_182_600));
    assert_eq!((&second.earlier, &third.earlier), (&Vec::new(), &Vec::new()));
    assert_eq!((first.quote.as_deref(), first.channel_count, first.lines.len()), (Some("派人"), 1, 2));
    assert_eq!((second.recording, second.transcript, second.columns["language"].as_str()), (false, true, "en"));
    assert_eq!((third.recording, third.transcript, third.lines[0].end_ms), (true, false, Some(3_000)));
    let line = EVERYTHING.lines().position(|line| line == "name = \"不报\"").expect("it stands there") + 1;
    assert_eq!(second.line, line);
}

#[test]
fn a_file_saved_with_a_byte_order_mark_or_windows_line_ends_reads_the_same() {
    let marked = format!("\u{feff}{EVERYTHING}");
    let windows = EVERYTHING.replace('\n', "\r\n");
    for text in [marked, windows] {
        assert_eq!(read("pack", "everything", "everything.toml", &text), Ok(everything()));
    }
}

/// Whatever a reader says of `text`, it can be shown.
fn read_and_show(text: &str) {
    if let Err(mistakes) = read("pack", "everything", "everything.toml", text) {
        assert!(!render(&mistakes, Style::Plain).is_empty());
        assert!(!render(&mistakes, Style::Terminal).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        read_and_show(&text);
    }

    #[test]
    fn any_mutated_line_is_read_without_panic(line in 0..200_usize, mutation in 0..3_usize, other in 0..200_usize) {
        let mut lines: Vec<&str> = EVERYTHING.lines().collect();
        let (line, other) = (line % lines.len(), other % lines.len());
        match mutation {
            0 => { lines.remove(line); }
            1 => lines.insert(other, lines[line]),
            _ => lines[line] = lines[other],
        }
        read_and_show(&lines.join("\n"));
    }

    #[test]
    fn any_mutated_character_is_read_without_panic(at in 0..5_000_usize, mutation in 0..3_usize, other in any::<char>()) {
        let mut chars: Vec<char> = EVERYTHING.chars().collect();
        let at = at % chars.len();
        match mutation {
            0 => { chars.remove(at); }
            1 => chars.insert(at, chars[at]),
            _ => chars[at] = other,
        }
        read_and_show(&chars.into_iter().collect::<String>());
    }

    #[test]
    fn any_expression_is_read_without_panic(when in "(not |and |or |before |then |within |every |60 s |\\(|\\)|threat |loud |贷){0,20}") {
        read_and_show(&EVERYTHING.replace("threat and pattern or", &when));
    }

    #[test]
    fn any_value_is_read_without_panic(key in 0..110_usize, value in "(\"[^\"\\\\\n]{0,12}\"|'''[^']{0,8}'''|-?[0-9]{1,25}(\\.[0-9]{1,3})?|true|\\[\\]|\\{\\}|\\[\"a\", 1\\]|2026-01-01|nan|-inf)") {
        let mut lines: Vec<String> = EVERYTHING.lines().map(str::to_owned).collect();
        let keys: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(" = ")).collect();
        let line = keys[key % keys.len()];
        let name = lines[line].split(" = ").next().unwrap_or_default().to_owned();
        lines[line] = format!("{name} = {value}");
        read_and_show(&lines.join("\n"));
    }
}
