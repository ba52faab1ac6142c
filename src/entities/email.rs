//! E-mail addresses.

use std::ops::Range;

/// Returns where the local parts of the e-mail addresses in `text` are, in Unicode scalar values, in order.
///
/// A local part is what RFC 5322, 3.2.3 allows without quotes, letters of any width; a domain needs a dot and a last label
/// of letters.
pub(super) fn local_parts(text: &str) -> Vec<Range<u32>> {
    if !text.contains(['@', '\u{FF20}']) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut from = 0;
    for at in (0..chars.len()).filter(|&at| matches!(chars[at], '@' | '\u{FF20}')) {
        let local = chars[from..at].iter().rev().take_while(|&&c| is_local(c)).count();
        if local > 0 && is_domain(&chars[at + 1..]) {
            found.push((at - local) as u32..at as u32);
        }
        from = at + 1;
    }
    found
}

fn is_local(c: char) -> bool {
    is_letter_or_digit(c)
        || matches!(c, '.' | '_' | '+' | '-' | '%' | '\'' | '&' | '*' | '=' | '~' | '!' | '#' | '$' | '^')
}

/// Letters and digits, ASCII, full width or with accents; Han characters are the words around an address.
fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{C0}'..='\u{24F}').contains(&c) || ('\u{FF10}'..='\u{FF5A}').contains(&c)
}

/// Whether `rest` starts with a domain's name.
fn is_domain(rest: &[char]) -> bool {
    let end = rest
        .iter()
        .position(|&c| !(is_letter_or_digit(c) || matches!(c, '-' | '.' | '\u{FF0E}')))
        .unwrap_or(rest.len());
    let labels: Vec<&[char]> = rest[..end].split(|c| matches!(c, '.' | '\u{FF0E}')).collect();
    let is_last = |label: &&[char]| label.len() >= 2 && label.iter().all(|c| c.is_alphabetic());
    !labels[0].is_empty() && labels[1..].iter().any(is_last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_local_parts() {
        type Places = &'static [(u32, u32)];
        let cases: [(&str, &str, Places); 8] = [
            ("plain", "zhang.san@example.com", &[(0, 9)]),
            ("among Han characters", "发到zs_88@qq.com吧", &[(2, 7)]),
            ("end of a sentence", "a@b.cn.", &[(0, 1)]),
            ("two", "a@b.cn,c@d.cn", &[(0, 1), (7, 8)]),
            ("full width", "\u{FF41}\u{FF42}\u{FF20}qq\u{FF0E}com", &[(0, 2)]),
            ("no dot", "root@localhost", &[]),
            ("no local part", "@example.com", &[]),
            ("an amount", "3 @ 5.00", &[]),
        ];
        for (name, text, expected) in cases {
            let found: Vec<(u32, u32)> = local_parts(text).into_iter().map(|chars| (chars.start, chars.end)).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
