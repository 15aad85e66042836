//! When it was trained and on what.

use super::recorded::{Recorded, State};
use super::when::utc;
use crate::output::text::{bytes, count, duration, plural};
use adm_report::{Section, Table};
use adm_train::{Machine, Sitting};

pub fn section(run: &Recorded) -> Section {
    let section = Section::new("Sittings");
    if run.sittings.is_empty() {
        return section.with("The run keeps no note of its sittings: it is older than they are.");
    }
    let columns = ["began", "steps", "ended", "time", "steps a second", "device", "machine", "threads", "adm"];
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

fn row(sitting: &Sitting, going_on: bool) -> [String; 9] {
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
        sitting.ended.clone().unwrap_or_else(|| unended.to_owned()),
        sitting.seconds.map_or(String::new(), duration),
        rate.map_or(String::new(), |(done, seconds)| format!("{:.2}", done as f64 / seconds)),
        sitting.device.clone(),
        machine(&sitting.machine),
        sitting.threads.to_string(),
        sitting.version.clone(),
    ]
}

/// Processor, cores, memory and system, as far as they are known.
fn machine(machine: &Machine) -> String {
    let processor = (!machine.processor.is_empty()).then(|| machine.processor.clone());
    let cores = Some(plural(machine.cores, "core"));
    let parts = [processor, cores, machine.memory.map(bytes), Some(machine.os.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
