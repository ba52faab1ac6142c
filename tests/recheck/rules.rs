//! Small rules of every kind.

use super::throws::Throws;
use callsift::facts::CallOutcome;
use callsift::finding::{RuleStatus, Severity};
use callsift::inspect::{Plan, PlannedSet};
use callsift::lexicon::List;
use callsift::rules::InForce;
use callsift::rules::model::{
    Answers, CallCondition, ColumnCondition, Emotion, EntityFor, Gather, History, InterruptionBy, Kind, Latency,
    LookFor, Loudness, Patterns, Place, Range, RateThreshold, Reach, Repeats, Report, Rule, SilenceFor, SimilarTo,
    Source, SpeechRate, When, Words,
};
use callsift::rules::speakers::Speakers;
use callsift::rules::{Ruleset, Script, compile_with};
use callsift::score::card::{About, Excuse, Item, Points, Scorecard};
use jiff::civil::{date, time};
use std::collections::{BTreeMap, BTreeSet};

const PHRASES: [&str; 10] = ["您好", "派人", "派人上门", "上门", "到你家", "还款", "再见", "滚", "app", "请稍等"];

const PATTERNS: [&str; 7] = [".+", "派.{0,3}上门", "vip[0-9]", "(您好|你好).*工号", "[0-9]", "^您", "家$"];

const LISTS: [&str; 2] = ["zh/abuse", "zh/greeting"];

/// What judges by up to four rules.
pub(crate) fn plan(throws: &mut Throws) -> Plan {
    let rules = some_rules(throws);
    let in_force = throws.one_of(&[InForce::Ignore, InForce::OwnDay, InForce::On(date(2026, 11, 20))]);
    let (card, scripts) = (card(throws), throws.some(2, script));
    plan_of(compiled(&rules, &scripts), card, in_force)
}

/// What judged, what judges now, and those of its rules that may say something else than they did.
pub(crate) fn plans_with_changes(throws: &mut Throws) -> [Plan; 3] {
    let (before, mut after) = (some_rules(throws), some_rules(throws));
    for rule in &mut after {
        if let Some(same) = before.iter().find(|other| other.id == rule.id && throws.below(3) > 0) {
            *rule = same.clone();
        }
    }
    let languages = |rules: &[Rule]| -> BTreeSet<String> {
        let in_use = rules.iter().filter(|rule| rule.status != RuleStatus::Draft);
        in_use.flat_map(|rule| rule.languages.clone()).collect()
    };
    let other_languages = languages(&before) != languages(&after);
    let is_changed = |rule: &&Rule| !before.contains(rule) || other_languages && !rule.languages.is_empty();
    let changed: Vec<Rule> = after.iter().filter(is_changed).cloned().collect();
    let in_force = throws.one_of(&[InForce::Ignore, InForce::OwnDay, InForce::On(date(2026, 11, 20))]);
    let (cards, scripts) = ([card(throws), card(throws)], throws.some(2, script));
    let [old, new] = cards.clone();
    let whole = compiled(&after, &scripts);
    let part = compiled(&changed, &scripts).as_part_of(&whole);
    [
        plan_of(compiled(&before, &scripts), old, in_force),
        plan_of(whole, new.clone(), in_force),
        plan_of(part, new, in_force),
    ]
}

fn some_rules(throws: &mut Throws) -> Vec<Rule> {
    (0..1 + throws.below(4)).map(|index| rule(throws, index)).collect()
}

fn plan_of(ruleset: Ruleset, card: Scorecard, in_force: InForce) -> Plan {
    let set = PlannedSet::new("all", BTreeMap::new(), ruleset, card);
    Plan { sets: vec![set], ruleset_hash: "hash".into(), in_force }
}

fn card(throws: &mut Throws) -> Scorecard {
    let points = Points::Deduction { max_points: 100.0, first_points: 30.0, each_points: 5.0 };
    let about = About::Category { category: "测试".into(), packs: Vec::new() };
    Scorecard {
        id: "test".into(),
        title: String::new(),
        coverage_at_least: 0.5,
        pass_at_least: 90.0,
        fail_below: 60.0,
        review_from: None,
        items: vec![Item { name: "一".into(), about, points }],
        excuses: throws.some(2, excuse),
    }
}

/// What judges by two lists of words: what stands in a script is excused, and so is 还款 and the like after 您好.
pub(crate) fn excusing_plan() -> Plan {
    let mut throws = Throws::new(Vec::new());
    let words = |index: u64, phrases: &[&str]| {
        let phrases = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        plain_rule(index, Kind::Words(Words { phrases, ..Words::default() }))
    };
    let texts = ["派人", "上门", "还款", "滚", "到你家"].map(str::to_owned).into();
    let script = Script { texts, rules: vec![IDS[0].into()], until: date(2027, 1, 1), ..script(&mut throws) };
    let ruleset = compiled(&[words(0, &PHRASES), words(1, &["您好"])], &[script]);
    let (rules, after) = (vec![IDS[0].to_owned()], Some(IDS[1].to_owned()));
    let excuses = vec![Excuse { rules, after, ..excuse(&mut throws) }];
    plan_of(ruleset, Scorecard { excuses, ..card(&mut throws) }, InForce::Ignore)
}

/// What judges the rate of every utterance, whoever speaks.
pub(crate) fn rate_plan() -> Plan {
    let below = RateThreshold { chars_per_min: Some(400.0), words_per_min: Some(400.0) };
    let rate = SpeechRate { above: None, below: Some(below), over_call: false, min_chars_count: 0, min_length_ms: 0 };
    let ruleset = compiled(&[plain_rule(0, Kind::SpeechRate(rate))], &[]);
    plan_of(ruleset, card(&mut Throws::new(Vec::new())), InForce::Ignore)
}

/// A rule for every call that reports what one condition finds anywhere.
fn plain_rule(index: u64, kind: Kind) -> Rule {
    let look =
        LookFor { name: "a".into(), speakers: Speakers::ANYONE, place: Place::Anywhere, count_at_least: 1, kind };
    let rule = rule(&mut Throws::new(Vec::new()), index);
    let report = Report { when: When::Name(0), once: false, ..rule.report };
    Rule { languages: Vec::new(), look_fors: vec![look], report, ..rule }
}

fn compiled(rules: &[Rule], scripts: &[Script]) -> Ruleset {
    let list = |id: &str, terms: &[&str]| List {
        id: id.into(),
        means: String::new(),
        owner: String::new(),
        source: String::new(),
        confidence: String::new(),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
        never: Vec::new(),
        beside: Vec::new(),
    };
    let all = [
        list("zh/abuse", &["他妈的", "滚"]),
        list("zh/days", &["20261120", "20261121"]),
        list("zh/greeting", &["您好", "你好"]),
        list("zh/negation", &["不", "不会", "没有"]),
        list("zh/quotation", &["您说"]),
    ];
    let lists = all.into_iter().map(|list| (list.id.clone(), list)).collect();
    compile_with(rules, &lists, scripts).expect("rules of ours compile")
}

const IDS: [&str; 4] = ["test.rule0", "test.rule1", "test.rule2", "test.rule3"];

fn script(throws: &mut Throws) -> Script {
    Script {
        name: throws.one_of(&["甲", "乙"]).to_owned(),
        texts: throws.texts(&["您好", "派人上门", "您好我是", "还款", "到你家"], 3),
        rules: throws.texts(&IDS, 4),
        products: throws.texts(&["card"], 1),
        approved_by: String::new(),
        approved_on: date(2026, 11, 1),
        until: throws.one_of(&[date(2026, 11, 20), date(2027, 1, 1)]),
    }
}

fn excuse(throws: &mut Throws) -> Excuse {
    Excuse {
        name: throws.one_of(&["在先", "授权"]).to_owned(),
        rules: throws.texts(&IDS, 2),
        categories: throws.texts(&["测试"], 1),
        after: throws.maybe(|throws| throws.one_of(&IDS).to_owned()),
    }
}

fn rule(throws: &mut Throws, index: u64) -> Rule {
    let look_fors: Vec<LookFor> = (0..1 + throws.below(3)).map(|at| look_for(throws, at)).collect();
    let when = when(throws, look_fors.len(), 3);
    Rule {
        id: format!("test.rule{index}"),
        title: String::new(),
        status: throws.one_of(&[RuleStatus::Active, RuleStatus::Active, RuleStatus::Trial, RuleStatus::Draft]),
        severity: throws.one_of(&Severity::ALL),
        category: "测试".into(),
        owner: String::new(),
        approved: None,
        revision: 1,
        languages: throws.texts(&["zh", "en"], 1),
        in_force_from: throws.seldom(4).then(|| date(2026, 11, 21)),
        in_force_until: None,
        outcomes: if throws.seldom(5) { vec![throws.one_of(&CallOutcome::ALL)] } else { vec![] },
        needs: if throws.seldom(5) { vec!["stage".into()] } else { vec![] },
        what: String::new(),
        why: String::new(),
        misses: String::new(),
        sources: vec![Source { cite: "第1条".into(), confidence: "ours".into() }],
        look_fors,
        report: Report {
            when,
            message: "{a.quote} {a.value} {a.start} {a.count} {quote}".into(),
            advice: String::new(),
            once: throws.yes(),
        },
        examples: Vec::new(),
    }
}

fn look_for(throws: &mut Throws, at: u64) -> LookFor {
    LookFor {
        name: ["a", "b", "c"][at as usize].to_owned(),
        speakers: Speakers::of(throws.side()),
        place: place(throws, at),
        count_at_least: 1 + throws.below(2) as u32,
        kind: kind(throws),
    }
}

fn place(throws: &mut Throws, at: u64) -> Place {
    match throws.below(10) {
        1 => Place::FirstMs(throws.between(0, 30_000)),
        2 => Place::LastMs(throws.between(0, 30_000)),
        3 => Place::FirstTurns(1 + throws.below(3) as u32),
        4 => Place::LastTurns(1 + throws.below(3) as u32),
        5 => Place::FirstShare(0.5),
        6 => Place::LastShare(0.25),
        7 if at > 0 => Place::After { name: "a".into(), within: throws.maybe(reach) },
        8 if at > 0 => Place::Before { name: "a".into(), within: throws.maybe(reach) },
        _ => Place::Anywhere,
    }
}

fn reach(throws: &mut Throws) -> Reach {
    if throws.yes() { Reach::Ms(throws.between(0, 30_000)) } else { Reach::Turns(throws.below(4) as u32) }
}

fn kind(throws: &mut Throws) -> Kind {
    match throws.below(16) {
        0 | 1 => Kind::Words(Words {
            phrases: throws.texts(&PHRASES, 3),
            lists: throws.texts(&LISTS, 1),
            gather: throws.one_of(&[Gather::Any, Gather::Any, Gather::All, Gather::AtLeast(2)]),
            same_utterance: throws.yes(),
            sounds_like: throws.yes(),
            negation_excludes: throws.yes(),
            quotation_excludes: throws.yes(),
            not_before: throws.texts(&["家", "了"], 1),
            not_after: throws.texts(&["再"], 1),
        }),
        2 => Kind::Patterns(Patterns {
            patterns: throws.patterns(&PATTERNS, 2),
            except: throws.patterns(&PATTERNS[1..], 1),
            differs_from: throws.texts(&["stage"], 1),
            negation_excludes: throws.yes(),
            quotation_excludes: throws.yes(),
        }),
        3 => Kind::SpeechRate(speech_rate(throws)),
        4 => Kind::Silence(SilenceFor {
            longer_than_ms: throws.between(3_000, 9_000),
            of: Speakers::of(throws.side()),
            unless_after_phrases: throws.texts(&["请稍等"], 1),
            unless_after_lists: Vec::new(),
            up_to_ms: throws.maybe(|throws| throws.between(0, 30_000)),
        }),
        5 => Kind::Interruption(InterruptionBy {
            by: Speakers::of(throws.side()),
            overlap_above_ms: throws.between(0, 9_000),
            into_turn_above_ms: throws.between(0, 3_000),
            yields_within_ms: throws.maybe(|throws| throws.between(0, 9_000)),
        }),
        6 => {
            Kind::Loudness(Loudness { above_usual_db: throws.between(0, 10) as f64, for_ms: throws.between(0, 5_000) })
        }
        7 => Kind::Emotion(Emotion {
            score_above: 0.5,
            above_usual: throws.maybe(|throws| throws.between(0, 10) as f64 / 10.0),
            from_acoustic: throws.yes(),
            from_engine: throws.yes(),
        }),
        8 => Kind::SimilarTo(SimilarTo {
            sentences: throws.texts(&PHRASES, 2),
            similarity_above: throws.between(3, 10) as f64 / 10.0,
            negation_excludes: throws.yes(),
            quotation_excludes: throws.yes(),
        }),
        9 => Kind::Repeats(Repeats {
            repeat_count: 2 + throws.below(2) as u32,
            within: throws.maybe(reach),
            min_chars_count: throws.below(4) as i32,
            similarity_above: 0.5,
        }),
        10 => Kind::Entity(entity(throws)),
        11 => Kind::TalkShare(range(throws, |throws| throws.between(0, 10) as f64 / 10.0)),
        12 => Kind::Turns(range(throws, |throws| throws.between(0, 5) as f64)),
        13 => Kind::Latency(Latency {
            above_ms: throws.between(0, 3_000),
            over: throws.one_of(&[Answers::First, Answers::Each, Answers::Mean]),
        }),
        14 => Kind::History(history(throws)),
        _ => Kind::Call(call_condition(throws)),
    }
}

fn range(throws: &mut Throws, bound: fn(&mut Throws) -> f64) -> Range {
    Range { above: throws.maybe(bound), below: throws.maybe(bound) }
}

fn entity(throws: &mut Throws) -> EntityFor {
    EntityFor {
        kinds: throws.texts(&["phone", "money", "promise"], 3),
        value: range(throws, |throws| throws.between(0, 5_000) as f64),
        differs_from: throws.texts(&["stage", "agreed"], 1),
        complete: throws.maybe(Throws::yes),
        same_as_customer: throws.maybe(Throws::yes),
        said_count_at_least: 1 + throws.below(2) as u32,
        with_phrases: throws.texts(&PHRASES, 1),
        with_lists: throws.texts(&LISTS, 1),
    }
}

fn history(throws: &mut Throws) -> History {
    History {
        at_least: throws.maybe(|throws| throws.below(3) as u32),
        at_most: throws.maybe(|throws| throws.below(3) as u32),
        within_ms: throws.maybe(|throws| throws.between(0, 9)),
        same_day: throws.yes(),
        direction: throws.maybe(|_| "outbound".to_owned()),
        answered: throws.maybe(Throws::yes),
        talk_at_least_ms: throws.maybe(|throws| throws.between(0, 9_000)),
        callee_roles: throws.texts(&["debtor", "unknown"], 1),
        same_number: throws.maybe(Throws::yes),
        stop_requested: throws.maybe(Throws::yes),
    }
}

fn speech_rate(throws: &mut Throws) -> SpeechRate {
    let threshold = |throws: &mut Throws| RateThreshold {
        chars_per_min: Some(throws.between(100, 400) as f64),
        words_per_min: throws.maybe(|throws| throws.between(100, 300) as f64),
    };
    SpeechRate {
        above: throws.maybe(threshold),
        below: throws.maybe(threshold),
        over_call: throws.yes(),
        min_chars_count: throws.below(12) as i32,
        min_length_ms: throws.between(0, 3_000),
    }
}

fn call_condition(throws: &mut Throws) -> CallCondition {
    let column = |throws: &mut Throws| ColumnCondition {
        column: throws
            .one_of(&["stage", "queue", "agreed", "agent_id", "call_outcome", "sanity_flags", "engine"])
            .to_owned(),
        values: throws.texts(&["M1", "early", "yes", "A1", "conversation", "silent"], 2),
        is: throws.yes(),
    };
    CallCondition {
        between: throws.maybe(|_| (time(9, 0, 0, 0), time(17, 0, 0, 0))),
        at_start: throws.yes(),
        days: throws.texts(&["zh/days"], 1),
        weekdays: Vec::new(),
        longer_than_ms: throws.maybe(|throws| throws.between(0, 60_000)),
        shorter_than_ms: throws.maybe(|throws| throws.between(20_000, 90_000)),
        column: throws.maybe(column),
        unless: throws.maybe(column),
        agreed_column: throws.maybe(|_| "agreed".to_owned()),
    }
}

fn when(throws: &mut Throws, names: usize, depth: u32) -> When {
    let name = |throws: &mut Throws| throws.below(names as u64) as usize;
    let (a, b) = (name(throws), name(throws));
    match throws.below(if depth == 0 { 2 } else { 9 }) {
        2 | 3 => When::And(Box::new(when(throws, names, depth - 1)), Box::new(when(throws, names, depth - 1))),
        4 => When::Or(Box::new(when(throws, names, depth - 1)), Box::new(when(throws, names, depth - 1))),
        5 => When::Not(Box::new(when(throws, names, depth - 1))),
        6 => When::Before(a, b),
        7 => When::Then(a, b, reach(throws)),
        8 => When::EveryThen(a, b, reach(throws)),
        _ => When::Name(a),
    }
}
