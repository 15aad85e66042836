//! The page's own words, in the study's language.

use crate::SurveyError;
use crate::study::Study;
use adm_core::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// Languages that come with `adm`; English has every word, and others all that English has (a test holds them to it).
const LANGUAGES: [(&str, &str); 4] = [
    ("en", include_str!("../../texts/en.toml")),
    ("de", include_str!("../../texts/de.toml")),
    ("es", include_str!("../../texts/es.toml")),
    ("nl", include_str!("../../texts/nl.toml")),
];

/// Missing words that are named at once.
const NAMED: usize = 8;

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
    if let Some((key, _)) =
        study.texts.iter().find(|(key, text)| text.trim().is_empty() || places(text) != places(&known[*key]))
    {
        let problem = format!("\"{key}\" must say something, with the same places in braces as \"{}\"", known[key]);
        return Err(SurveyError::study("texts", problem));
    }
    let mut words = language(&study.language).unwrap_or_default();
    words.extend(study.texts.clone());
    let missing: Vec<&str> = known.keys().filter(|key| !words.contains_key(*key)).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(words);
    }
    let (languages, named) = (LANGUAGES.map(|(name, _)| name).join(", "), first(&missing));
    let problem = format!("{} of {} words are missing in \"{}\"", missing.len(), known.len(), study.language);
    Err(SurveyError::study("language", problem)
        .or(format!("choose one of {languages}, or give the missing words in [texts]: {named}")))
}

/// What stands in braces, which the page puts numbers and names in the place of.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

/// The first few of some words, and how many more there are.
fn first(words: &[&str]) -> String {
    let (named, more) = words.split_at(words.len().min(NAMED));
    match more.len() {
        0 => named.join(", "),
        more => format!("{}, and {more} more", named.join(", ")),
    }
}

fn language(name: &str) -> Option<BTreeMap<String, String>> {
    let (_, text) = LANGUAGES.iter().find(|(known, _)| *known == name)?;
    toml::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adm_core::Hint;

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
        let all = language("en").unwrap();
        let error = words(&study).unwrap_err();
        assert_eq!(error.to_string(), format!("language: {0} of {0} words are missing in \"fr\"", all.len()));
        let named: Vec<&str> = all.keys().map(String::as_str).take(8).collect();
        let wanted = format!("[texts]: {}, and {} more", named.join(", "), all.len() - 8);
        assert!(error.hint().unwrap().ends_with(&wanted), "{:?}", error.hint());
        study.texts = all.into_iter().filter(|(key, _)| !["next", "agree"].contains(&&**key)).collect();
        assert!(words(&study).unwrap_err().hint().unwrap().ends_with("in [texts]: agree, next"));
    }
}
