//! The conditions of a rule: what every kind has in common, and which kind it is.

use super::super::expression::{RESERVED, is_name};
use super::super::model::{CallCondition, Kind, LookFor, Place};
use super::super::speakers::Speakers;
use super::{kinds, place};
use crate::units::Role;
use crate::written::{Fault, Placed, Reference, Table, codes, nearest};

/// A condition, and what its place in the file is needed for.
pub(super) struct WrittenLookFor {
    pub(super) look_for: LookFor,
    /// Its name, where it stands.
    pub(super) name: Placed<String>,
    /// The condition that its `where` names, where it stands.
    pub(super) after: Option<Placed<String>>,
}

pub(super) type KindReader = fn(&Table<'_>, &mut Vec<Reference>) -> Kind;

/// Kinds that `kind = "…"` names, and their readers.
pub(super) const NAMED_KINDS: [(&str, KindReader); 12] = [
    ("speech_rate", |table, _| Kind::SpeechRate(kinds::speech_rate::read(table))),
    ("silence", |table, references| Kind::Silence(kinds::silence::read(table, references))),
    ("interruption", |table, _| Kind::Interruption(kinds::interruption::read(table))),
    ("loudness", |table, _| Kind::Loudness(kinds::loudness::read(table))),
    ("emotion", |table, _| Kind::Emotion(kinds::emotion::read(table))),
    ("call", |table, references| Kind::Call(kinds::call::read(table, references))),
    ("repeats", |table, _| Kind::Repeats(kinds::repeats::read(table))),
    ("entity", |table, references| Kind::Entity(kinds::entity::read(table, references))),
    ("talk_share", |table, _| Kind::TalkShare(kinds::measures::talk_share(table))),
    ("turns", |table, _| Kind::Turns(kinds::measures::turns(table))),
    ("latency", |table, _| Kind::Latency(kinds::measures::latency(table))),
    ("history", |table, _| Kind::History(kinds::history::read(table))),
];

/// Keys that say by themselves what is looked for.
const KIND_KEYS: [&str; 5] = ["words", "all_of", "patterns", "similar_to", "kind"];

/// The most conditions in one rule.
const MAX_LOOK_FORS: usize = 30;

/// Every condition, in the order of the file. One that cannot be read is there all the same, so that its name is known.
pub(super) fn read_all(rule: &Table<'_>, references: &mut Vec<Reference>) -> Vec<WrittenLookFor> {
    let Some(table) = rule.table("look_for") else {
        if !rule.has("look_for") {
            let fault = Fault::new(codes::MISSING_KEY, rule.place(), "the rule looks for nothing");
            rule.report(fault.label("add `[look_for.NAME]`"));
        }
        return Vec::new();
    };
    let mut names = table.keys();
    if let Some(name) = names.get(MAX_LOOK_FORS) {
        let said = format!("the rule has {} look_fors", names.len());
        table.out_of_range(name.span.clone(), &said, &format!("at most {MAX_LOOK_FORS}"));
        names.truncate(MAX_LOOK_FORS);
    }
    let mut look_fors: Vec<WrittenLookFor> = Vec::new();
    for name in names {
        refuse_bad_name(&table, &name);
        let entry = table.named_value(&name.value).and_then(|value| table.named_table(&name.value, value));
        let (look_for, after) = match &entry {
            Some(entry) => read_one(entry, &name.value, references),
            None => (stand_in(&name.value), None),
        };
        look_fors.push(WrittenLookFor { look_for, name, after });
    }
    place::refuse_unknown_and_circular(&table, &look_fors);
    look_fors
}

fn refuse_bad_name(table: &Table<'_>, name: &Placed<String>) {
    if !is_name(&name.value) {
        let help = format!(
            "a letter, then letters, digits, `_` or `-`; none of the words of `when`: {}",
            nearest::quoted(RESERVED, ", ")
        );
        let message = format!("a look_for cannot be called `{}`", name.value);
        table.report(Fault::new(codes::BAD_NAME, name.span.clone(), message).help(help));
    }
}

fn stand_in(name: &str) -> LookFor {
    LookFor {
        name: name.to_owned(),
        speakers: Speakers::ANYONE,
        place: Place::Anywhere,
        count_at_least: 1,
        kind: Kind::Call(CallCondition::default()),
    }
}

fn read_one(table: &Table<'_>, name: &str, references: &mut Vec<Reference>) -> (LookFor, Option<Placed<String>>) {
    let mut look_for = stand_in(name);
    look_for.speakers = speakers(table, "speaker");
    let (place, after) = table.text("where").map_or((Place::Anywhere, None), |written| place::read(table, &written));
    look_for.place = place;
    let count = table.integer("count_at_least", 1..=1_000_000).unwrap_or(1);
    look_for.count_at_least = u32::try_from(count).unwrap_or(1);
    if let Some(kind) = read_kind(table, references) {
        look_for.kind = kind;
        table.refuse_unknown_keys();
    }
    (look_for, after)
}

/// One of these, or a list of them.
pub(super) const SPEAKERS: [(&str, Speakers); 5] = [
    ("agent", Speakers::one(Role::Agent)),
    ("customer", Speakers::one(Role::Customer)),
    ("bot", Speakers::one(Role::Bot)),
    ("third", Speakers::one(Role::Third)),
    ("any", Speakers::ANYONE),
];

/// Whom `key` names; anyone where it is absent.
pub(super) fn speakers(table: &Table<'_>, key: &'static str) -> Speakers {
    if !table.value(key).is_some_and(|value| value.get_ref().is_array()) {
        return table.choice(key, &SPEAKERS).unwrap_or(Speakers::ANYONE);
    }
    let named = table.texts(key).unwrap_or_default();
    let what = format!("an entry of `{key}`");
    let roles = named.iter().filter_map(|name| table.choose(name, &what, &SPEAKERS[..SPEAKERS.len() - 1]));
    Speakers::of(roles.flat_map(Speakers::roles))
}

/// The kind, read; `None` where there is not exactly one, so that nobody can say which keys are right.
fn read_kind(table: &Table<'_>, references: &mut Vec<Reference>) -> Option<Kind> {
    let mut present: Vec<&str> = KIND_KEYS.into_iter().filter(|key| table.has(key)).collect();
    present.sort_by_key(|key| table.key_place(key).start);
    match present.as_slice() {
        [] => {
            report_no_kind(table);
            None
        }
        ["words"] | ["all_of"] => Some(Kind::Words(kinds::words::read(table, references))),
        ["patterns"] => Some(Kind::Patterns(kinds::patterns::read(table))),
        ["similar_to"] => Some(Kind::SimilarTo(kinds::similar_to::read(table))),
        [_] => read_named_kind(table, references),
        [first, second, ..] => {
            let message = format!("{} has both `{first}` and `{second}`", table.name());
            let help = "a look_for looks for one kind of thing; make two of it and join them in `when`";
            table.report(
                Fault::new(codes::TWO_KINDS, table.key_place(second), message).label("a second kind").help(help),
            );
            None
        }
    }
}

fn read_named_kind(table: &Table<'_>, references: &mut Vec<Reference>) -> Option<Kind> {
    let kind = table.text("kind")?;
    if matches!(kind.value.as_str(), "words" | "patterns" | "similar_to") {
        let message = format!("`kind` cannot be `{}`", kind.value);
        let help = format!("write `{} = […]` without `kind`", kind.value);
        table.report(Fault::new(codes::UNKNOWN_VALUE, kind.span, message).help(help));
        return None;
    }
    table.choose(&kind, "`kind`", &NAMED_KINDS).map(|reader| reader(table, references))
}

fn report_no_kind(table: &Table<'_>) {
    let keys = table.keys();
    let typo = keys.iter().find_map(|key| Some((key, *nearest::nearest(&key.value, KIND_KEYS).first()?)));
    let (span, label) = match typo {
        Some((key, meant)) => (key.span.clone(), format!("did you mean `{meant}`?")),
        None => (table.place(), String::new()),
    };
    let kinds = nearest::quoted(NAMED_KINDS.map(|(name, _)| name), ", ");
    let help = format!("add `words = […]`, `patterns = […]`, `similar_to = […]`, or `kind = \"…\"`, one of {kinds}");
    let message = format!("{} does not say what to look for", table.name());
    table.report(Fault::new(codes::NO_KIND, span, message).label(label).help(help));
}
