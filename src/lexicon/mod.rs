//! Lists of words: as written, and compiled for matching.

pub mod file;
pub mod matcher;
pub mod phrases;
pub mod sounds;

/// How the ids of the lists end whose words deny what follows.
pub(crate) const NEGATION: &str = "/negation";

/// How the ids of the lists end after whose words somebody else is quoted.
pub(crate) const QUOTATION: &str = "/quotation";

/// A list of words, as its file says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct List {
    /// Its id, such as `zh/threat-of-visit`.
    pub id: String,
    /// What its words mean.
    pub means: String,
    /// Who looks after it.
    pub owner: String,
    /// Where it comes from.
    pub source: String,
    /// How sure of the source we are.
    pub confidence: String,
    /// The words, sorted, unique.
    pub terms: Vec<String>,
    /// Phrases that contain a term and are innocent, sorted, unique.
    pub never: Vec<String>,
    /// What must stand directly before or behind a word of two syllables for it to count by its sound, sorted, unique.
    pub beside: Vec<String>,
}
