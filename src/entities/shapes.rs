//! What identifiers look like, as values of digits.

use super::digits::X;

/// Which kind of card number a row of digits could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Card {
    /// UnionPay with a right check digit.
    UnionPay,
    /// Another issuer's with a right check digit.
    Other,
    /// UnionPay's prefix and length with a wrong check digit: an engine misheard one of them.
    Misheard,
}

/// Whether `digits` are a mainland mobile number, bare.
pub(super) fn is_mobile(digits: &[u8]) -> bool {
    digits.len() == 11 && digits[0] == 1 && (3..=9).contains(&digits[1]) && all_figures(digits)
}

/// How many digits of country code or dialling prefix stand before the mobile number that `digits` end in:
/// 86, 086, 0086; 0, 9 and 90 of exchanges; carriers' 17909, 17951, 12593. 0 for a bare number.
pub(super) fn mobile_prefix(digits: &[u8]) -> Option<usize> {
    let prefix = digits.len().checked_sub(11)?;
    let known: [&[u8]; 10] = [
        &[],
        &[8, 6],
        &[0, 8, 6],
        &[0, 0, 8, 6],
        &[0],
        &[9],
        &[9, 0],
        &[1, 7, 9, 0, 9],
        &[1, 7, 9, 5, 1],
        &[1, 2, 5, 9, 3],
    ];
    (known.contains(&&digits[..prefix]) && is_mobile(&digits[prefix..])).then_some(prefix)
}

/// The length of the area code of the landline number that `digits` are: 010, 02x or 0xxx, and 7 or 8 digits that
/// start with 2 to 8. `trunk` is whether the leading 0 is there.
pub(super) fn landline_area(digits: &[u8], trunk: bool) -> Option<usize> {
    let code = if trunk { digits.strip_prefix(&[0])? } else { digits };
    let length = match code {
        [1, 0, ..] | [2, ..] => 2,
        [3..=9, _, _, ..] => 3,
        _ => return None,
    };
    let local = code.get(length..)?;
    let right = matches!(local.len(), 7 | 8) && (2..=8).contains(&local[0]) && all_figures(local);
    right.then_some(length + usize::from(trunk))
}

/// Whether `digits` are a whole identity card number of 18 characters with a right check digit
/// (GB 11643-1999: ISO 7064 MOD 11-2), a province and a date of birth.
pub(super) fn is_id(digits: &[u8]) -> bool {
    is_id_shaped(digits) && digits.len() == 18 && id_check(&digits[..17]) == digits[17]
}

/// Whether `digits` start as an identity card number does, with a province and a date of birth; 14 to 18 of them.
pub(super) fn is_id_shaped(digits: &[u8]) -> bool {
    (14..=18).contains(&digits.len())
        && all_figures(&digits[..digits.len().min(17)])
        && is_province(digits)
        && is_date(&digits[6..14])
}

/// Whether `digits` are an identity card number of the first generation: 15 digits, the year of birth in two.
pub(super) fn is_old_id(digits: &[u8]) -> bool {
    digits.len() == 15 && all_figures(digits) && is_province(digits) && {
        let mut date = [1, 9, 0, 0, 0, 0, 0, 0];
        date[2..].copy_from_slice(&digits[6..12]);
        is_date(&date)
    }
}

/// Which card number `digits` could be, by issuer, length and check digit (ISO/IEC 7812-1, annex B).
pub(super) fn card(digits: &[u8]) -> Option<Card> {
    if !all_figures(digits) || !is_card_length(digits) {
        return None;
    }
    let union_pay = digits.starts_with(&[6, 2]);
    match (luhn(digits), union_pay) {
        (true, true) => Some(Card::UnionPay),
        (true, false) => Some(Card::Other),
        (false, true) => Some(Card::Misheard),
        (false, false) => None,
    }
}

/// Whether `digits` write a date (8), or a date and a time: to the minute (12), second (14) or millisecond (17).
pub(super) fn is_timestamp(digits: &[u8]) -> bool {
    matches!(digits.len(), 8 | 12 | 14 | 17) && is_date(&digits[..8]) && (digits.len() == 8 || is_time(&digits[8..]))
}

/// Whether `digits` write a time of day: HHMM, HHMMSS, HHMMSSmmm.
pub(super) fn is_time(digits: &[u8]) -> bool {
    matches!(digits.len(), 4 | 6 | 9)
        && all_figures(digits)
        && digits.chunks(2).zip([23, 59, 59]).all(|(pair, most)| number(pair) <= most)
}

/// Whether 8 `digits` write a date of the 20th or 21st century.
pub(super) fn is_date(digits: &[u8]) -> bool {
    if digits.len() != 8 || !all_figures(digits) {
        return false;
    }
    let (year, month, day) = (number(&digits[..4]), number(&digits[4..6]), number(&digits[6..]));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    };
    (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn all_figures(digits: &[u8]) -> bool {
    digits.iter().all(|&value| value < X)
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, &value| sum * 10 + u32::from(value))
}

/// GB/T 2260: the provinces' codes.
fn is_province(digits: &[u8]) -> bool {
    matches!(number(&digits[..2]), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

/// The check digit of 17 digits: ISO 7064 MOD 11-2, which weighs each by a power of 2.
fn id_check(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0_u32, |sum, &value| (sum + u32::from(value)) * 2 % 11);
    ((12 - sum) % 11) as u8
}

/// Issuers' prefixes and their lengths. A row of 16 to 19 that starts with 1 (but 103) or 2 (but 2221 to 2720) is no card but
/// a count of seconds or a timestamp.
fn is_card_length(digits: &[u8]) -> bool {
    let length = digits.len();
    match digits {
        [1, 0, 3, ..] => length == 19,
        [2, ..] => length == 16 && (2221..=2720).contains(&number(&digits[..4])),
        [3, 0 | 6 | 8 | 9, ..] => matches!(length, 14 | 16),
        [3, 4 | 7, ..] => length == 15,
        [3, 5, ..] => (16..=19).contains(&length),
        [4, ..] => matches!(length, 13 | 16..=19),
        [5 | 6 | 8 | 9, ..] => (16..=19).contains(&length),
        _ => false,
    }
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(&value, times)| {
            let product = u32::from(value) * times;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u8> {
        text.chars().map(|c| c.to_digit(10).map_or(X, |value| value as u8)).collect()
    }

    #[test]
    fn identity_cards() {
        let cases = [
            // The standard's own example, its check digit worked out there (GB 11643-1999, annex A).
            ("the standard's example", "11010519491231002X", true, true),
            ("its neighbour", "440524188001010014", false, false),
            ("wrong check digit", "110105194912310021", false, true),
            ("no such province", "99010519491231002X", false, false),
            ("no such day", "11010519490231002X", false, false),
            ("cut off", "110105194912310", false, true),
        ];
        for (name, text, whole, shaped) in cases {
            assert_eq!((is_id(&of(text)), is_id_shaped(&of(text))), (whole, shaped), "{name}");
        }
        assert!(is_old_id(&of("110105491231002")));
        assert!(!is_old_id(&of("110105491331002")));
    }

    #[test]
    fn cards() {
        let cases = [
            // 4111 1111 1111 1111: 8 doubled digits give 8 + 14 x 1 ... = 30.
            ("visa", "4111111111111111", Some(Card::Other)),
            ("amex", "378282246310005", Some(Card::Other)),
            ("unionpay", "6212345678901265", Some(Card::UnionPay)),
            ("unionpay, one digit off", "6212345678901266", Some(Card::Misheard)),
            ("wrong check digit", "4111111111111112", None),
            ("a timestamp", "20261120093000", None),
            ("microseconds since 1970", "1763600000000000", None),
            ("an amount", "4000000000", None),
        ];
        for (name, text, expected) in cases {
            assert_eq!(card(&of(text)), expected, "{name}");
        }
    }

    #[test]
    fn phones_and_times() {
        assert_eq!(mobile_prefix(&of("13800138000")), Some(0));
        assert_eq!(mobile_prefix(&of("008613800138000")), Some(4));
        assert_eq!(mobile_prefix(&of("013800138000")), Some(1));
        assert_eq!(mobile_prefix(&of("12800138000")), None);
        assert_eq!(landline_area(&of("01062345678"), true), Some(3));
        assert_eq!(landline_area(&of("07552345678"), true), Some(4));
        assert_eq!(landline_area(&of("2162345678"), false), Some(2));
        assert_eq!(landline_area(&of("0213000"), true), None);
        assert!(is_timestamp(&of("20261120")) && is_timestamp(&of("20261120093000")));
        assert!(!is_timestamp(&of("20261320")) && !is_timestamp(&of("20261120250000")));
        assert!(is_time(&of("093000")) && !is_time(&of("096000")));
    }
}
