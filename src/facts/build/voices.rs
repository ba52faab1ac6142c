//! Whose voice is on which channel, and who spoke an utterance.

use super::agent_voice::{AgentVoice, told};
use crate::acoustics::Acoustics;
use crate::recording::Recording;
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use std::collections::BTreeMap;

/// Who is on which channel, and who said so.
pub(super) struct Voices {
    /// The channels' roles: those of the sound, else those that the transcript names.
    channels: Vec<Role>,
    /// Whose the voices are that the engine tells apart, by their numbers.
    by_number: BTreeMap<u16, Role>,
    /// Whether the channels are those of a recording.
    heard: bool,
    /// `channels`, `transcript`, `option` or `words`; `None` where nobody knows.
    pub(super) roles_from: Option<&'static str>,
    /// How sure that is, 0 to 1, where words tell.
    pub(super) roles_confidence: Option<f32>,
}

/// Who spoke an utterance and where it can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Voice {
    /// Who.
    pub(super) role: Role,
    /// On whose side; `role` is another where a leg says that somebody or something else is there.
    pub(super) side: Role,
    /// The channel, where the transcript or the role says one.
    pub(super) channel: Option<u16>,
    /// The channel of the sound on which it is measured.
    pub(super) heard_on: Option<u16>,
}

impl Voice {
    /// Whether the one speaks whose side it is.
    pub(super) fn is_own(self) -> bool {
        self.role == self.side
    }
}

impl Voices {
    /// What is known of the voices of a call.
    ///
    /// Two channels are the agent's and the customer's. A transcript alone that names channels 0 and 1 comes from two.
    pub(super) fn of(
        recording: &Recording,
        acoustics: Option<&Acoustics>,
        transcript: Option<&Transcript>,
        agent_voice: AgentVoice,
    ) -> Self {
        let speakers = || transcript.into_iter().flat_map(|it| &it.utterances).map(|utterance| utterance.speaker);
        let named = speakers().filter_map(channel_of).max().map_or(0, |channel| channel.saturating_add(1));
        let count = acoustics.map_or(named, |it| u16::try_from(it.channels.len()).unwrap_or(u16::MAX));
        let named_roles = speakers().any(|speaker| matches!(speaker, Speaker::Role(role) if role != Role::Unknown));
        let told = transcript.and_then(|transcript| told(transcript, agent_voice));
        let roles_from = match &told {
            _ if count == 2 => Some("channels"),
            _ if named_roles => Some("transcript"),
            told => told.as_ref().map(|told| told.from),
        };
        Self {
            roles_confidence: told.as_ref().filter(|_| roles_from == Some("words")).and_then(|told| told.confidence),
            by_number: told.map(|told| told.roles).unwrap_or_default(),
            channels: (0..count).map(|channel| recording.role_of_channel(channel, count)).collect(),
            heard: acoustics.is_some(),
            roles_from,
        }
    }

    /// Whose channel `channel` is.
    pub(super) fn role_of_channel(&self, channel: u16) -> Role {
        self.channels.get(usize::from(channel)).copied().unwrap_or(Role::Unknown)
    }

    /// Whether each side has a channel of its own.
    pub(super) fn two_channels(&self) -> bool {
        self.channels.len() == 2
    }

    /// Whether anybody knows who is who.
    pub(super) const fn known(&self) -> bool {
        self.roles_from.is_some()
    }

    /// Who `speaker` is, legs aside. A role in a recording of one channel is heard there, but has no channel of its own.
    pub(super) fn voice(&self, speaker: Speaker) -> Voice {
        let (role, channel) = match speaker {
            Speaker::Channel(channel) => (self.role_of_channel(channel), Some(channel)),
            Speaker::Role(role) => (role, self.channel_of_role(role)),
            Speaker::Voice(number) => {
                let role = self.by_number.get(&number).copied().unwrap_or(Role::Unknown);
                (role, self.channel_of_role(role))
            }
        };
        let only = (self.channels.len() == 1).then_some(0);
        let heard_on = channel.filter(|&channel| usize::from(channel) < self.channels.len()).or(only);
        Voice { role, side: role, channel, heard_on: heard_on.filter(|_| self.heard) }
    }

    fn channel_of_role(&self, role: Role) -> Option<u16> {
        let known = self.heard && self.two_channels() && matches!(role, Role::Agent | Role::Customer);
        (0..2_u16).find(|&channel| known && self.role_of_channel(channel) == role)
    }
}

fn channel_of(speaker: Speaker) -> Option<u16> {
    match speaker {
        Speaker::Channel(channel) => Some(channel),
        Speaker::Role(_) | Speaker::Voice(_) => None,
    }
}
