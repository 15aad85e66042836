//! Which sounds, and what they are.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One or more sounds of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StimulusSpec {
    /// What blocks call it. Of a group, the sounds are called `ID-1`, `ID-2` and so on.
    pub id: String,
    /// What it is: `ai`, `human`, or the name of a system that is compared. Answers are scored against it.
    pub truth: String,
    /// The passage that it is a version of. MUSHRA trials, and draws with `matched`, put versions of one item together. Of a
    /// group, the sounds are of `ITEM-1`, `ITEM-2` and so on.
    #[serde(default)]
    pub item: Option<String>,
    /// How many sounds; 1 where none is said, all of a folder's files.
    #[serde(default)]
    pub count: Option<usize>,
    /// Where it comes from.
    #[serde(flatten)]
    pub place: Place,
    /// A round trip through a representation of its own, such as `log-mel`, instead of the study's.
    #[serde(default)]
    pub round_trip: Option<String>,
}

/// Where sounds come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// `file = { path = "a.wav", start = 12.5 }`: passages of a recording, `count` of them one after the other.
    File {
        /// The recording.
        path: PathBuf,
        /// Where the first passage begins, in seconds.
        #[serde(default)]
        start: f64,
    },
    /// `folder = { path = "loops" }`: files of a folder in order of their names, each from its beginning.
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// `dataset = { path = "beats", split = "test" }`: runs of neighbouring slices of a dataset, joined as they were cut.
    Dataset {
        /// The dataset.
        path: PathBuf,
        /// `train`, `validation` or `test`; a listening test should use what was not learned from.
        #[serde(default = "test")]
        split: String,
    },
    /// `run = { paths = ["run"], seed = 1 }`: music that a run makes, each sound with the next seed.
    Run {
        /// A generator, a sequencer, or both.
        paths: Vec<PathBuf>,
        /// The first seed; that of `--seed` where none is given.
        #[serde(default)]
        seed: Option<u64>,
    },
}

fn test() -> String {
    "test".to_owned()
}
