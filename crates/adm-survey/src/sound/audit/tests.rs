use super::*;
use crate::key::Role;
use crate::sound::filter::LowPass;
use crate::sound::tests::{SALT, music, rate, raw};
use crate::sound::{Wanted, prepare};
use crate::sources::RawSound;
use crate::study::SoundSpec;
use adm_core::Seeds;
use adm_core::seeds::RngExt;

const HZ: u32 = 44_100;

/// `count` sounds each of two truths; those of "ai" are `changed`.
fn sounds(count: u64, changed: impl Fn(Vec<f32>) -> Vec<f32>) -> Vec<RawSound> {
    let human = (0..count).map(|seed| raw(&format!("h{seed}"), "human", HZ, music(seed, HZ, 1.0)));
    let ai = (100..100 + count).map(|seed| raw(&format!("a{seed}"), "ai", HZ, changed(music(seed, HZ, 1.0))));
    human.chain(ai).collect()
}

fn wavs(sounds: &[RawSound], settings: &SoundSpec) -> Vec<Vec<u8>> {
    let wanted = |raw: &RawSound| Wanted { name: raw.id.clone(), id: raw.id.clone(), role: Role::Sample };
    let wanted: Vec<Wanted> = sounds.iter().map(wanted).collect();
    let prepared = prepare(sounds, &wanted, settings, SALT).unwrap();
    prepared.stimuli.into_iter().map(|stimulus| stimulus.wav).collect()
}

fn leaks(sounds: &[RawSound], wavs: &[Vec<u8>], bandwidth: Bandwidth) -> Vec<Leak> {
    let audited: Vec<Audited<'_>> =
        sounds.iter().zip(wavs).map(|(raw, wav)| Audited { truth: &raw.truth, wav }).collect();
    audit(&audited, bandwidth)
}

fn settings(bandwidth: Bandwidth) -> SoundSpec {
    SoundSpec { seconds: 1.0, bandwidth, ..SoundSpec::default() }
}

fn dulled(samples: Vec<f32>) -> Vec<f32> {
    LowPass::new(9_800.0, 10_000.0, rate(HZ)).apply(&samples, 2, false)
}

fn severity(leaks: &[Leak], feature: &str) -> Option<Severity> {
    leaks.iter().find(|leak| leak.feature.starts_with(feature)).map(|leak| leak.severity)
}

#[test]
fn alike_sounds_leak_nothing() {
    let sounds = sounds(12, |samples| samples);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn duller_sounds_leak_as_they_are_and_not_once_all_are_as_dull() {
    let sounds = sounds(12, dulled);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::AsItIs)), Bandwidth::AsItIs);
    assert_eq!(severity(&found, "bandwidth"), Some(Severity::Warning), "{found:#?}");
    assert_eq!(severity(&found, "noise floor"), Some(Severity::Warning));
    assert_eq!(severity(&found, "level above 12000"), Some(Severity::Warning));
    let bandwidth = found.iter().find(|leak| leak.feature.starts_with("bandwidth")).unwrap();
    assert_eq!(bandwidth.mend, "sound.bandwidth = \"lowest\"");
    assert_eq!([&bandwidth.ranges[0].0, &bandwidth.ranges[1].0], ["ai", "human"]);
    assert!(bandwidth.ranges[0].1[1] < 10_300.0 && bandwidth.ranges[1].1[0] > 20_000.0);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    assert!(found.iter().all(|leak| leak.severity < Severity::Error), "{found:#?}");
    // Bandwidth that was meant to be mended and is not is an error.
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::AsItIs)), Bandwidth::Lowest);
    assert_eq!(severity(&found, "bandwidth"), Some(Severity::Error), "{found:#?}");
}

#[test]
fn sounds_of_a_lower_rate_do_not_leak_once_matched() {
    let human = (0..12).map(|seed| raw(&format!("h{seed}"), "human", HZ, music(seed, HZ, 1.0)));
    let ai = (100..112).map(|seed| raw(&format!("a{seed}"), "ai", 22_050, music(seed, 22_050, 1.0)));
    let sounds: Vec<RawSound> = human.chain(ai).collect();
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    assert!(found.iter().all(|leak| leak.severity < Severity::Error), "{found:#?}");
}

#[test]
fn mono_leaks_as_an_error_that_one_channel_mends() {
    let mono = |samples: Vec<f32>| samples.as_chunks::<2>().0.iter().flat_map(|&[left, _]| [left; 2]).collect();
    let sounds = sounds(12, mono);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    let leak = found.iter().find(|leak| leak.feature.starts_with("stereo")).unwrap();
    assert_eq!((leak.severity, leak.mend.as_str()), (Severity::Error, "sound.channels = 1"));
    let one = SoundSpec { channels: 1, ..settings(Bandwidth::Lowest) };
    assert_eq!(severity(&leaks(&sounds, &wavs(&sounds, &one), Bandwidth::Lowest), "stereo"), None);
}

#[test]
fn loudness_size_silence_and_crest_leak_each_in_its_way() {
    let sounds = sounds(12, |samples| samples);
    let wavs = wavs(&sounds, &settings(Bandwidth::Lowest));
    let is_ai = |at: usize| sounds[at].truth == "ai";
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut wavs = wavs.clone();
        wavs.iter_mut().enumerate().filter(|(at, _)| is_ai(*at)).for_each(|(_, wav)| change(wav));
        leaks(&sounds, &wavs, Bandwidth::Lowest)
    };
    let halved = |wav: &mut Vec<u8>| {
        wav[44..]
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .for_each(|step| *step = (i16::from_le_bytes(*step) / 2).to_le_bytes());
    };
    assert_eq!(severity(&with(&halved), "loudness"), Some(Severity::Error));
    let longer = |wav: &mut Vec<u8>| wav.extend_from_slice(&[0; 4]);
    let found = with(&longer);
    assert_eq!((severity(&found, "size"), found[0].p), (Some(Severity::Error), 0.0));
    let late = |wav: &mut Vec<u8>| wav[44..44 + 4 * 4_410].fill(0);
    assert_eq!(severity(&with(&late), "quiet at the beginning"), Some(Severity::Warning));
    let spiked = |wav: &mut Vec<u8>| wav[20_000..20_002].copy_from_slice(&32_767i16.to_le_bytes());
    assert_eq!(severity(&with(&spiked), "crest"), Some(Severity::Note));
    let lifted = |wav: &mut Vec<u8>| {
        wav[44..]
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .for_each(|step| *step = i16::from_le_bytes(*step).saturating_add(5).to_le_bytes());
    };
    assert_eq!(severity(&with(&lifted), "mean"), Some(Severity::Error));
}

#[test]
fn one_file_of_another_size_is_enough() {
    let sounds = sounds(2, |samples| samples);
    let mut wavs = wavs(&sounds, &settings(Bandwidth::Lowest));
    wavs[0].push(0);
    assert_eq!(severity(&leaks(&sounds, &wavs, Bandwidth::Lowest), "size"), Some(Severity::Error));
}

#[test]
fn with_few_sounds_chance_is_not_taken_for_a_leak() {
    let sounds = sounds(4, dulled);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::AsItIs)), Bandwidth::AsItIs);
    assert!(found.is_empty(), "{found:#?}");
}

/// Truths that are drawn by lot are told apart in one of a hundred studies at most.
#[test]
fn false_alarms_are_as_rare_as_promised() {
    let sounds = sounds(8, dulled);
    let wavs = wavs(&sounds, &settings(Bandwidth::AsItIs));
    let measured: Vec<Features> = wavs.iter().map(|wav| Features::of(wav)).collect();
    let mut random = Seeds::new(1).stream("test lots", 0);
    let mut order: Vec<usize> = (0..measured.len()).collect();
    let (studies, mut alarms) = (20_000, 0);
    for _ in 0..studies {
        (1..order.len()).rev().for_each(|last| order.swap(last, random.random_range(0..=last)));
        let side = |range: std::ops::Range<usize>| order[range].iter().map(|&at| &measured[at]).collect::<Vec<_>>();
        let (one, two) = (("a", side(0..8)), ("b", side(8..16)));
        let p: Vec<f64> = Feature::ALL.map(|feature| separation(feature, &one, &two).p).to_vec();
        alarms += usize::from(significant(&p, ALPHA).contains(&true));
    }
    assert!(alarms as f64 <= ALPHA * f64::from(studies), "{alarms} of {studies}");
}

#[test]
fn what_is_no_wav_file_is_measured_by_its_size_alone() {
    for wav in [&[][..], &[0; 43], &[0; 44], &[0xff; 48], &[7; 101]] {
        assert_eq!(Features::of(wav).get(Feature::Size), Some(wav.len() as f64));
    }
    assert!(audit(&[], Bandwidth::Lowest).is_empty());
}
