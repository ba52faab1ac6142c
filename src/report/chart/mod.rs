//! Pictures in SVG, drawn by hand. They carry classes and no styles, so that a page may forbid inline styles.

mod bars;
mod interval;
mod svg;
mod trend;

pub(super) use bars::columns;
pub(super) use interval::interval;
pub(super) use svg::{Short, Svg, short};
pub(super) use trend::{TrendPoint, lines, trend};
