//! Words that keep the other talking without taking the turn.

use std::borrow::Cow;

/// Words of agreement and attention written in Han characters, longest first.
const HAN: [&str; 31] = [
    "我知道了",
    "我明白了",
    "我知道",
    "我明白",
    "知道了",
    "明白了",
    "嗯哼",
    "好的",
    "好嘞",
    "好吧",
    "对的",
    "是的",
    "行的",
    "知道",
    "明白",
    "了解",
    "没错",
    "嗯",
    "恩",
    "唔",
    "对",
    "好",
    "是",
    "哦",
    "噢",
    "喔",
    "啊",
    "呀",
    "诶",
    "欸",
    "行",
];

/// Words of agreement and attention written in Latin letters.
const LATIN: [&str; 17] = [
    "ah", "alright", "hmm", "huh", "mhm", "mm", "mmhmm", "mmm", "oh", "ok", "okay", "right", "sure", "uh", "uhhuh",
    "yeah", "yes",
];

/// Whether `text` says nothing but 嗯, 对, 好的, "okay", "I see" and the like, however often.
///
/// Punctuation, spaces and case make no difference; a text without letters is no backchannel.
///
/// ```
/// use callsift::transcript::backchannel::is_backchannel;
/// assert!(is_backchannel("嗯,好的好的。"));
/// assert!(is_backchannel("Uh-huh, I see"));
/// assert!(!is_backchannel("好的我明天还"));
/// assert!(!is_backchannel("…"));
/// ```
#[must_use]
pub fn is_backchannel(text: &str) -> bool {
    // Only words in ASCII letters have capitals to make small.
    let has_capitals = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let lower = if has_capitals { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
    let mut rest = lower.trim_start_matches(is_pause);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let Some(after) = after_word(rest) else { return false };
        rest = after.trim_start_matches(is_pause);
    }
    true
}

fn is_pause(c: char) -> bool {
    !c.is_alphanumeric()
}

/// What follows the backchannel word that `text` starts with.
fn after_word(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("i see").filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    {
        return Some(rest);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    if end > 0 {
        return LATIN.contains(&&text[..end]).then_some(&text[end..]);
    }
    HAN.iter().find_map(|word| text.strip_prefix(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_attention_from_speech() {
        let cases = [
            ("one syllable", "嗯", true),
            ("repeated", "对对对", true),
            ("with punctuation", "好的,好的。", true),
            ("understood", "哦我知道了", true),
            ("english", "Yeah, okay.", true),
            ("hyphen", "uh-huh", true),
            ("mixed", "嗯 OK", true),
            ("a question is no backchannel", "是吗", false),
            ("agreement and more", "好的我明天还", false),
            ("a word that starts alike", "rightly", false),
            ("i see something", "I seek", false),
            ("digits are said, not agreed", "对1", false),
            ("nothing", "", false),
            ("only punctuation", "。…", false),
        ];
        for (name, text, expected) in cases {
            assert_eq!(is_backchannel(text), expected, "{name}: {text}");
        }
    }
}
