//! What is known of a call as a whole: roles, outcome, language, masking, errors.

use super::*;
use crate::facts::{CallOutcome, EntityFacts, PriorCall, Status};
use crate::recording::StartedAt;
use std::collections::BTreeMap;

fn failure() -> CallError {
    CallError {
        stage: "decode".into(),
        code: "truncated".into(),
        message: "rec_13800138000.wav ends early".into(),
        retryable: false,
    }
}

#[test]
fn roles_and_who_says_so() {
    use Role::{Agent, Customer, Unknown};
    let swapped = || {
        let mut call =
            Call::heard(9_000, &[&[(0, 1_000)], &[(1_000, 2_000)]]).on(0, 0, 1_000, "a").on(1, 1_000, 2_000, "b");
        call.recording.agent_channel = 1;
        call
    };
    let three: [&[(i64, i64)]; 3] = [&[(0, 1_000)], &[], &[]];
    type Row = (Role, Option<i32>);
    let cases: [(&str, Call, Option<&str>, &[Row]); 6] = [
        ("two channels, the agent on the right", swapped(), Some("channels"), &[(Customer, Some(0)), (Agent, Some(1))]),
        (
            "two channels, roles in the transcript",
            Call::heard(9_000, &[&[(0, 1_000)], &[]]).by(Agent, 0, 1_000, "a").by(Role::Bot, 1_000, 2_000, "b"),
            Some("channels"),
            &[(Agent, Some(0)), (Role::Bot, None)],
        ),
        ("one channel", Call::heard(9_000, &[&[(0, 1_000)]]).on(0, 0, 1_000, "a"), None, &[(Unknown, Some(0))]),
        ("three channels", Call::heard(9_000, &three).on(2, 0, 1_000, "a"), None, &[(Unknown, Some(2))]),
        (
            "channels without sound",
            Call::unheard().on(0, 0, 1_000, "a").on(1, 1_000, 2_000, "b"),
            Some("channels"),
            &[(Agent, Some(0)), (Customer, Some(1))],
        ),
        ("roles without sound", Call::unheard().by(Customer, 0, 1_000, "a"), Some("transcript"), &[(Customer, None)]),
    ];
    for (name, call, from, expected) in cases {
        let facts = call.facts();
        assert_eq!(facts.call.roles_from.as_deref(), from, "{name}");
        let rows: Vec<Row> = facts.turns.iter().map(|turn| (turn.role, turn.channel)).collect();
        assert_eq!(rows, expected, "{name}");
    }
}

#[test]
fn outcomes_and_flags() {
    use CallOutcome::{Conversation, NoCustomer, TooShort};
    let house = |channel| {
        let call = Call::heard(30_000, &[&[(0, 10_000)], &[(10_000, 20_000)]]);
        call.on(channel, 0, 3_000, "您好,工号1234,请问是本人吗?").on(channel, 5_000, 8_000, "本次通话会录音。")
    };
    let cases: [(&str, Call, CallOutcome, &[&str]); 11] = [
        ("the agent is on the other channel", house(1), Conversation, &["sides_swapped", "transcript_in_silence"]),
        ("the agent is where he should be", house(0), Conversation, &[]),
        ("ten seconds", Call::heard(20_000, &[&[(0, 5_000)], &[(5_000, 10_000)]]), Conversation, &[]),
        ("a frame less", Call::heard(20_000, &[&[(0, 5_000)], &[(5_000, 9_990)]]), TooShort, &[]),
        ("the customer is silent", Call::heard(20_000, &[&[(0, 12_000)], &[]]), NoCustomer, &["dead_channel"]),
        ("the agent is silent", Call::heard(20_000, &[&[], &[(0, 12_000)]]), Conversation, &["dead_channel"]),
        ("little beside a silent channel", Call::heard(20_000, &[&[(0, 5_000)], &[]]), TooShort, &[]),
        ("nobody speaks", Call::heard(20_000, &[&[], &[]]), TooShort, &["silent"]),
        ("one channel of unknown voices", Call::heard(20_000, &[&[(0, 12_000)]]), Conversation, &[]),
        ("the agent alone by the transcript", Call::unheard().by(Role::Agent, 0, 12_000, "a"), NoCustomer, &[]),
        (
            "words where nobody speaks",
            Call::heard(30_000, &[&[(0, 10_000)], &[(10_000, 11_000)]]).on(0, 8_990, 12_990, "a"),
            Conversation,
            &["transcript_in_silence"],
        ),
    ];
    for (name, call, outcome, flags) in cases {
        let call = call.facts().call;
        assert_eq!((call.outcome, call.eligible), (Some(outcome), outcome == Conversation), "{name}");
        assert_eq!(call.sanity_flags, flags, "{name}");
    }
}

#[test]
fn status_says_how_far_it_came() {
    let with_error = |mut call: Call| {
        call.error = Some(failure());
        call.facts().call
    };
    let failed = with_error(Call::unheard());
    assert_eq!((failed.status, failed.outcome, failed.eligible), (Status::Failed, None, false));
    assert_eq!(failed.error.unwrap().message, "rec_███████████.wav ends early");
    assert_eq!((failed.sound, failed.has_transcript, failed.overlap_measurable), (None, false, false));
    let partial = with_error(Call::heard(20_000, &[&[(0, 12_000)]]));
    assert_eq!((partial.status, partial.outcome), (Status::Partial, Some(CallOutcome::Conversation)));
    assert_eq!(Call::heard(20_000, &[&[(0, 12_000)]]).facts().call.status, Status::Ok);
}

#[test]
fn language_has_a_source() {
    let call = |manifest: Option<&str>, transcript: Option<&str>| {
        let mut call = Call::unheard().by(Role::Agent, 0, 1_000, "好");
        call.recording.metadata.language = manifest.map(str::to_owned);
        call.transcript.as_mut().unwrap().language = transcript.map(str::to_owned);
        let facts = call.facts();
        (facts.call.language.unwrap(), facts.call.language_from.unwrap())
    };
    assert_eq!(call(Some("en"), Some("yue")), ("en".into(), "manifest".into()));
    assert_eq!(call(None, Some("yue")), ("yue".into(), "transcript".into()));
    assert_eq!(call(None, None), ("zh".into(), "option".into()));
}

#[test]
fn engines_and_their_tags() {
    let call = Call::unheard()
        .by(Role::Agent, 0, 1_000, "您好请说")
        .with(|it| it.confidence = Some(0.9))
        .by(Role::Customer, 1_000, 2_000, "你烦不烦啊")
        .with(|it| {
            it.confidence = Some(0.5);
            it.emotion = Some("<|ANGRY|>".into());
            it.emotion_score = Some(0.8126);
            it.event = Some("Speech".into());
        })
        .timed(&[(0, 5, 1_000, 1_900)])
        .by(Role::Customer, 2_000, 3_000, "")
        .with(|it| it.emotion = Some("<|NEUTRAL|>".into()));
    let facts = call.facts();
    // (0.9 x 4 + 0.5 x 5) / 9 = 0.6777…
    assert_eq!(facts.call.engine_confidence, Some(0.678));
    assert_eq!((facts.call.engine.as_deref(), facts.call.has_word_times), (Some("saved"), true));
    let turn = &facts.turns[1];
    assert_eq!((turn.anger_engine, turn.engine_emotion.as_deref()), (Some(0.813), Some("angry")));
    assert_eq!((turn.engine_event.as_deref(), turn.confidence), (Some("speech"), Some(0.5)));
    assert_eq!((turn.words[0].char_start, turn.words[0].char_end, turn.words[0].estimated), (0, 5, false));
    assert_eq!((facts.turns[0].anger_engine, facts.turns[2].anger_engine), (None, Some(0.0)));
}

#[test]
fn entities_are_masked_and_placed() {
    let call = Call::unheard()
        .by(Role::Customer, 0, 2_000, "号码是138")
        .timed(&[(0, 3, 0, 900), (3, 6, 1_000, 1_900)])
        .by(Role::Agent, 2_000, 2_500, "嗯")
        .by(Role::Customer, 3_000, 5_000, "0013 8000谢谢")
        .by(Role::Agent, 6_000, 7_000, "张伟先生再见");
    let facts = call.facts();
    let texts: Vec<&str> = facts.turns.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(texts, ["号码是███", "嗯", "████ ████谢谢", "张█先生再见"]);
    let [phone] = facts.entities.as_slice() else { panic!("one entity: {:?}", facts.entities) };
    assert_eq!((phone.entity, phone.turn, phone.role, phone.kind.as_str()), (0, 0, Role::Customer, "phone"));
    assert_eq!((phone.char_start, phone.char_end, phone.span), (3, 6, Span::new(1_000, 5_000)));
    assert_eq!((phone.value.as_str(), phone.complete, phone.confidence), ("███ ████ ████", Some(true), Some(0.95)));
    // Counts are taken before masking: 号码是 and three digits.
    assert_eq!(facts.turns[0].chars, 6);
    let guessed = Call::heard(20_000, &[&[(0, 4_000)]])
        .by(Role::Customer, 500, 9_000, "号码是13800138000")
        .with(|it| it.times_estimated = true)
        .facts();
    assert_eq!(guessed.entities[0].span, Span::new(500, 4_000), "a missing end is where speech ends");
}

#[test]
fn values_are_read_and_dates_seen_from_the_call() {
    let mut call = Call::unheard()
        .by(Role::Customer, 0, 2_000, "明天还三千五百块")
        .timed(&[(0, 2, 0, 500), (2, 3, 500, 700), (3, 8, 800, 1_900)])
        .by(Role::Customer, 3_000, 4_000, "2026年12月1日还一个");
    let shown = |call: &Call| {
        let of = |entity: &EntityFacts| format!("{} {} {}", entity.turn, entity.kind, entity.value);
        call.facts().entities.iter().map(of).collect::<Vec<_>>()
    };
    let undated = ["0 promise 3500", "0 money 3500", "1 date 2026-12-01"];
    assert_eq!(shown(&call), undated, "without a day nobody knows which 明天 is; and 一个 has no row");
    // 2026-11-20T23:30 in UTC is the 21st in China.
    call.recording.metadata.started_at = Some(StartedAt { timestamp_us: 1_795_217_400_000_000, utc_offset_min: 480 });
    assert_eq!(shown(&call), ["0 date 2026-11-22", undated[0], undated[1], undated[2], "1 promise "]);
    let entities = call.facts().entities;
    let (promise, money) = (&entities[1], &entities[2]);
    assert_eq!((promise.due.as_deref(), promise.complete), (Some("2026-11-22"), Some(true)));
    assert_eq!((promise.role, promise.char_start, promise.char_end), (Role::Customer, 0, 8));
    assert_eq!((money.entity, money.char_start, money.char_end, money.span), (2, 3, 8, Span::new(800, 1_900)));
    assert_eq!((money.role, money.unit.as_deref(), money.complete), (Role::Customer, Some("CNY"), None));
    call.transcript.as_mut().unwrap().language = Some("en".into());
    assert!(shown(&call).is_empty(), "English is not read yet");
}

#[test]
fn no_field_holds_the_digits() {
    let secret = "13800138000";
    let mut call = Call::heard(20_000, &[&[(0, 12_000)], &[(12_000, 13_000)]]).on(0, 0, 2_000, secret).with(|it| {
        it.emotion = Some(secret.into());
        it.event = Some(secret.into());
    });
    let transcript = call.transcript.as_mut().unwrap();
    (transcript.call_id, transcript.engine) = (Some(secret.into()), Some(secret.into()));
    (transcript.engine_model, transcript.language) = (Some(secret.into()), Some(secret.into()));
    transcript.warnings = vec![secret.into()];
    call.recording.call_id = format!("a/{secret}.wav");
    call.recording.shown_as = Some(format!("a/{secret}.wav"));
    let text = || Some(secret.to_owned());
    call.recording.metadata = Metadata {
        started_at: None,
        agent_id: text(),
        team: text(),
        customer_id: text(),
        callee_role: text(),
        customer_zone: text(),
        queue: text(),
        product: text(),
        stage: text(),
        direction: text(),
        ended_by: text(),
        language: text(),
        extra: BTreeMap::from([(secret.to_owned(), secret.to_owned())]),
    };
    let prior = PriorCall {
        started_at_us: 7,
        direction: text(),
        answered: Some(true),
        talk_s: Some(9.5),
        callee_role: text(),
        same_number: Some(true),
        stop_requested: Some(false),
    };
    call.recording.prior_calls = vec![prior.clone()];
    call.error = Some(CallError { message: secret.into(), ..failure() });
    let facts = call.facts();
    assert!(!format!("{facts:?}").contains(secret), "{facts:#?}");
    assert_eq!(facts.call.sound.as_ref().unwrap().warnings, ["odd: ███████████", "███████████"]);
    assert_eq!(facts.call.sanity_flags, ["transcript_mended"]);
    let masked = || Some("███████████".to_owned());
    assert_eq!(facts.call.prior_calls, [PriorCall { direction: masked(), callee_role: masked(), ..prior }]);
    call.keep = vec!["agent_id".into(), "call_id".into()];
    let kept = call.facts().call;
    assert_eq!((kept.metadata.agent_id.as_deref(), kept.call_id.as_str()), (Some(secret), "a/13800138000.wav"));
    assert_eq!(kept.metadata.team.as_deref(), Some("███████████"));
}

#[test]
fn the_same_observation_gives_the_same_facts() {
    let call =
        Call::heard(20_000, &[&[(0, 7_000)], &[(5_000, 13_000)]]).on(0, 0, 7_000, "您好").on(1, 5_000, 13_000, "不要");
    assert_eq!(call.facts(), call.facts());
}

#[test]
fn machines_that_answer_are_told_by_their_words() {
    let table = [
        (1, "您好,机主暂时不方便接听,请在提示音后留言。", CallOutcome::Voicemail),
        (1, "您好,我是机主的智能助理,请问您有什么事?", CallOutcome::Assistant),
        (1, "您拨打的电话 正在通话中,请稍后再拨", CallOutcome::Announcement),
        (1, "Please leave a message after the tone.", CallOutcome::Voicemail),
        (0, "请您在提示音后留言。", CallOutcome::Conversation),
        (1, "我昨天给你留言了,你没回", CallOutcome::Conversation),
    ];
    for (channel, text, expected) in table {
        let call = Call::heard(40_000, &[&[(0, 12_000)], &[(12_000, 20_000)]]).on(channel, 12_000, 20_000, text);
        let facts = call.facts();
        assert_eq!(facts.call.outcome, Some(expected), "{text}");
        assert_eq!(facts.call.eligible, expected == CallOutcome::Conversation, "{text}");
    }
}
