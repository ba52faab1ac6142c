//! The stretches of speech of every channel, for asking how much of a span is speech.

use super::legs::{self, Legs};
use super::voices::Voices;
use crate::acoustics::{Acoustics, Anger, Pitch, Stretch, Tone};
use crate::recording::Party;
use crate::units::{Role, Span};
use std::borrow::Cow;
use std::ops::Range;

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
            let party = |stretch: &Stretch| Some(legs.on_channel(role, stretch.span)?.party);
            Channel {
                role,
                stretches: &channel.stretches,
                parties: channel.stretches.iter().map(party).collect(),
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
    /// Who speaks in each of the stretches: the channel's role, but where a leg says that somebody or something else is there.
    pub(super) fn speakers(&self) -> impl Iterator<Item = Role> {
        self.parties.iter().map(|party| legs::role(self.role, *party))
    }

    /// The stretches in which `role` speaks.
    pub(super) fn spoken_by(&self, role: Role) -> impl Iterator<Item = &Stretch> {
        let with_speaker = self.stretches.iter().zip(self.speakers());
        with_speaker.filter(move |&(_, speaker)| speaker == role).map(|(stretch, _)| stretch)
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
        Channel { stretches, parties: vec![None; stretches.len()], ..*self }
    }

    /// Whether nobody else speaks on it.
    pub(super) fn is_own(&self) -> bool {
        self.speakers().all(|speaker| speaker == self.role)
    }

    /// Time spoken, ms.
    pub(super) fn talk_ms(&self) -> i64 {
        self.stretches.iter().map(|stretch| stretch.span.length_ms()).sum()
    }

    /// The stretches that overlap `span`, and by how much, ms.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = (&Stretch, i64)> {
        let stretches = &self.stretches[self.places(span)];
        stretches.iter().map(move |stretch| (stretch, stretch.span.overlap_ms(span)))
    }

    /// Which stretches overlap `span`.
    fn places(&self, span: Span) -> Range<usize> {
        let first = self.stretches.partition_point(|stretch| stretch.span.end_ms <= span.start_ms);
        let count = self.stretches[first..].partition_point(|stretch| stretch.span.start_ms < span.end_ms);
        first..first + count
    }

    /// Time within `span` that the one speaks whose channel it is, ms.
    pub(super) fn own_ms(&self, span: Span) -> i64 {
        let own = self.places(span).filter(|&place| legs::role(self.role, self.parties[place]) == self.role);
        own.map(|place| self.stretches[place].span.overlap_ms(span)).sum()
    }

    /// Time spoken within `span`, ms.
    pub(super) fn speech_ms(&self, span: Span) -> i64 {
        self.within(span).map(|(_, overlap_ms)| overlap_ms).sum()
    }
}
