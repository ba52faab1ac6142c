//! Which of the voices that an engine tells apart is the agent's: as the command line says, or by plain words.

use super::legs::Sayer;
use super::sides::is_of_the_house;
use crate::transcript::normalise::Normalised;
use crate::transcript::{Speaker, Transcript, Utterance};
use crate::units::Role;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// How it is told which voice of a recording of one channel is the agent's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentVoice {
    /// By what is said, where it is plain.
    #[default]
    Words,
    /// It is the one that speaks first, machines aside.
    First,
    /// It is this one, as the transcript numbers voices from 0 in the order in which it names them.
    Number(u16),
    /// It is not told.
    Unknown,
}

impl fmt::Display for AgentVoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words => f.write_str("words"),
            Self::First => f.write_str("first"),
            Self::Number(voice) => voice.fmt(f),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl FromStr for AgentVoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "words" => Ok(Self::Words),
            "first" => Ok(Self::First),
            "unknown" => Ok(Self::Unknown),
            number => number.parse().map(Self::Number).map_err(|_| {
                "write words, first, unknown, or the voice's number as the transcript counts them, from 0".to_owned()
            }),
        }
    }
}

/// Words that are less plain tell nothing.
const LEAST_CONFIDENCE: f32 = 0.75;

/// Of several others, the one that talks so much of their time is the customer.
const MAIN_SHARE: f64 = 0.8;

/// What agents say of themselves and of their call, and hardly anybody else, besides what [`super::sides`] knows.
const OF_AGENTS: [&str; 21] = [
    "有什么可以帮",
    "还有什么需要帮",
    "我这边是",
    "我们这边是",
    "这里是",
    "给您致电",
    "给您来电",
    "跟您核实",
    "和您核实",
    "身份证后四位",
    "祝您生活愉快",
    "请您尽快",
    "您的账单",
    "您的欠款",
    "how can i help",
    "calling from",
    "i'm calling about",
    "i am calling about",
    "on a recorded line",
    "anything else i can help",
    "attempt to collect a debt",
];

/// What those say who are called or who call the house, and hardly any agent.
const OF_CUSTOMERS: [&str; 16] = [
    "你是哪里",
    "你哪里",
    "你是谁",
    "你哪位",
    "你们公司",
    "你们平台",
    "你们银行",
    "我没钱",
    "还不上",
    "还不起",
    "我要投诉你",
    "别再打",
    "who is this",
    "who's calling",
    "stop calling",
    "i can't pay",
];

/// Whose the voices are.
pub(super) struct Told {
    /// By the voice's number.
    pub(super) roles: BTreeMap<u16, Role>,
    /// `option` or `words`.
    pub(super) from: &'static str,
    /// How plain the words are, 0 to 1; `None` where the command line says it.
    pub(super) confidence: Option<f32>,
}

/// Whose the voices of `transcript` are; `None` where there are none, or nothing tells.
///
/// By words, a voice scores a point for each thing that it says as agents do and for each that another says as customers do. Of the
/// best with `s` points and the next with `t` the confidence is (s + 0.5) / (s + t + 1): 0.75 for one point against none. One voice alone
/// may be everybody's, so words tell nothing of it. A voice that names keys to press, or says that it is a robot, is a machine's.
pub(super) fn told(transcript: &Transcript, by: AgentVoice) -> Option<Told> {
    let voices = voices(transcript);
    let (agent, from, confidence) = match by {
        AgentVoice::Unknown => return None,
        AgentVoice::First => {
            let people = voices.iter().filter(|(_, voice)| !voice.is_machine());
            (*people.min_by_key(|(number, voice)| (voice.first_ms, **number))?.0, "option", None)
        }
        AgentVoice::Number(number) => (voices.contains_key(&number).then_some(number)?, "option", None),
        AgentVoice::Words => {
            let (agent, confidence) = by_words(&voices)?;
            (agent, "words", Some(confidence))
        }
    };
    let others = voices.iter().filter(|(number, voice)| **number != agent && !voice.is_machine());
    let all_ms: i64 = others.clone().map(|(_, voice)| voice.talk_ms).sum();
    let mut roles: BTreeMap<u16, Role> = others
        .filter(|(_, voice)| voice.talk_ms as f64 >= MAIN_SHARE * all_ms as f64)
        .map(|(&it, _)| (it, Role::Customer))
        .collect();
    roles.extend(voices.iter().filter(|(_, voice)| voice.is_machine()).map(|(&number, _)| (number, Role::Bot)));
    roles.insert(agent, Role::Agent);
    Some(Told { roles, from, confidence })
}

/// What is known of a voice.
#[derive(Default)]
struct Voice {
    first_ms: i64,
    talk_ms: i64,
    /// What it says as agents do.
    of_agents: BTreeSet<&'static str>,
    /// What it says as customers do.
    of_customers: BTreeSet<&'static str>,
    /// Whether it says what only a machine does.
    says_a_machine_s: bool,
    /// Whether it says what only a person does.
    says_a_person_s: bool,
}

impl Voice {
    fn add(&mut self, utterance: &Utterance) {
        if self.talk_ms == 0 {
            self.first_ms = utterance.span.start_ms;
        }
        self.talk_ms += utterance.span.length_ms().max(1);
        let text = Normalised::of(&utterance.text);
        let said =
            |phrases: &'static [&'static str]| phrases.iter().copied().filter(|phrase| text.text().contains(phrase));
        self.of_agents.extend(said(&OF_AGENTS));
        self.of_agents.extend(is_of_the_house(text.text()).then_some("of the house"));
        self.of_customers.extend(said(&OF_CUSTOMERS));
        let sayer = Sayer::of(&text);
        self.says_a_machine_s |= sayer.machine().is_some();
        self.says_a_person_s |= sayer == Sayer::Person;
    }

    fn is_machine(&self) -> bool {
        self.says_a_machine_s && !self.says_a_person_s
    }
}

fn voices(transcript: &Transcript) -> BTreeMap<u16, Voice> {
    let mut voices: BTreeMap<u16, Voice> = BTreeMap::new();
    for utterance in transcript.in_order() {
        if let Speaker::Voice(number) = utterance.speaker {
            voices.entry(number).or_default().add(utterance);
        }
    }
    voices
}

fn by_words(voices: &BTreeMap<u16, Voice>) -> Option<(u16, f32)> {
    let people = || voices.iter().filter(|(_, voice)| !voice.is_machine());
    if people().count() < 2 {
        return None;
    }
    let of_others = |number: u16| -> usize {
        people().filter(|(other, _)| **other != number).map(|(_, voice)| voice.of_customers.len()).sum()
    };
    let mut scores: Vec<(usize, u16)> =
        people().map(|(&number, voice)| (voice.of_agents.len() + of_others(number), number)).collect();
    scores.sort_unstable();
    let [.., (next, _), (best, agent)] = scores.as_slice() else { return None };
    let confidence = (*best as f32 + 0.5) / ((best + next) as f32 + 1.0);
    (confidence >= LEAST_CONFIDENCE).then_some((*agent, confidence))
}
