//! Tells a voice that leaks in from the other channel from one that speaks softly.

use super::frame::Frame;
use crate::units::Dbfs;

/// Clears the speech of frames that are the other channel's, in both channels.
///
/// A frame is in the shadow of the other channel where that is 15 dB louder around it. It is the
/// leak where it has the other's wave form (joint stereo, a hybrid), or where it is much softer than
/// the channel's own voice outside shadows, or where there is no such voice.
pub(super) fn clear(frames: [&[Frame]; 2], correlation: &[i8], speech: [&mut [u8]; 2]) {
    let loudest = frames.map(loudest_around);
    let similar = mean_around(correlation);
    for (own, speech) in speech.into_iter().enumerate() {
        let other = &loudest[1 - own];
        let shadowed: Vec<bool> =
            frames[own].iter().zip(other).map(|(frame, other)| frame.mean_square * SHADOW < *other).collect();
        let least = own_voice(frames[own], speech, &shadowed).map(|voice| voice / SOFTER);
        for (n, speech) in speech.iter_mut().enumerate().filter(|&(n, _)| shadowed[n]) {
            let soft = least.is_none_or(|least| frames[own][n].mean_square < least);
            if soft || similar[n].abs() > SIMILAR {
                *speech = 0;
            }
        }
    }
}

/// 15 dB, as a ratio of powers: what cross-talk loses at least.
const SHADOW: f32 = 31.6;

/// 10 dB, as a ratio of powers: how far the softest frames of a voice that count lie under its mean.
const SOFTER: f32 = 10.0;

/// How alike two wave forms must be, in hundredths of full correlation.
const SIMILAR: i32 = 50;

/// Frames to each side that are compared.
const AROUND: usize = 5;

/// Frames of a voice of its own that a channel needs to have one: half a second.
const OWN_FRAMES: usize = 50;

fn loudest_around(frames: &[Frame]) -> Vec<f32> {
    (0..frames.len())
        .map(|n| {
            let around = &frames[n.saturating_sub(AROUND)..frames.len().min(n + AROUND + 1)];
            around.iter().map(|frame| frame.mean_square).fold(0.0, f32::max)
        })
        .collect()
}

fn mean_around(values: &[i8]) -> Vec<i32> {
    (0..values.len())
        .map(|n| {
            let around = &values[n.saturating_sub(AROUND)..values.len().min(n + AROUND + 1)];
            around.iter().map(|&value| i32::from(value)).sum::<i32>() / around.len() as i32
        })
        .collect()
}

/// Mean square of what is likely speech outside shadows; `None` where that is too little.
fn own_voice(frames: &[Frame], speech: &[u8], shadowed: &[bool]) -> Option<f32> {
    let (mut sum, mut count) = (0.0, 0);
    for ((frame, speech), _) in frames.iter().zip(speech).zip(shadowed).filter(|(_, shadowed)| !**shadowed) {
        if *speech >= 128 && Dbfs::from_mean_square(f64::from(frame.mean_square)) > Dbfs::SILENCE {
            sum += f64::from(frame.mean_square);
            count += 1;
        }
    }
    (count >= OWN_FRAMES).then(|| (sum / count as f64) as f32)
}
