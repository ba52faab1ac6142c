//! Which machines are heard: ringing, beeps, music.

use super::speech::Speech;
use crate::acoustics::Tone;

/// The pitch of ringback and the length and rhythm of a ring, ms: one to two seconds of sound and three to four of
/// silence, at 350 to 500 Hz, over most of the world (ITU-T E.180, supplement 2; China: 450 Hz, 1 s and 4 s).
const RING_HZ: std::ops::RangeInclusive<f32> = 350.0..=500.0;
const RING_MS: std::ops::RangeInclusive<i64> = 700..=2_500;
const RING_EVERY_MS: std::ops::RangeInclusive<i64> = 3_500..=6_500;

/// Beeps that tell of a recording are short and come as evenly as a clock, 5 to 60 s apart.
const BEEP_MOST_MS: i64 = 700;
const BEEP_EVERY_MS: std::ops::RangeInclusive<i64> = 5_000..=60_000;
const BEEPS: usize = 3;

/// Music: so many held notes within so many ms, of so many pitches that differ by a half-tone or more.
const NOTES: usize = 8;
const NOTES_WITHIN_MS: i64 = 10_000;
const PITCHES: usize = 3;
const HALF_TONE: f32 = 1.05;

/// Whether a channel rings at least twice.
pub(super) fn rings(speech: &Speech<'_>) -> bool {
    speech.channels.iter().any(|channel| {
        let is_ring = |tone: &&Tone| RING_MS.contains(&tone.span.length_ms()) && RING_HZ.contains(&tone.repeats.0);
        let rings: Vec<&Tone> = channel.tones.iter().filter(is_ring).collect();
        rings.windows(2).any(|pair| RING_EVERY_MS.contains(&(pair[1].span.start_ms - pair[0].span.start_ms)))
    })
}

/// Whether a channel beeps at even intervals.
pub(super) fn beeps(speech: &Speech<'_>) -> bool {
    speech.channels.iter().any(|channel| {
        let short = channel.tones.iter().filter(|tone| tone.span.length_ms() <= BEEP_MOST_MS);
        let starts: Vec<i64> = short.map(|tone| tone.span.start_ms).collect();
        let intervals: Vec<i64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        intervals.windows(BEEPS - 1).any(|some| {
            let (least, most) = (some.iter().min(), some.iter().max());
            let is_even = least.zip(most).is_some_and(|(least, most)| (most - least) * 20 <= *most);
            is_even && some.iter().all(|interval| BEEP_EVERY_MS.contains(interval))
        })
    })
}

/// Whether a channel plays a tune: many held notes, not all of one pitch.
pub(super) fn plays(speech: &Speech<'_>) -> bool {
    speech.channels.iter().any(|channel| {
        channel.tones.windows(NOTES).any(|notes| {
            let lasts_ms = notes[NOTES - 1].span.end_ms - notes[0].span.start_ms;
            lasts_ms <= NOTES_WITHIN_MS && pitches(notes) >= PITCHES
        })
    })
}

fn pitches(notes: &[Tone]) -> usize {
    let mut pitches: Vec<f32> = notes.iter().map(|note| note.repeats.0).collect();
    pitches.sort_by(f32::total_cmp);
    1 + pitches.windows(2).filter(|pair| pair[1] > pair[0] * HALF_TONE).count()
}

#[cfg(test)]
mod tests {
    use super::super::speech::Channel;
    use super::*;
    use crate::units::{Hz, Role, Span};

    /// Start and end, ms, and pitch, Hz.
    type Sound = (i64, i64, f32);

    fn flags(tones: &[Sound]) -> [bool; 3] {
        let tone = |&(start_ms, end_ms, hz): &Sound| Tone { span: Span::new(start_ms, end_ms), repeats: Hz(hz) };
        let tones: Vec<Tone> = tones.iter().map(tone).collect();
        let channel = |tones| Channel {
            role: Role::Unknown,
            stretches: &[],
            parties: Vec::new(),
            pitch: None,
            anger: None,
            tones,
        };
        let speech = Speech { duration_ms: 60_000, channels: vec![channel(&[]), channel(&tones)] };
        [rings(&speech), beeps(&speech), plays(&speech)]
    }

    #[test]
    fn machines_are_told_by_their_rhythm() {
        let notes =
            |of: &[f32]| -> Vec<Sound> { of.iter().zip(0..).map(|(&hz, n)| (n * 500, n * 500 + 300, hz)).collect() };
        let tune = [262.0, 294.0, 330.0, 262.0, 262.0, 294.0, 330.0, 262.0];
        let cases: [(&str, Vec<Sound>, [bool; 3]); 8] = [
            ("nothing", vec![], [false; 3]),
            ("two rings", vec![(0, 1_000, 450.0), (5_000, 6_000, 450.0)], [true, false, false]),
            ("one ring", vec![(0, 1_000, 450.0)], [false; 3]),
            ("held vowels", vec![(0, 1_000, 180.0), (5_000, 6_000, 180.0)], [false; 3]),
            ("beeps", vec![(100, 400, 350.0), (15_100, 15_400, 350.0), (30_120, 30_400, 350.0)], [false, true, false]),
            ("no rhythm", vec![(100, 400, 350.0), (9_000, 9_300, 350.0), (30_000, 30_300, 350.0)], [false; 3]),
            ("a tune", notes(&tune), [false, false, true]),
            ("a busy line", notes(&[450.0; 8]), [false; 3]),
        ];
        for (name, tones, expected) in cases {
            assert_eq!(flags(&tones), expected, "{name}");
        }
    }
}
