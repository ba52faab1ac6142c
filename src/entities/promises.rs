//! Promises to pay: the customer says, or agrees, that he will pay by a day, or so much.
//!
//! Clause by clause, by words: a clause that is denied, over, asked, conditional or vague promises nothing. What a clause leaves
//! out (明天吧, 可以) is taken from what the agent asked or proposed just before.

mod clause;
mod words;

use super::values::Mention;
use crate::units::Role;
use clause::{Clause, clauses, plain};
use jiff::civil::Date;
use std::ops::Range;
use words::{OWED, VAGUE, WHEN};

/// What somebody says, with what has a value in it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Who says it.
    pub role: Role,
    /// The words.
    pub text: &'a str,
    /// What has a value in them, as [`mentions`](super::mentions()) gives it.
    pub mentions: &'a [Mention],
}

/// A promise to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// In which line it is made.
    pub line: usize,
    /// From the first to the last clause that makes it, in Unicode scalar values, half-open.
    pub chars: Range<u32>,
    /// How much, a decimal number; `A~B` where two are named.
    pub amount: Option<String>,
    /// By when: an ISO 8601 date, or date and time.
    pub due: Option<String>,
}

/// Returns the promises to pay that the customer makes in `lines`, in order, as seen from `today`; each has an amount or a day
/// or both. Without `today` no day is known.
///
/// ```
/// use callsift::entities::{Line, mentions, promises};
/// use callsift::units::Role;
/// let today = jiff::civil::date(2026, 11, 20);
/// let texts = ["那您明天下午三点前还三千可以吗", "可以"];
/// let found = texts.map(|text| mentions(text, today));
/// let lines = [
///     Line { role: Role::Agent, text: texts[0], mentions: &found[0] },
///     Line { role: Role::Customer, text: texts[1], mentions: &found[1] },
/// ];
/// let promise = &promises(&lines, Some(today))[0];
/// assert_eq!((promise.line, promise.amount.as_deref()), (1, Some("3000")));
/// assert_eq!(promise.due.as_deref(), Some("2026-11-21T15:00"));
/// ```
#[must_use]
pub fn promises(lines: &[Line<'_>], today: Option<Date>) -> Vec<Promise> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.role == Role::Customer) {
        let before = lines[..at].last().filter(|line| line.role == Role::Agent);
        // Most lines have nothing to promise, neither they nor what is asked before.
        if line.mentions.is_empty() && before.is_none_or(|line| line.mentions.is_empty()) {
            continue;
        }
        if !may_pay(line.text) && !before.is_some_and(|line| may_pay(line.text)) {
            continue;
        }
        let (own, asked) = (plain(line.text), before.map(|line| plain(line.text)));
        let asked = before.zip(asked.as_deref()).map(|(line, text)| Asked::of(&clauses(text, line.mentions), today));
        let promised = of_line(&clauses(&own, line.mentions), asked.as_ref(), today);
        found.extend(promised.into_iter().map(|promise| Promise { line: at, ..promise }));
    }
    found
}

/// Whether a text may speak of paying: it holds a first character of the ways to pay.
fn may_pay(text: &str) -> bool {
    text.contains(starts_a_way_to_pay)
}

/// Whether a way to pay starts with `c`, of either script: to simplify every character would take longer than this look.
const fn starts_a_way_to_pay(c: char) -> bool {
    matches!(
        c,
        '还' | '還'
            | '付'
            | '存'
            | '转'
            | '轉'
            | '打'
            | '交'
            | '缴'
            | '繳'
            | '处'
            | '處'
            | '结'
            | '結'
            | '汇'
            | '匯'
    ) || matches!(c, '彙' | '滙' | '补' | '補' | '清' | '弄' | '搞' | '给' | '給' | '凑' | '湊' | '拿' | '拏' | '充')
}

/// What an answer of agreement starts with, after [`BEFORE_AGREEING`].
const AGREES: [&str; 18] = [
    "好",
    "可以",
    "行",
    "没问题",
    "嗯",
    "对",
    "是的",
    "成",
    "ok",
    "中",
    "得",
    "没事",
    "同意",
    "就这样",
    "就这么",
    "一定",
    "当然",
    "放心",
];
/// What may stand before that.
const BEFORE_AGREEING: [&str; 8] = ["这个", "那个", "那", "哦", "啊", "呃", "这样", "就"];
/// Agreement that is only that one has heard.
const ONLY_HEARD: [&str; 5] = ["嗯", "哦", "对", "是的", "没错"];

/// What an agent's line asks or proposes.
struct Asked {
    /// That money is paid, so that 明天 is an answer.
    asks: bool,
    /// That this much is paid, by that day, so that 可以 is one.
    proposes: bool,
    amount: Option<String>,
    due: Option<String>,
}

impl Asked {
    fn of(clauses: &[Clause<'_>], today: Option<Date>) -> Self {
        let mut asked = Self { asks: false, proposes: false, amount: None, due: None };
        for clause in clauses {
            let pays = clause.pays();
            if OWED.are_in(clause.text) && !clause.asks() {
                continue;
            }
            let (amount, due) = (clause.amount(pays), clause.due(today));
            asked.proposes |= pays;
            asked.amount = amount.or(asked.amount.take());
            asked.due = due.or(asked.due.take());
        }
        asked.asks = clauses.iter().any(|clause| WHEN.are_in(clause.text)) && clauses.iter().any(Clause::pays);
        asked.proposes &= asked.amount.is_some() || asked.due.is_some();
        asked
    }
}

/// The promises of one line; their `line` is not set.
fn of_line(clauses: &[Clause<'_>], asked: Option<&Asked>, today: Option<Date>) -> Vec<Promise> {
    if clauses.iter().any(|clause| VAGUE.are_in(clause.text)) {
        return Vec::new();
    }
    let hanging = clauses.iter().position(Clause::hangs).unwrap_or(clauses.len());
    // What is said before a question is asked by it: 我明天还,可以吗.
    let after_questions = clauses.iter().rposition(|clause| clause.asks()).map_or(0, |last| last + 1);
    let certain = clauses.get(after_questions..hanging).unwrap_or_default();
    let good: Vec<&Clause<'_>> = certain.iter().filter(|clause| !clause.is_not_so(today)).collect();
    // Somebody who denies something answers nothing with a day alone: 今天不行 八千太多了.
    let answers = good.len() == clauses.len() && asked.is_some_and(|asked| asked.asks || asked.proposes);
    let own = named(&good, asked, answers, today);
    if own.is_empty() { agreed(clauses, asked).into_iter().collect() } else { own }
}

/// What the clauses name themselves; where they answer, a day or a sum alone will do.
fn named(clauses: &[&Clause<'_>], asked: Option<&Asked>, answers: bool, today: Option<Date>) -> Vec<Promise> {
    if !answers && !clauses.iter().any(|clause| clause.pays()) {
        return Vec::new();
    }
    let mut promises: Vec<(Promise, bool)> = Vec::new();
    for clause in clauses {
        let (amount, due) = (clause.amount(true), clause.due(today));
        if amount.is_some() || due.is_some() {
            add(&mut promises, Promise { line: 0, chars: clause.chars.clone(), amount, due }, clause.pays());
        }
    }
    // Of a day or sum that is only named, and one by which he pays, the second is meant: 三千,不对,我还两千.
    if promises.iter().any(|(_, says_pay)| *says_pay) {
        promises.retain(|(_, says_pay)| *says_pay);
    }
    let mut promises: Vec<Promise> = promises.into_iter().map(|(promise, _)| promise).collect();
    if let ([only], Some(asked)) = (promises.as_mut_slice(), asked.filter(|asked| asked.asks || asked.proposes)) {
        only.amount = only.amount.take().or_else(|| asked.amount.clone());
        only.due = only.due.take().or_else(|| asked.due.clone());
    }
    promises
}

/// Adds what a clause names, and whether it says that he pays: to what was named before it, where that leaves it open.
fn add(promises: &mut Vec<(Promise, bool)>, next: Promise, pays: bool) {
    match promises.last_mut() {
        Some((last, says_pay))
            if !(last.amount.is_some() && next.amount.is_some() || last.due.is_some() && next.due.is_some()) =>
        {
            last.chars.end = next.chars.end;
            last.amount = last.amount.take().or(next.amount);
            last.due = last.due.take().or(next.due);
            *says_pay |= pays;
        }
        _ => promises.push((next, pays)),
    }
}

/// What the agent proposed, if the clauses agree to it and to nothing less.
fn agreed(clauses: &[Clause<'_>], asked: Option<&Asked>) -> Option<Promise> {
    let asked = asked.filter(|asked| asked.proposes)?;
    let (first, last) = (clauses.first()?, clauses.last()?);
    let mut start = first.text;
    while let Some(rest) = BEFORE_AGREEING.iter().find_map(|word| start.strip_prefix(word)) {
        start = rest;
    }
    let agrees = AGREES.iter().any(|word| start.starts_with(word));
    let only_heard = clauses.iter().all(|clause| ONLY_HEARD.contains(&clause.text));
    let takes_back = |clause: &Clause<'_>| clause.is_not_so(None) || clause.hangs() || clause.asks();
    (agrees && !only_heard && !clauses.iter().any(takes_back)).then(|| Promise {
        line: 0,
        chars: first.chars.start..last.chars.end,
        amount: asked.amount.clone(),
        due: asked.due.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::words::{PAY, PAY_A_SUM};
    use super::*;
    use crate::transcript::normalise::simplified;

    #[test]
    fn the_short_look_misses_no_way_to_pay() {
        assert!(PAY.all().chain(PAY_A_SUM.all()).all(may_pay));
        assert!(!may_pay("今天不方便"));
        let alike = |c: char| starts_a_way_to_pay(c) == starts_a_way_to_pay(simplified(c));
        assert!(('\u{4E00}'..='\u{9FFF}').all(alike), "of either script");
    }
}
