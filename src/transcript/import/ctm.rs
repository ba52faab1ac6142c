//! CTM, as NIST's scoring tools and Kaldi write it: a line a word, `file channel start duration word [confidence]`.

use super::draft::{Draft, DraftWord};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Whether `text` is of this shape: whatever is no comment has the fields of a word.
pub(super) fn is(text: &str) -> bool {
    let mut lines = lines(text).peekable();
    lines.peek().is_some() && lines.all(|line| Line::of(line).is_some() || is_alternative(line))
}

/// Reads what is of this shape. Times are in seconds.
pub(super) fn read(text: &str) -> Result<Transcript, ImportError> {
    let mut draft = Draft::default();
    let mut files = BTreeSet::new();
    let mut channels: BTreeMap<&str, Vec<DraftWord>> = BTreeMap::new();
    for line in lines(text).filter(|line| !is_alternative(line)) {
        let Some(line) = Line::of(line) else {
            draft.unreadable += 1;
            continue;
        };
        files.insert(line.file);
        let end_ms = line.start_ms + line.length_ms;
        let word = DraftWord::new(line.word, Some(line.start_ms), Some(end_ms), line.confidence);
        channels.entry(line.channel).or_default().extend((!is_sign(line.word)).then_some(word));
    }
    if files.len() > 1 {
        let why = format!("names {} recordings; give each recording's lines in a file of its own", files.len());
        return Err(ImportError::BadField { place: "first field".to_owned(), why });
    }
    if files.is_empty() && draft.unreadable > 0 {
        return Err(ImportError::NotOfFormat {
            format: Format::Ctm.name(),
            why: "it has no line of a word".to_owned(),
        });
    }
    // The channel of a mono recording is called 1 or A too, whoever speaks there.
    let alone = channels.len() == 1;
    for (index, words) in (0..).zip(channels.into_values()) {
        let speaker = if alone { Speaker::Role(Role::Unknown) } else { Speaker::Channel(index) };
        draft.add_words(words.into_iter().map(|word| (speaker, word)));
    }
    draft.finish_of("lines")
}

/// The lines that are no comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(";;"))
}

/// Where other readings of the same words begin and end: `file channel * * <ALT_BEGIN>`.
fn is_alternative(line: &str) -> bool {
    line.contains("<ALT")
}

/// What is no word: `<eps>`, `[noise]`.
fn is_sign(word: &str) -> bool {
    word.starts_with(['<', '[']) && word.ends_with(['>', ']'])
}

/// A word's line.
struct Line<'a> {
    file: &'a str,
    channel: &'a str,
    start_ms: f64,
    length_ms: f64,
    word: &'a str,
    confidence: Option<f64>,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let mut fields = line.split_whitespace();
        let (file, channel) = (fields.next()?, fields.next().filter(|channel| channel.len() <= 2)?);
        let mut seconds = || fields.next()?.parse::<f64>().ok().filter(|it| it.is_finite() && *it >= 0.0);
        let (start, length) = (seconds()?, seconds()?);
        let word = fields.next()?;
        let confidence = fields.next().and_then(|it| it.parse().ok());
        Some(Self { file, channel, start_ms: start * 1_000.0, length_ms: length * 1_000.0, word, confidence })
    }
}
