//! The sample-by-sample building blocks of the voices: oscillators, noise, filters and envelopes.

pub mod envelope;
pub mod filter;
pub mod noise;
pub mod oscillator;

/// One sample of each channel: left, right.
pub type Frame = [f32; 2];

/// Frames between two updates of a filter's cutoff: 0.7 ms at 44.1 kHz, finer than a sweep can be heard to step.
pub const CONTROL_FRAMES: u32 = 32;

/// The frequency in Hz of a MIDI note number; 69 is the A of 440 Hz.
pub fn note_hz(note: f32) -> f32 {
    440.0 * ((note - 69.0) / 12.0).exp2()
}

/// The gain of a level in decibels.
pub fn decibels(level: f32) -> f32 {
    10f32.powf(level / 20.0)
}

/// Gains of the left and right channel for a place between -1 (left) and 1 (right), with the same power everywhere.
///
/// The middle has a gain of 1 in both channels, so a voice in the middle is as loud as if it had never been panned.
pub fn pan(place: f32) -> Frame {
    let angle = (place.clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
    [std::f32::consts::SQRT_2 * angle.cos(), std::f32::consts::SQRT_2 * angle.sin()]
}

/// Soft saturation: nearly `x` for small values, ±1 from ±3 on (a Padé approximant of the hyperbolic tangent).
#[inline]
pub fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_decibels_have_their_textbook_values() {
        assert!((note_hz(69.0) - 440.0).abs() < 1e-3);
        assert!((note_hz(36.0) - 65.406).abs() < 1e-2);
        assert!((decibels(-6.0206) - 0.5).abs() < 1e-4);
    }

    #[test]
    fn panning_keeps_the_power() {
        for place in [-1.0, -0.4, 0.0, 0.3, 1.0] {
            let [left, right] = pan(place);
            assert!((left * left + right * right - 2.0).abs() < 1e-5, "{place}");
        }
        assert!(pan(-1.0)[1].abs() < 1e-6);
    }

    #[test]
    fn saturation_follows_the_hyperbolic_tangent() {
        for step in -40..=40 {
            let x = step as f32 / 10.0;
            assert!((saturate(x) - x.tanh()).abs() < 0.025, "{x}");
        }
    }
}
