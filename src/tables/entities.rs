//! `entities`: what was mentioned, with its evidence.

use super::record::{Flat, record};
use crate::facts::EntityFacts;
use crate::units::{Role, Span};

record!(EntityFacts {
    /// The entity's 0-based rank in its call, by turn and first character.
    entity: i32,
    /// In which utterance, as `turns.turn`.
    turn: i32,
    /// Who said it.
    role: Role => dictionary,
    /// What it is: `phone`, `id_card`, `bank_card`, `email`; `money`, `percentage`, `date`, `time`, `datetime`, `duration`,
    /// `number`; `promise`, to pay.
    kind: String => dictionary,
    /// First character in `turns.text`, from 0, in Unicode scalar values.
    char_start: i32,
    /// First character after it.
    char_end: i32,
    span as "": Flat<Span>,
    /// Its value, masked where it is personal: a decimal number, `A~B` where two are named, an ISO 8601 date or time;
    /// of a promise how much, empty where no sum is named.
    value: String,
    /// The value's unit: an ISO 4217 code, `%`, `s`; `lunar` for a day of the Chinese calendar.
    unit: Option<String> => dictionary,
    /// How sure it is, 0 to 1.
    confidence: Option<f32>,
    /// Whether it was said in full; decided before masking. Of a promise: whether both sum and day are named.
    complete: Option<bool>,
    /// Whether a cell of the manifest says the same, `customer_id` or a further column; decided before masking. Null where no cell
    /// says anything of the kind.
    equals_manifest: Option<bool>,
    /// Whether a cell on the customer says the same, `customer_id` or a further column whose name starts with `customer_`; decided
    /// before masking. Null where no such cell says anything of the kind, and for what identifies nobody.
    same_as_customer: Option<bool>,
    /// By when a promise is to be kept: an ISO 8601 date, or date and time.
    due: Option<String>,
});
