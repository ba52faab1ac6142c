//! The formats by name.

/// A format of transcripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own.
    Ours,
}

impl Format {
    /// All formats, in the order in which they are tried.
    pub const ALL: [Self; 1] = [Self::Ours];

    /// Its name for `--transcript-format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "callsift",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
