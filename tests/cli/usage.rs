//! Command lines that make no sense: exit code 2, the reason, and what would do.

use crate::support::Sandbox;

/// What clap adds to its own errors.
const MORE: &str = "\n\nFor more information, try '--help'.\n";

#[test]
fn absurd_numbers_are_refused_with_the_allowed_range() {
    let sandbox = Sandbox::new();
    let tempo = "the tempo in BPM must be between 20 and 400, got";
    let rate = "the sample rate in Hz must be a whole number between 1000 and 768000, got";
    for (flag, value, reason) in [
        ("--bpm <auto|N>", "0", format!("{tempo} 0")),
        ("--bpm <auto|N>", "-5", format!("{tempo} -5")),
        ("--bpm <auto|N>", "NaN", format!("{tempo} NaN")),
        ("--bpm <auto|N>", "inf", format!("{tempo} inf")),
        ("--bpm <auto|N>", "1e9", format!("{tempo} 1000000000")),
        ("--bpm <auto|N>", "fast", "expected a number".to_owned()),
        ("--target-bpm <N>", "0", format!("{tempo} 0")),
        ("--sample-rate <HZ>", "12", format!("{rate} 12")),
        ("--sample-rate <HZ>", "44100.5", format!("{rate} 44100.5")),
        ("--beats-per-slice <N>", "0", "it must be a whole number between 1 and 400".to_owned()),
        ("--beats-per-slice <N>", "-1", "it must be a whole number between 1 and 400".to_owned()),
        ("--jobs <N>", "0", "it must be a whole number between 1 and 1024".to_owned()),
        ("--threads <N>", "0", "it must be a whole number between 1 and 1024".to_owned()),
        ("--offset <SECONDS>", "soon", "expected a number".to_owned()),
    ] {
        let name = flag.split(' ').next().unwrap();
        let expected = format!("error: invalid value '{value}' for '{flag}': {reason}{MORE}");
        sandbox.adm(&format!("prepare x.wav -o d {name} {value}")).failed(2, &expected);
    }
}

#[test]
fn settings_out_of_range_are_refused_before_anything_is_read() {
    let sandbox = Sandbox::new();
    let window = "the window must be from two frames to 60 seconds long, got";
    let hop = "the hop must be from two frames to an hour long, got";
    let offset = "the offset must be a time in seconds, got";
    for (flags, reason, hint) in [
        ("--window 0 --hop 1", format!("{window} 0"), "--window 4.05"),
        ("--window NaN --hop 1", format!("{window} NaN"), "--window 4.05"),
        ("--window 61 --hop 1", format!("{window} 61"), "--window 4.05"),
        ("--window 1 --hop -1", format!("{hop} -1"), "--hop 0.13655"),
        ("--window 1 --hop 0", format!("{hop} 0"), "--hop 0.13655"),
        ("--bpm 120 --offset NaN", format!("{offset} NaN"), "for example --offset 0.5"),
        ("--bpm 120 --offset=-inf", format!("{offset} -inf"), "for example --offset 0.5"),
        (
            "--offset 1",
            "the first beat cannot be given where the tempo is to be found".to_owned(),
            "give the tempo too with --bpm N, or leave out --offset",
        ),
        (
            "--beats-per-slice 400",
            "a slice must be 60 seconds long at most, got 400 beats at 130 BPM".to_owned(),
            "--beats-per-slice 1",
        ),
    ] {
        let expected = format!("error: {reason}\n\nhint: {hint}\n");
        sandbox.adm(&format!("prepare x.wav -o d {flags}")).failed(2, &expected);
    }
    assert!(sandbox.names().is_empty());
}

#[test]
fn flags_that_need_or_exclude_each_other_say_so() {
    let sandbox = Sandbox::new();
    let ran = sandbox.adm("prepare x.wav -o d --window 4");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: the following required arguments were not provided:\n  --hop <SECONDS>\n"));
    let ran = sandbox.adm("prepare x.wav -o d --window 4 --hop 1 --bpm 120");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: the argument '--window <SECONDS>' cannot be used with '--bpm <auto|N>'\n"));
    let ran = sandbox.adm("prepare -o d");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: the following required arguments were not provided:\n  <INPUT>...\n"));
    sandbox.adm("export d -o e --format wav --bins 64").failed(
        2,
        "error: WAV files hold slices and no tensors\n\n\
         hint: leave out --representation, --bins and --frames, or use --format npy\n",
    );
    sandbox
        .adm("analyze x.wav -o t.npy --start -1")
        .failed(2, "error: the start must be a time in seconds from 0, got -1\n\nhint: for example --start 30\n");
    sandbox.adm("analyze x.wav -o t.npy --beats-per-slice 8").failed(
        2,
        "error: a slice of 162831 frames at 44100 Hz in 256 spectra takes a hop of 639, \
         and 256 bins can be inverted well only up to a hop of 424\n\nhint: use --frames 386 or --bins 400\n",
    );
}

#[test]
fn misspelt_verbs_and_devices_name_what_there_is() {
    let sandbox = Sandbox::new();
    let ran = sandbox.adm("prepair x.wav");
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.stderr
            .starts_with("error: unrecognized subcommand 'prepair'\n\n  tip: a similar subcommand exists: 'prepare'")
    );
    sandbox.adm("devices --device tpu").failed(
        2,
        "error: \"tpu\" is not a device\n\nhint: use --device auto, cpu, gpu or gpu:N; `adm devices` lists what there is\n",
    );
}

#[test]
fn help_and_version_are_results() {
    let sandbox = Sandbox::new();
    let help = sandbox.adm("--help").done();
    for verb in ["devices", "plan", "prepare", "grid", "export", "import", "analyze", "render", "inspect"] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb} is not in the help");
        assert!(sandbox.adm(&format!("{verb} --help")).done().contains("Usage: adm "), "{verb}");
    }
    assert_eq!(sandbox.adm("--version").done(), format!("adm {}\n", env!("CARGO_PKG_VERSION")));
    let bare = sandbox.adm("");
    assert_eq!((bare.code, bare.stdout.as_str()), (Some(2), ""));
    assert!(bare.stderr.contains("Usage: adm "));
}
