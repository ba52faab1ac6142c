//! Whether the two sides look swapped, by what is said on them.

use super::spoken::Spoken;
use crate::units::Role;

/// What those say who work for the house, and hardly anybody whom they speak to.
const OF_THE_HOUSE: [&str; 14] = [
    "工号",
    "本次通话",
    "通话会录音",
    "通话可能会被录音",
    "很高兴为您服务",
    "为您服务",
    "感谢您的来电",
    "感谢您的接听",
    "请问您是",
    "请问是",
    "this call is recorded",
    "this call may be recorded",
    "thank you for calling",
    "how may i help",
];

/// So many utterances on the customer's side, and none on the agent's, are no chance.
const ENOUGH: usize = 2;

/// Whether the customer's side says what only the house says, and the agent's side does not.
pub(super) fn look_swapped(spoken: &[Spoken<'_>]) -> bool {
    let says = |role: Role| {
        let of_role = spoken.iter().filter(|one| one.voice.side == role);
        of_role.filter(|one| is_of_the_house(&one.utterance.text.to_lowercase())).count()
    };
    says(Role::Customer) >= ENOUGH && says(Role::Agent) == 0
}

/// Whether `text`, in small letters, has what only those say who work for the house.
pub(super) fn is_of_the_house(text: &str) -> bool {
    OF_THE_HOUSE.iter().any(|phrase| text.contains(phrase))
}
