//! Numbers drawn from a seed, the same on every machine.

/// Numbers that depend on the seed alone (splitmix64, Steele and others 2014).
pub(crate) struct Draw(pub u64);

impl Draw {
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.number() % bound as u64) as usize
    }

    pub(crate) fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    pub(crate) fn tenths(&mut self, from: i32, to: i32) -> f32 {
        (from * 10 + self.below(((to - from) * 10) as usize) as i32) as f32 / 10.0
    }

    pub(crate) fn hex(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.number())).collect()
    }
}
