//! A stack of detuned saws spread from left to right: what stabs and pads are made of.

use crate::dsp::oscillator::Phase;
use crate::dsp::{Frame, note_hz, pan};
use adm_core::seeds::{RngExt, StreamRng};

/// How a stack is built.
#[derive(Debug, Clone, Copy)]
pub struct StackSettings {
    /// Saws a note; more of them sound thicker and cost time in proportion.
    pub unison: u32,
    /// Detuning of the outermost saws in cents (hundredths of a semitone).
    pub detune_cents: f32,
    /// How far the saws stand apart, 0 (all in the middle) to 1.
    pub width: f32,
}

/// Saws that sound together; each starts at its own point of its cycle, so left and right never coincide.
#[derive(Debug, Clone)]
pub struct SawStack(Vec<(Phase, Frame)>);

impl SawStack {
    /// `unison` saws for each of `notes` (MIDI), at a power that does not depend on their number.
    pub fn new(notes: &[f32], settings: StackSettings, rate: f32, rng: &mut StreamRng) -> Self {
        let count = settings.unison.max(1);
        let gain = 1.0 / (notes.len() as f32 * count as f32).max(1.0).sqrt();
        let saw = |note: f32, index: u32, rng: &mut StreamRng| {
            let spread = if count == 1 { 0.0 } else { 2.0 * index as f32 / (count - 1) as f32 - 1.0 };
            let hz = note_hz(note) * (spread * settings.detune_cents / 1_200.0).exp2();
            // Neighbouring pitches stand on opposite sides, or the low edge of the chord would lean to one.
            let side = if index.is_multiple_of(2) { spread } else { -spread };
            let gains = pan(side * settings.width).map(|side| side * gain);
            (Phase::new(rng.random_range(0.0..1.0), hz, rate), gains)
        };
        Self(
            notes
                .iter()
                .flat_map(|&note| (0..count).map(move |index| (note, index)))
                .map(|(note, index)| saw(note, index, rng))
                .collect(),
        )
    }

    /// The next frame.
    #[inline]
    pub fn frame(&mut self) -> Frame {
        self.0.iter_mut().fold([0.0; 2], |[left, right], (phase, gains)| {
            let saw = phase.saw();
            [left + saw * gains[0], right + saw * gains[1]]
        })
    }
}
