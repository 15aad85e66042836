//! A configuration tried in a process of its own.

use super::measured::Measured;
use crate::interrupt;
use crate::settings::{Candidate, Session, TrialSettings};
use anyhow::{Context, Result};
use serde::Serialize;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How often a process is looked after.
const LOOK: Duration = Duration::from_millis(20);

/// What became of a trial.
pub enum Answer {
    Measured(Measured),
    Refused(Refusal),
}

/// Why a configuration cannot be trained here, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub reason: String,
    pub hint: Option<String>,
}

/// What all trials have in common.
pub struct Apart<'a> {
    pub settings: &'a TrialSettings,
    pub session: &'a Session,
}

impl Apart<'_> {
    /// Tries a configuration; what it writes goes to `scratch`, which must not be there yet and is deleted with its parent.
    ///
    /// # Errors
    /// A process that cannot be started.
    pub fn try_out(&self, candidate: &Candidate, scratch: &Path) -> Result<Answer> {
        let (mut said, mut complained) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let mut command = self.command(candidate, scratch)?;
        command.stdin(Stdio::null()).stdout(said.try_clone()?).stderr(complained.try_clone()?);
        let mut child = command.spawn().context("cannot start a trial")?;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if interrupt::requested() || measured(&mut said)?.is_some() {
                // It may be in the middle of a long step, and nothing of it is kept.
                child.kill()?;
            }
            sleep(LOOK);
        };
        Ok(match measured(&mut said)? {
            Some(measured) => Answer::Measured(measured),
            None => Answer::Refused(Refusal::of(&content(&mut complained)?, status)),
        })
    }

    fn command(&self, candidate: &Candidate, scratch: &Path) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe().context("cannot find this program to run it again")?);
        command.args(["plan", candidate.config.family(), "--config", &candidate.name, "--quiet", "--color", "never"]);
        command.arg("--scratch").arg(scratch);
        command.args(["--device", &self.session.device.to_string()]);
        command.args(["--patience", &self.settings.patience.as_secs_f64().to_string()]);
        for change in &self.settings.changes {
            command.args(["--set", change]);
        }
        let mut number = |flag: &str, value: Option<u64>| {
            if let Some(value) = value {
                command.args([flag, &value.to_string()]);
            }
        };
        number("--seed", self.session.seed);
        number("--threads", self.session.threads.map(|threads| threads as u64));
        if let Some(data) = &self.settings.data {
            command.arg("--data").arg(data);
        }
        Ok(command)
    }
}

/// What a process has told, once it is whole.
fn measured(said: &mut File) -> Result<Option<Measured>> {
    let text = content(said)?;
    // A step may end just after it was told that it had not.
    Ok(serde_json::Deserializer::from_str(&text).into_iter().next().and_then(Result::ok))
}

fn content(file: &mut File) -> Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Refusal {
    /// What a process said on stderr before it ended.
    fn of(complained: &str, status: ExitStatus) -> Self {
        let after = |word: &str| complained.lines().find_map(|line| line.strip_prefix(word)).map(str::to_owned);
        if let Some(reason) = after("error: ") {
            return Self { reason, hint: after("hint: ") };
        }
        // A system out of memory ends a process without a word, an allocator with these.
        let starved = complained.contains("memory allocation of") || was_killed(status);
        let reason = if starved { "the trial was ended, maybe for want of memory" } else { "the trial failed" };
        let hint = "lower training.batch with --set training.batch=…".to_owned();
        Self { reason: format!("{reason} ({status})"), hint: starved.then_some(hint) }
    }
}

#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    const SIGKILL: i32 = 9;
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGKILL)
}

#[cfg(not(unix))]
fn was_killed(_status: ExitStatus) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn a_process_s_last_words_are_its_reason() {
        let said = "warning: x\nerror: the dataset is too small\n  Caused by: life\n\nhint: prepare more\n";
        let expected = Refusal { reason: "the dataset is too small".into(), hint: Some("prepare more".into()) };
        assert_eq!(Refusal::of(said, ExitStatus::from_raw(1 << 8)), expected);
    }

    #[test]
    fn a_process_that_was_ended_may_have_wanted_memory() {
        let killed = Refusal::of("", ExitStatus::from_raw(9));
        assert!(killed.reason.starts_with("the trial was ended, maybe for want of memory (signal: 9"), "{killed:?}");
        let aborted = Refusal::of("memory allocation of 99 bytes failed\n", ExitStatus::from_raw(6));
        assert!(aborted.hint.is_some(), "{aborted:?}");
        let crashed = Refusal::of("", ExitStatus::from_raw(11));
        assert!(crashed.reason.starts_with("the trial failed (signal: 11") && crashed.hint.is_none(), "{crashed:?}");
        let failed = Refusal::of("thread panicked\n", ExitStatus::from_raw(101 << 8));
        assert_eq!((failed.reason.as_str(), failed.hint), ("the trial failed (exit status: 101)", None));
    }
}
