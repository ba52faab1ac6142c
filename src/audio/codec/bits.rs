//! Fields of a few bits, from either end of a byte.

/// Which end of a byte comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BitOrder {
    /// The most significant bits are the earlier ones.
    HighFirst,
    /// The least significant bits are the earlier ones.
    LowFirst,
}

/// Reads fields one after another; past the end all bits are 0.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    order: BitOrder,
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) const fn new(bytes: &'a [u8], order: BitOrder) -> Self {
        Self { bytes, order, at: 0 }
    }

    /// The next `count` bits, 1 to 8.
    pub(super) fn take(&mut self, count: u32) -> u8 {
        let (byte, shift) = (self.at / 8, self.at % 8);
        self.at += count as usize;
        let window = [self.bytes.get(byte), self.bytes.get(byte + 1)].map(|byte| byte.copied().unwrap_or(0));
        match self.order {
            BitOrder::HighFirst => ((u16::from_be_bytes(window) << shift) >> (16 - count)) as u8,
            BitOrder::LowFirst => ((u16::from_le_bytes(window) >> shift) & ((1 << count) - 1)) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_from_the_end_that_is_first() {
        let cases = [
            ("high first", BitOrder::HighFirst, [0b101, 0b1100_1010, 0b1_0010, 0]),
            ("low first", BitOrder::LowFirst, [0b001, 0b0101_0111, 0b0_1010, 0]),
        ];
        for (name, order, expected) in cases {
            let mut bits = Bits::new(&[0b1011_1001, 0b0101_0010], order);
            assert_eq!([bits.take(3), bits.take(8), bits.take(5), bits.take(4)], expected, "{name}");
        }
    }
}
