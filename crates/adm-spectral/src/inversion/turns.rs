//! Phases in turns: an unsigned number of 2⁻³² turns, which wraps around as a phase does and never loses precision.

use super::vector::vectorised;
use adm_core::Seeds;
use adm_core::seeds::RngExt;
use rustfft::num_complex::Complex32;

/// 2³² as a number to multiply turns by.
const WHOLE: f64 = 4_294_967_296.0;

/// Turns of any size, as a fraction of one.
#[inline(always)]
pub(super) fn from_turns(turns: f64) -> u32 {
    ((turns - turns.floor()) * WHOLE) as u64 as u32
}

/// Random phases; `channel` tells those of one seed apart.
pub(super) fn randomise(turns: &mut [u32], seed: u64, channel: usize) {
    Seeds::new(seed).stream("inversion phases", channel as u64).fill(turns);
}

/// A quarter of a turn.
pub(super) const QUARTER: u32 = 1 << 30;

/// The points of these magnitudes and phases.
///
/// `ahead` is added to all phases.
pub(super) fn polar(magnitudes: &[f32], turns: &[u32], ahead: u32, out: &mut [Complex32]) {
    vectorised(
        #[inline(always)]
        || {
            for ((out, magnitude), turns) in out.iter_mut().zip(magnitudes).zip(turns) {
                *out = unit(turns.wrapping_add(ahead)) * *magnitude;
            }
        },
    );
}

/// `e^(2πi·turns)`, to 2e-7.
///
/// The nearest quarter turn is taken off; the polynomials are the Taylor series up to the terms that matter within an
/// eighth of a turn.
#[inline(always)]
pub(super) fn unit(turns: u32) -> Complex32 {
    let quarters = turns.wrapping_add(1 << 29) >> 30;
    let rest = turns.wrapping_sub(quarters << 30) as i32;
    let x = rest as f32 * (std::f64::consts::TAU / WHOLE) as f32;
    let y = x * x;
    let sine = x + x * y * (-1.0 / 6.0 + y * (1.0 / 120.0 + y * (-1.0 / 5_040.0 + y * (1.0 / 362_880.0))));
    let cosine = 1.0 - y * 0.5 + y * y * (1.0 / 24.0 + y * (-1.0 / 720.0 + y * (1.0 / 40_320.0)));
    let (re, im) = if quarters & 1 == 0 { (cosine, sine) } else { (sine, cosine) };
    let negative = |yes: bool, value: f32| if yes { -value } else { value };
    Complex32::new(negative((quarters + 1) & 2 != 0, re), negative(quarters & 2 != 0, im))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_sine_and_cosine() {
        for turns in (0..=u32::MAX).step_by(1_048_573).chain([u32::MAX, 1 << 29, 1 << 30, 1 << 31, 3 << 30]) {
            let angle = f64::from(turns) / WHOLE * std::f64::consts::TAU;
            let unit = unit(turns);
            let off = (f64::from(unit.re) - angle.cos()).abs().max((f64::from(unit.im) - angle.sin()).abs());
            assert!(off < 3e-7, "{turns}: off by {off}");
        }
    }

    #[test]
    fn turns_wrap_around() {
        assert_eq!(from_turns(-0.75), 1 << 30);
        assert_eq!(from_turns(5.5), 1 << 31);
        assert_eq!(from_turns(-1e-12), 0xffff_ffff);
        assert_eq!(from_turns(-1e-300), 0);
    }
}
