//! Mixes taken apart.

use crate::support::{beat, read, timeline};
use adm_audio::WavFormat;
use adm_core::Silent;
use adm_render::{MasterSettings, Material, RenderError, RenderReport, RenderSettings, Stems, render};
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

/// A loudness at which nothing is limited, so that the mix is its sound before the limiter.
fn quiet() -> MasterSettings {
    MasterSettings { loudness: -30.0, ..MasterSettings::default() }
}

/// The mix as floats, without stems.
fn mix(path: &Path, looped: bool) -> Vec<f32> {
    let settings = RenderSettings { stems: None, master: quiet(), ..settings(WavFormat::Float32, looped) };
    render_stems(path, &settings).unwrap();
    read(path).1
}

#[test]
fn stems_add_up_to_the_mix() {
    let folder = tempfile::tempdir().unwrap();
    for (format, looped) in
        [(WavFormat::Pcm16, false), (WavFormat::Pcm24, true), (WavFormat::Float32, false), (WavFormat::Float32, true)]
    {
        let path = folder.path().join("music.wav");
        let settings = RenderSettings { master: quiet(), ..settings(format, looped) };
        let report = render_stems(&path, &settings).unwrap();
        assert_eq!(report.master.limited_db, 0.0);
        let stems = report.stems.unwrap();
        assert_eq!((stems.files.len(), stems.gain_db), (4, report.master.gain_db));
        let sounds: Vec<Vec<f32>> = stems.files.iter().map(|file| read(file).1).collect();
        let mix = mix(&folder.path().join("mix.wav"), looped);
        assert!(sounds.iter().all(|sound| sound.len() == mix.len()), "{format:?}");
        // Each is rounded to half a step.
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
    }
}

/// In a loop shorter than the second that passes before it, too.
#[test]
fn stems_of_the_shortest_loop_add_up_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("music.wav");
    let settings = RenderSettings { master: quiet(), ..settings(WavFormat::Float32, true) };
    let slices = (0..).map(|slot| Ok::<_, Infallible>(classed(slot)));
    let stems = render(&path, timeline(1), slices, &settings, &Silent).unwrap().stems.unwrap();
    let (mix, stem) = (read(&path).1, read(&stems.files[0]).1);
    assert!(mix.iter().zip(&stem).all(|(mix, stem)| (mix - stem).abs() < 1e-6));
}

#[test]
fn integer_stems_are_as_much_quieter_as_the_loudest_needs() {
    let folder = tempfile::tempdir().unwrap();
    let loud = MasterSettings { loudness: -6.0, ..MasterSettings::default() };
    for looped in [false, true] {
        let files = ["16.wav", "float.wav"].map(|name| folder.path().join(name));
        let [integer, float] =
            [(WavFormat::Pcm16, &files[0]), (WavFormat::Float32, &files[1])].map(|(format, path)| {
                let settings = RenderSettings { master: loud, ..settings(format, looped) };
                render_stems(path, &settings).unwrap().stems.unwrap()
            });
        assert_eq!(float.below_mix_db, 0.0);
        assert!(integer.below_mix_db > 1.0 && integer.gain_db + integer.below_mix_db == float.gain_db, "{integer:?}");
        let gain = 10f32.powf(-integer.below_mix_db as f32 / 20.0);
        let mut peak = 0.0f32;
        for (integer, float) in integer.files.iter().zip(&float.files) {
            for (integer, float) in read(integer).1.iter().zip(read(float).1) {
                assert!((integer - gain * float).abs() < 2.0 / 32_768.0);
                peak = peak.max(integer.abs());
            }
        }
        assert!((0.99..=1.0).contains(&peak), "{peak}");
    }
}

/// But for what the DC filter leaves of it, which is quiet.
#[test]
fn a_stem_sounds_in_its_own_slots_alone() {
    let folder = tempfile::tempdir().unwrap();
    let report = render_stems(&folder.path().join("music.wav"), &settings(WavFormat::Float32, false)).unwrap();
    let kick = read(&report.stems.unwrap().files[0]).1;
    let reach = 2 * 2_400;
    for slot in 0..BEATS {
        let slots = timeline(BEATS);
        let (start, end) = (2 * slots.slot_start(slot) as usize, 2 * slots.slot_start(slot + 1) as usize);
        let peak = kick[start..end - reach].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!(if PATTERN[slot as usize % 5] == 0 { peak > 0.5 } else { peak < 0.02 }, "slot {slot}: {peak}");
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
