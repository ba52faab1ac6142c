//! From likelihoods of frames to stretches of speech.

use super::track::Track;
use std::ops::Range;

/// Speech starts where it is more likely than not, in 255ths.
pub(super) const START: u8 = 128;

/// A stretch is this likely for a moment at least: words are, notes and knocks hardly.
const SURE: u8 = 204;

/// It goes on while it is at least this likely, in 255ths, for [`HANGOVER`] at most: soft onsets and
/// endings of words.
const STAY: u8 = 90;

/// Frames that speech goes on beyond where it is likely, to each side: 200 ms.
const HANGOVER: usize = 20;

/// Pauses shorter than this many frames are part of a stretch: 300 ms, longer than the closure of a
/// stop consonant and shorter than a pause between turns.
const JOINED: usize = 30;

/// The least frames of a stretch: 100 ms, about the shortest syllable.
const LEAST: usize = 10;

/// Frames that are given as a part of a stretch where more than twice as many would wait: half a minute. Who speaks for long
/// without a pause, or what is taken for it, is measured in parts.
const MOST: usize = 3_000;

/// What is known of a frame when stretches are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// How likely it is speech, in 255ths.
    pub speech: u8,
    /// Whether it stands out of the noise; a stretch starts and ends with a frame that does.
    pub stands_out: bool,
}

/// A part of a stretch, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Its frames, first to last.
    pub frames: Range<usize>,
    /// Whether the stretch ends with it.
    pub ends: bool,
}

/// Finds the stretches of a channel as its frames are judged.
#[derive(Default)]
pub(super) struct Finder {
    /// The frames before have been looked through for where speech starts.
    next: usize,
    /// Whether speech was cut there, which is likely for too many frames to wait for its end.
    is_cut: bool,
    /// The stretch that may still go on, but for the parts of it that were given.
    open: Option<Open>,
}

struct Open {
    frames: Range<usize>,
    is_sure: bool,
    is_given: bool,
}

impl Finder {
    /// The parts that end in the frames up to `end`, which is that of the channel if it has `ended`.
    pub(super) fn find(&mut self, judged: &Track<Judged>, end: usize, ended: bool, give: &mut dyn FnMut(Part)) {
        let mut from = self.next;
        while let Some(seed) = self.seed(judged, end, ended) {
            let cuts = [self.is_cut && seed.start == from, seed.len() == MOST];
            (self.is_cut, self.next, from) = (cuts[1], seed.end, seed.end);
            let is_sure = judged.slice(seed.clone()).iter().any(|frame| frame.speech >= SURE);
            if let Some(frames) = trimmed(extended(seed, cuts, judged, end), cuts, judged) {
                self.join(Open { frames, is_sure, is_given: false }, give);
            }
        }
        if ended || self.open.as_ref().is_some_and(|open| open.frames.end + JOINED + HANGOVER <= self.next) {
            self.close(give);
        }
    }

    /// The first frame that is still needed.
    pub(super) fn needs(&self) -> usize {
        self.open.as_ref().map_or(self.next, |open| open.frames.start).min(self.next.saturating_sub(HANGOVER))
    }

    /// The next frames that are likely speech, no more than [`MOST`] and no more than can be told by now.
    fn seed(&mut self, judged: &Track<Judged>, end: usize, ended: bool) -> Option<Range<usize>> {
        let rest = judged.slice(self.next..end);
        let before = rest.iter().take_while(|frame| frame.speech < START).count();
        self.next += before;
        self.is_cut &= before == 0;
        let length = rest[before..].iter().take(MOST).take_while(|frame| frame.speech >= START).count();
        let known = ended || self.next + length + HANGOVER <= end;
        (length > 0 && known).then(|| self.next..self.next + length)
    }

    fn join(&mut self, more: Open, give: &mut dyn FnMut(Part)) {
        match &mut self.open {
            Some(open) if more.frames.start < open.frames.end + JOINED => {
                open.frames.end = open.frames.end.max(more.frames.end);
                open.is_sure |= more.is_sure;
                while open.frames.len() > 2 * MOST {
                    let end = open.frames.start + MOST;
                    if open.is_sure {
                        give(Part { frames: open.frames.start..end, ends: false });
                        open.is_given = true;
                    }
                    open.frames.start = end;
                }
            }
            _ => {
                self.close(give);
                self.open = Some(more);
            }
        }
    }

    fn close(&mut self, give: &mut dyn FnMut(Part)) {
        let is_speech = |open: &Open| open.is_given || open.is_sure && open.frames.len() >= LEAST;
        if let Some(open) = self.open.take().filter(is_speech) {
            give(Part { frames: open.frames, ends: true });
        }
    }
}

/// The frames with those beside them that may still be speech; where speech is cut, it goes on.
fn extended(seed: Range<usize>, cuts: [bool; 2], judged: &Track<Judged>, end: usize) -> Range<usize> {
    let likely = |frame: &&Judged| frame.speech >= STAY;
    let before = judged.slice(seed.start.saturating_sub(HANGOVER)..seed.start).iter().rev().take_while(likely).count();
    let after = judged.slice(seed.end..end.min(seed.end + HANGOVER)).iter().take_while(likely).count();
    seed.start - if cuts[0] { 0 } else { before }..seed.end + if cuts[1] { 0 } else { after }
}

/// The frames from the first that stands out to the last, but for the sides where speech is cut.
fn trimmed(frames: Range<usize>, cuts: [bool; 2], judged: &Track<Judged>) -> Option<Range<usize>> {
    let within = judged.slice(frames.clone());
    let start = within.iter().position(|frame| frame.stands_out)?;
    let end = within.iter().rposition(|frame| frame.stands_out)?;
    Some(frames.start + if cuts[0] { 0 } else { start }..if cuts[1] { frames.end } else { frames.start + end + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of (frames, how likely, whether they stand out), `block` judged at a time.
    fn found(runs: &[(usize, u8, bool)], block: usize) -> Vec<Part> {
        let all: Vec<Judged> = runs
            .iter()
            .flat_map(|&(count, speech, stands_out)| std::iter::repeat_n(Judged { speech, stands_out }, count))
            .collect();
        let (mut finder, mut judged, mut parts) = (Finder::default(), Track::new(), Vec::new());
        for block in all.chunks(block) {
            block.iter().for_each(|frame| judged.push(*frame));
            finder.find(&judged, judged.end(), judged.end() == all.len(), &mut |part| parts.push(part));
            judged.forget(finder.needs());
        }
        parts
    }

    #[test]
    fn stretches_are_the_same_however_frames_come() {
        let speech = |count| (count, 220, true);
        let pause = |count| (count, 0, false);
        let whole = |frames: Range<usize>| Part { frames, ends: true };
        // (name, runs, parts)
        let cases = [
            ("nothing", vec![], vec![]),
            ("silence", vec![pause(500)], vec![]),
            ("too short", vec![pause(50), speech(9), pause(50)], vec![]),
            ("short enough", vec![pause(50), speech(10), pause(50)], vec![whole(50..60)]),
            ("to the end", vec![pause(40), speech(60)], vec![whole(40..100)]),
            ("a pause under 300 ms", vec![speech(40), pause(29), speech(31)], vec![whole(0..100)]),
            ("a pause of 300 ms", vec![speech(40), pause(30), speech(30)], vec![whole(0..40), whole(70..100)]),
            (
                "soft edges",
                vec![pause(30), (30, 100, true), speech(50), (30, 100, true), pause(40)],
                vec![whole(40..130)],
            ),
            ("never sure", vec![pause(50), (50, 200, true), pause(50)], vec![]),
            ("what does not stand out", vec![(20, 200, false), speech(50), (20, 200, false)], vec![whole(20..70)]),
            ("nothing stands out", vec![(100, 200, false)], vec![]),
            (
                "a minute and a quarter",
                vec![pause(100), speech(7_500), pause(100)],
                vec![Part { frames: 100..3_100, ends: false }, whole(3_100..7_600)],
            ),
            (
                "a soft end where speech is cut",
                vec![pause(100), speech(3_000), (15, 100, true), pause(100)],
                vec![whole(100..3_100)],
            ),
            (
                "what does not stand out where speech is cut",
                vec![speech(2_960), (80, 220, false), speech(500)],
                vec![whole(0..3_540)],
            ),
            ("sure late", vec![(3_000, 180, true), speech(500)], vec![whole(0..3_500)]),
            ("unsure beside what is sure", vec![speech(40), pause(5), (40, 180, true), pause(60)], vec![whole(0..85)]),
        ];
        for (name, runs, expected) in cases {
            for block in [1, 33, 1_000, 100_000] {
                assert_eq!(found(&runs, block), expected, "{name}, blocks of {block}");
            }
        }
    }
}
