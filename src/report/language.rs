//! In which language people are spoken to, and whom a page is for.

use crate::finding::Severity;
use crate::score::Verdict;
use std::str::FromStr;

/// The language of pages and summaries. What rules say stays in theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The one in this language.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// Of the same words in both, those of this language.
    #[must_use]
    pub const fn say(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// `1 call`, `2 calls`; in Chinese `2 通电话`.
    #[must_use]
    pub fn calls(self, n: usize) -> String {
        let english = if n == 1 { "call" } else { "calls" };
        self.pick(format!("{n} 通电话"), format!("{n} {english}"))
    }

    /// How a verdict is called.
    #[must_use]
    pub const fn verdict(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Pass => self.say("pass", "合格"),
            Verdict::Review => self.say("review", "待复核"),
            Verdict::Fail => self.say("fail", "不合格"),
            Verdict::NotJudged => self.say("not judged", "未评判"),
        }
    }

    /// How a severity is called.
    #[must_use]
    pub const fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Note => self.say("note", "提示"),
            Severity::Minor => self.say("minor", "轻微"),
            Severity::Major => self.say("major", "较重"),
            Severity::Critical => self.say("critical", "严重"),
            Severity::Fatal => self.say("fatal", "致命项"),
        }
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "zh" => Ok(Self::Chinese),
            "en" => Ok(Self::English),
            _ => Err("say zh or en".to_owned()),
        }
    }
}

/// Whom a page is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Who answers for all of it: is it complete, where are red lines crossed, what does it cost.
    Executive,
    /// Who runs quality: teams, rules, hours, products, instruments.
    #[default]
    Manager,
    /// Who leads a team: what to act on, and with whom.
    Team,
    /// The agent: the own score, and what to do better.
    Agent,
}

impl FromStr for Level {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "executive" => Ok(Self::Executive),
            "manager" => Ok(Self::Manager),
            "team" => Ok(Self::Team),
            "agent" => Ok(Self::Agent),
            _ => Err("say executive, manager, team or agent".to_owned()),
        }
    }
}
