//! E-mail addresses.

use super::digits::{digit, filler_before};
use crate::transcript::normalise::is_han;

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
    c.is_ascii_alphanumeric() || ('\u{C0}'..='\u{24F}').contains(&c) || ('\u{FF10}'..='\u{FF5A}').contains(&c)
}

/// How many characters of a domain's name `rest` starts with; 0 where it is none.
fn domain(rest: &[char]) -> usize {
    let is_dot = |c: &char| matches!(c, '.' | '\u{FF0E}' | '点');
    let is_in_domain = |c: &&char| is_letter_or_digit(**c) || digit(**c).is_some() || **c == '-' || is_dot(c);
    let end = rest.iter().take_while(is_in_domain).count();
    let labels: Vec<&[char]> = rest[..end].split(is_dot).collect();
    let is_last = |label: &&[char]| label.len() >= 2 && label.iter().all(|c| c.is_alphabetic() && !is_han(*c));
    if !labels[0].is_empty() && labels[1..].iter().any(is_last) { end } else { 0 }
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
