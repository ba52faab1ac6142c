//! Languages as engines name them.

/// English names, and the tags they stand for.
const NAMES: [(&str, &str); 40] = [
    ("arabic", "ar"),
    ("bengali", "bn"),
    ("bulgarian", "bg"),
    ("burmese", "my"),
    ("cantonese", "yue"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("khmer", "km"),
    ("korean", "ko"),
    ("malay", "ms"),
    ("mandarin", "zh"),
    ("norwegian", "no"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("tagalog", "tl"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

/// The BCP 47 tag of a language as engines write it: `zh`, `zh_CN`, `en-us`, `chinese`, `<|zh|>`, `cmn-Hans-CN`; `None` where it
/// is none, or the engine does not know.
pub(super) fn tag(written: &str) -> Option<String> {
    let bare = written.trim().trim_start_matches("<|").trim_end_matches("|>").replace('_', "-");
    let lower = bare.to_ascii_lowercase();
    if matches!(lower.as_str(), "" | "auto" | "und" | "unknown" | "nospeech" | "none" | "multi") {
        return None;
    }
    if let Ok(at) = NAMES.binary_search_by_key(&lower.as_str(), |&(name, _)| name) {
        return Some(NAMES[at].1.to_owned());
    }
    // Mandarin by its own code, as Google writes it, is what rules call zh.
    if let Some(rest) = lower.strip_prefix("cmn") {
        return Some(if rest.contains("hant") { "zh-Hant".to_owned() } else { "zh".to_owned() });
    }
    let (language, rest) =
        lower.split_once('-').map_or((lower.as_str(), None), |(language, rest)| (language, Some(rest)));
    let is_tag =
        (2..=3).contains(&language.len()) && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let region = |rest: &str| if rest.len() == 2 { rest.to_ascii_uppercase() } else { rest.to_owned() };
    (is_tag && bare.len() <= 35).then(|| match rest {
        Some(rest) => format!("{language}-{}", region(rest)),
        None => language.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_tags() {
        let cases = [
            ("zh", Some("zh")),
            ("zh_CN", Some("zh-CN")),
            ("en-us", Some("en-US")),
            ("English", Some("en")),
            ("<|zh|>", Some("zh")),
            ("cmn-Hans-CN", Some("zh")),
            ("yue", Some("yue")),
            ("<|nospeech|>", None),
            ("auto", None),
            ("", None),
            ("klingonese", None),
        ];
        for (written, expected) in cases {
            assert_eq!(tag(written).as_deref(), expected, "{written}");
        }
        assert!(NAMES.is_sorted());
    }
}
