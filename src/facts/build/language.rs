//! Which language the call is in, and who said so.

use super::Observed;
use crate::entities::mask_text;

/// The call's language and its source: the manifest, else the transcript, else the option.
pub(super) fn language(observed: &Observed<'_>) -> (Option<String>, Option<String>) {
    let transcript = observed.transcript;
    let sources = [
        (observed.recording.metadata.language.as_deref(), "manifest"),
        (transcript.and_then(|transcript| transcript.language.as_deref()), "transcript"),
        (observed.default_language.as_deref(), "option"),
    ];
    let first = sources.into_iter().find_map(|(tag, source)| Some((tag.filter(|tag| !tag.is_empty())?, source)));
    (first.map(|(tag, _)| mask_text(tag)), first.map(|(_, source)| source.to_owned()))
}
