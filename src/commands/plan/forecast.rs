//! From a few steps to all of a training. Pure functions.

use super::measured::Measured;
use crate::settings::{Course, Until};
use adm_train::Schedule;
use adm_train::trial::Cost;
use serde::Serialize;

/// Previews that the run's page holds at most, in an alphabet that takes four thirds of their size.
const ON_PAGE: u64 = 8;

/// Bytes of a line of `metrics.jsonl`, about.
const METRICS_LINE: u64 = 200;

/// What a training of some length takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Forecast {
    /// Optimiser steps.
    pub steps: u64,
    /// Passes over what is learned from.
    pub epochs: f64,
    /// All of it, with judgements, previews and checkpoints; where no step was done, the least it can be.
    pub seconds: f64,
    /// The run's folder at its end, in bytes; none where no checkpoint was written.
    pub run_bytes: Option<u64>,
}

/// What a training is made of.
#[derive(Debug, Clone, Copy)]
pub struct Costs<'a> {
    course: &'a Course,
    measured: &'a Measured,
    step: f64,
    judgement: f64,
    preview: Cost,
    checkpoint: Cost,
}

/// How often something comes in so many steps.
fn times(steps: u64, every: u64) -> u64 {
    steps.checked_div(every).unwrap_or(0)
}

impl<'a> Costs<'a> {
    /// Of a course, as it was measured; what was not measured costs nothing.
    pub fn new(course: &'a Course, measured: &'a Measured) -> Self {
        let (tried, nothing) = (measured.found.tried(), Cost { seconds: 0.0, bytes: 0 });
        Self {
            course,
            measured,
            step: measured.found.seconds_a_step(),
            judgement: tried.and_then(|tried| tried.judgement).unwrap_or(0.0),
            preview: tried.and_then(|tried| tried.preview).unwrap_or(nothing),
            checkpoint: tried.map_or(nothing, |tried| tried.checkpoint),
        }
    }

    /// What a training takes that ends at whichever limit comes first; none without a limit.
    pub fn forecast(&self, until: Until) -> Option<Forecast> {
        let by_steps = until.steps.or(until.epochs.map(|epochs| self.steps_of(epochs)));
        let by_minutes = until.minutes.map(|minutes| self.steps_within(minutes * 60.0));
        let steps = by_steps.into_iter().chain(by_minutes).min()?;
        Some(Forecast {
            steps,
            epochs: steps as f64 * self.course.items_a_step / self.measured.items.max(1) as f64,
            seconds: self.seconds_of(steps) + self.ending(steps),
            run_bytes: self.measured.found.tried().map(|_| self.bytes_of(steps)),
        })
    }

    /// Steps of so many passes, as `adm train` counts them.
    fn steps_of(&self, epochs: f64) -> u64 {
        (epochs * self.measured.items as f64 / self.course.items_a_step).ceil() as u64
    }

    /// Steps that begin within so many seconds.
    fn steps_within(&self, seconds: f64) -> u64 {
        let (mut done, mut beyond) = (0, (seconds / self.step.max(1e-9)).ceil() as u64 + 1);
        while done + 1 < beyond {
            let middle = done + (beyond - done) / 2;
            match self.seconds_of(middle) < seconds {
                true => done = middle,
                false => beyond = middle,
            }
        }
        // The last of them may end later.
        done + 1
    }

    /// Seconds of so many steps and all that comes between them.
    pub fn seconds_of(&self, steps: u64) -> f64 {
        let Schedule { judge_every, preview_every, .. } = self.course.schedule;
        steps as f64 * self.step
            + times(steps, judge_every) as f64 * self.judgement
            + times(steps, preview_every) as f64 * self.preview.seconds
            + self.checkpoints(steps) as f64 * self.checkpoint.seconds
    }

    /// Seconds of what is done when the last step is: a judgement unless one was just made, a checkpoint, a preview.
    fn ending(&self, steps: u64) -> f64 {
        let every = self.course.schedule.judge_every;
        let judged = every == 0 || steps.is_multiple_of(every);
        self.checkpoint.seconds + self.preview.seconds + if judged { 0.0 } else { self.judgement }
    }

    /// Checkpoints on the way, at most: one where the schedule has one and one for every judgement, as if each were the best so far.
    fn checkpoints(&self, steps: u64) -> u64 {
        let Schedule { judge_every, checkpoint_every, .. } = self.course.schedule;
        times(steps, checkpoint_every).max(times(steps, judge_every))
    }

    /// The run's folder: the checkpoints that are kept, every preview, the page that holds some of them, the metrics, and what lies
    /// beside them.
    fn bytes_of(&self, steps: u64) -> u64 {
        let Schedule { judge_every, preview_every, log_every, keep, .. } = self.course.schedule;
        let kept = keep.max(1) as u64 + u64::from(judge_every > 0);
        let checkpoints = (self.checkpoints(steps) + 1).min(kept);
        let previews = times(steps, preview_every) + 1;
        let page = previews.min(ON_PAGE) * self.preview.bytes * 4 / 3;
        let lines = times(steps, log_every) + times(steps, judge_every);
        let previews = previews * self.preview.bytes;
        [checkpoints * self.checkpoint.bytes, previews, page, lines * METRICS_LINE, self.measured.beside]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::super::measured::Found;
    use super::*;
    use adm_train::trial::Tried;

    fn course(judge: u64, preview: u64, checkpoint: u64) -> Course {
        let schedule = Schedule {
            log_every: 10,
            judge_every: judge,
            preview_every: preview,
            checkpoint_every: checkpoint,
            keep: 2,
            patience: 0,
        };
        Course { own: Until::default(), schedule, items_a_step: 16.0 }
    }

    fn measured() -> Measured {
        let tried = Tried {
            seconds_a_step: 0.5,
            steps: 20,
            judgement: Some(3.0),
            preview: Some(Cost { seconds: 1.0, bytes: 1_000 }),
            checkpoint: Cost { seconds: 0.25, bytes: 10_000 },
        };
        Measured { weights: vec![1], items: 400, beside: 7, found: Found::Timed(tried), peak_memory: None }
    }

    fn until(steps: Option<u64>, epochs: Option<f64>, minutes: Option<f64>) -> Until {
        Until { steps, epochs, minutes }
    }

    /// The loop walked through step by step, as `adm_train::train` does it.
    fn walked(course: &Course, until: Until, measured: &Measured) -> (u64, f64) {
        let (schedule, Found::Timed(tried)) = (course.schedule, measured.found) else { panic!("nothing timed") };
        let due = |every: u64, step: u64| every > 0 && step.is_multiple_of(every);
        let (mut step, mut seconds) = (0, 0.0);
        let most = until.steps.or(until.epochs.map(|epochs| (epochs * 400.0 / 16.0).ceil() as u64)).unwrap_or(u64::MAX);
        while step < most && until.minutes.is_none_or(|minutes| seconds < minutes * 60.0) {
            step += 1;
            seconds += tried.seconds_a_step;
            seconds += if due(schedule.preview_every, step) { 1.0 } else { 0.0 };
            seconds += if due(schedule.judge_every, step) { 3.0 } else { 0.0 };
            let saved = due(schedule.judge_every, step) || due(schedule.checkpoint_every, step);
            seconds += if saved { 0.25 } else { 0.0 };
        }
        let judged = schedule.judge_every == 0 || due(schedule.judge_every, step);
        (step, seconds + 0.25 + 1.0 + if judged { 0.0 } else { 3.0 })
    }

    #[test]
    fn a_forecast_is_the_loop_walked_through() {
        let measured = measured();
        for (judge, preview, checkpoint) in [(0, 0, 0), (5, 0, 0), (50, 200, 200), (5, 10, 20), (0, 7, 3), (1, 1, 1)] {
            let course = course(judge, preview, checkpoint);
            let costs = Costs::new(&course, &measured);
            let limits = [1, 2, 19, 20, 21, 1_000].map(|steps| until(Some(steps), None, None));
            let minutes = [0.001, 0.1, 0.5, 1.0, 7.3].map(|minutes| until(None, None, Some(minutes)));
            let both =
                [until(Some(50), None, Some(0.3)), until(None, Some(2.3), Some(60.0)), until(None, Some(0.9), None)];
            for until in limits.into_iter().chain(minutes).chain(both) {
                let (steps, seconds) = walked(&course, until, &measured);
                let forecast = costs.forecast(until).unwrap();
                assert_eq!(forecast.steps, steps, "{judge} {preview} {checkpoint} {until:?}");
                assert!((forecast.seconds - seconds).abs() < 1e-6, "{judge} {preview} {checkpoint} {until:?}");
                assert!((forecast.epochs - steps as f64 * 16.0 / 400.0).abs() < 1e-9);
            }
            assert_eq!(costs.forecast(Until::default()), None);
        }
    }

    #[test]
    fn a_run_holds_what_is_kept() {
        let (measured, course) = (measured(), course(50, 200, 200));
        let bytes = |steps| Costs::new(&course, &measured).bytes_of(steps);
        // One checkpoint and the last preview; a line a ten steps; the book.
        assert_eq!(bytes(20), 10_000 + 1_000 + 1_333 + 2 * 200 + 7);
        // Two and the best.
        assert_eq!(bytes(1_000), 3 * 10_000 + 6 * 1_000 + 6 * 1_000 * 4 / 3 + 120 * 200 + 7);
    }

    #[test]
    fn where_no_step_was_done_all_is_at_least() {
        let found = Found::AtLeast(20.0);
        let (measured, course) = (Measured { found, ..measured() }, course(50, 0, 0));
        let forecast = Costs::new(&course, &measured).forecast(until(Some(100), None, None)).unwrap();
        assert_eq!((forecast.seconds, forecast.run_bytes), (2_000.0, None));
    }
}
