//! Subtitles: what SubRip and WebVTT share.

use super::draft::{Draft, DraftWord, Segment, join};
use super::roles::{Voices, role};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;

/// The longest name that stands before a colon, characters.
const LONGEST_NAME: usize = 20;

/// The longest mark of style or time, bytes.
const LONGEST_MARK: usize = 200;

/// One subtitle: from when to when, and its lines.
pub(super) struct Cue<'a> {
    times: Option<(f64, f64)>,
    lines: Vec<&'a str>,
}

/// The cues of `text`: what follows a line of times, to the next empty line, or to the next line of times where there is none.
pub(super) fn cues(text: &str) -> Vec<Cue<'_>> {
    let mut cues: Vec<Cue<'_>> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.contains("-->") {
            // The number of this cue, where no empty line stands before it.
            let is_number = |line: &&str| !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
            if let Some(before) = cues.last_mut().filter(|it| open && it.lines.last().is_some_and(is_number)) {
                before.lines.pop();
            }
            cues.push(Cue { times: times(line), lines: Vec::new() });
            open = true;
        } else if line.is_empty() {
            open = false;
        } else if let Some(cue) = cues.last_mut().filter(|_| open) {
            cue.lines.push(line);
        }
    }
    cues
}

/// The times of `00:00:01,000 --> 00:00:02.500 align:start`, ms.
pub(super) fn times(line: &str) -> Option<(f64, f64)> {
    let (start, rest) = line.split_once("-->")?;
    Some((clock(start.trim())?, clock(rest.split_whitespace().next()?)?))
}

/// `01:02:03,450`, or without hours, ms.
fn clock(text: &str) -> Option<f64> {
    let text = text.replace(',', ".");
    let mut parts = text.rsplit(':');
    let seconds: f64 = parts.next()?.parse().ok()?;
    let minutes: u32 = parts.next()?.parse().ok()?;
    let hours: u32 = parts.next().map_or(Some(0), |hours| hours.parse().ok())?;
    let is_clock = parts.next().is_none() && (0.0..60.0).contains(&seconds) && minutes < 60;
    is_clock.then(|| (f64::from(hours) * 3_600.0 + f64::from(minutes) * 60.0 + seconds) * 1_000.0)
}

/// As [`cues`]; an error where there are none in what is said to be in `format`.
pub(super) fn some_cues(text: &str, format: Format) -> Result<Vec<Cue<'_>>, ImportError> {
    let cues = cues(text);
    if cues.is_empty() {
        return Err(ImportError::NotOfFormat { format: format.name(), why: "it has no line of times".to_owned() });
    }
    Ok(cues)
}

/// The transcript of `cues`.
pub(super) fn transcript(cues: &[Cue<'_>], language: Option<String>) -> Result<Transcript, ImportError> {
    let mut draft = Draft { language, ..Draft::default() };
    let mut voices = Voices::default();
    for cue in cues {
        match cue.times {
            Some(times) => draft.segments.extend(segments(cue, times, &mut voices)),
            None => draft.unreadable += 1,
        }
    }
    draft.finish_of("cues")
}

/// The segments of a cue: one, but where its lines name speakers, one for each who is named.
fn segments(cue: &Cue<'_>, (start_ms, end_ms): (f64, f64), voices: &mut Voices) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for line in &cue.lines {
        let (name, mut pieces) = pieces(line.trim_start_matches(['-', '–']).trim(), start_ms);
        let mut speaker = name.map(|name| voices.speaker(&name));
        if let Some(first) = pieces.first_mut().filter(|_| speaker.is_none())
            && let Some((before, rest)) = prefixed(&first.1, voices)
        {
            speaker = Some(before);
            first.1 = rest;
        }
        let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
        let words = of_pieces(&pieces, end_ms);
        match segments.last_mut().filter(|_| speaker.is_none()) {
            Some(segment) => {
                join(&mut segment.text, text.trim());
                segment.words.extend(words);
            }
            None => {
                let speaker = speaker.unwrap_or(Speaker::Role(Role::Unknown));
                let segment = Segment::new(speaker, Some(start_ms), Some(end_ms), text.trim());
                segments.push(Segment { words, ..segment });
            }
        }
    }
    segments
}

/// The pieces of a line between times, each with when it begins, without marks of style; and who `<v Name>` says speaks.
fn pieces(line: &str, start_ms: f64) -> (Option<String>, Vec<(f64, String)>) {
    let mut name = None;
    let mut pieces = vec![(start_ms, String::new())];
    let mut rest = line;
    while let Some((at, end)) = mark(rest) {
        let inside = &rest[at + 1..end];
        push(&mut pieces, &rest[..at]);
        rest = &rest[end + 1..];
        if let Some(ms) = clock(inside) {
            pieces.push((ms, String::new()));
        } else if let Some(voice) = inside.strip_prefix('v').filter(|it| it.starts_with([' ', '.', '\t'])) {
            name = voice.split_once([' ', '\t']).map(|(_, name)| unescaped(name.trim()));
        }
    }
    push(&mut pieces, rest);
    (name.filter(|name| !name.is_empty()), pieces)
}

/// Where the first mark of `text` stands, `<i>`, `</v>`, `<00:01.500>` or `{\\an8}`, from its first byte to its last; a lone `<` is
/// none, and what is not closed within [`LONGEST_MARK`] bytes.
fn mark(text: &str) -> Option<(usize, usize)> {
    let begins = |at: usize| {
        let inside = &text[at + 1..];
        match text.as_bytes()[at] {
            b'<' => inside.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/'),
            _ => inside.starts_with('\\'),
        }
    };
    text.match_indices(['<', '{']).find_map(|(at, open)| {
        let close = if open == "<" { b'>' } else { b'}' };
        let end = text.as_bytes()[at..].iter().take(LONGEST_MARK).position(|&byte| byte == close)?;
        begins(at).then_some((at, at + end))
    })
}

fn push(pieces: &mut [(f64, String)], text: &str) {
    if let Some((_, piece)) = pieces.last_mut() {
        piece.push_str(&unescaped(text));
    }
}

fn unescaped(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (name, c)| text.replace(name, c))
}

/// Words, where there are times inside the line.
fn of_pieces(pieces: &[(f64, String)], end_ms: f64) -> Vec<DraftWord> {
    let starts: Vec<f64> = pieces.iter().map(|&(start_ms, _)| start_ms).collect();
    if starts.len() < 2 {
        return Vec::new();
    }
    let ends = starts[1..].iter().copied().chain([end_ms]);
    pieces.iter().zip(ends).map(|((start, text), end)| DraftWord::new(text, Some(*start), Some(end), None)).collect()
}

/// Who `Agent: …`, `客户：…` or `[SPEAKER_01]: …` says speaks, where it is plain, and what they say.
fn prefixed(text: &str, voices: &mut Voices) -> Option<(Speaker, String)> {
    let (name, rest) = text.split_once([':', '：'])?;
    let name = name.trim().trim_start_matches(['[', '【', '(']).trim_end_matches([']', '】', ')']).trim();
    if name.chars().count() > LONGEST_NAME {
        return None;
    }
    let speaker = role(name).map(Speaker::Role).or_else(|| is_voice(name).then(|| voices.voice(name)))?;
    Some((speaker, rest.trim().to_owned()))
}

/// Whether `name` numbers a voice, as programs that tell voices apart do.
fn is_voice(name: &str) -> bool {
    let lower = name.to_lowercase();
    let number = ["speaker", "spk", "说话人", "发言人"].iter().find_map(|word| lower.strip_prefix(word));
    number.is_some_and(|number| {
        let number = number.trim_start_matches(['_', ' ', '-']);
        !number.is_empty() && number.len() <= 3 && number.chars().all(char::is_alphanumeric)
    })
}
