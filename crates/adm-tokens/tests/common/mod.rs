//! Small datasets of sounds that are easy to tell apart.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seconds, Seeds};
use adm_dataset::manifest::{FORMAT, MANIFEST_FILE, Passage, RecordingRow, SLICES_FILE, VERSION};
use adm_dataset::npy::SliceWriter;
use adm_dataset::splits::SplitRule;
use adm_dataset::store::quantise;
use adm_dataset::{Dataset, Fit, GridChoice, Manifest, Slicing, Splits};
use std::collections::BTreeMap;
use std::f32::consts::TAU;
use std::path::Path;

pub const RATE: u32 = 11_025;
/// A beat at 130 BPM.
pub const FRAMES: usize = 5_088;

/// What a beat is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    Kick,
    KickAndHat,
    /// Kick, hat and chord.
    Full,
    Pad,
    Snare,
    Noise,
}

/// A beat in stereo; `take` makes it a little different each time, as a recording does.
pub fn beat(sound: Sound, take: u64) -> Vec<f32> {
    let mut random = Seeds::new(take).stream("take", sound as u64);
    let gain = random.random_range(0.95..1.05f32);
    let phase = random.random_range(0.0..1.0f32);
    let noise: Vec<f32> = (0..FRAMES).map(|_| random.random_range(-1.0..1.0)).collect();
    let frame = |n: usize| {
        let t = n as f32 / RATE as f32;
        let after = |start: f32, decay: f32| if t < start { 0.0 } else { (-(t - start) * decay).exp() };
        let kick = (TAU * (50.0 * t - 3.0 * (-t * 30.0).exp())).sin() * after(0.0, 8.0);
        let hat = noise[n] * after(0.23, 40.0);
        let snare = noise[n] * after(0.0, 15.0) + 0.3 * (TAU * 190.0 * t).sin() * after(0.0, 20.0);
        let chord: f32 = [220.0, 277.18, 329.63].iter().map(|hz| (TAU * (hz * t + phase)).sin()).sum();
        let (left, right) = match sound {
            Sound::Kick => (0.7 * kick, 0.7 * kick),
            Sound::KickAndHat => (0.7 * kick + 0.2 * hat, 0.7 * kick + 0.1 * hat),
            Sound::Full => (0.7 * kick + 0.2 * hat + 0.1 * chord, 0.7 * kick + 0.1 * hat - 0.1 * chord),
            Sound::Pad => (0.06 * chord, -0.04 * chord),
            Sound::Snare => (0.5 * snare, 0.5 * snare),
            Sound::Noise => (0.3 * noise[n], 0.3 * noise[FRAMES - 1 - n]),
        };
        [left, right].map(|sample| gain * sample + 0.0005 * noise[n])
    };
    (0..FRAMES).flat_map(frame).collect()
}

/// A recording's passages: position, bar beat, sounds.
pub type Passages<'a> = &'a [(u64, Option<u8>, &'a [Sound])];

pub fn beats() -> Slicing {
    let grid = GridChoice::Fixed { bpm: Bpm::FOUNDING, offset: Seconds(0.0) };
    Slicing::Beats { bpm: Bpm::FOUNDING, beats_per_slice: 1, fit: Fit::Place, grid }
}

/// Writes a dataset of recordings; every slice is a take of its own, from `seed` on.
pub fn dataset(dir: &Path, recordings: &[Passages<'_>], slicing: Slicing, seed: u64) -> Dataset {
    let slices = |passages: Passages<'_>| {
        let sounds = passages.iter().flat_map(|(_, _, sounds)| *sounds);
        sounds.zip(seed..).map(|(&sound, take)| beat(sound, take)).collect::<Vec<_>>()
    };
    let passages = |passages: Passages<'_>| {
        let mut start = 0.0;
        let passage = |&(position, bar_beat, sounds): &(u64, Option<u8>, &[Sound])| {
            let begun = Seconds(start);
            start += sounds.len() as f64 * 0.46;
            Passage { position, slices: sounds.len(), start: begun, end: Seconds(start), bar_beat }
        };
        passages.iter().map(passage).collect()
    };
    let all: Vec<_> = recordings.iter().map(|of| (slices(of), passages(of))).collect();
    write(dir, all, slicing, RATE)
}

/// Writes a dataset of one recording of the given slices.
pub fn of_slices(dir: &Path, slices: Vec<Vec<f32>>, rate: u32) -> Dataset {
    let passage =
        Passage { position: 0, slices: slices.len(), start: Seconds(0.0), end: Seconds(1.0), bar_beat: Some(0) };
    write(dir, vec![(slices, vec![passage])], beats(), rate)
}

fn write(dir: &Path, recordings: Vec<(Vec<Vec<f32>>, Vec<Passage>)>, slicing: Slicing, rate: u32) -> Dataset {
    std::fs::create_dir_all(dir).unwrap();
    let frames = recordings[0].0[0].len() / 2;
    let mut writer = SliceWriter::create(&dir.join(SLICES_FILE), frames, 2).unwrap();
    let (mut rows, mut first) = (Vec::new(), 0);
    for (number, (slices, passages)) in recordings.into_iter().enumerate() {
        let samples: Vec<i16> = slices.concat().into_iter().map(quantise).collect();
        writer.append(&samples).unwrap();
        rows.push(RecordingRow {
            path: format!("{number}.wav"),
            content: number.to_string(),
            samples: blake3::hash(bytemuck::cast_slice(&samples)).to_hex().to_string(),
            duration: Seconds(1.0),
            grid: None,
            slices: first..first + slices.len(),
            kept: slices.len(),
            left_out: BTreeMap::new(),
            passages,
            skipped: Vec::new(),
            warnings: Vec::new(),
        });
        first += slices.len();
    }
    writer.finish().unwrap();
    let splits = Splits { rule: SplitRule::default(), train: vec![], validation: vec![], test: vec![] };
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        fingerprint: String::new(),
        sample_rate: SampleRate::new(rate).unwrap(),
        channels: 2,
        slice_frames: frames,
        slices: first,
        slicing,
        recordings: rows,
        failed: Vec::new(),
        duplicates: Vec::new(),
        splits,
    };
    manifest.fingerprint = manifest.expected_fingerprint();
    manifest.save(&dir.join(MANIFEST_FILE)).unwrap();
    Dataset::open(dir).unwrap()
}

/// Two bars of a groove, a bar of pads, a bar of the groove.
pub const SONG: &[Sound] = {
    use Sound::{Full, KickAndHat, Pad, Snare};
    &[Full, KickAndHat, Full, Snare, Full, KickAndHat, Full, Snare, Pad, Pad, Pad, Pad, Full, KickAndHat, Full, Snare]
};
