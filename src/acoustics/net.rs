//! A small convolutional net: one answer for each place of a sequence.
//!
//! Each layer looks at three places, the further apart the later it comes, so the last sees far to each side (van den
//! Oord and others 2016). Each has 16 units, which are 16 lanes: every processor adds the same products in the same
//! order.

/// Units of a layer.
pub(super) const UNITS: usize = 16;

/// What a net has learned.
pub(super) struct Weights<const INPUTS: usize, const LAYERS: usize> {
    /// The first layer.
    pub first: Layer<INPUTS>,
    /// The layers behind it.
    pub others: [Layer<UNITS>; LAYERS],
    /// What each unit of the last counts.
    pub output: [f32; UNITS],
    /// The answer where all units are 0.
    pub output_bias: f32,
}

/// What a layer has learned.
pub(super) struct Layer<const INPUTS: usize> {
    /// How far apart the three places are.
    pub apart: usize,
    /// For each of them, of each input for each unit.
    pub weights: [[[f32; UNITS]; INPUTS]; 3],
    /// Each unit where all inputs are 0.
    pub biases: [f32; UNITS],
}

impl<const INPUTS: usize, const LAYERS: usize> Weights<INPUTS, LAYERS> {
    /// How many places the net sees to each side.
    fn reach(&self) -> usize {
        self.first.apart + self.others.iter().map(|layer| layer.apart).sum::<usize>()
    }

    fn read(&self, units: &[f32; UNITS]) -> f32 {
        self.output_bias + units.iter().zip(&self.output).map(|(unit, weight)| unit * weight).sum::<f32>()
    }
}

/// A net with what it has seen of one sequence; before it and after it, it sees zeros.
pub(super) struct Net<const INPUTS: usize, const LAYERS: usize> {
    weights: &'static Weights<INPUTS, LAYERS>,
    first: Seen<INPUTS>,
    others: [Seen<UNITS>; LAYERS],
    /// What goes from one layer to the next.
    passing: [Vec<[f32; UNITS]>; 2],
    /// Places before the first of the sequence that have no answer yet.
    before: usize,
}

impl<const INPUTS: usize, const LAYERS: usize> Net<INPUTS, LAYERS> {
    pub(super) fn new(weights: &'static Weights<INPUTS, LAYERS>) -> Self {
        let mut net = Self {
            weights,
            first: Seen::new(&weights.first),
            others: weights.others.each_ref().map(Seen::new),
            passing: [Vec::new(), Vec::new()],
            before: weights.reach(),
        };
        net.see_nothing(&mut |_| ());
        net
    }

    /// Sees the next places; answers come behind by as many places as it sees to each side.
    pub(super) fn see(&mut self, inputs: impl Iterator<Item = [f32; INPUTS]>, answer: &mut dyn FnMut(f32)) {
        let [from, to] = &mut self.passing;
        self.first.pass(inputs, from);
        for layer in &mut self.others {
            layer.pass(from.drain(..), to);
            std::mem::swap(from, to);
        }
        for units in from.drain(..) {
            if self.before > 0 {
                self.before -= 1;
            } else {
                answer(self.weights.read(&units));
            }
        }
    }

    /// No more places come: answers for the last ones.
    pub(super) fn finish(&mut self, answer: &mut dyn FnMut(f32)) {
        self.see_nothing(answer);
    }

    fn see_nothing(&mut self, answer: &mut dyn FnMut(f32)) {
        self.see(std::iter::repeat_n([0.0; INPUTS], self.weights.reach()), answer);
    }
}

/// The inputs that a layer still looks at.
struct Seen<const INPUTS: usize> {
    layer: &'static Layer<INPUTS>,
    inputs: Vec<[f32; INPUTS]>,
}

impl<const INPUTS: usize> Seen<INPUTS> {
    fn new(layer: &'static Layer<INPUTS>) -> Self {
        Self { layer, inputs: vec![[0.0; INPUTS]; layer.apart] }
    }

    /// Puts what the layer makes of all places that it can see whole now into `out`.
    fn pass(&mut self, inputs: impl Iterator<Item = [f32; INPUTS]>, out: &mut Vec<[f32; UNITS]>) {
        self.inputs.extend(inputs);
        let places = self.inputs.len().saturating_sub(2 * self.layer.apart);
        out.resize(places, [0.0; UNITS]);
        self.layer.run(&self.inputs, out);
        self.inputs.drain(..places);
    }
}

impl<const INPUTS: usize> Layer<INPUTS> {
    /// Runs [`Layer::run_any`] on the widest vectors the processor has; the same sums in the same order.
    fn run(&self, inputs: &[[f32; INPUTS]], out: &mut [[f32; UNITS]]) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the processor was just asked whether it has AVX2")]
            return unsafe { self.run_avx2(inputs, out) };
        }
        self.run_any(inputs, out);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn run_avx2(&self, inputs: &[[f32; INPUTS]], out: &mut [[f32; UNITS]]) {
        self.run_any(inputs, out);
    }

    #[inline(always)]
    fn run_any(&self, inputs: &[[f32; INPUTS]], out: &mut [[f32; UNITS]]) {
        let (groups, rest) = out.as_chunks_mut::<ABREAST>();
        let grouped = groups.len() * ABREAST;
        for (n, group) in groups.iter_mut().enumerate() {
            self.places(&inputs[n * ABREAST..], group);
        }
        for (n, one) in rest.iter_mut().enumerate() {
            self.places(&inputs[grouped + n..], std::array::from_mut(one));
        }
    }

    /// What the layer makes of the first places of `inputs`: the sum over three places, cut at 0; layers between units
    /// add it to what they see in the middle.
    #[inline(always)]
    fn places<const COUNT: usize>(&self, inputs: &[[f32; INPUTS]], out: &mut [[f32; UNITS]; COUNT]) {
        let mut sums = [self.biases; COUNT];
        for (place, weights) in self.weights.iter().enumerate() {
            let seen = &inputs[place * self.apart..place * self.apart + COUNT];
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
            let middle = &inputs[self.apart + place];
            for unit in 0..UNITS {
                let kept = if INPUTS == UNITS { middle[unit] } else { 0.0 };
                out[unit] = kept + sums[unit].max(0.0);
            }
        }
    }
}

/// Places that are summed side by side, since one sum waits for its last addition.
const ABREAST: usize = 4;

#[cfg(test)]
mod tests {
    use super::super::activity::weights::WEIGHTS;
    use super::*;

    const INPUTS: usize = super::super::activity::CLUES;

    fn sequence(length: usize) -> Vec<[f32; INPUTS]> {
        let any = |n: usize, input: usize| ((n * 131 + input * 977) * 2_654_435_761 % 1_009) as f32 / 1_009.0;
        (0..length).map(|n| std::array::from_fn(|input| any(n / 3, input))).collect()
    }

    fn answers(sequence: &[[f32; INPUTS]], block: usize) -> Vec<f32> {
        let (mut net, mut answers) = (Net::new(&WEIGHTS), Vec::new());
        sequence.chunks(block).for_each(|block| net.see(block.iter().copied(), &mut |answer| answers.push(answer)));
        net.finish(&mut |answer| answers.push(answer));
        answers
    }

    /// The net as it is defined: layer by layer, over all places.
    fn defined(sequence: &[[f32; INPUTS]]) -> Vec<f32> {
        fn run<const N: usize>(layer: &Layer<N>, of: &[[f32; N]]) -> Vec<[f32; UNITS]> {
            let at =
                |n: usize, place: usize| (n + place * layer.apart).checked_sub(layer.apart).and_then(|n| of.get(n));
            let unit = |n: usize, unit: usize| {
                let terms = (0..3).filter_map(|place| Some((at(n, place)?, &layer.weights[place])));
                let sum: f64 = terms
                    .flat_map(|(seen, weights)| {
                        seen.iter().zip(weights).map(|(value, weights)| f64::from(value * weights[unit]))
                    })
                    .sum();
                (sum + f64::from(layer.biases[unit])).max(0.0) as f32
            };
            (0..of.len()).map(|n| std::array::from_fn(|lane| unit(n, lane))).collect()
        }
        let none = vec![[0.0; INPUTS]; WEIGHTS.reach()];
        let padded = [&none, sequence, &none].concat();
        let mut units = run(&WEIGHTS.first, &padded);
        for layer in &WEIGHTS.others {
            let more = run(layer, &units);
            units.iter_mut().flatten().zip(more.iter().flatten()).for_each(|(unit, more)| *unit += more);
        }
        units[none.len()..none.len() + sequence.len()].iter().map(|units| WEIGHTS.read(units)).collect()
    }

    #[test]
    fn answers_are_those_of_the_layers_however_places_come() {
        let sequence = sequence(301);
        let whole = answers(&sequence, sequence.len());
        for (n, (found, expected)) in whole.iter().zip(defined(&sequence)).enumerate() {
            assert!((found - expected).abs() < 1e-3, "place {n}: {found} for {expected}");
        }
        assert_eq!(whole.len(), sequence.len());
        for block in [1, 5, 64] {
            assert_eq!(answers(&sequence, block), whole, "blocks of {block}");
        }
    }

    #[test]
    fn every_processor_gives_the_same_bytes() {
        let inputs = sequence(90);
        let (mut wide, mut narrow) = ([[0.0; UNITS]; 87], [[0.0; UNITS]; 87]);
        WEIGHTS.first.run(&inputs, &mut wide);
        WEIGHTS.first.run_any(&inputs, &mut narrow);
        assert_eq!(
            wide.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            narrow.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        );
    }
}
