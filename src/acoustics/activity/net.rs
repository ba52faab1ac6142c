//! A small convolutional net: log-odds of speech, for one pair of frames after another.
//!
//! Each layer looks at three places, from the third layer on twice as far apart as the one before, so the last sees
//! 1.28 s to each side (van den Oord and others 2016). Each has 16 units, which are 16 lanes: every processor adds the
//! same products in the same order.

use super::clues::{CLUES, Clues};
use super::weights::{BIASES, INPUT, INPUT_BIAS, LAYERS, OUTPUT, OUTPUT_BIAS};

/// Units of a layer.
pub(super) const UNITS: usize = 16;

/// How far apart the places are that a layer looks at: the first, which sees clues, and each of the others.
const FIRST: usize = 1;
const APART: [usize; 6] = [1, 2, 4, 8, 16, 32];

/// How many pairs of frames the net sees to each side.
const REACH: usize = 64;

/// The net with what it has seen of one channel.
pub(super) struct Net {
    first: Seen<CLUES>,
    others: [Seen<UNITS>; APART.len()],
    /// What goes from one layer to the next.
    passing: [Vec<[f32; UNITS]>; 2],
    /// Pairs before the first of the recording that have no answer yet.
    before: usize,
}

impl Net {
    pub(super) fn new() -> Self {
        let mut net = Self {
            first: Seen::new(FIRST),
            others: APART.map(Seen::new),
            passing: [Vec::new(), Vec::new()],
            before: REACH,
        };
        net.see(&[Clues::NONE; REACH], &mut |_| ());
        net
    }

    /// Sees the clues of the next pairs of frames; answers come [`REACH`] pairs behind.
    pub(super) fn see(&mut self, clues: &[Clues], answer: &mut dyn FnMut(f32)) {
        let [from, to] = &mut self.passing;
        self.first.pass(clues.iter().map(|clues| clues.0), &INPUT, &INPUT_BIAS, from);
        for ((layer, weights), biases) in self.others.iter_mut().zip(&LAYERS).zip(&BIASES) {
            layer.pass(from.drain(..), weights, biases, to);
            std::mem::swap(from, to);
        }
        for units in from.drain(..) {
            if self.before > 0 {
                self.before -= 1;
            } else {
                answer(read(&units));
            }
        }
    }

    /// No more pairs come: answers for the last [`REACH`].
    pub(super) fn finish(&mut self, answer: &mut dyn FnMut(f32)) {
        self.see(&[Clues::NONE; REACH], answer);
    }
}

fn read(units: &[f32; UNITS]) -> f32 {
    OUTPUT_BIAS + units.iter().zip(&OUTPUT).map(|(unit, weight)| unit * weight).sum::<f32>()
}

/// Weights of a layer: for each of the three places, of each input for each unit.
pub(super) type Weights<const INPUTS: usize> = [[[f32; UNITS]; INPUTS]; 3];

/// The inputs that a layer still looks at.
struct Seen<const INPUTS: usize> {
    apart: usize,
    inputs: Vec<[f32; INPUTS]>,
}

impl<const INPUTS: usize> Seen<INPUTS> {
    fn new(apart: usize) -> Self {
        Self { apart, inputs: vec![[0.0; INPUTS]; apart] }
    }

    /// Puts what the layer makes of all places that it can see whole now into `out`.
    fn pass(
        &mut self,
        inputs: impl Iterator<Item = [f32; INPUTS]>,
        weights: &Weights<INPUTS>,
        biases: &[f32; UNITS],
        out: &mut Vec<[f32; UNITS]>,
    ) {
        self.inputs.extend(inputs);
        let places = self.inputs.len().saturating_sub(2 * self.apart);
        out.resize(places, [0.0; UNITS]);
        layer(&self.inputs, self.apart, weights, biases, out);
        self.inputs.drain(..places);
    }
}

/// Runs [`layer_any`] on the widest vectors the processor has; the same sums in the same order.
fn layer<const INPUTS: usize>(
    inputs: &[[f32; INPUTS]],
    apart: usize,
    weights: &Weights<INPUTS>,
    biases: &[f32; UNITS],
    out: &mut [[f32; UNITS]],
) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the processor was just asked whether it has AVX2")]
        return unsafe { layer_avx2(inputs, apart, weights, biases, out) };
    }
    layer_any(inputs, apart, weights, biases, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn layer_avx2<const INPUTS: usize>(
    inputs: &[[f32; INPUTS]],
    apart: usize,
    weights: &Weights<INPUTS>,
    biases: &[f32; UNITS],
    out: &mut [[f32; UNITS]],
) {
    layer_any(inputs, apart, weights, biases, out);
}

/// Places that are summed side by side, since one sum waits for its last addition.
const ABREAST: usize = 4;

#[inline(always)]
fn layer_any<const INPUTS: usize>(
    inputs: &[[f32; INPUTS]],
    apart: usize,
    weights: &Weights<INPUTS>,
    biases: &[f32; UNITS],
    out: &mut [[f32; UNITS]],
) {
    let (groups, rest) = out.as_chunks_mut::<ABREAST>();
    let grouped = groups.len() * ABREAST;
    for (n, group) in groups.iter_mut().enumerate() {
        places(&inputs[n * ABREAST..], apart, weights, biases, group);
    }
    for (n, one) in rest.iter_mut().enumerate() {
        places(&inputs[grouped + n..], apart, weights, biases, std::array::from_mut(one));
    }
}

/// What the layer makes of the first places of `inputs`: the sum over three places, cut at 0; layers between units
/// add it to what they see in the middle.
#[inline(always)]
fn places<const INPUTS: usize, const COUNT: usize>(
    inputs: &[[f32; INPUTS]],
    apart: usize,
    weights: &Weights<INPUTS>,
    biases: &[f32; UNITS],
    out: &mut [[f32; UNITS]; COUNT],
) {
    let mut sums = [*biases; COUNT];
    for (place, weights) in weights.iter().enumerate() {
        let seen = &inputs[place * apart..place * apart + COUNT];
        for (input, weights) in weights.iter().enumerate() {
            for (sums, seen) in sums.iter_mut().zip(seen) {
                let value = seen[input];
                for unit in 0..UNITS {
                    sums[unit] += value * weights[unit];
                }
            }
        }
    }
    for (place, (out, sums)) in out.iter_mut().zip(&sums).enumerate() {
        let middle = &inputs[apart + place];
        for unit in 0..UNITS {
            let kept = if INPUTS == UNITS { middle[unit] } else { 0.0 };
            out[unit] = kept + sums[unit].max(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clues(count: usize) -> Vec<Clues> {
        let any = |n: usize, clue: usize| ((n * 131 + clue * 977) * 2_654_435_761 % 1_009) as f32 / 1_009.0;
        (0..count).map(|n| Clues(std::array::from_fn(|clue| any(n / 3, clue)))).collect()
    }

    fn answers(clues: &[Clues], block: usize) -> Vec<f32> {
        let (mut net, mut answers) = (Net::new(), Vec::new());
        clues.chunks(block).for_each(|block| net.see(block, &mut |odds| answers.push(odds)));
        net.finish(&mut |odds| answers.push(odds));
        answers
    }

    /// The net as it is defined: layer by layer, over all places.
    fn defined(clues: &[Clues]) -> Vec<f32> {
        fn layer<const N: usize>(
            of: &[[f32; N]],
            apart: usize,
            weights: &Weights<N>,
            bias: &[f32; UNITS],
        ) -> Vec<[f32; UNITS]> {
            let at = |n: usize, place: usize| (n + place * apart).checked_sub(apart).and_then(|n| of.get(n));
            let unit = |n: usize, unit: usize| {
                let terms = (0..3).filter_map(|place| Some((at(n, place)?, &weights[place])));
                let sum: f64 = terms
                    .flat_map(|(seen, weights)| {
                        seen.iter().zip(weights).map(|(value, weights)| f64::from(value * weights[unit]))
                    })
                    .sum();
                (sum + f64::from(bias[unit])).max(0.0) as f32
            };
            (0..of.len()).map(|n| std::array::from_fn(|lane| unit(n, lane))).collect()
        }
        let none = [[0.0; CLUES]; REACH];
        let padded: Vec<_> = none.into_iter().chain(clues.iter().map(|clues| clues.0)).chain(none).collect();
        let mut units = layer(&padded, FIRST, &INPUT, &INPUT_BIAS);
        for ((apart, weights), biases) in APART.into_iter().zip(&LAYERS).zip(&BIASES) {
            let more = layer(&units, apart, weights, biases);
            units.iter_mut().flatten().zip(more.iter().flatten()).for_each(|(unit, more)| *unit += more);
        }
        units[REACH..REACH + clues.len()].iter().map(read).collect()
    }

    #[test]
    fn answers_are_those_of_the_layers_however_pairs_come() {
        let clues = clues(301);
        let whole = answers(&clues, clues.len());
        for (n, (found, expected)) in whole.iter().zip(defined(&clues)).enumerate() {
            assert!((found - expected).abs() < 1e-3, "pair {n}: {found} for {expected}");
        }
        assert_eq!(whole.len(), clues.len());
        for block in [1, 5, 64] {
            assert_eq!(answers(&clues, block), whole, "blocks of {block}");
        }
    }

    #[test]
    fn every_processor_gives_the_same_bytes() {
        let inputs: Vec<[f32; CLUES]> = clues(90).iter().map(|clues| clues.0).collect();
        let (mut wide, mut narrow) = ([[0.0; UNITS]; 87], [[0.0; UNITS]; 87]);
        layer(&inputs, 1, &INPUT, &INPUT_BIAS, &mut wide);
        layer_any(&inputs, 1, &INPUT, &INPUT_BIAS, &mut narrow);
        assert_eq!(
            wide.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            narrow.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        );
    }
}
