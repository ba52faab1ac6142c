//! Strong Kleene logic: true, false, and unknown with a reason.
//!
//! S. C. Kleene, Introduction to Metamathematics (1952), section 64. Of two unknowns the first one's
//! reason is kept.

use crate::finding::Reason;

/// Why something is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    pub(crate) reason: Reason,
    pub(crate) detail: String,
}

impl Why {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// One of three answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    Unknown(Why),
}

impl Truth {
    pub(crate) const fn of(is: bool) -> Self {
        if is { Self::True } else { Self::False }
    }

    pub(crate) const fn is_true(&self) -> bool {
        matches!(self, Self::True)
    }

    pub(crate) fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, other) => other,
            (unknown, _) => unknown,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, other) => other,
            (unknown, _) => unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_tables_are_kleenes() {
        let why = |reason| Truth::Unknown(Why::new(reason, ""));
        let (t, f, u, v) = (Truth::True, Truth::False, why(Reason::NoAudio), why(Reason::NoRoles));
        // Left, right, and, or: Kleene 1952, section 64; the first unknown's reason is kept.
        let table = [
            (&t, &t, &t, &t),
            (&t, &f, &f, &t),
            (&t, &u, &u, &t),
            (&f, &t, &f, &t),
            (&f, &f, &f, &f),
            (&f, &u, &f, &u),
            (&u, &t, &u, &t),
            (&u, &f, &f, &u),
            (&u, &v, &u, &u),
            (&v, &u, &v, &v),
        ];
        for (left, right, and, or) in table {
            assert_eq!(&left.clone().and(right.clone()), and, "{left:?} and {right:?}");
            assert_eq!(&left.clone().or(right.clone()), or, "{left:?} or {right:?}");
        }
        assert_eq!(t.clone().negate(), f);
        assert_eq!(f.negate(), t);
        assert_eq!(u.clone().negate(), u);
    }
}
