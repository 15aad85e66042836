//! Does a conditional GAN make the beat that it is asked for? Classes of beats that sound alike stand in for tokens; the preset
//! `conditional` learns them, and the preset `cpu` learns the same beats without, for as many steps and from the same seed.
//!
//! ```text
//! dataset ─log-mel features→ k-means on the training split → classes ─labels→ training
//! asked-for class → generated beat ─log-mel features→ nearest class: the one that was asked for?
//! ```
//!
//! `cargo run --release --example conditional -- DATASET OUT [STEPS] [SEED] [CLASSES] [KEY=VALUE…]`; settings go to the
//! conditional preset. Runs that OUT holds already are measured again.
#![allow(clippy::print_stdout, reason = "an example's purpose is to print")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adm_core::seeds::RngExt;
use adm_core::{Seeds, Silent};
use adm_dataset::{Dataset, Split};
use adm_eval::{Extractor, Judge};
use adm_models::gan::{self, GanTrainee};
use adm_models::labels::{Label, Labels, POSITIONS};
use adm_models::noise::{NoiseKind, latent};
use adm_models::{BeatTrainee, Onlookers, Sampler};
use adm_spectral::Scratch;
use adm_train::{Budget, DeviceChoice, RunDir, device, train};
use anyhow::{Context, Result};

/// Generated beats that are judged.
const JUDGED: usize = 384;

type Vector = Vec<f32>;

/// Features in units of their spread over the training split, and the middle of each class.
struct Classes {
    mean: Vector,
    scale: Vector,
    centres: Vec<Vector>,
}

impl Classes {
    /// k-means (Lloyd 1982) from centres far from each other (Arthur and Vassilvitskii 2007).
    fn of(features: &[Vector], count: usize, seeds: Seeds) -> Self {
        let beats = features.len() as f32;
        let mean: Vector =
            (0..features[0].len()).map(|at| features.iter().map(|f| f[at]).sum::<f32>() / beats).collect();
        let spread = |at: usize| features.iter().map(|f| (f[at] - mean[at]).powi(2)).sum::<f32>() / beats;
        let scale = (0..mean.len()).map(|at| spread(at).sqrt().max(0.5).recip()).collect();
        let mut classes = Self { mean, scale, centres: Vec::new() };
        let points: Vec<Vector> = features.iter().map(|f| classes.point(f)).collect();
        let mut rng = seeds.stream("classes", 0);
        classes.centres.push(points[rng.random_range(0..points.len())].clone());
        while classes.centres.len() < count {
            let gaps: Vec<f32> = points.iter().map(|point| classes.nearest(point).1).collect();
            let mut place = rng.random::<f32>() * gaps.iter().sum::<f32>();
            let next = gaps
                .iter()
                .position(|gap| {
                    place -= gap;
                    place <= 0.0
                })
                .unwrap_or(0);
            classes.centres.push(points[next].clone());
        }
        for _ in 0..50 {
            let of: Vec<usize> = points.iter().map(|point| classes.nearest(point).0).collect();
            for (class, centre) in classes.centres.iter_mut().enumerate() {
                let own: Vec<&Vector> =
                    points.iter().zip(&of).filter(|(_, of)| **of == class).map(|(p, _)| p).collect();
                if !own.is_empty() {
                    *centre =
                        (0..centre.len()).map(|at| own.iter().map(|p| p[at]).sum::<f32>() / own.len() as f32).collect();
                }
            }
        }
        classes
    }

    fn point(&self, features: &[f32]) -> Vector {
        features.iter().zip(self.mean.iter().zip(&self.scale)).map(|(f, (mean, scale))| (f - mean) * scale).collect()
    }

    /// The nearest class of a point, and the squared distance to its centre.
    fn nearest(&self, point: &[f32]) -> (usize, f32) {
        let distances = self.centres.iter().map(|centre| squared(centre, point));
        distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f32::INFINITY))
    }

    fn class(&self, features: &[f32]) -> u32 {
        self.nearest(&self.point(features)).0 as u32
    }
}

fn squared(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

/// The trial's beats and how they are heard.
struct Trial {
    dataset: Arc<Dataset>,
    extractor: Extractor,
    /// Of every slice of the dataset.
    features: Vec<Vector>,
    classes: Classes,
    labels: Labels,
    seeds: Seeds,
    steps: u64,
}

impl Trial {
    fn new(path: &Path, count: usize, seeds: Seeds, steps: u64) -> Result<Self> {
        let dataset = Arc::new(Dataset::open(path)?);
        let extractor = Extractor::new(dataset.rate());
        let all: Vec<usize> = (0..dataset.len()).collect();
        let features = values(&extractor, &slices(&dataset, &all)?, dataset.channels())?;
        let training: Vec<Vector> = dataset.indices(Split::Train).into_iter().map(|at| features[at].clone()).collect();
        let classes = Classes::of(&training, count, seeds);
        let position =
            |slice: usize| dataset.origin(slice).map_or(0, |origin| (origin.position % POSITIONS as u64) as u8);
        let labels = Labels {
            token_of: features.iter().map(|features| classes.class(features)).collect(),
            position_of: all.iter().map(|&slice| position(slice)).collect(),
            tokens: count,
            book: "classes of an example".into(),
            dataset: dataset.manifest().fingerprint.clone(),
        };
        Ok(Self { dataset, extractor, features, classes, labels, seeds, steps })
    }

    fn held_out(&self) -> Vec<usize> {
        [Split::Validation, Split::Test].into_iter().flat_map(|split| self.dataset.indices(split)).collect()
    }

    /// Trains a preset as `adm train` does, and opens what it learned.
    fn train(&self, preset: &str, settings: &[String], root: &Path) -> Result<Sampler> {
        if let Ok(run) = RunDir::open(root) {
            return Ok(Sampler::open(&run, &device::pick(DeviceChoice::Cpu)?.device)?);
        }
        let mut config = gan::load(preset, settings)?;
        config.seed = self.seeds.root();
        let device = device::pick(DeviceChoice::Cpu)?.device;
        let trainee = match config.condition {
            None => GanTrainee::new(config.clone(), &self.dataset, &device)?,
            Some(_) => GanTrainee::labelled(config.clone(), &self.dataset, self.labels.clone(), &device)?,
        };
        let judge = Judge::new(&self.extractor.features_of(
            &slices(&self.dataset, &self.dataset.indices(Split::Validation))?,
            self.dataset.channels(),
        )?)?;
        let (extractor, channels) = (Extractor::new(self.dataset.rate()), self.dataset.channels());
        let distance = move |slices: &[Vector]| {
            let features = extractor.features_of(slices, channels).ok();
            features
                .and_then(|f| judge.judge(&f).ok())
                .map_or(f64::INFINITY, |judgement| judgement.kernel_distance)
                .into()
        };
        let mut trainee = trainee.with_onlookers(Onlookers { judge: Some(Box::new(distance)), write_preview: None });
        let run = RunDir::create(root, &trainee.resolved_config()?, "{}")?;
        let plan = trainee.batch_plan(self.dataset.clone());
        let budget = Budget { steps: Some(self.steps), minutes: None };
        let began = std::time::Instant::now();
        let summary = train(&mut trainee, |first| plan.open(first), &run, &config.training.schedule, budget, &Silent)?;
        let sampler = Sampler::open(&run, &device)?;
        let minutes = began.elapsed().as_secs_f64() / 60.0;
        println!("{preset}: {} steps in {minutes:.1} minutes, the best at {}", summary.step, sampler.step);
        Ok(sampler)
    }

    fn heard(&self, slices: &[Vector]) -> Result<Vec<Vector>> {
        values(&self.extractor, slices, self.dataset.channels())
    }

    /// Kernel distance to held-out beats, coverage and diversity.
    fn judged(&self, name: &str, slices: &[Vector]) -> Result<()> {
        let channels = self.dataset.channels();
        let reference = self.extractor.features_of(&self::slices(&self.dataset, &self.held_out())?, channels)?;
        let verdict = Judge::new(&reference)?.judge(&self.extractor.features_of(slices, channels)?)?;
        let (distance, coverage, diversity) = (verdict.kernel_distance, verdict.coverage, verdict.diversity);
        println!("{name}: kernel distance {distance:.0}, coverage {coverage:.2}, diversity {diversity:.2}");
        Ok(())
    }

    /// How many beats are heard as the class that was asked for, and how many would be by chance.
    fn kept(&self, name: &str, asked: &[u32], slices: &[Vector]) -> Result<()> {
        let heard: Vec<u32> = self.heard(slices)?.iter().map(|features| self.classes.class(features)).collect();
        let count = asked.len() as f64;
        let share = |of: &[u32], class: u32| of.iter().filter(|&&one| one == class).count() as f64 / count;
        let chance: f64 = (0..self.labels.tokens as u32).map(|class| share(asked, class) * share(&heard, class)).sum();
        let hits = asked.iter().zip(&heard).filter(|(asked, heard)| asked == heard).count() as f64 / count;
        println!("{name}: {:.1} % are of their class, {:.1} % by chance", 100.0 * hits, 100.0 * chance);
        for class in 0..self.labels.tokens as u32 {
            let own: Vec<u32> = asked.iter().zip(&heard).filter(|(a, _)| **a == class).map(|(_, h)| *h).collect();
            let trained = self.labels.token_of.iter().filter(|&&of| of == class).count();
            let hits = own.iter().filter(|&&heard| heard == class).count();
            let missed: Vec<u32> = own.iter().copied().filter(|&heard| heard != class).collect();
            println!("  class {class}: {hits} of {}, {trained} recorded; the others as {missed:?}", own.len());
        }
        Ok(())
    }

    /// Mean distance of two beats of one class, over that of two recorded beats of it.
    fn variety(&self, asked: &[u32], slices: &[Vector]) -> Result<f32> {
        let heard = self.heard(slices)?;
        let of = |labels: &[u32], features: &[Vector]| -> Vec<f32> {
            let own = |class: u32| -> Vec<Vector> {
                let beats = labels.iter().zip(features).filter(|(label, _)| **label == class);
                beats.map(|(_, features)| self.classes.point(features)).collect()
            };
            (0..self.labels.tokens as u32).map(|class| mean_distance(&own(class))).collect()
        };
        let (made, recorded) = (of(asked, &heard), of(&self.labels.token_of, &self.features));
        let ratios: Vec<f32> =
            made.iter().zip(&recorded).filter(|(m, r)| **m > 0.0 && **r > 0.0).map(|(m, r)| m / r).collect();
        Ok(ratios.iter().sum::<f32>() / ratios.len() as f32)
    }
}

fn mean_distance(points: &[Vector]) -> f32 {
    let pairs =
        points.iter().enumerate().flat_map(|(at, a)| points[at + 1..].iter().map(move |b| squared(a, b).sqrt()));
    let (sum, count) = pairs.fold((0.0, 0.0f32), |(sum, count), distance| (sum + distance, count + 1.0));
    sum / count.max(1.0)
}

fn slices(dataset: &Dataset, indices: &[usize]) -> Result<Vec<Vector>> {
    let read = |&index: &usize| {
        let mut slice = vec![0.0; dataset.slice_samples()];
        dataset.read_f32(index, &mut slice).map(|()| slice)
    };
    Ok(indices.iter().map(read).collect::<Result<_, _>>()?)
}

fn values(extractor: &Extractor, slices: &[Vector], channels: usize) -> Result<Vec<Vector>> {
    Ok(extractor.features_of(slices, channels)?.iter().map(|features| features.values().to_vec()).collect())
}

/// Recorded beats as the network's tensors give them back: the best that a network could do.
fn round_trip(trial: &Trial, indices: &[usize]) -> Result<Vec<Vector>> {
    let config = gan::load("cpu", &[])?;
    let frontend = adm_models::frontend::Frontend::for_dataset(&trial.dataset, &config.representation, config.scaling)?;
    let (mut scratch, mut made) = (Scratch::new(), Vec::new());
    for slice in slices(&trial.dataset, indices)? {
        let mut tensor = vec![0.0; frontend.shape().size()];
        frontend.representation.encode(&slice, &mut tensor, &mut scratch)?;
        if let Some(scaling) = &frontend.scaling {
            scaling.apply(&mut tensor, frontend.shape())?;
        }
        made.push(frontend.slice(&mut tensor, &mut scratch)?);
    }
    Ok(made)
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (settings, plain): (Vec<String>, Vec<String>) =
        arguments.into_iter().partition(|argument| argument.contains('='));
    let at = |index: usize| plain.get(index).context("give DATASET OUT [STEPS] [SEED] [CLASSES] [KEY=VALUE…]");
    let out = PathBuf::from(at(1)?);
    let steps = plain.get(2).map_or(Ok(1_500), |steps| steps.parse())?;
    let seeds = Seeds::new(plain.get(3).map_or(Ok(0), |seed| seed.parse())?);
    let classes = plain.get(4).map_or(Ok(12), |classes| classes.parse())?;
    let trial = Trial::new(Path::new(at(0)?), classes, seeds, steps)?;

    let held_out = trial.held_out();
    let asked: Vec<u32> = held_out.iter().map(|&slice| trial.labels.token_of[slice]).collect();
    trial.kept("held-out beats through the network's tensors", &asked, &round_trip(&trial, &held_out)?)?;
    let recorded = slices(&trial.dataset, &trial.dataset.indices(Split::Train))?;
    trial.judged("recorded beats", &recorded)?;

    if settings.is_empty() {
        let plain = trial.train("cpu", &[], &out.join("cpu"))?;
        trial.judged("cpu", &plain.random(JUDGED, seeds, "trial")?)?;
    }
    let sampler = trial.train("conditional", &settings, &out.join("conditional"))?;
    trial.judged("conditional", &sampler.random(JUDGED, seeds, "trial")?)?;
    let shares = sampler.condition().context("a conditional generator says what it needs")?;
    let noise = |index: u64| latent(NoiseKind::Normal, sampler.latent_length(), seeds, "trial noise", index);
    let noises: Vec<Vector> = (0..JUDGED as u64).map(noise).collect();
    let even: Vec<Label> = (0..JUDGED)
        .map(|beat| Label { token: (beat % classes) as u32, position: (beat / classes % POSITIONS) as u8 })
        .collect();
    for (name, labels) in [("as often as trained on", shares.draw(JUDGED, seeds, "trial", 0)), ("evenly", even)] {
        let mut made = Vec::new();
        for (noise, labels) in noises.chunks(16).zip(labels.chunks(16)) {
            made.extend(sampler.slices_of(noise, labels)?);
        }
        let asked: Vec<u32> = labels.iter().map(|label| label.token).collect();
        trial.kept(&format!("conditional, asked {name}"), &asked, &made)?;
        println!("  variety within a class: {:.2} of the recorded", trial.variety(&asked, &made)?);
    }
    Ok(())
}
