//! `patterns`: regular expressions over normalised text.

use super::excludes;
use crate::rules::model::Patterns;
use crate::rules::pattern::Pattern;
use crate::written::{Fault, Placed, Table, codes};
use std::ops::Range;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Patterns {
    let patterns = table.required_texts("patterns");
    let except = table.texts("except").unwrap_or_default();
    let columns = table.texts("differs_from").unwrap_or_default();
    if let Some(pattern) = patterns.iter().find(|pattern| !columns.is_empty() && !has_group(&pattern.value)) {
        let message = format!("`differs_from` holds a group against columns, and `{}` has none", pattern.value);
        table.report(Fault::new(codes::BAD_PATTERN, pattern.span.clone(), message).help("put what is named into ( )"));
    }
    Patterns {
        patterns: read_all(table, &patterns),
        except: read_all(table, &except),
        differs_from: columns.into_iter().map(|column| column.value).collect(),
        negation_excludes: excludes(table, "negation"),
        quotation_excludes: excludes(table, "quotation"),
    }
}

/// Those that can be read; of the others what is wrong is reported.
fn read_all(table: &Table<'_>, written: &[Placed<String>]) -> Vec<Pattern> {
    let read = |pattern: &Placed<String>| match read_one(&pattern.value) {
        Ok(pattern) => Some(pattern),
        Err(fault) => {
            let span = table.page().inside(pattern, fault.span.clone());
            table.report(fault.at(if span.is_empty() { pattern.span.clone() } else { span }));
            None
        }
    };
    // Empty texts are reported already.
    written.iter().filter(|pattern| !pattern.value.trim().is_empty()).filter_map(read).collect()
}

fn has_group(pattern: &str) -> bool {
    regex_syntax::parse(pattern).map_or(true, |parsed| parsed.properties().explicit_captures_len() > 0)
}

/// The pattern, or what is wrong with it, the span counted from its start.
fn read_one(written: &str) -> Result<Pattern, Fault> {
    let whole = 0..written.len();
    let pattern: Pattern = written.parse().map_err(|error| match error {
        regex::Error::CompiledTooBig(bytes) => Fault::new(
            codes::BAD_PATTERN,
            whole.clone(),
            format!("the pattern needs more than {bytes} bytes when compiled"),
        )
        .help("repeat less: `.{0,20}` rather than `.{0,20000}`"),
        _ => syntax_fault(written),
    })?;
    if pattern.can_be_empty() {
        let message = format!("the pattern `{written}` matches the empty string, so it matches everywhere");
        let help = "make some part of it necessary: `+` instead of `*`, no `?` on all of it";
        return Err(Fault::new(codes::PATTERN_MATCHES_EMPTY, whole, message).help(help));
    }
    Ok(pattern)
}

/// What is no regular expression, parsed once more for the place of the mistake.
fn syntax_fault(pattern: &str) -> Fault {
    let (reason, span) = match regex_syntax::parse(pattern) {
        Err(regex_syntax::Error::Parse(error)) => (error.kind().to_string(), bytes_of(error.span())),
        Err(regex_syntax::Error::Translate(error)) => (error.kind().to_string(), bytes_of(error.span())),
        _ => ("not a regular expression".to_owned(), 0..pattern.len()),
    };
    let help = if reason.contains("look-around") || reason.contains("backreference") {
        "write what must not match in `except`"
    } else {
        "a sign that stands for itself needs a backslash before it"
    };
    Fault::new(codes::BAD_PATTERN, span, format!("the pattern `{pattern}` cannot be read")).label(reason).help(help)
}

const fn bytes_of(span: &regex_syntax::ast::Span) -> Range<usize> {
    span.start.offset..span.end.offset
}
