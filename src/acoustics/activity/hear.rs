//! Hears a channel frame by frame, and judges each by what is around it.

use super::super::decibels::share_255;
use super::super::frame::Frame;
use super::super::net::Net;
use super::super::stretches::{Judged, START};
use super::super::tones;
use super::super::track::Track;
use super::clues::{BROAD, CLUES, Clues, Sight};
use super::surroundings::Surroundings;
use super::weights::{LAYERS, WEIGHTS};

/// Frames that the net sees as one; the surroundings of both are the same, since they come in even steps.
const PAIR: usize = 2;

/// Hears one channel, frame by frame, and judges each by what is around it, once a minute and 1.28 s more of it are there.
pub(in crate::acoustics) struct Activity {
    surroundings: Surroundings,
    net: Net<CLUES, LAYERS>,
    /// The tones that no voice makes.
    pub tones: tones::Finder,
    /// The frames before are in the surroundings.
    heard: usize,
    /// The frames before are shown to the net.
    shown: usize,
    /// How far each frame that was shown rises over the noise, half decibels.
    rises: Track<u8>,
    /// The frames that are judged so far.
    pub judged: Track<Judged>,
    /// What the net saw, where that is kept.
    pub kept: Option<Vec<Clues>>,
}

impl Activity {
    pub(in crate::acoustics) fn new(keeping_clues: bool) -> Self {
        Self {
            surroundings: Surroundings::new(),
            net: Net::new(&WEIGHTS),
            tones: tones::Finder::new(),
            heard: 0,
            shown: 0,
            rises: Track::new(),
            judged: Track::new(),
            kept: keeping_clues.then(Vec::new),
        }
    }

    /// Judges what can be judged by the frames that there are, all of the channel's if it has `ended`.
    pub(in crate::acoustics) fn hear(&mut self, frames: &Track<Frame>, ended: bool) {
        frames.slice(self.heard..frames.end()).iter().for_each(|frame| self.surroundings.hear(frame));
        self.heard = frames.end();
        self.tones.look(frames, ended);
        if ended {
            self.surroundings.finish();
        }
        let clues = self.clues(frames, ended);
        let (rises, judged) = (&self.rises, &mut self.judged);
        let mut answer = |log_odds| judge(log_odds, rises, judged);
        self.net.see(clues.iter().map(|clues| clues.0), &mut answer);
        if ended {
            self.net.finish(&mut answer);
        }
        self.rises.forget(self.judged.end());
        if let Some(kept) = &mut self.kept {
            kept.extend(clues);
        }
    }

    /// The first frame that is still needed.
    pub(in crate::acoustics) fn needs(&self) -> usize {
        self.shown.saturating_sub(1).min(self.tones.next())
    }

    /// What the net has not seen yet of the frames whose surroundings are known.
    fn clues(&mut self, frames: &Track<Frame>, ended: bool) -> Vec<Clues> {
        let known = self.surroundings.known().min(self.tones.known(ended));
        let known = if ended { known } else { known / PAIR * PAIR };
        let mut clues = Vec::with_capacity((known.saturating_sub(self.shown)).div_ceil(PAIR));
        while self.shown < known {
            let pair = self.shown..known.min(self.shown + PAIR);
            let around = self.surroundings.around(pair.start);
            let mut sights = [None; PAIR];
            for (sight, n) in sights.iter_mut().zip(pair.clone()) {
                let before = n.checked_sub(1).map(|before| &frames[before]);
                *sight = Some(Sight::of(before, &frames[n], &around, self.tones.marks(n)));
            }
            let seen = sights.iter().flatten();
            seen.clone().for_each(|sight| self.rises.push(sight.rise()));
            clues.push(Clues::of(seen));
            self.shown = pair.end;
        }
        clues
    }
}

/// Speech and its neighbourhood rise broadly over the noise; where that hides it, the net has to be sure.
fn judge(log_odds: f32, rises: &Track<u8>, judged: &mut Track<Judged>) {
    let speech = share_255(log_odds);
    for n in judged.end()..rises.end().min(judged.end() + PAIR) {
        let stands_out = rises[n] > BROAD || speech >= START && rises[n] >= RISES;
        judged.push(Judged { speech, stands_out });
    }
}

/// How far a frame rises at least, half decibels: noise strays by less.
const RISES: u8 = 6;
