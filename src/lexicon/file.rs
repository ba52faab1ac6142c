//! Lists as written: TOML to [`super::List`].

use super::List;
use super::sounds::{Sounds, SoundsBuilder};
use crate::written::schema::{optional, required};
use crate::written::{Fault, Mistake, Page, Placed, Table, codes, schema};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeSet;

/// A list, and what only its file says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenList {
    /// The list.
    pub list: List,
    /// Whether callsift itself uses it, so that no rule needs to (`used_by = "tool"`).
    pub used_by_tool: bool,
    /// Bytes of the file where the id stands.
    pub id_span: std::ops::Range<usize>,
}

/// Reads the list `text`, whose file is `<language>/<file_stem>.toml` and is shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(language: &str, file_stem: &str, file: &str, text: &str) -> Result<List, Vec<Mistake>> {
    read_written(language, file_stem, file, text).map(|written| written.list)
}

/// Reads a list as [`read`] does; returns with it what only its file says of it.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read_written(language: &str, file_stem: &str, file: &str, text: &str) -> Result<WrittenList, Vec<Mistake>> {
    Page::read(file, text, "the list", |table| read_list(table, &format!("{language}/{file_stem}")))
}

/// The JSON Schema of a list's file, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    let keys = [
        required("id", "The language's folder, a slash, the file's name without .toml", schema::text()),
        required("means", "What its words mean", schema::text()),
        required("owner", "Who looks after it", schema::text()),
        required("source", "Where the words come from", schema::text()),
        required("confidence", "How sure of the source you are", schema::one_of_names(CONFIDENCES)),
        required("terms", "The words, sorted by code point, in small letters, without punctuation", schema::texts(1)),
        optional("never", "Innocent phrases that hold a word, sorted", schema::texts(0)),
        optional(
            "beside",
            "What must stand beside a word of two characters for it to count by its sound",
            schema::texts(0),
        ),
        optional("used_by", "That callsift itself uses it", schema::one_of_names(["tool"])),
    ];
    schema::file("A list of words of callsift", schema::table(keys))
}

/// How sure of a source one can be.
const CONFIDENCES: [&str; 4] = ["read", "reported", "from memory", "ours"];

fn read_list(table: &Table<'_>, expected_id: &str) -> WrittenList {
    let id = table.required_text("id");
    if id.value != expected_id && !id.value.is_empty() {
        let message = format!("the id is `{}`, but the file's place says `{expected_id}`", id.value);
        let help = "an id is the folder's name, a slash and the file's name; rename one of them";
        table.report(
            Fault::new(codes::ID_NOT_PATH, id.span.clone(), message)
                .label(format!("write \"{expected_id}\""))
                .help(help),
        );
    }
    let [means, owner, source] = ["means", "owner", "source"].map(|key| table.required_text(key).value);
    let confidence = table.required_choice("confidence", &CONFIDENCES.map(|it| (it, it)));
    let terms = table.required_texts("terms");
    let never = table.texts_or_none("never").unwrap_or_default();
    let beside = table.texts_or_none("beside").unwrap_or_default();
    for entries in [&terms, &never, &beside] {
        entries.iter().for_each(|entry| refuse_not_normalised(table, entry));
        refuse_unsorted(table, entries);
    }
    refuse_without_term(table, &never, &terms, &beside);
    let used_by_tool = table.choice("used_by", &[("tool", true)]).unwrap_or(false);
    let [terms, never, beside] =
        [terms, never, beside].map(|entries| entries.into_iter().map(|entry| entry.value).collect());
    let confidence = confidence.unwrap_or_default().to_owned();
    WrittenList {
        list: List { id: id.value, means, owner, source, confidence, terms, never, beside },
        used_by_tool,
        id_span: id.span,
    }
}

/// Text is matched without spaces between Han characters, without punctuation, in small letters and compatible forms;
/// an entry that has any of these would never be found.
fn refuse_not_normalised(table: &Table<'_>, entry: &Placed<String>) {
    let normalised = normal_form(&entry.value);
    if normalised != entry.value && !entry.value.trim().is_empty() {
        let message = format!("`{}` can never be found: text is matched in its normalised form", entry.value);
        let label = if normalised.is_empty() { String::new() } else { format!("write \"{normalised}\"") };
        let help = "no punctuation, no spaces between characters, small letters, half width";
        table.report(Fault::new(codes::NOT_NORMALISED, entry.span.clone(), message).label(label).help(help));
    }
}

/// The normalised form as far as width, case, spaces and punctuation go. The text's own normaliser also simplifies
/// characters.
fn normal_form(text: &str) -> String {
    let compatible = icu_normalizer::ComposingNormalizerBorrowed::new_nfkc().normalize(text).to_lowercase();
    let words: Vec<String> = compatible
        .split(|char: char| !char.is_alphanumeric() && char != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut normal = String::new();
    for word in words {
        let between_latin =
            normal.ends_with(|char: char| char.is_ascii()) && word.starts_with(|char: char| char.is_ascii());
        if between_latin {
            normal.push(' ');
        }
        normal.push_str(&word);
    }
    normal
}

fn refuse_unsorted(table: &Table<'_>, entries: &[Placed<String>]) {
    for pair in entries.windows(2) {
        let [first, second] = pair else { continue };
        // The same twice is reported already.
        if first.value > second.value {
            let message = format!("`{}` stands after `{}`, but sorts before it", second.value, first.value);
            let help =
                "entries stand in the order of their code points, so that two people adding to a list see each other";
            table.report(Fault::new(codes::NOT_SORTED, second.span.clone(), message).help(help));
        }
    }
}

/// The terms by their sound, as they are heard in the `never` phrases; reading all sounds takes time, which most lists save.
fn by_sound(never: &[Placed<String>], terms: &[Placed<String>], beside: &[Placed<String>]) -> Sounds {
    let mut sounds = SoundsBuilder::default();
    if never.iter().any(|phrase| !terms.iter().any(|term| phrase.value.contains(&term.value))) {
        let values = |entries: &[Placed<String>]| entries.iter().map(|entry| entry.value.clone()).collect::<Vec<_>>();
        sounds.words(&values(terms), &values(beside));
    }
    sounds.build()
}

fn refuse_without_term(
    table: &Table<'_>,
    never: &[Placed<String>],
    terms: &[Placed<String>],
    beside: &[Placed<String>],
) {
    let all: BTreeSet<&str> = terms.iter().map(|term| term.value.as_str()).filter(|term| !term.is_empty()).collect();
    if never.is_empty() {
        return;
    }
    // Searched once, so what is quickest to build serves best.
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).prefilter(false).build(&all);
    let Ok(any_term) = automaton else { return };
    let sounds = by_sound(never, terms, beside);
    for phrase in never {
        let fault = if all.contains(phrase.value.as_str()) {
            Fault::new(codes::DUPLICATE, phrase.span.clone(), format!("`{}` is both a term and innocent", phrase.value))
                .help("take it out of `terms` or out of `never`")
        } else if any_term.is_match(&phrase.value) || sounds.is_in(&phrase.value) {
            continue;
        } else {
            let message =
                format!("`{}` contains no term and nothing that sounds like one, so it excuses nothing", phrase.value);
            Fault::new(codes::NEVER_WITHOUT_TERM, phrase.span.clone(), message)
                .help("take it out, or add the term that it excuses")
        };
        table.report(fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_has_no_punctuation_and_no_spaces_between_characters() {
        let cases = [
            ("派人到你家", "派人到你家"),
            ("派人,到你家。", "派人到你家"),
            ("派人 到你家", "派人到你家"),
            ("ABC", "abc"),
            ("Send  someone", "send someone"),
            ("don't pay", "don't pay"),
            ("加我VX", "加我vx"),
            ("……", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(normal_form(text), expected, "{text}");
        }
    }
}
