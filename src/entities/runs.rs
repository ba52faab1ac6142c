//! Runs of digits: everything that could be the digits of one number, over pauses, fillers and utterances.

use super::digits::{X, digit, filler, is_joiner, is_x};
use super::find::Said;
use crate::transcript::Speaker;
use crate::transcript::backchannel::is_backchannel;
use std::collections::BTreeMap;

/// The shortest run that is kept; no identifier has fewer digits.
const SHORTEST: usize = 8;

/// The longest utterance of another, digits and fillers aside, over which a speaker goes on with a number, characters:
/// 嗯, 您说, 请慢一点.
const LONGEST_ASIDE: usize = 8;

/// How many characters may stand between two digits of one number.
const LONGEST_GAP: usize = 12;

/// One digit of a run, and what stood before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// 0 to 9, or [`X`].
    pub(super) value: u8,
    /// Whether it is said (幺) and not written (1).
    pub(super) spoken: bool,
    /// Whether anything stands between it and the digit before it.
    pub(super) starts_group: bool,
    /// Whether what stands before it is one comma.
    pub(super) after_comma: bool,
    /// Whether a plus sign stands before it.
    pub(super) after_plus: bool,
    /// In which utterance it is.
    pub(super) utterance: usize,
    /// Which character of the utterance it is.
    pub(super) char: u32,
}

/// Returns the runs of `said`, each in the order in which it was said; they go on over the utterances of each of its `streams`.
pub(super) fn runs(said: &[Said<'_>], streams: &[Vec<usize>]) -> Vec<Vec<Token>> {
    let mut scanner = Scanner::default();
    for stream in streams {
        for &index in stream {
            scanner.read(index, said[index].text);
        }
        scanner.end_run();
    }
    scanner.runs
}

/// Rows of consecutive utterances of one speaker, in order; what others say in between is skipped when it is short or repeats
/// digits.
pub(super) fn streams(said: &[Said<'_>]) -> Vec<Vec<usize>> {
    if said.len() == 1 {
        return vec![vec![0]];
    }
    let mut open: BTreeMap<Speaker, Vec<usize>> = BTreeMap::new();
    let mut closed = Vec::new();
    for (index, utterance) in said.iter().enumerate() {
        if !lets_go_on(utterance.text) {
            let own = open.remove(&utterance.by);
            closed.extend(std::mem::take(&mut open).into_values());
            open.extend(own.map(|stream| (utterance.by, stream)));
        }
        open.entry(utterance.by).or_default().push(index);
    }
    closed.extend(open.into_values());
    closed
}

/// Whether `text` leaves the other's number unbroken: there is little in it but backchannels, fillers and digits.
fn lets_go_on(text: &str) -> bool {
    // What is said at length is read no further than it takes to know that.
    let chars: Vec<char> = text.chars().collect();
    let mut position = 0;
    let mut aside = 0;
    while let Some(&c) = chars.get(position).filter(|_| aside <= LONGEST_ASIDE) {
        if digit(c).is_some() || is_joiner(c) {
            position += 1;
        } else if let Some(length) = filler(&chars[position..]) {
            position += length;
        } else {
            aside += 1;
            position += 1;
        }
    }
    aside <= LONGEST_ASIDE || is_backchannel(text)
}

/// Collects tokens into runs.
#[derive(Default)]
struct Scanner {
    runs: Vec<Vec<Token>>,
    run: Vec<Token>,
    gap: usize,
    comma: bool,
    plus: bool,
}

impl Scanner {
    fn read(&mut self, utterance: usize, text: &str) {
        let chars: Vec<char> = text.chars().collect();
        let mut position = 0;
        while let Some(&c) = chars.get(position) {
            position += self.take(&chars[position..], c, utterance, position as u32);
        }
        self.widen_gap(1, false);
    }

    /// Takes what stands at the start of `rest`; returns how many characters that was, at least 1.
    fn take(&mut self, rest: &[char], c: char, utterance: usize, char: u32) -> usize {
        if let Some((value, spoken)) = digit(c) {
            self.push(value, spoken, utterance, char);
        } else if is_x(c) && self.run.last().is_some_and(|token| token.value < X) {
            self.push(X, false, utterance, char);
        } else if is_joiner(c) {
            self.widen_gap(1, matches!(c, ',' | '\u{FF0C}'));
        } else if !self.run.is_empty()
            && let Some(length) = filler(rest)
        {
            self.widen_gap(length, false);
            return length;
        } else {
            self.end_run();
            self.plus = matches!(c, '+' | '\u{FF0B}');
        }
        1
    }

    fn push(&mut self, value: u8, spoken: bool, utterance: usize, char: u32) {
        let changes = self.run.last().is_none_or(|last| last.spoken != spoken || last.value == X || value == X);
        self.run.push(Token {
            value,
            spoken,
            starts_group: self.gap > 0 || changes,
            after_comma: self.comma && self.gap == 1,
            after_plus: self.plus && self.run.is_empty(),
            utterance,
            char,
        });
        (self.gap, self.comma) = (0, false);
    }

    fn widen_gap(&mut self, chars: usize, comma: bool) {
        self.gap += chars;
        self.comma = comma;
        if self.gap > LONGEST_GAP {
            self.end_run();
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if run.len() >= SHORTEST {
            self.runs.push(run);
        }
        (self.gap, self.comma, self.plus) = (0, false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Role;

    fn groups(said: &[(Role, &str)]) -> Vec<String> {
        let said: Vec<Said<'_>> = said.iter().map(|&(role, text)| Said { by: Speaker::Role(role), text }).collect();
        let shown = |run: &Vec<Token>| {
            let mut text = String::new();
            for (index, token) in run.iter().enumerate() {
                text.push_str(if token.starts_group && index > 0 { "-" } else { "" });
                text.push(if token.value == X { 'X' } else { char::from(b'0' + token.value) });
            }
            text
        };
        runs(&said, &streams(&said)).iter().map(shown).collect()
    }

    #[test]
    fn joins_what_belongs_together() {
        use Role::{Agent, Customer};
        type Talk = &'static [(Role, &'static str)];
        let cases: [(&str, Talk, &[&str]); 9] = [
            ("one group", &[(Agent, "打13800138000吧")], &["13800138000"]),
            ("hyphens", &[(Agent, "138-0013-8000")], &["138-0013-8000"]),
            ("filler", &[(Agent, "138 嗯,0013那个8000")], &["138-0013-8000"]),
            ("said and written", &[(Agent, "一直13800138000")], &["13800138000"]),
            ("a word breaks it", &[(Agent, "13800138要000")], &["13800138"]),
            (
                "the other's backchannel",
                &[(Customer, "138"), (Agent, "嗯"), (Customer, "0013 8000")],
                &["138-0013-8000"],
            ),
            (
                "the other repeats it",
                &[(Customer, "13800"), (Agent, "13800"), (Customer, "138000"), (Agent, "对,138000")],
                &["13800-138000", "13800-138000"],
            ),
            (
                "the other says something",
                &[(Customer, "1380013"), (Agent, "请您慢一点我拿笔记一下"), (Customer, "8000")],
                &[],
            ),
            ("check digit", &[(Agent, "11010519491231002x吗")], &["11010519491231002-X"]),
        ];
        for (name, said, expected) in cases {
            assert_eq!(groups(said), expected, "{name}");
        }
    }

    #[test]
    fn a_long_gap_ends_a_run() {
        let spaced = |spaces: usize| format!("13800138{}00013800", " ".repeat(spaces));
        assert_eq!(groups(&[(Role::Agent, &spaced(12))]).len(), 1);
        assert_eq!(groups(&[(Role::Agent, &spaced(13))]).len(), 2);
    }
}
