//! Files of labelled dialogues: whole calls or parts of them, and which rules a person would have report them.

use super::super::model::Example;
use super::example::read_call;
use crate::written::{Fault, Mistake, Page, Table, codes};
use std::collections::BTreeSet;

/// A file of dialogues.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialogues {
    /// The rules for which the dialogues are labelled.
    pub assessed: BTreeSet<String>,
    /// Rules that can only be held against a call from its first word to its last.
    pub whole_only: BTreeSet<String>,
    /// The dialogues, in the order of the file.
    pub dialogues: Vec<Dialogue>,
}

/// A call or a part of one, and what a person says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialogue {
    /// The rule it was written for.
    pub focus: String,
    /// Whether it is a call from its first word to its last.
    pub whole: bool,
    /// Every rule that should report it.
    pub reports: BTreeSet<String>,
    /// Its name, its lines and what is known of it.
    pub call: Example,
}

/// Reads the dialogues `text`, shown as `file`. Languages of dialogues that name none are `language`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read_dialogues(file: &str, text: &str, language: &str) -> Result<Dialogues, Vec<Mistake>> {
    Page::read(file, text, "the file of dialogues", |table| {
        let rules = |key| table.texts_or_none(key).unwrap_or_default().into_iter().map(|rule| rule.value).collect();
        table.require("assessed");
        let (assessed, whole_only) = (rules("assessed"), rules("whole_only"));
        let mut names = BTreeSet::new();
        let tables = table.tables("dialogue");
        let dialogues = tables.iter().map(|table| read_one(table, &mut names, language)).collect();
        Dialogues { assessed, whole_only, dialogues }
    })
}

fn read_one(table: &Table<'_>, names: &mut BTreeSet<String>, language: &str) -> Dialogue {
    let name = table.required_text("name");
    if !names.insert(name.value.clone()) {
        let message = format!("two dialogues are called `{}`", name.value);
        table.report(Fault::new(codes::DUPLICATE, name.span.clone(), message));
    }
    table.require("reports");
    let dialogue = Dialogue {
        focus: table.required_text("focus").value,
        whole: table.flag("whole").unwrap_or(false),
        reports: table.texts_or_none("reports").unwrap_or_default().into_iter().map(|rule| rule.value).collect(),
        call: read_call(table, name, Some(&language.to_owned())),
    };
    table.refuse_unknown_keys();
    dialogue
}
