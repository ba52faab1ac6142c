//! Clauses of a line, and what they say of paying.

use super::super::values::{Mention, Sort};
use super::words::{ASKS, HANGS, JUST_NOW, NOT_SO, OVER, PAY, PAY_A_SUM};
use crate::transcript::normalise::simplified;
use jiff::civil::Date;
use std::ops::Range;

/// What starts a clause where nothing is punctuated.
const CONNECTIVES: [&str; 5] = ["然后", "但是", "可是", "所以", "不过"];
/// What asks at the end of a clause; elsewhere it is in 这么 and 我呢.
const ASKS_LAST: [char; 2] = ['么', '呢'];

/// The longest clause in which numbers are told apart by what they count.
const LONGEST_BYTES: usize = 1_500;

/// A clause: what stands between marks and spaces.
pub(super) struct Clause<'a> {
    /// As [`plain`] has it.
    pub(super) text: &'a str,
    /// Its characters in the line.
    pub(super) chars: Range<u32>,
    /// What in it has a value.
    mentions: &'a [Mention],
}

/// The text in one form for one meaning, as many characters long.
pub(super) fn plain(text: &str) -> String {
    let folded = |c: char| match c {
        '\u{FF1F}' => '?',
        _ => simplified(c).to_ascii_lowercase(),
    };
    text.chars().map(folded).collect()
}

/// The clauses of a plain text with these values in it, in order; no value is cut in two.
pub(super) fn clauses<'a>(text: &'a str, mentions: &'a [Mention]) -> Vec<Clause<'a>> {
    let mut clauses = Vec::new();
    let (mut start, mut last_at, mut left) = (None, 0, mentions);
    let mut end = |from: &mut Option<(usize, u32)>, byte: usize, at: u32| {
        if let Some((first, first_at)) = from.take() {
            let inside = left.iter().take_while(|mention| mention.chars.start < at).count();
            let (own, rest) = left.split_at(inside);
            left = rest;
            clauses.push(Clause { text: &text[first..byte], chars: first_at..at, mentions: own });
        }
    };
    let mut values = mentions.iter().peekable();
    for (at, (byte, c)) in (0..).zip(text.char_indices()) {
        while values.next_if(|value| value.chars.end <= at).is_some() {}
        let in_value = values.peek().is_some_and(|value| value.chars.start < at);
        let separates =
            c.is_whitespace() || matches!(c, ',' | ';' | '!' | '。' | '、' | '\u{FF0C}' | '\u{FF1B}' | '\u{FF01}');
        let starts = || CONNECTIVES.iter().any(|word| text[byte..].starts_with(word));
        if !in_value && (separates || starts()) {
            end(&mut start, byte, at);
        }
        if !separates || in_value {
            start.get_or_insert((byte, at));
        }
        last_at = at + 1;
    }
    end(&mut start, text.len(), last_at);
    clauses
}

impl Clause<'_> {
    /// Whether it asks something.
    pub(super) fn asks(&self) -> bool {
        ASKS.are_in(self.text) || self.text.ends_with(ASKS_LAST)
    }

    /// Whether it speaks of paying.
    pub(super) fn pays(&self) -> bool {
        PAY.are_in(self.text) || PAY_A_SUM.are_in(self.text) && self.amount(true).is_some()
    }

    /// Whether what it says is denied, over, somebody else's or was said before.
    pub(super) fn is_not_so(&self, today: Option<Date>) -> bool {
        NOT_SO.are_in(self.text) || OVER.are_in(self.text) && !self.is_to_come(today) && !JUST_NOW.are_in(self.text)
    }

    /// Whether what follows hangs on something else.
    pub(super) fn hangs(&self) -> bool {
        HANGS.are_in(self.text)
    }

    /// The last sum named; a bare number is one where money is spoken of.
    pub(super) fn amount(&self, of_money: bool) -> Option<String> {
        let is_amount = |mention: &&Mention| match mention.sort {
            Sort::Money => true,
            Sort::Number => of_money && mention.chars.len() > 1 && !self.counts_other(mention),
            _ => false,
        };
        self.mentions.iter().rev().find(is_amount).map(|mention| mention.value.clone())
    }

    /// The day named, if it is not over.
    pub(super) fn due(&self, today: Option<Date>) -> Option<String> {
        let today = today?;
        self.mentions.iter().find_map(|mention| match mention.sort {
            Sort::Date | Sort::DateTime => {
                let day: Date = mention.value.get(..10)?.parse().ok()?;
                (day >= today && mention.unit.is_none()).then(|| mention.value.clone())
            }
            Sort::Duration => self.within(mention, today),
            _ => None,
        })
    }

    /// Whether a day after today is named.
    fn is_to_come(&self, today: Option<Date>) -> bool {
        self.due(today).is_some_and(|due| today.is_none_or(|today| !due.starts_with(&today.to_string())))
    }

    /// Whether a number counts something else than money.
    fn counts_other(&self, mention: &Mention) -> bool {
        // Nobody says so much in one breath; to count its characters again and again would take long.
        if self.text.len() > LONGEST_BYTES {
            return true;
        }
        let behind = self.from(mention.chars.end).chars().next().unwrap_or(' ');
        let before = self.text.len() - self.from(mention.chars.start).len();
        "期次个号张笔分折".contains(behind) || self.text[..before].ends_with("尾号")
    }

    /// 三天内: the last day of it.
    fn within(&self, mention: &Mention, today: Date) -> Option<String> {
        if self.text.len() > LONGEST_BYTES {
            return None;
        }
        let behind = self.from(mention.chars.end);
        let is_limit = ["内", "之内", "以内"].iter().any(|word| behind.starts_with(word));
        let days = mention.value.parse::<i64>().ok()? / 86_400;
        if !is_limit || days == 0 {
            return None;
        }
        let days = jiff::Span::new().try_days(days).ok()?;
        today.checked_add(days).ok().map(|day| day.to_string())
    }

    /// The text from a character of the line on.
    fn from(&self, at: u32) -> &str {
        let skipped = at.saturating_sub(self.chars.start) as usize;
        self.text.char_indices().nth(skipped).map_or("", |(byte, _)| &self.text[byte..])
    }
}
