//! The page's own words, in the study's language.

use crate::SurveyError;
use crate::study::Study;
use adm_core::nearest;
use std::collections::BTreeMap;

/// Languages that come with `adm`; English has every word, and others all that English has (a test holds them to it).
const LANGUAGES: [(&str, &str); 4] = [
    ("en", include_str!("../../texts/en.toml")),
    ("de", include_str!("../../texts/de.toml")),
    ("es", include_str!("../../texts/es.toml")),
    ("nl", include_str!("../../texts/nl.toml")),
];

/// The words that a study's page says: its language's, and the study's own over them.
///
/// # Errors
/// [`SurveyError::Study`] for words that the page does not have, and for a language that is not there and not given whole.
pub fn words(study: &Study) -> Result<BTreeMap<String, String>, SurveyError> {
    let known = language("en").unwrap_or_default();
    if let Some(key) = study.texts.keys().find(|key| !known.contains_key(*key)) {
        let near = nearest(key, known.keys().map(|key| &**key)).map(|near| format!(", but {near}")).unwrap_or_default();
        return Err(SurveyError::study("texts", format!("the page has no words \"{key}\"{near}")));
    }
    let mut words = language(&study.language).unwrap_or_default();
    words.extend(study.texts.clone());
    match known.keys().find(|key| !words.contains_key(*key)) {
        None => Ok(words),
        Some(missing) => {
            let languages = LANGUAGES.map(|(name, _)| name).join(", ");
            let problem = format!("there are no words in \"{}\" for \"{missing}\"", study.language);
            Err(SurveyError::study("language", problem).or(format!(
                "choose one of {languages}, or give all words in [texts]; they are those of {} keys",
                known.len()
            )))
        }
    }
}

fn language(name: &str) -> Option<BTreeMap<String, String>> {
    let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == name)?;
    toml::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What stands in braces.
    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    #[test]
    fn every_language_has_every_word_with_the_same_places_in_it() {
        let english = language("en").unwrap();
        assert!(english.len() > 20, "{}", english.len());
        for (name, _) in LANGUAGES {
            let words = language(name).unwrap();
            let keys = |words: &BTreeMap<String, String>| words.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(&words), keys(&english), "{name}");
            for (key, text) in &words {
                assert_eq!(places(text), places(&english[key]), "{name}: {key}");
                assert!(!text.trim().is_empty(), "{name}: {key}");
            }
        }
    }

    #[test]
    fn a_study_can_say_it_otherwise_but_not_in_words_that_nobody_says() {
        let mut study = Study::parse(include_str!("../study/small.toml"), "small.toml").unwrap();
        let key = language("en").unwrap().into_keys().next().unwrap();
        study.texts.insert(key.clone(), "Otherwise".to_owned());
        assert_eq!(words(&study).unwrap()[&key], "Otherwise");
        study.texts.insert("nonesuch".to_owned(), "x".to_owned());
        assert!(words(&study).unwrap_err().to_string().starts_with("texts: the page has no words \"nonesuch\""));
        study.texts.clear();
        study.language = "fr".to_owned();
        assert!(words(&study).unwrap_err().to_string().starts_with("language: there are no words in \"fr\" for"));
    }
}
