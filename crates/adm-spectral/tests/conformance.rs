//! What every representation must do, whatever it holds: one suite, run on each of them over swept sizes.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use adm_core::seeds::RngExt;
use adm_core::{Bpm, SampleRate, Seeds};
use adm_spectral::{Representation, RepresentationConfig, Scratch};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Least signal-to-noise ratio of a round trip through an exact representation, in dB.
const EXACT_SNR: f64 = 100.0;

/// One representation with slices of one kind.
struct Case {
    config: RepresentationConfig,
    slice_frames: usize,
    rate: SampleRate,
    channels: usize,
}

impl Case {
    fn build(&self) -> Arc<dyn Representation> {
        self.config.build(self.slice_frames, self.rate, self.channels).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// Tones from 50 Hz up, a click and noise, different in each channel, interleaved.
    fn slice(&self) -> Vec<f32> {
        let mut rng = Seeds::new(1).stream("slice", self.slice_frames as u64);
        let tone = |hz: f64, frame: usize| (TAU * hz * frame as f64 / self.rate.as_f64()).sin() as f32;
        let mut sample = |index: usize| {
            let (frame, channel) = (index / self.channels, (index % self.channels) as f64);
            let click = if frame == self.slice_frames / 3 { 0.5 } else { 0.0 };
            let tones = 0.3 * tone(50.0 + 20.0 * channel, frame) + 0.1 * tone(3_000.0 - 500.0 * channel, frame);
            tones + click + rng.random_range(-0.1..0.1)
        };
        (0..self.slice_frames * self.channels).map(&mut sample).collect()
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { config, slice_frames, rate, channels } = self;
        write!(f, "{config:?}, {slice_frames} frames at {rate}, {channels} channels")
    }
}

/// Every representation in its default and in other sizes, as a user writes them. A new one is added here and nowhere else.
const CONFIGS: [&str; 33] = [
    "name = 'stereo-complex'",
    "name = 'stereo-complex'\nbins = 128\nframes = 128",
    "name = 'stereo-complex'\nbins = 64\nframes = 128",
    "name = 'stereo-complex'\nbins = 100\nframes = 37\nphase = 'slice'",
    "name = 'stereo-complex'\nbins = 512\nframes = 64",
    "name = 'stereo-complex'\nphase = 'slice'",
    "name = 'log-frequency'",
    "name = 'log-frequency'\nbins = 128\nframes = 128\noverlap = 1.0",
    "name = 'log-frequency'\nbins = 100\nframes = 137\noverlap = 0.1",
    "name = 'exponential'\nlinear_bins = 512\nbins = 64\nframes = 32",
    "name = 'exponential'\nlinear_bins = 300\nbins = 100\nframes = 37\nslope = 0.0\niterations = 3",
    "name = 'exponential'\nlinear_bins = 1024\nbins = 128\nframes = 16\nslope = 8.0\nphase = 'window'",
    "name = 'mag-if'",
    "name = 'mag-if'\nbins = 100\nframes = 37\nstereo = 'left-right'\nfloor = -60.0",
    "name = 'mag-if'\nbins = 64\nframes = 128\nstereo = 'mono'",
    "name = 'magnitude'",
    "name = 'magnitude'\nbins = 64\nframes = 64\nstereo = 'left-right'\nscale = 'linear'\nwindow = 30.0",
    "name = 'magnitude'\nbins = 100\nframes = 37\nstereo = 'mono'\nrange = 'raw'",
    "name = 'magnitude'\nbins = 64\nframes = 32\nscale = 'linear'\nrange = 'raw'\n[phase]\nmethod = 'random'",
    "name = 'magnitude'\nbins = 64\nframes = 64\nscale = 'linear'\nrange = 'full-scale'",
    "name = 'magnitude'\nbins = 64\nframes = 64\nstereo = 'mono'\nscale = 'linear'\nrange = 'min-max'",
    "name = 'mel'\nbins = 64\nframes = 64\nn_fft = 512",
    "name = 'mel'\nbins = 40\nframes = 37\nn_fft = 501\nmels = 'htk'\nnorm = 'none'\nfmin = 50.0\nfmax = 8000.0\npower = 2",
    "name = 'log-mel'\nbins = 64\nframes = 64\nn_fft = 512",
    "name = 'log-mel'\nbins = 128\nframes = 32\nn_fft = 512\nstereo = 'left-right'\nrange = 'raw'\npower = 2",
    "name = 'log-mel'\nstereo = 'mono'",
    "name = 'log-mel'\nbins = 64\nframes = 32\nn_fft = 512\nrange = 'min-max'",
    "name = 'log-band'",
    "name = 'log-band'\nbins = 30\nwindow = 8.0\nscale = 'log'\nrange = 'unit'\nstereo = 'mono'",
    "name = 'waveform'",
    "name = 'waveform'\nstereo = 'left-right'",
    "name = 'waveform'\nstereo = 'mono'",
    "name = 'log-band'\na_weighting = false\nwindow = 10.0\nstereo = 'left-right'",
];

/// Whether a tensor says how loud its slice is: a stretched one does not.
fn tells_loudness(case: &Case) -> bool {
    serde_json::to_value(&case.config).unwrap()["range"] != "min-max"
}

fn configs() -> Vec<RepresentationConfig> {
    CONFIGS.iter().map(|text| toml::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))).collect()
}

/// Every representation with short, odd and ordinary slices, mono and stereo.
fn cases() -> Vec<Case> {
    let slices = [1, 2, 255, 1_000, 4_567];
    let all = configs().into_iter().flat_map(|config| slices.map(|slice_frames| (config.clone(), slice_frames)));
    all.flat_map(|(config, slice_frames)| [(config.clone(), slice_frames, 1), (config, slice_frames, 2)])
        .map(|(config, slice_frames, channels)| Case { config, slice_frames, rate: SampleRate::CD, channels })
        .collect()
}

/// The tempi and rates of the first figure, at full size.
fn tempi_and_rates() -> Vec<Case> {
    let exact = ["stereo-complex", "log-frequency"];
    let mut cases = Vec::new();
    for bpm in [60.0, 75.5, 90.0, 110.0, 128.0, 130.0, 174.0, 200.0] {
        for hz in [22_050, 32_000, 44_100, 48_000, 88_200, 96_000] {
            let (bpm, rate) = (Bpm::new(bpm).unwrap(), SampleRate::new(hz).unwrap());
            for config in exact {
                let config: RepresentationConfig = toml::from_str(&format!("name = \"{config}\"")).unwrap();
                cases.push(Case { config, slice_frames: bpm.beat_frames(rate), rate, channels: 2 });
            }
        }
    }
    cases
}

fn snr(reference: &[f32], actual: &[f32]) -> f64 {
    let square = |value: f64| value * value;
    let signal: f64 = reference.iter().map(|value| square(f64::from(*value))).sum();
    let error: f64 = reference.iter().zip(actual).map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    10.0 * (signal / error.max(f64::MIN_POSITIVE)).log10()
}

/// The tensor and the slice that comes back from it, through buffers full of rubbish.
fn there_and_back(representation: &dyn Representation, slice: &[f32], scratch: &mut Scratch) -> (Vec<f32>, Vec<f32>) {
    let mut tensor = vec![f32::NAN; representation.shape().size()];
    representation.encode(slice, &mut tensor, scratch).unwrap();
    let mut back = vec![f32::NAN; slice.len()];
    representation.decode(&tensor, &mut back, scratch).unwrap();
    (tensor, back)
}

#[test]
fn shapes_and_names_are_what_was_asked_for() {
    for case in cases() {
        let representation = case.build();
        let json = serde_json::to_value(&case.config).unwrap();
        assert_eq!(json["name"], representation.name(), "{case}");
        assert_eq!(case.config.name(), representation.name(), "{case}");
        assert_eq!(representation.slice_frames(), case.slice_frames, "{case}");
        assert_eq!(representation.slice_channels(), case.channels, "{case}");
        assert!(representation.shape().size() > 0, "{case}");
        let shape = representation.shape();
        assert_eq!(representation.planes().len(), shape.channels, "{case}");
        // Where bins and frames are settings, they are the tensor's.
        for (key, actual) in [("bins", shape.bins), ("frames", shape.frames)] {
            assert!(json.get(key).is_none_or(|asked| asked.as_u64() == Some(actual as u64)), "{case}: {shape}");
        }
        let relative = shape.size() as f64 / (case.slice_frames * case.channels) as f64;
        assert_eq!(representation.relative_size(), relative, "{case}");
    }
}

#[test]
fn every_value_is_written_and_finite() {
    let mut scratch = Scratch::new();
    for case in cases() {
        let (tensor, back) = there_and_back(&*case.build(), &case.slice(), &mut scratch);
        assert!(tensor.iter().chain(&back).all(|value| value.is_finite()), "{case}");
    }
}

#[test]
fn the_same_slice_gives_the_same_bits_whatever_came_before() {
    let mut used = Scratch::new();
    for case in cases() {
        let (representation, slice) = (case.build(), case.slice());
        let fresh = there_and_back(&*representation, &slice, &mut Scratch::new());
        assert!(fresh == there_and_back(&*representation, &slice, &mut used), "{case}");
        assert!(fresh == there_and_back(&*case.build(), &slice, &mut used), "{case}, built again");
    }
}

#[test]
fn an_exact_representation_gives_the_slice_back() {
    let mut scratch = Scratch::new();
    for case in cases().into_iter().chain(tempi_and_rates()) {
        let (representation, slice) = (case.build(), case.slice());
        if representation.is_exact() {
            let snr = snr(&slice, &there_and_back(&*representation, &slice, &mut scratch).1);
            assert!(snr >= EXACT_SNR, "{case}: {snr:.1} dB");
        }
    }
}

#[test]
fn silence_stays_silence() {
    for case in cases() {
        let slice = vec![0.0; case.slice_frames * case.channels];
        let (_, back) = there_and_back(&*case.build(), &slice, &mut Scratch::new());
        assert!(back.iter().all(|sample| sample.abs() < 1e-6), "{case}");
    }
}

/// Slices that nobody plays: DC, a square at full scale, half the sample rate, one sample, next to nothing, far too loud.
fn odd_slices(frames: usize) -> Vec<(&'static str, Vec<f32>)> {
    let of = |sample: &dyn Fn(usize) -> f32| (0..2 * frames).map(|index| sample(index / 2)).collect::<Vec<f32>>();
    vec![
        ("DC", of(&|_| 1.0)),
        ("a square", of(&|frame| if frame / 50 % 2 == 0 { 1.0 } else { -1.0 })),
        ("half the rate", of(&|frame| if frame % 2 == 0 { 1.0 } else { -1.0 })),
        ("one sample", of(&|frame| if frame == frames / 2 { 1.0 } else { 0.0 })),
        ("next to nothing", of(&|frame| (frame % 7) as f32 * 1e-38)),
        ("far too loud", of(&|frame| (frame % 7) as f32 * 1e3)),
    ]
}

#[test]
fn odd_slices_give_finite_tensors_and_sounds_that_are_no_louder() {
    let mut scratch = Scratch::new();
    for case in cases().into_iter().filter(|case| case.channels == 2 && [1, 255, 1_000].contains(&case.slice_frames)) {
        let representation = case.build();
        for (what, slice) in odd_slices(case.slice_frames) {
            let (tensor, back) = there_and_back(&*representation, &slice, &mut scratch);
            assert!(tensor.iter().chain(&back).all(|value| value.is_finite()), "{what}: {case}");
            let power = |samples: &[f32]| samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
            // A least-squares inverse gives no more than it was given; phases that are guessed may pile up in a short slice.
            assert!(
                !tells_loudness(&case) || power(&back) <= 4.0 * power(&slice) + 1e-9,
                "{what}: {case}: {} of {}",
                power(&back),
                power(&slice)
            );
        }
    }
}

#[test]
fn a_lossy_representation_gives_back_a_sound_about_as_loud() {
    let mut scratch = Scratch::new();
    for case in cases().into_iter().filter(|case| case.slice_frames >= 1_000 && tells_loudness(case)) {
        let (representation, slice) = (case.build(), case.slice());
        // Phases that count from the start of a pooled window cancel, which is what that setting shows; random ones cancel
        // half of the power or so.
        let loses = serde_json::to_value(&case.config).unwrap()["phase"] == "window" && !representation.is_exact();
        let (_, back) = there_and_back(&*representation, &slice, &mut scratch);
        let power = |samples: &[f32]| samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
        let decibels = 10.0 * (power(&back) / power(&slice)).log10();
        assert!(loses || (-10.0..3.0).contains(&decibels), "{case}: {decibels:.1} dB");
    }
}

#[test]
fn a_silent_channel_of_an_exact_representation_stays_silent() {
    for case in cases().into_iter().filter(|case| case.channels == 2) {
        let representation = case.build();
        let mut slice = case.slice();
        slice.iter_mut().skip(1).step_by(2).for_each(|right| *right = 0.0);
        let (_, back) = there_and_back(&*representation, &slice, &mut Scratch::new());
        let leaked = back.iter().skip(1).step_by(2).any(|right| *right != 0.0);
        assert!(!representation.is_exact() || !leaked, "{case}");
    }
}

#[test]
fn a_generated_tensor_decodes_to_finite_sound() {
    for case in cases() {
        let representation = case.build();
        let mut rng = Seeds::new(2).stream("generated", 0);
        let mut tensor = vec![0.0; representation.shape().size()];
        tensor.fill_with(|| rng.random_range(-1.0..1.0));
        let mut back = vec![f32::NAN; case.slice_frames * case.channels];
        for louder in [1.0, 1e3, 1e20] {
            tensor.iter_mut().for_each(|value| *value *= louder);
            representation.decode_generated(&mut tensor, &mut back, &mut Scratch::new()).unwrap();
            assert!(back.iter().all(|sample| sample.is_finite()), "{case}, {louder}");
        }
    }
}

#[test]
fn buffers_of_other_lengths_are_refused() {
    for case in cases() {
        let (representation, scratch) = (case.build(), &mut Scratch::new());
        let (samples, values) = (case.slice_frames * case.channels, representation.shape().size());
        for (samples_off, values_off) in [(1, 0), (0, 1)] {
            let (mut slice, mut tensor) = (vec![0.0; samples - samples_off], vec![0.0; values - values_off]);
            let (expected, what) = if samples_off == 1 { (samples, "the slice") } else { (values, "the tensor") };
            let message = format!("{what} must hold {expected} values, got {}", expected - 1);
            assert_eq!(representation.encode(&slice, &mut tensor, scratch).unwrap_err().to_string(), message, "{case}");
            assert_eq!(representation.decode(&tensor, &mut slice, scratch).unwrap_err().to_string(), message, "{case}");
        }
    }
}

#[test]
fn values_that_are_not_finite_are_refused_by_place() {
    for case in cases() {
        let (representation, scratch) = (case.build(), &mut Scratch::new());
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
            let (mut slice, mut tensor) = (case.slice(), vec![0.0; representation.shape().size()]);
            let (last, middle) = (slice.len() - 1, tensor.len() / 2);
            slice[last] = bad;
            let error = representation.encode(&slice, &mut tensor, scratch).unwrap_err().to_string();
            assert!(
                error.starts_with("the slice holds ") && error.contains(&format!(" at position {last},")),
                "{error}"
            );
            tensor.fill(0.0);
            tensor[middle] = bad;
            let error = representation.decode(&tensor, &mut slice, scratch).unwrap_err().to_string();
            assert!(
                error.starts_with("the tensor holds ") && error.contains(&format!(" at position {middle},")),
                "{error}"
            );
        }
    }
}

#[test]
fn slices_that_cannot_be_are_refused() {
    for config in configs() {
        for (slice_frames, channels, named) in [
            (0, 2, "the length of a slice in frames must be between"),
            (1_000, 0, "slices of 1 or 2 channels are needed, got 0 channels"),
            (1_000, 3, "slices of 1 or 2 channels are needed, got 3 channels"),
            (usize::MAX, 2, "the length of a slice in frames must be between"),
        ] {
            let error = config.build(slice_frames, SampleRate::CD, channels).unwrap_err().to_string();
            assert!(error.starts_with(named), "{config:?}: {error}");
        }
    }
}

#[test]
fn settings_survive_files_and_unknown_keys_do_not() {
    for config in configs() {
        let json = serde_json::to_string(&config).unwrap();
        assert_eq!(serde_json::from_str::<RepresentationConfig>(&json).unwrap(), config);
        let toml = toml::to_string(&config).unwrap();
        assert_eq!(toml::from_str::<RepresentationConfig>(&toml).unwrap(), config);
        assert!(toml::from_str::<RepresentationConfig>(&format!("{toml}colour = 1\n")).is_err(), "{toml}");
    }
    assert!(toml::from_str::<RepresentationConfig>("name = \"stereo-simple\"").is_err());
}
