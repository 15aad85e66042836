//! The one training loop.

use std::fmt;
use std::time::Instant;

use adm_core::Observer;
use serde::{Deserialize, Serialize};

use crate::metrics::{MetricsLog, Row};
use crate::{Batches, RunDir, StepContext, TrainError, Trainee, checkpoint};

/// When training is done. Whichever limit comes first counts; with none it runs until stopped.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Budget {
    /// Steps in all, those before a resume included.
    pub steps: Option<u64>,
    /// Minutes of this sitting.
    pub minutes: Option<f64>,
}

impl Budget {
    fn is_spent(&self, step: u64, seconds: f64) -> bool {
        self.steps.is_some_and(|steps| step >= steps) || self.minutes.is_some_and(|minutes| seconds >= minutes * 60.0)
    }

    /// How much of this sitting is over, 0 to 1, where it began at step `first`; nothing where it has no end.
    fn share(&self, first: u64, step: u64, seconds: f64) -> Option<f64> {
        let steps = self.steps.map(|steps| (step - first) as f64 / steps.saturating_sub(first).max(1) as f64);
        let minutes = self.minutes.map(|minutes| seconds / (minutes * 60.0).max(1e-9));
        steps.into_iter().chain(minutes).reduce(f64::max).map(|share| share.clamp(0.0, 1.0))
    }
}

/// How often the loop does what, in steps. Zero means never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// Numbers are read back and logged. On a GPU a larger value lets it run ahead.
    pub log_every: u64,
    /// A checkpoint is taken. A smaller value loses less to a crash.
    pub checkpoint_every: u64,
    /// Previews are written.
    pub preview_every: u64,
    /// Samples are compared with held-out data.
    pub judge_every: u64,
    /// Judgements in a row that are no better than the best before training ends early. A larger value waits longer for a
    /// way out of a plateau.
    pub patience: u64,
    /// Checkpoints kept beside the best one.
    pub keep: usize,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { log_every: 10, checkpoint_every: 200, preview_every: 500, judge_every: 0, patience: 0, keep: 2 }
    }
}

/// Why training ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The budget is spent.
    Done,
    /// There was nothing more to learn, in these words; everything is saved.
    Early(String),
    /// The user asked to stop; everything is saved.
    Interrupted,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("done"),
            Self::Early(reason) => write!(f, "ended early ({reason})"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// What the judge's word means for the loop.
struct Verdict {
    better: bool,
    enough: Option<String>,
}

impl Verdict {
    const NONE: Self = Self { better: false, enough: None };
}

/// What a sitting did.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Why it ended.
    pub ended: Ended,
    /// Steps done in all.
    pub step: u64,
    /// Steps a second in this sitting.
    pub steps_per_second: f64,
    /// The judge's best word so far; lower is better.
    pub best: Option<f64>,
}

/// Gradients beyond this have exploded: no healthy run of any family comes near it.
const GRADIENT_LIMIT: f64 = 1e6;

struct Progress<'a> {
    run: &'a RunDir,
    schedule: &'a Schedule,
    budget: Budget,
    observer: &'a dyn Observer,
    log: MetricsLog,
    began: Instant,
    seconds_before: f64,
    first_step: u64,
    step: u64,
    best: Option<f64>,
    best_step: u64,
    /// Step of the checkpoint that was saved or loaded last.
    saved: Option<u64>,
}

/// Trains until the budget is spent or the user stops, starting after the newest usable checkpoint.
///
/// `batches` is made by `open_batches` for the step that comes first, so that a resumed run sees what an undisturbed one
/// would.
///
/// # Errors
/// A family's own error, a full disk, a run without a usable checkpoint, or a divergence; the last checkpoint stays.
pub fn train<T: Trainee, B: Batches<T::Batch>>(
    trainee: &mut T,
    open_batches: impl FnOnce(u64) -> Result<B, TrainError>,
    run: &RunDir,
    schedule: &Schedule,
    budget: Budget,
    observer: &dyn Observer,
) -> Result<Summary, TrainError> {
    let _lock = run.lock()?;
    let loaded = checkpoint::load(run, checkpoint::Which::Latest, |folder| trainee.load(folder))?;
    let mut progress = Progress::start(run, schedule, budget, observer, loaded)?;
    let mut batches = open_batches(progress.step)?;
    if budget.is_spent(progress.step, 0.0) {
        observer.warn(&format!("nothing is left to do: the run has {} steps already", progress.step));
    }
    observer.begin("train", budget.steps);
    observer.advance(progress.step);
    let ended = progress.run(trainee, &mut batches)?;
    observer.end();
    progress.finish(trainee, ended)
}

impl<'a> Progress<'a> {
    fn start(
        run: &'a RunDir,
        schedule: &'a Schedule,
        budget: Budget,
        observer: &'a dyn Observer,
        loaded: Option<checkpoint::Loaded>,
    ) -> Result<Self, TrainError> {
        let (step, seconds_before, best, best_step) = match loaded.as_ref().map(|loaded| &loaded.checkpoint) {
            Some(checkpoint) => (checkpoint.step, checkpoint.seconds, checkpoint.best, checkpoint.best_step),
            None => (0, 0.0, None, 0),
        };
        for damaged in loaded.iter().flat_map(|loaded| &loaded.skipped) {
            observer.warn(&format!("passed over a checkpoint: {damaged}; continuing from step {step}"));
        }
        let log = MetricsLog::open(&run.metrics(), step)?;
        run.log(&format!("start at step {step}"))?;
        let began = Instant::now();
        let saved = loaded.map(|loaded| loaded.checkpoint.step);
        Ok(Self {
            run,
            schedule,
            budget,
            observer,
            log,
            began,
            seconds_before,
            first_step: step,
            step,
            best,
            best_step,
            saved,
        })
    }

    fn run<T: Trainee>(&mut self, trainee: &mut T, batches: &mut impl Batches<T::Batch>) -> Result<Ended, TrainError> {
        while !self.budget.is_spent(self.step, self.sitting()) {
            if self.observer.stop_requested() {
                return Ok(Ended::Interrupted);
            }
            let batch = batches.next()?;
            let measure = is_due(self.schedule.log_every, self.step + 1);
            let values = trainee.step(StepContext { step: self.step, measure }, batch)?;
            self.step += 1;
            self.observer.advance(1);
            self.guard_and_log(trainee.metric_names(), &values)?;
            if is_due(self.schedule.preview_every, self.step) {
                trainee.preview(&self.run.samples(), self.step)?;
            }
            let verdict =
                if is_due(self.schedule.judge_every, self.step) { self.judge(trainee)? } else { Verdict::NONE };
            if verdict.better || is_due(self.schedule.checkpoint_every, self.step) {
                self.checkpoint(trainee, verdict.better)?;
            }
            if let Some(reason) = verdict.enough {
                return Ok(Ended::Early(reason));
            }
        }
        Ok(Ended::Done)
    }

    /// Seconds since this sitting began.
    fn sitting(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn rate(&self) -> f64 {
        (self.step - self.first_step) as f64 / self.sitting().max(1e-9)
    }

    fn guard_and_log(&mut self, names: &[&'static str], values: &[f64]) -> Result<(), TrainError> {
        if values.is_empty() {
            return Ok(());
        }
        for (&name, &value) in names.iter().zip(values) {
            let exploded = name.ends_with("_norm") && value > GRADIENT_LIMIT;
            if !value.is_finite() || exploded {
                self.run.log(&format!("diverged at step {}: {name} is {value}", self.step))?;
                return Err(TrainError::Diverged { step: self.step, name, value });
            }
        }
        self.status(names, values);
        self.push(names.iter().map(|name| (*name).to_owned()).zip(values.iter().copied()))
    }

    fn push(&mut self, values: impl Iterator<Item = (String, f64)>) -> Result<(), TrainError> {
        let seconds = self.seconds_before + self.sitting();
        self.log.push(&Row { step: self.step, seconds, values: values.collect() })
    }

    fn status(&self, names: &[&str], values: &[f64]) {
        let share = self.budget.share(self.first_step, self.step, self.sitting()).filter(|&share| share > 0.0);
        let left = share.map_or(String::new(), |share| {
            let seconds = (self.sitting() * (1.0 - share) / share).round() as u64;
            format!(" · {}:{:02} left", seconds / 60, seconds % 60)
        });
        let losses: Vec<String> = names
            .iter()
            .zip(values)
            .filter(|(name, _)| name.ends_with("_loss"))
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        let (step, losses, rate) = (self.step, losses.join(" · "), self.rate());
        self.observer.status(&format!("step {step} · {losses} · {rate:.2} steps/s{left}"));
    }

    /// Asks the judge: whether this is the best so far, and whether there is a point in going on.
    fn judge<T: Trainee>(&mut self, trainee: &mut T) -> Result<Verdict, TrainError> {
        let Some(judgement) = trainee.judge(self.step)? else { return Ok(Verdict::NONE) };
        let details = judgement.details.iter().map(|(name, value)| ((*name).to_owned(), *value));
        let all = details.chain([("judge".to_owned(), judgement.distance)]);
        self.push(all.filter(|(_, value)| value.is_finite()))?;
        let better = judgement.distance.is_finite() && self.best.is_none_or(|best| judgement.distance < best);
        if better {
            (self.best, self.best_step) = (Some(judgement.distance), self.step);
        }
        Ok(Verdict { better, enough: judgement.enough.or_else(|| self.impatience()) })
    }

    fn impatience(&self) -> Option<String> {
        let Schedule { patience, judge_every, .. } = *self.schedule;
        let waited = self.step - self.best_step.min(self.step);
        let spent = patience > 0 && self.best.is_some() && waited >= patience * judge_every;
        spent.then(|| format!("nothing better in {waited} steps"))
    }

    fn checkpoint<T: Trainee>(&mut self, trainee: &mut T, best: bool) -> Result<(), TrainError> {
        if best || self.saved != Some(self.step) {
            let at = checkpoint::At {
                step: self.step,
                seconds: self.seconds_before + self.sitting(),
                best: self.best,
                best_step: self.best_step,
            };
            checkpoint::save(self.run, trainee, at)?;
            self.saved = Some(self.step);
        }
        if best {
            checkpoint::mark_best(self.run, self.step)?;
        }
        checkpoint::prune(self.run, self.step, self.schedule.keep)
    }

    fn finish<T: Trainee>(mut self, trainee: &mut T, ended: Ended) -> Result<Summary, TrainError> {
        let steps_per_second = self.rate();
        if self.step > self.first_step {
            let every = self.schedule.judge_every;
            let open = every > 0 && !is_due(every, self.step);
            let better = ended == Ended::Done && open && self.judge(trainee)?.better;
            self.checkpoint(trainee, better)?;
            trainee.preview(&self.run.samples(), self.step)?;
        }
        self.run.log(&format!("{ended} at step {}", self.step))?;
        Ok(Summary { ended, step: self.step, steps_per_second, best: self.best })
    }
}

fn is_due(every: u64, step: u64) -> bool {
    every > 0 && step.is_multiple_of(every)
}
