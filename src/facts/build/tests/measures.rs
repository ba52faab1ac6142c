//! Rates, levels, turns.

use super::*;
use crate::facts::CallOutcome;

/// Two channels, 40 s. The agent speaks 9 s in three stretches, the customer 5 s in two.
fn two_channels() -> Call {
    let agent =
        vec![(1_000, 4_000, -20.0, Some(200.0)), (4_500, 6_500, -10.0, None), (20_000, 24_000, -22.0, Some(220.0))];
    let customer = vec![(7_000, 9_000, -30.0, Some(120.0)), (23_000, 26_000, -28.0, Some(130.0))];
    Call::loud(40_000, &[agent, customer])
        .on(0, 1_000, 6_500, "您好这里是银行,请问方便吗？")
        .on(1, 7_000, 9_000, "不方便。")
        .on(0, 20_000, 24_000, "欠款3500元请今天还")
        .on(1, 23_000, 26_000, "你等一下")
}

#[test]
fn utterances_of_two_channels() {
    let facts = two_channels().facts();
    // Counts: 12, 3, 11 (digits one each), 4; speech 5 s of 5.5, 2, 4 and 3 s.
    let counts: Vec<(i32, i32)> = facts.turns.iter().map(|turn| (turn.chars, turn.words_n)).collect();
    assert_eq!(counts, [(12, 0), (3, 0), (11, 0), (4, 0)]);
    let rates: Vec<_> = facts.turns.iter().map(|turn| rate(turn.rate.as_ref()).unwrap()).collect();
    assert_eq!(rates, [(144.0, 130.9, None), (90.0, 90.0, None), (165.0, 165.0, None), (80.0, 80.0, None)]);
    // (3 s x -20 dB + 2 s x -10 dB) / 5 s = -16 dB; the agent's usual is -20, the customer's -28.
    let levels: Vec<_> =
        facts.turns.iter().map(|turn| (turn.loudness_dbfs.unwrap(), turn.loudness_over_usual_db.unwrap())).collect();
    assert_eq!(levels, [(-16.0, 4.0), (-30.0, -2.0), (-22.0, -2.0), (-28.0, 0.0)]);
    let pitches: Vec<_> = facts.turns.iter().map(|turn| turn.pitch_hz.unwrap()).collect();
    assert_eq!(pitches, [200.0, 120.0, 220.0, 130.0]);
    let overlaps: Vec<_> = facts.turns.iter().map(|turn| (turn.overlap_ms, turn.gap_before_ms)).collect();
    assert_eq!(
        overlaps,
        [(Some(0), None), (Some(0), Some(500)), (Some(1_000), Some(11_000)), (Some(1_000), Some(-1_000))]
    );
    let places: Vec<_> = facts.turns.iter().map(|turn| (turn.turn, turn.turn_group, turn.role, turn.channel)).collect();
    use Role::{Agent, Customer};
    assert_eq!(
        places,
        [(0, 0, Agent, Some(0)), (1, 1, Customer, Some(1)), (2, 2, Agent, Some(0)), (3, 3, Customer, Some(1))]
    );
    let rate = facts.turns[0].rate.as_ref().unwrap();
    assert_eq!((rate.counts.as_str(), rate.method.as_str()), ("chars", "text-1"));
}

#[test]
fn speakers_of_two_channels() {
    let call = two_channels().facts().call;
    let talk = |it: &crate::facts::SpeakerFacts| (it.talk_ms, it.talk_share);
    assert_eq!((talk(&call.agent), talk(&call.customer)), ((Some(9_000), Some(0.643)), (Some(5_000), Some(0.357))));
    // 23 characters in 9 s of speech, 9.5 s of turns, 40 s of call; 7 in 5, 5 and 40 s.
    assert_eq!(rate(call.agent.rate.as_ref()), Some((153.3, 145.3, Some(34.5))));
    assert_eq!(rate(call.customer.rate.as_ref()), Some((84.0, 84.0, Some(10.5))));
    // Agent by weight: -22 (4 s), -20 (3 s), -10 (2 s).
    let level = |it: &crate::facts::SpeakerFacts| (it.loudness_dbfs, it.loudness_range_db);
    assert_eq!((level(&call.agent), level(&call.customer)), ((Some(-20.0), Some(12.0)), (Some(-28.0), Some(2.0))));
    assert_eq!(
        (call.agent.pitch_hz, call.agent.pitch_low_hz, call.agent.pitch_high_hz),
        (Some(200.0), Some(150.0), Some(250.1))
    );
    assert_eq!((call.overlap_ms, call.overlap_measurable), (Some(1_000), true));
    assert_eq!((call.outcome, call.eligible), (Some(CallOutcome::Conversation), true));
    assert!(call.sanity_flags.is_empty());
}

#[test]
fn stretches_by_start() {
    let facts = two_channels().facts();
    let starts: Vec<_> = facts.stretches.iter().map(|it| (it.span.start_ms, it.channel, it.role)).collect();
    use Role::{Agent, Customer};
    let expected =
        [(1_000, 0, Agent), (4_500, 0, Agent), (7_000, 1, Customer), (20_000, 0, Agent), (23_000, 1, Customer)];
    assert_eq!(starts, expected);
    assert_eq!((facts.stretches[1].loudness_dbfs, facts.stretches[1].pitch_hz), (-10.0, None));
}

#[test]
fn one_channel_with_roles() {
    let stretches =
        vec![(0, 4_000, -20.0, Some(200.0)), (5_000, 9_000, -30.0, Some(100.0)), (10_000, 12_000, -14.0, Some(240.0))];
    let call = Call::loud(15_000, &[stretches])
        .by(Role::Agent, 0, 4_000, "您好这里是银行")
        .by(Role::Customer, 5_000, 9_000, "什么事")
        .by(Role::Agent, 10_000, 12_000, "还钱");
    let facts = call.facts();
    assert_eq!(facts.call.roles_from.as_deref(), Some("transcript"));
    assert!(facts.turns.iter().all(|turn| turn.channel.is_none() && turn.overlap_ms.is_none()));
    // The agent's utterances: -20 for 4 s and -14 for 2 s; the median by weight is -20.
    let over: Vec<_> = facts.turns.iter().map(|turn| (turn.loudness_dbfs, turn.loudness_over_usual_db)).collect();
    assert_eq!(over, [(Some(-20.0), Some(0.0)), (Some(-30.0), Some(0.0)), (Some(-14.0), Some(6.0))]);
    assert_eq!((facts.call.agent.talk_ms, facts.call.customer.talk_ms), (Some(6_000), Some(4_000)));
    assert_eq!((facts.call.agent.loudness_dbfs, facts.call.agent.loudness_range_db), (Some(-20.0), Some(6.0)));
    assert_eq!((facts.call.agent.pitch_hz, facts.call.agent.pitch_low_hz), (Some(200.0), None));
    assert_eq!((facts.call.overlap_measurable, facts.call.overlap_ms), (false, None));
    assert_eq!(facts.stretches[0].role, Role::Unknown);
}

#[test]
fn one_channel_without_roles() {
    let facts = Call::heard(20_000, &[&[(0, 6_000), (7_000, 12_000)]])
        .on(0, 0, 6_000, "您好")
        .on(0, 7_000, 12_000, "好")
        .facts();
    assert_eq!((facts.call.roles_from, facts.call.agent.talk_ms, facts.call.agent.rate.clone()), (None, None, None));
    assert_eq!((facts.turns[0].role, facts.turns[0].channel), (Role::Unknown, Some(0)));
    assert_eq!((facts.turns[0].loudness_dbfs, facts.turns[0].loudness_over_usual_db), (Some(-20.0), None));
    assert_eq!(facts.call.outcome, Some(CallOutcome::Conversation));
}

#[test]
fn time_spoken_without_pauses() {
    // Six characters in a span of 6 s.
    let cases: [(&str, Call, f32); 5] = [
        (
            "by the channel's stretches",
            Call::heard(9_000, &[&[(0, 2_000), (4_000, 5_000)], &[]]).on(0, 0, 6_000, "一二三四五六"),
            120.0,
        ),
        ("under 30 % is not believed", Call::heard(9_000, &[&[(0, 1_790)], &[]]).on(0, 0, 6_000, "一二三四五六"), 60.0),
        ("30 % is", Call::heard(9_000, &[&[(0, 1_800)], &[]]).on(0, 0, 6_000, "一二三四五六"), 200.0),
        (
            "by words without sound",
            Call::unheard().on(0, 0, 6_000, "一二三四五六").timed(&[(0, 3, 0, 2_000), (3, 6, 3_000, 5_000)]),
            90.0,
        ),
        ("by the span without either", Call::unheard().on(0, 0, 6_000, "一二三四五六"), 60.0),
    ];
    for (name, call, expected) in cases {
        assert_eq!(call.facts().turns[0].rate.as_ref().unwrap().articulation_per_min, expected, "{name}");
    }
    assert_eq!(Call::unheard().on(0, 5, 5, "好").facts().turns[0].rate, None, "no time at all");
}

#[test]
fn words_count_where_the_language_has_them() {
    let mut call = Call::unheard().by(Role::Agent, 0, 3_000, "please call 95588 today");
    call.recording.metadata.language = Some("en-US".into());
    let turn = call.facts().turns.swap_remove(0);
    assert_eq!((turn.words_n, turn.chars), (4, 8));
    let rate = turn.rate.unwrap();
    assert_eq!((rate.articulation_per_min, rate.counts.as_str()), (80.0, "words"));
}

#[test]
fn groups_of_utterances() {
    // Rows: start, end, channel; expected group.
    type Row = (i64, i64, u16, i32);
    let cases: [(&str, &[Row]); 4] = [
        ("pauses under 2 s join", &[(0, 1_000, 0, 0), (2_999, 4_000, 0, 0), (6_000, 7_000, 0, 1)]),
        ("another speaker parts", &[(0, 1_000, 0, 0), (1_000, 1_500, 1, 1), (1_500, 2_000, 0, 2)]),
        ("the longest end counts", &[(0, 9_000, 0, 0), (1_000, 2_000, 0, 0), (10_500, 11_000, 0, 0)]),
        ("sorted by start, then channel", &[(0, 1_000, 0, 0), (0, 1_000, 1, 1), (1_500, 2_000, 1, 1)]),
    ];
    for (name, rows) in cases {
        let call = rows
            .iter()
            .rev()
            .fold(Call::unheard(), |call, &(start, end, channel, _)| call.on(channel, start, end, "好"));
        let groups: Vec<_> = call.facts().turns.iter().map(|turn| turn.turn_group).collect();
        assert_eq!(groups, rows.iter().map(|row| row.3).collect::<Vec<_>>(), "{name}");
    }
}
