//! The parallel run: every call heard, read, judged and committed, in an order that does not depend on threads.

mod brought;
mod changed;
pub mod clips;
mod compare;
#[cfg(debug_assertions)]
mod failpoint;
mod figures;
pub mod hear;
mod inspector;
mod intake;
mod memory;
mod observe;
mod pipeline;
mod raw_text;
mod recheck;
pub mod recordings;
mod rejudge;
mod run;
mod shown;
mod stamp;
mod survey;
mod tally;
mod transcribe;

pub use brought::{BroughtFiles, read_brought};
pub use changed::Judges;
pub use compare::{Compared, compare};
pub use figures::figures;
pub use inspector::Inspector;
pub use intake::Intake;
pub use observe::Settings;
pub use raw_text::RawText;
pub use recheck::{Changes, Days, RecheckOptions, Rechecked, recheck};
pub use rejudge::{RejudgedCall, rejudge_call};
pub use run::{RunError, RunOptions, available, judged, run};
pub use shown::shown_calls;
pub use survey::{RecheckSurvey, Survey, survey, survey_recheck};
pub use tally::{Tally, Worst};
pub use transcribe::{TranscribeOptions, TranscribedAll, transcribe, try_on};
