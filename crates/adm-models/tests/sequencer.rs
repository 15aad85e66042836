//! Every sequencer preset, shrunk: learns, resumes bit-exactly, remembers step by step what it sees at once, and goes on.
#![allow(clippy::unwrap_used, reason = "a failed assertion is what a test is for")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adm_core::{Seeds, Silent};
use adm_dataset::Split;
use adm_models::ModelError;
use adm_models::nn::Gaussian;
use adm_models::sequencer::{
    Composer, Corpus, Foretold, Network, PRESETS, Passage, SamplingSettings, SequencerConfig, SequencerTrainee,
    TokenStream, load,
};
use adm_train::{Budget, Ended, RunDir, Schedule, Summary, train};
use burn::tensor::Device;

/// A bar of 0 1 2 1 three times and one that ends in 3 4, over and over, of two classes; the last part is held out.
fn corpus() -> Corpus {
    let fill = |at: usize| if at / 4 % 4 == 3 && at % 4 > 1 { [3, 4][at % 2] } else { [0, 1, 2, 1][at % 4] };
    let mut passage = Passage::of(Split::Train, (0..480).map(fill).collect());
    passage.splits[400..].fill(Some(Split::Validation));
    Corpus::new(vec![0, 0, 0, 1, 1], vec![passage]).unwrap()
}

fn shrunk(name: &str, more: &[&str]) -> SequencerConfig {
    let network = match load(name, &[]).unwrap().network {
        adm_models::sequencer::BodyConfig::Lstm { .. } => vec!["network.hidden=24"],
        adm_models::sequencer::BodyConfig::Clockwork { .. } => {
            vec!["network.beat=16", "network.bar=12", "network.phrase=8"]
        }
        adm_models::sequencer::BodyConfig::Transformer { .. } => {
            vec!["network.width=16", "network.heads=2", "network.layers=2"]
        }
    };
    let all = ["seed=3", "input.width=12", "training.batch=6", "training.time_steps=32"];
    let settings: Vec<String> = all.iter().chain(&network).chain(more).map(|&text| text.to_owned()).collect();
    load(name, &settings).unwrap()
}

const SCHEDULE: Schedule =
    Schedule { log_every: 1, checkpoint_every: 2, preview_every: 0, judge_every: 2, patience: 0, keep: 2 };

fn train_to(steps: u64, config: &SequencerConfig, root: &Path, schedule: &Schedule) -> Summary {
    let mut trainee = SequencerTrainee::new(config.clone(), corpus(), "book", &Device::flex()).unwrap();
    let run = match RunDir::open(root) {
        Ok(run) => run,
        Err(_) => RunDir::create(root, &trainee.resolved_config().unwrap(), "{}").unwrap(),
    };
    let budget = Budget { steps: Some(steps), minutes: None };
    let windows = trainee.windows();
    train(&mut trainee, |first| Ok(windows.starting_at(first)), &run, schedule, budget, &Silent).unwrap()
}

fn weights(root: &Path, step: u64) -> Vec<Vec<u8>> {
    let folder = root.join(format!("checkpoints/step-{step:08}"));
    ["sequencer.safetensors", "sequencer-adam.safetensors"].map(|file| fs::read(folder.join(file)).unwrap()).into()
}

/// Where a preset counts, its counts and their share.
fn counted(root: &Path, step: u64) -> Option<Vec<u8>> {
    fs::read(root.join(format!("checkpoints/step-{step:08}/counting.json"))).ok()
}

fn stream(root: &Path) -> TokenStream {
    let composer = Composer::open(&RunDir::open(root).unwrap(), &Device::flex()).unwrap();
    TokenStream::new(Arc::new(composer), Seeds::new(1))
}

#[test]
fn every_preset_resumes_bit_exactly_and_goes_on_by_its_seed() {
    let folder = tempfile::tempdir().unwrap();
    for (name, _) in PRESETS {
        let config = shrunk(name, &[]);
        let (straight, broken) = (folder.path().join(format!("{name}-a")), folder.path().join(format!("{name}-b")));
        train_to(4, &config, &straight, &SCHEDULE);
        train_to(2, &config, &broken, &SCHEDULE);
        train_to(4, &config, &broken, &SCHEDULE);
        assert!(weights(&straight, 4) == weights(&broken, 4), "{name}: 2 + 2 steps differ from 4");
        assert_eq!(counted(&straight, 4).is_some(), config.counting.longest > 0, "{name}");
        assert!(counted(&straight, 4) == counted(&broken, 4), "{name}: 2 + 2 steps count otherwise than 4");
        let settings = SamplingSettings::default();
        let sequence = |mut stream: TokenStream| (0..40).map(|_| stream.next(&settings, None)).collect::<Vec<_>>();
        let tokens = sequence(stream(&straight));
        assert_eq!(tokens, sequence(stream(&broken)), "{name}");
        let mut other = stream(&straight);
        other.reseed(Seeds::new(2));
        assert_ne!(tokens, sequence(other), "{name}: another seed is another sequence");
    }
}

/// What is remembered must not depend on how many beats are taken at once.
#[test]
fn step_by_step_is_all_at_once() {
    // Sums of a few dozen values in 32 bits, taken in another order, through a few layers.
    const TOLERANCE: f32 = 1e-4;
    let device = Device::flex();
    let corpus = corpus();
    let tokens = &corpus.passages()[0].tokens[..30];
    for (name, _) in PRESETS {
        let config = shrunk(name, &[]);
        let mut init = Gaussian::new(Seeds::new(9), "test", &device);
        let network = Network::init(&config, corpus.class_of(), &mut init);
        for clock in [0, 5] {
            let (at_once, _) = network.forward(tokens, [1, 30], clock, None, &device);
            let at_once: Vec<f32> = at_once.into_data().iter::<f32>().collect();
            let mut state = None;
            for (step, rows) in at_once.chunks(5).enumerate() {
                let clock = clock + step as u64;
                let (logs, next) = network.forward(&tokens[step..=step], [1, 1], clock, state, &device);
                state = Some(next);
                let logs: Vec<f32> = logs.into_data().iter::<f32>().collect();
                let difference = rows.iter().zip(&logs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(difference < TOLERANCE, "{name}, clock {clock}, step {step}: {difference}");
            }
        }
    }
}

#[test]
fn every_preset_learns_the_toy_and_stops_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let schedule = Schedule { log_every: 1, checkpoint_every: 0, judge_every: 25, patience: 0, ..SCHEDULE };
    for (name, _) in PRESETS {
        let config = shrunk(name, &["optimizer.rate=0.01", "input.forget=0", "training.stop_accuracy=0.97"]);
        let root = folder.path().join(name);
        let summary = train_to(600, &config, &root, &schedule);
        assert!(
            matches!(&summary.ended, Ended::Early(reason) if reason.contains("0.97 is enough")),
            "{name}: {summary:?}"
        );
        let mut greedy = stream(&root);
        let settings = SamplingSettings { temperature: 0.0, ..SamplingSettings::default() };
        let tokens: Vec<u32> = (0..64).map(|_| greedy.next(&settings, None)).collect();
        let fills = tokens.windows(2).filter(|pair| pair == &[3, 4]).count();
        assert!((3..=5).contains(&fills), "{name} plays {tokens:?}");
    }
}

#[test]
fn patience_ends_a_training_that_gets_no_better() {
    let folder = tempfile::tempdir().unwrap();
    let config = shrunk("one-level", &["optimizer.rate=0"]);
    let schedule = Schedule { judge_every: 2, patience: 3, checkpoint_every: 0, ..SCHEDULE };
    let summary = train_to(100, &config, &folder.path().join("run"), &schedule);
    assert_eq!((summary.step, summary.ended), (8, Ended::Early("nothing better in 6 steps".into())));
}

#[test]
fn a_region_can_be_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("run");
    let config = shrunk("clockwork", &["optimizer.rate=0.01", "input.forget=0"]);
    train_to(300, &config, &root, &SCHEDULE);
    let composer = Arc::new(Composer::open(&RunDir::open(&root).unwrap(), &Device::flex()).unwrap());
    let corpus = corpus();
    let before = &corpus.passages()[0].tokens[..44];
    let mut stream = TokenStream::primed(composer.clone(), Seeds::new(0), before, 0).unwrap();
    let settings = SamplingSettings { temperature: 0.0, ..SamplingSettings::default() };
    let next: Vec<u32> = (0..4).map(|_| stream.next(&settings, None)).collect();
    assert_eq!(next, [0, 1, 3, 4], "eleven bars have gone by, so a fill follows");
    let refused = TokenStream::primed(composer, Seeds::new(0), &[1, 5], 0).unwrap_err();
    assert_eq!(refused.to_string(), "token 5 is outside a vocabulary of 5");
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |name: &str, settings: &[&str]| {
        let settings: Vec<String> = settings.iter().map(|&setting| setting.to_owned()).collect();
        load(name, &settings).unwrap_err()
    };
    assert!(matches!(refused("one-leve", &[]), ModelError::UnknownPreset { .. }));
    assert!(matches!(refused("one-level", &["network.hiden=3"]), ModelError::Config { .. }));
    assert!(matches!(refused("transformer", &["network.width=10"]), ModelError::Setting { key: "network.width", .. }));
    let unseen = ["training.schedule.log_every=0", "training.schedule.judge_every=5"];
    for setting in unseen {
        let key = "training.schedule.log_every";
        assert!(matches!(refused("one-level", &[setting]), ModelError::Setting { key: found, .. } if found == key));
    }
    for setting in [
        "network.hidden=0",
        "training.time_steps=1",
        "counting.longest=18",
        "input.forget=1",
        "optimizer.rate=nan",
        "family='gan'",
    ] {
        assert!(matches!(refused("one-level", &[setting]), ModelError::Setting { .. }), "{setting}");
    }
    for class_of in [vec![0; 5], vec![0, 1, 2, 3, 4]] {
        let plain = Corpus::new(class_of, corpus().passages().to_vec()).unwrap();
        let trainee = SequencerTrainee::new(shrunk("two-level", &[]), plain, "book", &Device::flex());
        assert!(matches!(trainee.err().unwrap(), ModelError::NoClasses));
    }
}

#[test]
fn held_out_beats_are_foretold_from_all_before_them() {
    let config = shrunk("one-level", &[]);
    let device = Device::flex();
    let network = Network::init(&config, corpus().class_of(), &mut Gaussian::new(Seeds::new(1), "test", &device));
    let corpus = corpus();
    let of = |split| Foretold::of_split(&network, &corpus, split, &device).scores(None);
    let scores = of(Split::Validation);
    assert_eq!(scores.beats, 80);
    assert!(scores.perplexity > 3.0 && scores.perplexity < 8.0, "{scores:?}");
    assert_eq!(of(Split::Test).beats, 0);
}

#[test]
fn counting_knows_what_a_network_has_not_learned() {
    let folder = tempfile::tempdir().unwrap();
    let (corpus, device) = (corpus(), Device::flex());
    for (name, _) in PRESETS {
        // With sequences of 17 a bar that ends otherwise is foretold; a network that never learns is as good as none.
        let config = shrunk(name, &["optimizer.rate=0", "counting.longest=17", "training.stop_accuracy=0"]);
        let root = folder.path().join(name);
        train_to(2, &config, &root, &SCHEDULE);
        let composer = Composer::open(&RunDir::open(&root).unwrap(), &device).unwrap();
        let counting = composer.counting().unwrap();
        assert!(counting.order() > 8 && counting.shares().network < 0.1, "{name}: {counting:?}");
        let foretold = Foretold::of_split(composer.network(), &corpus, Split::Validation, &device);
        assert!(foretold.scores(None).accuracy < 0.7, "{name}");
        assert_eq!(foretold.scores(Some(counting)).accuracy, 1.0, "{name}");
        let mut greedy =
            TokenStream::primed(Arc::new(composer), Seeds::new(0), &corpus.passages()[0].tokens[..44], 0).unwrap();
        let settings = SamplingSettings { temperature: 0.0, ..SamplingSettings::default() };
        let next: Vec<u32> = (0..20).map(|_| greedy.next(&settings, None)).collect();
        assert_eq!(next, corpus.passages()[0].tokens[44..64], "{name} goes on as it was played");
    }
}
