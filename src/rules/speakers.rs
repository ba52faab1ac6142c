//! Whose utterances and events a condition looks at.

use crate::units::Role;
use serde::{Serialize, Serializer};
use std::fmt;

/// Some roles, or anyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speakers(u8);

impl Speakers {
    /// Whoever speaks, known or not.
    pub const ANYONE: Self = Self(0);

    /// This role.
    #[must_use]
    pub const fn one(role: Role) -> Self {
        Self(bit(role))
    }

    /// These roles; anyone where there is none.
    #[must_use]
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | bit(role)))
    }

    /// Whether it does not matter who speaks.
    #[must_use]
    pub const fn is_anyone(self) -> bool {
        self.0 == 0
    }

    /// Whether `role` is meant for certain.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.is_anyone() || self.0 & bit(role) != 0
    }

    /// The roles by name; none where anyone is meant.
    pub fn roles(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.0 & bit(*role) != 0)
    }

    /// These, or `others` where it does not matter.
    #[must_use]
    pub const fn or(self, others: Self) -> Self {
        if self.is_anyone() { others } else { self }
    }
}

const fn bit(role: Role) -> u8 {
    1 << role as u8
}

impl fmt::Display for Speakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_anyone() {
            return f.write_str("any");
        }
        let names: Vec<&str> = self.roles().map(Role::name).collect();
        f.write_str(&names.join(" or "))
    }
}

impl Serialize for Speakers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.roles().map(Role::name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_roles_or_anyone() {
        let both = Speakers::of([Role::Bot, Role::Agent]);
        assert_eq!(
            (both.to_string().as_str(), both.has(Role::Agent), both.has(Role::Customer)),
            ("agent or bot", true, false)
        );
        assert_eq!((Speakers::ANYONE.to_string().as_str(), Speakers::ANYONE.has(Role::Unknown)), ("any", true));
        assert_eq!(Speakers::of([]), Speakers::ANYONE);
        assert_eq!(Speakers::ANYONE.or(both), both);
        assert_eq!(serde_json::to_string(&both).expect("JSON"), r#"["agent","bot"]"#);
    }
}
