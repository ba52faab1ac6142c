//! Speakers as engines and vendors name them.

use crate::transcript::Speaker;
use crate::units::Role;

/// Names, in lower case, and whose they are.
const NAMES: [(&str, Role); 33] = [
    ("agent", Role::Agent),
    ("bot", Role::Bot),
    ("client", Role::Customer),
    ("custom_bot", Role::Bot),
    ("customer", Role::Customer),
    ("employee", Role::Agent),
    ("external", Role::Customer),
    ("internal", Role::Agent),
    ("ivr", Role::Bot),
    ("kefu", Role::Agent),
    ("operator", Role::Agent),
    ("robot", Role::Bot),
    ("seat", Role::Agent),
    ("service", Role::Agent),
    ("staff", Role::Agent),
    ("system", Role::Bot),
    ("third", Role::Third),
    ("user", Role::Customer),
    ("unknown", Role::Unknown),
    ("主叫客户", Role::Customer),
    ("催收员", Role::Agent),
    ("坐席", Role::Agent),
    ("客户", Role::Customer),
    ("客服", Role::Agent),
    ("客服人员", Role::Agent),
    ("座席", Role::Agent),
    ("机器人", Role::Bot),
    ("用户", Role::Customer),
    ("系统", Role::Bot),
    ("第三方", Role::Third),
    ("经办", Role::Agent),
    ("话务员", Role::Agent),
    ("顾客", Role::Customer),
];

/// The role that `name` stands for, where it is plain.
pub(super) fn role(name: &str) -> Option<Role> {
    let lower = name.trim().to_lowercase();
    NAMES.iter().find(|(known, _)| *known == lower).map(|&(_, role)| role)
}

/// Whether `text` is no more than a remark in brackets or notes, as Whisper writes `[BLANK_AUDIO]`, `(音乐)`, `♪`.
pub(super) fn is_note(text: &str) -> bool {
    const BRACKETS: [(char, char); 6] = [('[', ']'), ('(', ')'), ('（', '）'), ('【', '】'), ('*', '*'), ('♪', '♪')];
    let text = text.trim();
    let within = |&(open, close): &(char, char)| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inside| !inside.contains([open, close]))
    };
    BRACKETS.iter().any(within)
}

/// Numbers voices in the order in which their names come.
#[derive(Default)]
pub(super) struct Voices {
    names: Vec<String>,
}

impl Voices {
    /// The most voices that are told apart; further ones count as the last.
    const MOST: usize = 64;

    /// The speaker of this name: a role where the name is one, else a voice.
    pub(super) fn speaker(&mut self, name: &str) -> Speaker {
        role(name).map_or_else(|| self.voice(name), Speaker::Role)
    }

    /// The voice of this name.
    pub(super) fn voice(&mut self, name: &str) -> Speaker {
        let known = self.names.iter().position(|known| known == name);
        let at = known.unwrap_or_else(|| {
            if self.names.len() < Self::MOST {
                self.names.push(name.to_owned());
            }
            self.names.len() - 1
        });
        Speaker::Voice(at as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_no_speech() {
        for note in ["[BLANK_AUDIO]", " (音乐)", "（音乐）", "*sighs*", "♪ la ♪"] {
            assert!(is_note(note), "{note}");
        }
        for said in ["[Music] hello", "hello (again)", "(one) and (two)", "", "["] {
            assert!(!is_note(said), "{said}");
        }
    }
}
