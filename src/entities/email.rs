//! E-mail addresses.

use super::digits::{digit, filler_before};

/// Whether the sign of an address may stand at `c`.
pub(super) const fn is_sign(c: char) -> bool {
    matches!(c, '@' | '\u{FF20}' | '艾')
}

/// What may be said for the sign.
const SAID_AT: [char; 2] = ['艾', '特'];
/// How much may stand between two characters of a local part, and how long it may be (RFC 5321, 4.5.3.1.1).
const LONGEST_GAP: usize = 4;
const LONGEST_LOCAL: usize = 64;
/// Returns which characters of `text` are the local parts of e-mail addresses, in Unicode scalar values, one address after the
/// other.
///
/// A local part is what RFC 5322, 3.2.3 allows without quotes, letters of any width; a domain needs a dot and a last label
/// of letters. Spoken digits count, as do 艾特 for the sign, 点 for the dot, and spaces and fillers inside: what is set apart belongs to a local part
/// as long as the pieces behind it are digits or single letters.
pub(super) fn local_parts(text: &str) -> Vec<Vec<u32>> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut from = 0;
    for at in 0..chars.len() {
        let signs = match chars[at] {
            '@' | '\u{FF20}' => 1,
            _ if chars[at..].starts_with(&SAID_AT) => SAID_AT.len(),
            _ => continue,
        };
        let behind = at + signs;
        let spaces = chars[behind..].iter().take(LONGEST_GAP).take_while(|c| c.is_whitespace()).count();
        let domain = domain(&chars[behind + spaces..]);
        if domain > 0 {
            let local = local_before(&chars[from..at]);
            found.extend((!local.is_empty()).then(|| local.into_iter().map(|place| place + from as u32).collect()));
        }
        from = behind + if domain > 0 { spaces + domain } else { 0 };
    }
    found
}

/// The places of the local part that `before` ends with.
fn local_before(before: &[char]) -> Vec<u32> {
    let mut places = Vec::new();
    let mut end = before.len();
    while places.len() < LONGEST_LOCAL {
        end = gap_before(&before[..end]);
        let piece =
            before[..end].iter().rev().take(LONGEST_LOCAL).take_while(|&&c| is_local(c) || digit(c).is_some()).count();
        let start = end - piece;
        places.extend((start..end).rev().map(|at| at as u32));
        let is_word = before[start..end].iter().filter(|c| c.is_alphabetic() && digit(**c).is_none()).count() > 1;
        if piece == 0 || is_word {
            break;
        }
        end = start;
    }
    places.reverse();
    places
}

/// Where `before` ends without spaces, commas and fillers.
fn gap_before(before: &[char]) -> usize {
    let mut end = before.len();
    while before.len() - end < LONGEST_GAP && end > 0 {
        let is_joiner = before[end - 1].is_whitespace() || matches!(before[end - 1], ',' | '\u{FF0C}' | '、');
        match filler_before(&before[..end]) {
            Some(length) => end -= length,
            None if is_joiner => end -= 1,
            None => break,
        }
    }
    end
}

fn is_local(c: char) -> bool {
    is_letter_or_digit(c)
        || matches!(c, '.' | '_' | '+' | '-' | '%' | '\'' | '&' | '*' | '=' | '~' | '!' | '#' | '$' | '^')
}

/// Letters and digits, ASCII, full width or with accents; Han characters are the words around an address.
fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{FF10}'..='\u{FF19}').contains(&c) || is_letter(c)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}')
}

const fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{FF0E}' | '点')
}

/// How many characters of a domain's name `rest` starts with: to the end of the last label that is letters; 0 where it is none.
fn domain(rest: &[char]) -> usize {
    let label = |from: usize| {
        let is_in_label = |c: &&char| is_letter_or_digit(**c) || digit(**c).is_some() || **c == '-';
        rest[from..].iter().take_while(is_in_label).count()
    };
    let (mut at, mut end) = (label(0), 0);
    while at > 0 && rest.get(at).copied().is_some_and(is_dot) {
        let letters = rest[at + 1..].iter().take_while(|c| is_letter(**c)).count();
        let goes_on = rest.get(at + 1 + letters).is_some_and(|c| c.is_ascii_digit() || *c == '-');
        if letters >= 2 && !goes_on {
            end = at + 1 + letters;
        }
        match label(at + 1) {
            0 => break,
            length => at += 1 + length,
        }
    }
    end
}

/// The domain of the address whose local part ends before the character `at` of `text`, in one way of writing.
pub(super) fn domain_after(text: &str, at: u32) -> String {
    let chars: Vec<char> = text.chars().skip(at as usize).collect();
    let is_between = |c: &&char| is_sign(**c) || **c == '特' || c.is_whitespace();
    let rest = &chars[chars.iter().take(LONGEST_GAP).take_while(is_between).count()..];
    let plain = |&c: &char| match (digit(c), c) {
        _ if is_dot(c) => '.',
        (Some((value, _)), _) => char::from(b'0' + value),
        (None, '\u{FF21}'..='\u{FF5A}') => ((c as u32 - 0xFEE0) as u8 as char).to_ascii_lowercase(),
        _ => c.to_ascii_lowercase(),
    };
    rest[..domain(rest)].iter().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_local_parts() {
        let table = [
            ("plain", "zhang.san@example.com", "█████████@example.com"),
            ("among Han characters", "发到zs_88@qq.com吧", "发到█████@qq.com吧"),
            ("end of a sentence", "a@b.cn.", "█@b.cn."),
            ("two", "a@b.cn,c@d.cn", "█@b.cn,█@d.cn"),
            ("full width", "\u{FF41}\u{FF42}\u{FF20}qq\u{FF0E}com", "██\u{FF20}qq\u{FF0E}com"),
            ("no dot", "root@localhost", "root@localhost"),
            ("no local part", "@example.com", "@example.com"),
            ("an amount", "3 @ 5.00", "3 @ 5.00"),
            ("spoken digits", "邮箱是幺二三@qq.com", "邮箱是███@qq.com"),
            ("as it is said", "zs88艾特幺六三点com吧", "████艾特幺六三点com吧"),
            ("before more words", "发到zs88@qq.com一份", "发到████@qq.com一份"),
            ("before a wide mark", "是zs88@qq.com\u{FF1F}", "是████@qq.com\u{FF1F}"),
            ("two signs", "a\u{FF20}b\u{FF20}c.com", "a\u{FF20}█\u{FF20}c.com"),
            ("no end", "a@b.c3", "a@b.c3"),
            ("spaces", "my mail is zs 8 8 @ qq.com", "my mail is ██ █ █ @ qq.com"),
            ("fillers", "是zs嗯88,那个9@qq.com", "是██嗯██,那个█@qq.com"),
            ("words before a word", "write to zhang @qq.com", "write to █████ @qq.com"),
            ("another word", "艾特我", "艾特我"),
        ];
        for (name, text, expected) in table {
            let mut chars: Vec<char> = text.chars().collect();
            local_parts(text).into_iter().flatten().for_each(|at| chars[at as usize] = '█');
            assert_eq!(chars.into_iter().collect::<String>(), expected, "{name}");
        }
    }
}
