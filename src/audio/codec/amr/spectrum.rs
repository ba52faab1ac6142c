//! Line spectral frequencies: out of their codes, and to filters (TS 26.090, sections 5.2.3, 5.2.5 and
//! 5.2.6).

use super::arithmetic::{left_32, less_product, product, right_rounded, rounded, times, wide_product};
use super::filters::{Coefficients, ORDER};
use super::parameters::{MODE_515, MODE_795, MODE_SILENCE, Parameters};
use codec_core::codecs::amr::nb::decoder_tables as tables;

/// Line spectral frequencies, or pairs: their cosines.
pub(super) type Lines = [i16; ORDER];

/// What is remembered of the frame before (`D_plsfState`).
pub(super) struct Spectrum {
    /// Residual of the quantiser.
    residual: Lines,
    /// Frequencies.
    pub(super) lines: Lines,
}

/// Shares of the frame before and of the mean where a frame is lost, at 12.2 kbit/s and else.
const HELD_122: [i16; 2] = [31_128, 1_639];
const HELD: [i16; 2] = [29_491, 3_277];

/// The share of the residual before that is predicted at 12.2 kbit/s.
const PREDICTED_122: i16 = 21_299;

impl Spectrum {
    pub(super) const fn new() -> Self {
        Self { residual: [0; ORDER], lines: tables::MEAN_LSF_5 }
    }

    /// The pairs of a frame of any rate but 12.2 kbit/s (`D_plsf_3`).
    pub(super) fn pairs(&mut self, mode: u8, codes: [u16; 3], is_bad: bool) -> Lines {
        let (mean, predicted) = (tables::MEAN_LSF_3, self.predicted());
        let mut lines = if is_bad {
            let lines = held(&self.lines, &mean, HELD);
            self.residual = combined(&lines, &predicted, i16::saturating_sub);
            lines
        } else {
            self.residual = residual_of(mode, codes);
            combined(&self.residual, &predicted, i16::saturating_add)
        };
        keep_apart(&mut lines);
        self.lines = lines;
        pairs_of(&lines)
    }

    fn predicted(&self) -> Lines {
        std::array::from_fn(|line| {
            let predicted = times(self.residual[line], tables::PRED_FAC_3[line]);
            tables::MEAN_LSF_3[line].saturating_add(predicted)
        })
    }

    /// The pairs in the middle and at the end of a frame of 12.2 kbit/s (`D_plsf_5`).
    pub(super) fn two_sets(&mut self, codes: [u16; 5], is_bad: bool) -> [Lines; 2] {
        let mean = tables::MEAN_LSF_5;
        let predicted: Lines =
            std::array::from_fn(|line| mean[line].saturating_add(times(self.residual[line], PREDICTED_122)));
        let mut sets = if is_bad {
            let lines = held(&self.lines, &mean, HELD_122);
            self.residual = combined(&lines, &predicted, i16::saturating_sub);
            [lines; 2]
        } else {
            let residuals = residuals_122(codes);
            self.residual = residuals[1];
            residuals.map(|residual| combined(&residual, &predicted, i16::saturating_add))
        };
        sets.iter_mut().for_each(keep_apart);
        self.lines = sets[1];
        sets.map(|lines| pairs_of(&lines))
    }
}

/// The pairs that describe silence.
pub(super) fn pairs_of_silence(parameters: &mut Parameters) -> Lines {
    let start: Lines = vector(&tables::PAST_RQ_INIT, usize::from(parameters.next()));
    let residual = residual_of(MODE_SILENCE, parameters.take());
    let anchor = combined(&tables::MEAN_LSF_3, &start, i16::saturating_add);
    let mut lines = combined(&residual, &anchor, i16::saturating_add);
    keep_apart(&mut lines);
    pairs_of(&lines)
}

/// The vector of that number in a book; zeros where there is none.
fn vector<const N: usize>(book: &[i16], number: usize) -> [i16; N] {
    book.get(number * N..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
}

fn combined(a: &Lines, b: &Lines, how: impl Fn(i16, i16) -> i16) -> Lines {
    std::array::from_fn(|line| how(a[line], b[line]))
}

fn held(lines: &Lines, mean: &Lines, shares: [i16; 2]) -> Lines {
    combined(lines, mean, |line, mean| times(line, shares[0]).saturating_add(times(mean, shares[1])))
}

fn residual_of(mode: u8, codes: [u16; 3]) -> Lines {
    let [low, middle, high] = codes.map(usize::from);
    let is_lowest = mode <= MODE_515;
    let [a, b, c] =
        if mode == MODE_795 { vector(&tables::MR795_1_LSF, low) } else { vector(&tables::DICO1_LSF_3, low) };
    let [d, e, f] = vector(&tables::DICO2_LSF_3, if is_lowest { 2 * middle } else { middle });
    let [g, h, i, j] = if is_lowest { vector(&tables::MR515_3_LSF, high) } else { vector(&tables::DICO3_LSF_3, high) };
    [a, b, c, d, e, f, g, h, i, j]
}

/// Residuals of both sets of 12.2 kbit/s.
fn residuals_122(codes: [u16; 5]) -> [Lines; 2] {
    let books: [&[i16]; 5] =
        [&tables::DICO1_LSF_5, &tables::DICO2_LSF_5, &tables::DICO3_LSF_5, &tables::DICO4_LSF_5, &tables::DICO5_LSF_5];
    let mut residuals = [[0; ORDER]; 2];
    for (split, (book, code)) in books.into_iter().zip(codes).enumerate() {
        // The third code has a sign.
        let (number, is_negative) = if split == 2 { (code >> 1, code & 1 != 0) } else { (code, false) };
        let entry: [i16; 4] = vector(book, usize::from(number));
        let entry = if is_negative { entry.map(i16::saturating_neg) } else { entry };
        residuals[0][2 * split..2 * split + 2].copy_from_slice(&entry[..2]);
        residuals[1][2 * split..2 * split + 2].copy_from_slice(&entry[2..]);
    }
    residuals
}

/// The least distance of two lines, 50 Hz.
const APART: i16 = 205;

/// Puts lines in their order (`Reorder_lsf`).
pub(super) fn keep_apart(lines: &mut Lines) {
    let mut least = APART;
    for line in lines {
        *line = (*line).max(least);
        least = line.saturating_add(APART);
    }
}

/// Cosines of frequencies (`Lsf_lsp`).
pub(super) fn pairs_of(lines: &Lines) -> Lines {
    lines.map(|line| {
        let index = usize::try_from(line >> 8).unwrap_or(0).min(tables::COS_TABLE.len() - 2);
        let [here, next] = [tables::COS_TABLE[index], tables::COS_TABLE[index + 1]];
        here.saturating_add((product(next.saturating_sub(here), line & 0xff) >> 9) as i16)
    })
}

/// Frequencies of cosines (`Lsp_lsf`).
pub(super) fn lines_of(pairs: &Lines) -> Lines {
    let mut index = tables::COS_TABLE.len() - 2;
    let mut lines = [0; ORDER];
    for (line, &pair) in lines.iter_mut().zip(pairs).rev() {
        while index > 0 && tables::COS_TABLE[index] < pair {
            index -= 1;
        }
        let step = product(pair.saturating_sub(tables::COS_TABLE[index]), tables::ACOS_SLOPE[index]);
        *line = rounded(left_32(step, 3)).saturating_add((index as i16) << 8);
    }
    lines
}

/// Frequencies in a sub-frame between two frames (`Int_lsf`).
pub(super) fn between(old: &Lines, new: &Lines, sub: usize) -> Lines {
    let three_quarters = |line: i16| line.saturating_sub(line >> 2);
    match sub {
        0 => combined(old, new, |old, new| three_quarters(old).saturating_add(new >> 2)),
        1 => combined(old, new, |old, new| (old >> 1).saturating_add(new >> 1)),
        2 => combined(old, new, |old, new| (old >> 2).saturating_add(three_quarters(new))),
        _ => *new,
    }
}

/// The filter of a set of pairs (`Lsp_Az`).
pub(super) fn filter_of(pairs: &Lines) -> Coefficients {
    let mut even = polynomial([pairs[0], pairs[2], pairs[4], pairs[6], pairs[8]]);
    let mut odd = polynomial([pairs[1], pairs[3], pairs[5], pairs[7], pairs[9]]);
    let mut coefficients = [4_096; ORDER + 1];
    for power in (1..=5).rev() {
        even[power] = even[power].saturating_add(even[power - 1]);
        odd[power] = odd[power].saturating_sub(odd[power - 1]);
        coefficients[power] = right_rounded(even[power].saturating_add(odd[power]), 13) as i16;
        coefficients[ORDER + 1 - power] = right_rounded(even[power].saturating_sub(odd[power]), 13) as i16;
    }
    coefficients
}

/// The polynomial whose roots are given (`Get_lsp_pol`).
fn polynomial(roots: [i16; 5]) -> [i32; 6] {
    let mut powers = [0; 6];
    powers[0] = product(4_096, 2_048);
    powers[1] = less_product(0, roots[0], 512);
    for (power, &root) in roots.iter().enumerate().skip(1).map(|(place, root)| (place + 1, root)) {
        powers[power] = powers[power - 2];
        for k in (2..=power).rev() {
            let term = left_32(wide_product(powers[k - 1], root), 1);
            powers[k] = powers[k].saturating_add(powers[k - 2]).saturating_sub(term);
        }
        powers[1] = less_product(powers[1], root, 512);
    }
    powers
}
