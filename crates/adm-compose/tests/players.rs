//! What plays the beats of a plan, without a network: recordings go on, mixes keep their order, live bars keep the grid.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use adm_compose::planner::{Letters, Plan};
use adm_compose::{Arranger, Band, Beat, BeatSource, ComposeError, Ensemble, Likeness, Mixed, Recorded, Sound};
use adm_compose::{SourceChoice, Wishes};
use adm_core::{Bpm, SampleRate, Seconds, Seeds, Silent};
use adm_dataset::{Dataset, Fit, GridChoice, PrepareSettings, Slicing, prepare};
use adm_live::{BarSource, Controls};
use adm_render::{Material, Pattern};
use adm_tokens::{Transcript, VoteSettings, tokenize};

/// At 125 BPM and 44.1 kHz a beat has just so many frames.
const BEAT: usize = 21_168;
const BPM: f64 = 125.0;

/// Beats whose first frame clicks as high as their number, downwards where they are recorded.
struct Clicks {
    recorded: bool,
}

impl BeatSource for Clicks {
    fn sounds(&mut self, beats: &[Beat], _: &Wishes) -> Result<Vec<Sound>, ComposeError> {
        let sound = |beat: &Beat| {
            let mut slice = vec![0.0; BEAT];
            slice[0] = (beat.number + 1) as f32 / if self.recorded { -1_000.0 } else { 1_000.0 };
            // Known silence before it: without, a start so sharp gets a short rise.
            let material = Material { before: vec![0.0; 4_410], ..Material::from(slice) };
            Sound { material, recorded: self.recorded, likeness: Likeness::Recognised }
        };
        Ok(beats.iter().map(sound).collect())
    }
}

fn wishes(mix: f64) -> Wishes {
    Wishes { seeds: [Seeds::new(1), Seeds::new(2)], morph: 0.0, mix }
}

fn letters() -> Plan {
    Plan::Letters(Letters::new(Pattern::default(), 1))
}

#[test]
fn a_mix_keeps_the_order_and_its_share() {
    let both = || Mixed::new(Box::new(Clicks { recorded: false }), Box::new(Clicks { recorded: true }));
    for (mix, least, most) in [(0.0, 0, 0), (0.5, 150, 450), (1.0, 600, 600)] {
        let mut arranger = Arranger::new(letters(), Box::new(both()));
        let played: Vec<_> = (0..30).flat_map(|_| arranger.play(20, &wishes(mix)).unwrap()).collect();
        for (number, (beat, sound)) in played.iter().enumerate() {
            assert_eq!(beat.number, number as u64);
            let sign = if sound.recorded { -1.0 } else { 1.0 };
            assert_eq!(sound.material.slice[0], sign * (number + 1) as f32 / 1_000.0, "the sound of beat {number}");
        }
        let recorded = arranger.counts().recorded;
        assert!((least..=most).contains(&recorded), "a share of {mix}: {recorded} of 600");
        // What decides is the token and the eight bars, so a groove is of one source.
        let sources: BTreeSet<_> = played[..32].iter().map(|(beat, sound)| (beat.token, sound.recorded)).collect();
        assert_eq!(sources.len(), 3, "three letters, each from one source: {sources:?}");
    }
}

#[test]
fn live_bars_hold_the_grid_while_the_tempo_changes() {
    let ensemble = Ensemble {
        arranger: Arranger::new(letters(), Box::new(Clicks { recorded: false })),
        bpm: Bpm::new(BPM).ok(),
        pace: Bpm::new(BPM).ok(),
        channels: 1,
        plays: SourceChoice::Generated,
        sample: (0..10 * BEAT).map(|n| (n as f32 * 0.05).sin() * 0.3).collect(),
        sample_rate: SampleRate::CD,
        beats_per_slice: 1,
        classes: vec![1; 4],
        generator_step: None,
        sequencer_step: None,
        skipped: Vec::new(),
    };
    let mut band = Band::new(ensemble, SampleRate::CD, Seeds::new(2)).unwrap();
    let (mut samples, mut noted) = (Vec::new(), Vec::new());
    for bpm in [125.0, 125.0, 90.0, 174.0, 100.5, 125.0] {
        let bar = band.next_bar(&Controls { bpm, ..Controls::default() }).unwrap();
        assert_eq!(bar.beats.len(), 4);
        noted.extend(bar.beats.iter().map(|beat| samples.len() + beat.frame as usize));
        samples.extend(bar.samples);
    }
    // A beat that begins within what is held back comes with the next bar.
    noted.retain(|&frame| frame < samples.len());
    assert!(noted.len() >= 23, "{}", noted.len());
    let clicks: Vec<usize> = (1..samples.len())
        .filter(|&n| samples[n].abs() > 1e-4 && samples[n].abs() > 20.0 * samples[n - 1].abs())
        .collect();
    for (number, frame) in noted.iter().enumerate() {
        assert!(clicks.contains(frame), "beat {number} is said to begin at {frame}, clicks are at {clicks:?}");
    }
    let lengths: Vec<usize> = noted.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(lengths[..7].iter().all(|&length| length == BEAT), "{lengths:?}");
    // 60 · 44,100 / 90
    assert!(lengths[8..11].iter().all(|&length| length == 29_400), "{lengths:?}");
}

/// Kicks, and on every fourth beat noise, each a little louder than the last, so that no two slices are the same.
fn recording(path: &Path, beats: usize) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for beat in 0..beats {
        let gain = 0.4 + 0.002 * beat as f32;
        for frame in 0..BEAT {
            let t = frame as f32 / 44_100.0;
            let kick = (std::f32::consts::TAU * 55.0 * t).sin() * (-t * 18.0).exp();
            let noise = ((frame as u32).wrapping_mul(2_654_435_761) >> 16) as f32 / 32_768.0 - 1.0;
            let sound = if beat % 4 == 3 { noise * (-t * 9.0).exp() } else { kick };
            writer.write_sample((gain * sound * 32_767.0) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

fn tokenized(folder: &Path) -> (Arc<Dataset>, Transcript) {
    let (set, output) = (folder.join("set.wav"), folder.join("beats"));
    recording(&set, 40);
    let bpm = Bpm::new(BPM).unwrap();
    let grid = GridChoice::Fixed { bpm, offset: Seconds(0.0) };
    let slicing = Slicing::Beats { bpm, beats_per_slice: 1, fit: Fit::Place, grid };
    prepare(&PrepareSettings { slicing, channels: 1, ..PrepareSettings::new(vec![set], output.clone()) }, &Silent)
        .unwrap();
    let dataset = Dataset::open(&output).unwrap();
    let (_, transcript) = tokenize(&dataset, &VoteSettings::default(), None, &Silent).unwrap();
    (Arc::new(dataset), transcript)
}

#[test]
fn a_recording_goes_on_wherever_its_tokens_do() {
    let folder = tempfile::tempdir().unwrap();
    let (dataset, transcript) = tokenized(folder.path());
    let tokens = transcript.tokens();
    let vocabulary: BTreeSet<_> = tokens.iter().collect();
    assert!((2..10).contains(&vocabulary.len()), "{tokens:?}");
    let slices: Vec<Vec<f32>> = (0..dataset.len())
        .map(|slice| {
            let mut samples = vec![0.0; dataset.slice_samples()];
            dataset.read_f32(slice, &mut samples).unwrap();
            samples
        })
        .collect();
    // Eight bars as they were recorded, and then some that never followed one another.
    let asked: Vec<u32> = tokens[..32].iter().copied().chain([tokens[3], tokens[3], tokens[0]]).collect();
    let beat = |(number, &token): (usize, &u32)| {
        let number = number as u64;
        Beat { number, bar: number / 4, place: number % 4, token, class: 0, section: None, stay: number / 32 }
    };
    let beats: Vec<Beat> = asked.iter().enumerate().map(beat).collect();
    let mut recorded = Recorded::new(dataset.clone(), &transcript, dataset.rate());
    let sounds = recorded.sounds(&beats, &wishes(1.0)).unwrap();
    let played: Vec<usize> =
        sounds.iter().map(|sound| slices.iter().position(|slice| *slice == sound.material.slice).unwrap()).collect();
    for (beat, &slice) in beats.iter().zip(&played) {
        assert_eq!(tokens[slice], beat.token, "beat {}", beat.number);
    }
    for (beat, pair) in beats[1..].iter().zip(played.windows(2)) {
        if tokens.get(pair[0] + 1) == Some(&beat.token) {
            assert_eq!(pair[1], pair[0] + 1, "beat {} breaks off", beat.number);
        }
    }
    // Where it breaks off, it goes to a beat with as long a past in common with what was heard as any other has.
    let alike = |slice: usize, at: usize| {
        (1..=4).take_while(|&back| back <= slice.min(at) && tokens[slice - back] == asked[at - back]).count()
    };
    for at in (1..asked.len()).filter(|&at| played[at] != played[at - 1] + 1) {
        let best = (0..tokens.len()).filter(|&slice| tokens[slice] == asked[at]).map(|slice| alike(slice, at)).max();
        assert_eq!(Some(alike(played[at], at)), best, "beat {at} is played by slice {}", played[at]);
    }
    for (sound, &slice) in sounds.iter().zip(&played).filter(|&(_, &slice)| slice > 0) {
        assert!(slices[slice - 1].ends_with(&sound.material.before), "what came before slice {slice}");
        assert!(!sound.material.before.is_empty());
    }
}

#[test]
fn a_recording_does_not_go_on_over_beats_that_others_played() {
    let folder = tempfile::tempdir().unwrap();
    let (dataset, transcript) = tokenized(folder.path());
    let beat = |number: u64| {
        let token = transcript.tokens()[number as usize];
        Beat { number, bar: number / 4, place: number % 4, token, class: 0, section: None, stay: 0 }
    };
    let mut recorded = Recorded::new(dataset.clone(), &transcript, dataset.rate());
    let fresh = || Recorded::new(dataset.clone(), &transcript, dataset.rate());
    recorded.sounds(&[beat(0), beat(1)], &wishes(0.5)).unwrap();
    // Beats 2 to 4 are another's; what comes then is drawn as if nothing had been heard.
    let after = recorded.sounds(&[beat(5)], &wishes(0.5)).unwrap();
    assert_eq!(after, fresh().sounds(&[beat(5)], &wishes(0.5)).unwrap());
}
