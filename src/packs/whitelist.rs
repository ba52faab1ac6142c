//! `whitelist.toml`: scripts that a site approved, and the rules whose findings they excuse.

use crate::rules::Script;
use crate::transcript::normalise::Normalised;
use crate::written::{Fault, Mistake, Page, Placed, Reference, Referred, Table, codes, schema};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Scripts, each placed where its name stands, and the rules that they name, and where.
pub type Whitelist = (Vec<Placed<Script>>, Vec<Reference>);

/// Reads the scripts of `text`, shown as `file`.
///
/// # Errors
///
/// Every mistake in the file, by place.
pub fn read(file: &str, text: &str) -> Result<Whitelist, Vec<Mistake>> {
    Page::read(file, text, "the whitelist", |table| {
        table.require_as("script", "[[script]]".to_owned());
        let (mut references, mut names) = (Vec::new(), BTreeSet::new());
        let tables = table.tables("script");
        let scripts = tables.iter().map(|script| read_script(script, &mut references, &mut names)).collect();
        (scripts, references)
    })
}

/// The schema of a whitelist, for editors.
#[must_use]
pub(super) fn schema() -> serde_json::Value {
    let approved =
        schema::table([schema::required("by", "Who", schema::text()), schema::required("on", "When", schema::date())]);
    let script = schema::table([
        schema::required("name", "Its name", schema::text()),
        schema::required("texts", "What may be said", schema::texts(1)),
        schema::required("rules", "The rules whose findings it excuses", schema::texts(1)),
        schema::optional("products", "Only calls about one of these products", schema::texts(1)),
        schema::required("approved", "Who approved it, and when", approved),
        schema::required("until", "The last day on which it excuses", schema::date()),
    ]);
    let scripts = schema::required("script", "What a site approved", schema::list_of(script, 1));
    schema::file("A whitelist of callsift", schema::table([scripts]))
}

/// What to say of a second script of that name, the first one standing at `first`.
pub(super) fn duplicate(name: &Placed<Script>, first: &str) -> Fault {
    let message = format!("there is already a script `{}`", name.value.name);
    Fault::new(codes::DUPLICATE, name.span.clone(), message).label(format!("the other one is {first}"))
}

fn read_script(table: &Table<'_>, references: &mut Vec<Reference>, names: &mut BTreeSet<String>) -> Placed<Script> {
    let name = table.required_text("name");
    let rules = table.required_texts("rules");
    let refer = |rule: &Placed<String>| Reference {
        referred: Referred::Rule,
        name: rule.value.clone(),
        span: rule.span.clone(),
    };
    references.extend(rules.iter().map(refer));
    let (approved_by, approved_on) = read_approval(table);
    let products = table.texts("products").unwrap_or_default();
    let script = Script {
        name: name.value,
        texts: read_texts(table),
        rules: rules.into_iter().map(|rule| rule.value).collect(),
        products: products.into_iter().map(|product| product.value).collect(),
        approved_by,
        approved_on: approved_on.unwrap_or_default(),
        until: read_until(table, approved_on).unwrap_or_default(),
    };
    table.refuse_unknown_keys();
    let placed = Placed::new(script, name.span);
    if !placed.value.name.is_empty() && !names.insert(placed.value.name.clone()) {
        table.report(duplicate(&placed, "in this file"));
    }
    placed
}

fn read_texts(table: &Table<'_>) -> Vec<String> {
    let texts = table.required_texts("texts");
    for text in texts.iter().filter(|text| Normalised::of(&text.value).text().is_empty()) {
        if !text.value.trim().is_empty() {
            let message = format!("`{}` has no words, so nothing is ever said inside it", text.value);
            table.report(Fault::new(codes::EMPTY, text.span.clone(), message));
        }
    }
    texts.into_iter().map(|text| text.value).collect()
}

fn read_approval(table: &Table<'_>) -> (String, Option<Date>) {
    table.require_as("approved", "approved = { by = \"…\", on = \"2026-11-01\" }".to_owned());
    let Some(approved) = table.table("approved") else { return (String::new(), None) };
    let by = approved.required_text("by").value;
    approved.require("on");
    let on = approved.date("on");
    approved.refuse_unknown_keys();
    (by, on.map(|date| date.value))
}

fn read_until(table: &Table<'_>, approved_on: Option<Date>) -> Option<Date> {
    table.require_as("until", "until = \"2027-01-01\"".to_owned());
    let until = table.date("until")?;
    if let Some(on) = approved_on.filter(|on| until.value < *on) {
        let message = format!("`until` ({}) is before `approved.on` ({on})", until.value);
        let fault = Fault::new(codes::NEVER_TRUE, until.span, message);
        table.report(fault.label(format!("{on} or later is allowed")));
    }
    Some(until.value)
}
