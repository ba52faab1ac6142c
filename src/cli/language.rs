//! The language of what is said to people.

pub(super) use crate::report::Language;

/// What the locale says: Chinese where the first of LC_ALL, LC_MESSAGES and LANG that is set begins with `zh`, as POSIX has them follow
/// one another; else English. Who reads Chinese menus all day should not have to ask for a Chinese summary.
pub(super) fn language_of_locale(variable: impl Fn(&str) -> Option<String>) -> Language {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    let is_chinese = locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh"));
    if is_chinese { Language::Chinese } else { Language::English }
}

/// `1 call`, `2 calls`, `2 batches`.
pub(super) fn count(n: usize, thing: &str) -> String {
    let ending = if n == 1 {
        ""
    } else if thing.ends_with("ch") {
        "es"
    } else {
        "s"
    };
    format!("{n} {thing}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_says_which() {
        let cases: [(&[(&str, &str)], Language); 8] = [
            (&[], Language::English),
            (&[("LANG", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LANG", "zh_HK.UTF-8")], Language::Chinese),
            (&[("LANG", "en_GB.UTF-8")], Language::English),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Language::English),
            (&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")], Language::Chinese),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")], Language::Chinese),
            (&[("LC_ALL", "zh")], Language::Chinese),
        ];
        for (set, expected) in cases {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(language_of_locale(variable), expected, "{set:?}");
        }
    }

    #[test]
    fn things_are_counted() {
        let cases = [(1, "call", "1 call"), (2, "call", "2 calls"), (1, "batch", "1 batch"), (0, "batch", "0 batches")];
        for (n, thing, expected) in cases {
            assert_eq!(count(n, thing), expected);
        }
    }
}
