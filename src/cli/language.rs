//! The language of what is said to people: Chinese or English.

use crate::finding::Severity;
use crate::score::Verdict;
use clap::ValueEnum;

/// A language that summaries are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// Chinese
    Zh,
    /// English
    En,
}

impl Language {
    /// What the locale says: Chinese where the first of LC_ALL, LC_MESSAGES and LANG that is set begins with `zh`, as POSIX has them follow
    /// one another; else English. Who reads Chinese menus all day should not have to ask for a Chinese summary.
    pub(super) fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
        if locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("zh")) { Self::Zh } else { Self::En }
    }

    /// The one in this language.
    pub(super) fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Zh => chinese,
            Self::En => english,
        }
    }

    /// How a verdict is called; `None`: the call failed.
    pub(super) fn verdict(self, verdict: Option<Verdict>) -> &'static str {
        match verdict {
            Some(Verdict::Pass) => self.pick("合格", "pass"),
            Some(Verdict::Review) => self.pick("待复核", "review"),
            Some(Verdict::Fail) => self.pick("不合格", "fail"),
            Some(Verdict::NotJudged) => self.pick("未评判", "not judged"),
            None => self.pick("检查失败", "failed"),
        }
    }

    /// How a severity is called.
    pub(super) fn severity(self, severity: Severity) -> &'static str {
        match (self, severity) {
            (Self::En, severity) => severity.name(),
            (Self::Zh, Severity::Note) => "提示",
            (Self::Zh, Severity::Minor) => "轻微",
            (Self::Zh, Severity::Major) => "较重",
            (Self::Zh, Severity::Critical) => "严重",
            (Self::Zh, Severity::Fatal) => "致命项",
        }
    }

    /// `1 call`, `2 calls`; in Chinese `2 通电话`.
    pub(super) fn calls(self, n: usize) -> String {
        match self {
            Self::Zh => format!("{n} 通电话"),
            Self::En => count(n, "call"),
        }
    }
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
            (&[], Language::En),
            (&[("LANG", "zh_CN.UTF-8")], Language::Zh),
            (&[("LANG", "zh_HK.UTF-8")], Language::Zh),
            (&[("LANG", "en_GB.UTF-8")], Language::En),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")], Language::En),
            (&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")], Language::Zh),
            (&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")], Language::Zh),
            (&[("LC_ALL", "zh")], Language::Zh),
        ];
        for (set, expected) in cases {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(Language::of_locale(variable), expected, "{set:?}");
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
