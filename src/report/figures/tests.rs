//! Figures worked out on paper.
