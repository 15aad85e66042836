//! `adm devices`: what can be computed on, and what would be.

use super::Outcome;
use crate::output::Output;
use crate::output::text::Rows;
use crate::settings::Session;
use adm_train::device;
use serde::Serialize;
use std::fmt;

/// Lists the devices.
///
/// # Errors
/// A `--device` that is not there.
pub fn run(session: &Session, output: &Output) -> anyhow::Result<Outcome> {
    let adapters = device::adapters();
    let picked = device::pick(session.device)?;
    let gpu = |(index, adapter): (usize, &device::Adapter)| Row {
        flag: format!("gpu:{index}"),
        name: adapter.name(),
        kind: adapter.kind.to_string(),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cpu = Row { flag: "cpu".to_owned(), name: format!("{cores} cores"), kind: "CPU".to_owned() };
    let devices = adapters.iter().enumerate().map(gpu).chain([cpu]).collect();
    output.printer.print(&Devices { devices, picked: picked.description, because: picked.note })?;
    Ok(Outcome::Done)
}

#[derive(Debug, Serialize)]
struct Devices {
    devices: Vec<Row>,
    picked: String,
    because: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    /// What to give after `--device`.
    flag: String,
    name: String,
    kind: String,
}

impl fmt::Display for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Row { flag, name, kind } in &self.devices {
            writeln!(f, "--device {flag:6}  {name} ({kind})")?;
        }
        writeln!(f)?;
        let rows = Rows::default().row("picked", self.picked.clone()).maybe("because", self.because.clone());
        write!(f, "{rows}")
    }
}
