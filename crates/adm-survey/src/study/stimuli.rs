//! Which sounds, and what they are.

use crate::manifest::whole;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One or more sounds of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Typed")]
pub struct StimulusSpec {
    /// What blocks call it. Of a group, the sounds are called `ID-1`, `ID-2` and so on.
    pub id: String,
    /// What it is: `ai`, `human`, or the name of a system that is compared. Answers are scored against it.
    pub truth: String,
    /// The passage that it is a version of. MUSHRA trials, and draws with `matched`, put versions of one item together. Of a
    /// group, the sounds are of `ITEM-1`, `ITEM-2` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// How many sounds, 1 to 10,000; 1 where none is said, all of a folder's files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// Where it comes from.
    #[serde(flatten)]
    pub place: Place,
    /// A round trip through a representation of its own, such as `log-mel`, instead of the study's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip: Option<String>,
}

impl StimulusSpec {
    /// Whether its sounds are numbered: those of a folder without a count, and of a count other than one.
    pub(crate) fn is_group(&self) -> bool {
        self.count.map_or(matches!(self.place, Place::Folder(_)), |count| count != 1)
    }

    /// Whether a sound of this id is one of its own; of a folder without a count, any number might be.
    pub(crate) fn has(&self, id: &str) -> bool {
        if !self.is_group() {
            return id == self.id;
        }
        let number = id.strip_prefix(&*self.id).and_then(|rest| rest.strip_prefix('-')).and_then(whole);
        let number = number.and_then(|number| usize::try_from(number).ok());
        number.is_some_and(|number| number >= 1 && self.count.is_none_or(|count| number <= count))
    }

    /// The ids of its sounds; of a folder without a count, the first.
    pub(crate) fn ids(&self) -> impl Iterator<Item = String> + '_ {
        let numbered = move |number| format!("{}-{number}", self.id);
        (1..=self.count.unwrap_or(1))
            .map(move |number| if self.is_group() { numbered(number) } else { self.id.clone() })
    }
}

/// Where sounds come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// `file = { path = "a.wav", start = 12.5 }`.
    File(FilePlace),
    /// `folder = { path = "loops" }`.
    Folder(FolderPlace),
    /// `dataset = { path = "beats", split = "test" }`.
    Dataset(DatasetPlace),
    /// `run = { paths = ["run"], seed = 1 }`.
    Run(RunPlace),
}

/// Passages of a recording, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePlace {
    /// The recording.
    pub path: PathBuf,
    /// Where the first passage begins, in seconds, 0 to 86,400; 0 where none is said.
    #[serde(default)]
    pub start: f64,
}

/// Files of a folder in order of their names, each from its beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderPlace {
    /// The folder.
    pub path: PathBuf,
}

/// Runs of neighbouring slices of a dataset, joined as the recording went on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetPlace {
    /// The dataset.
    pub path: PathBuf,
    /// `train`, `validation` or `test`; a listening test should use what was not learned from. `any` takes slices of all three, and
    /// those between them, for datasets whose held-out stretches are shorter than stimuli.
    #[serde(default = "test")]
    pub split: String,
}

/// Music that a run makes, each sound with the next seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunPlace {
    /// A generator, a sequencer, or both.
    pub paths: Vec<PathBuf>,
    /// The first seed; that of `--seed` where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

fn test() -> String {
    "test".to_owned()
}

/// As it is written: serde cannot refuse unknown keys beside a choice of tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    id: String,
    truth: String,
    item: Option<String>,
    count: Option<usize>,
    round_trip: Option<String>,
    file: Option<FilePlace>,
    folder: Option<FolderPlace>,
    dataset: Option<DatasetPlace>,
    run: Option<RunPlace>,
}

impl TryFrom<Typed> for StimulusSpec {
    type Error = String;

    fn try_from(typed: Typed) -> Result<Self, String> {
        let Typed { id, truth, item, count, round_trip, file, folder, dataset, run } = typed;
        let mut places =
            [file.map(Place::File), folder.map(Place::Folder), dataset.map(Place::Dataset), run.map(Place::Run)]
                .into_iter()
                .flatten();
        match (places.next(), places.next()) {
            (Some(place), None) => Ok(Self { id, truth, item, count, place, round_trip }),
            _ => Err(format!("stimulus \"{id}\" needs one of file, folder, dataset and run")),
        }
    }
}
