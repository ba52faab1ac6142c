//! The line that an example is about: what the rule reports there, or what it finds and does not count.

use crate::inspect::example::facts;
use crate::packs::Packs;
use crate::rules::explain::loosened;
use crate::rules::model::{Example, Rule};
use crate::rules::{CompileError, Ruleset, compile};
use crate::units::Role;

/// What finds the lines.
pub(super) struct Lines {
    rules: Ruleset,
    loose: Ruleset,
}

/// A line of an example.
pub(super) struct Said {
    pub(super) start_ms: i64,
    pub(super) role: Role,
    pub(super) text: String,
}

impl Lines {
    pub(super) fn of(packs: &Packs) -> Result<Self, CompileError> {
        let rules: Vec<Rule> = packs.rules.values().map(|loaded| loaded.rule.clone()).collect();
        Ok(Self { rules: compile(&rules, &packs.lists)?, loose: loosened(&rules, &packs.lists)? })
    }

    /// The line that `example` of `rule` is about; `None` where it is about no line, such as the length of a call.
    pub(super) fn said(&self, rule: &Rule, example: &Example) -> Option<Said> {
        let facts = facts(example, rule.languages.first().map(String::as_str));
        let reported = self.rules.try_rule(&rule.id, &facts).findings.iter().find_map(|finding| finding.turn);
        let turn = match reported {
            Some(turn) => turn,
            None => self.loose.found(&rule.id, &facts).iter().find_map(|found| found.turn)?,
        };
        let turn = facts.turns.iter().find(|it| it.turn == turn)?;
        Some(Said { start_ms: turn.span.start_ms, role: turn.role, text: turn.text.clone() })
    }
}
