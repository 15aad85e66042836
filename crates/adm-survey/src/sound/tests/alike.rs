//! What all stimuli have in common, and what copies have not.

use super::*;
use crate::sound::filter::LowPass;
use crate::sound::format::Format;
use crate::sound::spectrum::Spectrum;
use crate::study::Bandwidth;
use adm_audio::loudness::measure;

/// EBU Tech 3341 lets a meter differ by so many LU.
const LOUDNESS_LU: f64 = 0.1;
/// What oversampling meters miss of a true peak at most, in dB, at four times the rate (BS.1770-4, annex 2).
const TRUE_PEAK_DB: f64 = 0.05;

fn short(seconds: f64) -> SoundSpec {
    SoundSpec { seconds, ..SoundSpec::default() }
}

fn gained(mut samples: Vec<f32>, gain: f32) -> Vec<f32> {
    samples.iter_mut().for_each(|sample| *sample *= gain);
    samples
}

fn dulled(samples: &[f32], hz: u32, end: f64) -> Vec<f32> {
    LowPass::new(end - 200.0, end, rate(hz)).apply(samples, 2, false)
}

/// Sounds of several rates, levels, channels and bandwidths.
fn motley() -> Vec<RawSound> {
    let mut mono = raw("mono", "human", 44_100, Vec::new());
    mono.channels = 1;
    mono.samples = music(5, 44_100, 3.5).into_iter().step_by(2).collect();
    vec![
        raw("quiet", "ai", 22_050, gained(music(1, 22_050, 3.0), 0.05)),
        raw("loud", "human", 48_000, music(2, 48_000, 4.0)),
        raw("dull", "ai", 44_100, dulled(&music(3, 44_100, 3.2), 44_100, 8_000.0)),
        raw("float", "human", 96_000, gained(music(4, 96_000, 3.0), 1.3)),
        mono,
    ]
}

#[test]
fn all_have_one_form_one_loudness_and_one_bandwidth() {
    for (hz, channels) in [(44_100, 2), (48_000, 1), (22_050, 2)] {
        let settings = SoundSpec { sample_rate: hz, channels, ..short(3.0) };
        let prepared = prepare(&motley(), &all(&motley()), &settings, SALT).unwrap();
        let end = prepared.bandwidth.unwrap();
        assert_eq!(prepared.dullest.as_deref(), Some("dull"));
        assert!((end - 8_000.0).abs() < 200.0, "{end}");
        let floors: Vec<f64> = prepared
            .stimuli
            .iter()
            .map(|stimulus| {
                let reader = hound::WavReader::new(&stimulus.wav[..]).unwrap();
                assert_eq!((reader.spec().sample_rate, usize::from(reader.spec().channels)), (hz, channels));
                assert_eq!(reader.duration() as usize, prepared.frames);
                assert_eq!(stimulus.wav.len(), 44 + 2 * channels * prepared.frames);
                let samples = decoded(&stimulus.wav);
                let found = measure(&samples, channels, rate(hz)).unwrap();
                let name = &stimulus.name;
                assert!((found.integrated_lufs - prepared.loudness).abs() <= LOUDNESS_LU, "{name}: {found:?}");
                assert!(found.true_peak_dbtp <= settings.true_peak + TRUE_PEAK_DB, "{name}: {found:?}");
                let spectrum = Spectrum::of(&samples, channels, rate(hz));
                assert!(spectrum.bandwidth() <= end + spectrum.width, "{name}: {}", spectrum.bandwidth());
                spectrum.between(end + spectrum.width, f64::from(hz) / 2.0)
            })
            .collect();
        let [low, high] = floors.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], &x| [a.min(x), b.max(x)]);
        // Nothing but dither is left above, and that is the same for all.
        assert!(high - low < 0.2 && high < -96.0, "{floors:?}");
    }
}

#[test]
fn a_peak_in_the_way_lowers_all_and_says_by_how_much() {
    let mut peaky = music(1, 44_100, 2.0);
    peaky.iter_mut().enumerate().for_each(|(n, sample)| *sample *= if n % 44_100 < 200 { 0.9 } else { 0.02 });
    let sounds = [raw("peaky", "ai", 44_100, peaky), raw("even", "human", 44_100, music(2, 44_100, 2.0))];
    let settings = SoundSpec { loudness: -16.0, true_peak: -3.0, ..short(2.0) };
    let prepared = prepare(&sounds, &all(&sounds), &settings, SALT).unwrap();
    assert!(prepared.lowered > 1.0, "{}", prepared.lowered);
    assert!((prepared.loudness + prepared.lowered + 16.0).abs() < 1e-9);
    let measured: Vec<_> =
        prepared.stimuli.iter().map(|found| measure(&decoded(&found.wav), 2, rate(44_100)).unwrap()).collect();
    for found in &measured {
        assert!((found.integrated_lufs - prepared.loudness).abs() <= LOUDNESS_LU, "{found:?}");
    }
    let peak = measured.iter().map(|found| found.true_peak_dbtp).fold(f64::NEG_INFINITY, f64::max);
    assert!((peak - settings.true_peak).abs() < 0.1, "no lower than need be: {peak}");
}

#[test]
fn loudness_holds_where_raising_a_sound_brings_quiet_parts_over_the_gate() {
    let mut faint = gained(music(1, 44_100, 10.0), 0.02);
    // Most of it lies below the absolute gate of -70 LUFS until it is raised, and then counts for most of the loudness.
    faint[44_100..].iter_mut().for_each(|sample| *sample *= 0.08);
    let sounds = [raw("faint", "ai", 44_100, faint)];
    let prepared = prepare(&sounds, &all(&sounds), &short(10.0), SALT).unwrap();
    let raised = prepared.stimuli[0].measured.lufs + prepared.stimuli[0].measured.gain;
    assert!((raised - prepared.loudness).abs() > 1.0, "there is something to be found: {raised}");
    let found = measure(&decoded(&prepared.stimuli[0].wav), 2, rate(44_100)).unwrap().integrated_lufs;
    assert!((found - prepared.loudness).abs() <= LOUDNESS_LU, "{found}");
}

#[test]
fn copies_differ_in_their_dither_and_in_nothing_else() {
    let sounds = [raw("a", "ai", 44_100, music(1, 44_100, 1.0))];
    let names = [wanted("one", "a", Role::Sample), wanted("two", "a", Role::Copy), wanted("ref", "a", Role::Reference)];
    let prepared = prepare(&sounds, &names, &short(1.0), SALT).unwrap();
    let steps: Vec<Vec<f32>> = prepared.stimuli.iter().map(|stimulus| decoded(&stimulus.wav)).collect();
    for (one, two) in [(0, 1), (0, 2), (1, 2)] {
        let differences = || steps[one].iter().zip(&steps[two]).map(|(a, b)| ((a - b) * 32_768.0).abs());
        let share = differences().filter(|&x| x > 0.0).count() as f64 / steps[one].len() as f64;
        // Two rounded dithers agree by chance in a good half of the samples.
        assert!(share > 0.4, "{share}");
        // Each lies within a step and a half.
        assert!(differences().all(|x| x <= 3.0));
    }
    let again = prepare(&sounds, &names, &short(1.0), SALT).unwrap();
    assert_eq!(prepared, again);
    let salted = prepare(&sounds, &names, &short(1.0), "another").unwrap();
    assert_ne!(prepared.stimuli[0].wav, salted.stimuli[0].wav, "the salt is part of the dither");
}

#[test]
fn dither_is_white_and_as_loud_as_two_uniform_numbers_are() {
    let format = Format::new(&SoundSpec { channels: 1, ..short(2.0) }).unwrap();
    let wav = wav::wav(&vec![0.0; format.frames], 0.0, &format, wav::secret(SALT, "x"));
    let samples = decoded(&wav);
    let power = samples.iter().map(|&x| f64::from(x * 32_768.0).powi(2)).sum::<f64>() / samples.len() as f64;
    // Rounding adds 1/12 to the triangle's 1/6.
    assert!((power - 0.25).abs() < 0.01, "{power}");
}

#[test]
fn a_wav_file_holds_its_form_its_samples_and_nothing_else() {
    let sounds = [raw("a", "ai", 44_100, music(1, 44_100, 1.0))];
    let wav = prepare(&sounds, &all(&sounds), &short(1.0), SALT).unwrap().stimuli.remove(0).wav;
    assert_eq!((&wav[..4], &wav[8..16], &wav[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
    let size = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((size(4) + 8, size(16), size(40) + 44), (wav.len(), 16, wav.len()));
}

#[test]
fn threads_change_nothing() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| prepare(&motley(), &all(&motley()), &short(2.0), SALT).unwrap())
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn anchors_lack_what_is_above_and_keep_what_is_below() {
    let sounds = [raw("a", "original", 44_100, music(1, 44_100, 2.0))];
    let names = [
        wanted("ref", "a", Role::HiddenReference),
        wanted("low", "a", Role::LowAnchor),
        wanted("mid", "a", Role::MidAnchor),
    ];
    let prepared = prepare(&sounds, &names, &short(2.0), SALT).unwrap();
    let spectrum = |at: usize| Spectrum::of(&decoded(&prepared.stimuli[at].wav), 2, rate(44_100));
    let gain = |at: usize| prepared.stimuli[at].measured.gain;
    for (at, edge) in [(1, 3_500.0), (2, 7_000.0)] {
        let kept = |low: f64, high: f64| spectrum(at).between(low, high) - spectrum(0).between(low, high);
        let louder = gain(at) - gain(0);
        assert!((kept(500.0, edge - 100.0) - louder).abs() < 0.1, "{edge}: {} and {louder}", kept(500.0, edge - 100.0));
        assert!(kept(edge / 7.0 * 8.0 + 100.0, 20_000.0) < -40.0, "{}", kept(edge / 7.0 * 8.0, 20_000.0));
    }
}

#[test]
fn the_volume_is_set_by_pink_noise_as_loud_as_all() {
    let sounds = [raw("a", "ai", 44_100, music(1, 44_100, 2.0))];
    let names = [wanted("a", "a", Role::Sample), wanted("v", "", Role::Volume)];
    let prepared = prepare(&sounds, &names, &SoundSpec { edge: 0.0, ..short(2.0) }, SALT).unwrap();
    let samples = decoded(&prepared.stimuli[1].wav);
    let found = measure(&samples, 2, rate(44_100)).unwrap().integrated_lufs;
    assert!((found - prepared.loudness).abs() <= LOUDNESS_LU, "{found}");
    let spectrum = Spectrum::of(&samples, 2, rate(44_100));
    let octaves: Vec<f64> =
        (0..6).map(|n| 200.0 * f64::from(1 << n)).map(|hz| spectrum.between(hz, 2.0 * hz)).collect();
    let mean = octaves.iter().sum::<f64>() / 6.0;
    // Two seconds of noise, and bands of 86 Hz at octaves' edges.
    assert!(octaves.iter().all(|level| (level - mean).abs() < 1.5), "{octaves:?}");
}

#[test]
fn each_keeps_its_own_bandwidth_where_the_study_says_so() {
    let as_it_is = SoundSpec { bandwidth: Bandwidth::AsItIs, ..short(2.0) };
    let prepared = prepare(&motley(), &all(&motley()), &as_it_is, SALT).unwrap();
    assert_eq!((prepared.bandwidth, &prepared.dullest), (None, &None));
    let ends = |at: usize| Spectrum::of(&decoded(&prepared.stimuli[at].wav), 2, rate(44_100)).bandwidth();
    assert!((ends(0) - 11_000.0).abs() < 300.0 && (ends(2) - 8_000.0).abs() < 300.0 && ends(1) > 20_000.0);
    let fixed = SoundSpec { bandwidth: Bandwidth::Hz(5_000.0), ..short(2.0) };
    let prepared = prepare(&motley(), &all(&motley()), &fixed, SALT).unwrap();
    for stimulus in &prepared.stimuli {
        let found = Spectrum::of(&decoded(&stimulus.wav), 2, rate(44_100)).bandwidth();
        assert!((found - 5_000.0).abs() <= 200.0, "{}: {found}", stimulus.name);
    }
}

/// A sine with a whole number of periods in the loop goes on over the seam as if nothing were there, through every resampler and
/// filter.
#[test]
fn a_loop_without_edges_keeps_its_seam() {
    for (from, to, seconds) in
        [(44_100, 44_100, 1.0), (48_000, 44_100, 1.0), (22_050, 44_100, 2.0), (44_100, 48_000, 0.5)]
    {
        for bandwidth in [Bandwidth::AsItIs, Bandwidth::Lowest, Bandwidth::Hz(5_000.0)] {
            let worst = seam(from, SoundSpec { edge: 0.0, sample_rate: to, bandwidth, ..short(seconds) });
            // Four dithers of a step and a half.
            assert!(worst < 8.0, "{from} to {to}, {bandwidth:?}: {worst} steps");
        }
    }
}

/// How far a sine in a loop is from a sine around the seam, in steps of 16 bits.
fn seam(from: u32, settings: SoundSpec) -> f64 {
    let wave = |n: usize| (0.3 * (TAU * 440.0 * n as f64 / f64::from(from) + 1.0).sin()) as f32;
    let frames = (settings.seconds * f64::from(from)) as usize + 5_000;
    let sounds = [raw("sine", "ai", from, (0..frames).flat_map(|n| [wave(n); 2]).collect())];
    let prepared = prepare(&sounds, &all(&sounds), &settings, SALT).unwrap();
    let once: Vec<f32> = decoded(&prepared.stimuli[0].wav).into_iter().step_by(2).collect();
    let turn = TAU * 440.0 / f64::from(settings.sample_rate);
    // A sine's samples obey x[n+1] = 2 cos(turn) x[n] - x[n-1]; what does not is a click.
    let at = |n: usize| f64::from(once[n % once.len()]);
    let off = |n: usize| (at(n + 2) - 2.0 * turn.cos() * at(n + 1) + at(n)).abs();
    32_768.0 * (once.len() - 500..once.len() + 500).map(off).fold(0.0, f64::max)
}

/// Whatever ends the duller sounds, and wherever, all end in one band of 86 Hz once they are matched.
#[test]
fn all_end_alike_whatever_ends_the_dullest() {
    let bright =
        || [raw("b1", "human", 44_100, music(1, 44_100, 1.0)), raw("b2", "human", 48_000, music(2, 48_000, 1.0))];
    let faint = |mut samples: Vec<f32>| {
        // Its treble is 20 dB below the others'.
        let low = LowPass::new(1_000.0, 2_000.0, rate(44_100)).apply(&samples, 2, false);
        samples.iter_mut().zip(low).for_each(|(sample, low)| *sample = low + 0.1 * (*sample - low));
        samples
    };
    let resampled = [16_000, 22_050, 24_000, 32_000].map(|hz| raw("dull", "ai", hz, music(3, hz, 1.0)));
    let filtered =
        [(4_000.0, 4_200.0), (5_000.0, 7_000.0), (9_000.0, 9_500.0), (10_000.0, 16_000.0)].map(|(pass, stop)| {
            let filter = LowPass::new(pass, stop, rate(44_100));
            raw("dull", "ai", 44_100, faint(filter.apply(&music(3, 44_100, 1.0), 2, false)))
        });
    for dull in resampled.into_iter().chain(filtered) {
        let from = dull.rate.hz();
        let sounds: Vec<RawSound> = bright().into_iter().chain([dull]).collect();
        let prepared = prepare(&sounds, &all(&sounds), &short(1.0), SALT).unwrap();
        let ends: Vec<f64> = prepared
            .stimuli
            .iter()
            .map(|found| Spectrum::of(&decoded(&found.wav), 2, rate(44_100)).bandwidth())
            .collect();
        println!(
            "{from}: {ends:?}, end {:?}, dullest {:.0}",
            prepared.bandwidth, prepared.stimuli[2].measured.bandwidth
        );
        assert!(ends.iter().all(|end| *end == ends[0]), "{from}: {ends:?}");
    }
}

#[test]
fn edges_fade_and_no_constant_is_left() {
    let samples = music(1, 44_100, 1.0).into_iter().map(|x| 0.5 * x + 0.2).collect();
    let sounds = [raw("a", "ai", 44_100, samples)];
    let prepared = prepare(&sounds, &all(&sounds), &short(1.0), SALT).unwrap();
    let samples = decoded(&prepared.stimuli[0].wav);
    assert!(samples[..4].iter().chain(&samples[samples.len() - 4..]).all(|x| x.abs() < 1e-3));
    let mean = samples.iter().map(|&x| f64::from(x)).sum::<f64>() / samples.len() as f64;
    assert!(mean.abs() < 0.01 / 32_768.0, "{mean}");
}

#[test]
fn what_is_wanted_in_any_order_comes_in_that_order() {
    let mut names = all(&motley());
    names.reverse();
    names.push(wanted("again", "loud", Role::Training));
    let prepared = prepare(&motley(), &names, &short(1.0), SALT).unwrap();
    let found: Vec<&str> = prepared.stimuli.iter().map(|stimulus| stimulus.name.as_str()).collect();
    assert_eq!(found, ["mono", "float", "dull", "loud", "quiet", "again"]);
    assert!((prepared.stimuli[2].measured.bandwidth - 8_000.0).abs() < 300.0);
}

/// How far the histogram of steps of 16 bits stands out of chance at a period, as a z-score: the magnitude of its Fourier transform
/// there, of which chance gives 1 on average.
fn comb(samples: &[f32], period: f64) -> f64 {
    let turn = |sample: f32| TAU * f64::from(sample) * 32_768.0 / period;
    let (real, imaginary) = samples
        .iter()
        .fold((0.0, 0.0), |(real, imaginary), &sample| (real + turn(sample).cos(), imaginary + turn(sample).sin()));
    f64::hypot(real, imaginary) / (samples.len() as f64).sqrt()
}

/// Sounds of 16 bits that are raised have no grid left whose width would say by how much.
#[test]
fn no_grid_tells_by_how_much_a_sound_was_raised() {
    for level in [0.1, 0.3] {
        let on_a_grid = |x: f32| (x * 32_768.0).round() / 32_768.0;
        let samples: Vec<f32> = gained(music(1, 44_100, 3.0), level).into_iter().map(on_a_grid).collect();
        let sounds = [raw("a", "ai", 44_100, samples.clone())];
        for bandwidth in [Bandwidth::Lowest, Bandwidth::AsItIs] {
            let settings = SoundSpec { bandwidth, loudness: -14.0, true_peak: 0.0, ..short(3.0) };
            let prepared = prepare(&sounds, &all(&sounds), &settings, SALT).unwrap();
            let gain = prepared.stimuli[0].measured.gain;
            let period = 10f64.powf(gain / 20.0);
            let highest = |samples: &[f32]| (1..=3).map(|n| comb(samples, period / f64::from(n))).fold(0.0, f64::max);
            let plain = wav::wav(&samples, gain, &Format::new(&settings).unwrap(), wav::secret(SALT, "a"));
            assert!(highest(&decoded(&plain)) > 100.0, "there is something to be found: {period}");
            let found = highest(&decoded(&prepared.stimuli[0].wav));
            println!("{bandwidth:?}, period {period:.1}: {found:.1}");
            assert!(found < 16.0, "{bandwidth:?}, period {period}: {found}");
        }
    }
}
