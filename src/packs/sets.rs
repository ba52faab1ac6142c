//! `sets.toml`: which packs and scorecard judge which calls.

use super::model::Set;
use crate::written::{Fault, Mistake, Page, Placed, Reference, Referred, Table, codes, schema};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the sets `text`, shown as `file`; returns with them the packs and scorecards that they name, and where.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(file: &str, text: &str) -> Result<(Vec<Set>, Vec<Reference>), Vec<Mistake>> {
    Page::read(file, text, "the file of sets", |table| {
        let mut references = Vec::new();
        let sets = read_sets(table, &mut references);
        (sets, references)
    })
}

/// The JSON Schema of sets.toml, for editors.
#[must_use]
pub(super) fn schema() -> serde_json::Value {
    let set = schema::table([
        schema::required("name", "Its name", schema::text()),
        schema::required("packs", "The packs that judge", schema::texts(1)),
        schema::optional("scorecard", "The scorecard; the default one where there is none", schema::text()),
        schema::optional("when", "Columns, and the values that each may have", schema::named(schema::texts(1))),
    ]);
    let sets = schema::required("set", "The first that fits a call judges it", schema::list_of(set, 1));
    schema::file("Rule sets of callsift", schema::table([sets]))
}

fn read_sets(table: &Table<'_>, references: &mut Vec<Reference>) -> Vec<Set> {
    table.require_as("set", "[[set]]".to_owned());
    let tables = table.tables("set");
    let mut names = BTreeSet::new();
    let mut sets = Vec::new();
    for (at, set) in tables.iter().enumerate() {
        let name = set.required_text("name");
        if !name.value.is_empty() && !names.insert(name.value.clone()) {
            set.report(Fault::new(
                codes::DUPLICATE,
                name.span.clone(),
                format!("two sets are called `{}`", name.value),
            ));
        }
        refuse_order(set, at + 1 == tables.len());
        sets.push(read_set(set, name, references));
        set.refuse_unknown_keys();
    }
    sets
}

fn refuse_order(set: &Table<'_>, last: bool) {
    let fault = match (last, set.has("when")) {
        (true, true) => {
            Fault::new(codes::SET_ORDER, set.key_place("when"), "the last set must take every call that is left")
                .help("add a last set without `when`")
        }
        (false, false) => {
            Fault::new(codes::SET_ORDER, set.place(), "this set takes every call, so no call reaches the sets after it")
                .help("give it a `when`, or put it last")
        }
        _ => return,
    };
    set.report(fault);
}

fn read_set(set: &Table<'_>, name: Placed<String>, references: &mut Vec<Reference>) -> Set {
    let mut refer = |referred, texts: &[Placed<String>]| {
        for text in texts {
            references.push(Reference { referred, name: text.value.clone(), span: text.span.clone() });
        }
    };
    let packs = set.required_texts("packs");
    refer(Referred::Pack, &packs);
    let scorecard = set.text("scorecard");
    refer(Referred::Card, scorecard.as_slice());
    Set {
        name: name.value,
        packs: packs.into_iter().map(|pack| pack.value).collect(),
        scorecard: scorecard.map(|card| card.value),
        when: read_when(set),
    }
}

fn read_when(set: &Table<'_>) -> BTreeMap<String, Vec<String>> {
    let Some(when) = set.table("when") else { return BTreeMap::new() };
    let mut columns = BTreeMap::new();
    for column in when.keys() {
        let values = when.named_texts(&column.value).unwrap_or_default();
        columns.insert(column.value, values.into_iter().map(|value| value.value).collect());
    }
    if columns.is_empty() {
        let fault = Fault::new(codes::EMPTY, set.value_place("when"), "`when` names no column");
        set.report(fault.label("such as { queue = [\"M1\"] }"));
    }
    columns
}
