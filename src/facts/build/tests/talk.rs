//! Silences and interruptions.

use super::*;
use Role::{Agent, Customer, Unknown};

/// An agent's and a customer's stretches, ms.
type Channels = [&'static [(i64, i64)]; 2];

#[test]
fn whose_silence_it_is() {
    let said = |text: &'static str| move |call: Call| call.on(0, 0, 2_000, text);
    let nothing = |call: Call| call;
    type Words = Box<dyn Fn(Call) -> Call>;
    type Row = (i64, i64, Role);
    let cases: Vec<(&str, Channels, Words, &[Row])> = vec![
        ("under 3 s is none", [&[(0, 2_000)], &[(4_999, 10_000)]], Box::new(nothing), &[]),
        (
            "the customer answers late",
            [&[(0, 2_000)], &[(5_000, 10_000)]],
            Box::new(nothing),
            &[(2_000, 5_000, Customer)],
        ),
        ("the agent answers late", [&[(5_000, 10_000)], &[(0, 2_000)]], Box::new(nothing), &[(2_000, 5_000, Agent)]),
        ("the customer goes on", [&[], &[(0, 2_000), (6_000, 10_000)]], Box::new(nothing), &[(2_000, 6_000, Agent)]),
        (
            "the agent goes on",
            [&[(0, 2_000), (6_000, 10_000)], &[]],
            Box::new(said("请稍等。")),
            &[(2_000, 6_000, Agent)],
        ),
        (
            "the agent asked",
            [&[(0, 2_000), (6_000, 10_000)], &[]],
            Box::new(said("您方便吗。")),
            &[(2_000, 6_000, Customer)],
        ),
        (
            "asked with a mark",
            [&[(0, 2_000), (6_000, 10_000)], &[]],
            Box::new(said("今天还？”")),
            &[(2_000, 6_000, Customer)],
        ),
        ("before anyone speaks", [&[(3_000, 5_000)], &[(5_000, 10_000)]], Box::new(nothing), &[]),
        ("after the last word", [&[(0, 5_000)], &[]], Box::new(nothing), &[]),
        (
            "both start at once",
            [&[(0, 2_000), (6_000, 10_000)], &[(6_000, 7_000)]],
            Box::new(nothing),
            &[(2_000, 6_000, Customer)],
        ),
        ("nobody speaks", [&[], &[]], Box::new(nothing), &[]),
        ("the other speaks in between", [&[(0, 2_000), (4_000, 10_000)], &[(1_000, 4_000)]], Box::new(nothing), &[]),
    ];
    for (name, channels, words, expected) in cases {
        let facts = words(Call::heard(10_000, &channels)).facts();
        let silences: Vec<_> = facts.call.silences.iter().map(|it| (it.span.start_ms, it.span.end_ms, it.of)).collect();
        assert_eq!(silences, expected, "{name}");
    }
}

#[test]
fn silences_of_one_channel() {
    let heard = || Call::heard(20_000, &[&[(0, 4_000), (9_000, 14_000)]]);
    let of = |call: Call| call.facts().call.silences.iter().map(|it| it.of).collect::<Vec<_>>();
    assert_eq!(of(heard()), [Unknown], "no roles");
    let talk = heard().by(Agent, 0, 4_300, "您好").by(Customer, 8_800, 14_000, "什么事");
    assert_eq!(of(talk), [Customer], "roles by the transcript");
    let one = heard().by(Customer, 0, 14_000, "我没钱我也没办法").by(Agent, 14_000, 15_000, "那");
    assert_eq!(of(one), [Agent], "an utterance over the gap");
    assert!(Call::unheard().by(Agent, 0, 1_000, "a").by(Agent, 9_000, 9_500, "b").facts().call.silences.is_empty());
}

#[test]
fn who_came_in() {
    // Expected: by, start, end, into the turn, yielded, backchannel.
    type Row = (Role, i64, i64, i64, bool, bool);
    let cases: [(&str, Channels, &[Row]); 9] = [
        ("in turn", [&[(0, 2_000)], &[(2_000, 4_000)]], &[]),
        ("under 300 ms", [&[(0, 2_290)], &[(2_000, 4_000)]], &[]),
        (
            "300 ms, and the other yields",
            [&[(0, 2_300)], &[(2_000, 4_000)]],
            &[(Customer, 2_000, 2_300, 2_000, true, false)],
        ),
        ("the agent cuts in", [&[(2_000, 5_000)], &[(500, 3_500)]], &[(Agent, 2_000, 3_500, 1_500, true, false)]),
        (
            "short, and the other goes on",
            [&[(0, 5_000)], &[(2_000, 2_990)]],
            &[(Customer, 2_000, 2_990, 2_000, false, true)],
        ),
        (
            "a second is no backchannel",
            [&[(0, 5_000)], &[(2_000, 3_000)]],
            &[(Customer, 2_000, 3_000, 2_000, false, false)],
        ),
        (
            "short, but the other stops",
            [&[(0, 2_500)], &[(2_000, 2_900)]],
            &[(Customer, 2_000, 2_500, 2_000, true, false)],
        ),
        ("both start at once", [&[(0, 2_000)], &[(0, 3_000)]], &[]),
        (
            "a turn reaches back over its pauses, but not over the other's words",
            [&[(0, 1_000), (2_000, 3_000), (6_000, 9_000)], &[(2_500, 5_500), (8_000, 9_500)]],
            &[(Customer, 2_500, 3_000, 2_500, true, false), (Customer, 8_000, 9_000, 2_000, true, false)],
        ),
    ];
    for (name, channels, expected) in cases {
        let facts = Call::heard(10_000, &channels).facts();
        let found: Vec<Row> = facts
            .call
            .interruptions
            .iter()
            .map(|it| (it.by, it.span.start_ms, it.span.end_ms, it.into_turn_ms, it.yielded, it.backchannel))
            .collect();
        assert_eq!(found, expected, "{name}");
        let overlap_ms: i64 = expected.iter().map(|row| row.2 - row.1).sum();
        if name != "both start at once" {
            assert_eq!(facts.call.overlap_ms, Some(overlap_ms), "{name}");
        }
    }
}

#[test]
fn words_tell_attention_from_cutting_in() {
    let heard = || Call::heard(10_000, &[&[(0, 5_000)], &[(2_000, 3_500)]]).on(0, 0, 5_000, "您这个月的账单已经出来了");
    let backchannel = |call: Call| call.facts().call.interruptions[0].backchannel;
    let cases = [
        ("agreement", heard().on(1, 2_000, 3_500, "嗯,好的好的"), true),
        ("an objection", heard().on(1, 2_000, 3_500, "对,但是我没收到"), false),
        ("two utterances, one of substance", heard().on(1, 2_000, 2_500, "嗯").on(1, 2_500, 3_500, "等等"), false),
        ("words elsewhere do not count", heard().on(1, 7_000, 8_000, "嗯"), false),
    ];
    for (name, call, expected) in cases {
        assert_eq!(backchannel(call), expected, "{name}");
    }
    let short = Call::heard(10_000, &[&[(0, 5_000)], &[(2_000, 2_500)]]).on(1, 2_000, 2_500, "闭嘴");
    assert!(!backchannel(short), "a short word of substance");
}

#[test]
fn one_microphone_stored_twice_has_no_overlap() {
    let spans: &[(i64, i64)] = &[(0, 5_000), (6_000, 12_000)];
    let call = Call::heard(13_000, &[spans, spans]).facts().call;
    assert_eq!((call.overlap_measurable, call.overlap_ms), (false, None));
    assert_eq!(call.sanity_flags, ["same_channels"]);
}
