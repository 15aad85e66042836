//! When it was trained and on what.

use super::recorded::{Recorded, State};
use super::when::utc;
use crate::output::text::{bytes, count, duration};
use adm_report::{Section, Table};
use adm_train::Sitting;

pub fn section(run: &Recorded) -> Section {
    let section = Section::new("Sittings");
    if run.sittings.is_empty() {
        return section.with("The run keeps no note of its sittings: it is older than they are.");
    }
    let columns = [
        "began",
        "steps",
        "time",
        "steps a second",
        "device",
        "processor",
        "threads",
        "memory",
        "system",
        "adm",
        "ended",
    ];
    let last = run.sittings.len() - 1;
    let table = run
        .sittings
        .iter()
        .enumerate()
        .fold(Table::new("Sittings of the training", columns), |table, (at, sitting)| {
            table.row(row(sitting, at == last && run.state == State::Training))
        });
    section.with(table)
}

fn row(sitting: &Sitting, going_on: bool) -> [String; 11] {
    let done = sitting.to_step.map(|to| to.saturating_sub(sitting.from_step));
    let rate = done.zip(sitting.seconds).filter(|(_, seconds)| *seconds > 0.0);
    let unended = if going_on { "is going on" } else { "was cut off" };
    let steps = match sitting.to_step {
        Some(to) => format!("{} to {}", count(sitting.from_step), count(to)),
        None => format!("from {}", count(sitting.from_step)),
    };
    [
        utc(sitting.started),
        steps,
        sitting.seconds.map_or(String::new(), duration),
        rate.map_or(String::new(), |(done, seconds)| format!("{:.2}", done as f64 / seconds)),
        sitting.device.clone(),
        sitting.machine.processor.clone(),
        format!("{} on {}", sitting.threads, cores(sitting.machine.cores)),
        sitting.machine.memory.map_or(String::new(), bytes),
        sitting.machine.os.clone(),
        sitting.version.clone(),
        sitting.ended.clone().unwrap_or_else(|| unended.to_owned()),
    ]
}

fn cores(count: usize) -> String {
    if count == 1 { "1 core".to_owned() } else { format!("{count} cores") }
}
