//! A transcript as a reader found it, with all that engines leave out or get wrong; and the transcript that comes of it.

mod long;
mod text;
mod timed;

use super::ImportError;
use super::fields::LONGEST_SHORT_TEXT;
use super::ours::MOST_CHANNELS;
use crate::transcript::{Speaker, Transcript, Utterance};
use crate::units::{Role, Span};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
pub(super) use text::{SENTENCE_MARKS, is_unspaced, join, unspaced};
use timed::{latest_ms, timed};

/// The most segments that are read.
pub(super) const LIMIT_SEGMENTS: usize = 100_000;

/// Words further apart belong to segments of their own where an engine gives words alone, ms.
const PAUSE_MS: i64 = 700;

/// A sentence's end cuts a run of words only from this length on, ms: 好。 and 对。 stay with what follows.
const LEAST_SENTENCE_MS: i64 = 1_000;

/// A transcript as it was read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) call_id: Option<String>,
    /// As the engine names it; see [`super::languages::tag`].
    pub(super) language: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) engine_model: Option<String>,
    pub(super) vendor_measures: Option<String>,
    pub(super) segments: Vec<Segment>,
    /// Entries that are no segment as the format has them.
    pub(super) unreadable: usize,
    /// Whether the words are as they were spoken, the text as it is written: a word that is not in the text is no oddity then.
    pub(super) words_as_spoken: bool,
    pub(super) warnings: Vec<String>,
}

/// An utterance as it was read; `None` where the engine says nothing or nonsense.
#[derive(Default)]
pub(super) struct Segment {
    pub(super) speaker: Speaker,
    pub(super) start_ms: Option<f64>,
    pub(super) end_ms: Option<f64>,
    pub(super) text: String,
    pub(super) confidence: Option<f64>,
    pub(super) emotion: Option<String>,
    pub(super) event: Option<String>,
    pub(super) vendor_measures: Option<String>,
    pub(super) words: Vec<DraftWord>,
}

impl Segment {
    pub(super) fn new(speaker: Speaker, start_ms: Option<f64>, end_ms: Option<f64>, text: impl Into<String>) -> Self {
        Self { speaker, start_ms, end_ms, text: text.into(), ..Self::default() }
    }
}

/// A word as it was read.
#[derive(Clone)]
pub(super) struct DraftWord {
    pub(super) text: String,
    pub(super) start_ms: Option<f64>,
    pub(super) end_ms: Option<f64>,
    pub(super) confidence: Option<f64>,
}

impl DraftWord {
    pub(super) fn new(text: &str, start_ms: Option<f64>, end_ms: Option<f64>, confidence: Option<f64>) -> Self {
        Self { text: text.trim().to_owned(), start_ms, end_ms, confidence }
    }
}

impl Draft {
    /// Adds what `read` makes of each of `entries` that is an object; what it makes nothing of is counted and left out.
    pub(super) fn add_each(&mut self, entries: &[Value], mut read: impl FnMut(&Map<String, Value>) -> Option<Segment>) {
        for entry in entries {
            match entry.as_object().and_then(&mut read) {
                Some(segment) => self.segments.push(segment),
                None => self.unreadable += 1,
            }
        }
    }

    /// As [`Draft::finish`], but an error where the entries at `place` are there and none of them could be read.
    pub(super) fn finish_of(self, place: &str) -> Result<Transcript, ImportError> {
        if self.segments.is_empty() && self.unreadable > 0 {
            let why = format!(
                "has {} entries and none with words as this format has them; look at how the engine wrote it, or name \
                 another format with --transcript-format",
                self.unreadable
            );
            return Err(ImportError::BadField { place: place.to_owned(), why });
        }
        self.finish()
    }

    /// Adds the words of one speaker or several as segments: one ends where the speaker changes, after a pause of 0.7 s, and at a
    /// sentence's end. Punctuation comes as a word without times and joins the word before it.
    pub(super) fn add_words(&mut self, words: impl IntoIterator<Item = (Speaker, DraftWord)>) {
        let mut run: Option<Segment> = None;
        for (speaker, word) in words {
            let is_mark = !word.text.chars().any(char::is_alphanumeric);
            if is_mark {
                if let Some(run) = &mut run {
                    run.text.push_str(word.text.trim());
                }
                continue;
            }
            if run.as_ref().is_some_and(|run| ends_before(run, speaker, &word)) {
                self.segments.extend(run.take().map(with_confidence));
            }
            let run = run.get_or_insert_with(|| Segment::new(speaker, word.start_ms, None, ""));
            join(&mut run.text, word.text.trim());
            run.end_ms = word.end_ms.or(run.end_ms);
            run.words.push(word);
        }
        self.segments.extend(run.map(with_confidence));
    }

    /// The transcript: without segments that say nothing, in order, every time bounded. What was mended is in its warnings.
    ///
    /// A missing or impossible end becomes the last word's, else the next start of the same recording, but no later than slow
    /// speech takes for the last word, or for so many letters where no word has a time; a missing start becomes the end of
    /// what stands before. Both are marked.
    pub(super) fn finish(mut self) -> Result<Transcript, ImportError> {
        few_enough(self.segments.len())?;
        for segment in &mut self.segments {
            segment.text = text::on_one_line(&segment.text);
            segment.speaker = believed(segment.speaker);
        }
        self.segments.retain(|segment| segment.text.chars().any(char::is_alphanumeric));
        let mut odd = Oddities { unreadable: self.unreadable, ..Oddities::default() };
        let mut utterances = timed(self.segments, &mut odd);
        once(&mut utterances, &mut odd);
        let mut utterances: Vec<Utterance> = utterances.into_iter().flat_map(|it| long::parted(it, &mut odd)).collect();
        few_enough(utterances.len())?;
        utterances.sort_by_key(|it| (it.span.start_ms, it.speaker));
        part(&mut utterances, &mut odd);
        if self.words_as_spoken {
            odd.lost_words = 0;
        }
        self.warnings.extend(odd.told());
        Ok(Transcript {
            call_id: short(self.call_id),
            language: self.language.as_deref().and_then(super::languages::tag),
            engine: short(self.engine),
            engine_model: short(self.engine_model),
            vendor_measures: self.vendor_measures,
            utterances,
            warnings: self.warnings,
        })
    }
}

fn few_enough(segments: usize) -> Result<(), ImportError> {
    let limit = LIMIT_SEGMENTS;
    if segments > limit { Err(ImportError::TooMany { what: "segments", limit }) } else { Ok(()) }
}

fn ends_before(run: &Segment, speaker: Speaker, word: &DraftWord) -> bool {
    let until_ms = run.end_ms.or_else(|| run.words.last().and_then(latest_ms));
    let pause_ms = word.start_ms.zip(until_ms).map(|(start, end)| start - end);
    let lasts_ms = until_ms.zip(run.start_ms).map_or(0.0, |(end, start)| end - start);
    let is_sentence = run.text.ends_with(SENTENCE_MARKS);
    run.speaker != speaker
        || pause_ms.is_some_and(|pause| pause >= PAUSE_MS as f64)
        || is_sentence && lasts_ms >= LEAST_SENTENCE_MS as f64
}

/// The segment with the mean confidence of its words.
pub(super) fn with_confidence(mut segment: Segment) -> Segment {
    let known: Vec<f64> = segment.words.iter().filter_map(|word| word.confidence).collect();
    segment.confidence = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
    segment
}

/// A name as our own format takes it: neither empty nor longer than names are.
fn short(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.is_empty() && name.chars().count() <= LONGEST_SHORT_TEXT)
}

/// Nobody known, in place of a channel that no recording has.
fn believed(speaker: Speaker) -> Speaker {
    match speaker {
        Speaker::Channel(channel) if u64::from(channel) >= MOST_CHANNELS => Speaker::Role(Role::Unknown),
        other => other,
    }
}

/// Leaves out what a speaker said in the same words at the very same times: some engines send a sentence twice.
fn once(utterances: &mut Vec<Utterance>, odd: &mut Oddities) {
    let mut seen = BTreeSet::new();
    let read = utterances.len();
    utterances.retain(|it| {
        it.times_estimated || seen.insert((it.speaker, it.span.start_ms, it.span.end_ms, it.text.clone()))
    });
    odd.repeated += read - utterances.len();
}

/// Ends each speaker's utterance where the same speaker's next one starts; nobody knows how many people speak as `third` and
/// `unknown`, so those may overlap.
fn part(utterances: &mut [Utterance], odd: &mut Oddities) {
    let mut last: BTreeMap<Speaker, usize> = BTreeMap::new();
    for index in 0..utterances.len() {
        let (speaker, start_ms) = (utterances[index].speaker, utterances[index].span.start_ms);
        let Some(before) = last.insert(speaker, index) else { continue };
        let before = &mut utterances[before];
        let may_overlap = matches!(speaker, Speaker::Role(Role::Third | Role::Unknown));
        if may_overlap || before.span.end_ms <= start_ms {
            continue;
        }
        odd.overlaps += 1;
        before.span.end_ms = start_ms;
        for word in &mut before.words {
            word.span = Span::new(word.span.start_ms.min(start_ms), word.span.end_ms.min(start_ms));
        }
    }
}

/// What was odd and mended, counted.
#[derive(Default)]
struct Oddities {
    unreadable: usize,
    estimated: usize,
    reversed: usize,
    repeated: usize,
    lost_words: usize,
    overlaps: usize,
    parted: usize,
}

impl Oddities {
    /// One sentence for each kind. Missing ends and empty segments are how some engines write, and no oddity of a file.
    fn told(&self) -> Vec<String> {
        let told = [
            (self.unreadable, "segment(s) of the transcript cannot be read; left out"),
            (self.reversed, "segment(s) of the transcript end before they start; bounded by what follows"),
            (self.repeated, "segment(s) of the transcript stand in it twice; read once"),
            (self.lost_words, "word(s) of the transcript are not in their segment's text; left out"),
            (self.overlaps, "segment(s) of the transcript ran into the same speaker's next one; cut there"),
            (
                self.parted,
                "segment(s) of the transcript have more text than is kept in one; parted, their times estimated",
            ),
        ];
        told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

#[cfg(test)]
mod tests;
