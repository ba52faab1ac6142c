//! Names of the measures, and the groups in which they are given as reasons.

use super::measures::MEASURES;

/// A group of measures, named by how the first of them, its lead, differs from the average.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// How high the voice is.
    Pitch,
    /// How its pitch moves.
    PitchMoves,
    /// How much of the speech is voiced, and in how long runs.
    Voicing,
    /// How clearly it is voiced.
    Clarity,
    /// How far its loudness spreads.
    Spread,
    /// How fast loudness changes.
    Attack,
    /// How fast the spectrum changes.
    Restless,
    /// The finer shape of the spectrum.
    Timbre,
    /// How much power is high.
    Bright,
    /// How high the first formant is, which rises as the mouth opens and the voice is raised.
    Open,
    /// How far the spectrum spreads.
    Articulation,
}

/// How many groups there are.
pub(super) const GROUPS: usize = 11;

impl Group {
    /// Names of the group where its lead is over the average, and under it.
    pub(super) const fn names(self) -> [&'static str; 2] {
        match self {
            Self::Pitch => ["pitch_high", "pitch_low"],
            Self::PitchMoves => ["pitch_moves", "pitch_still"],
            Self::Voicing => ["voice_held", "voice_broken"],
            Self::Clarity => ["voice_clear", "voice_rough"],
            Self::Spread => ["loudness_varies", "loudness_even"],
            Self::Attack => ["loudness_jumps", "loudness_smooth"],
            Self::Restless => ["sound_restless", "sound_steady"],
            Self::Timbre => ["timbre_peaked", "timbre_flat"],
            Self::Bright => ["voice_bright", "voice_dark"],
            Self::Open => ["mouth_open", "mouth_closed"],
            Self::Articulation => ["articulation_wide", "articulation_narrow"],
        }
    }
}

/// All groups, in their order.
pub(super) const ALL: [Group; GROUPS] = [
    Group::Pitch,
    Group::PitchMoves,
    Group::Voicing,
    Group::Clarity,
    Group::Spread,
    Group::Attack,
    Group::Restless,
    Group::Timbre,
    Group::Bright,
    Group::Open,
    Group::Articulation,
];

/// The name of each measure: of voiced frames, where it does not say `heard` (all that stand out of the noise) or `unvoiced`.
pub const NAMES: [&str; MEASURES] = [
    "pitch_median",
    "pitch_change",
    "pitch_rise",
    "pitch_fall",
    "pitch_jitter",
    "pitch_trend",
    "voiced_share",
    "heard_share",
    "voiced_run",
    "strength",
    "strength_sd",
    "level_sd",
    "level_range",
    "level_skew",
    "level_top",
    "heard_level_rise",
    "level_rise",
    "level_fall",
    "level_jitter",
    "flux",
    "flux_sd",
    "peaked",
    "strongest",
    "centroid",
    "centroid_sd",
    "centroid_by_level",
    "low_centroid",
    "low_centroid_sd",
    "low_centroid_top",
    "alpha",
    "alpha_sd",
    "c1",
    "c2",
    "c3",
    "c4",
    "c5",
    "c6",
    "c7",
    "c8",
    "c1_loud",
    "c2_loud",
    "c3_loud",
    "c4_loud",
    "c5_loud",
    "c6_loud",
    "c7_loud",
    "c8_loud",
    "c1_sd",
    "c2_sd",
    "c3_sd",
    "c4_sd",
    "c5_sd",
    "c6_sd",
    "c7_sd",
    "c8_sd",
    "c1_unvoiced",
    "c2_unvoiced",
    "c3_unvoiced",
    "c4_unvoiced",
    "c5_unvoiced",
    "c6_unvoiced",
    "c7_unvoiced",
    "c8_unvoiced",
    "c1_change",
    "c2_change",
    "c3_change",
    "c4_change",
    "c5_change",
    "c6_change",
    "c7_change",
    "c8_change",
];

/// The group of each measure.
pub(super) const GROUP_OF: [Group; MEASURES] = {
    use Group::{Articulation, Attack, Bright, Clarity, Open, Pitch, PitchMoves, Restless, Spread, Timbre, Voicing};
    [
        Pitch,
        PitchMoves,
        PitchMoves,
        PitchMoves,
        PitchMoves,
        PitchMoves,
        Voicing,
        Voicing,
        Voicing,
        Clarity,
        Clarity,
        Spread,
        Spread,
        Spread,
        Spread,
        Attack,
        Attack,
        Attack,
        Attack,
        Restless,
        Restless,
        Timbre,
        Timbre,
        Bright,
        Bright,
        Bright,
        Open,
        Open,
        Open,
        Bright,
        Bright,
        Bright,
        Open,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Bright,
        Open,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Articulation,
        Articulation,
        Articulation,
        Articulation,
        Articulation,
        Articulation,
        Articulation,
        Articulation,
        Bright,
        Open,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Timbre,
        Restless,
        Restless,
        Restless,
        Restless,
        Restless,
        Restless,
        Restless,
        Restless,
    ]
};
