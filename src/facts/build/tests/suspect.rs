//! Words that nobody may have said, and ends that an engine left out.

use super::*;

fn flags(call: &Call) -> Vec<String> {
    call.facts().turns.iter().map(|turn| turn.suspect.join(",")).collect()
}

#[test]
fn words_without_speech_are_flagged() {
    let call = |start_ms, end_ms| {
        Call::heard(60_000, &[&[(0, 5_000)], &[(10_000, 20_000)]]).on(0, start_ms, end_ms, "谢谢观看")
    };
    let cases = [
        ("in speech", 1_000, 2_000, ""),
        ("half a second after it", 5_499, 6_000, ""),
        ("later", 5_500, 6_500, "no_speech"),
        ("where the other side speaks", 12_000, 14_000, "no_speech"),
        ("half a second before it, on no side", 30_000, 31_000, "no_speech"),
    ];
    for (name, start_ms, end_ms, expected) in cases {
        assert_eq!(flags(&call(start_ms, end_ms)), [expected], "{name}");
    }
    let anywhere = |start_ms| {
        Call::heard(60_000, &[&[(0, 5_000)], &[(10_000, 20_000)]]).said(
            Speaker::Voice(0),
            start_ms,
            start_ms + 1_000,
            "谢谢观看",
        )
    };
    assert_eq!(flags(&anywhere(12_000)), [""], "a voice may be on either channel");
    assert_eq!(flags(&anywhere(30_000)), ["no_speech"]);
    assert_eq!(flags(&Call::unheard().on(0, 30_000, 31_000, "谢谢观看")), [""], "without sound nobody knows");
}

#[test]
fn what_nobody_can_say_so_fast_is_flagged() {
    let call = |length_ms, text: &str| Call::unheard().on(0, 0, length_ms, text);
    let cases = [
        ("15 characters a second", call(1_000, &"还款".repeat(7)), ""),
        ("16 characters a second", call(1_000, "今天下午三点之前还清全部欠款可以"), "too_fast"),
        ("few characters", call(10, "好的好的好"), ""),
        ("no time", call(0, "今天下午三点"), "too_fast"),
        ("an end that was missing", call(100, "今天下午三点").with(|it| it.times_estimated = true), ""),
    ];
    for (name, call, expected) in cases {
        assert_eq!(flags(&call), [expected], "{name}");
    }
    let english = |length_ms| {
        let mut call = call(length_ms, "we will call you again at three");
        call.recording.metadata.language = Some("en".into());
        flags(&call)
    };
    assert_eq!([english(700), english(699)], [[""], ["too_fast"]], "seven words");
}

#[test]
fn a_speaker_who_says_the_same_again_and_again_is_a_loop() {
    let call = |count: i64, text: &str, other: &str| {
        (0..count).fold(Call::unheard(), |call, at| {
            call.on(0, at * 2_000, at * 2_000 + 1_500, text).on(1, at * 2_000 + 1_600, at * 2_000 + 1_900, other)
        })
    };
    let looped = |call: Call| flags(&call).iter().filter(|flags| *flags == "loop").count();
    assert_eq!(looped(call(4, "谢谢观看。", "嗯")), 0);
    assert_eq!(looped(call(5, "谢谢观看。", "嗯")), 5, "the other side's short words are no loop");
    assert_eq!(looped(call(9, "您好", "嗯")), 0);
    assert_eq!(looped(call(7, "谢谢观看。", "嗯")), 7, "all of a longer row");
    let parted = call(4, "谢谢观看。", "嗯").on(0, 8_000, 9_500, "好的").on(0, 10_000, 11_500, "谢谢观看。");
    assert_eq!(looped(parted), 0, "something else between");
    assert_eq!(looped(Call::unheard().on(0, 0, 9_000, &"请不吝点赞。".repeat(6))), 1);
}

#[test]
fn what_may_not_have_been_said_has_no_rate() {
    let call = Call::heard(60_000, &[&[(0, 6_000)], &[]]).on(0, 0, 6_000, "您好这里是海棠银行").on(
        0,
        30_000,
        31_000,
        "今天下午三点",
    );
    let facts = call.facts();
    let rates: Vec<_> = facts.turns.iter().map(|turn| turn.rate.as_ref().map(|it| it.articulation_per_min)).collect();
    assert_eq!(rates, [Some(90.0), None]);
    // 9 characters in 6 s.
    assert_eq!(facts.call.agent.rate.map(|rate| rate.articulation_per_min), Some(90.0));
    assert_eq!(facts.turns[1].text, "今天下午三点", "its words stay");
}

#[test]
fn an_end_that_was_missing_is_where_speech_ends() {
    let call = |estimated: bool| {
        Call::heard(60_000, &[&[(0, 2_000), (2_500, 4_000)], &[]])
            .on(0, 500, 9_000, "您好这里是海棠银行")
            .with(|it| it.times_estimated = estimated)
    };
    let span = |call: &Call| (call.facts().turns[0].span, call.facts().turns[0].times_estimated);
    assert_eq!(span(&call(false)), (Span::new(500, 9_000), false));
    assert_eq!(span(&call(true)), (Span::new(500, 4_000), true));
    let timed = call(true).timed(&[(0, 2, 500, 4_800)]);
    assert_eq!(span(&timed), (Span::new(500, 4_800), true), "a word that was timed is in it");
    let unheard =
        Call::heard(60_000, &[&[(20_000, 21_000)], &[]]).on(0, 500, 9_000, "您好").with(|it| it.times_estimated = true);
    assert_eq!(span(&unheard), (Span::new(500, 9_000), true), "without speech the guess stays");
}

#[test]
fn a_vendor_s_measures_are_kept_masked() {
    let mut call =
        Call::unheard().on(0, 0, 1_000, "您好").with(|it| it.vendor_measures = Some(r#"{"SpeechRate":115}"#.into()));
    call.transcript.as_mut().unwrap().vendor_measures = Some(r#"{"to":"13800138000"}"#.into());
    let facts = call.facts();
    assert_eq!(facts.turns[0].vendor_measures.as_deref(), Some(r#"{"SpeechRate":115}"#));
    assert_eq!(facts.call.vendor_measures.as_deref(), Some(r#"{"to":"███████████"}"#));
}
