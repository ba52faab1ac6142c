//! Stripping: punctuation and needless white space out, ends of clauses kept aside.

use super::origin::Origins;
use super::simplified::simplify;
use super::{Normalised, Stop, is_han};
use std::ops::Range;

/// How many bytes the characters from U+4E00 to U+9FFF take in UTF-8, each of which starts with 0xE4 to 0xE9.
pub(super) const HAN_BYTES: usize = 3;

/// Drops punctuation and needless white space from folded text, and keeps where clauses end.
pub(super) struct Strip {
    out: Normalised,
    /// What has been dropped since the last character that was kept.
    gap: Option<Range<u32>>,
    before: Option<char>,
}

impl Strip {
    pub(super) fn of(text: &str) -> Self {
        // Few texts have more runs: one for each clause.
        let (text, origins) = (String::with_capacity(text.len()), Origins::with_capacity(8));
        Self { out: Normalised { text, origins, stops: Vec::new() }, gap: None, before: None }
    }

    /// Takes the folded character `ch`, which came from `origin`; `after` is the next one.
    pub(super) fn take(&mut self, ch: char, origin: Range<u32>, after: Option<char>) {
        match mark(ch, self.before, after) {
            Mark::Keep(ch) => {
                if let Some(origin) = self.gap.take() {
                    push_gap(&mut self.out, origin, ch);
                }
                push(&mut self.out, ch, origin);
            }
            Mark::Drop => {}
            Mark::Gap => self.gap = Some(wider(self.gap.take(), &origin)),
            Mark::Stop { sentence } => {
                self.gap = Some(wider(self.gap.take(), &origin));
                stop(&mut self.out, sentence);
            }
        }
        self.before = Some(ch);
    }

    /// Takes `run`, the text's characters from U+4E00 to U+9FFF from character `at` on: they are kept, without a space
    /// before them.
    pub(super) fn keep_han(&mut self, run: &str, at: u32) {
        let Some(last) = run.chars().next_back() else {
            return;
        };
        self.gap = None;
        let chars = at..at + (run.len() / HAN_BYTES) as u32;
        self.out.origins.push(self.out.text.len(), chars, Some(HAN_BYTES));
        self.out.text.push_str(run);
        self.before = Some(last);
    }

    /// What was taken, of a text of `end` characters.
    pub(super) fn finish(mut self, end: u32) -> Normalised {
        self.out.origins.push(self.out.text.len(), end..end, None);
        simplify(&mut self.out.text);
        self.out
    }
}

/// What becomes of a character.
enum Mark {
    Keep(char),
    Drop,
    Gap,
    Stop { sentence: bool },
}

#[inline]
fn mark(ch: char, before: Option<char>, after: Option<char>) -> Mark {
    let between = |is: fn(&char) -> bool| before.as_ref().is_some_and(is) && after.as_ref().is_some_and(is);
    match ch {
        // By far the most common; what is below takes longer to rule out.
        '\u{4E00}'..='\u{9FFF}' | '0'..='9' | 'a'..='z' => Mark::Keep(ch),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => Mark::Stop { sentence: true },
        '.' | ':' if between(char::is_ascii_digit) => Mark::Keep(ch),
        ',' if between(char::is_ascii_digit) => Mark::Drop,
        '\'' | '’' if between(|c| c.is_alphabetic() && !is_han(*c)) => Mark::Keep('\''),
        '.' | '!' | '?' | '。' | ';' | '…' | '⋯' => Mark::Stop { sentence: true },
        ',' | ':' | '—' | '–' | '~' | '〜' => Mark::Stop { sentence: false },
        // The enumeration comma joins words under one verb, so a negation reaches over it.
        '、' => Mark::Gap,
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}' => Mark::Drop,
        c if c.is_whitespace() || c.is_control() || is_quiet_punctuation(c) => Mark::Gap,
        c => Mark::Keep(c),
    }
}

/// Punctuation that ends nothing. Signs that are spoken (% @ # & * + = / and currencies) are kept.
const QUIET: &str = "\"'`-_()[]{}<>|^\\“”‘’«»·•・‐‑‒―《》〈〉「」『』【】〔〕〖〗";

fn is_quiet_punctuation(c: char) -> bool {
    QUIET.contains(c)
}

fn wider(gap: Option<Range<u32>>, origin: &Range<u32>) -> Range<u32> {
    gap.map_or_else(|| origin.clone(), |gap| gap.start..origin.end)
}

fn push_gap(out: &mut Normalised, origin: Range<u32>, next: char) {
    if out.text.chars().next_back().is_some_and(|last| !is_han(last) && !is_han(next)) {
        push(out, ' ', origin);
    }
}

fn push(out: &mut Normalised, ch: char, origin: Range<u32>) {
    let is_one = origin.end == origin.start + 1;
    out.origins.push(out.text.len(), origin, is_one.then_some(ch.len_utf8()));
    out.text.push(ch);
}

fn stop(out: &mut Normalised, sentence: bool) {
    let at = out.text.len();
    match out.stops.last_mut() {
        _ if at == 0 => {}
        Some(last) if last.at == at => last.sentence |= sentence,
        _ => out.stops.push(Stop { at, sentence }),
    }
}
