//! What holds for every verb.

use super::Usage;
use crate::cli::Global;
use crate::output::ColourChoice;
use adm_core::Seeds;
use adm_train::DeviceChoice;
use anyhow::Context;

/// How much to say on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Warnings and errors.
    Quiet,
    /// Progress too.
    Normal,
    /// And what each stage did.
    Verbose,
}

/// What holds for every verb.
#[derive(Debug, Clone)]
pub struct Session {
    pub device: DeviceChoice,
    pub seeds: Seeds,
    /// The seed that was asked for, where one was.
    pub seed: Option<u64>,
    pub json: bool,
    pub verbosity: Verbosity,
    pub colour: ColourChoice,
    /// Threads that were asked for, where any were.
    pub threads: Option<usize>,
}

impl Session {
    /// Checks the global flags.
    pub fn resolve(global: &Global) -> Result<Self, Usage> {
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Ok(Self {
            device: global.device.parse()?,
            seeds: Seeds::new(global.seed.unwrap_or_default()),
            seed: global.seed,
            json: global.json,
            verbosity,
            colour: global.color,
            threads: global.threads,
        })
    }

    /// Makes the pool that all parallel work shares as large as was asked for.
    ///
    /// # Errors
    /// A system that grants no such number of threads.
    pub fn limit_threads(&self) -> anyhow::Result<()> {
        let Some(threads) = self.threads else { return Ok(()) };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.with_context(|| format!("cannot start {threads} threads"))
    }

    /// Things to do at once where a verb was not told.
    pub fn jobs(&self, asked: Option<usize>) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        asked.or(self.threads).unwrap_or_else(cores)
    }
}
