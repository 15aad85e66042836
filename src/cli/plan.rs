//! What `adm plan` takes.

use super::Family;
use super::values::{above, whole};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Times a few steps of each preset here and says what all of it takes: time, memory, disk. Nothing is kept. \
Without --data it learns from noise, which takes as long as music. `adm plan gan --minutes 60` asks which presets get done in an hour."
)]
pub struct PlanArgs {
    /// The kind of model
    #[arg(value_name = "FAMILY", value_enum)]
    pub family: Family,
    /// The dataset to learn from, for caw the recording (as for adm train); made-up data of the preset's own shape where none is given
    #[arg(long, value_name = "DATASET", visible_aliases = ["recording", "csv"])]
    pub data: Option<PathBuf>,
    /// A preset's name or a TOML file; may be given many times, all presets of the family where none is given
    #[arg(long = "config", value_name = "PRESET|FILE")]
    pub configs: Vec<String>,
    /// Change one setting of every configuration; may be given many times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Plan for so many steps
    #[arg(long, value_name = "N", value_parser = whole(1, 1_000_000_000), allow_negative_numbers = true,
          conflicts_with = "epochs")]
    pub steps: Option<usize>,
    /// Plan for so many passes over the dataset
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e9), allow_negative_numbers = true)]
    pub epochs: Option<f64>,
    /// Plan for so many minutes
    #[arg(long, value_name = "N", value_parser = above(0.0, 1e7), allow_negative_numbers = true)]
    pub minutes: Option<f64>,
    /// Seconds after which no further step of a preset is timed; more of them make slow presets surer
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = above(0.0, 1e6), allow_negative_numbers = true)]
    pub patience: f64,
    /// Where a trial keeps what it writes: with it, one configuration is tried in this process and its figures are printed
    #[arg(long, value_name = "DIR", hide = true)]
    pub scratch: Option<PathBuf>,
}
