//! Numbers with what they count: percentages, money, durations.

use super::numeral::{Form, Number, number};
use super::text::Text;

/// Something counted that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    /// The first character after it.
    pub end: usize,
    /// How much, of `unit`; the lower end of two.
    pub value: f64,
    /// The upper end, where two are named.
    pub most: Option<f64>,
    /// Of what.
    pub unit: &'static str,
}

/// The percentage at `at`: 百分之三点五, 3.5%, 六个百分点, 三成半, 七五折, 千分之二.
pub(super) fn percentage(text: &Text, at: usize) -> Option<Amount> {
    let (start, sign) = if text.at(at) == '负' { (text.over_spaces(at + 1), -1.0) } else { (at, 1.0) };
    let (end, value, most) = share_in_words(text, start).or_else(|| share_of_a_number(text, start))?;
    Some(Amount { end, value: sign * value, most: most.map(|most| sign * most), unit: "%" })
}

/// Where a share ends, its per cent, and the upper end of two.
type Share = (usize, f64, Option<f64>);

/// 百分之二, 百分百, 千分之三, 打对折, 半成.
fn share_in_words(text: &Text, at: usize) -> Option<Share> {
    for (word, share) in [("百分之", 1.0), ("百分", 1.0), ("千分之", 0.1), ("万分之", 0.01)] {
        let Some(behind) = text.word(at, word) else { continue };
        if text.at(behind) == '百' {
            return Some((behind + 1, 100.0 * share, None));
        }
        if let Some(part) = number(text, text.over_spaces(behind)) {
            return Some((part.end, part.value * share, part.most.map(|most| most * share)));
        }
    }
    let half = text.word(at, "对折").filter(|_| text.before(at) == '打').or_else(|| text.word(at, "半折"));
    half.map(|end| (end, 50.0, None)).or_else(|| Some((text.word(at, "半成")?, 5.0, None)))
}

/// What 成 and 折 stand in that is no share: 成立, 折腾.
const NO_TENTH: &str = "立为了交功本员都绩";
const NO_DISCOUNT: &str = "腾叠磨旧";

/// 3.5%, 六个百分点, 三成半, 七五折.
fn share_of_a_number(text: &Text, at: usize) -> Option<Share> {
    let share = number(text, at)?;
    let behind = text.over_spaces(share.end);
    if let Some(end) = text.one_of(behind, &["%", "个百分点"]) {
        return Some((end, share.value, share.most));
    }
    match text.at(behind) {
        '成' if !NO_TENTH.contains(text.at(behind + 1)) => {
            let (end, rest) = tenth(text, behind + 1);
            Some((end, 10.0 * share.value + rest, share.most.map(|most| 10.0 * most)))
        }
        '折' if !NO_DISCOUNT.contains(text.at(behind + 1)) => Some((behind + 1, discount(&share)?, None)),
        _ => None,
    }
}

/// What stands behind 成: 半, or a digit; where it ends and the per cent that it adds.
fn tenth(text: &Text, at: usize) -> (usize, f64) {
    let place = text.over_spaces(at);
    match (text.at(place), digit_at(text, place)) {
        ('半', _) => (place + 1, 5.0),
        (_, Some((end, value))) if ends_sum(text, end) => (end, value),
        _ => (at, 0.0),
    }
}

/// 七五折 and 75折 are 75 %, 八折 and 8.5折 tenths.
fn discount(share: &Number) -> Option<f64> {
    let of_hundred = matches!(share.form, Form::Figures(2) | Form::Digits(2));
    let percent = if of_hundred { share.value } else { 10.0 * share.value };
    let percent = share.most.map_or(percent, |most| 10.0 * share.value + most);
    (percent > 0.0 && percent < 100.0).then_some(percent)
}

/// Currencies by what they are called, longer names first, and their codes (ISO 4217; bitcoin has none there).
const CURRENCIES: &[(&str, &str)] = &[
    ("元人民币", "CNY"),
    ("块人民币", "CNY"),
    ("人民币", "CNY"),
    ("块钱", "CNY"),
    ("元钱", "CNY"),
    ("元整", "CNY"),
    ("元", "CNY"),
    ("块", "CNY"),
    ("rmb", "CNY"),
    ("美元", "USD"),
    ("美金", "USD"),
    ("美刀", "USD"),
    ("港元", "HKD"),
    ("港币", "HKD"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("澳门元", "MOP"),
    ("澳门币", "MOP"),
    ("日元", "JPY"),
    ("日币", "JPY"),
    ("韩元", "KRW"),
    ("韩币", "KRW"),
    ("欧元", "EUR"),
    ("英镑", "GBP"),
    ("镑", "GBP"),
    ("瑞士法郎", "CHF"),
    ("瑞郎", "CHF"),
    ("加拿大元", "CAD"),
    ("加元", "CAD"),
    ("加币", "CAD"),
    ("澳大利亚元", "AUD"),
    ("澳元", "AUD"),
    ("澳币", "AUD"),
    ("新西兰元", "NZD"),
    ("纽币", "NZD"),
    ("新加坡元", "SGD"),
    ("新元", "SGD"),
    ("新币", "SGD"),
    ("卢布", "RUB"),
    ("俄罗斯卢布", "RUB"),
    ("印度卢比", "INR"),
    ("卢比", "INR"),
    ("泰铢", "THB"),
    ("铢", "THB"),
    ("越南盾", "VND"),
    ("印尼盾", "IDR"),
    ("马来西亚令吉", "MYR"),
    ("马来西亚林吉特", "MYR"),
    ("林吉特", "MYR"),
    ("令吉", "MYR"),
    ("马币", "MYR"),
    ("菲律宾比索", "PHP"),
    ("墨西哥比索", "MXN"),
    ("奈拉", "NGN"),
    ("兰特", "ZAR"),
    ("里拉", "TRY"),
    ("迪拉姆", "AED"),
    ("里亚尔", "SAR"),
    ("巴西雷亚尔", "BRL"),
    ("雷亚尔", "BRL"),
    ("瑞典克朗", "SEK"),
    ("挪威克朗", "NOK"),
    ("丹麦克朗", "DKK"),
    ("个比特币", "XBT"),
    ("比特币", "XBT"),
];

/// What stands before a sum.
const SIGNS: &[(&str, &str)] = &[
    ("hk$", "HKD"),
    ("us$", "USD"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("nt$", "TWD"),
    ("$", "USD"),
    ("¥", "CNY"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₽", "RUB"),
    ("rmb", "CNY"),
    ("cny", "CNY"),
    ("usd", "USD"),
    ("hkd", "HKD"),
    ("eur", "EUR"),
    ("人民币", "CNY"),
];

/// The sum of money at `at`: 三千五百块, 十二块五毛, 12.5元, ¥300, 36.57亿美元, 五毛钱.
pub(super) fn money(text: &Text, at: usize) -> Option<Amount> {
    if let Some((behind, &unit)) = text.any(at, SIGNS)
        && !(text.at(at).is_ascii_alphabetic() && text.before(at).is_ascii_alphanumeric())
        && let Some(sum) = number(text, text.over_spaces(behind))
    {
        let end = match named(text, &sum) {
            Some((end, own)) if own == unit => end,
            _ => sum.end,
        };
        return Some(Amount { end, value: sum.value, most: sum.most, unit });
    }
    let sum = number(text, at)?;
    if let Some(small) = small_money(text, at) {
        return Some(small);
    }
    let (end, unit) = named(text, &sum)?;
    let amount = Amount { end, value: sum.value, most: sum.most, unit };
    let has_pieces = sum.most.is_none() && unit == "CNY" && matches!(text.before(end), '元' | '块');
    Some(if has_pieces { with_pieces(text, amount) } else { amount })
}

/// The currency that is named behind a number, what vague words stand between.
fn named(text: &Text, sum: &Number) -> Option<(usize, &'static str)> {
    let behind = text.over_spaces(sum.end);
    let behind = text.one_of(behind, &["多", "来", "余"]).map_or(behind, |behind| text.over_spaces(behind));
    let (end, &unit) = text.any(behind, CURRENCIES)?;
    let whole = text.before(end);
    let next = text.at(end);
    // 元旦, 元月, 块头 and pieces of something are no money.
    let is_other = whole == '元' && matches!(next, '旦' | '月' | '素' | '件' | '宵')
        || whole == '块'
            && matches!(next, '头' | '地' | '儿' | '石' | '砖' | '布' | '肉' | '蛋' | '表' | '屏' | '区' | '巧')
        || whole == '镑' && matches!(next, '重');
    (!is_other).then_some((end, unit))
}

/// Tenths and hundredths behind a sum: 十二块五毛二, 二十五元三毛, 块五.
fn with_pieces(text: &Text, amount: Amount) -> Amount {
    let start = text.over_spaces(amount.end);
    let Some(first) = digit_at(text, start) else { return amount };
    let with = |end, value: f64| Amount { end, value: rounded(amount.value + value), ..amount };
    let is_bare = matches!(text.before(amount.end), '块');
    match text.at(text.over_spaces(first.0)) {
        '角' | '毛' => {
            let end = text.over_spaces(first.0) + 1;
            let tenths = first.1 / 10.0;
            let second = text.over_spaces(end);
            match digit_at(text, second) {
                Some((behind, cents)) if text.at(text.over_spaces(behind)) == '分' => {
                    with(text.over_spaces(behind) + 1, tenths + cents / 100.0)
                }
                Some((behind, cents)) if text.at(end - 1) == '毛' && ends_sum(text, behind) => {
                    with(behind, tenths + cents / 100.0)
                }
                _ => with(text.one_of(end, &["钱"]).unwrap_or(end), tenths),
            }
        }
        '分' if text.at(text.over_spaces(first.0) + 1) != '钟' => {
            with(text.over_spaces(first.0) + 1, first.1 / 100.0)
        }
        _ if is_bare && ends_sum(text, first.0) => with(first.0, first.1 / 10.0),
        _ => amount,
    }
}

/// 五毛, 八角五分, 五分钱.
fn small_money(text: &Text, at: usize) -> Option<Amount> {
    let (behind, first) = digit_at(text, at)?;
    let amount = |end, value| Some(Amount { end, value, most: None, unit: "CNY" });
    match text.at(behind) {
        '毛' | '角'
            if !matches!(text.at(behind + 1), '病' | '利' | '度' | '色' | '落' | '巾' | '衣' | '形' | '钢' | '债') =>
        {
            let end = behind + 1;
            if let Some((cents_end, cents)) = digit_at(text, end)
                && text.at(cents_end) == '分'
            {
                return amount(cents_end + 1, rounded(first / 10.0 + cents / 100.0));
            }
            amount(text.one_of(end, &["钱"]).unwrap_or(end), first / 10.0)
        }
        '分' => amount(text.word(behind + 1, "钱")?, first / 100.0),
        _ => None,
    }
}

/// The single digit at `at`, and where it ends.
fn digit_at(text: &Text, at: usize) -> Option<(usize, f64)> {
    let c = text.at(at);
    let value = super::numeral::digit(c).map(u32::from).or_else(|| c.to_digit(10)).filter(|&value| value > 0)?;
    let alone = !text.at(at + 1).is_ascii_digit();
    alone.then(|| (at + 1, f64::from(value)))
}

/// Whether nothing goes on here that would make the digit before it count something else.
fn ends_sum(text: &Text, at: usize) -> bool {
    let next = text.at(text.over_spaces(at));
    super::numeral::digit(next).is_none()
        && !matches!(
            next,
            '十' | '百' | '千' | '万' | '个' | '次' | '期' | '天' | '月' | '年' | '点' | '分' | '号' | '日' | '笔'
        )
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

const MINUTE_S: f64 = 60.0;
const HOUR_S: f64 = 3_600.0;
const DAY_S: f64 = 86_400.0;

/// Units of durations, longer names first, and their seconds; months of 30 days and years of 365.
const DURATIONS: &[(&str, f64)] = &[
    ("个多小时", HOUR_S),
    ("个小时", HOUR_S),
    ("小时", HOUR_S),
    ("个钟头", HOUR_S),
    ("钟头", HOUR_S),
    ("个钟", HOUR_S),
    ("分钟", MINUTE_S),
    ("秒钟", 1.0),
    ("秒", 1.0),
    ("个星期", 7.0 * DAY_S),
    ("星期", 7.0 * DAY_S),
    ("个礼拜", 7.0 * DAY_S),
    ("礼拜", 7.0 * DAY_S),
    ("周", 7.0 * DAY_S),
    ("个工作日", DAY_S),
    ("工作日", DAY_S),
    ("天", DAY_S),
    ("个月", 30.0 * DAY_S),
    ("个季度", 91.0 * DAY_S),
    ("周年", 365.0 * DAY_S),
    ("年", 365.0 * DAY_S),
];

/// The duration at `at`: 三年半, 两个半小时, 半个月, 一小时二十分钟.
pub(super) fn duration(text: &Text, at: usize) -> Option<Amount> {
    if text.before(at) == '第' {
        return None;
    }
    let mut sum = part_of_duration(text, at)?;
    while sum.most.is_none() {
        let over = text.over_spaces(sum.end);
        let over = if matches!(text.at(over), '零' | '又') { over + 1 } else { over };
        let Some(more) = part_of_duration(text, over).filter(|more| more.most.is_none() && more.unit_s < sum.unit_s)
        else {
            break;
        };
        sum = Part { end: more.end, value: sum.value + more.value, most: None, unit_s: more.unit_s };
    }
    Some(Amount { end: sum.end, value: sum.value, most: sum.most, unit: "s" })
}

struct Part {
    end: usize,
    value: f64,
    most: Option<f64>,
    unit_s: f64,
}

fn part_of_duration(text: &Text, at: usize) -> Option<Part> {
    if text.at(at) == '半' {
        let (end, &unit_s) = text.any(text.over_spaces(at + 1), DURATIONS)?;
        return is_unit(text, end, unit_s).then_some(Part { end, value: 0.5 * unit_s, most: None, unit_s });
    }
    let count = number(text, at)?;
    let behind = text.over_spaces(count.end);
    let behind = text.one_of(behind, &["多"]).unwrap_or(behind);
    // 两个半小时, 三个半月.
    if text.at(behind) == '个'
        && let Some(half) = text.word(behind, "个半")
        && let Some((end, unit_s)) = unit_of_halves(text, text.over_spaces(half))
    {
        return Some(Part { end, value: (count.value + 0.5) * unit_s, most: None, unit_s });
    }
    let (end, &unit_s) = text.any(behind, DURATIONS)?;
    // 2008年 and 八五年 are years, 八五 read digit by digit; 二十年 lasts.
    let names_a_year = text.before(end) == '年' && matches!(count.form, Form::Figures(4) | Form::Digits(2..));
    if names_a_year && count.most.is_none() || !is_unit(text, end, unit_s) {
        return None;
    }
    let half = text.over_spaces(end);
    let is_half = text.at(half) == '半' && !matches!(text.at(half + 1), '夜' | '个' | '天' | '年' | '小');
    let (end, extra) = if is_half { (half + 1, 0.5) } else { (end, 0.0) };
    Some(Part { end, value: (count.value + extra) * unit_s, most: count.most.map(|most| most * unit_s), unit_s })
}

/// The unit of 两个半: 小时, 月.
fn unit_of_halves(text: &Text, at: usize) -> Option<(usize, f64)> {
    let month = text.word(at, "月").map(|end| (end, 30.0 * DAY_S));
    month.or_else(|| text.any(at, DURATIONS).map(|(end, &unit_s)| (end, unit_s)))
}

/// Whether what ends at `end` is a unit there and not the start of another word: 年级, 天津, 周一.
fn is_unit(text: &Text, end: usize, unit_s: f64) -> bool {
    let next = text.at(end);
    match text.before(end) {
        '年' => !matches!(next, '级' | '纪' | '轻' | '龄' | '化'),
        '天' => !matches!(next, '津' | '河' | '气'),
        '周' => !matches!(next, '末' | '边' | '围' | '岁' | '日') && super::numeral::digit(next).is_none(),
        '期' | '拜' if unit_s > DAY_S => !matches!(next, '天' | '日') && super::numeral::digit(next).is_none(),
        _ => true,
    }
}
