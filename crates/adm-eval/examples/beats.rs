//! The beat checks of a WAV whose beats have one length, or of 2,000 made beats with the time that they take:
//! `beats [FILE FRAMES_PER_BEAT [FIRST_FRAME]]`.

#![expect(clippy::print_stdout, reason = "an example speaks")]

use adm_core::seeds::RngExt;
use adm_core::{SampleRate, Seeds};
use adm_eval::beats::{Passage, check_with_intervals};
use std::error::Error;
use std::time::Instant;

/// The default beat: 130 BPM at 44.1 kHz.
const BEATS: usize = 2_000;
const BEAT_FRAMES: usize = 20_354;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: usize| arguments.get(at).map_or(Ok(default), |text| text.parse());
    let (beat, first) = (number(1, BEAT_FRAMES)?.max(1), number(2, 0)?);
    let (samples, channels, rate) = match arguments.first() {
        Some(path) => read(path)?,
        None => (made(), 2, SampleRate::CD),
    };
    let grid: Vec<f64> =
        (first..samples.len() / channels).step_by(beat).map(|frame| frame as f64 / rate.as_f64()).collect();
    let start = Instant::now();
    let estimates = check_with_intervals(&Passage { samples: &samples, channels, rate, grid: &grid }, Seeds::new(1))?;
    println!("{}", serde_json::to_string_pretty(&estimates)?);
    println!("{} beats took {:.2} s", grid.len(), start.elapsed().as_secs_f64());
    Ok(())
}

fn read(path: &str) -> Result<(Vec<f32>, usize, SampleRate), Box<dyn Error>> {
    let mut source = adm_audio::Decoder::open(path.as_ref())?;
    let (channels, rate) = (adm_audio::Source::channels(&source), adm_audio::Source::rate(&source));
    Ok((adm_audio::read_all(&mut source)?, channels, rate))
}

/// A kick on each beat, a hat between them and wide noise.
fn made() -> Vec<f32> {
    let mut random = Seeds::new(1).stream("made beats", 0);
    let mut samples = Vec::with_capacity(2 * BEATS * BEAT_FRAMES);
    for frame in 0..BEATS * BEAT_FRAMES {
        let age = |offset: usize| ((frame + offset) % BEAT_FRAMES) as f32 / 44_100.0;
        let kick = 0.7 * (-age(0) / 0.08).exp() * (std::f32::consts::TAU * 55.0 * age(0)).sin();
        let hat = 0.01 + 0.2 * (-age(BEAT_FRAMES / 2) / 0.02).exp();
        samples.extend([(); 2].map(|()| kick + hat * random.random_range(-1.0f32..1.0)));
    }
    samples
}
