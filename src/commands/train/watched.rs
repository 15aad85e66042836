//! A training that notes its sittings and keeps its report up to date.

use crate::commands::run_report;
use crate::output::Output;
use adm_core::Observer;
use adm_train::{
    Batches, Budget, Judgement, OpenSitting, RunDir, Schedule, Sitting, StepContext, Summary, TrainError, Trainee,
};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

/// Where and how long to train.
pub struct Setting<'a> {
    pub run: &'a RunDir,
    pub schedule: &'a Schedule,
    pub budget: Budget,
    /// What it computes on, in words.
    pub device: &'a str,
}

/// [`adm_train::train`] with a line in `sittings.jsonl` and a page in `report/`, written anew at every preview and at the end.
///
/// # Errors
/// Those of [`adm_train::train`]. A page that cannot be written is warned of and stops nothing.
pub fn train<T: Trainee, B: Batches<T::Batch>>(
    trainee: &mut T,
    open_batches: impl FnOnce(u64) -> Result<B, TrainError>,
    setting: Setting<'_>,
    output: &Output,
) -> Result<Summary, TrainError> {
    let Setting { run, schedule, budget, device } = setting;
    let mut watched = Watched { trainee, run, device, sitting: None, step: 0, page: None };
    let outcome = adm_train::train(&mut watched, open_batches, run, schedule, budget, &output.progress);
    watched.finish(&outcome, output);
    outcome
}

/// A family's trainee, and what is noted beside it.
struct Watched<'a, T> {
    trainee: &'a mut T,
    run: &'a RunDir,
    device: &'a str,
    /// From the first step on: a sitting that does nothing is none.
    sitting: Option<OpenSitting>,
    /// Steps done.
    step: u64,
    page: Option<JoinHandle<Result<PathBuf>>>,
}

impl<T: Trainee> Watched<'_, T> {
    fn begin(&mut self, step: u64) -> Result<(), TrainError> {
        if self.sitting.is_none() {
            let sitting = Sitting::now(step, self.device, rayon::current_num_threads(), env!("CARGO_PKG_VERSION"));
            self.sitting = Some(OpenSitting::begin(self.run, sitting)?);
        }
        Ok(())
    }

    /// Writes the page while training goes on, unless the one before is not done yet.
    fn write_page(&mut self) {
        if self.page.as_ref().is_none_or(JoinHandle::is_finished) {
            let root = self.run.root().to_owned();
            // Without a thread there is no page until the end.
            self.page = thread::Builder::new().name("report".into()).spawn(move || run_report::write(&root)).ok();
        }
    }

    /// Notes how the sitting ended, and writes the page once more.
    fn finish(self, outcome: &Result<Summary, TrainError>, output: &Output) {
        // What the last page came to does not matter: another follows.
        let _ = self.page.map(JoinHandle::join);
        let (step, why) = match outcome {
            Ok(summary) => (summary.step, summary.ended.to_string()),
            Err(error) => (self.step, format!("failed: {error}")),
        };
        let ended = self.sitting.map_or(Ok(()), |sitting| sitting.end(step, &why).map(drop));
        let written = ended.map_err(anyhow::Error::from).and_then(|()| run_report::write(self.run.root()));
        if let Err(error) = written {
            output.progress.warn(&format!("the run's report is not up to date: {error:#}"));
        }
    }
}

impl<T: Trainee> Trainee for Watched<'_, T> {
    type Batch = T::Batch;

    fn metric_names(&self) -> &'static [&'static str] {
        self.trainee.metric_names()
    }

    fn step(&mut self, context: StepContext, batch: Self::Batch) -> Result<Vec<f64>, TrainError> {
        self.begin(context.step)?;
        let values = self.trainee.step(context, batch)?;
        self.step = context.step + 1;
        Ok(values)
    }

    fn preview(&mut self, folder: &Path, step: u64) -> Result<(), TrainError> {
        self.trainee.preview(folder, step)?;
        self.write_page();
        Ok(())
    }

    fn judge(&mut self, step: u64) -> Result<Option<Judgement>, TrainError> {
        self.trainee.judge(step)
    }

    fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.trainee.save(folder)
    }

    fn load(&mut self, folder: &Path) -> Result<(), TrainError> {
        self.trainee.load(folder)
    }
}
