//! A transcript as a reader found it, with all that engines leave out or get wrong; and the transcript that comes of it.

use super::ImportError;
use super::fields::LONGEST_SHORT_TEXT;
use super::letters::Letters;
use super::ours::{LONGEST_WORD, MOST_CHANNELS};
use crate::transcript::{Speaker, Transcript, Utterance, Word};
use crate::units::{Role, Span};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The most segments that are read.
pub(super) const LIMIT_SEGMENTS: usize = 100_000;

/// The longest text of a segment, characters: over an hour of speech.
const LONGEST_TEXT: usize = 20_000;

/// The longest recording that is believed: a week.
const LONGEST_MS: f64 = 7.0 * 24.0 * 3_600_000.0;

/// The slowest that people speak, ms a letter or digit: three Han characters a second, six Latin letters.
const SLOW_HAN_MS: i64 = 330;
const SLOW_LETTER_MS: i64 = 160;

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
pub(super) struct Segment {
    pub(super) speaker: Speaker,
    pub(super) start_ms: Option<f64>,
    pub(super) end_ms: Option<f64>,
    pub(super) text: String,
    pub(super) confidence: Option<f64>,
    pub(super) emotion: Option<String>,
    pub(super) emotion_score: Option<f64>,
    pub(super) event: Option<String>,
    pub(super) vendor_measures: Option<String>,
    pub(super) words: Vec<DraftWord>,
}

impl Segment {
    pub(super) fn new(speaker: Speaker, start_ms: Option<f64>, end_ms: Option<f64>, text: impl Into<String>) -> Self {
        Self {
            speaker,
            start_ms,
            end_ms,
            text: text.into(),
            confidence: None,
            emotion: None,
            emotion_score: None,
            event: None,
            vendor_measures: None,
            words: Vec::new(),
        }
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
        if self.segments.len() > LIMIT_SEGMENTS {
            return Err(ImportError::TooMany { what: "segments", limit: LIMIT_SEGMENTS });
        }
        for segment in &mut self.segments {
            segment.text = clean(&segment.text);
            segment.speaker = believed(segment.speaker);
        }
        self.segments.retain(|segment| segment.text.chars().any(char::is_alphanumeric));
        let mut odd = Oddities { unreadable: self.unreadable, ..Oddities::default() };
        let mut utterances = timed(self.segments, &mut odd);
        utterances.sort_by_key(|it| (it.span.start_ms, it.speaker));
        once(&mut utterances, &mut odd);
        part(&mut utterances, &mut odd);
        if self.words_as_spoken {
            odd.lost_words = 0;
        }
        self.warnings.extend(odd.told());
        Ok(Transcript {
            call_id: short(self.call_id),
            language: self.language.as_deref().and_then(super::languages::tag),
            engine: self.engine,
            engine_model: short(self.engine_model),
            vendor_measures: self.vendor_measures,
            utterances,
            warnings: self.warnings,
        })
    }
}

fn ends_before(run: &Segment, speaker: Speaker, word: &DraftWord) -> bool {
    let until_ms = run.end_ms.or_else(|| run.words.last().and_then(latest_ms));
    let pause_ms = word.start_ms.zip(until_ms).map(|(start, end)| start - end);
    let lasts_ms = until_ms.zip(run.start_ms).map_or(0.0, |(end, start)| end - start);
    let is_sentence = run.text.ends_with(['.', '?', '!', '。', '?', '!', '？', '！']);
    run.speaker != speaker
        || pause_ms.is_some_and(|pause| pause >= PAUSE_MS as f64)
        || is_sentence && lasts_ms >= LEAST_SENTENCE_MS as f64
}

/// When a word that has a start alone is over at the latest: as slow speech has it.
fn latest_ms(word: &DraftWord) -> Option<f64> {
    word.start_ms.map(|start_ms| start_ms + slow_ms(&word.text) as f64)
}

/// The segment with the mean confidence of its words.
pub(super) fn with_confidence(mut segment: Segment) -> Segment {
    let known: Vec<f64> = segment.words.iter().filter_map(|word| word.confidence).collect();
    segment.confidence = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
    segment
}

/// What is written with a space between all words, without those beside Han and the like.
pub(super) fn unspaced(text: &str) -> String {
    text.split_whitespace().fold(String::new(), |mut joined, word| {
        join(&mut joined, word);
        joined
    })
}

/// Adds a word to a text: with a space between, but where Han or the like stands on either side.
pub(super) fn join(text: &mut String, word: &str) {
    let (last, first) = (text.chars().next_back(), word.chars().next());
    if last.zip(first).is_some_and(|(last, first)| !is_unspaced(last) && !is_unspaced(first)) {
        text.push(' ');
    }
    text.push_str(word);
}

/// Whether words in this script are written without spaces.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

/// A name as our own format takes it: neither empty nor longer than names are.
fn short(name: Option<String>) -> Option<String> {
    name.filter(|name| !name.is_empty() && name.chars().count() <= LONGEST_SHORT_TEXT)
}

/// What was said, on one line, no longer than anybody speaks.
fn clean(text: &str) -> String {
    let spaced: String = text.chars().take(LONGEST_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

/// Nobody known, in place of a channel that no recording has.
fn believed(speaker: Speaker) -> Speaker {
    match speaker {
        Speaker::Channel(channel) if u64::from(channel) >= MOST_CHANNELS => Speaker::Role(Role::Unknown),
        other => other,
    }
}

/// A time that can be: from 0 to a week; a little before 0 is 0.
fn possible(ms: Option<f64>) -> Option<i64> {
    ms.filter(|ms| (-1_000.0..=LONGEST_MS).contains(ms)).map(|ms| ms.round().max(0.0) as i64)
}

/// The utterances with both their times, by start.
fn timed(segments: Vec<Segment>, odd: &mut Oddities) -> Vec<Utterance> {
    let mut placed: Vec<(i64, bool, Segment)> = Vec::with_capacity(segments.len());
    for segment in segments {
        let of_words = || segment.words.iter().find_map(|word| possible(word.start_ms));
        let told = possible(segment.start_ms).or_else(of_words);
        let before = || placed.last().map_or(0, |(start_ms, _, last)| over_ms(*start_ms, last));
        placed.push((told.unwrap_or_else(before), told.is_none(), segment));
    }
    // Stable: equal starts stay in the order of the file.
    placed.sort_by_key(|&(start_ms, _, _)| start_ms);
    let starts: Vec<i64> = placed.iter().map(|&(start_ms, _, _)| start_ms).collect();
    placed
        .into_iter()
        .map(|(start_ms, guessed, segment)| {
            let next_ms = starts.get(starts.partition_point(|&other| other <= start_ms)).copied();
            utterance(segment, start_ms, guessed, next_ms, odd)
        })
        .collect()
}

/// When a segment is over for one after it that says no start: at its end, or after slow speech where it has none.
fn over_ms(start_ms: i64, segment: &Segment) -> i64 {
    let told = possible(segment.end_ms).filter(|&end_ms| end_ms >= start_ms);
    told.unwrap_or_else(|| start_ms + slow_ms(&segment.text)).min(LONGEST_MS as i64)
}

fn utterance(segment: Segment, start_ms: i64, guessed: bool, next_ms: Option<i64>, odd: &mut Oddities) -> Utterance {
    let told = possible(segment.end_ms);
    odd.reversed += usize::from(told.is_some_and(|end_ms| end_ms < start_ms));
    let of_words = || segment.words.iter().rev().find_map(|word| possible(word.end_ms));
    let told = told.filter(|&end_ms| end_ms >= start_ms).or_else(|| of_words().filter(|&end_ms| end_ms > start_ms));
    let by_words = segment.words.iter().rev().find_map(|word| possible(latest_ms(word)));
    let longest_ms = by_words.unwrap_or(0).max(start_ms + if by_words.is_some() { 0 } else { slow_ms(&segment.text) });
    let longest_ms = longest_ms.min(LONGEST_MS as i64);
    let end_ms = told.unwrap_or_else(|| next_ms.map_or(longest_ms, |next| next.min(longest_ms)));
    let times_estimated = guessed || told.is_none();
    odd.estimated += usize::from(times_estimated);
    let span = Span::new(start_ms, end_ms);
    Utterance {
        times_estimated,
        confidence: share(segment.confidence),
        emotion: segment.emotion,
        emotion_score: share(segment.emotion_score),
        event: segment.event,
        vendor_measures: segment.vendor_measures,
        words: words(&segment.words, &segment.text, span, odd),
        ..Utterance::new(segment.speaker, span, segment.text)
    }
}

fn share(value: Option<f64>) -> Option<f32> {
    value.filter(|value| (0.0..=1.0).contains(value)).map(|value| value as f32)
}

/// As long as slow speech takes for `text`, ms.
fn slow_ms(text: &str) -> i64 {
    let of = |c: char| match c {
        _ if is_unspaced(c) => SLOW_HAN_MS,
        _ if c.is_alphanumeric() => SLOW_LETTER_MS,
        _ => 0,
    };
    text.chars().map(of).sum()
}

/// The words that stand in `text`, one after another; a missing end is the next word's start, or the utterance's end.
fn words(words: &[DraftWord], text: &str, within: Span, odd: &mut Oddities) -> Vec<Word> {
    let letters = Letters::of(text);
    let mut placed = Vec::with_capacity(words.len());
    let mut from = 0;
    let mut at_ms = within.start_ms;
    for (index, word) in words.iter().enumerate() {
        let Some(start_ms) = possible(word.start_ms) else { continue };
        let spelled = Letters::of(&word.text);
        if spelled.is_empty() {
            continue;
        }
        let Some(found) = letters.find(&spelled, from) else {
            odd.lost_words += 1;
            continue;
        };
        from = found.end;
        let chars = letters.chars(&found);
        if chars.len() > LONGEST_WORD {
            odd.lost_words += 1;
            continue;
        }
        let next_ms = words[index + 1..].iter().find_map(|next| possible(next.start_ms)).unwrap_or(within.end_ms);
        let told = possible(word.end_ms);
        let start_ms = start_ms.clamp(at_ms.min(within.end_ms), within.end_ms);
        let end_ms = told.unwrap_or(next_ms).clamp(start_ms, within.end_ms.max(start_ms));
        at_ms = start_ms;
        placed.push(Word { chars, span: Span::new(start_ms, end_ms), estimated: told.is_none() });
    }
    placed
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
        ];
        told.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect()
    }
}

#[cfg(test)]
mod tests;
