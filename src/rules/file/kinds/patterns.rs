//! `patterns`: regular expressions over normalised text.

use super::excludes;
use crate::rules::model::Patterns;
use crate::written::{Fault, Placed, Table, codes};
use std::ops::Range;

pub(in crate::rules::file) fn read(table: &Table<'_>) -> Patterns {
    let patterns = table.required_texts("patterns");
    let except = table.texts("except").unwrap_or_default();
    for pattern in patterns.iter().chain(&except).filter(|pattern| !pattern.value.trim().is_empty()) {
        if let Some(fault) = fault_of(&pattern.value) {
            let span = table.page().inside(pattern, fault.span.clone());
            let span = if span.is_empty() { pattern.span.clone() } else { span };
            table.report(fault.at(span));
        }
    }
    let columns = table.texts("differs_from").unwrap_or_default();
    if let Some(pattern) = patterns.iter().find(|pattern| !columns.is_empty() && !has_group(&pattern.value)) {
        let message = format!("`differs_from` holds a group against columns, and `{}` has none", pattern.value);
        table.report(Fault::new(codes::BAD_PATTERN, pattern.span.clone(), message).help("put what is named into ( )"));
    }
    let values = |texts: Vec<Placed<String>>| texts.into_iter().map(|text| text.value).collect();
    Patterns {
        patterns: values(patterns),
        except: values(except),
        differs_from: values(columns),
        negation_excludes: excludes(table, "negation"),
        quotation_excludes: excludes(table, "quotation"),
    }
}

fn has_group(pattern: &str) -> bool {
    regex_syntax::parse(pattern).map_or(true, |parsed| parsed.properties().explicit_captures_len() > 0)
}

/// What is wrong with a pattern, its span counted from the pattern's start.
fn fault_of(pattern: &str) -> Option<Fault> {
    let parsed = match regex_syntax::parse(pattern) {
        Ok(parsed) => parsed,
        Err(error) => return Some(syntax_fault(pattern, &error)),
    };
    if parsed.properties().minimum_len() == Some(0) {
        let message = format!("the pattern `{pattern}` matches the empty string, so it matches everywhere");
        let help = "make some part of it necessary: `+` instead of `*`, no `?` on all of it";
        return Some(Fault::new(codes::PATTERN_MATCHES_EMPTY, 0..pattern.len(), message).help(help));
    }
    // What parses can still fail to compile, for its size.
    regex::Regex::new(pattern).err().map(|error| {
        let message = match error {
            regex::Error::CompiledTooBig(bytes) => format!("the pattern needs more than {bytes} bytes when compiled"),
            _ => "the pattern cannot be compiled".to_owned(),
        };
        Fault::new(codes::BAD_PATTERN, 0..pattern.len(), message)
            .help("repeat less: `.{0,20}` rather than `.{0,20000}`")
    })
}

fn syntax_fault(pattern: &str, error: &regex_syntax::Error) -> Fault {
    let (reason, span) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), bytes_of(error.span())),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), bytes_of(error.span())),
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
