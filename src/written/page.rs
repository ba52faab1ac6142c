//! One file being read: its text, and what is wrong in it so far.

use super::{Fault, Mistake, Table, codes};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use toml::de::DeTable;

/// The largest file a person may have written, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// The most mistakes of one file that are shown.
pub const MAX_MISTAKES: usize = 50;

/// A value and the bytes of the file where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands; for a string, its quotes included.
    pub span: Range<usize>,
}

impl<T> Placed<T> {
    /// `value` at `span`.
    pub const fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }
}

/// One file being read. Faults are collected, so that one does not hide another.
#[derive(Debug)]
pub struct Page {
    file: String,
    text: Arc<str>,
    /// First byte of every line.
    lines: Vec<usize>,
    mistakes: RefCell<Vec<Mistake>>,
}

impl Page {
    /// Reads `text` as TOML and gives its top-level table to `reader`, then refuses the keys that it did not ask for.
    /// `name` is what messages call the table, such as `the rule`.
    ///
    /// # Errors
    ///
    /// Every mistake in the file, by place: those of TOML's own syntax, or else those that `reader` reported. What
    /// `reader` returns counts only where there is none, so it may stand in any value for a missing one.
    pub fn read<T>(
        file: &str,
        text: &str,
        name: &str,
        reader: impl FnOnce(&Table<'_>) -> T,
    ) -> Result<T, Vec<Mistake>> {
        let too_large = text.len() > MAX_BYTES;
        let page = Self::new(file, if too_large { "" } else { text });
        if too_large {
            page.report(too_large_fault(text.len()));
            return Err(page.mistakes());
        }
        let (root, errors) = DeTable::parse_recoverable(&page.text);
        for error in &errors {
            let span = error.span().unwrap_or_default();
            page.report(
                Fault::new(codes::NOT_TOML, span, format!("not TOML: {}", error.message()))
                    .help(toml_help(error.message())),
            );
        }
        if !errors.is_empty() {
            return Err(page.mistakes());
        }
        let table = Table::new(&page, name, 0..0, root.get_ref());
        let value = reader(&table);
        table.refuse_unknown_keys();
        if page.mistakes.borrow().is_empty() { Ok(value) } else { Err(page.mistakes()) }
    }

    /// Notes a fault. Past [`MAX_MISTAKES`] nothing is noted but that there are more.
    pub fn report(&self, fault: Fault) {
        let mut mistakes = self.mistakes.borrow_mut();
        let fault = match mistakes.len() {
            ..MAX_MISTAKES => fault,
            MAX_MISTAKES => {
                let message = format!("more than {MAX_MISTAKES} mistakes in one file; the rest is not shown");
                Fault::new(codes::TOO_MANY_MISTAKES, self.text.len()..self.text.len(), message)
            }
            _ => return,
        };
        mistakes.push(Mistake::new(&self.file, Arc::clone(&self.text), fault));
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// 1-based line of a byte of the file.
    #[must_use]
    pub fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|&start| start <= byte)
    }

    /// Where `bytes` of the string `value` stand in the file, through quotes and escapes; the whole string where that
    /// cannot be told.
    #[must_use]
    pub fn inside(&self, value: &Placed<String>, bytes: Range<usize>) -> Range<usize> {
        let raw = self.text.get(value.span.clone()).unwrap_or_default();
        let Some(origins) = origins(raw, &value.value) else { return value.span.clone() };
        let place = |byte: usize| origins.get(byte).map(|at| value.span.start + at);
        match (place(bytes.start), place(bytes.end)) {
            (Some(start), Some(end)) if start <= end => start..end,
            _ => value.span.clone(),
        }
    }

    fn new(file: &str, text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        Self { file: file.to_owned(), text: Arc::from(text), lines, mistakes: RefCell::default() }
    }

    fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        mistakes
    }
}

/// What to say of a file of `bytes` bytes, more than [`MAX_BYTES`].
#[must_use]
pub fn too_large_fault(bytes: usize) -> Fault {
    Fault::new(codes::FILE_TOO_LARGE, 0..0, format!("the file has {bytes} bytes; the most is {MAX_BYTES}"))
        .help("files that people write are small; is this one meant to be here?")
}

/// A hint for what authors trip over most.
fn toml_help(message: &str) -> &'static str {
    if message.contains("escape") {
        "in double quotes a backslash starts an escape; put patterns in single quotes"
    } else if message.contains("duplicate") {
        "each key may stand once in a table"
    } else if message.contains("recursion") {
        "nothing here needs tables in tables that deep"
    } else {
        "texts stand in quotes: title = \"…\"; patterns in single quotes"
    }
}

/// For every byte of `value`, and its end, the byte of the TOML string `raw` (quotes included) it came from.
/// `None` where `raw` does not read as `value`.
fn origins(raw: &str, value: &str) -> Option<Vec<usize>> {
    let quote = raw.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let triple = quote.to_string().repeat(3);
    let long = raw.len() >= 6 && raw.starts_with(&triple);
    let width = if long { 3 } else { 1 };
    let mut at = width;
    if long {
        // A newline right after the opening quotes is not part of the string.
        at += if raw[at..].starts_with("\r\n") { 2 } else { usize::from(raw[at..].starts_with('\n')) };
    }
    let end = raw.len().checked_sub(width)?;
    let mut origins = Vec::with_capacity(value.len() + 1);
    while at < end {
        let piece = if quote == '"' { next_piece(&raw[at..end])? } else { plain_piece(&raw[at..end])? };
        origins.extend(std::iter::repeat_n(at, piece.value_bytes));
        at += piece.raw_bytes;
    }
    origins.push(at);
    (origins.len() == value.len() + 1).then_some(origins)
}

/// How much of a string's source makes how much of its value.
struct Piece {
    raw_bytes: usize,
    value_bytes: usize,
}

fn plain_piece(rest: &str) -> Option<Piece> {
    let bytes = rest.chars().next()?.len_utf8();
    Some(Piece { raw_bytes: bytes, value_bytes: bytes })
}

/// The next character of a string in double quotes, escapes as in TOML 1.1, section "String".
fn next_piece(rest: &str) -> Option<Piece> {
    let Some(escape) = rest.strip_prefix('\\') else { return plain_piece(rest) };
    let kind = escape.chars().next()?;
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        'b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' => return Some(Piece { raw_bytes: 2, value_bytes: 1 }),
        space if space.is_whitespace() => {
            let skipped = escape.len() - escape.trim_start().len();
            return Some(Piece { raw_bytes: 1 + skipped, value_bytes: 0 });
        }
        _ => return None,
    };
    let number = u32::from_str_radix(escape.get(1..1 + digits)?, 16).ok()?;
    Some(Piece { raw_bytes: 2 + digits, value_bytes: char::from_u32(number)?.len_utf8() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_inside_strings_are_found_through_quotes_and_escapes() {
        // (name, source of the string, bytes of the value, what stands there in the source)
        let cases = [
            ("single quotes", r"'a\d(b'", 3..4, "("),
            ("double quotes", "\"还款 and (\"", 11..12, "("),
            ("an escape before", r#""\u8fd8x""#, 3..4, "x"),
            ("an escape itself", r#""a\tb""#, 1..2, r"\t"),
            ("long string", "\"\"\"\n00:00\n00:05\"\"\"", 6..11, "00:05"),
            ("long string, no first newline", "'''ab'''", 1..2, "b"),
            ("line ending backslash", "\"\"\"a\\\n   b\"\"\"", 1..2, "b"),
        ];
        for (name, raw, bytes, expected) in cases {
            let text = format!("key = {raw}");
            let found = Page::read("f", &text, "the file", |table| {
                let value = table.required_text("key");
                let span = table.page().inside(&value, bytes.clone());
                table.page().text()[span].to_owned()
            });
            assert_eq!(found.expect(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_that_nobody_wrote_is_refused_without_reading_it() {
        let mistakes = Page::read("f", &"#".repeat(MAX_BYTES + 1), "the file", |_| ()).expect_err("too large");
        assert_eq!(mistakes[0].code, codes::FILE_TOO_LARGE);
        let mistakes =
            Page::read("f", &format!("a = {}", "[".repeat(5_000)), "the file", |_| ()).expect_err("too deep");
        assert_eq!(mistakes[0].code, codes::NOT_TOML);
    }
}
