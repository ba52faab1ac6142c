//! Ten thousand words, as written and by their sound, and entities, over the talk of a long call.

use callsift::entities::{Said, find, mask, mentions};
use callsift::lexicon::matcher::{MatcherBuilder, Normalised, leftmost_longest};
use callsift::lexicon::sounds::SoundsBuilder;
use callsift::transcript::Speaker;
use callsift::units::Role;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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
    entities(&mut group, &texts);
    group.finish();
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

/// Values are read and identifiers masked in calls of 40 utterances, every tenth of which has a sum and a number.
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
    let read = |said: &[Said<'_>]| -> (usize, usize) {
        let masked: Vec<String> = said.chunks(40).flat_map(|call| mask(call, &find(call))).collect();
        let values = masked.iter().map(|text| mentions(text, date).len()).sum();
        (masked.iter().filter(|text| text.contains('█')).count(), values)
    };
    let (masked, values) = read(&said);
    assert!(masked == 200 && values >= 400, "{masked} numbers masked, {values} values");
    group.bench_function("entities and masking", |bench| bench.iter(|| read(black_box(&said))));
}

criterion_group!(benches, matching);
criterion_main!(benches);
