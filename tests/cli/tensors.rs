//! `adm export`, `import`, `analyze` and `render`: slices out and back.

use crate::support::{Ran, Sandbox};
use std::fs;

/// A sandbox with the dataset `d` of 40 beats.
fn with_dataset() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120").done();
    sandbox
}

/// A `.npy` file with this dictionary and these values.
fn npy(dictionary: &str, values: &[f32]) -> Vec<u8> {
    let mut header = dictionary.to_owned();
    header.push_str(&" ".repeat((118 - header.len() - 1) % 64));
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// The header's text and the values of a `.npy` file of version 1.0.
fn read_npy(bytes: &[u8]) -> (String, Vec<f32>) {
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let (header, data) = bytes[10..].split_at(usize::from(u16::from_le_bytes([bytes[8], bytes[9]])));
    let values = data.chunks_exact(4).map(|value| f32::from_le_bytes(value.try_into().unwrap()));
    (String::from_utf8(header.to_vec()).unwrap(), values.collect())
}

fn dictionary(dtype: &str, fortran: &str, shape: &str) -> String {
    format!("{{'descr': '{dtype}', 'fortran_order': {fortran}, 'shape': {shape}, }}")
}

const BEAT: &str = "(256, 256, 4)";
const VALUES: usize = 256 * 256 * 4;

#[test]
fn exported_tensors_are_numpy_files_of_the_documented_form() {
    let sandbox = with_dataset();
    assert_eq!(sandbox.adm("export d -o e").done(), "folder  e\nfiles   40\n");
    let (header, values) = read_npy(&sandbox.read("e/000007.npy"));
    assert_eq!(header.trim_end(), dictionary("<f4", "False", BEAT));
    assert_eq!((header.len() + 10) % 64, 0, "NumPy wants the data aligned");
    assert_eq!(values.len(), VALUES);
    assert_eq!(sandbox.adm("export d -o test --split test --json").json()["files"], 3);
}

#[test]
fn what_is_exported_imports_to_the_same_slices() {
    let sandbox = with_dataset();
    for (export, dataset, flags) in [("e", "d2", ""), ("small", "d3", "--bins 128 --frames 200")] {
        sandbox.adm(&format!("export d -o {export} {flags}")).done();
        sandbox.adm(&format!("import {export} -o {dataset}")).done();
        assert!(sandbox.read(&format!("{dataset}/slices.npy")) == sandbox.read("d/slices.npy"), "{dataset}");
    }
}

#[test]
fn wav_slices_analyse_and_render_like_the_dataset() {
    let sandbox = with_dataset();
    sandbox.adm("export d -o w --format wav").done();
    sandbox.adm("export d -o e").done();
    sandbox.adm("analyze w/000007.wav -o t.npy").done();
    assert_eq!(sandbox.read("t.npy"), sandbox.read("e/000007.npy"));
    let text = sandbox.adm("render t.npy -o back.wav --format 16").done();
    assert_eq!(text, "wav     back.wav\nlength  0.46 s (20,354 frames), stereo, 44100 Hz\n");
    assert_eq!(sandbox.read("back.wav"), sandbox.read("w/000007.wav"));
    let text = sandbox.adm("analyze a.wav -o later.npy --start 2").done();
    for line in [
        "tensor      later.npy\n",
        "shape       (256, 256, 4) stereo-complex\n",
        "holds       right real, right imaginary, left real, left imaginary\n",
        "size        6.44 numbers a sample\n",
        "comes back  exactly, ",
        "spectra     FFT of 512, hop of 80, hann window\n",
        "slice       20,354 frames from 2 s, stereo, 44100 Hz\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert_ne!(sandbox.read("later.npy"), sandbox.read("t.npy"));
}

#[test]
fn tensors_of_other_sizes_go_there_and_back() {
    let sandbox = with_dataset();
    for flags in ["--mono", "--bins 64", "--bpm 100 --frames 128", "--sample-rate 22050 --beats-per-slice 2 --mono"] {
        sandbox.adm(&format!("analyze a.wav -o t.npy {flags}")).done();
        sandbox.adm(&format!("render t.npy -o x.wav --format float {flags}")).done();
        sandbox.adm(&format!("analyze x.wav -o u.npy {flags}")).done();
        let values = |name| read_npy(&sandbox.read(name)).1;
        let pairs: Vec<(f32, f32)> = values("t.npy").into_iter().zip(values("u.npy")).collect();
        let error: f32 = pairs.iter().map(|(a, b)| (a - b).powi(2)).sum();
        let energy: f32 = pairs.iter().map(|(a, _)| a * a).sum();
        assert!(energy > 1.0 && error < 1e-10 * energy, "{flags}: {error} of {energy}");
        ["t.npy", "x.wav", "u.npy"].into_iter().for_each(|name| fs::remove_file(sandbox.path(name)).unwrap());
    }
}

#[test]
fn a_recording_that_ends_early_is_padded_and_one_that_ended_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 1.0, 0);
    let ran = sandbox.adm("analyze a.wav -o t.npy --start 0.8");
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(0), "warning: a.wav ends within the slice; the rest is silence\n")
    );
    sandbox
        .adm("analyze a.wav -o u.npy --start 7")
        .failed(1, "error: a.wav lasts 1.00 s and ends before the slice begins\n\nhint: give an earlier --start\n");
    sandbox
        .adm("analyze gone.wav -o u.npy")
        .failed(1, "error: cannot use gone.wav\n  Caused by: gone.wav does not exist\n");
    assert_eq!(sandbox.names(), ["a.wav", "t.npy"]);
}

/// What is wrong with a tensor, and how it is told.
fn bad_tensors() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let good = |shape: &str| npy(&dictionary("<f4", "False", shape), &vec![0.1; VALUES]);
    let mut broken = vec![0.1; VALUES];
    broken[5] = f32::NAN;
    let in_numpy = "in NumPy, save it with np.save(path, np.ascontiguousarray(array";
    vec![
        ("empty", Vec::new(), "bad.npy is not a .npy file: the file ends inside its header", ""),
        (
            "text",
            b"beats beats beats".to_vec(),
            "bad.npy is not a .npy file: it does not start with the magic number of .npy files",
            "",
        ),
        ("shape", good("(256, 4, 256)"), "bad.npy has the shape (256, 4, 256), expected (256, 256, 4)", "SHAPE"),
        (
            "dtype",
            npy(&dictionary("<f8", "False", BEAT), &vec![0.1; 2 * VALUES]),
            "bad.npy holds elements of type <f8, expected <f4",
            in_numpy,
        ),
        (
            "big-endian",
            npy(&dictionary(">f4", "False", BEAT), &vec![0.1; VALUES]),
            "bad.npy holds elements of type >f4, expected <f4",
            in_numpy,
        ),
        (
            "order",
            npy(&dictionary("<f4", "True", BEAT), &vec![0.1; VALUES]),
            "bad.npy is in Fortran order, expected C order",
            in_numpy,
        ),
        ("nan", npy(&dictionary("<f4", "False", BEAT), &broken), "bad.npy holds NaN at element 5", ""),
        ("truncated", good(BEAT)[..5_000].to_vec(), "bad.npy has 5000 bytes, expected 1048704", ""),
    ]
}

#[test]
fn each_bad_tensor_is_told_what_is_wrong() {
    for (fault, bytes, reason, hint) in bad_tensors() {
        let sandbox = Sandbox::new();
        sandbox.write("bad.npy", &bytes);
        let ran = sandbox.adm("render bad.npy -o x.wav");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{fault}");
        let (expected, hint) = match hint {
            "SHAPE" => (
                format!("error: cannot render bad.npy\n  Caused by: {reason}\n"),
                "say what it holds with --bins, --frames and --mono",
            ),
            hint => (format!("error: {reason}\n"), hint),
        };
        assert!(ran.stderr.starts_with(&expected), "{fault}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("\n\nhint: "), !hint.is_empty(), "{fault}: {}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{fault}: {}", ran.stderr);
        assert_eq!(sandbox.names(), ["bad.npy"], "{fault}");
    }
}

#[test]
fn bad_tensors_are_left_out_of_an_import_and_named() {
    let sandbox = with_dataset();
    sandbox.adm("export d -o e").done();
    for (at, (_, bytes, _, _)) in bad_tensors().into_iter().enumerate() {
        sandbox.write(&format!("e/{:06}.npy", 3 * at), &bytes);
    }
    let ran = sandbox.adm("import e -o d2");
    assert_eq!(ran.code, Some(3));
    for (at, (fault, _, reason, _)) in bad_tensors().into_iter().enumerate() {
        let line = format!("warning: left out: {}\n", reason.replace("bad.npy", &format!("e/{:06}.npy", 3 * at)));
        assert!(ran.stderr.contains(&line), "{fault}: {}", ran.stderr);
    }
    assert!(ran.stdout.contains("slices      32 of 1 beat"), "{}", ran.stdout);
    assert!(ran.stdout.contains("left out    8 rejected"), "{}", ran.stdout);
}

#[test]
fn imports_that_cannot_be_done_leave_nothing() {
    let sandbox = Sandbox::new();
    let beat = npy(&dictionary("<f4", "False", BEAT), &vec![0.1; VALUES]);
    sandbox.write("t/0.npy", &beat);
    sandbox.write("bad/0.npy", b"no");
    fs::create_dir(sandbox.path("none")).unwrap();
    let flags = "--bpm 130 --sample-rate 44100";
    let failed = |words: String, stderr: &str| sandbox.adm(&words).failed(1, stderr);
    failed(
        "import t -o d".to_owned(),
        "error: the sample rate of the tensors in t is not known: there is no export.json beside them\n\n\
         hint: give both with --bpm 130 and --sample-rate 44100\n",
    );
    failed(format!("import none -o d {flags}"), "error: none holds no .npy file\n");
    failed(
        format!("import gone -o d {flags}"),
        "error: cannot read gone\n  Caused by: No such file or directory (os error 2)\n",
    );
    failed(
        format!("import bad -o d {flags}"),
        "error: bad/0.npy is not a .npy file: the file ends inside its header\n",
    );
    failed(
        format!("import t -o bad {flags}"),
        "error: bad exists\n\nhint: choose another place with -o, or delete it first\n",
    );
    assert_eq!(sandbox.names(), ["bad", "none", "t"]);
    sandbox.adm(&format!("import t -o d {flags}")).done();
}

#[test]
fn exports_that_cannot_be_done_leave_nothing() {
    let sandbox = with_dataset();
    sandbox.write("file", b"precious");
    for output in ["file", "d"] {
        let expected = format!("error: {output} exists\n\nhint: choose another place with -o, or delete it first\n");
        sandbox.adm(&format!("export d -o {output}")).failed(1, &expected);
    }
    sandbox.adm("export gone -o e").failed(
        1,
        "error: cannot read gone/dataset.json\n  Caused by: No such file or directory (os error 2)\n\n\
         hint: make a dataset with adm prepare INPUT -o DATASET\n",
    );
    sandbox.adm("export d -o e --bins 16").failed(
        1,
        "error: cannot make tensors of the slices\n  \
         Caused by: a slice of 20354 frames at 44100 Hz in 256 spectra takes a hop of 80, \
         and 16 bins can be inverted well only up to a hop of 26\n\nhint: use --frames 784 or --bins 50\n",
    );
    assert_eq!(sandbox.names(), ["a.wav", "d", "file"]);
}

#[test]
fn single_outputs_that_exist_stay_as_they_are() {
    let sandbox = with_dataset();
    sandbox.adm("analyze a.wav -o t.npy").done();
    sandbox.write("x", b"precious");
    for words in ["analyze a.wav -o x", "render t.npy -o x", "grid a.wav -o x", "inspect a.wav --plot x"] {
        let expected = "error: x exists\n\nhint: choose another place, or delete it first\n";
        sandbox.adm(words).failed(1, expected);
    }
    assert_eq!(sandbox.read("x"), b"precious");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_no_half_written_file() {
    let sandbox = with_dataset();
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    for (words, path) in [("analyze a.wav -o t.npy", "t.npy"), ("export d -o e --format wav", "e/")] {
        let mut command = sandbox.in_folder(std::process::Command::new("sh"));
        command.args(["-c", script, env!("CARGO_BIN_EXE_adm")]).args(words.split(' '));
        let ran = Ran::from(command.output().unwrap());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{words}");
        assert!(ran.stderr.contains("Caused by: File too large (os error 27)\n"), "{words}: {}", ran.stderr);
        assert!(ran.stderr.contains("\nhint: free some space"), "{words}: {}", ran.stderr);
        assert!(!sandbox.path(path).exists(), "{words}");
        assert_eq!(sandbox.names(), ["a.wav", "d"], "{words}");
    }
}

#[test]
fn every_representation_goes_there_and_back() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 6.0, 0);
    for (form, name, shape, exact) in [
        ("log-frequency", "log-frequency", [256, 256, 4], true),
        ("exponential,iterations=1", "exponential", [256, 256, 4], false),
        ("mag-if", "mag-if", [256, 256, 4], false),
        ("magnitude,bins=512", "magnitude", [512, 128, 2], false),
        ("mel", "mel", [128, 128, 2], false),
        ("waveform", "waveform", [1, 20354, 2], true),
        ("log-mel,stereo=left-right", "log-mel", [128, 128, 2], false),
    ] {
        let analyzed = sandbox.adm(&format!("analyze a.wav -o t.npy --start 1 --json --representation {form}")).json();
        assert_eq!(analyzed["representation"], name);
        assert_eq!(analyzed["shape"], serde_json::json!(shape), "{form}");
        assert_eq!(analyzed["exact"], exact, "{form}");
        // Where nothing is lost there is no number.
        let snr = analyzed["round_trip"]["snr_db"].as_f64().unwrap_or(f64::INFINITY);
        assert!(!exact || snr > 100.0, "{form}: {snr}");
        let rendered = sandbox.adm(&format!("render t.npy -o x.wav --json --representation {form}")).json();
        let (here, there) = (&analyzed["round_trip"]["convergence_db"], &rendered["convergence_db"]);
        assert_eq!(here, there, "{form}");
        for file in ["t.npy", "x.wav"] {
            std::fs::remove_file(sandbox.path(file)).unwrap();
        }
    }
}

#[test]
fn phases_are_found_as_wanted_and_by_the_seed() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 6.0, 0);
    sandbox.adm("analyze a.wav -o t.npy --representation magnitude,bins=512").done();
    let render = |name: &str, flags: &str| {
        let words = format!("render t.npy -o {name}.wav --json --representation magnitude,bins=512 {flags}");
        let json = sandbox.adm(&words).json();
        (json["phase"].as_str().unwrap().to_owned(), json["convergence_db"].as_f64().unwrap())
    };
    let mut convergences = Vec::new();
    for phase in ["auto", "pghi", "griffin-lim", "fast-griffin-lim", "random", "slaney"] {
        let (method, db) = render(phase, &format!("--phase {phase}"));
        assert_eq!(method, phase);
        convergences.push(db);
    }
    assert!(convergences[0] < convergences[4], "auto is nearer than random: {convergences:?}");
    render("again", "--phase random");
    render("other", "--phase random --seed 5");
    assert!(sandbox.read("random.wav") == sandbox.read("again.wav"));
    assert!(sandbox.read("random.wav") != sandbox.read("other.wav"));
    let text = sandbox.adm("render t.npy -o said.wav --representation magnitude,bins=512").done();
    assert!(text.contains("phases  auto: spectral convergence -"), "{text}");
    sandbox.adm("analyze a.wav -o c.npy").done();
    sandbox.adm("render c.npy -o c.wav --phase pghi").failed(
        2,
        "error: stereo-complex tensors hold their phases, so there are none to find\n\n\
         hint: leave out --phase, or say with --representation what the tensor holds\n",
    );
}

#[test]
fn exports_of_any_form_say_what_they_are_and_import() {
    let sandbox = with_dataset();
    sandbox.adm("export d -o e --representation log-frequency").done();
    sandbox.adm("import e -o d2").done();
    assert!(sandbox.read("d2/slices.npy") == sandbox.read("d/slices.npy"));
    let text = sandbox.adm("inspect e").done();
    assert!(text.contains("log-frequency tensors of 256 bins and 256 frames\n"), "{text}");
    assert!(text.contains("comes back  exactly, 1"), "{text}");
    sandbox.adm("render e/000003.npy -o x.wav").done();
    let ran = sandbox.adm("export d -o f --representation log-frequency,colour=1");
    assert!(ran.code == Some(2) && ran.stderr.contains("unknown field `colour`"), "{}", ran.stderr);
}
