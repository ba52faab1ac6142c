//! How judging grows: 10 to 1,000 rules over calls of 10 to 10,000 turns, by the shipped Chinese rules, over and over; and 1,000 to
//! 100,000 words in a list.

use callsift::facts::Facts;
use callsift::inspect::example::facts;
use callsift::packs::{PackOptions, load};
use callsift::rules::model::{Example, ExampleLine, Expected, Rule};
use callsift::rules::{InForce, Ruleset, compile};
use callsift::units::Role;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;

const RULES: [usize; 3] = [10, 100, 1_000];
const TURNS: [usize; 4] = [10, 100, 1_000, 10_000];
const WORDS: [u32; 3] = [1_000, 10_000, 100_000];

/// The rules again and again, each time by another name, until there are so many; and what people say in their examples.
fn rules(count: usize) -> (Ruleset, Vec<String>) {
    let packs = load(&PackOptions::default()).expect("the shipped packs load");
    let shipped: Vec<&Rule> =
        packs.rules.values().map(|loaded| &loaded.rule).filter(|rule| rule.languages == ["zh"]).collect();
    let again = |(number, rule): (usize, &&Rule)| Rule { id: format!("{}-{number:04}", rule.id), ..(*rule).clone() };
    let many: Vec<Rule> = (0..).zip(shipped.iter().cycle()).take(count).map(again).collect();
    let lines = shipped.iter().flat_map(|rule| &rule.examples).flat_map(|example| &example.lines);
    let said = lines.map(|line| line.text.clone()).filter(|text| !text.is_empty()).collect();
    (compile(&many, &packs.lists).expect("they compile"), said)
}

/// A call in which agent and customer say these lines in turn.
fn call(said: &[String], turns: usize) -> Facts {
    let line = |(at, text): (usize, &String)| {
        let role = if at % 2 == 0 { Role::Agent } else { Role::Customer };
        ExampleLine { text: text.clone(), ..ExampleLine::new(at as i64 * 5_000, None, role) }
    };
    let example = Example {
        name: String::new(),
        expected: Expected::Silent,
        quote: None,
        lines: said.iter().cycle().take(turns).enumerate().map(line).collect(),
        channel_count: 2,
        recording: true,
        transcript: true,
        started_at: None,
        columns: BTreeMap::from([("callee_role".into(), "debtor".into()), ("stage".into(), "M1".into())]),
        earlier: Vec::new(),
        line: 0,
    };
    facts(&example, Some("zh"))
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("judging");
    group.sample_size(10);
    for rule_count in RULES {
        let (ruleset, said) = rules(rule_count);
        for turns in TURNS {
            let facts = call(&said, turns);
            let judgement = ruleset.judge(&facts, InForce::Ignore);
            assert!(judgement.evaluated.len() + judgement.not_evaluated.len() > rule_count / 3, "most rules apply");
            group.throughput(Throughput::Elements((rule_count * turns) as u64));
            group.bench_with_input(BenchmarkId::new(format!("{rule_count} rules"), turns), &facts, |bench, facts| {
                bench.iter(|| ruleset.judge(black_box(facts), InForce::Ignore).findings.len());
            });
        }
    }
    group.finish();
}

/// The made-up word of that number: three characters.
fn word(number: u32) -> String {
    let char = |at: u32| char::from_u32(0x4E00 + number.wrapping_mul(7_919 + 2 * at).wrapping_add(at) % 20_000);
    (0..3).filter_map(char).collect()
}

/// Ten rules, one of which looks for words of a list that grows, over a call of 1,000 turns.
fn lists(criterion: &mut Criterion) {
    let packs = load(&PackOptions::default()).expect("the shipped packs load");
    let rules: Vec<Rule> = packs
        .rules
        .values()
        .map(|loaded| loaded.rule.clone())
        .filter(|rule| rule.languages == ["zh"])
        .take(10)
        .collect();
    let mut named = rules.iter().flat_map(|rule| &rule.look_fors).flat_map(|look| look.kind.lists());
    let named = named.next().expect("a rule with a list");
    let facts = call(&self::rules(10).1, 1_000);
    let mut group = criterion.benchmark_group("lists");
    group.sample_size(10);
    for words in WORDS {
        let mut lists = packs.lists.clone();
        lists.get_mut(named).expect("the list").terms.extend((0..words).map(word));
        let ruleset = compile(&rules, &lists).expect("they compile");
        assert!(!ruleset.judge(&facts, InForce::Ignore).evaluated.is_empty(), "rules apply");
        group.bench_with_input(BenchmarkId::new("compile", words), &lists, |bench, lists| {
            bench.iter(|| compile(&rules, black_box(lists)).expect("they compile"));
        });
        group.bench_with_input(BenchmarkId::new("judge", words), &facts, |bench, facts| {
            bench.iter(|| ruleset.judge(black_box(facts), InForce::Ignore).findings.len());
        });
    }
    group.finish();
}

criterion_group!(benches, growth, lists);
criterion_main!(benches);
