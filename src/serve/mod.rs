//! A server of a dataset's calls, for people who listen to them: read-only, for this machine, behind a token.
//!
//! hyper 1 with tokio's current-thread runtime, each with the fewest features: hyper is what axum stands on, and for seven addresses, one
//! method and one check that all requests pass, a router with extractors would be more code to build than it saves here. Async is
//! only what waits for the network; Parquet, decoding and files are read on other threads, so many at once. There is no TLS: a proxy
//! in front does that where others than this machine's users come in (`docs/serve.md`).

#![expect(clippy::disallowed_methods, reason = "an edge: serves files over the network, and reads the clock")]

mod access;
mod address;
mod body;
mod calls;
mod csv_file;
mod filter;
mod gate;
mod open;
mod pages;
mod peaks;
mod range;
mod reply;
mod server;
mod site;
mod sound;
mod sounds;
mod token;
mod view;

pub use open::{ServeError, ServeOptions, Server};
pub use token::{Token, TokenError};
