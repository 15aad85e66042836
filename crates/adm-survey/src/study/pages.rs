//! Pages.

use serde::{Deserialize, Serialize};

/// One page.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageSpec {
    /// `consent`, `text`, `volume`, `training`, `questions`, `block` or `closing`. The first asks for consent, the last closes.
    pub kind: String,
    /// Its heading; the page's own words have one for each kind.
    #[serde(default)]
    pub title: Option<String>,
    /// Prose; blank lines separate paragraphs.
    #[serde(default)]
    pub text: Option<String>,
    /// Of `questions`: their ids.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Of `block`: its id.
    #[serde(default)]
    pub block: Option<String>,
    /// Of `training`: examples whose truth is told. They are in no trial.
    #[serde(default)]
    pub samples: Vec<TrainingSample>,
}

/// An example of a training page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingSample {
    /// The stimulus.
    pub id: String,
    /// What is said of it.
    pub label: String,
}
