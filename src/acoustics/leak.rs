//! Tells a voice that leaks in from the other channel from one that speaks softly.

use super::frame::Frame;
use super::stretches::{Judged, START};
use super::track::Track;
use crate::units::Dbfs;

/// Clears the speech of frames that are the other channel's, in both channels.
///
/// A frame is in the shadow of the other channel where that is 18 dB louder around it. It is the
/// leak where it has the other's wave form (joint stereo, a hybrid), or where it is much softer than
/// the channel's own voice outside shadows, or where there is no such voice by then.
#[derive(Default)]
pub(super) struct Leak {
    own: [OwnVoice; 2],
    /// The frames before are part of the voices.
    heard: usize,
    /// The frames before are cleared.
    pub cleared: usize,
}

/// 18 dB, as a ratio of powers: what cross-talk loses at least.
const SHADOW: f32 = 63.1;

/// 10 dB, as a ratio of powers: how far the softest frames of a voice that count lie under its mean.
const SOFTER: f32 = 10.0;

/// How alike two wave forms must be, in hundredths of full correlation.
const SIMILAR: i32 = 50;

/// Frames to each side that are compared.
const AROUND: usize = 5;

/// Frames of a voice of its own that a channel needs to have one: half a second.
const OWN_FRAMES: u32 = 50;

/// Frames of a channel that are heard at least before one is cleared: 30 s, in which most speakers have said something alone.
const AHEAD: usize = 3_000;

impl Leak {
    /// Clears what can be told by the frames that are judged, all of the recording's if it has `ended`.
    pub(super) fn clear(
        &mut self,
        frames: [&Track<Frame>; 2],
        correlation: &Track<i8>,
        judged: [&mut Track<Judged>; 2],
        ended: bool,
    ) {
        let end = judged[0].end().min(judged[1].end());
        let whole = if ended { end } else { end.saturating_sub(AROUND) };
        for n in self.heard..whole {
            for own in 0..2 {
                if judged[own][n].speech >= START && !is_shadowed(frames[own], frames[1 - own], n) {
                    self.own[own].hear(&frames[own][n]);
                }
            }
        }
        self.heard = whole.max(self.heard);
        let told = if ended { end } else { end.saturating_sub(AHEAD).max(self.cleared) };
        let least = [0, 1].map(|own| self.own[own].least());
        let [left, right] = judged;
        for (own, judged) in [left, right].into_iter().enumerate() {
            let speech = (self.cleared..).zip(judged.slice_mut(self.cleared..told));
            for (n, judged) in speech.filter(|(_, judged)| judged.speech > 0) {
                let soft = least[own].is_none_or(|least| frames[own][n].mean_square < least);
                if is_shadowed(frames[own], frames[1 - own], n) && (soft || similar(correlation, n)) {
                    judged.speech = 0;
                }
            }
        }
        self.cleared = told;
    }

    /// The first frame that is still needed.
    pub(super) fn needs(&self) -> usize {
        self.cleared.min(self.heard).saturating_sub(AROUND)
    }
}

fn is_shadowed(own: &Track<Frame>, other: &Track<Frame>, n: usize) -> bool {
    let own = own[n].mean_square;
    other.around(n, AROUND).iter().any(|frame| own * SHADOW < frame.mean_square)
}

fn similar(correlation: &Track<i8>, n: usize) -> bool {
    let around = correlation.around(n, AROUND);
    let sum: i32 = around.iter().map(|&value| i32::from(value)).sum();
    sum.abs() > SIMILAR * around.len() as i32
}

/// What is likely speech of a channel outside shadows.
#[derive(Default)]
struct OwnVoice {
    sum: f64,
    frames: u32,
}

impl OwnVoice {
    fn hear(&mut self, frame: &Frame) {
        let mean_square = f64::from(frame.mean_square);
        if Dbfs::from_mean_square(mean_square) > Dbfs::SILENCE {
            self.sum += mean_square;
            self.frames += 1;
        }
    }

    /// The least mean square that a frame of it has in a shadow; `None` where there was too little of it.
    fn least(&self) -> Option<f32> {
        (self.frames >= OWN_FRAMES).then(|| (self.sum / f64::from(self.frames)) as f32 / SOFTER)
    }
}
