//! `adm tokenize`, `train sequencer`, and `generate` with a sequencer, on networks that know nothing: what is tested is that
//! lengths, files, sections and refusals are right, not how generated beats sound.

use crate::support::{Samples, Sandbox};
use crate::trained::{CPU, SMALL_GAN, SMALL_SEQUENCER, generate, number, pattern, tokenized, trained};
use std::fs;

#[test]
fn a_dataset_becomes_a_book_that_can_be_seen_and_used_again() {
    let sandbox = tokenized();
    let found = sandbox.adm("inspect d/tokens --json --page page --plot order.png -q").json();
    assert_eq!((&found["kind"], &found["beats"], &found["levels"]), (&"token book".into(), &160.into(), &2.into()));
    let tokens = number(&found["tokens"]);
    assert!((4..=60).contains(&tokens), "{tokens} tokens");
    let page = String::from_utf8(sandbox.read("page/index.html")).unwrap();
    assert_eq!(page.matches("<audio").count() as u64, tokens.min(60));
    assert!(sandbox.read("order.png").starts_with(b"\x89PNG"));
    assert!(sandbox.adm("inspect d/tokens/book.json").done().starts_with("book"));
    // The same beats with the same book are the same tokens, on any number of threads.
    sandbox.adm("tokenize d --book d -o again --threads 1").done();
    let transcript = |name: &str| {
        let text: serde_json::Value = serde_json::from_slice(&sandbox.read(name)).unwrap();
        text["tokens"].clone()
    };
    sandbox.adm("tokenize d -o fresh --threads 1").done();
    assert_eq!(transcript("fresh/transcript.json"), transcript("d/tokens/transcript.json"));
    let one = sandbox.adm("tokenize d -o one --levels 1 --json").json();
    assert_eq!(one["tokens"], one["classes"], "at one level every token is its class");
    let strict = sandbox.adm("tokenize d -o strict --threshold 0.05 --json").json();
    assert!(number(&strict["tokens"]) > tokens, "less is alike at a smaller threshold");
}

#[test]
fn tokens_that_cannot_be_taken_are_refused() {
    let sandbox = tokenized();
    sandbox.adm("tokenize d").failed(1, "error: d/tokens exists\n\nhint: choose another place, or delete it first\n");
    sandbox
        .adm("tokenize d -o x --threshold 1.5")
        .failed(2, "error: a threshold must be between 0 and 1, got 1.5\n\nhint: --threshold 0.3\n");
    sandbox
        .adm("tokenize d -o x --threshold fft=0.2 --threshold fft=0.3")
        .failed(2, "error: --threshold is given twice for fft\n\nhint: leave one of them out\n");
    sandbox.adm("tokenize d -o x --levels 1 --threshold onsets=0.1").failed(
        2,
        "error: --threshold onsets=0.1 means nothing with --levels 1, which compares by fft alone\n\nhint: leave it out, or \
         use --levels 2\n",
    );
    sandbox.adm("tokenize d -o x --threshold fftt=0.2").failed(
        2,
        "error: there is no measure \"fftt\"\n\nhint: the measures are fft, stft, fundamentals, flatness, tuning, onsets, \
         level\n",
    );
    let mut bytes = sandbox.read("d/tokens/book.json");
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    sandbox.write("d/tokens/book.json", &bytes);
    let damaged = sandbox.adm(&format!("train sequencer --data d --run seq --steps 2 {SMALL_SEQUENCER}"));
    assert!(damaged.stderr.starts_with("error: d/tokens/book.json is not a usable token book: "), "{damaged:?}");
    assert!(damaged.stderr.ends_with("\n\nhint: make the book again with adm tokenize\n"), "{damaged:?}");
    assert!(!sandbox.path("seq").exists());
}

#[test]
fn runs_that_were_tampered_with_are_refused() {
    let sandbox = trained();
    let config = String::from_utf8(sandbox.read("seq/config.toml")).unwrap();
    let (start, classes) = config.split_once("class_of = [").unwrap();
    let other = classes.replacen('1', "0", 1);
    assert_ne!(classes, other);
    sandbox.write("seq/config.toml", format!("{start}class_of = [{other}").as_bytes());
    sandbox.adm(&format!("generate --run seq -o x.wav {CPU}")).failed(
        1,
        "error: the classes of tokens in the configuration of seq are not those of its token book\n\nhint: its config.toml was \
         edited: put it back as it was, or train it again with adm train sequencer\n",
    );
    sandbox.write("seq/config.toml", config.as_bytes());
    for folder in fs::read_dir(sandbox.path("seq/checkpoints")).unwrap() {
        fs::write(folder.unwrap().path().join("sequencer.safetensors"), b"nothing").unwrap();
    }
    let lost = sandbox.adm(&format!("generate --run seq -o x.wav {CPU}"));
    assert!(lost.stderr.starts_with("error: seq holds no usable checkpoint\n  Caused by: "), "{lost:?}");
    assert!(lost.stderr.contains("sequencer.safetensors is damaged: its content has changed"), "{lost:?}");
    let crossed = sandbox.adm(&format!("train gan --run seq --resume {CPU}"));
    assert!(
        crossed
            .stderr
            .starts_with("error: seq is a run of the family sequencer, where one of the family gan is needed"),
        "{crossed:?}"
    );
}

#[test]
fn what_has_no_order_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.recording("a.wav", 20.0, 0);
    sandbox.adm("prepare a.wav -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    sandbox
        .adm(&format!("train sequencer --data d --run s {SMALL_SEQUENCER}"))
        .failed(1, "error: d has no tokens to learn from\n\nhint: make its tokens first: adm tokenize d\n");
    sandbox.adm("tokenize d --threshold 1").done();
    let refused = sandbox.adm(&format!("train sequencer --data d --run s {SMALL_SEQUENCER}"));
    assert!(refused.stderr.contains("beats of 1 different tokens"), "{refused:?}");
    assert!(!sandbox.path("s").exists(), "nothing is begun that cannot be");
}

#[test]
fn a_sequencer_resumes_bit_exactly_and_keeps_its_book() {
    let sandbox = trained();
    sandbox.adm(&format!("train sequencer --data d --run halves --steps 10 {SMALL_SEQUENCER}")).done();
    sandbox.adm(&format!("train sequencer --run halves --resume --steps 20 {CPU}")).done();
    let weights = |run: &str| sandbox.read(&format!("{run}/checkpoints/step-00000020/sequencer.safetensors"));
    assert!(weights("halves") == weights("seq"));
    let inspected = sandbox.adm("inspect seq --json").json();
    assert_eq!(inspected["kind"], "run");
    assert!(sandbox.adm("inspect seq").done().contains("\nmodel        sequencer: "));
    // Without its dataset a run still plays, but not the dataset's beats.
    std::fs::rename(sandbox.path("d"), sandbox.path("elsewhere")).unwrap();
    generate(&sandbox, "a", "--bars 2");
    let lost = sandbox.adm(&format!("generate --run seq -o b.wav {CPU}"));
    assert!(lost.stderr.ends_with("\n\nhint: if it has moved, give its place with --data\n"), "{lost:?}");
    sandbox.adm(&format!("generate --run seq -o b.wav --data elsewhere {CPU}")).done();
}

#[test]
fn beats_are_played_as_they_are_asked_for() {
    let sandbox = trained();
    let made = generate(&sandbox, "a", "--bars 16 --bpm 123.456");
    let frames = (64.0f64 * 60.0 / 123.456 * 44_100.0).round() as u64;
    assert_eq!((number(&made["beats"]), number(&made["frames"])), (64, frames));
    let order = &made["order"];
    assert_eq!(number(&order["beats"]), 64);
    assert_eq!((number(&order["bank"]["tried"]), number(&order["recorded"])), (1_024, 0));
    let recorded = generate(&sandbox, "b", "--bars 8 --source dataset");
    assert_eq!((number(&recorded["order"]["recorded"]), number(&recorded["order"]["recognised"])), (32, 32));
    let both = generate(&sandbox, "c", "--bars 64 --source mix:0.5 --budget 64");
    let share = number(&both["order"]["recorded"]) as f64 / 256.0;
    assert!((0.1..0.9).contains(&share), "{share} of the beats are recorded");
}

#[test]
fn the_same_seed_gives_the_same_music_with_a_sequencer() {
    let sandbox = trained();
    for (name, flags) in [
        ("one", ""),
        ("two", "--threads 1"),
        ("seeded", "--seed 7"),
        ("cold", "--temperature 0"),
        ("from", "--from 0:20"),
        ("morphed", "--morph 0:9"),
        ("formed", "--form drop:1,break:1"),
    ] {
        generate(&sandbox, name, &format!("--bars 2 --budget 64 --format 16 {flags}"));
    }
    let read = |name: &str| sandbox.read(&format!("{name}.wav"));
    assert!(read("one") == read("two"));
    for other in ["seeded", "cold", "from", "morphed", "formed"] {
        assert!(read("one") != read(other), "{other}");
    }
}

#[test]
fn a_form_is_the_length_and_stands_in_the_files_beside_the_music() {
    let sandbox = trained();
    let flags = "--form intro:2,drop:4,outro:2 --midi a.mid --cue a.cue --stems --loop --format float --budget 64";
    let made = generate(&sandbox, "a", flags);
    assert_eq!(number(&made["beats"]), 32);
    let cue = String::from_utf8(sandbox.read("a.cue")).unwrap();
    let titles: Vec<&str> = cue.lines().filter_map(|line| line.strip_prefix("    TITLE ")).collect();
    assert_eq!(titles, ["\"intro\"", "\"drop\"", "\"outro\""]);
    assert!(cue.contains("INDEX 01 00:04:00"), "eight beats at 120 BPM\n{cue}");
    assert!(sandbox.read("a.mid").starts_with(b"MThd"));
    let stems: Vec<String> = sandbox.names().into_iter().filter(|name| name.starts_with("a.class-")).collect();
    assert!(stems.len() >= 2, "{stems:?}");
    for stem in &stems {
        let reader = hound::WavReader::open(sandbox.path(stem)).unwrap();
        assert_eq!(u64::from(reader.duration()), number(&made["frames"]), "{stem}");
    }
}

#[test]
fn sections_sound_as_they_do_in_the_recording() {
    let sandbox = tokenized();
    sandbox.adm(&format!("train sequencer --data d --run seq --steps 20 {SMALL_SEQUENCER}")).done();
    sandbox.adm(&format!("generate --run seq -o a.wav --form drop:8,break:8,drop:8 --format float -q {CPU}")).done();
    let samples: Vec<f32> =
        hound::WavReader::open(sandbox.path("a.wav")).unwrap().samples::<f32>().map(Result::unwrap).collect();
    // Every second beat is a kick, which decays, or bass alone, which does not.
    let decay = |beats: std::ops::Range<usize>| {
        let beat = samples.len() / 96;
        let power = |from: usize| samples[from..from + beat / 4].iter().map(|x| x * x).sum::<f32>();
        let [early, late] =
            [0, beat * 2 / 3].map(|at| beats.clone().step_by(2).map(|n| power(n * beat + at)).sum::<f32>());
        early / late
    };
    let [drop, pause, again] = [decay(0..32), decay(32..64), decay(64..96)];
    assert!(drop > 3.0 * pause && again > 3.0 * pause, "drop {drop}, break {pause}, drop {again}");
}

#[test]
fn a_region_is_of_one_recording() {
    let sandbox = Sandbox::new();
    sandbox.wav("sets/a.wav", 2, &pattern(24), Samples::Pcm16);
    sandbox.wav("sets/b.wav", 2, &pattern(20)[22_050 * 8..], Samples::Pcm16);
    sandbox.adm("prepare sets -o d --bpm 120 --target-bpm 120 --sample-rate 8000").done();
    sandbox.adm("tokenize d").done();
    sandbox.adm(&format!("train sequencer --data d --run seq --steps 2 {SMALL_SEQUENCER}")).done();
    let from = |name: &str, place: &str| sandbox.adm(&format!("generate --run seq -o {name}.wav --from {place} {CPU}"));
    from("x", "0:10").failed(
        1,
        "error: 0:10.000 may be in any of 2 recordings: sets/a.wav, sets/b.wav\n\nhint: name one of them, as in --from \
         set.wav@1:30\n",
    );
    from("a", "a.wav@0:10").done();
    from("b", "sets/b.wav@0:10").done();
    assert!(from("y", "wav@0:10").code == Some(1) && from("z", "b.wav@0:00").code == Some(1));
}

#[test]
fn slices_of_several_beats_keep_their_bars() {
    let sandbox = Sandbox::new();
    sandbox.wav("set.wav", 2, &pattern(40), Samples::Pcm16);
    for (beats, name) in [(2, "two"), (8, "eight")] {
        let slices = format!("--bpm 120 --target-bpm 120 --sample-rate 8000 --beats-per-slice {beats}");
        sandbox.adm(&format!("prepare set.wav -o {name} {slices}")).done();
        sandbox.adm(&format!("tokenize {name} --threshold 0.2")).done();
        sandbox.adm(&format!("train sequencer --data {name} --run {name}-seq --steps 2 {SMALL_SEQUENCER}")).done();
        let flags = format!("--form intro:4,drop:4 --cue {name}.cue --json {CPU}");
        let made = sandbox.adm(&format!("generate --run {name}-seq -o {name}.wav {flags}")).json();
        assert_eq!(number(&made["frames"]), 32 * 22_050, "{name}");
        let cue = String::from_utf8(sandbox.read(&format!("{name}.cue"))).unwrap();
        assert!(cue.contains("\"drop\"\n    INDEX 01 00:08:00"), "{name}: {cue}");
    }
}

#[test]
fn what_cannot_be_played_is_refused() {
    let sandbox = trained();
    let refused = |flags: &str| sandbox.adm(&format!("generate -o x.wav {CPU} {flags}"));
    refused("--run gan --run seq --form intro:2,groove:4").failed(
        2,
        "error: the form \"intro:2,groove:4\" cannot be read: there is no section \"groove\"; known are intro, build, drop, \
         break, outro\n\nhint: give sections and bars, as in --form intro:8,drop:16\n",
    );
    refused("--run gan --run seq --bpm 300").failed(
        1,
        "error: 300 BPM is outside of what beats of 120 BPM can play: 60 to 240\n\nhint: give --bpm a value between 60 and \
         240\n",
    );
    refused("--run seq --source generated").failed(
        1,
        "error: there is no generator to play generated beats\n\nhint: name one with --run GAN, or play the recorded beats \
         with --source dataset\n",
    );
    refused("--run gan --run gan").failed(
        1,
        "error: gan and gan are both runs of a generator\n\nhint: give --run once for a generator and once for a \
         sequencer\n",
    );
    refused("--run gan --form drop:2").failed(
        1,
        "error: --form means nothing without a sequencer\n\nhint: add a sequencer's run with --run, or leave out --form\n",
    );
    refused("--run seq --morph 1:2").failed(
        1,
        "error: --morph means nothing where only recorded beats play\n\nhint: leave out --morph, or name a generator's run \
         with --run and let it play with --source mix:0.5\n",
    );
    for flags in ["--run seq --budget 9", "--run gan --run seq --source dataset --truncation 0.5"] {
        let refused = refused(flags);
        assert!(refused.stderr.contains("means nothing where only recorded beats play"), "{flags}: {refused:?}");
        assert_eq!(refused.code, Some(1), "{flags}");
    }
    refused("--run seq --from 9:00").failed(
        1,
        "error: 9:00.000 is past the end of set.wav, which lasts 1:20.000\n\nhint: give --from an earlier time\n",
    );
    refused("--run seq --from nosuch.wav@0:10").failed(
        1,
        "error: there is no recording nosuch.wav in the dataset; it has set.wav\n\nhint: name one of them, as in --from \
         set.wav@1:30\n",
    );
    refused("--run seq --from 0:00")
        .failed(1, "error: there is no whole bar before 0:00.000 to go on from\n\nhint: give --from a later time\n");
    sandbox
        .adm(&format!("generate --run gan -o x.mp3 {CPU}"))
        .failed(2, "error: -o writes a WAV file, and x.mp3 does not end in .wav\n\nhint: name it -o x.wav\n");
    let elsewhere = refused("--run gan --run seq --data nowhere");
    assert!(elsewhere.stderr.starts_with("error: cannot open the dataset nowhere"), "{elsewhere:?}");
    for flags in
        ["--run gan --temperature 5", "--run gan --top-p 0", "--run gan --morph-bars 3", "--run gan --source x"]
    {
        assert_eq!(refused(flags).code, Some(2), "{flags}");
    }
    let twice = "give -o, --midi and --cue a place each\n";
    refused("--run gan --run seq --midi x.wav")
        .failed(1, &format!("error: x.wav would be written twice\n\nhint: {twice}"));
    let many = "drop:1,break:1,".repeat(60) + "drop:1";
    refused(&format!("--run gan --run seq --form {many} --cue x.cue")).failed(
        1,
        "error: the number of sections in a cue sheet must be from 1 to 99, got 121\n\nhint: give --form fewer \
         sections, or leave out --cue\n",
    );
    let long = refused("--run gan --bars 100000");
    assert!(long.stderr.ends_with("\n\nhint: ask for less with --seconds, or for 16 bits\n"), "{long:?}");
    let nowhere = refused("--run gan --bars 1 --midi d/dataset.json/x.mid");
    assert!(nowhere.stderr.starts_with("error: cannot write d/dataset.json/x.mid\n"), "{nowhere:?}");
    assert!(!sandbox.path("x.wav").exists());
}

#[test]
fn runs_of_other_beats_do_not_play_together() {
    let sandbox = trained();
    sandbox.adm("prepare set.wav -o other --bpm 120 --target-bpm 150 --sample-rate 8000").done();
    sandbox.adm(&format!("train gan --data other --run wide --steps 2 {SMALL_GAN}")).done();
    let refused = sandbox.adm(&format!("generate --run wide --run seq -o x.wav {CPU}"));
    assert!(refused.stderr.starts_with("error: the generator's slice length is 3200 frames, the token book's 4000 "));
    // A conditional generator was told of one book's tokens.
    let conditional = SMALL_GAN.replace("--config complex", "--config conditional");
    let unlabelled = sandbox.adm(&format!("train gan --data other --run told --steps 2 {conditional}"));
    assert!(unlabelled.stderr.contains("hint: ") && unlabelled.stderr.contains("adm tokenize"), "{unlabelled:?}");
    sandbox.adm(&format!("train gan --data d --run told --steps 2 {conditional}")).done();
    let made = sandbox.adm(&format!("generate --run told --run seq -o a.wav --bars 2 --json {CPU}")).json();
    assert!(made["order"]["bank"].is_null(), "it needs no bank: {made}");
    sandbox.adm(&format!("generate --run told -o alone.wav --bars 2 {CPU}")).done();
    sandbox.adm("tokenize d -o coarse --threshold 0.6").done();
    sandbox.adm(&format!("train sequencer --data coarse --run coarsely --steps 2 {SMALL_SEQUENCER}")).done();
    let refused = sandbox.adm(&format!("generate --run told --run coarsely -o x.wav {CPU}"));
    assert!(refused.stderr.starts_with("error: the generator's token book is "), "{refused:?}");
}
