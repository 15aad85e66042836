//! A dataset for tests of whole families.

use std::path::Path;
use std::sync::Arc;

use adm_core::{Bpm, SampleRate, Seconds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};

const RATE: u32 = 8_000;

/// Half a minute of pulses over a moving tone, in stereo, sliced at 240 BPM.
pub fn dataset(folder: &Path) -> Arc<Dataset> {
    let spec =
        hound::WavSpec { channels: 2, sample_rate: RATE, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let wav = folder.join("set.wav");
    let mut writer = hound::WavWriter::create(&wav, spec).unwrap();
    for frame in 0..RATE * 30 {
        let time = frame as f32 / RATE as f32;
        let pulse = (-30.0 * (time * 4.0).fract()).exp() * (time * 400.0).sin();
        let tone = 0.3 * (time * (900.0 + 20.0 * time)).sin();
        for sample in [pulse + tone, pulse - tone] {
            writer.write_sample((sample * 12_000.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
    let bpm = Bpm::new(240.0).unwrap();
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    let output = folder.join("beats");
    let settings = PrepareSettings {
        slicing: Slicing::Beats { bpm, beats_per_slice: 1, fit: Fit::Place, grid },
        rate: SampleRate::new(RATE).unwrap(),
        ..PrepareSettings::new(vec![wav], output.clone())
    };
    prepare(&settings, &Silent).unwrap();
    Arc::new(Dataset::open(&output).unwrap())
}
