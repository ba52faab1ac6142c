//! Where a channel is cut for an engine that hears short clips only.

use crate::units::Span;

/// Sound that a clip has before and after its speech, ms: an onset is found a little late, and engines want air.
const AROUND_MS: i64 = 200;

/// Returns the clips of a channel of `duration_ms` that cover `speech`, each of at most `longest_ms`, which is 1 s or more: as few as that allows, cut in
/// the pauses; speech without a pause is cut where it is too long.
pub(super) fn clips(speech: &[Span], duration_ms: i64, longest_ms: i64) -> Vec<Span> {
    let mut clips: Vec<Span> = Vec::new();
    for piece in speech.iter().flat_map(|stretch| pieces(*stretch, longest_ms - 2 * AROUND_MS)) {
        match clips.last_mut() {
            Some(clip) if piece.end_ms - clip.start_ms <= longest_ms - 2 * AROUND_MS => clip.end_ms = piece.end_ms,
            _ => clips.push(piece),
        }
    }
    let bare = clips.clone();
    for (index, clip) in clips.iter_mut().enumerate() {
        // Half of a pause that is shorter than the air around belongs to each side.
        let before = index.checked_sub(1).map_or(0, |before| middle(bare[before].end_ms, bare[index].start_ms));
        let after = bare.get(index + 1).map_or(duration_ms, |next| middle(bare[index].end_ms, next.start_ms));
        *clip =
            Span::new((clip.start_ms - AROUND_MS).max(before), (clip.end_ms + AROUND_MS).min(after).min(duration_ms));
    }
    clips
}

fn middle(end_ms: i64, start_ms: i64) -> i64 {
    end_ms + (start_ms - end_ms) / 2
}

fn pieces(stretch: Span, longest_ms: i64) -> impl Iterator<Item = Span> {
    let count = (stretch.length_ms() + longest_ms - 1) / longest_ms;
    let at = move |index: i64| stretch.start_ms + stretch.length_ms() * index / count;
    (0..count).map(move |index| Span::new(at(index), at(index + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cuts_lie_in_pauses() {
        type Times = &'static [(i64, i64)];
        let cases: [(&str, Times, Times); 5] = [
            ("nobody speaks", &[], &[]),
            ("all in one", &[(1_000, 3_000), (5_000, 8_000)], &[(800, 8_200)]),
            ("two clips", &[(1_000, 9_000), (9_800, 15_000)], &[(800, 9_200), (9_600, 15_200)]),
            ("a short pause", &[(0, 9_000), (9_100, 15_000)], &[(0, 9_050), (9_050, 15_200)]),
            ("no pause", &[(0, 19_000)], &[(0, 9_500), (9_500, 19_200)]),
        ];
        for (name, speech, expected) in cases {
            let spans = |of: &[(i64, i64)]| of.iter().map(|&(start, end)| Span::new(start, end)).collect::<Vec<_>>();
            assert_eq!(clips(&spans(speech), 20_000, 10_000), spans(expected), "{name}");
        }
    }

    proptest! {
        #[test]
        fn clips_cover_all_speech_and_are_short_and_apart(gaps in prop::collection::vec((1_i64..5_000, 10_i64..40_000), 0..40)) {
            let mut at = 0;
            let speech: Vec<Span> = gaps.iter().map(|&(gap, length)| {
                at += gap + length;
                Span::new(at - length, at)
            }).collect();
            let clips = clips(&speech, at + 50, 30_000);
            prop_assert!(clips.iter().all(|clip| clip.length_ms() <= 30_000 && clip.start_ms >= 0 && clip.end_ms <= at + 50));
            prop_assert!(clips.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms));
            let covered = |ms: i64| clips.iter().any(|clip| clip.start_ms <= ms && ms <= clip.end_ms);
            prop_assert!(speech.iter().all(|stretch| covered(stretch.start_ms) && covered(stretch.end_ms)));
        }
    }
}
