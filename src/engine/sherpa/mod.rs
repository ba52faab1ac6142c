//! The engine `sherpa`: sherpa-onnx with SenseVoice or Paraformer, on this machine.
//!
//! The library ends its process where a model is not what it expects, so it runs in children of the tool alone (`callsift
//! sherpa-child`): each loads the model once and answers one request after another. A child that dies or hangs costs the clip that
//! it heard. `serve` is the child's side; it is there with the feature `sherpa` alone, as is the library.

mod child;
mod complaints;
mod listen;
#[cfg(feature = "sherpa")]
mod native;
mod options;
mod pool;
mod protocol;
#[cfg(feature = "sherpa")]
mod serve;
mod settings;

pub use listen::Sherpa;
pub use options::{SherpaKind, SherpaOptions};
#[cfg(feature = "sherpa")]
pub use serve::serve;
pub use settings::SherpaSettings;

/// What the child is called on the command line.
pub const COMMAND: &str = "sherpa-child";

#[cfg(all(test, unix))]
mod tests;
