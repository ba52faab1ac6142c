//! What a piece of speech tells of its speaker's arousal, in numbers that no gain moves.

use super::moments::{Joint, Moments};
use super::sound::{CEPSTRA, Sound};

/// How many measures a piece has.
pub const MEASURES: usize = 31 + 5 * CEPSTRA;

/// The most frames of a piece: 5 s, the length of a long sentence, as the model learnt them.
pub(super) const PIECE: usize = 500;

/// The least frames of a piece, and of its voiced ones: 0.4 s, of which 0.15 s.
const LEAST: usize = 40;
const LEAST_VOICED: usize = 15;

/// Measures of a piece, in the order of [`super::NAMES`]; `None` where it is too short or hardly voiced.
pub(super) fn measure(sounds: &[Sound], scratch: &mut Vec<f32>) -> Option<[f32; MEASURES]> {
    if sounds.len() < LEAST || voiced(sounds).count() < LEAST_VOICED {
        return None;
    }
    let mut measures = [0.0; MEASURES];
    let (pitch, rest) = measures.split_at_mut(6);
    let (voice, rest) = rest.split_at_mut(5);
    let (level, rest) = rest.split_at_mut(8);
    let (balance, cepstra) = rest.split_at_mut(12);
    pitch.copy_from_slice(&pitch_measures(sounds, scratch));
    voice.copy_from_slice(&voice_measures(sounds));
    balance.copy_from_slice(&balance_measures(sounds, scratch));
    let (spread, median_db) = spread_measures(sounds, scratch);
    level[..4].copy_from_slice(&spread);
    level[4..].copy_from_slice(&attack_measures(sounds));
    cepstra.copy_from_slice(cepstra_measures(sounds, median_db).as_flattened());
    Some(measures)
}

/// Semitones over 100 Hz, and semitones a frame: how high the pitch is, how it moves, and its trend.
fn pitch_measures(sounds: &[Sound], scratch: &mut Vec<f32>) -> [f32; 6] {
    let median = percentile(sorted(scratch, sounds.iter().filter_map(|sound| sound.pitch)), 50);
    let [mut change, mut jitter] = [Moments::default(); 2];
    for (before, here) in neighbours(sounds) {
        change.add_some(here.pitch.zip(before.pitch).map(|(here, before)| (here - before).abs().min(2.0)));
    }
    for three in threes(sounds) {
        if let [Some(a), Some(b), Some(c)] = three.map(|sound| sound.pitch) {
            jitter.add((a - 2.0 * b + c).abs().min(2.0));
        }
    }
    let [rise, fall] = glides(sounds);
    let mut trend = Joint::default();
    for (n, pitch) in sounds.iter().enumerate().filter_map(|(n, sound)| sound.pitch.map(|pitch| (n, pitch))) {
        trend.add(n as f32 / 100.0, pitch);
    }
    [median, change.mean(), rise, fall, jitter.mean(), trend.slope()]
}

/// By how many semitones pitch rises and falls over [`GLIDE`] voiced frames, in the mean.
fn glides(sounds: &[Sound]) -> [f32; 2] {
    let (mut rise, mut fall) = (Moments::default(), Moments::default());
    let mut run = 0;
    for (n, sound) in sounds.iter().enumerate() {
        let goes_on = sound.follows && run > 0;
        run = if sound.pitch.is_none() {
            0
        } else if goes_on {
            run + 1
        } else {
            1
        };
        if let (true, Some(here), Some(before)) = (run > GLIDE, sound.pitch, sounds[n.saturating_sub(GLIDE)].pitch) {
            rise.add((here - before).clamp(0.0, 6.0));
            fall.add((before - here).clamp(0.0, 6.0));
        }
    }
    [rise.mean(), fall.mean()]
}

/// Frames over which pitch glides.
const GLIDE: usize = 5;

/// How much of what stands out is voiced, and how much of all stands out; how many frames a voiced
/// run has; how clearly voiced it is.
fn voice_measures(sounds: &[Sound]) -> [f32; 5] {
    let standing = sounds.iter().filter(|sound| sound.stands_out).count() as f32;
    let (mut voiced, mut runs, mut before) = (0.0, 0.0, false);
    let mut strength = Moments::default();
    for sound in sounds {
        let here = sound.pitch.is_some();
        if here {
            voiced += 1.0;
            strength.add(sound.strength);
            runs += if before && sound.follows { 0.0 } else { 1.0 };
        }
        before = here;
    }
    let [strength, strength_sd] = strength.both();
    [voiced / standing.max(1.0), standing / sounds.len() as f32, voiced / f32::max(runs, 1.0), strength, strength_sd]
}

/// How far the levels of voiced frames spread, dB, and to which side; and their median, dB.
fn spread_measures(sounds: &[Sound], scratch: &mut Vec<f32>) -> ([f32; 4], f32) {
    let levels = sorted(scratch, voiced(sounds).map(|sound| sound.level_db));
    let [low, median, high, top] = [10, 50, 90, 95].map(|percent| percentile(levels, percent));
    let mut moments = Moments::default();
    levels.iter().for_each(|&level| moments.add(level));
    let [mean, sd] = moments.both();
    let mut skew = Moments::default();
    levels.iter().for_each(|level| skew.add(((level - mean) / sd.max(0.001)).powi(3)));
    ([sd, high - low, skew.mean(), top - median], median)
}

/// How levels rise and fall from frame to frame, and how they jitter, dB.
fn attack_measures(sounds: &[Sound]) -> [f32; 4] {
    let [mut rise, mut voiced_rise, mut voiced_fall, mut jitter] = [Moments::default(); 4];
    for (before, here) in neighbours(sounds) {
        let up = here.level_db - before.level_db;
        if before.stands_out && here.stands_out {
            rise.add(up.clamp(0.0, 10.0));
        }
        if both_voiced((before, here)) {
            voiced_rise.add(up.max(0.0));
            voiced_fall.add((-up).max(0.0));
        }
    }
    for three in threes(sounds).filter(|three| three.iter().all(|sound| sound.pitch.is_some())) {
        let [a, b, c] = three.map(|sound| sound.level_db);
        jitter.add((a - 2.0 * b + c).abs());
    }
    [rise.mean(), voiced_rise.mean(), voiced_fall.mean(), jitter.mean()]
}

/// How the power of voiced frames is spread, and how it moves.
fn balance_measures(sounds: &[Sound], scratch: &mut Vec<f32>) -> [f32; 12] {
    let [mut flux, mut peaked, mut strongest, mut low, mut alpha] = [Moments::default(); 5];
    let mut centroid = Joint::default();
    neighbours(sounds).filter(|pair| both_voiced(*pair)).for_each(|(before, here)| flux.add(here.flux_db(before)));
    for sound in voiced(sounds) {
        let (mean_db, least_db) = sound.peaked_db();
        peaked.add(mean_db);
        strongest.add(least_db);
        low.add(sound.low_centroid);
        alpha.add(sound.alpha_db);
        centroid.add(sound.level_db, sound.centroid);
    }
    let low_top = percentile(sorted(scratch, voiced(sounds).map(|sound| sound.low_centroid)), 90);
    let ([flux, flux_sd], [alpha, alpha_sd]) = (flux.both(), alpha.both());
    let ([middle, middle_sd], [low, low_sd]) = (centroid.y.both(), low.both());
    let slope = centroid.slope();
    [flux, flux_sd, peaked.mean(), strongest.mean(), middle, middle_sd, slope, low, low_sd, low_top, alpha, alpha_sd]
}

/// Of each cepstral coefficient: its mean in voiced frames, in those at `median_db` and over, its
/// deviation, how unvoiced frames differ from voiced ones, and its change from frame to frame.
fn cepstra_measures(sounds: &[Sound], median_db: f32) -> [[f32; CEPSTRA]; 5] {
    let [mut all, mut loud, mut unvoiced, mut change] = [[Moments::default(); CEPSTRA]; 4];
    let add = |sums: &mut [Moments; CEPSTRA], sound: &Sound| {
        sums.iter_mut().zip(sound.cepstra).for_each(|(sum, value)| sum.add(value));
    };
    for sound in sounds {
        match sound.pitch {
            Some(_) => {
                add(&mut all, sound);
                if sound.level_db >= median_db {
                    add(&mut loud, sound);
                }
            }
            None if sound.stands_out => add(&mut unvoiced, sound),
            None => {}
        }
    }
    for (before, here) in neighbours(sounds).filter(|pair| both_voiced(*pair)) {
        let pairs = here.cepstra.iter().zip(before.cepstra);
        change.iter_mut().zip(pairs).for_each(|(sum, (here, before))| sum.add((here - before).abs()));
    }
    let means = |sums: &[Moments; CEPSTRA]| sums.map(|sum| sum.mean());
    let voiced_means = means(&all);
    let differs = |n: usize| if unvoiced[n].count > 0.0 { unvoiced[n].mean() - voiced_means[n] } else { 0.0 };
    let deviations = all.map(|sum| sum.deviation());
    [voiced_means, means(&loud), deviations, std::array::from_fn(differs), means(&change)]
}

/// Sounds, each behind the one before it, of frames that follow one another.
fn neighbours(sounds: &[Sound]) -> impl Iterator<Item = (&Sound, &Sound)> {
    sounds.windows(2).filter(|pair| pair[1].follows).map(|pair| (&pair[0], &pair[1]))
}

/// Three sounds each, of frames that follow one another.
fn threes(sounds: &[Sound]) -> impl Iterator<Item = [&Sound; 3]> {
    let follow = |three: &&[Sound]| three[1].follows && three[2].follows;
    sounds.windows(3).filter(follow).map(|three| [&three[0], &three[1], &three[2]])
}

fn voiced(sounds: &[Sound]) -> impl Iterator<Item = &Sound> {
    sounds.iter().filter(|sound| sound.pitch.is_some())
}

fn both_voiced((before, here): (&Sound, &Sound)) -> bool {
    before.pitch.is_some() && here.pitch.is_some()
}

fn sorted(scratch: &mut Vec<f32>, values: impl Iterator<Item = f32>) -> &[f32] {
    scratch.clear();
    scratch.extend(values);
    scratch.sort_unstable_by(f32::total_cmp);
    scratch
}

/// The value at `percent` of sorted ones, nearest rank; 0 of none.
fn percentile(sorted: &[f32], percent: usize) -> f32 {
    sorted.get((sorted.len().saturating_sub(1) * percent + 50) / 100).copied().unwrap_or(0.0)
}
