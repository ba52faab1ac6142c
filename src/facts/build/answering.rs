//! Which machine answered, where its first words say so plainly.

use super::spoken::Spoken;
use crate::facts::CallOutcome;
use crate::transcript::normalise::Normalised;
use crate::units::Role;

/// A machine answers within its first utterances; later a person may speak of one.
const FIRST: usize = 3;

/// What only a mailbox says.
const VOICEMAIL: [&str; 14] = [
    "滴声后留言",
    "嘀声后留言",
    "提示音后留言",
    "哔声后留言",
    "响声后留言",
    "后开始留言",
    "语音信箱",
    "语音留言",
    "leave a message after",
    "leave your message after",
    "after the tone",
    "after the beep",
    "voice mailbox",
    "reached the voicemail",
];

/// What only an assistant says that answers for somebody.
const ASSISTANT: [&str; 10] = [
    "来电助理",
    "来电助手",
    "来电秘书",
    "电话助理",
    "电话助手",
    "电话秘书",
    "通话助理",
    "call assistant",
    "virtual assistant for",
    "screening service",
];

/// What an assistant calls itself, as a robot of the house may, and whom it answers for, which the house does not have.
const MACHINE: [&str; 6] = ["智能助理", "智能助手", "语音助理", "语音助手", "智能秘书", "小助手"];
const OWNER: [&str; 5] = ["机主", "主人", "他的", "她的", "帮他接听"];

/// What only the network says.
const ANNOUNCEMENT: [&str; 13] = [
    "您拨打的号码是空号",
    "您拨打的电话已关机",
    "您拨打的用户已关机",
    "您拨打的电话已停机",
    "您拨打的用户已停机",
    "您拨打的电话正在通话中",
    "您拨打的用户正忙",
    "您拨打的电话暂时无法接通",
    "您拨打的用户暂时无法接通",
    "您拨打的电话无人接听",
    "number you have dialed",
    "number you have dialled",
    "number you are calling is",
];

/// The machine that answered; `None` where a person did, as far as the words tell. What the agent says does not count, and where
/// the customer called, the machine is the house's.
pub(super) fn machine(spoken: &[Spoken<'_>], direction: Option<&str>) -> Option<CallOutcome> {
    if direction == Some("inbound") {
        return None;
    }
    let is_other = |one: &&Spoken<'_>| one.voice.side != Role::Agent;
    let first = || spoken.iter().filter(is_other).take(FIRST).map(|one| Normalised::of(&one.utterance.text));
    let says = |phrases: &[&str]| first().any(|text| phrases.iter().any(|phrase| text.text().contains(phrase)));
    let is_assistant = || says(&ASSISTANT) || says(&MACHINE) && says(&OWNER);
    match () {
        () if says(&VOICEMAIL) => Some(CallOutcome::Voicemail),
        () if is_assistant() => Some(CallOutcome::Assistant),
        () if says(&ANNOUNCEMENT) => Some(CallOutcome::Announcement),
        () => None,
    }
}
