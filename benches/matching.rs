//! Ten thousand words, as written and by their sound, and entities, over the talk of a long call.

use callsift::entities::{Line, Mention, Said, find, mask, mentions, promises};
use callsift::facts::{Facts, Observed, build};
use callsift::finding::{RuleStatus, Severity};
use callsift::lexicon::matcher::{MatcherBuilder, Normalised, leftmost_longest};
use callsift::lexicon::sounds::SoundsBuilder;
use callsift::recording::Recording;
use callsift::rules::model::{Kind, LookFor, Patterns, Place, Report, Rule, When, Words};
use callsift::rules::speakers::Speakers;
use callsift::rules::{InForce, compile};
use callsift::transcript::{Speaker, Transcript, Utterance};
use callsift::units::{Role, Span};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeMap;
use std::hint::black_box;

const WORDS: u32 = 10_000;
const UTTERANCES: u32 = 2_000;

type Group<'a> = criterion::BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// Four characters out of 26 common ones, another word for every number under 456,976.
fn word(number: u32) -> String {
    const CHARS: [char; 26] = [
        '的', '一', '是', '在', '人', '有', '我', '他', '这', '中', '大', '来', '上', '国', '个', '到', '说', '们',
        '为', '子', '和', '你', '地', '出', '道', '也',
    ];
    [17_576, 676, 26, 1].map(|place| CHARS[(number / place % 26) as usize]).iter().collect()
}

/// Every tenth utterance holds a listed word, between words that are not listed.
fn utterance(number: u32) -> String {
    let unlisted = "请问您今天方便吗,麻烦核实";
    if number.is_multiple_of(10) {
        format!("{unlisted}:{}。{unlisted}", word(number))
    } else {
        format!("{unlisted},{unlisted}。")
    }
}

fn matching(criterion: &mut Criterion) {
    let mut builder = MatcherBuilder::default();
    builder.phrases(&(0..WORDS).map(word).collect::<Vec<_>>());
    let matcher = builder.build();
    let texts: Vec<String> = (0..UTTERANCES).map(utterance).collect();
    let normal: Vec<Normalised> = texts.iter().map(|text| Normalised::of(text)).collect();
    let count = |normal: &[Normalised]| -> usize {
        let hits = |text: &Normalised| {
            let mut hits = matcher.scan(text.text());
            leftmost_longest(&mut hits);
            hits.len()
        };
        normal.iter().map(hits).sum()
    };
    assert_eq!(count(&normal), 200, "every tenth of 2,000 utterances holds a word");

    let bytes: usize = texts.iter().map(String::len).sum();
    let mut group = criterion.benchmark_group("matching");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("normalise", |bench| {
        bench.iter(|| texts.iter().map(|text| Normalised::of(black_box(text)).text().len()).sum::<usize>());
    });
    group.bench_function("ten thousand words", |bench| bench.iter(|| count(black_box(&normal))));
    by_sound(&mut group, &normal);
    judged(&mut group, &texts);
    entities(&mut group, &texts);
    group.finish();
}

/// Calls of 100 utterances judged by ten thousand words and two hundred patterns in 21 rules, from their masked texts to findings.
fn judged(group: &mut Group<'_>, texts: &[String]) {
    let look = |name: &str, kind| LookFor {
        name: name.into(),
        speakers: Speakers::ANYONE,
        place: Place::Anywhere,
        count_at_least: 1,
        kind,
    };
    let words = Words { phrases: (0..WORDS).map(word).collect(), ..Words::default() };
    let pattern = |number: u32| {
        let (one, other) = (word(number * 2_017), word(number * 1_009));
        format!("{}.{{0,3}}{}", &one[..6], &other[6..]).parse().expect("a pattern")
    };
    let ten_patterns = |number: u32| {
        let patterns = (0..10).map(|n| pattern(10 * number + n)).collect();
        (number, Kind::Patterns(Patterns { patterns, ..Patterns::default() }))
    };
    let rules: Vec<Rule> = std::iter::once((0, Kind::Words(words)))
        .chain((1..=20).map(ten_patterns))
        .map(|(number, kind)| rule(&format!("bench.rule-{number}"), look("it", kind)))
        .collect();
    let ruleset = compile(&rules, &BTreeMap::new()).expect("they compile");
    let calls: Vec<Facts> = texts.chunks(100).map(call).collect();
    let count = |calls: &[Facts]| -> usize {
        calls.iter().map(|facts| ruleset.judge(facts, InForce::Ignore).findings.len()).sum()
    };
    let found = count(&calls);
    assert!(found >= 200, "every tenth of 2,000 utterances holds a word: {found}");
    group.bench_function("judged by ten thousand words and two hundred patterns", |bench| {
        bench.iter(|| count(black_box(&calls)));
    });
}

fn rule(id: &str, look: LookFor) -> Rule {
    Rule {
        id: id.into(),
        title: String::new(),
        status: RuleStatus::Active,
        severity: Severity::Major,
        category: String::new(),
        owner: String::new(),
        approved: None,
        revision: 1,
        languages: vec!["zh".into()],
        in_force_from: None,
        in_force_until: None,
        outcomes: Vec::new(),
        needs: Vec::new(),
        what: String::new(),
        why: String::new(),
        misses: String::new(),
        sources: Vec::new(),
        look_fors: vec![look],
        report: Report { when: When::Name(0), message: String::new(), advice: String::new(), once: false },
        examples: Vec::new(),
    }
}

/// A call in which two people say `texts` in turn, as the tool reads it.
fn call(texts: &[String]) -> Facts {
    let utterance = |(at, text): (i64, &String)| {
        let speaker = Speaker::Role(if at % 2 == 0 { Role::Agent } else { Role::Customer });
        Utterance::new(speaker, Span::new(at * 5_000, at * 5_000 + 4_000), text.as_str())
    };
    let utterances = (0..).zip(texts).map(utterance).collect();
    let transcript = Transcript { language: Some("zh".into()), utterances, ..Transcript::default() };
    let recording = Recording::named("call");
    build(&Observed { transcript: Some(&transcript), ..Observed::nothing_of(&recording) })
}

/// What the same words cost by their sound alone.
fn by_sound(group: &mut Group<'_>, normal: &[Normalised]) {
    let mut sounds = SoundsBuilder::default();
    sounds.phrases(&(0..WORDS).map(word).collect::<Vec<_>>());
    let sounds = sounds.build();
    let count = |normal: &[Normalised]| -> usize {
        let mut hits = 0;
        normal.iter().for_each(|text| sounds.each(text.text(), text.stops(), |_| hits += 1));
        hits
    };
    let found = count(normal);
    assert!(found > 10, "some words sound like others: {found}");
    group.bench_function("ten thousand words by their sound", |bench| bench.iter(|| count(black_box(normal))));
}

/// Identifiers masked, values read and promises found in calls of 40 utterances, every tenth of which has a sum and a number.
fn entities(group: &mut Group<'_>, texts: &[String]) {
    let texts: Vec<String> =
        texts
            .iter()
            .enumerate()
            .map(|(n, text)| {
                if n.is_multiple_of(10) {
                    format!("{text}明天还三千五百块,打13800138000")
                } else {
                    text.clone()
                }
            })
            .collect();
    let said: Vec<Said<'_>> = texts.iter().map(|text| Said { by: Speaker::Role(Role::Customer), text }).collect();
    let date = jiff::civil::date(2026, 11, 20);
    let read = |said: &[Said<'_>]| -> (usize, usize, usize) {
        let masked: Vec<String> = said.chunks(40).flat_map(|call| mask(call, &find(call))).collect();
        let values: Vec<Vec<Mention>> = masked.iter().map(|text| mentions(text, date)).collect();
        let told = masked.iter().zip(&values);
        let lines: Vec<Line<'_>> = told.map(|(text, mentions)| Line { role: Role::Customer, text, mentions }).collect();
        let promised: usize = lines.chunks(40).map(|call| promises(call, Some(date)).len()).sum();
        let values = values.iter().map(Vec::len).sum();
        (masked.iter().filter(|text| text.contains('█')).count(), values, promised)
    };
    let (masked, values, promised) = read(&said);
    assert!(masked == 200 && values >= 400 && promised > 100, "{masked} masked, {values} values, {promised} promises");
    group.bench_function("entities and masking", |bench| bench.iter(|| read(black_box(&said))));
}

criterion_group!(benches, matching);
criterion_main!(benches);
