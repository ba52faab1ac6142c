//! Files with mistakes.
