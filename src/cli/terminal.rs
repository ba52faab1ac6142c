//! What is printed: cleaned of what steers terminals, in colours where a terminal shows them.
//!
//! Names of files, agents and calls, and quotes, come from anywhere. All that the command line prints goes through [`clean`], or through
//! [`escaped`] where it is JSON, so that none of them can send a terminal escape sequences, forge lines or turn the direction of text.

use super::args::Colours;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::sync::OnceLock;

/// When there are colours, as the command line says.
static COLOURS: OnceLock<Colours> = OnceLock::new();

/// Settles when there are colours, once for this process.
pub(super) fn choose_colours(colours: Colours) {
    // Only tests choose twice, and they look at no terminal.
    let _ = COLOURS.set(colours);
}

/// Whether `stream` is to have colours.
pub(super) fn has_colours(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    match COLOURS.get().copied().unwrap_or_default() {
        Colours::Auto => stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb(),
        Colours::Always => true,
        Colours::Never => false,
    }
}

/// Whether a terminal acts on the character where it should show it: control characters, and what turns the direction of the text behind it
/// (Unicode Standard Annex 9, section 2: embeddings, overrides and isolates). Line breaks and tabs are left to who puts lines together.
fn steers(c: char) -> bool {
    let is_bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    is_bidi || c.is_control() && c != '\n' && c != '\t'
}

/// The text with U+FFFD in place of what steers a terminal.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    match text.contains(steers) {
        true => text.replace(steers, "\u{fffd}").into(),
        false => text.into(),
    }
}

/// JSON with what steers a terminal written as `\u202e`: the same values to whoever reads it.
pub(super) fn escaped(json: &str) -> Cow<'_, str> {
    if !json.contains(steers) {
        return json.into();
    }
    let mut text = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        match steers(c) {
            // Writing to a string cannot fail. None of them is beyond U+FFFF.
            true => drop(write!(text, "\\u{:04x}", u32::from(c))),
            false => text.push(c),
        }
    }
    text.into()
}

/// A message of several lines, all but the first of them set in, so that no part of it passes for a message of its own.
pub(super) fn message(text: &str) -> String {
    let set_in = |line: &str| if line.starts_with("  ") { line.to_owned() } else { format!("  {line}") };
    let cleaned = clean(text);
    let mut lines = cleaned.trim_end().split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(set_in)).collect::<Vec<_>>().join("\n")
}

/// How words look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    /// As all else.
    #[default]
    Plain,
    /// A heading.
    Heading,
    /// Good news.
    Good,
    /// To be looked at.
    Warning,
    /// Bad news.
    Bad,
}

impl Ink {
    /// The parameter of ECMA-48's SGR, section 8.3.117.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading => "1",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
        }
    }

    /// The words in this ink, where there are colours.
    pub(super) fn on(self, words: &str, colours: bool) -> Cow<'_, str> {
        match self.code() {
            code if colours && !code.is_empty() => format!("\u{1b}[{code}m{words}\u{1b}[0m").into(),
            _ => words.into(),
        }
    }
}

/// A line, or a part of one: words, each in its ink, clean and without line breaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line(Vec<(Ink, String)>);

impl Line {
    /// Words in an ink.
    pub(super) fn of(ink: Ink, words: &str) -> Self {
        Self::default().and(ink, words)
    }

    /// The line with more words.
    pub(super) fn and(mut self, ink: Ink, words: &str) -> Self {
        self.0.push((ink, clean(words).replace(['\n', '\u{2028}', '\u{2029}'], "\u{fffd}").replace('\t', " ")));
        self
    }

    /// The line with another behind it.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Columns of a terminal that it takes.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, words)| unicode_width::UnicodeWidthStr::width(words.as_str())).sum()
    }

    fn shown(&self, colours: bool) -> String {
        self.0.iter().map(|(ink, words)| ink.on(words, colours)).collect()
    }
}

impl From<&str> for Line {
    fn from(words: &str) -> Self {
        Self::of(Ink::Plain, words)
    }
}

impl From<String> for Line {
    fn from(words: String) -> Self {
        Self::from(words.as_str())
    }
}

/// Lines for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Page(Vec<Line>);

impl Page {
    /// Adds a line; what is in it stays on it.
    pub(super) fn line(&mut self, line: impl Into<Line>) {
        self.0.push(line.into());
    }

    /// Adds an empty line.
    pub(super) fn blank(&mut self) {
        self.0.push(Line::default());
    }

    /// The lines as text, each with a line break.
    pub(super) fn text(&self, colours: bool) -> String {
        self.0.iter().flat_map(|line| [line.shown(colours).trim_end().to_owned(), "\n".to_owned()]).collect()
    }
}

/// Writes `page` to standard output; whether that could be done.
pub(super) fn write_page(page: &Page) -> bool {
    write_out(&page.text(has_colours(&io::stdout())))
}

/// Writes text for people, plain; whether that could be done.
pub(super) fn write_text(text: &str) -> bool {
    write_out(&clean(text))
}

/// Writes JSON; whether that could be done.
pub(super) fn write_json(json: &str) -> bool {
    write_out(&escaped(json))
}

fn write_out(text: &str) -> bool {
    io::stdout().lock().write_all(text.as_bytes()).is_ok()
}

/// What a library renders for a terminal, in its colours where there is nothing to clean.
pub(super) fn rendered(plain: &str, coloured: impl FnOnce() -> String, colours: bool) -> String {
    match clean(plain) {
        Cow::Borrowed(_) if colours => coloured(),
        cleaned => cleaned.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name as nobody should have one: a title for the window, red, a bell, back to the start of the line, text turned round.
    const NASTY: &str = "a\u{1b}]0;owned\u{7}\u{1b}[31mb\rc\u{9b}2J\u{202e}d\u{2066}e\u{2069}\u{7f}";

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(clean(NASTY), "a�]0;owned��[31mb�c�2J�d�e��");
        for c in ('\u{0}'..='\u{9f}').chain('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            let text = c.to_string();
            let is_left = matches!(c, '\n' | '\t' | ' '..='~');
            assert_eq!(clean(&text) == text, is_left, "{c:?}");
            assert_eq!(escaped(&text) == text, is_left, "{c:?}");
        }
        let harmless = "“派人到你家” naïve 👩‍🚀 العربية שלום";
        assert!(matches!(clean(harmless), Cow::Borrowed(text) if text == harmless));
    }

    #[test]
    fn json_says_the_same_in_other_letters() {
        let json = serde_json::to_string(NASTY).expect("text is JSON");
        let safe = escaped(&json);
        assert!(!safe.contains(steers), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).expect("still JSON"), NASTY);
    }

    #[test]
    fn a_line_stays_one() {
        let mut page = Page::default();
        page.line(format!("call {NASTY}\nverdicts  all pass\u{2028}x"));
        page.line(Line::of(Ink::Bad, "fail\u{1b}[0m"));
        assert_eq!(page.text(false), "call a�]0;owned��[31mb�c�2J�d�e���verdicts  all pass�x\nfail�[0m\n");
        assert_eq!(page.text(true).lines().last(), Some("\u{1b}[31mfail�[0m\u{1b}[0m"));
    }

    #[test]
    fn a_message_cannot_begin_a_line_of_its_own() {
        let cases = [
            ("one line", "one line"),
            ("place: wrong\n  help: right", "place: wrong\n  help: right"),
            ("x\nerror: forged\r\u{1b}[2K", "x\n  error: forged��[2K"),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text), expected);
        }
    }
}
