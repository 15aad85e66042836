//! A few steps of a training, to see what all of it would take.
//!
//! The trial does what the [loop](crate::train) does, in the same order: batches, steps, a judgement, a preview, a checkpoint;
//! each is timed by itself, because each comes as often as the [`Schedule`] says.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use adm_core::Observer;
use serde::{Deserialize, Serialize};

use crate::checkpoint::{self, At};
use crate::{Batches, RunDir, Schedule, StepContext, TrainError, Trainee};

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// Steps before any is timed: the first ones ask for memory, and on a GPU compile.
    pub warm_up: u64,
    /// Steps that are timed. More of them tell more surely and take longer.
    pub steps: u64,
    /// Once the first step is done, no other begins after this time; one is timed in any case.
    pub patience: Duration,
}

/// What something takes that happens now and then.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Its time, in seconds.
    pub seconds: f64,
    /// What it leaves on disk, in bytes.
    pub bytes: u64,
}

/// What a trial found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// The mean time of a step, in seconds, with the making of its batch as far as it is waited for.
    pub seconds_a_step: f64,
    /// Steps that this is the mean of.
    pub steps: u64,
    /// Seconds of a judgement, where the schedule has any.
    pub judgement: Option<f64>,
    /// A preview, where the schedule has any.
    pub preview: Option<Cost>,
    /// A checkpoint.
    pub checkpoint: Cost,
}

impl Trial {
    /// Tries a training in `run`, whose folder holds what was written until someone deletes it. `stepped` is called after every step.
    /// Nothing is found where the observer asks to stop.
    ///
    /// # Errors
    /// Whatever the family's work or the file system returns.
    pub fn of<T: Trainee>(
        &self,
        trainee: &mut T,
        batches: &mut impl Batches<T::Batch>,
        run: &RunDir,
        schedule: &Schedule,
        observer: &dyn Observer,
        stepped: impl Fn(u64),
    ) -> Result<Option<Tried>, TrainError> {
        let Some(seconds) = self.time_steps(trainee, batches, observer, stepped)? else { return Ok(None) };
        let steps = seconds.len() as u64;
        let seconds_a_step = seconds.iter().sum::<f64>() / steps.max(1) as f64;
        let judgement = match schedule.judge_every {
            0 => None,
            _ => Some(timed(|| trainee.judge(0).map(|_| ()))?),
        };
        let preview = match schedule.preview_every {
            0 => None,
            _ => Some(cost(&run.samples(), || trainee.preview(&run.samples(), 0))?),
        };
        let at = At { step: 0, seconds: 0.0, best: None, best_step: 0 };
        let checkpoint = cost(&run.checkpoints(), || checkpoint::save(run, trainee, at))?;
        Ok(Some(Tried { seconds_a_step, steps, judgement, preview, checkpoint }))
    }

    /// Seconds of every step after the warm-up; of the last of it where patience ended there.
    fn time_steps<T: Trainee>(
        &self,
        trainee: &mut T,
        batches: &mut impl Batches<T::Batch>,
        observer: &dyn Observer,
        stepped: impl Fn(u64),
    ) -> Result<Option<Vec<f64>>, TrainError> {
        let (mut seconds, mut first_done) = (Vec::new(), None);
        for step in 0..self.warm_up + self.steps.max(1) {
            if observer.stop_requested() {
                return Ok(None);
            }
            // Numbers are read back at once, so that a GPU cannot run ahead of the clock.
            let one = timed(|| trainee.step(StepContext { step, measure: true }, batches.next()?).map(|_| ()))?;
            stepped(step);
            let spent = first_done.get_or_insert_with(Instant::now).elapsed() >= self.patience;
            if step >= self.warm_up || (spent && step > 0) {
                seconds.push(one);
            }
            if spent && !seconds.is_empty() {
                break;
            }
        }
        Ok(Some(seconds))
    }
}

fn timed(work: impl FnOnce() -> Result<(), TrainError>) -> Result<f64, TrainError> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64())
}

/// Time of work, and what it adds to a folder.
fn cost(folder: &Path, work: impl FnOnce() -> Result<(), TrainError>) -> Result<Cost, TrainError> {
    let before = size(folder);
    let seconds = timed(work)?;
    Ok(Cost { seconds, bytes: size(folder).saturating_sub(before) })
}

/// Bytes of all files in a folder and in those within; what cannot be read counts nothing.
pub fn size(folder: &Path) -> u64 {
    let of_entry = |entry: fs::DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => size(&entry.path()),
        _ => entry.metadata().map_or(0, |metadata| metadata.len()),
    };
    fs::read_dir(folder).into_iter().flatten().flatten().map(of_entry).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Judgement;
    use adm_core::progress::Silent;
    use std::cell::Cell;
    use std::thread::sleep;

    /// Takes so many milliseconds a step, the first one longer.
    struct Sleeper {
        milliseconds: u64,
        first: u64,
        steps: u64,
    }

    impl Trainee for Sleeper {
        type Batch = ();

        fn metric_names(&self) -> &'static [&'static str] {
            &[]
        }

        fn step(&mut self, context: StepContext, (): ()) -> Result<Vec<f64>, TrainError> {
            assert_eq!((context.step, context.measure), (self.steps, true));
            self.steps += 1;
            sleep(Duration::from_millis(if context.step == 0 { self.first } else { self.milliseconds }));
            Ok(vec![])
        }

        fn preview(&mut self, folder: &Path, _step: u64) -> Result<(), TrainError> {
            fs::write(folder.join("preview.txt"), [0; 300]).unwrap();
            Ok(())
        }

        fn judge(&mut self, _step: u64) -> Result<Option<Judgement>, TrainError> {
            sleep(Duration::from_millis(30));
            Ok(None)
        }

        fn save(&mut self, folder: &Path) -> Result<(), TrainError> {
            fs::write(folder.join("weights"), [0; 1000]).unwrap();
            Ok(())
        }

        fn load(&mut self, _folder: &Path) -> Result<(), TrainError> {
            Ok(())
        }
    }

    fn tried(first: u64, trial: Trial, schedule: Schedule) -> (Tried, u64, u64) {
        let folder = tempfile::tempdir().unwrap();
        let run = RunDir::create(&folder.path().join("run"), "", "").unwrap();
        let mut sleeper = Sleeper { milliseconds: 20, first, steps: 0 };
        let told = Cell::new(0);
        let stepped = |step| told.set(step + 1);
        let mut batches = || Ok(());
        let tried = trial.of(&mut sleeper, &mut batches, &run, &schedule, &Silent, stepped).unwrap().unwrap();
        (tried, sleeper.steps, told.get())
    }

    const ENOUGH: Duration = Duration::from_secs(60);

    #[test]
    fn every_part_is_measured_by_itself() {
        let schedule = Schedule { judge_every: 5, preview_every: 5, ..Schedule::default() };
        let (tried, steps, told) = tried(1_000, Trial { warm_up: 1, steps: 4, patience: ENOUGH }, schedule);
        assert_eq!((steps, told, tried.steps), (5, 5, 4));
        // The slow first step is not in the mean; a sleep may take longer, never shorter.
        assert!((0.02..0.15).contains(&tried.seconds_a_step), "{tried:?}");
        assert!(tried.judgement.unwrap() >= 0.03 && tried.preview.unwrap().bytes == 300, "{tried:?}");
        // The weights, and what the checkpoint says of them.
        assert!((1_001..1_600).contains(&tried.checkpoint.bytes), "{tried:?}");
    }

    #[test]
    fn what_the_schedule_leaves_out_is_not_tried() {
        let schedule = Schedule { judge_every: 0, preview_every: 0, ..Schedule::default() };
        let (tried, ..) = tried(0, Trial { warm_up: 0, steps: 1, patience: ENOUGH }, schedule);
        assert_eq!((tried.judgement, tried.preview, tried.steps), (None, None, 1));
    }

    #[test]
    fn without_patience_one_step_is_timed_after_the_first() {
        let (tried, steps, _) =
            tried(50, Trial { warm_up: 3, steps: 20, patience: Duration::ZERO }, Schedule::default());
        assert_eq!((steps, tried.steps), (2, 1));
        assert!(tried.seconds_a_step >= 0.02, "{tried:?}");
    }

    #[test]
    fn a_folder_is_as_large_as_its_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("within")).unwrap();
        fs::write(folder.path().join("a"), [0; 10]).unwrap();
        fs::write(folder.path().join("within/b"), [0; 5]).unwrap();
        assert_eq!((size(folder.path()), size(&folder.path().join("gone"))), (15, 0));
    }
}
