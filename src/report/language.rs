//! In which language a page speaks, and to whom.

use std::str::FromStr;

/// The language of a page. What rules say stays in theirs.
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

    /// Of the same text in both, the one of this language.
    #[must_use]
    pub const fn say(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
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
