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

/// The leak of a feature or mark.
fn leak<'a>(leaks: &'a [Leak], what: &str) -> Option<&'a Leak> {
    leaks.iter().find(|leak| leak.to_string().starts_with(what))
}

fn severity(leaks: &[Leak], what: &str) -> Option<Severity> {
    leak(leaks, what).map(|leak| leak.severity)
}

/// Share of pairs and probability of what was found apart.
fn share(leak: &Leak) -> (f64, f64) {
    let Found::Apart { share, p, .. } = leak.found else { panic!("{leak}") };
    (share, p)
}

fn mono(samples: Vec<f32>) -> Vec<f32> {
    samples.as_chunks::<2>().0.iter().flat_map(|&[left, _]| [left; 2]).collect()
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
    let bandwidth = leak(&found, "bandwidth").unwrap();
    assert_eq!(bandwidth.mend.as_deref(), Some("sound.bandwidth = \"lowest\""));
    let Found::Apart { ranges: [low, high], .. } = &bandwidth.found else { panic!("{bandwidth}") };
    assert_eq!([&low.0, &high.0], ["ai", "human"]);
    assert!(low.1[1] < 10_300.0 && high.1[0] > 20_000.0);
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
    let sounds = sounds(12, mono);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    for what in ["stereo width", "no stereo width"] {
        let leak = leak(&found, what).unwrap();
        assert_eq!((leak.severity, leak.mend.as_deref()), (Severity::Error, Some("sound.channels = 1")), "{leak}");
    }
    let one = SoundSpec { channels: 1, ..settings(Bandwidth::Lowest) };
    let found = leaks(&sounds, &wavs(&sounds, &one), Bandwidth::Lowest);
    assert!(leak(&found, "stereo").is_none() && leak(&found, "no stereo").is_none(), "{found:#?}");
}

#[test]
fn one_exception_hides_nothing_and_one_sound_is_enough() {
    let but = |stereo: usize| {
        let mut sounds = sounds(12, |samples| samples);
        let ai = sounds.iter_mut().filter(|raw| raw.truth == "ai").skip(stereo);
        ai.for_each(|raw| raw.samples = mono(std::mem::take(&mut raw.samples)));
        leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest)
    };
    let found = but(1);
    assert_eq!(severity(&found, "no stereo width: 11 of 12 \"ai\", 0 of 12 \"human\""), Some(Severity::Error));
    let width = leak(&found, "stereo width").unwrap();
    assert_eq!(width.severity, Severity::Error);
    assert!(share(width).0 > 0.9 && share(width).0 < 1.0, "{width}");
    assert!(width.to_string().contains("of 100 pairs"), "{width}");
    assert_eq!(severity(&but(11), "no stereo width: 1 of 12 \"ai\""), Some(Severity::Warning));
}

/// Sides that are all but taken away, by how much.
#[test]
fn nearly_mono_is_as_bad_as_the_gap_is_wide() {
    let narrowed = |by: f32| {
        let narrow = move |samples: Vec<f32>| {
            let frames = samples
                .as_chunks::<2>()
                .0
                .iter()
                .map(|[left, right]| [(left + right) / 2.0, by * (left - right) / 2.0]);
            frames.flat_map(|[middle, side]| [middle + side, middle - side]).collect()
        };
        let sounds = sounds(12, narrow);
        let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
        (severity(&found, "stereo width"), severity(&found, "no stereo width"))
    };
    // The test's music has its sides at −11 dB or so.
    assert_eq!(narrowed(0.01), (Some(Severity::Error), Some(Severity::Error)));
    assert_eq!(narrowed(0.08), (Some(Severity::Error), None));
    assert_eq!(narrowed(0.3), (Some(Severity::Warning), None));
    assert_eq!(narrowed(1.0), (None, None));
}

#[test]
fn a_high_pass_in_one_truth_is_a_warning() {
    let low = |samples: Vec<f32>| {
        let rest = LowPass::new(30.0, 60.0, rate(HZ)).apply(&samples, 2, false);
        samples.iter().zip(rest).map(|(sample, rest)| sample - rest).collect()
    };
    let sounds = sounds(12, low);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    assert_eq!(severity(&found, "level below 30 Hz"), Some(Severity::Warning), "{found:#?}");
}

/// Truths of which one was low-passed by several slopes are apart by nothing but music once all end alike.
#[test]
fn no_slope_below_the_common_end_tells_a_low_pass() {
    for stop in [9_500.0, 12_000.0] {
        let gentle = |samples: Vec<f32>| LowPass::new(18_000.0 - stop, stop, rate(HZ)).apply(&samples, 2, false);
        let sounds = sounds(12, gentle);
        let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
        assert!(found.iter().all(|leak| leak.severity < Severity::Error), "{stop}: {found:#?}");
        assert!(leak(&found, "slope").is_none(), "{stop}: {found:#?}");
        // Where the end was laid too high, it is said.
        let high = Bandwidth::Hz(10_500.0);
        let found = leaks(&sounds, &wavs(&sounds, &settings(high)), high);
        assert_eq!(severity(&found, "slope where spectra end"), Some(Severity::Error), "{stop}: {found:#?}");
    }
}

#[test]
fn a_beat_that_comes_again_to_the_last_bit_is_a_note() {
    let again = |mut samples: Vec<f32>| {
        let half = samples.len() / 2;
        samples.copy_within(..half, half);
        samples
    };
    let sounds = sounds(12, again);
    let found = leaks(&sounds, &wavs(&sounds, &settings(Bandwidth::Lowest)), Bandwidth::Lowest);
    assert_eq!(severity(&found, "difference between repeats tells \"ai\""), Some(Severity::Note), "{found:#?}");
    assert_eq!(severity(&found, "a passage that comes again exactly"), Some(Severity::Note));
    let said = notes(&found);
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[0].starts_with("a program tells \"ai\" from \"human\" by their music, which nothing mends: "),
        "{said:?}"
    );
    assert!(said[1].ends_with("made of loops: 12 of 12 \"ai\", 0 of 12 \"human\""), "{said:?}");
}

#[test]
fn digital_silence_of_one_sound_is_told_as_is_a_constant() {
    let sounds = sounds(3, |samples| samples);
    let with = |change: &dyn Fn(&mut [u8])| {
        let mut wavs = wavs(&sounds, &settings(Bandwidth::Lowest));
        change(&mut wavs[0][44..]);
        leaks(&sounds, &wavs, Bandwidth::Lowest)
    };
    let silent = with(&|data| data[40_000..44_000].fill(0));
    assert_eq!(severity(&silent, "digital silence: 1 of 3 \"human\""), Some(Severity::Warning), "{silent:#?}");
    let lifted = with(&|data| {
        let steps = data.as_chunks_mut::<2>().0.iter_mut();
        steps.for_each(|step| *step = i16::from_le_bytes(*step).saturating_add(5).to_le_bytes());
    });
    assert_eq!(severity(&lifted, "a constant: 1 of 3"), Some(Severity::Error), "{lifted:#?}");
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
    assert_eq!((severity(&found, "size"), share(leak(&found, "size").unwrap()).1), (Some(Severity::Error), 0.0));
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
fn with_few_sounds_it_is_said_that_nothing_can_be_found() {
    let few = sounds(4, dulled);
    let found = leaks(&few, &wavs(&few, &settings(Bandwidth::AsItIs)), Bandwidth::AsItIs);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        notes(&found),
        ["too few sounds to look for leaks in what is measured: 4 \"ai\" and 4 \"human\", 8 of each are needed"]
    );
    let enough = sounds(8, dulled);
    let found = leaks(&enough, &wavs(&enough, &settings(Bandwidth::AsItIs)), Bandwidth::AsItIs);
    assert_eq!(severity(&found, "bandwidth"), Some(Severity::Warning), "{found:#?}");
    assert!(leak(&found, "too few").is_none());
}

/// Truths that are drawn by lot are told apart in one of a hundred studies at most.
#[test]
fn false_alarms_are_as_rare_as_promised() {
    let sounds = sounds(8, dulled);
    let wavs = wavs(&sounds, &settings(Bandwidth::AsItIs));
    let measured: Vec<Measured> = wavs.iter().map(|wav| Measured::of(wav)).collect();
    let mut random = Seeds::new(1).stream("test lots", 0);
    let mut order: Vec<usize> = (0..measured.len()).collect();
    let (studies, mut alarms) = (10_000, 0);
    for _ in 0..studies {
        (1..order.len()).rev().for_each(|last| order.swap(last, random.random_range(0..=last)));
        let side = |range: std::ops::Range<usize>| order[range].iter().map(|&at| &measured[at]).collect::<Vec<_>>();
        let (one, two): (Group<'_>, Group<'_>) = (("a", side(0..8)), ("b", side(8..16)));
        alarms += usize::from(!apart(&[[&one, &two]]).is_empty());
    }
    assert!(alarms as f64 <= ALPHA * f64::from(studies), "{alarms} of {studies}");
}

#[test]
fn what_is_no_wav_file_is_measured_by_its_size_alone() {
    for wav in [&[][..], &[0; 43], &[0; 44], &[0xff; 48], &[7; 101]] {
        assert_eq!(Measured::of(wav).get(Feature::Size), Some(wav.len() as f64));
    }
    assert!(audit(&[], Bandwidth::Lowest).is_empty());
}
