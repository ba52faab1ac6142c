//! Ten thousand words over the talk of a long call.

use callsift::lexicon::matcher::{MatcherBuilder, Normalised, leftmost_longest};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

const WORDS: u32 = 10_000;
const UTTERANCES: u32 = 2_000;

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
    group.finish();
}

criterion_group!(benches, matching);
criterion_main!(benches);
