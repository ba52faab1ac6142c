//! The same arithmetic on the widest vectors the processor has.

use super::frame::{Frame, Gate, measured};
use super::spectrum::{Spectrum, WINDOW};

/// What [`measured`] returns, compiled for AVX2 where the processor has it.
///
/// Both versions do the same operations in the same order, and Rust never fuses a product and a sum, so
/// they give the same bytes.
pub(super) fn measure(window: &[f32; WINDOW], spectrum: &mut Spectrum, gate: &mut Gate) -> Frame {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the processor was just asked whether it has AVX2")]
        return unsafe { avx2(window, spectrum, gate) };
    }
    measured(window, spectrum, gate)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(window: &[f32; WINDOW], spectrum: &mut Spectrum, gate: &mut Gate) -> Frame {
    measured(window, spectrum, gate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_processor_gives_the_same_bytes() {
        let (mut spectrum, mut gates) = (Spectrum::new(), [Gate::new(), Gate::new()]);
        for frame in 0..200 {
            let window = std::array::from_fn(|n| {
                let t = (80 * frame + n) as f32;
                0.3 * (t * 0.1).sin() + 0.2 * (t * 0.2).sin() + 0.01 * ((n * n) % 97) as f32 / 97.0
            });
            let wide = measure(&window, &mut spectrum, &mut gates[0]);
            let narrow = measured(&window, &mut spectrum, &mut gates[1]);
            assert_eq!(wide.mean_square.to_bits(), narrow.mean_square.to_bits(), "frame {frame}");
            assert_eq!(wide, narrow, "frame {frame}");
            // What stays as soft for a second is not listened to any more.
            assert!(frame > 90 || wide.candidate.strength > 20, "frame {frame} is worth it: {wide:?}");
        }
    }
}
