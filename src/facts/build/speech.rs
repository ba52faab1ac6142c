//! The stretches of speech of every channel, for asking how much of a span is speech.

use super::legs::Legs;
use super::voices::Voices;
use crate::acoustics::{Acoustics, Anger, Pitch, Stretch, Tone};
use crate::recording::Party;
use crate::units::{Role, Span};
use std::borrow::Cow;

/// Two people never speak at the same times for this share of all their speech; one person on two channels does.
const SAME_SHARE: f64 = 0.9;

/// What was heard.
pub(super) struct Speech<'a> {
    /// Length of the recording, ms.
    pub(super) duration_ms: i64,
    /// One entry a channel.
    pub(super) channels: Vec<Channel<'a>>,
}

/// One channel's speech.
pub(super) struct Channel<'a> {
    /// Whose channel it is.
    pub(super) role: Role,
    /// Its stretches, in order, apart from one another.
    pub(super) stretches: &'a [Stretch],
    /// Who speaks in each of them: `role`, but where a leg says that somebody or something else is on the channel.
    pub(super) speakers: Vec<Role>,
    /// Who or what is in each of them, where a leg says so.
    pub(super) parties: Vec<Option<Party>>,
    /// Pitch over the whole channel.
    pub(super) pitch: Option<Pitch>,
    /// Anger over the whole channel.
    pub(super) anger: Option<Anger>,
    /// What sounds on it that no voice makes.
    pub(super) tones: &'a [Tone],
}

impl<'a> Speech<'a> {
    pub(super) fn of(acoustics: &'a Acoustics, voices: &Voices, legs: &Legs) -> Self {
        let channel = |(index, channel): (u16, &'a crate::acoustics::ChannelAcoustics)| {
            let role = voices.role_of_channel(index);
            let spans = || channel.stretches.iter().map(|stretch| stretch.span);
            Channel {
                role,
                stretches: &channel.stretches,
                speakers: spans().map(|span| legs.role(role, span)).collect(),
                parties: spans().map(|span| legs.party(role, span)).collect(),
                pitch: channel.pitch,
                anger: channel.anger,
                tones: &channel.tones,
            }
        };
        Self { duration_ms: acoustics.duration_ms, channels: (0..).zip(&acoustics.channels).map(channel).collect() }
    }

    /// The channel `index`, if it exists.
    pub(super) fn channel(&self, index: u16) -> Option<&Channel<'a>> {
        self.channels.get(usize::from(index))
    }

    /// The two sides, where each has a channel of its own and the channels are not one recorded twice.
    pub(super) fn sides(&self) -> Option<[&Channel<'a>; 2]> {
        match self.channels.as_slice() {
            [left, right] if !self.same_on_both() => Some([left, right]),
            _ => None,
        }
    }

    /// Whether two channels hold speech at the same times: one microphone, stored twice, perhaps at two levels.
    pub(super) fn same_on_both(&self) -> bool {
        match self.channels.as_slice() {
            [left, right] => {
                let shared_ms: i64 = left.stretches.iter().map(|stretch| right.speech_ms(stretch.span)).sum();
                let longer_ms = left.talk_ms().max(right.talk_ms());
                longer_ms > 0 && shared_ms as f64 > SAME_SHARE * longer_ms as f64
            }
            _ => false,
        }
    }

    /// Time spoken on all channels together, ms.
    pub(super) fn talk_ms(&self) -> i64 {
        self.channels.iter().map(Channel::talk_ms).sum()
    }

    /// Time that `role` speaks on any channel, ms.
    pub(super) fn talk_ms_of(&self, role: Role) -> i64 {
        let own = self.channels.iter().flat_map(|channel| channel.spoken_by(role));
        own.map(|stretch| stretch.span.length_ms()).sum()
    }
}

impl Channel<'_> {
    /// The stretches in which `role` speaks.
    pub(super) fn spoken_by(&self, role: Role) -> impl Iterator<Item = &Stretch> {
        self.stretches
            .iter()
            .zip(&self.speakers)
            .filter(move |&(_, speaker)| *speaker == role)
            .map(|(stretch, _)| stretch)
    }

    /// Those in which the one speaks whose channel it is.
    pub(super) fn own(&self) -> impl Iterator<Item = &Stretch> {
        self.spoken_by(self.role)
    }

    /// The same in a list.
    pub(super) fn own_stretches(&self) -> Cow<'_, [Stretch]> {
        if self.is_own() { Cow::Borrowed(self.stretches) } else { Cow::Owned(self.own().copied().collect()) }
    }

    /// The channel with `stretches`, in all of which the one speaks whose channel it is.
    pub(super) fn with<'s>(&'s self, stretches: &'s [Stretch]) -> Channel<'s> {
        let (speakers, parties) = (vec![self.role; stretches.len()], vec![None; stretches.len()]);
        Channel { stretches, speakers, parties, ..*self }
    }

    /// Whether nobody else speaks on it.
    pub(super) fn is_own(&self) -> bool {
        self.speakers.iter().all(|speaker| *speaker == self.role)
    }

    /// Time spoken, ms.
    pub(super) fn talk_ms(&self) -> i64 {
        self.stretches.iter().map(|stretch| stretch.span.length_ms()).sum()
    }

    /// The stretches that overlap `span`, and by how much, ms.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = (&Stretch, i64)> {
        let first = self.stretches.partition_point(|stretch| stretch.span.end_ms <= span.start_ms);
        self.stretches[first..]
            .iter()
            .take_while(move |stretch| stretch.span.start_ms < span.end_ms)
            .map(move |stretch| (stretch, stretch.span.overlap_ms(span)))
    }

    /// Time spoken within `span`, ms.
    pub(super) fn speech_ms(&self, span: Span) -> i64 {
        self.within(span).map(|(_, overlap_ms)| overlap_ms).sum()
    }
}
