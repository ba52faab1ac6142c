//! Alibaba Cloud: transcription of files, its messages in camel case, contact-centre analysis, and Model Studio.

use super::draft::{Draft, DraftWord, Segment, unspaced};
use super::json::{channel, measures, name, number};
use super::roles::role;
use super::rows::{Object, Rows, Who, any_row, lists, plain, visit};
use super::sensevoice::tagged;
use super::{Format, ImportError};
use crate::transcript::{Speaker, Transcript};
use crate::units::Role;
use serde_json::Value;
use std::collections::BTreeMap;

/// Lists of sentences, as [`plain`] writes keys.
const LISTS: [&str; 3] = ["sentences", "asrresult", "dialogues"];

/// What is measured of a sentence. `EmotionValue` is a tenth of its loudness in dB, and says nothing of emotion.
const MEASURES: [&str; 3] = ["speechrate", "emotionvalue", "silenceduration"];

/// Whether `values` are a result of Alibaba Cloud.
pub(super) fn is(values: &[Value]) -> bool {
    any_row(values, &LISTS, |row| is_sentence(&alike(row)))
        || visit(values, &LISTS, &mut |map| {
            let is_empty = |key: &str| map.get(key).and_then(Value::as_array).is_some_and(Vec::is_empty);
            is_empty("Sentences") || is_empty("asrResult")
        })
}

/// Reads a result. A sentence's speaker is the role that is named, else the channel where there are several, else the voice.
pub(super) fn read(values: &[Value]) -> Result<Transcript, ImportError> {
    let mut rows = Rows::default();
    visit(values, &LISTS, &mut |map| {
        let holder = alike(map);
        let mut said: Vec<(Who, Segment)> = Vec::new();
        for list in lists(map, &LISTS) {
            rows.found = true;
            let read: Vec<_> = list.iter().filter_map(|row| sentence(row.as_object()?, &holder)).collect();
            rows.unread += list.len() - read.len();
            said.extend(read);
        }
        if is_sentence(&holder) {
            // Words beside its text are its own.
            said.extend(sentence(map, &Alike::new()));
        } else {
            spread_words(&holder, &mut said);
        }
        said.into_iter().for_each(|(who, segment)| rows.push(who, segment));
        false
    });
    rows.finish(Draft::default(), Format::Aliyun, "Sentences")
}

/// An object by its keys as [`plain`] writes them.
type Alike<'a> = BTreeMap<String, &'a Value>;

fn alike(map: &Object) -> Alike<'_> {
    map.iter().map(|(key, value)| (plain(key), value)).collect()
}

fn number_of(row: &Alike<'_>, keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| number(row.get(*key)?))
}

fn text_of<'a>(row: &Alike<'a>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| row.get(*key)?.as_str())
}

/// Whether a row is a sentence: one of the services' own, told from others' by the way in which they name times and words.
fn is_sentence(row: &Alike<'_>) -> bool {
    let has = |key: &str| row.contains_key(key);
    let of_files = || has("begintime") && has("endtime") && text_of(row, &["text"]).is_some();
    let is_centre = has("role") || has("identity") || has("speechrate");
    of_files() || is_centre && has("begin") && has("end") && text_of(row, &["words"]).is_some()
}

fn sentence(raw: &Object, holder: &Alike<'_>) -> Option<(Who, Segment)> {
    let row = alike(raw);
    let tagged = tagged(text_of(&row, &["text", "words"])?);
    // Contact centres write the time of day as beginTime beside begin, which is the offset.
    let (start_ms, end_ms) = (number_of(&row, &["begin", "begintime"]), number_of(&row, &["end", "endtime"]));
    let list = row.get("words").and_then(|words| words.as_array());
    let segment = Segment {
        emotion: tagged.emotion.or_else(|| text_of(&row, &["emotion"]).map(str::to_owned)),
        event: tagged.event,
        vendor_measures: measured(raw),
        words: list.into_iter().flatten().filter_map(word).map(|(_, word)| word).collect(),
        ..Segment::new(Speaker::Role(Role::Unknown), start_ms, end_ms, unspaced(&tagged.text))
    };
    let name = |key: &str| name(row.get(key)?);
    let named: Vec<String> = ["role", "rolename", "identity"].into_iter().filter_map(name).collect();
    let known = named.iter().find(|it| role(it).is_some()).or(named.first()).cloned();
    let on = [&row, holder].into_iter().find_map(|it| channel(it.get("channelid")?));
    Some((Who { channel: on, name: known.or_else(|| name("speakerid")) }, segment))
}

fn measured(raw: &Object) -> Option<String> {
    let keys: Vec<&str> =
        raw.keys().map(String::as_str).filter(|key| MEASURES.contains(&plain(key).as_str())).collect();
    measures(raw, &keys)
}

/// A word and its channel.
fn word(value: &Value) -> Option<(Option<u16>, DraftWord)> {
    let row = alike(value.as_object()?);
    let text = text_of(&row, &["word", "text"])?;
    let (start_ms, end_ms) = (number_of(&row, &["begintime"]), number_of(&row, &["endtime"]));
    Some((row.get("channelid").and_then(|it| channel(it)), DraftWord::new(text, start_ms, end_ms, None)))
}

/// Gives the sentences the words that stand in a list beside theirs: each word to the sentence of its channel in which it starts.
fn spread_words(holder: &Alike<'_>, said: &mut [(Who, Segment)]) {
    let Some(Value::Array(list)) = holder.get("words") else { return };
    let mut places: BTreeMap<Option<u16>, Vec<(f64, usize)>> = BTreeMap::new();
    for (index, (who, segment)) in said.iter().enumerate() {
        let start_ms = segment.start_ms.unwrap_or(f64::NEG_INFINITY);
        places.entry(who.channel).or_default().push((start_ms, index));
    }
    places.values_mut().for_each(|of_one| of_one.sort_by(|one, other| one.0.total_cmp(&other.0)));
    for (on, word) in list.iter().filter_map(word) {
        let (Some(places), Some(start_ms)) = (places.get(&on), word.start_ms) else { continue };
        let after = places.partition_point(|&(from_ms, _)| from_ms <= start_ms);
        let Some(&(_, index)) = after.checked_sub(1).and_then(|at| places.get(at)) else { continue };
        if said[index].1.end_ms.is_none_or(|end_ms| start_ms < end_ms) {
            said[index].1.words.push(word);
        }
    }
}

#[cfg(test)]
mod tests;
