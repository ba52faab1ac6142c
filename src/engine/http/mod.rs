//! The engine `http`: a server that speaks OpenAI's `POST /v1/audio/transcriptions`.
//!
//! One clip is one request. What goes wrong is classed in `failure`, which says whether to ask again, whether the
//! server is ill and what to tell people; `gate` holds all slots back while the server is.

mod answer;
mod asking;
mod breaker;
mod client;
mod config;
mod endpoint;
mod failure;
mod form;
mod gate;
mod listening;
mod options;
mod retry_after;
mod secret;
mod waits;

use super::EngineError;

pub use config::HttpConfig;
pub use listening::Http;
pub use options::HttpOptions;
pub use secret::{KeyPlace, Secret};
