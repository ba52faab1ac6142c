//! Finds what has a value in a text.

use super::amounts::{Amount, duration, money, percentage};
use super::clock::{time, time_in};
use super::dates::{Day, Seen, When, date};
use super::numeral::{digit, number};
use super::text::Text;
use super::words::{BEFORE_NO_NUMBERS, no_numbers};
use crate::transcript::normalise::is_han;
use jiff::civil::Date;
use std::ops::Range;

/// What has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What it is.
    pub sort: Sort,
    /// Its first character and the first after it, in Unicode scalar values.
    pub chars: Range<u32>,
    /// The value, in [`Self::unit`]: a decimal number, `A~B` of two that are named, an ISO 8601 date, time or both.
    pub value: String,
    /// `%`, an ISO 4217 code, `s`, or `lunar` for a day of the Chinese calendar.
    pub unit: Option<&'static str>,
}

/// Sorts of things that have a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A number alone.
    Number,
    /// A share of a hundred.
    Percentage,
    /// A sum of money.
    Money,
    /// A day; a month or a year too.
    Date,
    /// A time of day.
    Time,
    /// A time of a day.
    DateTime,
    /// How long something takes, seconds.
    Duration,
}

impl Sort {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Percentage => "percentage",
            Self::Money => "money",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::Duration => "duration",
        }
    }
}

/// Returns the numbers, percentages, sums of money, dates, times and durations in a Chinese `text`, in order, apart from
/// one another; dates that are not said in full are seen from `today`, and of those that could be several the first that is
/// not over is meant.
///
/// ```
/// use callsift::entities::{Sort, mentions};
/// let found = mentions("明天下午三点之前还三千五百块", jiff::civil::date(2026, 11, 20));
/// assert_eq!((found[0].sort, found[0].value.as_str()), (Sort::DateTime, "2026-11-21T15:00"));
/// assert_eq!((found[1].sort, found[1].value.as_str(), found[1].unit), (Sort::Money, "3500", Some("CNY")));
/// ```
#[must_use]
pub fn mentions(text: &str, today: Date) -> Vec<Mention> {
    let text = Text::of(text);
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        if !may_start(text.at(at)) {
            at += 1;
        } else if let Some(mention) = longest(&text, at, today) {
            at = mention.chars.end as usize;
            found.push(mention);
        } else {
            at += passed_over(&text, at);
        }
    }
    found
}

/// Whether anything that has a value starts so.
#[rustfmt::skip]
const fn may_start(c: char) -> bool {
    digit(c).is_some()
        || matches!(c, '0'..='9' | '.' | '-' | '$' | '¥' | '€' | '£' | '₽' | 'a' | 'c' | 'e' | 'h' | 'n' | 'r' | 'u')
        || matches!(c, '十' | '百' | '千' | '万' | '廿' | '卅' | '负' | '半' | '人' | '对' | '大' | '前' | '昨' | '今' | '当' | '明')
        || matches!(c, '次' | '后' | '上' | '下' | '这' | '本' | '星' | '礼' | '周' | '去' | '农' | '阴' | '公' | '正' | '腊' | '冬')
        || matches!(c, '元' | '月' | '年' | '凌' | '清' | '早' | '晨' | '中' | '午' | '傍' | '晚' | '夜' | '深' | '情' | '妇' | '植')
        || matches!(c, '愚' | '劳' | '青' | '儿' | '建' | '教' | '国' | '双' | '平' | '圣')
}

/// How many characters to go on from where nothing was found: over the rest of a word in Latin letters or figures.
fn passed_over(text: &Text, at: usize) -> usize {
    let word = (at..text.len()).take_while(|&n| text.at(n).is_ascii_alphanumeric()).count();
    let phrase =
        no_numbers(text.at(at)).iter().filter_map(|phrase| text.word(at, phrase)).max().map_or(0, |end| end - at);
    word.max(phrase).max(1)
}

/// What goes on longest from `at`; of what is as long, the one that says most.
fn longest(text: &Text, at: usize, today: Date) -> Option<Mention> {
    let seen = Seen { today, is_over: false };
    let dated = date(text, at, seen).and_then(|day| {
        let is_over = is_over(text, at, day.end);
        let day = if is_over { date(text, at, Seen { is_over, ..seen })? } else { day };
        Some(with_time(text, at, &day))
    });
    let timed = time(text, at).map(|clock| mention(Sort::Time, at..clock.end, clock.to_string(), None));
    let amount = |sort, amount: Option<Amount>| amount.map(|one| of_amount(sort, at, &one));
    let all = [
        dated,
        timed,
        amount(Sort::Money, money(text, at)),
        amount(Sort::Duration, duration(text, at)),
        amount(Sort::Percentage, percentage(text, at)),
        plain(text, at),
    ];
    // The first of the longest.
    all.into_iter().flatten().rev().max_by_key(|mention| mention.chars.end)
}

/// Characters of a clause that are looked at behind a date and before it.
const BEHIND: usize = 10;
const BEFORE: usize = 4;

/// Whether the clause says that what was on the date is over: 11号还了, 上次12号.
fn is_over(text: &Text, at: usize, end: usize) -> bool {
    let clause: Vec<char> = (end..end + BEHIND)
        .map(|n| text.at(n))
        .take_while(|c| !matches!(c, ',' | '。' | '?' | '!' | ';' | '.'))
        .collect();
    let has = |any: &[char]| clause.iter().any(|c| any.contains(c));
    let before = (at.saturating_sub(BEFORE)..at).any(|n| text.one_of(n, &["已经", "上次", "之前", "曾"]).is_some());
    before || has(&['了']) && !has(&['要', '会', '就', '再', '才', '该', '得', '能', '可', '吗', '想'])
}

fn mention(sort: Sort, chars: Range<usize>, value: String, unit: Option<&'static str>) -> Mention {
    Mention { sort, chars: chars.start as u32..chars.end as u32, value, unit }
}

/// A date, with the time that stands behind it.
fn with_time(text: &Text, at: usize, day: &Day) -> Mention {
    let unit = matches!(day.when, When::Lunar(..)).then_some("lunar");
    let whole = !matches!(day.when, When::Month(..) | When::Year(_));
    let behind = text.over_spaces(day.end);
    let behind = if text.at(behind) == '的' { text.over_spaces(behind + 1) } else { behind };
    let clock = if day.part.is_some() { time_in(text, behind, day.part) } else { time(text, behind) };
    match clock.filter(|_| whole) {
        Some(clock) => mention(Sort::DateTime, at..clock.end, format!("{}T{clock}", day.when), unit),
        None => mention(Sort::Date, at..day.end, day.when.to_string(), unit),
    }
}

fn of_amount(sort: Sort, at: usize, amount: &Amount) -> Mention {
    mention(sort, at..amount.end, range(amount.value, amount.most), Some(amount.unit))
}

/// A number alone, where it is one and not part of a word.
fn plain(text: &Text, at: usize) -> Option<Mention> {
    let one = number(text, at)?;
    let start = text.at(at);
    let in_latin = |c: char| c.is_ascii_alphabetic() || c == '_';
    // What starts with a zero is read digit by digit: a code, a telephone's area.
    let is_code = start == '0' && text.at(at + 1).is_ascii_digit();
    if is_code || start.is_ascii_digit() && (in_latin(text.before(at)) || in_latin(text.at(one.end))) {
        return None;
    }
    let covered = no_numbers(text.at(at)).iter().filter_map(|phrase| text.word(at, phrase)).any(|end| end >= one.end);
    let is_formal = FORMAL.contains(&text.written(at)) && (one.end == at + 1 || begins_a_word(text, at + 1, one.end));
    if covered || is_formal || ends_a_word(text, at, one.end) || !stands_for_itself(text, at, one.end) {
        return None;
    }
    Some(mention(Sort::Number, at..one.end, range(one.value, one.most), None))
}

/// Whether a word that means no number begins at `at` and goes on beyond `end`: 收拾一下.
fn begins_a_word(text: &Text, at: usize, end: usize) -> bool {
    no_numbers(text.at(at)).iter().filter_map(|phrase| text.word(at, phrase)).any(|stop| stop > end)
}

/// Whether a word that means no number ends in what stands at `at..end`: 统一, 星期三.
fn ends_a_word(text: &Text, at: usize, end: usize) -> bool {
    let ends = |phrase: &str| {
        let length = phrase.chars().count();
        (at.saturating_sub(length)..at + 1)
            .any(|start| start + length > at && text.word(start, phrase).is_some_and(|stop| stop >= end))
    };
    end == at + 1 && BEFORE_NO_NUMBERS.iter().filter(|phrase| phrase.contains(text.at(at))).any(|phrase| ends(phrase))
}

/// Characters of sums on cheques; alone they are parts of words: 陆地, 队伍, 收拾.
const FORMAL: [char; 12] = ['陆', '陸', '伍', '拾', '肆', '玖', '捌', '柒', '參', '叁', '佰', '仟'];

/// What 一 counts, or follows where it is a number alone; elsewhere it says that something is sudden or whole: 一看, 一家.
const COUNTED: &str = "个只条张台次笔份期位名本件辆瓶杯把块套间栋层种类支根颗粒头匹双对副批组队排遍趟回顿场部首封幅面座所家户口人元角分斤吨米里亩克升岁号";

/// Whether a number of one character is one: no unit without a number (千), and no 一 that counts nothing.
fn stands_for_itself(text: &Text, at: usize, end: usize) -> bool {
    let next = text.at(end);
    match text.at(at) {
        _ if end > at + 1 => true,
        '百' | '千' | '万' => false,
        '一' => !is_han(next) || COUNTED.contains(next) || text.before(at) == '第',
        _ => true,
    }
}

/// A decimal number, or two.
fn range(value: f64, most: Option<f64>) -> String {
    most.map_or_else(|| decimal(value), |most| format!("{}~{}", decimal(value), decimal(most)))
}

/// 15 digits at most, which is what a sum of parts in floating point keeps.
fn decimal(value: f64) -> String {
    let magnitude = value.abs().max(1.0).log10().floor() as i32;
    let places = usize::try_from(14 - magnitude).unwrap_or(0);
    let written = format!("{value:.places$}");
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_owned() } else { written }
}
