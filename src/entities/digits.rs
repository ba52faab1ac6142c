//! Digits as they are written and as they are said, and what may stand between the digits of one number.

/// The value of an `X`, the eleventh check digit of identity cards (GB 11643-1999, 4.2.4).
pub(super) const X: u8 = 10;

/// The code points of zero in the scripts that write ten digits in a row: ASCII, Arabic-Indic, its eastern form,
/// Devanagari, subscripts, full width, and the five mathematical styles.
const ZEROS: [char; 11] = [
    '0',
    '\u{660}',
    '\u{6F0}',
    '\u{966}',
    '\u{2080}',
    '\u{FF10}',
    '\u{1D7CE}',
    '\u{1D7D8}',
    '\u{1D7E2}',
    '\u{1D7EC}',
    '\u{1D7F6}',
];

/// What people say between the digits of a number, longest first.
const FILLERS: [&str; 31] = [
    "接下来",
    "那个",
    "这个",
    "然后",
    "就是",
    "接着",
    "后面",
    "再来",
    "对吧",
    "是吧",
    "嗯",
    "呃",
    "额",
    "啊",
    "哦",
    "噢",
    "唔",
    "诶",
    "欸",
    "哎",
    "是",
    "对",
    "好",
    "吧",
    "哈",
    "那",
    "再",
    "的",
    "um",
    "uh",
    "er",
];

/// The digit that `c` is: its value, and whether it is a word that is said (零, 幺) and no figure.
pub(super) fn digit(c: char) -> Option<(u8, bool)> {
    // Most of what is asked is a Han character, and no figure.
    let value = if is_in_main_block(c) { None } else { figure(c) };
    match value {
        Some(value) => Some((value, false)),
        None => word(c).map(|value| (value, true)),
    }
}

/// Whether `c` writes or says the check digit X.
pub(super) const fn is_x(c: char) -> bool {
    matches!(c, 'x' | 'X' | '\u{FF58}' | '\u{FF38}' | '叉')
}

/// Whether `c` may stand between two groups of digits of one number: spaces, hyphens, what engines punctuate with,
/// and characters nobody sees.
pub(super) fn is_joiner(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '.' | ',' | ';' | '?' | '!' | '~' | '(' | ')' | '·' | '•' | '、' | '。' | '…')
        || matches!(c, '\u{FF0D}' | '\u{FF3F}' | '\u{FF0E}' | '\u{FF0C}' | '\u{FF1B}' | '\u{FF1F}' | '\u{FF01}')
        || matches!(c, '\u{FF5E}' | '\u{FF08}' | '\u{FF09}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{AD}' | '\u{20E3}' | '\u{FE0F}' | '\u{FEFF}' | '\u{2060}' | '\u{200B}'..='\u{200F}')
}

/// How many characters of a filler `text` starts with.
pub(super) fn filler(text: &[char]) -> Option<usize> {
    let first = *text.first()?;
    // Most of what is asked starts none, and one look tells.
    if !starts_a_filler(first) {
        return None;
    }
    FILLERS.iter().find_map(|filler| {
        let mut chars = filler.chars();
        // Most fail here, and comparing characters is far faster than comparing strings.
        if chars.next() != Some(first) {
            return None;
        }
        let length = 1 + chars.clone().count();
        let ends = !filler.is_ascii() || !text.get(length).is_some_and(char::is_ascii_alphanumeric);
        (ends && chars.eq(text.iter().take(length).skip(1).copied())).then_some(length)
    })
}

/// Whether any of [`FILLERS`] starts with `c`.
const fn starts_a_filler(c: char) -> bool {
    matches!(
        c,
        '接' | '那'
            | '这'
            | '然'
            | '就'
            | '后'
            | '再'
            | '对'
            | '是'
            | '嗯'
            | '呃'
            | '额'
            | '啊'
            | '哦'
            | '噢'
            | '唔'
    ) || matches!(c, '诶' | '欸' | '哎' | '好' | '吧' | '哈' | '的' | 'u' | 'e')
}

/// Whether `c` is in the block CJK Unified Ideographs (Unicode 16).
const fn is_in_main_block(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// How many characters of a filler `text` ends with.
pub(super) fn filler_before(text: &[char]) -> Option<usize> {
    FILLERS.iter().filter(|filler| !filler.is_ascii()).find_map(|filler| {
        let length = filler.chars().count();
        text.iter().rev().take(length).copied().eq(filler.chars().rev()).then_some(length)
    })
}

fn figure(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).map(|value| value as u8);
    }
    if let Some(value) = ZEROS.iter().find_map(|&zero| above(c, zero, 9)) {
        return Some(value);
    }
    match c {
        '\u{2070}' | '⓪' => Some(0),
        '\u{B9}' => Some(1),
        '\u{B2}' => Some(2),
        '\u{B3}' => Some(3),
        '\u{2074}'..='\u{2079}' => above(c, '\u{2070}', 9),
        _ => above(c, '①', 8).map(|value| value + 1),
    }
}

/// How far `c` lies above `zero`, up to `most`.
fn above(c: char, zero: char, most: u32) -> Option<u8> {
    u32::from(c).checked_sub(u32::from(zero)).filter(|&distance| distance <= most).map(|distance| distance as u8)
}

const fn word(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' | '洞' => 0,
        '一' | '幺' | '壹' => 1,
        '二' | '两' | '兩' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '拐' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '勾' | '玖' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_way_to_write_a_digit() {
        let cases = [
            ("ascii", "0189", [0, 1, 8, 9]),
            ("full width", "\u{FF10}\u{FF11}\u{FF18}\u{FF19}", [0, 1, 8, 9]),
            ("spoken", "零幺八九", [0, 1, 8, 9]),
            ("as soldiers say them", "洞幺拐勾", [0, 1, 7, 9]),
            ("circled", "⓪①⑧⑨", [0, 1, 8, 9]),
            ("superscript", "⁰¹²⁹", [0, 1, 2, 9]),
            ("mathematical", "𝟎𝟏𝟖𝟗", [0, 1, 8, 9]),
        ];
        for (name, text, expected) in cases {
            let values: Vec<u8> = text.chars().map(|c| digit(c).expect(name).0).collect();
            assert_eq!(values, expected, "{name}");
        }
        assert!("十百千万点xⅣ".chars().all(|c| digit(c).is_none()));
    }

    #[test]
    fn every_filler_starts_as_is_known() {
        assert!(FILLERS.iter().all(|filler| filler.starts_with(starts_a_filler)));
    }

    #[test]
    fn knows_fillers() {
        let of = |text: &str| filler(&text.chars().collect::<Vec<_>>());
        assert_eq!(of("然后是"), Some(2));
        assert_eq!(of("嗯0"), Some(1));
        assert_eq!(of("uh 3"), Some(2));
        assert_eq!(of("uhlan"), None);
        assert_eq!(of("我"), None);
    }
}
