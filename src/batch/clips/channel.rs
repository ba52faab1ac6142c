//! On which channel of its recording a finding is heard.

use crate::finding::Finding;
use crate::tables::{StretchChannel, TurnChannel};
use crate::units::Role;
use std::collections::BTreeSet;

/// Who is on which channel of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Speakers {
    turns: Vec<TurnChannel>,
    heard: BTreeSet<(Role, i32)>,
}

impl Speakers {
    pub(super) fn add_turn(&mut self, turn: TurnChannel) {
        self.heard.extend(turn.channel.map(|channel| (turn.role, channel)));
        self.turns.push(turn);
    }

    pub(super) fn add_stretch(&mut self, stretch: StretchChannel) {
        self.heard.insert((stretch.role, stretch.channel));
    }

    /// The channel, from 0, of who did what was found: that of the utterances which show it, else the one on which they are heard. None where
    /// nobody says who, or on more than one.
    pub(super) fn channel_of(&self, finding: &Finding) -> Option<u16> {
        let shown = finding.turn.map(|first| first..=finding.turn_end.unwrap_or(first).max(first));
        let in_turns = |turn: &&TurnChannel| {
            shown.as_ref().is_some_and(|shown| shown.contains(&turn.turn))
                && finding.role.is_none_or(|role| turn.role == role)
        };
        let of_turns = only(self.turns.iter().filter(in_turns).filter_map(|turn| turn.channel));
        of_turns.or_else(|| {
            let role = finding.role?;
            only(self.heard.iter().filter(|(who, _)| *who == role).map(|&(_, channel)| channel))
        })
    }
}

/// The one that all of them are.
fn only(channels: impl Iterator<Item = i32>) -> Option<u16> {
    let all: BTreeSet<i32> = channels.collect();
    let one = all.first().filter(|_| all.len() == 1)?;
    u16::try_from(*one).ok()
}
