use super::super::compile;
use super::super::evaluate::InForce;
use super::super::model::{Kind, LookFor, Patterns, Place, Reach, Rule, SilenceFor, When, Words};
use super::super::speakers::Speakers;
use super::super::testing::{
    judge, list, lists, look, phrases, rate, rule, rule_of, ruleset, said, silence, stretch, strings, written,
};
use super::*;
use crate::facts::Status;
use crate::finding::{RuleStatus, Severity};
use crate::units::Role::{self, Agent, Customer, Unknown};
use jiff::civil::date;

fn explain(rule: &Rule, facts: &Facts) -> Explanation {
    explain_with(rule, &lists(), facts)
}

fn explain_with(rule: &Rule, lists: &BTreeMap<String, List>, facts: &Facts) -> Explanation {
    let ruleset = compile(std::slice::from_ref(rule), lists).expect("compiles");
    ruleset.explain(&rule.id, lists, facts, InForce::OwnDay).expect("the rule is there")
}

/// What the first condition took away, as `quote: keys`.
fn taken(rule: &Rule, lists: &BTreeMap<String, List>, facts: &Facts) -> Vec<String> {
    let tell = |taken: &Taken| format!("{}: {}", taken.found.quote, taken.by.join(" "));
    explain_with(rule, lists, facts).conditions[0].taken.iter().map(tell).collect()
}

fn words(change: impl FnOnce(&mut Words)) -> Words {
    let mut words = Words { phrases: strings(&["派人"]), ..Words::default() };
    change(&mut words);
    words
}

#[test]
fn what_is_taken_away_is_told_with_what_takes_it() {
    let of = |kind: Kind| rule_of(vec![LookFor { speakers: Speakers::one(Agent), ..look("it", kind) }], When::Name(0));
    let plain = || of(Kind::Words(words(|_| ())));
    let excluding = || {
        of(Kind::Words(words(|it| {
            (it.negation_excludes, it.quotation_excludes) = (true, true);
            (it.not_before, it.not_after) = (strings(&["面签"]), strings(&["约好"]));
        })))
    };
    let patterns = of(Kind::Patterns(Patterns {
        patterns: written(&["派人"]),
        except: written(&["派人送"]),
        ..Patterns::default()
    }));
    let placed = |place| rule_of(vec![LookFor { place, ..look("it", phrases(&["派人"])) }], When::Name(0));
    let listed = of(Kind::Words(words(|it| (it.phrases, it.lists) = (Vec::new(), strings(&["zh/visit"])))));
    type Case<'a> = (&'a str, Rule, &'a [(i64, Role, &'a str)], &'a [&'a str]);
    let table: [Case<'_>; 13] = [
        ("what counts is not told", plain(), &[(0, Agent, "派人")], &[]),
        ("nothing is there", plain(), &[(0, Agent, "您好")], &[]),
        ("the speaker", plain(), &[(0, Agent, "您好"), (5, Customer, "派人")], &["派人: speaker"]),
        ("nobody knows who", plain(), &[(0, Agent, "您好"), (5, Unknown, "派人")], &["派人: speaker"]),
        ("negation", excluding(), &[(0, Agent, "不会派人")], &["派人: negation"]),
        ("quotation", excluding(), &[(0, Agent, "如果有人说派人")], &["派人: quotation"]),
        ("what stands behind", excluding(), &[(0, Agent, "派人面签")], &["派人: not_before"]),
        ("what stands before", excluding(), &[(0, Agent, "约好派人")], &["派人: not_after"]),
        ("two at once", excluding(), &[(0, Agent, "好"), (5, Customer, "不会派人")], &["派人: speaker negation"]),
        ("an exception", patterns, &[(0, Agent, "派人送,派人")], &["派人: except"]),
        ("the place", placed(Place::FirstMs(3_000)), &[(0, Agent, "派人"), (9, Agent, "派人")], &["派人: where"]),
        ("beside nothing", placed(Place::LastTurns(1)), &[(0, Agent, "派人"), (9, Agent, "好")], &["派人: where"]),
        ("an innocent phrase", listed, &[(0, Agent, "派人上门面签,派人上门")], &["派人上门: never"]),
    ];
    let mut lists = lists();
    lists.insert("zh/visit".into(), list("zh/visit", &["派人上门"], &["派人上门面签"]));
    for (name, rule, lines, expected) in table {
        assert_eq!(taken(&rule, &lists, &said(lines)), expected, "{name}");
    }
}

#[test]
fn measures_tell_what_came_nearest_and_what_excuses() {
    let long = |of| {
        Kind::Silence(SilenceFor {
            longer_than_ms: 8_000,
            of,
            unless_after_phrases: strings(&["请稍等"]),
            unless_after_lists: Vec::new(),
            up_to_ms: None,
        })
    };
    let mut facts = said(&[(0, Agent, "请稍等"), (40, Agent, "您好")]);
    facts.call.silences = [(1, 20_000), (50, 9_000), (60, 7_000), (70, 6_000), (80, 5_000), (90, 4_000)]
        .map(|(s, ms)| silence(s, ms, Agent))
        .to_vec();
    facts.call.silences.push(silence(100, 9_500, Customer));
    let explained = explain(&rule(long(Speakers::one(Agent))), &facts);
    let told: Vec<(Option<f64>, &[&str])> =
        explained.conditions[0].taken.iter().map(|taken| (taken.found.value, taken.by.as_slice())).collect();
    let expected: [(Option<f64>, &[&str]); 5] = [
        (Some(20.0), &["unless_after"]),
        (Some(7.0), &["longer_than"]),
        (Some(6.0), &["longer_than"]),
        (Some(5.0), &["longer_than"]),
        (Some(9.5), &["of"]),
    ];
    assert_eq!(told, expected);
    assert_eq!(explained.conditions[0].hits.iter().map(|hit| hit.value).collect::<Vec<_>>(), [Some(9.0)]);
}

#[test]
fn every_kind_of_measure_has_a_nearest() {
    use super::super::model::{Emotion, InterruptionBy, Loudness, RateThreshold, SpeechRate};
    let mut facts = said(&[(0, Agent, "我跟你说了多少遍了你到底听不听")]);
    facts.turns[0].rate = Some(rate(300.0, "chars"));
    facts.turns[0].anger_engine = Some(0.5);
    facts.stretches = vec![stretch(0, 4_000, Agent, -27.0)];
    facts.call.agent.loudness_dbfs = Some(-30.0);
    facts.call.interruptions = vec![super::super::testing::interruption(2, 1_000, Agent)];
    let above = Some(RateThreshold { chars_per_min: Some(380.0), words_per_min: None });
    let rate = SpeechRate { above, below: None, over_call: false, min_chars_count: 1, min_length_ms: 0 };
    let emotion = Emotion { score_above: 0.7, above_usual: None, from_acoustic: true, from_engine: true };
    let by =
        InterruptionBy { by: Speakers::ANYONE, overlap_above_ms: 1_500, into_turn_above_ms: 0, yields_within_ms: None };
    let loudness = Loudness { above_usual_db: 6.0, for_ms: 1_000 };
    let table = [
        (Kind::SpeechRate(rate), 300.0, "above"),
        (Kind::Emotion(emotion), 0.5, "score_above"),
        (Kind::Interruption(by), 1.0, "overlap_above"),
        (Kind::Loudness(loudness), 3.0, "above_usual"),
    ];
    for (kind, value, key) in table {
        let explained = explain(&rule(kind), &facts);
        let taken = &explained.conditions[0].taken;
        assert_eq!(taken.len(), 1, "{key}");
        assert_eq!((taken[0].found.value, taken[0].by.as_slice()), (Some(value), [key].as_slice()), "{key}");
        assert_eq!(taken[0].found.threshold, None, "{key}");
    }
}

#[test]
fn the_outcome_is_what_judging_says() {
    let mut draft = rule(phrases(&["派人"]));
    draft.status = RuleStatus::Draft;
    let of = |change: fn(&mut Rule)| {
        let mut rule = rule(phrases(&["派人"]));
        change(&mut rule);
        rule
    };
    let mut mute = said(&[]);
    mute.call.has_transcript = false;
    let mut failed = said(&[]);
    failed.call.status = Status::Failed;
    let mut short = said(&[(0, Agent, "派人")]);
    short.call.eligible = false;
    let hit = said(&[(0, Agent, "派人")]);
    let table = [
        ("reports", of(|_| ()), &hit, "1 findings", ""),
        ("silent", of(|_| ()), &said(&[(0, Agent, "您好")]), "silent", ""),
        ("no transcript", of(|_| ()), &mute, "no_transcript", ""),
        ("a draft", of(|rule| rule.status = RuleStatus::Draft), &hit, "not applicable", "status"),
        ("a call that failed", of(|_| ()), &failed, "not applicable", "call"),
        ("no conversation", of(|_| ()), &short, "not applicable", "conversation"),
        ("a red line", of(|rule| rule.severity = Severity::Fatal), &short, "1 findings", ""),
        ("a missing column", of(|rule| rule.needs = vec!["stage".into()]), &hit, "not applicable", "columns"),
        ("a strange language", of(|rule| rule.languages = vec!["en".into()]), &hit, "language", "language"),
    ];
    for (name, rule, facts, expected, closed) in table {
        let explained = explain(&rule, facts);
        let outcome = match &explained.outcome {
            Outcome::NotApplicable => "not applicable".to_owned(),
            Outcome::NotEvaluated(aside) => aside.reason.name().to_owned(),
            Outcome::Silent => "silent".to_owned(),
            Outcome::Reports(findings) => format!("{} findings", findings.len()),
        };
        assert_eq!(outcome, expected, "{name}");
        let shut: Vec<&str> =
            explained.gates.iter().filter(|gate| gate.passes != Passes::Yes).map(|gate| gate.about).collect();
        assert_eq!(shut.join(" "), closed, "{name}");
        if let Outcome::Reports(findings) = explained.outcome {
            assert_eq!(findings, judge(&rule, facts).findings, "{name}");
        }
    }
}

#[test]
fn days_in_force_are_a_gate() {
    let mut rule = rule(phrases(&["派人"]));
    rule.in_force_from = Some(date(2026, 1, 1));
    let ruleset = ruleset(&[rule]);
    let facts = said(&[(0, Agent, "派人")]);
    let gate = |in_force| {
        let explained = ruleset.explain("test.rule", &lists(), &facts, in_force).expect("the rule is there");
        let gate = explained.gates.into_iter().find(|gate| gate.about == "in force").expect("the gate");
        (gate.passes, gate.because)
    };
    let unknown = "nobody says which day the call was on, and the rule is not in force on every day";
    assert_eq!(gate(InForce::OwnDay), (Passes::Unknown, unknown.to_owned()));
    assert_eq!(gate(InForce::Ignore).0, Passes::Yes);
    let before = "the rule is in force from 2026-01-01; asked for 2025-12-31";
    assert_eq!(gate(InForce::On(date(2025, 12, 31))), (Passes::No, before.to_owned()));
    assert_eq!(ruleset.explain("test.none", &lists(), &facts, InForce::Ignore), None);
}

#[test]
fn when_is_answered_part_by_part() {
    let name = |at| Box::new(When::Name(at));
    let both =
        When::And(Box::new(When::And(name(0), Box::new(When::Not(name(1))))), Box::new(When::Or(name(2), name(0))));
    let looks = ["您好", "再见", "派人"].map(|word| look(["a", "b", "c"][word.len() % 3], phrases(&[word])));
    let looks = looks.into_iter().zip(["a", "b", "c"]).map(|(look, name)| LookFor { name: name.into(), ..look });
    let explained = explain(&rule_of(looks.collect(), both), &said(&[(0, Agent, "您好")]));
    fn tell(node: &Node, depth: usize, told: &mut Vec<String>) {
        let answer = if node.answer == Answered::True { "true" } else { "false" };
        told.push(format!("{}{answer} {}", "  ".repeat(depth), node.text));
        node.parts.iter().for_each(|part| tell(part, depth + 1, told));
    }
    let mut told = Vec::new();
    tell(&explained.when, 0, &mut told);
    let expected = [
        "true a and not b and (c or a)",
        "  true a",
        "  true not b",
        "    false b",
        "  true c or a",
        "    false c",
        "    true a",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_place_beside_another_condition_is_kept_or_lifted_with_it() {
    let beside = Place::After { name: "fee".into(), within: Some(Reach::Ms(10_000)) };
    let agrees = LookFor { place: beside, speakers: Speakers::one(Customer), ..look("agrees", phrases(&["同意"])) };
    let rule = rule_of(vec![agrees, look("fee", phrases(&["手续费"]))], When::Name(0));
    let lines = [(0, Customer, "同意"), (5, Agent, "手续费"), (9, Agent, "同意"), (60, Customer, "同意")];
    assert_eq!(taken(&rule, &lists(), &said(&lines)), ["同意: where", "同意: speaker", "同意: where"]);
}

#[test]
fn hits_name_the_list_of_their_word() {
    let mut lists = lists();
    lists.insert("zh/a".into(), list("zh/a", &["再见"], &[]));
    lists.insert("zh/b".into(), list("zh/b", &["派人"], &[]));
    let kind = Kind::Words(Words { lists: strings(&["zh/a", "zh/b"]), ..Words::default() });
    let explained = explain_with(&rule(kind), &lists, &said(&[(0, Agent, "派人")]));
    assert_eq!(explained.conditions[0].hits[0].list.as_deref(), Some("zh/b"));
}

#[test]
fn loosened_rules_find_what_the_rules_take_away() {
    let mut strict = rule(Kind::Words(words(|it| it.negation_excludes = true)));
    strict.look_fors[0].speakers = Speakers::one(Agent);
    let loose = loosened(std::slice::from_ref(&strict), &lists()).expect("compiles");
    type Case<'a> = (&'a str, &'a [(i64, Role, &'a str)], usize);
    let table: [Case<'_>; 3] = [
        ("denied", &[(0, Agent, "不会派人")], 1),
        ("by the other", &[(0, Agent, "好"), (5, Customer, "派人")], 1),
        ("nothing", &[(0, Agent, "好")], 0),
    ];
    for (name, lines, count) in table {
        assert_eq!(loose.found("test.rule", &said(lines)).len(), count, "{name}");
    }
    assert!(loose.found("test.none", &said(&[])).is_empty());
}
