//! Dates, absolute and as seen from a day: 2026年11月20日, 八月十五, 12号, 下周三, 大后天, 三天后, 月底.

use super::clock::{Part, figures, small};
use super::numeral::{Form, digit, number};
use super::text::Text;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// A date that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Day {
    /// The first character after it.
    pub end: usize,
    /// Its value.
    pub when: When,
    /// The part of the day that is named with it: 今晚.
    pub part: Option<Part>,
}

/// What a date names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    Day(Date),
    /// A day of the Chinese calendar: year, month, day, as they are said.
    Lunar(i16, i8, i8),
    Month(i16, i8),
    Year(i16),
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Lunar(year, month, day) => write!(f, "{year:04}-{month:02}-{day:02}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// From where a date is seen that is not said in full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub today: Date,
    /// Whether it is over; else it is to come, and today is too.
    pub is_over: bool,
}

impl Seen {
    /// The nearest of the days of the next or last so many years or months that `of` gives for how far away they are.
    fn nearest(self, most: i16, of: impl Fn(i16) -> Option<Date>) -> Option<Date> {
        let fits = |date: &Date| if self.is_over { *date <= self.today } else { *date >= self.today };
        (0..=most).find_map(|away| of(if self.is_over { -away } else { away }).filter(fits))
    }

    /// The nearest such day of a year; the 29th of February is at most eight years away.
    fn nearest_in_year(self, month: i8, day: i8) -> Option<Date> {
        self.nearest(8, |years| of_month(self.today.year() + years, month, day))
    }
}

/// A day of a month; its last where `day` is negative.
fn of_month(year: i16, month: i8, day: i8) -> Option<Date> {
    if day < 0 { Some(Date::new(year, month, 1).ok()?.last_of_month()) } else { Date::new(year, month, day).ok() }
}

/// The date at `at`; of what has no year, month or week, the nearest.
pub(super) fn date(text: &Text, at: usize, seen: Seen) -> Option<Day> {
    let today = seen.today;
    let day = |(end, date)| Day { end, when: When::Day(date), part: None };
    relative_day(text, at, today)
        .or_else(|| weekday(text, at, seen).map(day))
        .or_else(|| after_days(text, at, today).map(day))
        .or_else(|| in_words(text, at, seen))
        .or_else(|| in_figures(text, at, seen).map(day))
        .or_else(|| holiday(text, at, seen).map(day))
}

const DAYS: &[(&str, (i32, Option<Part>))] = &[
    ("大前天", (-3, None)),
    ("大后天", (3, None)),
    ("前天晚上", (-2, Some(Part::Evening))),
    ("前天", (-2, None)),
    ("前日", (-2, None)),
    ("昨天", (-1, None)),
    ("昨日", (-1, None)),
    ("昨晚", (-1, Some(Part::Evening))),
    ("昨夜", (-1, Some(Part::Evening))),
    ("今天", (0, None)),
    ("今日", (0, None)),
    ("今晚", (0, Some(Part::Evening))),
    ("今早", (0, Some(Part::Morning))),
    ("今晨", (0, Some(Part::Morning))),
    ("今儿", (0, None)),
    ("当天", (0, None)),
    ("当日", (0, None)),
    ("明天", (1, None)),
    ("明日", (1, None)),
    ("明晚", (1, Some(Part::Evening))),
    ("明早", (1, Some(Part::Morning))),
    ("明晨", (1, Some(Part::Morning))),
    ("明儿", (1, None)),
    ("次日", (1, None)),
    ("后天", (2, None)),
    ("后日", (2, None)),
];

fn relative_day(text: &Text, at: usize, today: Date) -> Option<Day> {
    let (end, &(days, part)) = text.any(at, DAYS)?;
    // 以后天 is two words.
    if text.at(at) == '后' && matches!(text.before(at), '以' | '之') {
        return None;
    }
    Some(Day { end, when: When::Day(today.checked_add(days.days()).ok()?), part })
}

const WEEKS: &[(&str, i32)] = &[
    ("上上个", -2),
    ("上上", -2),
    ("上一个", -1),
    ("上个", -1),
    ("上", -1),
    ("下下个", 2),
    ("下下", 2),
    ("下一个", 1),
    ("下个", 1),
    ("下", 1),
    ("这个", 0),
    ("这一", 0),
    ("这", 0),
    ("本", 0),
];

fn weekday(text: &Text, at: usize, seen: Seen) -> Option<(usize, Date)> {
    let today = seen.today;
    let week = text.any(at, WEEKS);
    let start = week.map_or(at, |(end, _)| text.over_spaces(end));
    let behind = text.one_of(start, &["星期", "礼拜", "周"])?;
    let place = text.over_spaces(behind);
    let wanted = day_of_week(text, place)?;
    let is_age =
        text.at(place + 1) == '岁' || text.at(place + 1) == '年' || text.before(start) == '一' && week.is_none();
    if is_age {
        return None;
    }
    let days = i32::from(wanted.to_monday_zero_offset()) - i32::from(today.weekday().to_monday_zero_offset());
    let weeks = match week {
        Some((_, weeks)) => *weeks,
        None => i32::from(days < 0 && !seen.is_over) - i32::from(days > 0 && seen.is_over),
    };
    Some((place + 1, today.checked_add((days + 7 * weeks).days()).ok()?))
}

/// The day that stands behind 周 or 星期; its end is Saturday.
fn day_of_week(text: &Text, at: usize) -> Option<Weekday> {
    let number = match text.at(at) {
        '日' | '天' => 7,
        '末' if text.before(at) == '周' => 6,
        c => digit(c).map(u32::from).or_else(|| c.to_digit(10))?,
    };
    Weekday::from_monday_one_offset(i8::try_from(number).ok()?).ok()
}

/// So many days, weeks and so on.
type Counted = fn(i64) -> Span;

/// `三天后`, `两周以前`, `一个月之后`.
fn after_days(text: &Text, at: usize, today: Date) -> Option<(usize, Date)> {
    let count = if text.at(at) == '半' { None } else { Some(number(text, at)?) };
    let behind = count.map_or(at, |count| text.over_spaces(count.end));
    let units: [(&str, Counted); 8] = [
        ("天", |n| n.days()),
        ("个星期", |n| n.weeks()),
        ("星期", |n| n.weeks()),
        ("个礼拜", |n| n.weeks()),
        ("礼拜", |n| n.weeks()),
        ("周", |n| n.weeks()),
        ("个月", |n| n.months()),
        ("年", |n| n.years()),
    ];
    let (end, unit) = text.any(behind, &units)?;
    let end = text.over_spaces(end);
    let ways = [("以后", 1), ("之后", 1), ("过后", 1), ("后", 1), ("以前", -1), ("之前", -1), ("前", -1)];
    let (end, &way) = text.any(end, &ways)?;
    let count = count?.whole().filter(|count| (1..10_000).contains(count))?;
    // 2008年后 counts no years.
    let span = (count < 1_000).then(|| unit(way * count))?;
    let is_other = matches!(text.at(end), '天' | '半' | '期' | '缀' | '面' | '边' | '台');
    (!is_other).then_some((end, today.checked_add(span).ok()?))
}

const YEARS: &[(&str, i16)] =
    &[("大前年", -3), ("前年", -2), ("去年", -1), ("今年", 0), ("本年", 0), ("明年", 1), ("后年", 2)];
const MONTHS: &[(&str, i32)] = &[
    ("上上个月", -2),
    ("上个月", -1),
    ("上月", -1),
    ("这个月", 0),
    ("本月", 0),
    ("当月", 0),
    ("下下个月", 2),
    ("下个月", 1),
    ("下月", 1),
];

/// `[年][月][日]`, of which what is not named is today's or the next.
fn in_words(text: &Text, at: usize, seen: Seen) -> Option<Day> {
    let today = seen.today;
    let lunar = text.one_of(at, &["农历", "阴历"]);
    let start = lunar.map_or(at, |end| text.over_spaces(end));
    let era = text.one_of(start, &["公元"]).map_or(start, |end| text.over_spaces(end));
    let year = year(text, era, today);
    let place = year.map_or(start, |(end, _)| text.over_spaces(end));
    let lunar_here = text.one_of(place, &["农历", "阴历"]);
    let place = lunar_here.map_or(place, |end| text.over_spaces(end));
    let is_lunar = lunar.is_some() || lunar_here.is_some();
    let year_value = year.map(|(_, year)| year);
    let Some(month) = month(text, place, today) else {
        return without_month(text, place, year, seen);
    };
    let of = |day: (usize, i8), is_lunar: bool| dated(day, &month, year_value, is_lunar || month.is_lunar, seen);
    let day_place = text.over_spaces(month.end);
    let named = day_of(text, day_place);
    match named {
        Some((end, day, first)) => of((end, day), is_lunar || first).map(|day| with_weekday(text, day)),
        None => month_alone(text, &month, year_value, today),
    }
}

/// A day with the day of the week that is named behind it.
fn with_weekday(text: &Text, day: Day) -> Day {
    let behind = if matches!(text.at(day.end), ',' | '、') { day.end + 1 } else { day.end };
    let behind = text.over_spaces(behind);
    match weekday(text, behind, Seen { today: Date::ZERO, is_over: false }) {
        Some((end, _)) => Day { end, ..day },
        None => day,
    }
}

struct Month {
    end: usize,
    /// Its year too, where it is seen from today: 下个月.
    year: Option<i16>,
    month: i8,
    is_lunar: bool,
}

fn year(text: &Text, at: usize, today: Date) -> Option<(usize, i16)> {
    if let Some((end, &years)) = text.any(at, YEARS) {
        return Some((end, today.year() + years));
    }
    if text.before(at).is_ascii_digit() {
        return None;
    }
    let count = number(text, at)?;
    let mark = text.over_spaces(count.end);
    if text.at(mark) != '年' || count.most.is_some() {
        return None;
    }
    let value = count.whole()?;
    let year = match count.form {
        Form::Figures(4) | Form::Digits(3 | 4) | Form::Counted if (100..=2_200).contains(&value) => value,
        Form::Figures(2) | Form::Digits(2) if value < 100 => value + if value <= 49 { 2_000 } else { 1_900 },
        _ => return None,
    };
    let is_span = count.form == Form::Counted
        && !(1_000..=2_200).contains(&value)
        && text.word(at.saturating_sub(2), "公元").is_none();
    (!is_span).then_some((mark + 1, year as i16))
}

fn month(text: &Text, at: usize, today: Date) -> Option<Month> {
    if let Some((end, &months)) = text.any(at, MONTHS) {
        let first = today.first_of_month().checked_add(months.months()).ok()?;
        let (year, month) = (Some(first.year()), first.month());
        return Some(Month { end, year, month, is_lunar: false });
    }
    let plain = |end, month, is_lunar| Some(Month { end, year: None, month, is_lunar });
    for (word, month) in [("正月", 1), ("腊月", 12), ("冬月", 11), ("元月", 1)] {
        if let Some(end) = text.word(at, word) {
            return plain(end, month, word != "元月");
        }
    }
    if let Some(end) = text.one_of(at, &["大年"]) {
        return plain(end, 1, true);
    }
    let (end, month) = small(text, at)?;
    let mark = text.over_spaces(end);
    let counted = text.at(at) == '两' || matches!(text.at(mark + 1), '饼' | '亮' | '球' | '嫂' | '供' | '息');
    (text.at(mark) == '月' && (1..=12).contains(&month) && !counted).then(|| plain(mark + 1, month as i8, false))?
}

/// The day of a month, where it ends, and whether it is said as of the Chinese calendar (初一).
fn day_of(text: &Text, at: usize) -> Option<(usize, i8, bool)> {
    if let Some(behind) = text.word(at, "初")
        && let Some((end, day)) = small(text, text.over_spaces(behind)).filter(|(_, day)| (1..=10).contains(day))
    {
        return Some((end, day as i8, true));
    }
    if let Some((end, &day)) = text.any(at, &[("月底", -1), ("底", -1), ("末", -1), ("初", 1)]) {
        return Some((end, day, false));
    }
    let (end, day) = small(text, at)?;
    if !(1..=31).contains(&day) {
        return None;
    }
    let mark = text.over_spaces(end);
    if matches!(text.at(mark), '日' | '号') && !matches!(text.at(mark + 1), '码' | '元' | '线' | '楼') {
        return Some((mark + 1, day as i8, false));
    }
    // 八月十五 needs no 日; what is counted does not name a day.
    let counts = matches!(
        text.at(mark),
        '个' | '天' | '次' | '期' | '块' | '元' | '万' | '百' | '千' | '点' | '%' | '笔' | '分' | '日'
    );
    let is_day = !counts && !text.at(mark).is_ascii_digit() && !text.at(mark).is_ascii_alphabetic();
    is_day.then_some((end, day as i8, false))
}

fn dated((end, day): (usize, i8), month: &Month, year: Option<i16>, is_lunar: bool, seen: Seen) -> Option<Day> {
    // 去年本月: the year that is named goes before.
    let year = year.or(month.year);
    let when = match year {
        Some(year) if is_lunar => When::Lunar(year, month.month, day),
        None if is_lunar => {
            let is_over = (month.month, day) < (seen.today.month(), seen.today.day());
            When::Lunar(seen.today.year() + i16::from(is_over), month.month, day)
        }
        Some(year) => When::Day(of_month(year, month.month, day)?),
        None => When::Day(seen.nearest_in_year(month.month, day)?),
    };
    Some(Day { end, when, part: None })
}

fn month_alone(text: &Text, month: &Month, year: Option<i16>, today: Date) -> Option<Day> {
    let end = text.word(month.end, "份").unwrap_or(month.end);
    if month.is_lunar {
        return None;
    }
    let next = today.year() + i16::from(month.month < today.month());
    let year = year.or(month.year).unwrap_or(next);
    Some(Day { end, when: When::Month(year, month.month), part: None })
}

/// `12号`, `月底`, `年底`, and a year alone.
fn without_month(text: &Text, place: usize, year: Option<(usize, i16)>, seen: Seen) -> Option<Day> {
    let today = seen.today;
    if let Some((end, year)) = year {
        let is_end = text.one_of(text.over_spaces(end), &["年底", "底", "末"]);
        let last = Date::new(year, 12, 31).ok()?;
        return Some(match is_end {
            Some(end) => Day { end, when: When::Day(last), part: None },
            None => Day { end, when: When::Year(year), part: None },
        });
    }
    for (words, date) in
        [(["月底", "月末"], today.last_of_month()), (["年底", "年末"], Date::new(today.year(), 12, 31).ok()?)]
    {
        if let Some(end) = text.one_of(place, &words) {
            return Some(Day { end, when: When::Day(date), part: None });
        }
    }
    let (end, day) = day_alone(text, place)?;
    let first = today.first_of_month();
    let date = seen.nearest(2, |months| {
        let month = first.checked_add(i32::from(months).months()).ok()?;
        of_month(month.year(), month.month(), day)
    })?;
    Some(Day { end, when: When::Day(date), part: None })
}

/// What stands before a number that 号 makes one of a house, and what behind 号 and 日 makes it another thing: 安定路5号, 3号楼.
const HOUSE_BEFORE: &str = "第月路街巷道里弄同区园村院甲东西近";
const OTHER_BEHIND: &str = "码元线楼院机店本";

/// `12号`, `20日`: where it ends, and the day of the month; N日内 and N日前 count days.
fn day_alone(text: &Text, at: usize) -> Option<(usize, i8)> {
    let (end, day) = small(text, at).filter(|(_, day)| (1..=31).contains(day))?;
    let mark = text.over_spaces(end);
    let counts = text.at(mark) == '日' && "内之前以".contains(text.at(mark + 1));
    let is_day = matches!(text.at(mark), '号' | '日')
        && !counts
        && !OTHER_BEHIND.contains(text.at(mark + 1))
        && !HOUSE_BEFORE.contains(text.before(at));
    is_day.then_some((mark + 1, day as i8))
}

/// `2010-01-29`, `2010/1/29`, `29.1.2010`, `05/05/89`, `12/1`.
fn in_figures(text: &Text, at: usize, seen: Seen) -> Option<(usize, Date)> {
    if text.before(at).is_ascii_alphanumeric() || matches!(text.before(at), '-' | '.' | '/') {
        return None;
    }
    let (end, first) = figures(text, at, 4)?;
    let mark = text.at(end);
    if !matches!(mark, '-' | '.' | '/' | ' ') || mark == ' ' && end - at != 4 {
        return None;
    }
    let (second_end, second) = figures(text, end + 1, 2)?;
    let third = (text.at(second_end) == mark).then(|| figures(text, second_end + 1, 4)).flatten();
    let Some((third_end, third)) = third else {
        let is_pair = mark == '/' && end - at <= 2 && first >= second && !matches!(text.at(second_end), '.' | '%');
        return is_pair.then_some((second_end, seen.nearest_in_year(first as i8, second as i8)?));
    };
    if text.at(third_end).is_ascii_alphanumeric() || text.at(third_end) == mark && mark != ' ' {
        return None;
    }
    let (first_figures, third_figures) = (end - at, third_end - second_end - 1);
    let starts_with_year = first > 12 || mark == '-' && third_figures == 2 && second_end - end == 3;
    let of = |year: Option<i16>, month: u32, day: u32| Date::new(year?, month as i8, day as i8).ok();
    let [first_year, third_year] = [year_of(first, first_figures), year_of(third, third_figures)];
    let found = if first_figures == 4 || first_figures == 2 && third_figures < 4 && starts_with_year {
        of(first_year, second, third)
    } else {
        of(third_year, second, first)
            .or_else(|| of(third_year, first, second))
            .or_else(|| of(first_year, second, third))
    };
    Some((third_end, found?))
}

/// The year of so many figures: four are it, two are from 1950 to 2049.
const fn year_of(value: u32, figures: usize) -> Option<i16> {
    match figures {
        4 => Some(value as i16),
        2 => Some(value as i16 + if value <= 49 { 2_000 } else { 1_900 }),
        _ => None,
    }
}

const HOLIDAYS: &[(&str, (i8, i8))] = &[
    ("元旦节", (1, 1)),
    ("元旦", (1, 1)),
    ("情人节", (2, 14)),
    ("妇女节", (3, 8)),
    ("植树节", (3, 12)),
    ("愚人节", (4, 1)),
    ("劳动节", (5, 1)),
    ("青年节", (5, 4)),
    ("儿童节", (6, 1)),
    ("建党节", (7, 1)),
    ("建军节", (8, 1)),
    ("教师节", (9, 10)),
    ("国庆节", (10, 1)),
    ("国庆", (10, 1)),
    ("双十一", (11, 11)),
    ("平安夜", (12, 24)),
    ("圣诞节", (12, 25)),
    ("圣诞", (12, 25)),
];

fn holiday(text: &Text, at: usize, seen: Seen) -> Option<(usize, Date)> {
    let year = text.any(at, YEARS);
    let start = year.map_or(at, |(end, _)| text.over_spaces(end));
    let (end, &(month, day)) = text.any(start, HOLIDAYS)?;
    let date = match year {
        Some((_, years)) => of_month(seen.today.year() + years, month, day)?,
        None => seen.nearest_in_year(month, day)?,
    };
    Some((end, date))
}
