//! Voices that an engine tells apart in a recording of one channel: which is the agent's.

use super::*;

const OPENING: &str = "您好,工号1234,请问是张先生吗";

/// A recording of one channel and what its voices say, 2 s each.
fn mono(lines: &[(u16, &str)], by: AgentVoice) -> Call {
    let call = Call::heard(60_000, &[&[(0, 60_000)]]);
    let call = (0..).zip(lines).fold(call, |call, (at, &(voice, text))| {
        call.said(Speaker::Voice(voice), at * 3_000, at * 3_000 + 2_000, text)
    });
    Call { agent_voice: by, ..call }
}

fn roles(call: &Call) -> Vec<Role> {
    call.facts().turns.iter().map(|turn| turn.role).collect()
}

#[test]
fn plain_words_tell_the_agent() {
    use Role::{Agent, Bot, Customer, Unknown};
    type Case<'a> = (&'a str, &'a [(u16, &'a str)], &'a [Role], Option<f32>);
    let cases: [Case<'_>; 11] = [
        ("the agent names himself", &[(0, "喂"), (1, OPENING)], &[Customer, Agent], Some(0.75)),
        ("the customer asks who it is", &[(0, "您好"), (1, "你是哪里")], &[Agent, Customer], Some(0.75)),
        ("both", &[(0, OPENING), (1, "你是哪里")], &[Agent, Customer], Some(0.833)),
        ("nothing plain", &[(0, "您好"), (1, "你好")], &[Unknown, Unknown], None),
        ("both say it", &[(0, OPENING), (1, OPENING)], &[Unknown, Unknown], None),
        ("a voice alone may be everybody's", &[(0, OPENING), (0, "我是")], &[Unknown, Unknown], None),
        (
            "a third voice that says little",
            &[(0, OPENING), (1, "喂"), (1, "是"), (1, "好"), (1, "行"), (2, "谁啊")],
            &[Agent, Customer, Customer, Customer, Customer, Unknown],
            Some(0.75),
        ),
        ("nobody is the main other", &[(0, OPENING), (1, "喂"), (2, "谁啊")], &[Agent, Unknown, Unknown], Some(0.75)),
        (
            "a menu first",
            &[(0, "账单查询请按1,人工服务请按0"), (1, OPENING), (2, "是我")],
            &[Bot, Agent, Customer],
            Some(0.75),
        ),
        (
            "a menu that asks for marks too",
            &[(0, "账单查询请按1,人工服务请按0"), (1, OPENING), (2, "是我"), (0, "请您评价,满意请按1")],
            &[Bot, Agent, Customer, Bot],
            Some(0.75),
        ),
        ("one phrase is one point", &[(0, "感谢您的接听"), (1, "喂")], &[Agent, Customer], Some(0.75)),
    ];
    for (name, lines, expected, confidence) in cases {
        let facts = mono(lines, AgentVoice::Words).facts();
        assert_eq!(facts.turns.iter().map(|turn| turn.role).collect::<Vec<_>>(), expected, "{name}");
        assert_eq!(facts.call.roles_confidence, confidence, "{name}");
        assert_eq!(facts.call.roles_from.as_deref(), confidence.map(|_| "words"), "{name}");
        assert_eq!(facts.call.agent.rate.is_some(), confidence.is_some(), "{name}: the agent's measures are known");
    }
}

#[test]
fn the_command_line_tells_the_agent() {
    use Role::{Agent, Customer, Unknown};
    let lines: &[(u16, &str)] = &[(1, "喂,你好"), (0, "您好"), (1, "请讲")];
    let cases = [
        ("first", [Agent, Customer, Agent], Some("option")),
        ("0", [Customer, Agent, Customer], Some("option")),
        ("1", [Agent, Customer, Agent], Some("option")),
        ("7", [Unknown; 3], None),
        ("unknown", [Unknown; 3], None),
        ("words", [Unknown; 3], None),
    ];
    for (by, expected, from) in cases {
        let choice: AgentVoice = by.parse().unwrap();
        assert_eq!(choice.to_string(), by);
        let call = mono(lines, choice);
        assert_eq!(roles(&call), expected, "{by}");
        let facts = call.facts().call;
        assert_eq!((facts.roles_from.as_deref(), facts.roles_confidence), (from, None), "{by}");
    }
    let menu: &[(u16, &str)] = &[(0, "账单查询请按1,人工服务请按0"), (1, "您好"), (2, "请讲")];
    assert_eq!(roles(&mono(menu, AgentVoice::First)), [Role::Bot, Agent, Customer], "a machine is not the first");
    assert!("second".parse::<AgentVoice>().unwrap_err().contains("first"));
}

#[test]
fn a_voice_with_a_role_is_measured_on_its_channel() {
    let call = Call::heard(20_000, &[&[(0, 5_000)], &[(6_000, 9_000)]])
        .said(Speaker::Voice(0), 0, 5_000, OPENING)
        .said(Speaker::Voice(1), 6_000, 9_000, "是我");
    let facts = call.facts();
    let turns: Vec<_> = facts.turns.iter().map(|turn| (turn.role, turn.channel)).collect();
    assert_eq!(turns, [(Role::Agent, Some(0)), (Role::Customer, Some(1))]);
    assert_eq!(facts.call.roles_from.as_deref(), Some("channels"));
}
