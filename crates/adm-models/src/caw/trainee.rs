//! A pyramid in the training loop: scale after scale, each to its end.

use std::path::Path;

use adm_core::{SampleRate, Seeds};
use adm_train::{Judgement, StepContext, TrainError, Trainee};
use burn::tensor::Device;

use super::account::{Account, failed};
use super::body::reach;
use super::evaluate::{error_share, snr};
use super::ladder::{Climb, Rung, amplitude};
use super::noise::Source;
use super::pace::{Clock, Pace};
use super::signal::{Signal, lasting};
use super::stage::{Beginning, Stage};
use super::{CawConfig, Hole, Pyramid, Recording, Resolved, SoundConfig};
use crate::ModelError;

/// Any error of a caller's own.
type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Writes a preview: interleaved samples, channels, rate, and the path without extension.
pub type WriteSound = Box<dyn Fn(&[f32], usize, SampleRate, &Path) -> Result<(), AnyError>>;

/// All scales, and what they learn from.
pub struct CawTrainee {
    resolved: Resolved,
    pyramid: Pyramid,
    /// Finished scales.
    rungs: Vec<Rung>,
    /// The step at which each of them ended.
    ends: Vec<u64>,
    stage: Stage,
    pace: Pace,
    device: Device,
    write_preview: Option<WriteSound>,
}

impl CawTrainee {
    /// Networks with starting weights for a recording with holes in it, on `device` (without autodiff).
    ///
    /// # Errors
    /// A setting out of range, a recording without a scale, holes that leave too little of it.
    pub fn new(config: CawConfig, recording: &Recording, holes: &[Hole], device: &Device) -> Result<Self, ModelError> {
        config.validate()?;
        let pyramid = Pyramid::of(recording, &config, holes, reach(config.network.layers))?;
        let sound = SoundConfig::of(recording, &pyramid, holes);
        let (pace, resolved) = (Pace::Steps(config.training.steps), Resolved { caw: config, sound });
        let stage = begin(&resolved, &pyramid, &[], None, device)?;
        let (rungs, ends, device) = (Vec::new(), Vec::new(), device.clone());
        Ok(Self { resolved, pyramid, rungs, ends, stage, pace, device, write_preview: None })
    }

    /// The same, whose scales share so many minutes of the next sitting by what their steps cost.
    #[must_use]
    pub fn within(self, minutes: f64) -> Self {
        let costs = self.pyramid.scales.iter().map(|scale| (scale.real.length() + self.reach()) as f64).collect();
        Self { pace: Pace::Minutes(Clock::new(minutes, costs)), ..self }
    }

    /// Has previews written in training.
    #[must_use]
    pub fn with_preview(self, write: WriteSound) -> Self {
        Self { write_preview: Some(write), ..self }
    }

    /// The same with untrained scales below the one whose step takes about as long as that of a mean scale, so that a trial of it tells what
    /// all of them take.
    ///
    /// # Errors
    /// None that a valid recording can cause.
    pub fn at_mean_scale(mut self) -> Result<Self, ModelError> {
        let lengths: Vec<usize> = self.pyramid.scales.iter().map(|scale| scale.real.length()).collect();
        let mean = lengths.iter().sum::<usize>() / lengths.len();
        let nearest = (0..lengths.len()).min_by_key(|&scale| lengths[scale].abs_diff(mean)).unwrap_or(0);
        for _ in 0..nearest {
            self.advance(0)?;
        }
        Ok(self)
    }

    /// The run's `config.toml`: every setting as it was resolved, which reloads as it is.
    ///
    /// # Errors
    /// None that a valid configuration can cause.
    pub fn resolved_config(&self) -> Result<String, toml::ser::Error> {
        crate::config::write(&self.resolved)
    }

    /// Rates of all scales, in Hz.
    pub fn rates(&self) -> &[u32] {
        &self.resolved.sound.rates
    }

    /// Scales that are done.
    pub fn finished(&self) -> usize {
        self.ends.len()
    }

    /// Weights of the generator and of the critic of the scale in training.
    pub fn parameter_counts(&self) -> [usize; 2] {
        self.stage.parameter_counts()
    }

    /// Samples around a sample that a critic hears.
    fn reach(&self) -> usize {
        reach(self.resolved.caw.network.layers)
    }

    fn seeds(&self) -> Seeds {
        Seeds::new(self.resolved.caw.seed)
    }

    /// Ends the scale in training at a step and begins the next.
    fn advance(&mut self, step: u64) -> Result<(), ModelError> {
        let networks = self.stage.networks();
        self.rungs.push(self.stage.rung()?);
        self.ends.push(step);
        self.stage = begin(&self.resolved, &self.pyramid, &self.rungs, Some(networks), &self.device)?;
        Ok(())
    }

    /// Goes on to the scale that a step belongs to; returns how much of its turn that has had.
    fn turn(&mut self, step: u64) -> Result<f64, TrainError> {
        loop {
            let done = step - self.ends.last().copied().unwrap_or(0).min(step);
            let progress = self.pace.progress(self.ends.len(), done);
            // A scale without a step of its own would add noise.
            if progress < 1.0 || done == 0 || self.ends.len() + 1 >= self.pyramid.scales.len() {
                return Ok(progress);
            }
            self.advance(step).map_err(failed("beginning a scale"))?;
        }
    }

    /// All scales as they are now, the one in training included.
    fn all_rungs(&self) -> Result<Vec<Rung>, TrainError> {
        let mut rungs = self.rungs.clone();
        rungs.push(self.stage.rung()?);
        Ok(rungs)
    }

    fn made(&self, rungs: &[Rung], noise: Source<'_>) -> Result<(Signal, u32), TrainError> {
        let climb = climb(&self.resolved, noise).up(rungs, &self.device).map_err(failed("making sound"))?;
        climb.below.ok_or(TrainError::Missing { name: "a scale".to_owned() })
    }
}

/// A climb from the first scale, as long as the recording.
pub(super) fn climb<'a>(resolved: &'a Resolved, noise: Source<'a>) -> Climb<'a> {
    let SoundConfig { rate, channels, length, holes, .. } = &resolved.sound;
    Climb { first: 0, below: None, full: [*length, rate.hz()], channels: *channels, holes, noise }
}

/// The scale above finished ones, with their last one's networks where these fit.
fn begin(
    resolved: &Resolved,
    pyramid: &Pyramid,
    rungs: &[Rung],
    below: Option<(super::Generator, super::Critic)>,
    device: &Device,
) -> Result<Stage, ModelError> {
    let (index, config) = (rungs.len(), &resolved.caw);
    let scale = &pyramid.scales[index];
    let climb = climb(resolved, Source::Fixed(Seeds::new(config.seed))).up(rungs, device)?;
    let start = climb.start(index, scale.rate)?;
    let made_up = Source::Free { seeds: Seeds::new(config.seed), name: "calibrate", index: 0 };
    let invented = self::climb(resolved, made_up).up(rungs, device)?.start(index, scale.rate)?;
    let noise = amplitude(config, index, start[0].as_ref(), scale.added);
    // The first scale makes all of its signal, those above it what is missing.
    let inherited = below.filter(|_| index >= 2);
    Ok(Stage::new(config, Beginning { index, scale, start, invented, noise, inherited }, device))
}

impl Trainee for CawTrainee {
    type Batch = ();

    fn metric_names(&self) -> &'static [&'static str] {
        &["critic_loss", "critic_norm", "generator_loss", "generator_norm", "reconstruction_loss"]
    }

    fn step(&mut self, context: StepContext, (): ()) -> Result<Vec<f64>, TrainError> {
        let progress = self.turn(context.step)?;
        let optimizer = &self.resolved.caw.optimizer;
        let rate = if progress >= optimizer.drop_after { optimizer.drop } else { 1.0 };
        let noise = Source::Free { seeds: self.seeds(), name: "fake", index: context.step };
        let (index, scale) = (self.rungs.len(), self.pyramid.scales[self.rungs.len()].rate);
        let climb = climb(&self.resolved, noise).up(&self.rungs, &self.device);
        let start = climb.and_then(|climb| climb.start(index, scale)).map_err(failed("drawing a fake"))?;
        Ok(self.stage.step(start, rate, context))
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        let Some(write) = &self.write_preview else { return Ok(()) };
        let noise = Source::Free { seeds: self.seeds(), name: "preview", index: 0 };
        let (made, rate) = self.made(&self.all_rungs()?, noise)?;
        let to = SampleRate::CD;
        let made = made.resampled(rate, to.hz(), lasting(made.length(), rate, to.hz()));
        let made = made.map_err(failed("writing a preview"))?;
        let path = folder.join(format!("step-{step:06}"));
        write(&made.interleaved(), made.channels, to, &path).map_err(TrainError::family("writing a preview"))
    }

    /// How much of the recording at the highest rate the reconstruction lacks, so that scales can be told apart: energy × 1,000.
    fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
        let (made, rate) = self.made(&self.all_rungs()?, Source::Fixed(self.seeds()))?;
        let here = &self.pyramid.scales[self.rungs.len()];
        let Some(top) = self.pyramid.scales.last() else { return Ok(None) };
        let here_db = snr(&here.real, &made, here.shown.as_deref());
        let risen = made.resampled(rate, top.rate, top.real.length()).map_err(failed("judging"))?;
        let distance = 1_000.0 * error_share(&top.real, &risen, top.shown.as_deref());
        let details = vec![("reconstruction_db", here_db)];
        Ok(Some(Judgement { distance, details, enough: None }))
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        Account::save(&self.ends, &self.all_rungs()?, folder)?;
        self.stage.save(folder)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        let (account, mut rungs) = Account::load(&self.resolved, folder, &self.device)?;
        rungs.truncate(account.ends.len());
        let mut stage =
            begin(&self.resolved, &self.pyramid, &rungs, None, &self.device).map_err(failed("beginning a scale"))?;
        stage.load(folder)?;
        (self.rungs, self.ends, self.stage) = (rungs, account.ends, stage);
        Ok(())
    }
}
