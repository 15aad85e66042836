//! Mixes taken apart.

use crate::support::{beat, read, timeline};
use adm_audio::WavFormat;
use adm_core::Silent;
use adm_render::{Crossfade, Material, RenderError, RenderReport, RenderSettings, Stems, Stitcher, render};
use std::convert::Infallible;
use std::path::Path;

const BEATS: u64 = 12;
const PATTERN: [usize; 5] = [0, 1, 0, 2, 2];

fn classed(slot: u64) -> Material {
    let class = PATTERN[slot as usize % PATTERN.len()];
    let before = beat(100 + slot).slice[..2 * 3_000].to_vec();
    Material { class, before: if slot.is_multiple_of(3) { before } else { Vec::new() }, ..beat(slot) }
}

fn settings(format: WavFormat, looped: bool) -> RenderSettings {
    let stems = Stems::new(["kick", "hat", "bass", "none"].map(str::to_owned).into()).unwrap();
    RenderSettings { format, looped, stems: Some(stems), ..RenderSettings::default() }
}

fn render_stems(path: &Path, settings: &RenderSettings) -> Result<RenderReport, RenderError> {
    let slices = (0..).map(|slot| Ok::<_, Infallible>(classed(slot)));
    render(path, timeline(BEATS), slices, settings, &Silent)
}

/// The mix before its master.
fn unmastered(looped: bool) -> Vec<f32> {
    let timeline = timeline(BEATS);
    let mut stitcher = Stitcher::new(timeline.rate(), 2, Crossfade::default()).unwrap();
    let mut out = Vec::new();
    for slot in 0..BEATS {
        out.extend_from_slice(stitcher.push(&classed(slot), timeline.slot_frames(slot)).unwrap());
    }
    out.extend_from_slice(if looped { stitcher.close(&classed(0)) } else { stitcher.finish() });
    out
}

#[test]
fn stems_add_up_to_the_mix_before_its_master() {
    let folder = tempfile::tempdir().unwrap();
    for (format, looped) in
        [(WavFormat::Pcm16, false), (WavFormat::Pcm24, true), (WavFormat::Float32, false), (WavFormat::Float32, true)]
    {
        let path = folder.path().join("music.wav");
        let report = render_stems(&path, &settings(format, looped)).unwrap();
        let stems = report.stems.unwrap();
        assert_eq!(stems.files.len(), 4);
        let gain = 10f32.powf(stems.gain_db as f32 / 20.0);
        let sounds: Vec<Vec<f32>> = stems.files.iter().map(|file| read(file).1).collect();
        let mix: Vec<f32> = unmastered(looped).iter().map(|sample| sample * gain).collect();
        assert!(sounds.iter().all(|sound| sound.len() == mix.len()), "{format:?}");
        // At most two stems sound at once, each rounded to half a step; the loudest may be clamped by one.
        let tolerance = match format {
            WavFormat::Pcm16 => 2.0 / 32_768.0,
            WavFormat::Pcm24 => 2.0 / 8_388_608.0,
            WavFormat::Float32 => 0.0,
        } + 1e-6;
        for (n, sample) in mix.iter().enumerate() {
            let sum: f32 = sounds.iter().map(|sound| sound[n]).sum();
            assert!((sum - sample).abs() <= tolerance, "{format:?}, sample {n}: {sum}, the mix {sample}");
        }
        assert!(sounds[3].iter().all(|sample| *sample == 0.0), "a class that never plays");
        assert!(stems.gain_db <= report.master.gain_db);
        assert!(format != WavFormat::Float32 || stems.gain_db == report.master.gain_db);
    }
}

#[test]
fn a_stem_sounds_in_its_own_slots_alone() {
    let folder = tempfile::tempdir().unwrap();
    let report = render_stems(&folder.path().join("music.wav"), &settings(WavFormat::Float32, false)).unwrap();
    let kick = read(&report.stems.unwrap().files[0]).1;
    let reach = 2 * 2_400;
    for slot in 0..BEATS {
        let slots = timeline(BEATS);
        let (start, end) = (2 * slots.slot_start(slot) as usize, 2 * slots.slot_start(slot + 1) as usize);
        let sounds = kick[start..end - reach].iter().any(|sample| *sample != 0.0);
        assert_eq!(sounds, PATTERN[slot as usize % 5] == 0, "slot {slot}");
    }
}

#[test]
fn the_mix_is_the_same_with_stems_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["with.wav", "without.wav"].map(|name| folder.path().join(name));
    let with = settings(WavFormat::Pcm16, true);
    render_stems(&files[0], &with).unwrap();
    render_stems(&files[1], &RenderSettings { stems: None, ..with }).unwrap();
    let [a, b] = files.map(|path| std::fs::read(path).unwrap());
    assert!(a == b);
}

#[test]
fn a_class_without_a_stem_is_refused_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let stems = Some(Stems::new(vec!["kick".into(), "hat".into()]).unwrap());
    let settings = RenderSettings { stems, ..RenderSettings::default() };
    let error = render_stems(&folder.path().join("music.wav"), &settings).unwrap_err();
    assert_eq!(error.to_string(), "a slice is of class 2, and there are 2 stems");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
