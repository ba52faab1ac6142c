//! `kind = "entity"`: something with a value, or that identifies somebody.

use super::measures::bounded;
use super::words;
use crate::rules::model::{EntityFor, Range};
use crate::written::{Fault, Reference, Table, codes};

/// Kinds of entities, as facts have them.
pub(in crate::rules::file) const KINDS: [&str; 12] = [
    "phone",
    "id_card",
    "bank_card",
    "email",
    "money",
    "percentage",
    "date",
    "time",
    "datetime",
    "duration",
    "number",
    "promise",
];
/// Those whose value is a number.
const NUMBERS: [&str; 5] = ["money", "percentage", "duration", "number", "promise"];
/// No sum that is spoken of is larger.
pub(in crate::rules::file) const MAX_VALUE: f64 = 1e15;

pub(in crate::rules::file) fn read(table: &Table<'_>, references: &mut Vec<Reference>) -> EntityFor {
    let choices = KINDS.map(|kind| (kind, kind));
    let of = table.required_texts("of");
    let kinds: Vec<String> =
        of.iter().filter_map(|kind| table.choose(kind, "an entry of `of`", &choices)).map(str::to_owned).collect();
    let beside = table.texts("with").unwrap_or_default();
    let (with_phrases, with_lists) = words::phrases_and_lists(table, beside, references);
    let columns = table.texts("differs_from").unwrap_or_default();
    let said = table.integer("said_count_at_least", 1..=1_000).unwrap_or(1);
    EntityFor {
        value: read_value(table, &kinds),
        kinds,
        differs_from: columns.into_iter().map(|column| column.value).collect(),
        complete: table.flag("complete"),
        same_as_customer: table.flag("same_as_customer"),
        said_count_at_least: u32::try_from(said).unwrap_or(1),
        with_phrases,
        with_lists,
    }
}

fn read_value(table: &Table<'_>, kinds: &[String]) -> Range {
    let bound = |key| table.number(key, -MAX_VALUE..=MAX_VALUE);
    let value = Range { above: bound("above"), below: bound("below") };
    if value == Range::default() {
        return value;
    }
    if !kinds.iter().all(|kind| NUMBERS.contains(&kind.as_str())) {
        let message = "`above` and `below` hold for numbers, and `of` names what has none";
        table.report(Fault::new(codes::NEVER_TRUE, table.key_place("of"), message).help("make two conditions of it"));
    }
    bounded(table, value, ["above", "below"])
}
