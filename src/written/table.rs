//! A table of a file being read: keys are asked for by name, and those that nobody asked for are refused.

use super::page::MAX_MISTAKES;
use super::words::type_of;
use super::{Fault, Page, Placed, codes, nearest};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table. Every method that takes a key makes that key known; a value of another type than asked for is reported.
#[derive(Debug)]
pub struct Table<'a> {
    page: &'a Page,
    name: String,
    place: Range<usize>,
    entries: &'a DeTable<'a>,
    known: RefCell<Vec<&'static str>>,
    /// Keys that are missing, and how they would be written. Reported last, for one of them may be there misspelt.
    missing: RefCell<Vec<(&'static str, String)>>,
}

impl<'a> Table<'a> {
    /// The table `entries`, called `name` in messages, at `place`.
    #[must_use]
    pub fn new(page: &'a Page, name: &str, place: Range<usize>, entries: &'a DeTable<'a>) -> Self {
        Self { page, name: name.to_owned(), place, entries, known: RefCell::default(), missing: RefCell::default() }
    }

    /// The page it stands on.
    #[must_use]
    pub const fn page(&self) -> &'a Page {
        self.page
    }

    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it begins: its key or header.
    #[must_use]
    pub fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Notes a fault.
    pub fn report(&self, fault: Fault) {
        self.page.report(fault);
    }

    /// Whether it has the key, without making it known.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Where the key stands; the table's place where it does not.
    #[must_use]
    pub fn key_place(&self, key: &str) -> Range<usize> {
        self.entries.get_key_value(key).map_or_else(|| self.place(), |(key, _)| key.span())
    }

    /// Where the value of the key stands; the table's place where there is none.
    #[must_use]
    pub fn value_place(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.place(), Spanned::span)
    }

    /// Every key, in the order of the file. Makes none of them known.
    #[must_use]
    pub fn keys(&self) -> Vec<Placed<String>> {
        let mut keys: Vec<_> =
            self.entries.keys().map(|key| Placed::new(key.get_ref().to_string(), key.span())).collect();
        keys.sort_by_key(|key| key.span.start);
        keys
    }

    /// The value of `key`, of whatever type.
    pub fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        let mut known = self.known.borrow_mut();
        if !known.contains(&key) {
            known.push(key);
        }
        self.entries.get(key)
    }

    /// The value of a key that is a name of the author's own, such as one of `look_for`.
    #[must_use]
    pub fn named_value(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries.get(key)
    }

    /// The string at `key`; one that is empty, or only spaces, is reported.
    pub fn text(&self, key: &'static str) -> Option<Placed<String>> {
        self.text_of(self.value(key)?, &format!("`{key}`"))
    }

    /// The string at `key`, reported where it is missing; an empty one stands in for it then.
    pub fn required_text(&self, key: &'static str) -> Placed<String> {
        self.text(key).unwrap_or_else(|| {
            self.require(key);
            Placed::new(String::new(), self.place())
        })
    }

    /// The list of strings at `key`; empty strings, a string that stands twice and an empty list are reported.
    pub fn texts(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let _ = self.value(key);
        self.named_texts(key)
    }

    /// The list of strings at `key`, which may be the author's own; reports what [`Self::texts`] does.
    pub fn named_texts(&self, key: &str) -> Option<Vec<Placed<String>>> {
        let texts = self.texts_of(key)?;
        let empty =
            self.named_value(key).and_then(|value| value.get_ref().as_array()).is_some_and(|items| items.is_empty());
        if empty {
            let fault = Fault::new(codes::EMPTY, self.value_place(key), format!("`{key}` is an empty list"));
            self.report(fault.label("at least one entry is wanted here"));
        }
        Some(texts)
    }

    /// The list of strings at `key`, which may be empty; empty strings and a string that stands twice are reported.
    pub fn texts_or_none(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let _ = self.value(key);
        self.texts_of(key)
    }

    /// The list of strings at `key`, reported where it is missing.
    pub fn required_texts(&self, key: &'static str) -> Vec<Placed<String>> {
        self.texts(key).unwrap_or_else(|| {
            self.require(key);
            Vec::new()
        })
    }

    /// `true` or `false` at `key`.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(value, &format!("`{key}`"), "true or false");
        }
        flag
    }

    /// The table at `key`.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.named_table(key, self.value(key)?)
    }

    /// The table `value` of the key `key`, which may be the author's own.
    pub fn named_table(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<Table<'a>> {
        let name = format!("`{}`", self.path_of(key));
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(value, &name, "a table");
            return None;
        };
        Some(Table::new(self.page, &name, self.key_place(key), entries))
    }

    /// The tables of the list at `key`; none where there is no such key.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let name = format!("`{}`", self.path_of(key));
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, &name, "a list of tables");
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(entries) => tables.push(Table::new(self.page, &name, item.span(), entries)),
                None => self.wrong_type(item, &format!("an entry of {name}"), "a table"),
            }
        }
        tables
    }

    /// Notes `key` as missing where the table has no such key.
    pub fn require(&self, key: &'static str) {
        self.require_as(key, format!("{key} = …"));
    }

    /// Notes `key`, which would be written like `shape`, as missing where the table has no such key.
    pub fn require_as(&self, key: &'static str, shape: String) {
        let mut missing = self.missing.borrow_mut();
        if !self.has(key) && !missing.iter().any(|(noted, _)| *noted == key) {
            missing.push((key, shape));
        }
    }

    /// Reports every key that is not known, and every key that is missing and not merely misspelt. To be called when
    /// all keys have been asked for.
    pub fn refuse_unknown_keys(&self) {
        let known = self.known.borrow();
        #[cfg(test)]
        asked::note(&self.name, &known);
        let mut misspelt = BTreeSet::new();
        let unknown = self.keys().into_iter().filter(|key| !known.contains(&key.value.as_str()));
        for key in unknown.take(MAX_MISTAKES + 1) {
            misspelt.extend(nearest::nearest(&key.value, known.iter().copied()).first().copied());
            self.report(unknown_key(&key, &self.name, &known));
        }
        for (key, shape) in self.missing.take().into_iter().filter(|(key, _)| !misspelt.contains(key)) {
            let message = format!("`{key}` is missing in {}", self.name);
            self.report(Fault::new(codes::MISSING_KEY, self.place(), message).label(format!("add `{shape}`")));
        }
    }

    /// Reports `value` as of another type than `wanted`.
    pub fn wrong_type(&self, value: &Spanned<DeValue<'_>>, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not {}", type_of(value.get_ref()));
        self.report(Fault::new(codes::WRONG_TYPE, value.span(), message).label(format!("{wanted} is wanted here")));
    }

    /// The string `value`, called `what`.
    pub(crate) fn text_of(&self, value: &Spanned<DeValue<'_>>, what: &str) -> Option<Placed<String>> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(value, what, "a string");
            return None;
        };
        if text.trim().is_empty() {
            self.report(Fault::new(codes::EMPTY, value.span(), format!("{what} must not be empty")));
        }
        Some(Placed::new(text.to_owned(), value.span()))
    }

    fn texts_of(&self, key: &str) -> Option<Vec<Placed<String>>> {
        let value = self.named_value(key)?;
        let what = format!("`{key}`");
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, &what, "a list of strings");
            return None;
        };
        let texts: Vec<_> =
            items.iter().filter_map(|item| self.text_of(item, &format!("an entry of {what}"))).collect();
        let mut seen = BTreeSet::new();
        for text in texts.iter().filter(|text| !seen.insert(text.value.as_str())) {
            self.report(Fault::new(
                codes::DUPLICATE,
                text.span.clone(),
                format!("`{}` stands twice in {what}", text.value),
            ));
        }
        Some(texts)
    }

    fn path_of(&self, key: &str) -> String {
        // The top-level table has a name of words, which is no part of a path.
        match self.name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) {
            Some(parent) => format!("{parent}.{key}"),
            None => key.to_owned(),
        }
    }
}

fn unknown_key(key: &Placed<String>, table: &str, known: &[&'static str]) -> Fault {
    Fault::new(codes::UNKNOWN_KEY, key.span.clone(), format!("unknown key `{}` in {table}", key.value))
        .label(nearest::did_you_mean(&key.value, known.iter().copied()))
        .help(format!("keys that {table} may have: {}", nearest::quoted(known.iter().copied(), ", ")))
}

/// Which keys readers ask for, to hold what is said of files elsewhere against it.
#[cfg(test)]
pub(crate) mod asked {
    use std::cell::RefCell;

    /// A table by the name that messages give it, and its keys.
    type Keys = (String, Vec<&'static str>);

    thread_local! {
        static NOTED: RefCell<Vec<Keys>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn note(table: &str, keys: &[&'static str]) {
        NOTED.with_borrow_mut(|noted| noted.push((table.to_owned(), keys.to_vec())));
    }

    /// The tables that this thread has read since it was last asked.
    pub(crate) fn take() -> Vec<Keys> {
        NOTED.take()
    }
}
