//! From text to a study that makes sense.

use super::{PageSpec, Study};
use crate::SurveyError;
use adm_core::nearest_key;
use std::fs;
use std::path::Path;

/// Largest study file.
const MOST_BYTES: u64 = 1 << 20;

impl Study {
    /// Reads and checks a study file.
    ///
    /// # Errors
    /// A file that cannot be read, and as for [`Study::parse`].
    pub fn open(path: &Path) -> Result<Self, SurveyError> {
        let reading = |source| SurveyError::Read { path: path.to_owned(), source };
        let size = fs::metadata(path).map_err(reading)?.len();
        if size > MOST_BYTES {
            return Err(SurveyError::study("the file", format!("has {size} bytes; a study has at most {MOST_BYTES}")));
        }
        Self::parse(&fs::read_to_string(path).map_err(reading)?, &path.display().to_string())
    }

    /// Reads and checks the text of a study; `origin` is what errors call it.
    ///
    /// # Errors
    /// [`SurveyError::Toml`] for what is no study, [`SurveyError::Study`] for one that makes no sense.
    pub fn parse(text: &str, origin: &str) -> Result<Self, SurveyError> {
        let mut study: Self = toml::from_str(text).map_err(|source| SurveyError::Toml {
            origin: origin.to_owned(),
            nearest: nearest_key(source.message()),
            source: Box::new(source),
        })?;
        if study.pages.is_empty() {
            study.pages = study.usual_pages();
        }
        study.check()?;
        Ok(study)
    }

    /// Consent, volume, every block, closing.
    fn usual_pages(&self) -> Vec<PageSpec> {
        let page = |kind: &str| PageSpec { kind: kind.to_owned(), ..PageSpec::default() };
        let blocks = self.blocks.iter().map(|block| PageSpec { block: Some(block.id.clone()), ..page("block") });
        [page("consent"), page("volume")].into_iter().chain(blocks).chain([page("closing")]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = include_str!("small.toml");

    fn refused(from: &str, to: &str) -> SurveyError {
        let text = SMALL.replace(from, to);
        assert_ne!(text, SMALL, "{from} is not in the study");
        Study::parse(&text, "study.toml").unwrap_err()
    }

    #[test]
    fn a_small_study_gets_the_usual_pages() {
        let study = Study::parse(SMALL, "study.toml").unwrap();
        let kinds: Vec<_> = study.pages.iter().map(|page| page.kind.as_str()).collect();
        assert_eq!(kinds, ["consent", "volume", "block", "closing"]);
    }

    #[test]
    fn what_is_read_can_be_stored_in_a_key_and_read_again() {
        let study = Study::parse(SMALL, "study.toml").unwrap();
        let json = serde_json::to_string(&study).unwrap();
        assert_eq!(serde_json::from_str::<Study>(&json).unwrap(), study);
    }

    #[test]
    fn unknown_keys_name_the_nearest_everywhere() {
        for (from, to, nearest) in [
            ("participants", "participant", "participants"),
            ("truth = \"ai\"\n", "thruth = \"ai\"\n", "truth"),
            ("each_sample", "each_samples", "each_sample"),
            ("draw", "draws", "draw"),
        ] {
            let error = refused(from, to);
            assert!(
                matches!(&error, SurveyError::Toml { nearest: Some(key), .. } if key == nearest),
                "{to}: {error:?}"
            );
        }
    }

    #[test]
    fn what_makes_no_sense_names_where_and_why() {
        for (from, to, message) in [
            ("id = \"fake\"", "id = \"real\"", "stimuli.real: there are two of this id"),
            ("id = \"fake\"", "id = \"Fake!\"", "stimuli.Fake!: an id has letters a to z, digits, - and _ alone"),
            ("count = 4", "count = 0", "stimuli.real.count: must be between 1 and 10000, got 0"),
            ("count = 4", "count = 10001", "stimuli.real.count: must be between 1 and 10000, got 10001"),
            (
                "path = \"set.wav\"",
                "path = \"set.wav\", start = -1",
                "stimuli.real.file.start: must be between 0 and 86400, got -1",
            ),
            ("seconds = 4.0", "seconds = 4.0\nedge = 1.5", "sound.edge: must be between 0 and 1, got 1.5"),
            (
                "file = { path = \"set.wav\" }",
                "dataset = { path = \"d\", split = \"tset\" }",
                "stimuli.real.dataset.split: there is no split \"tset\", but test",
            ),
            (
                "count = 4",
                "count = 4\nround_trip = \"log-mell\"",
                "stimuli.real.round_trip: there is no representation \"log-mell\", but log-mel",
            ),
            (
                "seconds = 4.0",
                "seconds = 4.0\nround_trip = { truths = [], representation = \"stereo\" }",
                "sound.round_trip.representation: there is no representation \"stereo\", but stereo-complex",
            ),
            (
                "seconds = 4.0",
                "seconds = 4.0\nround_trip = { truths = [], sample_rate = 2 }",
                "sound.round_trip.sample_rate: must be between 8000 and 96000, got 2",
            ),
            (
                "kind = \"choice\"\noptions = [\"ai\", \"human\"]\neach_sample = true\nscoring = { truth = {} }",
                "kind = \"text\"\nmost = 100001",
                "questions.origin.most: must be between 1 and 100000, got 100001",
            ),
            (
                "kind = \"choice\"\noptions = [\"ai\", \"human\"]\neach_sample = true\nscoring = { truth = {} }",
                "kind = \"samples\"\nscoring = { target = { truth = \"ai\", points = { exact = nan } } }",
                "questions.origin.scoring.points: must be between -1000 and 1000, got NaN",
            ),
            ("participants = 12", "participants = 0", "participants: must be between 1 and 10000, got 0"),
            ("kind = \"choice\"", "kind = \"chioce\"", "questions.origin: there is no kind \"chioce\", but choice"),
            ("\"human\"]", "\"ai\"]", "questions.origin: two options are called \"ai\""),
            ("\"ai\", \"human\"]", "\"ai\"]", "questions.origin: needs at least two options"),
            (
                "\"human\"]",
                "\"a|b\"]",
                "questions.origin: the option \"a|b\" must not have | or control characters in it",
            ),
            ("\"human\"]", "\"person\"]", "questions.origin: no option stands for the truth \"human\" of block pairs"),
            (
                "questions = [\"origin\"]",
                "questions = [\"orign\"]",
                "blocks.pairs: there is no question \"orign\", but origin",
            ),
            ("human = 1", "humans = 1", "blocks.pairs: no stimulus has the truth \"humans\", but human"),
            ("count = 3", "heard = 1.5", "blocks.pairs: heard must be between 0 and 1, got 1.5"),
            (
                "each_sample = true",
                "each_sample = false",
                "questions.origin: scoring by truth needs each_sample = true",
            ),
            ("seconds = 4.0", "seconds = 0.1", "sound.seconds: must be between 1 and 600, got 0.1"),
        ] {
            assert_eq!(refused(from, to).to_string(), message, "{to}");
        }
    }

    /// The small study with a trial that expects an answer of `machine`, which names samples, or of `origin`.
    fn expecting(question: &str, expected: &str, more: &str) -> Result<Study, SurveyError> {
        let named = "[[questions]]\nid = \"machine\"\ntext = \"Which?\"\nkind = \"samples\"\n\n[[blocks]]";
        let text = SMALL.replace("[[blocks]]", named).replace("[\"origin\"]", "[\"origin\", \"machine\"]") + more;
        let trial = "\n[[blocks.trials]]\nsamples = [\"real-1\", \"fake-7\"]\nexpect = ";
        Study::parse(&format!("{text}{trial}{{ {question} = \"{expected}\" }}\n"), "study.toml")
    }

    #[test]
    fn what_a_trial_expects_can_be_answered() {
        for (question, expected) in [("machine", "ai"), ("machine", "real-1"), ("origin", "human")] {
            expecting(question, expected, "").unwrap();
        }
        for (question, expected, message) in [
            ("origin", "humn", "\"humn\" is no answer to origin"),
            ("orign", "human", "expects an answer to \"orign\", but origin"),
            (
                "machine",
                "1",
                "\"1\" names no samples of ids real-1, fake-7, or truths human, ai: it is no answer to machine",
            ),
            (
                "machine",
                "fake-8",
                "\"fake-8\" names no samples of ids real-1, fake-7, or truths human, ai: it is no answer to machine",
            ),
        ] {
            let error = expecting(question, expected, "").unwrap_err();
            assert_eq!(error.to_string(), format!("blocks.pairs: {message}"));
        }
        let abx = "\n\n[[blocks]]\nid = \"same\"\nkind = \"abx\"\n";
        let error = expecting("abx", "a", abx).unwrap_err();
        assert!(error.to_string().starts_with("blocks.same: X is another sample on every sheet"), "{error}");
    }

    #[test]
    fn sounds_that_will_not_be_there_are_found_at_once() {
        for (id, near) in [("real-5", "real-4"), ("real", "real-1"), ("fake-0", "fake-1"), ("fake-x", "fake-1")] {
            let text = format!("{SMALL}\n[[blocks.trials]]\nsamples = [\"{id}\"]\n");
            let error = Study::parse(&text, "study.toml").unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("blocks.pairs: there is no stimulus \"{id}\", but {}", &near[..5])),
                "{error}"
            );
        }
    }

    #[test]
    fn a_choice_has_an_option_for_the_truth_of_a_given_trial() {
        let other = "[[stimuli]]\nid = \"old\"\ntruth = \"tape\"\nfile = { path = \"old.wav\" }\n\n[[questions]]";
        let text = SMALL.replace("[[questions]]", other) + "\n[[blocks.trials]]\nsamples = [\"old\", \"fake-1\"]\n";
        let error = Study::parse(&text, "study.toml").unwrap_err();
        assert_eq!(error.to_string(), "questions.origin: no option stands for the truth \"tape\" of block pairs");
        Study::parse(&(text + "expect = { origin = \"ai\" }\n"), "study.toml").unwrap();
    }

    #[test]
    fn what_nobody_could_answer_or_everybody_guess_is_refused() {
        let machine = "kind = \"samples\"\nscoring = { target = { truth = \"ai\" } }\n";
        let asked = "kind = \"choice\"\noptions = [\"ai\", \"human\"]\neach_sample = true\nscoring = { truth = {} }\n";
        let text = SMALL.replace(asked, machine);
        assert_ne!(text, SMALL);
        Study::parse(&text, "study.toml").unwrap();
        for (from, to, message) in [
            (
                "human = 1 }",
                "human = 1 }\nalone = [\"ai\"]",
                "blocks.pairs: origin names one of several samples, and a trial has only one",
            ),
            (
                "draw = { ai = 1, human = 1 }",
                "draw = { ai = 2 }",
                "blocks.pairs: 2 of a trial's 2 samples are \"ai\", so origin has no wrong or no right answer",
            ),
            (
                "draw = { ai = 1, human = 1 }",
                "draw = { human = 2 }",
                "blocks.pairs: 0 of a trial's 2 samples are \"ai\", so origin has no wrong or no right answer",
            ),
            (
                "count = 3",
                "order = \"as-given\"",
                "blocks.pairs: order = \"as-given\" is for trials that are given, not for those that are drawn or alone",
            ),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            assert_eq!(Study::parse(&changed, "study.toml").unwrap_err().to_string(), message);
        }
        for (from, to, message) in [
            (
                "id = \"pairs\"",
                "id = \"pairs\"\nkind = \"abx\"",
                "blocks.pairs: origin is asked of each sample, which trials of this kind do not show",
            ),
            (
                "draw = { ai = 1, human = 1 }",
                "alone = [\"ai\"]",
                "blocks.pairs: count is about draw, and there is none",
            ),
            ("\"human\"]", "\"\u{feff}\"]", "questions.origin: an option has no words"),
        ] {
            assert_eq!(refused(from, to).to_string(), message, "{to}");
        }
    }
}
