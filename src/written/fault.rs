//! What is wrong, where, and the way out.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Something wrong at a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// One of [`super::codes::ALL`].
    pub code: &'static str,
    /// Bytes of the text it is about.
    pub span: Range<usize>,
    /// What is wrong; lower case, names thing and value.
    pub message: String,
    /// What stands under the place; may be empty.
    pub label: String,
    /// The way out; may be empty.
    pub help: String,
}

impl Fault {
    /// A fault without label and help.
    #[must_use]
    pub fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), label: String::new(), help: String::new() }
    }

    /// The same with what stands under the place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// The same with the way out.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }

    /// The same somewhere else.
    #[must_use]
    pub fn at(self, span: Range<usize>) -> Self {
        Self { span, ..self }
    }
}

/// A fault in a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as it is shown: relative where it was given so, `/`-separated.
    pub file: String,
    /// The text of the file.
    pub text: Arc<str>,
    /// Bytes of the text it is about; always inside it and on character boundaries.
    pub span: Range<usize>,
    /// One of [`super::codes::ALL`].
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What stands under the place; may be empty.
    pub label: String,
    /// The way out; may be empty.
    pub help: String,
}

impl Mistake {
    /// `fault` in `file`; its span is brought inside `text` and onto character boundaries.
    #[must_use]
    pub fn new(file: &str, text: Arc<str>, fault: Fault) -> Self {
        let start = boundary(&text, fault.span.start);
        let end = boundary(&text, fault.span.end).max(start);
        let [message, label, help] = [fault.message, fault.label, fault.help].map(shortened);
        Self { file: file.to_owned(), text, span: start..end, code: fault.code, message, label, help }
    }

    /// A fault of a file or folder as a whole, such as one that cannot be read; it stands at line 1, column 1.
    #[must_use]
    pub fn of_file(file: &str, fault: Fault) -> Self {
        Self::new(file, Arc::from(""), fault)
    }

    /// Line and column where it starts, both from 1; the column counts characters.
    ///
    /// ```
    /// use callsift::written::{Fault, Mistake};
    /// let mistake = Mistake::new("list.toml", "一\n二三".into(), Fault::new("empty", 7..10, "nothing"));
    /// assert_eq!(mistake.position(), (2, 2));
    /// ```
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let before = &self.text[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Without the text, which may be long.
impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.position();
        write!(f, "{}:{line}:{column}: {}: {}", self.file, self.code, self.message)
    }
}

/// The most characters of a message; what an author wrote may stand in it, and be of any length.
const MAX_CHARS: usize = 1_000;

fn shortened(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// The last character boundary of `text` that is not after `byte`.
fn boundary(text: &str, byte: usize) -> usize {
    let mut at = byte.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
