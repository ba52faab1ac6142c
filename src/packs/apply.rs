//! Overrides applied to the text of a rule, so that the rule's own reader checks the new values.

use super::overrides::Override;
use crate::rules::model::Rule;
use crate::written::nearest::{did_you_mean, quoted};
use crate::written::{Fault, Mistake, Reference, codes};
use crate::{rules, written};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What an override may reach; `status` and `severity` have keys of their own.
const OPEN: [&str; 7] = ["in_force", "languages", "look_for", "needs", "report", "severity", "status"];

/// An override and the file it stands in.
#[derive(Clone)]
pub(super) struct Placed {
    pub(super) change: Override,
    pub(super) file: String,
    pub(super) text: Arc<str>,
}

impl Placed {
    /// `fault` as a mistake of the file of the override.
    pub(super) fn mistake(&self, fault: Fault) -> Mistake {
        Mistake::new(&self.file, Arc::clone(&self.text), fault)
    }
}

/// A rule's file, which was read without mistake.
pub(super) struct File<'r> {
    pub(super) pack: &'r str,
    pub(super) stem: &'r str,
    pub(super) file: &'r str,
    pub(super) text: &'r str,
}

/// The rule with `changes` made, and the lists that it names by them.
///
/// Errors: paths that the rule does not have, what the rule's reader says of the new values, and lists that do not
/// exist; all point at the overrides.
pub(super) fn apply(
    rule: &File<'_>,
    changes: &[Placed],
    has_list: &dyn Fn(&str) -> bool,
) -> Result<(Rule, Vec<String>), Vec<Mistake>> {
    let Ok(root) = DeTable::parse(rule.text) else { return Err(Vec::new()) };
    let (mut splices, mut mistakes) = (Vec::new(), Vec::new());
    for (by, placed) in changes.iter().enumerate() {
        match locate(root.get_ref(), rule.text, &placed.change) {
            Some((range, text)) => splices.push(Splice { range, text, by }),
            None => mistakes.push(placed.mistake(unknown_path(root.get_ref(), &placed.change))),
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let (text, made) = splice(rule.text, splices);
    let (changed, references) = rules::file::read_referring(rule.pack, rule.stem, rule.file, &text)
        .map_err(|mistakes| mistakes.into_iter().map(|mistake| blame(&mistake, &made, changes)).collect::<Vec<_>>())?;
    let (lists, mistakes) = lists_of_changes(references, &made, changes, has_list);
    if mistakes.is_empty() { Ok((changed, lists)) } else { Err(mistakes) }
}

/// The lists that stand in changed text, and those of them that do not exist.
fn lists_of_changes(
    references: Vec<Reference>,
    made: &[(Range<usize>, usize)],
    changes: &[Placed],
    has_list: &dyn Fn(&str) -> bool,
) -> (Vec<String>, Vec<Mistake>) {
    let (mut lists, mut mistakes) = (Vec::new(), Vec::new());
    for reference in references {
        let Some((_, by)) = made.iter().find(|(range, _)| range.contains(&reference.span.start)) else { continue };
        let placed = &changes[*by];
        if !has_list(&reference.name) {
            let message = format!("there is no list `{}`", reference.name);
            mistakes.push(placed.mistake(Fault::new(codes::UNKNOWN_NAME, placed.change.value.span.clone(), message)));
        }
        lists.push(reference.name);
    }
    (lists, mistakes)
}

/// New text for a part of a rule's file, and which change it is.
struct Splice {
    range: Range<usize>,
    text: String,
    by: usize,
}

/// The new text, and where in it each change stands.
fn splice(text: &str, mut splices: Vec<Splice>) -> (String, Vec<(Range<usize>, usize)>) {
    splices.sort_by_key(|splice| splice.range.start);
    let (mut new, mut made, mut at) = (String::new(), Vec::new(), 0);
    for splice in splices {
        new.push_str(&text[at..splice.range.start]);
        let start = new.len();
        new.push_str(&splice.text);
        made.push((start..new.len(), splice.by));
        at = splice.range.end;
    }
    new.push_str(&text[at..]);
    (new, made)
}

/// A mistake in the changed rule, told of the change that caused it: the one it lies in, or else the first.
fn blame(mistake: &Mistake, made: &[(Range<usize>, usize)], changes: &[Placed]) -> Mistake {
    let inside = made
        .iter()
        .find(|(range, _)| mistake.span.start < range.end.max(range.start + 1) && range.start <= mistake.span.end);
    let placed = &changes[inside.map_or(0, |(_, by)| *by)];
    let message = format!("with this change, {}", mistake.message);
    let fault = Fault::new(mistake.code, placed.change.value.span.clone(), message);
    placed.mistake(fault.label(mistake.label.clone()).help(mistake.help.clone()))
}

/// Which bytes of the rule's file the change replaces, and by what; `None` where the rule has no such place.
fn locate(root: &DeTable<'_>, text: &str, change: &Override) -> Option<(Range<usize>, String)> {
    let mut parents: Vec<&str> = change.path.split('.').collect();
    let key = parents.pop()?;
    if !OPEN.contains(parents.first().unwrap_or(&key)) {
        return None;
    }
    let mut table = root;
    let mut inline = false;
    for parent in parents {
        let value = table.get(parent)?;
        table = value.get_ref().as_table()?;
        inline = text[value.span()].starts_with('{');
    }
    let value = &change.value.value;
    match table.get(key) {
        Some(old) if old.get_ref().is_table() => None,
        Some(old) => Some((old.span(), value.clone())),
        None => insertion(table, text, inline, key, value),
    }
}

/// A new key before the first one of a table; `None` where that one stands in a header or after a dot.
fn insertion(table: &DeTable<'_>, text: &str, inline: bool, key: &str, value: &str) -> Option<(Range<usize>, String)> {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let at = table.keys().map(|key| key.span().start).min().filter(|_| bare)?;
    let line_before = text[..at].trim_end_matches([' ', '\t']);
    let starts_line = line_before.is_empty() || line_before.ends_with('\n');
    match (inline, starts_line) {
        (true, _) => Some((at..at, format!("{key} = {value}, "))),
        (false, true) => Some((at..at, format!("{key} = {value}\n"))),
        (false, false) => None,
    }
}

fn unknown_path(root: &DeTable<'_>, change: &Override) -> Fault {
    let mut paths = Vec::new();
    for open in OPEN {
        if let Some(value) = root.get(open) {
            paths_in(open, value, &mut paths);
        }
    }
    let message = format!("the rule `{}` has no `{}` to change", change.rule.value, change.path);
    let known = || paths.iter().map(String::as_str);
    Fault::new(codes::UNKNOWN_PATH, change.path_span.clone(), message)
        .label(did_you_mean(&change.path, known()))
        .help(format!("it has {}", quoted(known(), ", ")))
}

fn paths_in(path: &str, value: &Spanned<DeValue<'_>>, paths: &mut Vec<String>) {
    match value.get_ref().as_table() {
        Some(table) => {
            table.iter().for_each(|(key, value)| paths_in(&format!("{path}.{}", key.get_ref()), value, paths))
        }
        None => paths.push(path.to_owned()),
    }
}

/// The rule `changed` with the lines of its examples as in the file that the author sees.
pub(super) fn with_lines_of(original: &Rule, mut changed: Rule) -> Rule {
    for (changed, original) in changed.examples.iter_mut().zip(&original.examples) {
        changed.line = original.line;
    }
    changed
}

/// The written change, for people.
pub(super) fn described(placed: &Placed) -> super::model::Change {
    let Placed { change, file, .. } = placed;
    let written::Placed { value, .. } = &change.value;
    super::model::Change {
        path: change.path.clone(),
        value: value.clone(),
        because: change.because.clone(),
        file: file.clone(),
    }
}
