//! Who or what is on a side when: as the manifest says, else where a menu or a robot of the house plainly speaks first.

use super::voices::{Voice, Voices};
use crate::recording::{Leg, Party, Recording, leg_at};
use crate::transcript::normalise::Normalised;
use crate::transcript::{Speaker, Transcript, Utterance};
use crate::units::{Role, Span};
use std::collections::BTreeMap;

/// The legs of a call, and who said so.
#[derive(Default)]
pub(super) struct Legs {
    /// By (side, start).
    list: Vec<Leg>,
    /// `given`, `transcript` or `words`; `None` where there are none.
    pub(super) from: Option<&'static str>,
    /// Whether they are made of who the speakers are, so that they say nothing new of a speaker who is known.
    of_speakers: bool,
}

impl Legs {
    /// The legs that the recording has, else those of the machines among the speakers, else those that the words tell.
    pub(super) fn of(recording: &Recording, transcript: Option<&Transcript>, voices: &Voices) -> Self {
        if !recording.legs.is_empty() {
            return Self::new(recording.legs.clone(), "given", false);
        }
        let Some(transcript) = transcript else { return Self::default() };
        let of_speakers = by_speakers(transcript, voices);
        if !of_speakers.is_empty() {
            let is_named = |one: &Utterance| one.speaker == Speaker::Role(Role::Bot);
            let from = if transcript.utterances.iter().any(is_named) { "transcript" } else { "words" };
            return Self::new(of_speakers, from, true);
        }
        Self::new(by_words(transcript, voices).into_iter().collect(), "words", false)
    }

    fn new(mut list: Vec<Leg>, from: &'static str, of_speakers: bool) -> Self {
        list.sort_by_key(|leg| (leg.side, leg.start_ms));
        Self { from: (!list.is_empty()).then_some(from), list, of_speakers }
    }

    /// All of them, by (start, side).
    pub(super) fn by_start(&self) -> Vec<Leg> {
        let mut list = self.list.clone();
        list.sort_by_key(|leg| (leg.start_ms, leg.side));
        list
    }

    /// Whether they say who is on the customer's side, further people there aside.
    pub(super) fn tell_the_other_side(&self) -> bool {
        self.list.iter().any(|leg| leg.side == Role::Customer && leg.party != Party::Third)
    }

    /// The leg that what is heard in `span` on the channel of `side` belongs to.
    pub(super) fn on_channel(&self, side: Role, span: Span) -> Option<&Leg> {
        leg_at(&self.list, side, span)
    }

    /// The leg that what `speaker`, who is `voice`, says in `span` belongs to. One that is made of who the speakers are is a machine's own, and
    /// a channel's.
    pub(super) fn of_speech(&self, speaker: Speaker, voice: Voice, span: Span) -> Option<&Leg> {
        let side = match speaker {
            Speaker::Role(_) | Speaker::Voice(_) if self.of_speakers => {
                Some(Role::Agent).filter(|_| voice.role == Role::Bot)?
            }
            _ => voice.side,
        };
        leg_at(&self.list, side, span)
    }
}

/// Who speaks where `party` is on `side`: `bot` where it is a machine, `third` where it is neither the agent nor the customer, or an agent
/// who talks to a colleague; else the one whose side it is.
pub(super) fn role(side: Role, party: Option<Party>) -> Role {
    match party {
        Some(Party::Consult | Party::Third) => Role::Third,
        Some(party) if party.is_machine() => Role::Bot,
        _ => side,
    }
}

/// A menu is plain by the key that it names. Who asks for marks at the end of a call names keys too.
const MENU: [&str; 11] = [
    "服务请按",
    "业务请按",
    "咨询请按",
    "查询请按",
    "语请按",
    "话请按",
    "工请按",
    "并按井号键",
    "以井号键结束",
    "以#号键结束",
    "按井号键结束",
];
const KEYS: [&str; 24] = [
    "请按1",
    "请按2",
    "请按3",
    "请按4",
    "请按5",
    "请按6",
    "请按7",
    "请按8",
    "请按9",
    "请按0",
    "请按一",
    "请按二",
    "请按三",
    "请按四",
    "请按零",
    "请按星号",
    "请按井号",
    "for english press",
    "press one for",
    "press 1 for",
    "press two for",
    "press 2 for",
    "press zero for",
    "press the star key",
];
const OF_MARKS: [&str; 9] =
    ["评价", "评分", "打分", "满意", "挂机", "survey", "rate your", "rate the call", "rate our"];

/// What only a robot of the house says of itself.
const ROBOT: [&str; 13] = [
    "智能客服为您服务",
    "智能语音客服为您服务",
    "智能语音助手为您服务",
    "智能助理为您服务",
    "智能机器人为您服务",
    "语音机器人为您服务",
    "我是智能客服",
    "我是智能语音",
    "我是您的智能",
    "i am your virtual assistant",
    "i'm your virtual assistant",
    "you are speaking with our virtual assistant",
    "you're through to our automated",
];

/// What a machine says last, before a person comes.
const TRANSFER: [&str; 12] = [
    "正在为您转接人工",
    "正在为您转人工",
    "正在为您转接客服",
    "正在为您接通人工",
    "正在转接人工",
    "即将为您转接人工",
    "为您转接人工客服请稍",
    "为您转接人工服务请稍",
    "please hold while we connect you",
    "please hold while we transfer you",
    "connecting you to an agent",
    "connecting you to the next available",
];

/// With what a machine may begin before it names a key.
const WELCOME: [&str; 10] = [
    "欢迎致电",
    "欢迎拨打",
    "欢迎来电",
    "感谢您的来电",
    "感谢您致电",
    "本次通话",
    "welcome to",
    "thank you for calling",
    "this call may be recorded",
    "this call is recorded",
];

/// What a person says of themselves: there the machine has ended, whatever else is said.
const PERSON: [&str; 9] =
    ["工号", "我姓", "免贵", "有什么可以帮", "请问是", "请问您是", "my name is", "speaking how", "how can i help"];

/// So many utterances of the agent's side may stand between two that are plainly a machine's.
const BETWEEN: usize = 2;

/// The legs of the machines among the speakers, on the agent's side: from what one says up to its last before the agent speaks.
fn by_speakers(transcript: &Transcript, voices: &Voices) -> Vec<Leg> {
    let by_words = machines(transcript, voices);
    let (mut legs, mut goes_on): (Vec<Leg>, bool) = (Vec::new(), false);
    for utterance in transcript.in_order() {
        let (role, span) = (voices.voice(utterance.speaker).role, utterance.span);
        let after_ms = legs.last().and_then(|leg| leg.end_ms).unwrap_or(0);
        match (role, legs.last_mut()) {
            (Role::Agent, _) => goes_on = false,
            (Role::Bot, Some(leg)) if goes_on => leg.end_ms = Some(after_ms.max(span.end_ms)),
            (Role::Bot, _) if span.end_ms > span.start_ms.max(after_ms) => {
                goes_on = true;
                let (start_ms, end_ms) = (span.start_ms.max(after_ms), Some(span.end_ms));
                let party = by_words.get(&utterance.speaker).copied().unwrap_or(Party::Robot);
                legs.push(Leg { start_ms, end_ms, party, agent_id: None, side: Role::Agent });
            }
            _ => {}
        }
    }
    legs
}

/// What the voices are that their words tell to be machines: each by the first that it plainly says.
fn machines(transcript: &Transcript, voices: &Voices) -> BTreeMap<Speaker, Party> {
    let mut machines = BTreeMap::new();
    for utterance in transcript.in_order() {
        let speaker = utterance.speaker;
        let is_told = matches!(speaker, Speaker::Voice(_)) && voices.voice(speaker).role == Role::Bot;
        if is_told && !machines.contains_key(&speaker) {
            let party = Sayer::of(&Normalised::of(&utterance.text)).machine();
            machines.extend(party.map(|party| (speaker, party)));
        }
    }
    machines
}

/// The leg of a menu or robot with which the agent's side plainly begins, up to its transfer or its last plain words.
fn by_words(transcript: &Transcript, voices: &Voices) -> Option<Leg> {
    let utterances = transcript.in_order();
    let on_side = |utterance: &&&Utterance| voices.voice(utterance.speaker).side == Role::Agent;
    let sayer = |one: &Utterance| Sayer::of(&Normalised::of(&one.text));
    let mut said = utterances.iter().filter(on_side).map(|one| (sayer(one), one.span)).peekable();
    let welcome = said.next_if(|(sayer, _)| *sayer == Sayer::Welcome);
    let (first, span) = said.next()?;
    let party = first.machine()?;
    let mut end_ms = span.end_ms;
    let (mut between, mut goes_on) = (0, first != Sayer::Transfer);
    while let Some((sayer, span)) = said.next().filter(|_| goes_on && between <= BETWEEN) {
        match sayer {
            Sayer::Person | Sayer::Marks => break,
            Sayer::Welcome | Sayer::Anybody => between += 1,
            Sayer::Menu | Sayer::Robot | Sayer::Transfer => (between, end_ms) = (0, end_ms.max(span.end_ms)),
        }
        goes_on = sayer != Sayer::Transfer;
    }
    let start_ms = welcome.map_or(span.start_ms, |(_, span)| span.start_ms);
    Some(Leg { start_ms, end_ms: Some(end_ms), party, agent_id: None, side: Role::Agent })
}

/// Who says an utterance, as far as it is plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sayer {
    Menu,
    Robot,
    Transfer,
    Welcome,
    Person,
    /// Whoever asks for marks: a menu at the end of a call, or an agent who speaks of it.
    Marks,
    Anybody,
}

impl Sayer {
    pub(super) fn of(text: &Normalised) -> Self {
        let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.text().contains(phrase));
        // A robot asks what it can do, as people do.
        let is_robot = has(&ROBOT);
        match () {
            () if !is_robot && has(&PERSON) => Self::Person,
            () if !is_robot && has(&OF_MARKS) => Self::Marks,
            () if has(&TRANSFER) => Self::Transfer,
            () if is_robot => Self::Robot,
            () if has(&MENU) || has(&KEYS) => Self::Menu,
            () if has(&WELCOME) => Self::Welcome,
            () => Self::Anybody,
        }
    }

    /// What says this, where only a machine does.
    pub(super) const fn machine(self) -> Option<Party> {
        match self {
            Self::Menu | Self::Transfer => Some(Party::Ivr),
            Self::Robot => Some(Party::Robot),
            Self::Welcome | Self::Person | Self::Marks | Self::Anybody => None,
        }
    }
}
