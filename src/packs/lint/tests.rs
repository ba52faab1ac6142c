use super::*;
use crate::packs::{ListFile, Replaced, Set};
use crate::rules::expression::parse;
use crate::rules::model::{Approval, Example, ExampleLine, Expected, Kind, LookFor, Place, Rule, Words};
use crate::rules::speakers::Speakers;
use crate::rules::testing::{list, lists, look, phrases, rule, rule_of, strings};
use crate::units::Role::{self, Agent, Customer};
use jiff::civil::date;
use std::collections::BTreeMap;

const TODAY: Date = date(2026, 11, 20);

/// An example on which the rule stays silent.
fn silent(name: &str, role: Role, text: &str) -> Example {
    let line = ExampleLine { text: text.into(), ..ExampleLine::new(0, None, role) };
    Example {
        name: name.into(),
        expected: Expected::Silent,
        quote: None,
        lines: vec![line],
        channel_count: 2,
        recording: true,
        transcript: true,
        started_at: None,
        columns: BTreeMap::new(),
        earlier: Vec::new(),
        line: 1,
    }
}

fn loaded(rule: Rule) -> LoadedRule {
    LoadedRule {
        file: format!("{}.toml", rule.id),
        text: String::new(),
        pack: "test".into(),
        changes: Vec::new(),
        shipped: false,
        rule,
    }
}

/// Packs with these rules, each with a near miss, and the lists of negation and quotation.
fn packs_of(rules: Vec<Rule>) -> Packs {
    let near = |mut rule: Rule| {
        rule.examples.push(silent("近似：别的", Agent, "您好"));
        (rule.id.clone(), loaded(rule))
    };
    let lists = lists();
    let file = |id: &String| (id.clone(), ListFile { file: format!("{id}.toml"), shipped: true });
    let set = Set { name: "all".into(), packs: vec!["test".into()], scorecard: None, when: BTreeMap::new() };
    Packs {
        rules: rules.into_iter().map(near).collect(),
        list_files: lists.keys().map(file).collect(),
        lists,
        sets: vec![set],
        ..Packs::default()
    }
}

/// The packs with the list `id`, which `rule` looks for too.
fn with_list(mut packs: Packs, id: &str, terms: &[&str], never: &[&str], sounds_like: bool) -> Packs {
    packs.lists.insert(id.into(), list(id, terms, never));
    let words = Words { lists: strings(&[id]), sounds_like, ..Words::default() };
    for loaded in packs.rules.values_mut() {
        loaded.rule.look_fors.push(look(&format!("l{}", loaded.rule.look_fors.len()), Kind::Words(words.clone())));
    }
    packs
}

/// What is odd, as `code about: message`.
fn told(packs: &Packs) -> Vec<String> {
    let tell = |warning: Warning| format!("{} {}: {}", warning.code, warning.about, warning.message);
    lint(packs, TODAY).into_iter().map(tell).collect()
}

fn plain() -> Rule {
    rule(phrases(&["派人"]))
}

fn of(change: impl FnOnce(&mut Rule)) -> Packs {
    let mut rule = plain();
    change(&mut rule);
    packs_of(vec![rule])
}

fn approved(until: Date) -> Option<Approval> {
    Some(Approval { by: "合规部".into(), on: date(2026, 1, 1), review_by: Some(until) })
}

#[test]
fn what_has_run_out_is_told() {
    let yesterday = date(2026, 11, 19);
    let draft = |rule: &mut Rule| {
        rule.approved = approved(yesterday);
        rule.status = RuleStatus::Draft;
    };
    let table: [(&str, Packs, &[&str]); 6] = [
        ("nothing", of(|_| ()), &[]),
        ("an approval of today", of(|rule| rule.approved = approved(TODAY)), &[]),
        (
            "an approval of yesterday",
            of(|rule| rule.approved = approved(yesterday)),
            &["approval_passed test.rule: 合规部 approved it until 2026-11-19, which has passed"],
        ),
        ("a draft needs none", of(draft), &[]),
        ("in force until today", of(|rule| rule.in_force_until = Some(TODAY)), &[]),
        (
            "in force until yesterday",
            of(|rule| rule.in_force_until = Some(yesterday)),
            &["not_in_force test.rule: it was in force until 2026-11-19, so it judges no new call"],
        ),
    ];
    for (name, packs, expected) in table {
        assert_eq!(told(&packs), expected, "{name}");
    }
}

#[test]
fn rules_that_judge_no_call_are_told() {
    let mut lost = of(|_| ());
    lost.sets[0].packs = vec!["other".into()];
    assert_eq!(told(&lost), ["in_no_set test.rule: it is in use, but no set has its pack, so it judges no call"]);
}

#[test]
fn when_that_no_call_makes_true_is_told() {
    let names = ["a", "b", "c"].map(str::to_owned);
    let looks = || names.iter().map(|name| look(name, phrases(&[name])));
    let of = |when: &str, change: fn(&mut Vec<LookFor>)| {
        let mut looks: Vec<LookFor> = looks().collect();
        change(&mut looks);
        told(&packs_of(vec![rule_of(looks, parse(when, &names).expect(when))])).len()
    };
    let beside = |looks: &mut Vec<LookFor>| looks[1].place = Place::After { name: "a".into(), within: None };
    let twice = |looks: &mut Vec<LookFor>| {
        looks[1].place = Place::After { name: "a".into(), within: None };
        looks[0].count_at_least = 2;
    };
    type Case<'a> = (&'a str, fn(&mut Vec<LookFor>), usize);
    let table: [Case<'_>; 14] = [
        ("a and b or not c", |_| (), 0),
        ("a and not a", |_| (), 1),
        ("(a or b) and not a and not b", |_| (), 1),
        ("(a or b) and not a", |_| (), 0),
        ("a before b and not a", |_| (), 1),
        ("a before b and not (b before a)", |_| (), 0),
        ("a then b within 3 s and not b", |_| (), 1),
        ("every a then b within 3 s and not a", |_| (), 0),
        ("every a then b within 3 s and a and not b", |_| (), 1),
        ("not every a then b within 3 s and not a", |_| (), 1),
        ("not (a or not a)", |_| (), 1),
        ("b and not a", beside, 1),
        ("b and a", beside, 0),
        ("b and not a", twice, 0),
    ];
    for (when, change, expected) in table {
        assert_eq!(of(when, change), expected, "{when}");
    }
}

#[test]
fn conditions_on_whom_nobody_measures_are_told() {
    let pause = crate::rules::model::SilenceFor {
        longer_than_ms: 8_000,
        of: Speakers::ANYONE,
        unless_after_phrases: Vec::new(),
        unless_after_lists: Vec::new(),
        up_to_ms: None,
    };
    let of = |roles: &[Role]| {
        let speakers = Speakers::of(roles.iter().copied());
        let look = LookFor { speakers, ..look("pause", Kind::Silence(pause.clone())) };
        told(&packs_of(vec![rule_of(vec![look], crate::rules::model::When::Name(0))]))
    };
    assert_eq!(of(&[]), Vec::<String>::new());
    assert_eq!(of(&[Role::Bot, Role::Agent]), Vec::<String>::new());
    let deaf = "never_reports test.rule: it can never report: nobody is measured of whom pause asks";
    assert_eq!(of(&[Role::Bot, Role::Third]), [deaf]);
}

#[test]
fn words_that_do_nothing_are_told() {
    let with = |terms: &[&str], never: &[&str], sounds| with_list(of(|_| ()), "zh/x", terms, never, sounds);
    let table: [(&str, Packs, &[&str]); 8] = [
        ("nothing odd", with(&["上门", "堵门"], &["上门服务"], false), &[]),
        (
            "all innocent",
            with(&["上門"], &["上门"], false),
            &["dead_term zh/x: `never` takes away every word of it, so nothing is ever found"],
        ),
        (
            "one innocent",
            with(&["上門", "堵门"], &["上门"], false),
            &["dead_term zh/x: `never` always takes away 上門"],
        ),
        (
            "a word in a word",
            with(&["上门", "派人上门"], &[], false),
            &["redundant_term zh/x: found without being listed: 派人上门 (上门 is in it)"],
        ),
        ("a word in a word, by sound", with(&["上门", "派人上门"], &[], true), &[]),
        ("a word that is innocent elsewhere", with(&["上门", "派人上门"], &["上门服务"], false), &[]),
        ("a part of a word of letters", with(&["visit", "revisited"], &[], false), &[]),
        (
            "a word of letters in words",
            with(&["send a visit", "visit"], &[], false),
            &["redundant_term zh/x: found without being listed: send a visit (visit is in it)"],
        ),
    ];
    for (name, packs, expected) in table {
        assert_eq!(told(&packs), expected, "{name}");
    }
}

#[test]
fn words_in_two_lists_are_told() {
    let by = |id: &str, category: &str, list: &str, speaker: Role, when: &str| {
        let words = |list: &str| Kind::Words(Words { lists: strings(&[list]), ..Words::default() });
        let speakers = Speakers::one(speaker);
        let looks =
            vec![LookFor { speakers, ..look("a", words(list)) }, LookFor { speakers, ..look("b", phrases(&[id])) }];
        let when = parse(when, &["a", "b"].map(str::to_owned)).expect("it reads");
        Rule { id: format!("test.{id}"), category: category.into(), ..rule_of(looks, when) }
    };
    let told_of = |terms: &[&str], other: Rule| {
        let mut packs = packs_of(vec![by("eins", "测试", "zh/x", Agent, "a and b"), other]);
        for (id, terms) in [("zh/x", &["上门", "堵门", "拉横幅"][..]), ("zh/y", terms)] {
            packs.lists.insert(id.into(), list(id, terms, &[]));
            packs.list_files.insert(id.into(), ListFile { file: format!("{id}.toml"), shipped: true });
        }
        told(&packs)
    };
    let zwei = || by("zwei", "测试", "zh/y", Agent, "a or b");
    let both = ["上门", "堵门", "泼漆"];
    let expected = ["term_in_two_lists zh/x: 上门, 堵门 of the category 测试 stands in zh/y too"];
    assert_eq!(told_of(&both, zwei()), expected);
    assert_eq!(told_of(&["泼漆"], zwei()), Vec::<String>::new());
    let others = [
        ("of two categories", by("zwei", "别的", "zh/y", Agent, "a or b")),
        ("of two speakers", by("zwei", "测试", "zh/y", Customer, "a or b")),
        ("which excuses", by("zwei", "测试", "zh/y", Agent, "b and not a")),
        ("which nobody is shown", by("zwei", "测试", "zh/y", Agent, "b and a")),
        ("of a note", Rule { severity: crate::finding::Severity::Note, ..zwei() }),
    ];
    for (name, other) in others {
        assert_eq!(told_of(&both, other), Vec::<String>::new(), "{name}");
    }
    let mut within = by("zwei", "别的", "zh/x", Agent, "a or b");
    within.look_fors[1].kind = Kind::Words(Words { lists: strings(&["zh/y"]), ..Words::default() });
    assert_eq!(told_of(&both, within), Vec::<String>::new(), "in two conditions of one rule");
}

#[test]
fn what_is_there_twice_is_told() {
    let renamed = |id: &str, category: &str| {
        let mut rule = rule_of(vec![look("anything", phrases(&["派人"]))], crate::rules::model::When::Name(0));
        (rule.id, rule.category) = (id.into(), category.into());
        rule
    };
    let same = packs_of(vec![plain(), renamed("test.zwei", "测试")]);
    assert_eq!(told(&same), ["same_as_another test.zwei: it looks for the same as test.rule, of the same category"]);
    assert_eq!(told(&packs_of(vec![plain(), renamed("test.zwei", "别的")])), Vec::<String>::new());
    let mut replaced = of(|_| ());
    let (file, by) = ("lexicons/zh/x.toml".to_owned(), "mine/lexicons/zh/x.toml".to_owned());
    replaced.replaced.push(Replaced { what: "list", id: "zh/x".into(), file, by });
    let message = "it replaces the list of lexicons/zh/x.toml, of which nothing counts any more";
    assert_eq!(told(&replaced), [format!("replaced zh/x: {message}")]);
}

#[test]
fn active_rules_without_a_near_miss_are_told() {
    let with = |status, example: Example| {
        let mut rule = plain();
        (rule.status, rule.examples) = (status, vec![example]);
        rule.look_fors[0].speakers = Speakers::one(Agent);
        let mut packs = packs_of(Vec::new());
        packs.rules.insert("test.rule".into(), loaded(rule));
        told(&packs)
    };
    let active = RuleStatus::Active;
    let missing = ["no_near_miss test.rule: no example shows a near miss: what looks like a hit and is none"];
    assert_eq!(with(active, silent("正常", Agent, "您好")), missing);
    assert_eq!(with(RuleStatus::Trial, silent("正常", Agent, "您好")), Vec::<String>::new());
    assert_eq!(with(active, silent("near miss: a greeting", Agent, "您好")), Vec::<String>::new());
    assert_eq!(with(active, silent("客户说的", Customer, "派人")), Vec::<String>::new(), "it holds what is looked for");
}

#[test]
fn a_warning_names_the_file_the_rule_and_the_way_out() {
    let warning = lint(&of(|rule| rule.in_force_until = Some(date(2020, 1, 1))), TODAY).remove(0);
    let expected = "warning[not_in_force]: test.rule.toml: test.rule: it was in force until 2020-01-01, so it judges no new \
                    call; retire it (it still judges old calls in recheck --in-force own-day), or move `in_force.until`";
    assert_eq!(warning.to_string(), expected);
}
