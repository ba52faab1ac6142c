//! Which language the call and its utterances are in, and who said so.

use super::{Observed, count};
use crate::entities::mask_text;
use crate::transcript::tongue::{is_same_tongue, tongue};
use std::collections::BTreeMap;

/// Where nobody says which language a call is in, its words do if so much of them, in characters as spoken, is in one.
const LEAST_SHARE: f64 = 0.6;

/// The call's language and its source: the manifest, else the transcript, else the option, else what was said.
pub(super) fn language(observed: &Observed<'_>) -> (Option<String>, Option<String>) {
    let transcript = observed.transcript;
    let utterances = transcript.into_iter().flat_map(|transcript| &transcript.utterances);
    let sources = [
        (observed.recording.metadata.language.as_deref(), "manifest"),
        (transcript.and_then(|transcript| transcript.language.as_deref()), "transcript"),
        (observed.default_language.as_deref(), "option"),
        (spoken(utterances.map(|utterance| utterance.text.as_str())), "words"),
    ];
    let first = sources.into_iter().find_map(|(tag, source)| Some((tag.filter(|tag| !tag.is_empty())?, source)));
    (first.map(|(tag, _)| mask_text(tag)), first.map(|(_, source)| source.to_owned()))
}

/// The language that most of the texts are in.
fn spoken<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let mut chars: BTreeMap<&'static str, usize> = BTreeMap::new();
    for text in texts {
        if let Some(tongue) = tongue(text) {
            *chars.entry(tongue).or_default() += count::chars(text);
        }
    }
    let all: usize = chars.values().sum();
    let (tongue, most) = chars.into_iter().max_by_key(|(_, count)| *count)?;
    (most as f64 >= LEAST_SHARE * all as f64).then_some(tongue)
}

/// The language of an utterance in a call in `of_call`: what its words tell, else the call's. Words in Latin letters tell English from
/// languages of other scripts only, and Mandarin's characters are those of a call in Wu or Min too.
pub(super) fn of_turn(text: &str, of_call: Option<&str>) -> Option<String> {
    let heard = tongue(text);
    match (heard, of_call) {
        (None, _) => of_call.map(str::to_owned),
        (Some(heard), Some(tag)) if is_same_tongue(heard, tag) || !is_telling(heard, tag) => Some(tag.to_owned()),
        (Some(heard), _) => Some(heard.to_owned()),
    }
}

/// Whether what was heard says that an utterance is not in the language of its call.
fn is_telling(heard: &str, of_call: &str) -> bool {
    let is_any = |tags: &[&str]| tags.iter().any(|tag| is_same_tongue(tag, of_call));
    let in_han = is_any(&["zh", "yue", "ja", "wuu", "nan", "hak", "hsn", "gan"]);
    match heard {
        "zh" => !in_han,
        "en" => in_han || is_any(&["ko", "th", "bo", "ru", "uk", "ar", "fa", "ug", "hi", "mr", "ne"]),
        _ if heard.starts_with("und-") => in_han || is_any(&["en"]),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_in_the_language_that_most_of_it_is_in() {
        let table: [(&str, &[&str], Option<&str>); 4] = [
            ("one", &["您好,请讲", "OK"], Some("zh")),
            ("most", &["您好,请讲", "How can I help you today my friend"], Some("en")),
            ("neither", &["您好,请讲请讲", "thank you very much sir"], None),
            ("none", &["OK", "12"], None),
        ];
        for (name, texts, expected) in table {
            assert_eq!(spoken(texts.iter().copied()), expected, "{name}");
        }
    }

    #[test]
    fn utterances_are_in_the_call_s_language_unless_their_words_say_otherwise() {
        let table = [
            ("the call's", "您好", Some("zh-CN"), Some("zh-CN")),
            ("a dialect", "我冇收到你嘅信", Some("zh-CN"), Some("yue")),
            ("Cantonese in Mandarin's words", "您好", Some("yue"), Some("yue")),
            ("English in a Chinese call", "how can I help you", Some("zh"), Some("en")),
            ("an answer", "OK", Some("zh"), Some("zh")),
            ("German that looks like English", "what the heck and you", Some("de"), Some("de")),
            ("Chinese in an English call", "您好,请讲", Some("en"), Some("zh")),
            ("Russian", "здравствуйте", Some("ru"), Some("ru")),
            ("Russian in a Chinese call", "здравствуйте", Some("zh"), Some("und-Cyrl")),
            ("nobody says", "您好", None, Some("zh")),
            ("nobody can say", "12", None, None),
        ];
        for (name, text, of_call, expected) in table {
            assert_eq!(of_turn(text, of_call).as_deref(), expected, "{name}");
        }
    }
}
