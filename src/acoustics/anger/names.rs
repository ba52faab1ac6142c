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

/// The name of each measure and its group; of voiced frames, where it does not say `heard` (all that stand out of the noise)
/// or `unvoiced`.
const TABLE: [(&str, Group); MEASURES] = {
    use Group::{Articulation, Attack, Bright, Clarity, Open, Pitch, PitchMoves, Restless, Spread, Timbre, Voicing};
    [
        ("pitch_median", Pitch),
        ("pitch_change", PitchMoves),
        ("pitch_rise", PitchMoves),
        ("pitch_fall", PitchMoves),
        ("pitch_jitter", PitchMoves),
        ("pitch_trend", PitchMoves),
        ("voiced_share", Voicing),
        ("heard_share", Voicing),
        ("voiced_run", Voicing),
        ("strength", Clarity),
        ("strength_sd", Clarity),
        ("level_sd", Spread),
        ("level_range", Spread),
        ("level_skew", Spread),
        ("level_top", Spread),
        ("heard_level_rise", Attack),
        ("level_rise", Attack),
        ("level_fall", Attack),
        ("level_jitter", Attack),
        ("flux", Restless),
        ("flux_sd", Restless),
        ("peaked", Timbre),
        ("strongest", Timbre),
        ("centroid", Bright),
        ("centroid_sd", Bright),
        ("centroid_by_level", Bright),
        ("low_centroid", Open),
        ("low_centroid_sd", Open),
        ("low_centroid_top", Open),
        ("alpha", Bright),
        ("alpha_sd", Bright),
        ("c1", Bright),
        ("c2", Open),
        ("c3", Timbre),
        ("c4", Timbre),
        ("c5", Timbre),
        ("c6", Timbre),
        ("c7", Timbre),
        ("c8", Timbre),
        ("c1_loud", Bright),
        ("c2_loud", Open),
        ("c3_loud", Timbre),
        ("c4_loud", Timbre),
        ("c5_loud", Timbre),
        ("c6_loud", Timbre),
        ("c7_loud", Timbre),
        ("c8_loud", Timbre),
        ("c1_sd", Articulation),
        ("c2_sd", Articulation),
        ("c3_sd", Articulation),
        ("c4_sd", Articulation),
        ("c5_sd", Articulation),
        ("c6_sd", Articulation),
        ("c7_sd", Articulation),
        ("c8_sd", Articulation),
        ("c1_unvoiced", Bright),
        ("c2_unvoiced", Open),
        ("c3_unvoiced", Timbre),
        ("c4_unvoiced", Timbre),
        ("c5_unvoiced", Timbre),
        ("c6_unvoiced", Timbre),
        ("c7_unvoiced", Timbre),
        ("c8_unvoiced", Timbre),
        ("c1_change", Restless),
        ("c2_change", Restless),
        ("c3_change", Restless),
        ("c4_change", Restless),
        ("c5_change", Restless),
        ("c6_change", Restless),
        ("c7_change", Restless),
        ("c8_change", Restless),
    ]
};

/// The names of the measures.
pub const NAMES: [&str; MEASURES] = {
    let (mut names, mut n) = ([""; MEASURES], 0);
    while n < MEASURES {
        names[n] = TABLE[n].0;
        n += 1;
    }
    names
};

/// The group of measure `n`.
pub(super) const fn group_of(n: usize) -> Group {
    TABLE[n].1
}
