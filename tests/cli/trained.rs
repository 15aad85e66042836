//! Sandboxes with a tokenized dataset, and with runs on networks that know nothing.

use crate::support::{Samples, Sandbox};
use std::f32::consts::TAU;

pub const CPU: &str = "--device cpu";

/// A GAN for slices of half a second at 8 kHz, whose sounds take no time to make.
pub const SMALL_GAN: &str = "--device cpu --config complex --set sample_rate=0 --set representation.bins=32 --set representation.frames=128 \
                         --set generator.widths=[16,8] --set generator.latent=8 --set discriminator.widths=[8,16] \
                         --set training.batch=4 --set training.schedule.preview_every=0 \
                         --set training.schedule.judge_every=0";

/// A sequencer of a few thousand weights.
pub const SMALL_SEQUENCER: &str = "--device cpu --config one-level --set network.hidden=16 --set input.width=8 \
                               --set training.batch=4 --set training.time_steps=16 --set training.stop_accuracy=0";

/// Bars of kick, hat, kick, snare at 120 BPM; eight with kicks and eight without take turns, with a bass on three notes.
pub fn pattern(bars: usize) -> Vec<f32> {
    let at = |frame: usize| {
        let (t, beat) = ((frame % 22_050) as f32 / 44_100.0, frame / 22_050);
        let noise = ((frame as f32 * 12.9898).sin() * 43_758.547).fract();
        let kicks = beat / 32 % 2 == 0;
        let kick = (TAU * (50.0 * t - 3.0 * (-t * 40.0).exp())).sin() * (-t * 9.0).exp();
        let hat = noise * (-t * 60.0).exp();
        let snare = (noise + (TAU * 190.0 * t).sin()) * (-t * 18.0).exp();
        let bass = (TAU * [55.0, 73.4, 98.0][beat / 4 % 3] * frame as f32 / 44_100.0).sin();
        match beat % 4 {
            0 | 2 if kicks => 0.6 * kick + 0.1 * bass,
            1 => 0.3 * hat + 0.1 * bass,
            3 => 0.4 * snare + 0.1 * bass,
            _ => 0.25 * bass,
        }
    };
    (0..bars * 4 * 22_050).map(at).collect()
}

/// A sandbox with the tokenized dataset `d`.
pub fn tokenized() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.wav("set.wav", 2, &pattern(40), Samples::Pcm16);
    sandbox.adm("prepare set.wav -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    sandbox.adm("tokenize d").done();
    sandbox
}

/// The same with the runs `gan` and `seq`.
pub fn trained() -> Sandbox {
    let sandbox = tokenized();
    sandbox.adm(&format!("train gan --data d --run gan --steps 4 {SMALL_GAN}")).done();
    sandbox.adm(&format!("train sequencer --data d --run seq --steps 20 {SMALL_SEQUENCER}")).done();
    sandbox
}

/// `generate` with both runs and these flags, to a file of that name.
pub fn generate(sandbox: &Sandbox, name: &str, flags: &str) -> serde_json::Value {
    sandbox.adm(&format!("generate --run gan --run seq -o {name}.wav --json {CPU} {flags}")).json()
}

pub fn number(value: &serde_json::Value) -> u64 {
    value.as_u64().unwrap()
}
