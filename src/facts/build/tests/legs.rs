//! Machines and colleagues in a call: who speaks, and of whom what is measured.

use super::*;
use crate::facts::CallOutcome;
use crate::recording::{Leg, Party, settle};

fn leg(start_ms: i64, end_ms: Option<i64>, party: Party) -> Leg {
    Leg { start_ms, end_ms, party, agent_id: None, side: party.usual_side() }
}

impl Call {
    fn with_legs(mut self, legs: &[Leg]) -> Self {
        self.recording.legs = settle(legs).unwrap();
        self
    }
}

/// A menu, louder than the agent who comes after it, and a customer.
fn menu_first() -> Call {
    let agent = vec![(0, 10_000, -10.0, Some(300.0)), (11_000, 21_000, -30.0, Some(120.0))];
    Call::loud(40_000, &[agent, vec![(21_000, 31_000, -20.0, None)]])
        .on(0, 0, 10_000, "账单查询请稍后说")
        .on(0, 11_000, 21_000, "您好这里是海棠银行请讲")
        .on(1, 21_000, 31_000, "我想查账单")
}

#[test]
fn what_a_machine_says_is_nobody_s_talk_rate_or_loudness() {
    let plain = menu_first().facts();
    assert_eq!((plain.call.agent.talk_ms, plain.call.agent.loudness_dbfs), (Some(20_000), Some(-30.0)));
    assert_eq!((plain.call.legs_from, plain.turns[0].role), (None, Role::Agent));

    let facts = menu_first().with_legs(&[leg(0, None, Party::Ivr), leg(10_500, None, Party::Agent)]).facts();
    let roles: Vec<Role> = facts.turns.iter().map(|turn| turn.role).collect();
    assert_eq!(roles, [Role::Bot, Role::Agent, Role::Customer]);
    let of_stretches: Vec<Role> = facts.stretches.iter().map(|stretch| stretch.role).collect();
    assert_eq!(of_stretches, [Role::Bot, Role::Agent, Role::Customer]);
    let agent = &facts.call.agent;
    assert_eq!((agent.talk_ms, agent.talk_share), (Some(10_000), Some(0.5)));
    // 11 characters in 10 s.
    assert_eq!(agent.rate.as_ref().map(|rate| rate.articulation_per_min), Some(66.0));
    assert_eq!((agent.loudness_dbfs, agent.loudness_range_db), (Some(-30.0), Some(0.0)));
    assert_eq!((agent.pitch_hz, agent.pitch_low_hz), (Some(120.0), None));
    assert_eq!((facts.turns[1].loudness_over_usual_db, facts.turns[0].channel), (Some(0.0), Some(0)));
    assert_eq!(facts.call.legs_from.as_deref(), Some("given"));
    assert_eq!(facts.call.legs[0].end_ms, Some(10_500));
    // Without words, rates are by sound: those of the second stretch alone.
    let mut unread = menu_first().with_legs(&[leg(0, Some(10_500), Party::Ivr)]);
    unread.transcript = None;
    assert_eq!(unread.facts().call.agent.rate.map(|rate| rate.turn_per_min), Some(0.0));
    assert_eq!(unread.facts().call.agent.talk_ms, Some(10_000));
}

#[test]
fn what_a_transcript_calls_a_machine_s_is_a_leg() {
    // The robot talks 10 s on the agent's channel, the agent 4 s; without its leg the agent would have talked 14.
    let call = Call::heard(40_000, &[&[(0, 6_000), (9_000, 13_000), (20_000, 24_000)], &[(6_500, 8_500)]])
        .by(Role::Bot, 0, 6_000, "我是海棠银行的智能外呼")
        .by(Role::Customer, 6_500, 8_500, "你说")
        .by(Role::Bot, 9_000, 13_000, "正在接通")
        .by(Role::Agent, 20_000, 24_000, "您好我姓王请问是张先生吗");
    let facts = call.facts();
    let spans: Vec<_> = facts.call.legs.iter().map(|leg| (leg.party, leg.start_ms, leg.end_ms, leg.side)).collect();
    assert_eq!(spans, [(Party::Robot, 0, Some(13_000), Role::Agent)]);
    assert_eq!((facts.call.legs_from.as_deref(), facts.call.agent.talk_ms), (Some("transcript"), Some(4_000)));
    let of_stretches: Vec<Role> = facts.stretches.iter().map(|stretch| stretch.role).collect();
    assert_eq!(of_stretches, [Role::Bot, Role::Customer, Role::Bot, Role::Agent]);
    let back = call.by(Role::Bot, 30_000, 32_000, "请您评价").facts();
    assert_eq!(
        back.call.legs.iter().map(|leg| leg.start_ms).collect::<Vec<_>>(),
        [0, 30_000],
        "the agent came between"
    );
}

#[test]
fn whom_the_transcript_names_beside_a_machine_stays_who_it_says() {
    let lines = |call: Call| {
        call.by(Role::Bot, 0, 6_000, "正在为您查询")
            .by(Role::Agent, 2_000, 3_000, "您好")
            .by(Role::Customer, 3_000, 4_000, "你好")
            .by(Role::Bot, 6_000, 8_000, "查询完毕")
    };
    let channels: [&[(i64, i64)]; 2] = [&[(0, 8_000)], &[(3_000, 4_000)]];
    let calls = [("without sound", Call::unheard()), ("two channels", Call::heard(9_000, &channels))];
    for (name, call) in calls {
        let facts = lines(call).facts();
        let roles: Vec<Role> = facts.turns.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::Bot, Role::Agent, Role::Customer, Role::Bot], "{name}");
        let legs: Vec<_> = facts.call.legs.iter().map(|leg| (leg.start_ms, leg.end_ms)).collect();
        assert_eq!(legs, [(0, Some(6_000)), (6_000, Some(8_000))], "{name}");
    }
}

#[test]
fn the_legs_of_a_machine_that_words_tell_say_which_it_is() {
    let call = |first: &str| {
        Call::heard(20_000, &[&[(0, 20_000)]])
            .said(Speaker::Voice(0), 0, 3_000, first)
            .said(Speaker::Voice(1), 3_000, 6_000, "您好,工号1234,请问是张先生吗")
            .said(Speaker::Voice(2), 6_000, 9_000, "是我")
    };
    let cases =
        [("a menu", "账单查询请按1,人工服务请按0", Party::Ivr), ("a robot", "您好,智能客服为您服务", Party::Robot)];
    for (name, first, party) in cases {
        let facts = call(first).facts();
        let legs: Vec<_> = facts.call.legs.iter().map(|leg| (leg.party, leg.start_ms, leg.end_ms)).collect();
        assert_eq!(legs, [(party, 0, Some(3_000))], "{name}");
        assert_eq!(facts.call.legs_from.as_deref(), Some("words"), "{name}");
        assert_eq!(facts.turns[1].role, Role::Agent, "{name}");
    }
}

#[test]
fn an_utterance_whose_end_was_missing_is_in_the_leg_of_its_speech() {
    // Its end is guessed at 13 s, so that most of it were the agent's, who comes at 6 s; its speech ends at 5 s.
    let call = |times_estimated: bool| {
        Call::heard(20_000, &[&[(0, 5_000), (14_000, 15_000)], &[]])
            .on(0, 0, 13_000, "账单查询")
            .with(|it| it.times_estimated = times_estimated)
            .with_legs(&[leg(0, Some(6_000), Party::Ivr), leg(6_000, None, Party::Agent)])
            .facts()
            .turns[0]
            .role
    };
    assert_eq!([call(false), call(true)], [Role::Agent, Role::Bot]);
}

#[test]
fn a_leg_names_the_agent_of_what_is_said_in_it() {
    let named = |start_ms, end_ms, id: &str, party| Leg { agent_id: Some(id.into()), ..leg(start_ms, end_ms, party) };
    let legs = [
        named(0, Some(10_500), "robot-7", Party::Robot),
        named(10_500, Some(20_000), "007", Party::Agent),
        named(20_000, Some(35_000), "008", Party::Agent),
        named(35_000, None, "009", Party::Consult),
    ];
    let call = menu_first().on(0, 32_000, 34_000, "我是班长").on(0, 36_000, 38_000, "老王你看");
    let facts = call.with_legs(&legs).facts();
    let agents: Vec<_> = facts.turns.iter().map(|turn| turn.agent_id.as_deref()).collect();
    assert_eq!(agents, [None, Some("007"), None, Some("008"), None]);
    let one_after_the_other = menu_first()
        .on(0, 21_000, 22_000, "我是班长")
        .with_legs(&[named(10_500, Some(21_000), "007", Party::Agent), named(21_000, None, "008", Party::Agent)]);
    let groups: Vec<_> = one_after_the_other.facts().turns.iter().map(|turn| turn.turn_group).collect();
    assert_eq!(groups, [0, 1, 2, 3], "two agents are two speakers");
}

#[test]
fn nobody_interrupts_a_machine_and_the_line_is_nobody_s_silence() {
    let call = || {
        Call::heard(40_000, &[&[(0, 8_000), (14_000, 20_000)], &[(2_000, 4_000), (18_000, 30_000)]])
            .on(0, 0, 8_000, "账单查询")
            .on(0, 14_000, 20_000, "您好")
    };
    let facts = call().facts().call;
    assert_eq!((facts.interruptions.len(), facts.overlap_ms), (2, Some(4_000)));
    assert_eq!(facts.silences[0].of, Role::Agent);
    let facts = call().with_legs(&[leg(0, Some(9_000), Party::Ivr)]).facts().call;
    assert_eq!(
        facts.interruptions.iter().map(|it| (it.by, it.span.start_ms)).collect::<Vec<_>>(),
        [(Role::Customer, 18_000)]
    );
    assert_eq!((facts.overlap_ms, facts.silences[0].of), (Some(2_000), Role::Unknown));
    let back = call().with_legs(&[leg(13_000, None, Party::Ivr)]).facts().call;
    assert_eq!(back.silences[0].of, Role::Unknown, "the agent waits for no machine's answer");
    // The customer speaks over the machine from 2 to 4 s, and over the agent from 18 to 20 s.
    let of_customer = |legs: &[Leg]| {
        let call = call().on(1, 2_000, 4_000, "喂").on(1, 18_000, 30_000, "说完了吗");
        let turns = call.with_legs(legs).facts().turns;
        turns.iter().filter(|turn| turn.role == Role::Customer).map(|turn| turn.overlap_ms).collect::<Vec<_>>()
    };
    assert_eq!(of_customer(&[]), [Some(2_000), Some(2_000)]);
    assert_eq!(of_customer(&[leg(0, Some(9_000), Party::Ivr)]), [Some(0), Some(2_000)]);
}

#[test]
fn a_consultation_is_third_on_both_sides() {
    let call = |emotion_off: &[Role]| {
        let mut call = Call::heard(40_000, &[&[(0, 9_000), (20_000, 24_000)], &[(10_000, 19_000), (25_000, 29_000)]])
            .on(0, 0, 9_000, "请稍等")
            .on(1, 10_000, 19_000, "好")
            .on(0, 20_000, 24_000, "老王这个客户真烦")
            .with(|it| it.emotion = Some("angry".into()))
            .on(1, 25_000, 29_000, "别理他")
            .with_legs(&[leg(20_000, Some(30_000), Party::Consult), leg(0, None, Party::Customer)]);
        call.emotion_off = emotion_off.to_vec();
        call.facts()
    };
    let facts = call(&[]);
    let roles: Vec<Role> = facts.turns.iter().map(|turn| turn.role).collect();
    assert_eq!(roles, [Role::Agent, Role::Customer, Role::Third, Role::Third]);
    assert_eq!((facts.call.agent.talk_ms, facts.call.customer.talk_ms), (Some(9_000), Some(9_000)));
    assert_eq!(facts.turns[2].engine_emotion.as_deref(), Some("angry"));
    assert_eq!(call(&[Role::Agent]).turns[2].engine_emotion, None);
    assert_eq!(call(&[Role::Customer]).turns[3].engine_emotion, None, "a colleague may be meant too");
}

#[test]
fn a_machine_on_the_customer_s_side_is_no_customer() {
    use CallOutcome::{Announcement, Assistant, Conversation, NoCustomer, TooShort, Voicemail};
    let both: [&[(i64, i64)]; 2] = [&[(0, 9_000)], &[(10_000, 19_000), (20_000, 29_000)]];
    let alone: [&[(i64, i64)]; 2] = [&[(0, 12_000)], &[]];
    let on_other = |party| Leg { side: Role::Customer, ..leg(0, None, party) };
    type Case<'a> = (&'a str, &'a [&'a [(i64, i64)]; 2], Vec<Leg>, CallOutcome);
    let cases: [Case<'_>; 10] = [
        ("a mailbox", &both, vec![leg(0, None, Party::Voicemail)], Voicemail),
        ("an assistant", &both, vec![leg(0, None, Party::Assistant)], Assistant),
        ("an announcement", &both, vec![leg(0, None, Party::Announcement)], Announcement),
        ("a menu that was called", &both, vec![on_other(Party::Ivr)], Announcement),
        ("a robot that was called", &both, vec![on_other(Party::Robot)], Assistant),
        ("a person after it", &both, vec![leg(0, Some(19_500), Party::Assistant)], Conversation),
        ("too little after it", &[&[(0, 500)], both[1]], vec![leg(0, Some(19_500), Party::Assistant)], TooShort),
        ("nothing is heard there", &alone, vec![leg(0, None, Party::Voicemail)], NoCustomer),
        ("a robot of the house", &both, vec![leg(0, None, Party::Robot)], Conversation),
        ("a colleague in the customer's place", &both, vec![leg(0, None, Party::Consult)], NoCustomer),
    ];
    for (name, channels, legs, expected) in cases {
        let call = Call::heard(40_000, channels.as_slice()).with_legs(&legs);
        assert_eq!(call.facts().call.outcome, Some(expected), "{name}");
    }
    let words = "您好,请在提示音后留言";
    let said = |legs: &[Leg]| {
        let call =
            Call::heard(40_000, &both).on(1, 10_000, 19_000, words).on(1, 20_000, 29_000, "我回来了").with_legs(legs);
        call.facts().call.outcome
    };
    assert_eq!(said(&[]), Some(Voicemail));
    assert_eq!(said(&[leg(0, Some(19_500), Party::Voicemail)]), Some(Conversation), "legs come before words");
    let unheard = Call::unheard().on(0, 0, 9_000, "您好").on(1, 9_000, 19_000, words);
    assert_eq!(unheard.with_legs(&[leg(0, None, Party::Assistant)]).facts().call.outcome, Some(Assistant));
}

#[test]
fn a_machine_that_speaks_first_is_told_by_plain_words() {
    let keys = "普通话请按1,英语请按2";
    let cases: [(&str, &[&str], usize, Option<Party>); 22] = [
        ("nothing", &[], 0, None),
        ("a person", &["您好,工号1234,请问是张先生吗"], 0, None),
        ("a menu, then a person", &[keys, "您好,请问有什么可以帮您"], 1, Some(Party::Ivr)),
        ("a welcome, a menu", &["欢迎致电海棠银行", keys, "您好我姓王"], 2, Some(Party::Ivr)),
        ("up to the transfer", &["人工服务请按零", "正在为您转接人工服务,请稍候", "您好"], 2, Some(Party::Ivr)),
        ("nothing after the transfer", &["正在为您转接人工,请稍候", "查询请按1"], 1, Some(Party::Ivr)),
        ("between two menus", &[keys, "请输入卡号", "账单查询请按1", "您好"], 3, Some(Party::Ivr)),
        ("too much between", &[keys, "您好", "请讲", "好的", "账单查询请按1"], 1, Some(Party::Ivr)),
        ("a person between", &[keys, "您好,工号12", "账单查询请按1"], 1, Some(Party::Ivr)),
        ("a robot", &["您好,智能客服为您服务", "请问您要办理什么业务"], 1, Some(Party::Robot)),
        ("a robot that asks as people do", &["智能客服为您服务,请问有什么可以帮您", "您好"], 1, Some(Party::Robot)),
        ("a robot that asks for marks", &["智能客服为您服务,请您挂机后评价", "您好"], 1, Some(Party::Robot)),
        ("a rate is no mark", &["For today's exchange rate please wait, press 2 for cards."], 1, Some(Party::Ivr)),
        ("a welcome alone", &["欢迎致电海棠银行,我姓王"], 0, None),
        ("marks at the end", &["您好", "还有别的吗", "请按1键评价", "满意请按1"], 0, None),
        ("marks at once", &["请您挂机后评价,满意请按1"], 0, None),
        ("a person who is no robot", &["您好,我不是智能客服,我是真人"], 0, None),
        ("how to come to a person", &["您好", "您打客服电话,转人工请按0"], 0, None),
        ("a person and a key", &["您好,工号12,您要转人工请按0"], 0, None),
        ("English", &["Thank you for calling Harbour Bank.", "For payments, press 2.", "Press one for cards"], 0, None),
        (
            "English keys",
            &["Welcome to Harbour Bank.", "Press one for cards.", "Hello, my name is Ann"],
            2,
            Some(Party::Ivr),
        ),
        ("an English robot", &["Hi, I'm your virtual assistant."], 1, Some(Party::Robot)),
    ];
    for (name, texts, bots, party) in cases {
        let said = (0..).zip(texts.iter());
        let call = said.fold(Call::unheard().on(1, 0, 500, "喂"), |call, (at, text)| {
            call.on(0, 1_000 + at * 2_000, 2_500 + at * 2_000, text).on(1, 2_600 + at * 2_000, 2_900 + at * 2_000, "嗯")
        });
        let facts = call.facts();
        let of_bots = facts.turns.iter().filter(|turn| turn.role == Role::Bot).count();
        assert_eq!(of_bots, bots, "{name}");
        assert_eq!(facts.call.legs.first().map(|leg| leg.party), party, "{name}");
        assert_eq!(facts.call.legs_from.as_deref(), party.map(|_| "words"), "{name}");
        let customers = facts.turns.iter().filter(|turn| turn.role == Role::Customer).count();
        assert_eq!(customers, texts.len() + 1, "{name}: the customer stays");
    }
    let given = Call::unheard().on(0, 0, 1_000, keys).on(1, 1_000, 2_000, "一");
    let facts = given.with_legs(&[leg(0, None, Party::Agent)]).facts();
    assert_eq!(facts.turns[0].role, Role::Agent, "what is given comes before words");
}

#[test]
fn names_of_agents_are_masked() {
    let named = Leg { agent_id: Some("13800138000".into()), ..leg(0, None, Party::Agent) };
    let call = |keep: &[&str]| {
        let mut call = menu_first().with_legs(std::slice::from_ref(&named));
        call.keep = keep.iter().map(|&column| column.to_owned()).collect();
        call.facts().call.legs[0].agent_id.clone().unwrap()
    };
    assert_eq!(call(&[]), "███████████");
    assert_eq!(call(&["agent_id"]), "13800138000");
}
