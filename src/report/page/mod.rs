//! The pages: a report of many calls, and one call alone.

mod assets;
mod contact;
mod groups;
mod lack;
mod overview;
mod own;
mod people;
mod render;
mod rules;
mod scene;
mod view;
mod worst;
#[cfg(test)]
mod tests;

pub use assets::{policy, script, style};
pub use render::{CallOptions, PageOptions, call_page, report_page};
