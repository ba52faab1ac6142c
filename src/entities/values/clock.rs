//! Times of day: 下午三点半, 晚上9:30, 八点零五分, 零点整.

use super::numeral::digit;
use super::text::Text;

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// The first character after it.
    pub end: usize,
    /// Seconds from midnight.
    pub seconds: u32,
    /// Whether seconds are named.
    pub to_the_second: bool,
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (hour, minute, second) = (self.seconds / 3_600, self.seconds / 60 % 60, self.seconds % 60);
        write!(f, "{hour:02}:{minute:02}")?;
        if self.to_the_second { write!(f, ":{second:02}") } else { Ok(()) }
    }
}

/// Parts of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Night,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

const PARTS: &[(&str, Part)] = &[
    ("凌晨", Part::Night),
    ("清晨", Part::Morning),
    ("清早", Part::Morning),
    ("早晨", Part::Morning),
    ("早上", Part::Morning),
    ("早间", Part::Morning),
    ("上午", Part::Morning),
    ("早", Part::Morning),
    ("晨", Part::Morning),
    ("中午", Part::Noon),
    ("正午", Part::Noon),
    ("下午", Part::Afternoon),
    ("午后", Part::Afternoon),
    ("傍晚", Part::Evening),
    ("晚上", Part::Evening),
    ("晚间", Part::Evening),
    ("夜里", Part::Evening),
    ("夜晚", Part::Evening),
    ("深夜", Part::Evening),
    ("半夜", Part::Night),
    ("晚", Part::Evening),
];

/// The time at `at`, with the part of the day that may stand before it.
pub(super) fn time(text: &Text, at: usize) -> Option<Clock> {
    match text.any(at, PARTS) {
        Some((behind, &part)) => time_in(text, text.over_spaces(behind), Some(part)),
        None => time_in(text, at, None),
    }
}

/// The time at `at`, in a part of the day.
pub(super) fn time_in(text: &Text, at: usize, part: Option<Part>) -> Option<Clock> {
    let written = with_colon(text, at).or_else(|| in_words(text, at, part.is_some()))?;
    let hour = hour_in(written.seconds / 3_600, part)?;
    Some(Clock { seconds: hour * 3_600 + written.seconds % 3_600, ..written })
}

/// The hour of the day that `hour` of a part of it is.
const fn hour_in(hour: u32, part: Option<Part>) -> Option<u32> {
    Some(match (part, hour) {
        (_, 25..) => return None,
        (Some(Part::Night | Part::Evening), 12) | (_, 24) => 0,
        (Some(Part::Evening), 1..=4) => hour,
        (Some(Part::Afternoon | Part::Evening), 1..=11) | (Some(Part::Noon), 1..=3) => hour + 12,
        _ => hour,
    })
}

/// `H:MM` and `H:MM:SS`, with am or pm behind.
fn with_colon(text: &Text, at: usize) -> Option<Clock> {
    if text.before(at).is_ascii_digit() || text.before(at) == ':' {
        return None;
    }
    let (end, hour) = figures(text, at, 2)?;
    let pair =
        |at: usize| if text.at(at) == ':' { figures(text, at + 1, 2).filter(|(end, _)| *end == at + 3) } else { None };
    let (end, minute) = pair(end)?;
    let (end, second) = pair(end).map_or((end, None), |(end, second)| (end, Some(second)));
    if text.at(end).is_ascii_digit() || text.at(end) == ':' {
        return None;
    }
    let late = [("pm", true), ("p.m.", true), ("am", false), ("a.m.", false)];
    let (end, hour) = match text.any(text.over_spaces(end), &late) {
        Some((end, true)) if hour < 12 => (end, hour + 12),
        Some((end, false)) if hour == 12 => (end, 0),
        Some((end, _)) => (end, hour),
        None => (end, hour),
    };
    made(end, hour, minute, second)
}

fn made(end: usize, hour: u32, minute: u32, second: Option<u32>) -> Option<Clock> {
    let is_one = hour <= 24 && minute < 60 && second.is_none_or(|second| second < 60);
    let seconds = hour * 3_600 + minute * 60 + second.unwrap_or(0);
    is_one.then_some(Clock { end, seconds, to_the_second: second.is_some() })
}

/// `H点`, `H点半`, `H点M分S秒`, `H时M分`.
fn in_words(text: &Text, at: usize, is_in_part: bool) -> Option<Clock> {
    let (end, hour) = small(text, at)?;
    let mark = text.over_spaces(end);
    let behind = match text.at(mark) {
        '点' => text.word(mark + 1, "钟").unwrap_or(mark + 1),
        '时' if !matches!(text.at(mark + 1), '间' | '候' | '常' | '代' | '期' | '长' | '刻' | '段') => {
            mark + 1
        }
        _ => return None,
    };
    let next = text.over_spaces(behind);
    if let Some((end, minute)) = minutes(text, next, is_in_part) {
        let seconds = small(text, text.over_spaces(end)).filter(|(end, _)| text.at(text.over_spaces(*end)) == '秒');
        return match seconds {
            Some((second_end, second)) => made(text.over_spaces(second_end) + 1, hour, minute, Some(second)),
            None => made(end, hour, minute, None),
        };
    }
    let is_said_to_be_one = is_in_part || behind > mark + 1;
    (is_said_to_be_one || is_bare_hour(text, at, behind)).then_some(())?;
    made(behind, hour, 0, None)
}

/// Minutes behind the hour: 半, 一刻, 整, 二十, 零五分, 5分.
fn minutes(text: &Text, at: usize, is_in_part: bool) -> Option<(usize, u32)> {
    let named = [("半", 30), ("一刻钟", 15), ("一刻", 15), ("三刻", 45), ("1刻", 15), ("3刻", 45), ("整", 0)];
    if let Some((end, &minute)) = text.any(at, &named) {
        return Some((end, minute));
    }
    let (end, minute) = small(text, at)?;
    let mark = text.over_spaces(end);
    if text.at(mark) == '分' && text.word(mark, "分之").is_none() {
        return Some((mark + 1, minute));
    }
    // 一点二五 is a number, 八点三十 a time, and 下午八点三五 too.
    let has_ten = (at..end).any(|n| matches!(text.at(n), '十' | '廿' | '卅'));
    let is_pair =
        has_ten || matches!(text.at(at), '零' | '0') || minute >= 10 && (is_in_part || text.at(at).is_ascii_digit());
    (is_pair && !matches!(text.at(end), '个' | '天' | '元' | '块' | '%')).then_some((end, minute))
}

/// Whether `H点` without anything that makes a time of it is one: what is counted in points is not.
fn is_bare_hour(text: &Text, at: usize, behind: usize) -> bool {
    let counts = [
        "要求", "建议", "意见", "原因", "好处", "问题", "说明", "注意", "理由", "内容", "是", "儿", "点", "的话",
        "利息",
    ];
    !matches!(text.at(at), '一')
        && !matches!(text.before(at), '这' | '那' | '几' | '第' | '有' | '下' | '以' | '差')
        && text.one_of(behind, &counts).is_none()
        && digit(text.at(behind)).is_none()
        && !text.at(behind).is_ascii_digit()
}

/// The number under a hundred at `at`, where it ends and its value: 8, 十五, 二十, 零五, 三零.
pub(super) fn small(text: &Text, at: usize) -> Option<(usize, u32)> {
    if text.at(at).is_ascii_digit() {
        return figures(text, at, 2)
            .filter(|(end, _)| !text.at(*end).is_ascii_digit() && !text.before(at).is_ascii_digit());
    }
    let digit_at = |at: usize| digit(text.at(at)).map(u32::from);
    let tens = |at: usize, tens: u32| match digit_at(text.over_spaces(at)) {
        Some(ones) if ones > 0 => (text.over_spaces(at) + 1, tens + ones),
        _ => (at, tens),
    };
    match text.at(at) {
        '十' => return Some(tens(at + 1, 10)),
        '廿' => return Some(tens(at + 1, 20)),
        '卅' => return Some(tens(at + 1, 30)),
        _ => {}
    }
    let first = digit_at(at)?;
    let next = text.over_spaces(at + 1);
    if text.at(next) == '十' && first > 0 {
        return Some(tens(next + 1, 10 * first));
    }
    let second = digit_at(next).filter(|_| digit_at(next + 1).is_none() && text.at(at) != '两');
    Some(second.map_or((at + 1, first), |second| (next + 1, 10 * first + second)))
}

/// So many figures at most at `at`, where they end and their value.
pub(super) fn figures(text: &Text, at: usize, most: usize) -> Option<(usize, u32)> {
    let count = (at..at + most).take_while(|&n| text.at(n).is_ascii_digit()).count();
    let value = (at..at + count).fold(0, |value, n| 10 * value + text.at(n).to_digit(10).unwrap_or(0));
    (count > 0).then_some((at + count, value))
}
