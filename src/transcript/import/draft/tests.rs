//! What engines leave out or get wrong, and what becomes of it.

use super::*;
use crate::transcript::Word;
use crate::units::LONGEST_RECORDING_MS;

const ONE: Speaker = Speaker::Channel(0);
const TWO: Speaker = Speaker::Channel(1);

fn finished(segments: Vec<Segment>) -> Transcript {
    Draft { segments, ..Draft::default() }.finish().unwrap()
}

fn spans(transcript: &Transcript) -> Vec<(i64, i64, bool)> {
    let span = |it: &Utterance| (it.span.start_ms, it.span.end_ms, it.times_estimated);
    transcript.utterances.iter().map(span).collect()
}

fn word(text: &str, start_ms: Option<f64>, end_ms: Option<f64>) -> DraftWord {
    DraftWord::new(text, start_ms, end_ms, Some(0.5))
}

#[test]
fn every_time_is_bounded() {
    let segment = |start, end, text: &str| Segment::new(ONE, start, end, text);
    let cases = [
        ("both told", vec![segment(Some(10.0), Some(900.4), "好")], vec![(10, 900, false)]),
        (
            "no end: the next start",
            vec![segment(Some(0.0), None, "今天下午还"), segment(Some(1_000.0), Some(1_500.0), "好")],
            vec![(0, 1_000, true), (1_000, 1_500, false)],
        ),
        (
            "no end, nothing soon: slow speech",
            vec![segment(Some(0.0), None, "好的"), segment(Some(9_000.0), Some(9_500.0), "好")],
            vec![(0, 660, true), (9_000, 9_500, false)],
        ),
        (
            "no start: where the one before ends",
            vec![segment(Some(0.0), Some(800.0), "好"), segment(None, Some(1_500.0), "好")],
            vec![(0, 800, false), (800, 1_500, true)],
        ),
        ("reversed", vec![segment(Some(2_000.0), Some(1_000.0), "好")], vec![(2_000, 2_330, true)]),
        (
            "at the end of what is believed",
            vec![segment(Some(LONGEST_RECORDING_MS as f64), None, "好"), segment(None, None, "好")],
            vec![(604_800_000, 604_800_000, true), (604_800_000, 604_800_000, true)],
        ),
        ("impossible", vec![segment(Some(f64::NAN), Some(1e15), "好")], vec![(0, 330, true)]),
        ("a little before the start", vec![segment(Some(-40.0), Some(500.0), "好")], vec![(0, 500, false)]),
        (
            "out of order",
            vec![segment(Some(5_000.0), Some(6_000.0), "好"), segment(Some(0.0), Some(1_000.0), "好")],
            vec![(0, 1_000, false), (5_000, 6_000, false)],
        ),
        (
            "into the same speaker's next",
            vec![segment(Some(0.0), Some(3_000.0), "好"), segment(Some(2_000.0), Some(4_000.0), "好")],
            vec![(0, 2_000, false), (2_000, 4_000, false)],
        ),
        (
            "no times at all: one after another",
            vec![segment(None, None, "好的"), segment(None, None, "好")],
            vec![(0, 660, true), (660, 990, true)],
        ),
        (
            "at the same time as the same speaker's next",
            vec![segment(Some(0.0), Some(3_000.0), "好"), segment(Some(0.0), Some(4_000.0), "好的")],
            vec![(0, 0, false), (0, 4_000, false)],
        ),
        (
            "twice",
            vec![segment(Some(0.0), Some(3_000.0), "好"), segment(Some(0.0), Some(3_000.0), "好")],
            vec![(0, 3_000, false)],
        ),
        ("says nothing", vec![segment(Some(0.0), Some(3_000.0), " ,。 ")], vec![]),
    ];
    for (name, segments, expected) in cases {
        assert_eq!(spans(&finished(segments)), expected, "{name}");
    }
}

#[test]
fn two_speakers_may_overlap() {
    let said = finished(vec![
        Segment::new(ONE, Some(0.0), Some(3_000.0), "a"),
        Segment::new(TWO, Some(1_000.0), Some(2_000.0), "b"),
    ]);
    assert_eq!(spans(&said), [(0, 3_000, false), (1_000, 2_000, false)]);
    assert!(said.warnings.is_empty(), "{:?}", said.warnings);
}

#[test]
fn of_equal_starts_the_first_speaker_comes_first() {
    let said = finished(vec![
        Segment::new(TWO, Some(0.0), Some(900.0), "b"),
        Segment::new(ONE, Some(0.0), Some(500.0), "a"),
        Segment::new(ONE, Some(600.0), Some(700.0), "c"),
    ]);
    let speakers: Vec<Speaker> = said.utterances.iter().map(|it| it.speaker).collect();
    assert_eq!(speakers, [ONE, TWO, ONE]);
}

#[test]
fn no_recording_has_channels_by_the_hundred() {
    let said = finished(vec![Segment::new(Speaker::Channel(252), Some(0.0), Some(900.0), "a")]);
    assert_eq!(said.utterances[0].speaker, Speaker::Role(Role::Unknown));
}

#[test]
fn words_are_found_in_the_text_and_bounded() {
    let mut segment = Segment::new(ONE, Some(0.0), Some(2_000.0), "今天 还款,OK吗?");
    segment.words = vec![
        word("今天", Some(0.0), None),
        word("不在", Some(300.0), None),
        word(",", Some(350.0), None),
        word("还款", Some(400.0), Some(900.0)),
        word("ok", Some(1_000.0), None),
    ];
    let said = finished(vec![segment]);
    let told = |word: &Word| (word.chars.clone(), word.span.start_ms, word.span.end_ms, word.estimated);
    let words: Vec<_> = said.utterances[0].words.iter().map(told).collect();
    assert_eq!(words, [(0..2, 0, 300, true), (3..5, 400, 900, false), (6..8, 1_000, 2_000, true)]);
    assert_eq!(said.warnings, ["1 word(s) of the transcript are not in their segment's text; left out"]);
}

#[test]
fn words_alone_become_segments() {
    let mut draft = Draft::default();
    draft.add_words([
        (ONE, word("Good", Some(0.0), Some(300.0))),
        (ONE, word("morning", Some(300.0), Some(1_200.0))),
        (ONE, word(".", None, None)),
        (ONE, word("How", Some(1_250.0), Some(1_400.0))),
        (TWO, word("您", Some(1_500.0), Some(1_700.0))),
        (TWO, word("好", Some(1_700.0), Some(1_900.0))),
        (TWO, word("OK", Some(1_950.0), Some(2_000.0))),
        (TWO, word("later", Some(2_800.0), Some(2_900.0))),
    ]);
    let said = draft.finish().unwrap();
    let texts: Vec<&str> = said.utterances.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["Good morning.", "How", "您好OK", "later"]);
    assert_eq!(spans(&said)[..2], [(0, 1_200, false), (1_250, 1_400, false)]);
    assert_eq!(said.utterances[0].confidence, Some(0.5));
}

#[test]
fn what_is_longer_than_words_are_is_none() {
    let long = "a".repeat(201);
    let mut segment = Segment::new(ONE, Some(0.0), Some(2_000.0), format!("ok {long} ok"));
    segment.words = ["ok", &long, "ok"].map(|text| word(text, Some(0.0), Some(500.0))).into();
    let said = finished(vec![segment]);
    let words: Vec<_> = said.utterances[0].words.iter().map(|word| word.chars.clone()).collect();
    assert_eq!(words, [0..2, 205..207]);
    assert_eq!(said.warnings, ["1 word(s) of the transcript are not in their segment's text; left out"]);
    // Behind more than is looked ahead, what is kept could not be found by whoever reads it again; nor where it stands in what is not kept.
    for (long, last) in [("a".repeat(401), "ok"), (format!("{}ok", "a".repeat(201)), "ok")] {
        let mut segment = Segment::new(ONE, Some(0.0), Some(2_000.0), format!("ok {long} {last}"));
        segment.words = ["ok", &long, last].map(|text| word(text, Some(0.0), Some(500.0))).into();
        let said = finished(vec![segment]);
        assert_eq!(said.utterances[0].words.len(), 1, "{said:?}");
        assert_eq!(said.warnings, ["2 word(s) of the transcript are not in their segment's text; left out"]);
    }
}

#[test]
fn what_is_longer_than_a_segment_is_parted_and_told() {
    let sentence = |letter: &str| format!("{}。", letter.repeat(8_999));
    let text = ["甲", "乙", "丙"].map(sentence).concat();
    let mut timed = Segment::new(ONE, Some(0.0), Some(27_000.0), text.as_str());
    timed.words = [("甲", 100.0), ("乙", 9_500.0), ("丙", 20_000.0)].map(|(it, ms)| word(it, Some(ms), None)).into();
    // Words further on than is looked ahead are not found.
    timed.words.remove(1);
    let cases = [
        (
            "by its characters",
            Segment::new(ONE, Some(0.0), Some(27_000.0), text.as_str()),
            [(0, 18_000), (18_000, 27_000)],
        ),
        ("to its end where the rest has no word", timed, [(0, 27_000), (27_000, 27_000)]),
    ];
    for (name, segment, expected) in cases {
        let said = finished(vec![segment]);
        assert_eq!(spans(&said), expected.map(|(start_ms, end_ms)| (start_ms, end_ms, true)), "{name}");
        let joined: String = said.utterances.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(joined, text, "{name}");
        let told = "1 segment(s) of the transcript have more text than is kept in one; parted, their times estimated";
        assert!(said.warnings.contains(&told.to_owned()), "{name}: {:?}", said.warnings);
    }
    let longest = finished(vec![Segment::new(ONE, Some(0.0), Some(900.0), "好".repeat(20_000))]);
    assert_eq!((spans(&longest), longest.warnings), (vec![(0, 900, false)], vec![]));
}

#[test]
fn words_go_with_their_part_of_a_long_text() {
    let spelled: Vec<String> = (0..3_000).map(|index| format!("{index:08}")).collect();
    let mut segment = Segment::new(ONE, Some(0.0), Some(3_000_000.0), spelled.join(" "));
    let at = |index: usize| Some(1_000.0 * index as f64);
    segment.words = spelled.iter().enumerate().map(|(index, it)| word(it, at(index), at(index + 1))).collect();
    let said = finished(vec![segment]);
    assert_eq!(said.utterances.len(), 2);
    let mut index = 0;
    for utterance in &said.utterances {
        let chars: Vec<char> = utterance.text.chars().collect();
        assert_eq!(utterance.span.start_ms, 1_000 * index as i64);
        for word in &utterance.words {
            let text: String = chars[word.chars.start as usize..word.chars.end as usize].iter().collect();
            assert_eq!((text.as_str(), word.span.start_ms), (spelled[index].as_str(), 1_000 * index as i64));
            index += 1;
        }
        assert_eq!(utterance.span.end_ms, 1_000 * index as i64);
    }
    assert_eq!(index, 3_000);
}

#[test]
fn names_longer_than_names_are_left_out() {
    let mut segment = Segment::new(ONE, Some(0.0), Some(900.0), "好");
    (segment.emotion, segment.event) = (Some("x".repeat(1_001)), Some("x".repeat(1_000)));
    let engine = Some("x".repeat(1_001));
    let said = Draft { segments: vec![segment], engine, ..Draft::default() }.finish().unwrap();
    let only = &said.utterances[0];
    assert_eq!((said.engine, &only.emotion), (None, &None));
    assert!(only.event.is_some());
}

#[test]
fn spaces_beside_han_go_and_others_stay() {
    let cases = [
        ("您 好 ， 海 棠", "您好，海棠"),
        ("用 my  APP 吧", "用my APP吧"),
        ("  hello   there ", "hello there"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(unspaced(text), expected);
    }
}
