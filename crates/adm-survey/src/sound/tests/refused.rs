//! Sounds and settings that are no good.

use super::*;
use adm_core::Hint;

fn settings() -> SoundSpec {
    SoundSpec { seconds: 1.0, ..SoundSpec::default() }
}

fn refusal(sound: RawSound, settings: &SoundSpec) -> (String, String) {
    let sounds = [raw("good", "human", 44_100, music(1, 44_100, 1.0)), sound];
    let error = prepare(&sounds, &all(&sounds), settings, SALT).unwrap_err();
    let causes = std::iter::successors(std::error::Error::source(&error), |error| error.source());
    let text = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    (text, error.hint().unwrap_or_default())
}

#[test]
fn bad_sounds_are_named_with_what_mends_them() {
    let good = music(2, 44_100, 1.0);
    let with = |change: fn(&mut RawSound)| {
        let mut sound = raw("bad", "ai", 44_100, good.clone());
        change(&mut sound);
        sound
    };
    let cases: [(RawSound, &str, &str); 9] = [
        (
            with(|sound| sound.samples.truncate(44_100)),
            "\"bad\" is too short: bad.wav gives 0.50 s, and 1.00 s",
            "sound.seconds",
        ),
        (with(|sound| sound.samples.clear()), "gives 0.00 s", "sound.seconds"),
        (
            with(|sound| sound.samples[44_100] = f32::NAN),
            "\"bad\" holds a sample that is not a finite number at 0.500 s",
            "WAV",
        ),
        (with(|sound| sound.samples[9] = f32::INFINITY), "not a finite number at 0.000 s", "WAV"),
        (with(|sound| sound.samples.fill(0.0)), "\"bad\" is silent: bad.wav has -inf LUFS", "file.start"),
        (with(|sound| sound.samples.iter_mut().for_each(|x| *x *= 1e-4)), "\"bad\" is silent", "file.start"),
        (
            with(|sound| sound.samples.iter_mut().for_each(|x| *x = (*x * 8.0).clamp(-1.0, 1.0))),
            "\"bad\" is clipped",
            "overdriven",
        ),
        (with(|sound| sound.channels = 3), "\"bad\" cannot be used: the number of channels must be 1 or 2, got 3", ""),
        (
            with(|sound| {
                sound.samples.pop();
            }),
            "the number of samples must be a multiple of 2, got 88199",
            "",
        ),
    ];
    for (sound, message, hint) in cases {
        let (text, advice) = refusal(sound, &settings());
        assert!(text.contains(message), "{text}, expected {message}");
        assert!(advice.contains(hint), "{advice}, expected {hint}");
    }
}

#[test]
fn bad_settings_are_named_by_their_keys() {
    let good = || raw("bad", "ai", 44_100, music(2, 44_100, 1.0));
    let trip = |representation: &str, sample_rate, bpm| {
        let truths = vec!["ai".to_owned()];
        Some(crate::study::RoundTrip { truths, representation: representation.to_owned(), sample_rate, bpm })
    };
    let cases: [(SoundSpec, &str); 5] = [
        (SoundSpec { sample_rate: 100, ..settings() }, "sound.sample_rate must be 1000 to 768000 Hz, got 100 Hz"),
        (
            SoundSpec { round_trip: trip("stereo-simple", None, 130.0), ..settings() },
            "sound.round_trip.representation must be \"stereo-complex\",",
        ),
        (
            SoundSpec { round_trip: trip("log-mel", Some(3), 130.0), ..settings() },
            "sound.round_trip.sample_rate must be 1000 to 768000, got 3",
        ),
        (
            SoundSpec { round_trip: trip("log-mel", None, 4.0), ..settings() },
            "sound.round_trip.bpm must be 20 to 400, got 4",
        ),
        (
            SoundSpec { round_trip: trip("stereo-complex", Some(96_000), 20.0), ..settings() },
            "round trip of stimulus \"bad\" through stereo-complex failed",
        ),
    ];
    for (settings, message) in cases {
        let (text, _) = refusal(good(), &settings);
        assert!(text.contains(message), "{text}, expected {message}");
    }
    let mut own = good();
    own.round_trip = Some("no".to_owned());
    assert!(refusal(own, &settings()).0.contains("round_trip of stimulus \"bad\" must be"));
}

/// Studies are checked when they are read; what was never read as one is an error or a poor sound, not a panic.
#[test]
fn what_no_study_may_ask_for_is_no_panic() {
    let sounds = [raw("a", "ai", 44_100, music(2, 44_100, 1.0))];
    let odd = [0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300];
    let with = |at: usize, odd: f64| match at {
        0 => SoundSpec { seconds: odd, ..settings() },
        1 => SoundSpec { edge: odd, ..settings() },
        2 => SoundSpec { loudness: odd, ..settings() },
        3 => SoundSpec { true_peak: odd, ..settings() },
        _ => SoundSpec { bandwidth: crate::study::Bandwidth::Hz(odd), ..settings() },
    };
    let channels = [0, 6, usize::MAX].map(|channels| SoundSpec { channels, ..settings() });
    for settings in (0..5).flat_map(|at| odd.map(|odd| with(at, odd))).chain(channels) {
        if let Ok(prepared) = prepare(&sounds, &all(&sounds), &settings, SALT) {
            assert!(prepared.stimuli[0].wav.len() > 44, "{settings:?}");
        }
    }
}

#[test]
fn the_first_bad_sound_in_order_is_named_whichever_thread_is_faster() {
    let mut sounds: Vec<RawSound> =
        (0..16).map(|seed| raw(&format!("s{seed}"), "ai", 44_100, music(seed, 44_100, 1.0))).collect();
    for at in [15, 9, 4] {
        sounds[at].samples.fill(0.0);
        let text = prepare(&sounds, &all(&sounds), &settings(), SALT).unwrap_err().to_string();
        assert!(text.contains(&format!("\"s{at}\"")), "{text}");
    }
}

#[test]
fn a_sound_that_is_not_there_is_named_and_one_that_nothing_wants_is_not_looked_at() {
    let sounds = [raw("a", "ai", 44_100, music(1, 44_100, 1.0)), raw("silent", "ai", 44_100, vec![0.0; 88_200])];
    let text = prepare(&sounds, &[wanted("x", "b", Role::Sample)], &settings(), SALT).unwrap_err().to_string();
    assert_eq!(text, "no sound is called \"b\"");
    assert!(prepare(&sounds, &[wanted("x", "a", Role::Sample)], &settings(), SALT).is_ok());
    assert!(prepare(&sounds, &[], &settings(), SALT).unwrap().stimuli.is_empty());
}

#[test]
fn a_sound_of_which_the_bandwidth_leaves_nothing_is_silent() {
    let low = filter::LowPass::new(3_000.0, 4_000.0, rate(44_100));
    let samples = music(2, 44_100, 1.0);
    let high: Vec<f32> = samples.iter().zip(low.apply(&samples, 2, false)).map(|(x, low)| x - low).collect();
    let settings = SoundSpec { bandwidth: crate::study::Bandwidth::Hz(500.0), ..settings() };
    let (text, _) = refusal(raw("hats", "ai", 44_100, high), &settings);
    assert!(text.contains("\"hats\" is silent"), "{text}");
}
