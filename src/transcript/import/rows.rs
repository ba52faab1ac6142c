//! What readers of vendors' results share: where the list of sentences is hidden, who spoke which, and what is left out.

use super::draft::{Draft, DraftWord, Segment};
use super::json::unwrapped;
use super::roles::{Voices, role};
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What vendors and those who save their answers put around a result, as [`plain`] writes it.
const WRAPPERS: [&str; 15] = [
    "asrresult",
    "body",
    "content",
    "data",
    "flashresult",
    "orderresult",
    "output",
    "payload",
    "response",
    "result",
    "results",
    "taskresult",
    "tasksinfo",
    "transcription",
    "transcripts",
];

/// How many wrappers deep a result is looked for; a list counts as one.
const DEEPEST: usize = 10;

/// How many rows of a list are looked at to tell what it is.
const LOOKED_AT: usize = 20;

/// An object of JSON.
pub(super) type Object = Map<String, Value>;

/// Who spoke, as far as the vendor says.
#[derive(Clone, Default)]
pub(super) struct Who {
    pub(super) channel: Option<u16>,
    /// A role's name, or what tells a voice from others.
    pub(super) name: Option<String>,
}

/// The sentences of a result, as they are found.
#[derive(Default)]
pub(super) struct Rows {
    rows: Vec<(Who, Segment)>,
    /// How many entries had no text where it is expected.
    pub(super) unread: usize,
    /// Whether a list of sentences was found, be it empty.
    pub(super) found: bool,
}

impl Rows {
    pub(super) fn push(&mut self, who: Who, segment: Segment) {
        self.found = true;
        self.rows.push((who, segment));
    }

    /// Adds the entries of a list; `read` gives nothing for one that it cannot read.
    pub(super) fn add(&mut self, list: &[Value], read: impl Fn(&Object) -> Option<(Who, Segment)>) {
        self.found = true;
        for entry in list {
            match entry.as_object().and_then(&read) {
                Some((who, segment)) => self.push(who, segment),
                None => self.unread += 1,
            }
        }
    }

    /// Every sentence of the lists under `keys`, and every one that stands in a list of its own, which `is_sentence` tells from
    /// other objects. `read` is given the object that holds the list, where there is one.
    pub(super) fn gather(
        values: &[Value],
        keys: &[&str],
        is_sentence: impl Fn(&Object) -> bool,
        read: impl Fn(Option<&Object>, &Object) -> Option<(Who, Segment)>,
    ) -> Self {
        let mut rows = Self::default();
        visit(values, keys, &mut |map| {
            for list in lists(map, keys) {
                rows.add(&list, |row| read(Some(map), row));
            }
            if let Some((who, segment)) = Some(map).filter(|map| is_sentence(map)).and_then(|map| read(None, map)) {
                rows.push(who, segment);
            }
            false
        });
        rows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The transcript, in `draft` what is known beside the sentences. `place` is where they are expected.
    ///
    /// # Errors
    ///
    /// Where there is no list of sentences, so that the file is in another format, and where none of its entries can be read.
    pub(super) fn finish(self, mut draft: Draft, format: Format, place: &str) -> Result<Transcript, ImportError> {
        if self.rows.is_empty() && self.unread == 0 && !self.found {
            return Err(ImportError::NotOfFormat { format: format.name(), why: format!("it has no {place}") });
        }
        draft.engine.get_or_insert_with(|| format.name().to_owned());
        draft.unreadable += self.unread;
        let speakers = speakers(self.rows.iter().map(|(who, _)| who));
        let segments = speakers.into_iter().zip(self.rows);
        draft.segments.extend(segments.map(|(speaker, (_, segment))| Segment { speaker, ..segment }));
        draft.finish_of(place)
    }
}

/// Who spoke each sentence: a role where one is named, else the channel where there are several, else a voice. One voice that is
/// called 0 throughout is what engines write that were not asked to tell voices apart.
fn speakers<'a>(all: impl Iterator<Item = &'a Who> + Clone) -> Vec<Speaker> {
    let channels: BTreeSet<u16> = all.clone().filter_map(|who| who.channel).collect();
    let names: BTreeSet<&str> = all.clone().filter_map(|who| who.name.as_deref()).collect();
    let told_apart = names.iter().ne(["0"].iter());
    // Some count the two channels from 1.
    let first = if channels.iter().eq(&[1, 2]) { 1 } else { 0 };
    let mut voices = Voices::default();
    all.map(|who| match (who.channel, who.name.as_deref()) {
        (_, Some(name)) if role(name).is_some() => voices.speaker(name),
        (Some(channel), _) if channels.len() > 1 => Speaker::Channel(channel - first),
        (_, Some(name)) if told_apart => voices.voice(name),
        (Some(channel), _) => Speaker::Channel(channel),
        _ => Speaker::Role(Role::Unknown),
    })
    .collect()
}

/// Shows `see` every object of `values`, and those inside the wrappers around a result, outermost first, until it says that it
/// has seen enough; whether it did. Lists under `keys` are left to it.
pub(super) fn visit(values: &[Value], keys: &[&str], see: &mut dyn FnMut(&Object) -> bool) -> bool {
    values.iter().any(|value| descend(value, DEEPEST, keys, see))
}

fn descend(value: &Value, deeper: usize, keys: &[&str], see: &mut dyn FnMut(&Object) -> bool) -> bool {
    let Some(left) = deeper.checked_sub(1) else { return false };
    match value {
        Value::Object(map) => {
            see(map)
                || map.iter().any(|(key, inner)| {
                    let key = plain(key);
                    let is_theirs = keys.contains(&key.as_str()) && list(inner).is_some();
                    WRAPPERS.contains(&key.as_str()) && !is_theirs && descend(inner, left, keys, see)
                })
        }
        Value::Array(entries) => entries.iter().any(|entry| descend(entry, left, keys, see)),
        Value::String(_) => match unwrapped(value) {
            Value::String(_) => false,
            inner => descend(&inner, left, keys, see),
        },
        _ => false,
    }
}

/// Whether a list under one of `keys`, or `values` themselves, have a row that `is_row` knows among their first.
pub(super) fn any_row(values: &[Value], keys: &[&str], is_row: impl Fn(&Object) -> bool) -> bool {
    visit(values, keys, &mut |map| {
        let knows = |list: Cow<'_, [Value]>| list.iter().take(LOOKED_AT).filter_map(Value::as_object).any(&is_row);
        is_row(map) || lists(map, keys).into_iter().any(knows)
    })
}

/// The lists under `keys`, which are as [`plain`] writes them, also where they are JSON inside a string.
pub(super) fn lists<'a>(map: &'a Object, keys: &[&str]) -> Vec<Cow<'a, [Value]>> {
    map.iter().filter(|(key, _)| keys.contains(&plain(key).as_str())).filter_map(|(_, value)| list(value)).collect()
}

fn list(value: &Value) -> Option<Cow<'_, [Value]>> {
    match value {
        Value::Array(entries) => Some(Cow::Borrowed(entries)),
        Value::String(_) => match unwrapped(value) {
            Value::Array(entries) => Some(Cow::Owned(entries)),
            _ => None,
        },
        _ => None,
    }
}

/// A key without what differs between `BeginTime`, `beginTime` and `begin_time`.
pub(super) fn plain(key: &str) -> String {
    key.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// `words` with times from the start of the recording, where they count from the start of their sentence.
///
/// Documents and engines differ in which it is; the last word's end tells, since it ends with the sentence.
pub(super) fn from_the_start(words: &mut [DraftWord], start_ms: Option<f64>, end_ms: Option<f64>) {
    let last_ms = words.iter().rev().find_map(|word| word.end_ms.or(word.start_ms));
    let (Some(start_ms), Some(last_ms)) = (start_ms, last_ms) else { return };
    let first_ms = words.iter().find_map(|word| word.start_ms).unwrap_or(last_ms);
    let is_absolute = match end_ms {
        Some(end_ms) => (last_ms - end_ms).abs() < (start_ms + last_ms - end_ms).abs(),
        None => first_ms >= start_ms,
    };
    if !is_absolute {
        for ms in words.iter_mut().flat_map(|word| [&mut word.start_ms, &mut word.end_ms]).flatten() {
            *ms += start_ms;
        }
    }
}

#[cfg(test)]
mod tests;
