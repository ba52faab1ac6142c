//! The Fourier transform of 256 complex numbers, 16 lanes at a time.
//!
//! It is ours because the results are written into datasets: libraries choose other kernels, which round
//! differently, on other processors. Here every processor does the same operations in the same order.

use std::f64::consts::TAU;

/// Vectors are this long: columns and rows of the square that 256 numbers make.
const LANES: usize = 16;

/// Numbers of a transform.
pub(super) const LENGTH: usize = LANES * LANES;

type Lanes = [f32; LANES];
type Square = [Lanes; LANES];

/// Complex numbers, number `n` in row `n / 16` and lane `n % 16`.
#[derive(Clone)]
pub(super) struct Complexes {
    /// Real parts.
    pub re: Square,
    /// Imaginary parts.
    pub im: Square,
}

impl Complexes {
    pub(super) const ZERO: Self = Self { re: [[0.0; LANES]; LANES], im: [[0.0; LANES]; LANES] };

    /// The unit root `exp(-i tau turns(n))` for each `n`.
    pub(super) fn turned(turns: impl Fn(usize) -> f64) -> Self {
        let mut roots = Self::ZERO;
        for n in 0..LENGTH {
            let angle = TAU * turns(n);
            roots.re.as_flattened_mut()[n] = angle.cos() as f32;
            roots.im.as_flattened_mut()[n] = -angle.sin() as f32;
        }
        roots
    }
}

/// The roots that the transform needs.
pub(super) struct Fft {
    between: Complexes,
}

impl Fft {
    pub(super) fn new() -> Self {
        Self { between: Complexes::turned(|n| ((n / LANES) * (n % LANES)) as f64 / LENGTH as f64) }
    }

    /// Transforms in place: number `k` becomes the sum over `n` of `numbers[n] exp(-i tau k n / 256)`.
    ///
    /// Transforms of 16 along the columns, turns, transforms along the rows (Cooley and Tukey 1965).
    pub(super) fn transform(&self, numbers: &mut Complexes) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the processor was just asked whether it has AVX2")]
            return unsafe { self.transform_avx2(numbers) };
        }
        self.transform_any(numbers);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn transform_avx2(&self, numbers: &mut Complexes) {
        self.transform_any(numbers);
    }

    #[inline(always)]
    fn transform_any(&self, numbers: &mut Complexes) {
        for pass in 0..2 {
            sixteenth(numbers);
            if pass == 0 {
                self.turn_between(numbers);
                transpose(&mut numbers.re);
                transpose(&mut numbers.im);
            }
        }
    }

    #[inline(always)]
    fn turn_between(&self, numbers: &mut Complexes) {
        for (row, (re, im)) in numbers.re.iter_mut().zip(&mut numbers.im).enumerate() {
            let (turn_re, turn_im) = (&self.between.re[row], &self.between.im[row]);
            for lane in 0..LANES {
                let (x, y) = (re[lane], im[lane]);
                re[lane] = x * turn_re[lane] - y * turn_im[lane];
                im[lane] = x * turn_im[lane] + y * turn_re[lane];
            }
        }
    }
}

/// Mirrors at the diagonal, in blocks of four by four that fit into registers.
#[inline(always)]
fn transpose(square: &mut Square) {
    for row in 0..LANES / 4 {
        for lane in 0..=row {
            let (below, above) = (mirrored(square, row, lane), mirrored(square, lane, row));
            put(square, lane, row, &below);
            put(square, row, lane, &above);
        }
    }
}

#[inline(always)]
fn mirrored(square: &Square, row: usize, lane: usize) -> [[f32; 4]; 4] {
    let block: [[f32; 4]; 4] = std::array::from_fn(|n| square[4 * row + n].as_chunks::<4>().0[lane]);
    let low = |a: [f32; 4], b: [f32; 4]| [a[0], b[0], a[1], b[1]];
    let high = |a: [f32; 4], b: [f32; 4]| [a[2], b[2], a[3], b[3]];
    let [a, b, c, d] = block;
    let (even, odd) = ([low(a, c), high(a, c)], [low(b, d), high(b, d)]);
    [low(even[0], odd[0]), high(even[0], odd[0]), low(even[1], odd[1]), high(even[1], odd[1])]
}

#[inline(always)]
fn put(square: &mut Square, row: usize, lane: usize, block: &[[f32; 4]; 4]) {
    for (n, numbers) in block.iter().enumerate() {
        square[4 * row + n].as_chunks_mut::<4>().0[lane] = *numbers;
    }
}

/// Transforms of 16 down all columns at once, as four times four.
#[inline(always)]
fn sixteenth(numbers: &mut Complexes) {
    for first in 0..4 {
        fourth(numbers, [first, first + 4, first + 8, first + 12]);
    }
    for row in 1..4 {
        for column in 1..4 {
            turn(&mut numbers.re[4 * row + column], &mut numbers.im[4 * row + column], ROOTS[row * column]);
        }
    }
    for first in 0..4 {
        fourth(numbers, [4 * first, 4 * first + 1, 4 * first + 2, 4 * first + 3]);
    }
    for row in 1..4 {
        for column in 0..row {
            numbers.re.swap(4 * row + column, 4 * column + row);
            numbers.im.swap(4 * row + column, 4 * column + row);
        }
    }
}

/// `exp(-i tau n / 16)`.
const ROOTS: [(f32, f32); 10] = {
    const EIGHTH: f32 = std::f32::consts::FRAC_1_SQRT_2;
    const COS: f32 = 0.923_879_5;
    const SIN: f32 = 0.382_683_43;
    [
        (1.0, 0.0),
        (COS, -SIN),
        (EIGHTH, -EIGHTH),
        (SIN, -COS),
        (0.0, -1.0),
        (-SIN, -COS),
        (-EIGHTH, -EIGHTH),
        (-COS, -SIN),
        (-1.0, 0.0),
        (-COS, SIN),
    ]
};

#[inline(always)]
fn turn(re: &mut Lanes, im: &mut Lanes, (root_re, root_im): (f32, f32)) {
    for lane in 0..LANES {
        let (x, y) = (re[lane], im[lane]);
        re[lane] = x * root_re - y * root_im;
        im[lane] = x * root_im + y * root_re;
    }
}

/// Transforms of 4 over the given rows.
#[inline(always)]
fn fourth(numbers: &mut Complexes, rows: [usize; 4]) {
    let [a_re, b_re, c_re, d_re] = rows.map(|row| numbers.re[row]);
    let [a_im, b_im, c_im, d_im] = rows.map(|row| numbers.im[row]);
    for lane in 0..LANES {
        let (even_re, even_im) = (a_re[lane] + c_re[lane], a_im[lane] + c_im[lane]);
        let (less_re, less_im) = (a_re[lane] - c_re[lane], a_im[lane] - c_im[lane]);
        let (odd_re, odd_im) = (b_re[lane] + d_re[lane], b_im[lane] + d_im[lane]);
        let (rest_re, rest_im) = (b_re[lane] - d_re[lane], b_im[lane] - d_im[lane]);
        numbers.re[rows[0]][lane] = even_re + odd_re;
        numbers.im[rows[0]][lane] = even_im + odd_im;
        numbers.re[rows[1]][lane] = less_re + rest_im;
        numbers.im[rows[1]][lane] = less_im - rest_re;
        numbers.re[rows[2]][lane] = even_re - odd_re;
        numbers.im[rows[2]][lane] = even_im - odd_im;
        numbers.re[rows[3]][lane] = less_re - rest_im;
        numbers.im[rows[3]][lane] = less_im + rest_re;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_that_defines_it() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let mut numbers = Complexes::ZERO;
        numbers.re.as_flattened_mut().fill_with(&mut next);
        numbers.im.as_flattened_mut().fill_with(&mut next);
        let given = numbers.clone();
        Fft::new().transform(&mut numbers);
        for k in 0..LENGTH {
            let (mut re, mut im) = (0.0, 0.0);
            for n in 0..LENGTH {
                let (x, y) = (f64::from(given.re.as_flattened()[n]), f64::from(given.im.as_flattened()[n]));
                let (sin, cos) = (-TAU * (k * n % LENGTH) as f64 / LENGTH as f64).sin_cos();
                re += x * cos - y * sin;
                im += x * sin + y * cos;
            }
            let found = (f64::from(numbers.re.as_flattened()[k]), f64::from(numbers.im.as_flattened()[k]));
            assert!((found.0 - re).abs() < 1e-4 && (found.1 - im).abs() < 1e-4, "{k}: {found:?} for {re} {im}");
        }
    }
}
