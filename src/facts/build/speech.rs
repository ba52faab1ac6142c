//! The stretches of speech of every channel, for asking how much of a span is speech.

use super::voices::Voices;
use crate::acoustics::{Acoustics, Anger, Pitch, Stretch, Tone};
use crate::units::{Role, Span};

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
    /// Pitch over the whole channel.
    pub(super) pitch: Option<Pitch>,
    /// Anger over the whole channel.
    pub(super) anger: Option<Anger>,
    /// What sounds on it that no voice makes.
    pub(super) tones: &'a [Tone],
}

impl<'a> Speech<'a> {
    pub(super) fn of(acoustics: &'a Acoustics, voices: &Voices) -> Self {
        let channel = |(index, channel): (u16, &'a crate::acoustics::ChannelAcoustics)| Channel {
            role: voices.role_of_channel(index),
            stretches: &channel.stretches,
            pitch: channel.pitch,
            anger: channel.anger,
            tones: &channel.tones,
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
}

impl Channel<'_> {
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
