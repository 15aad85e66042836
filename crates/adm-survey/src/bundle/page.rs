//! The page's files, built into the binary.

/// Name within the bundle and text of every file.
pub(super) const PAGE: [(&str, &str); 24] = [
    ("index.html", include_str!("../../page/index.html")),
    ("page/answers.js", include_str!("../../page/answers.js")),
    ("page/asked.js", include_str!("../../page/asked.js")),
    ("page/closing.js", include_str!("../../page/closing.js")),
    ("page/dom.js", include_str!("../../page/dom.js")),
    ("page/fader.js", include_str!("../../page/fader.js")),
    ("page/fields.js", include_str!("../../page/fields.js")),
    ("page/form.js", include_str!("../../page/form.js")),
    ("page/heard.js", include_str!("../../page/heard.js")),
    ("page/keyboard.js", include_str!("../../page/keyboard.js")),
    ("page/listening.js", include_str!("../../page/listening.js")),
    ("page/main.js", include_str!("../../page/main.js")),
    ("page/manifest.js", include_str!("../../page/manifest.js")),
    ("page/pages.js", include_str!("../../page/pages.js")),
    ("page/player.js", include_str!("../../page/player.js")),
    ("page/sha256.js", include_str!("../../page/sha256.js")),
    ("page/slider.js", include_str!("../../page/slider.js")),
    ("page/sounds.js", include_str!("../../page/sounds.js")),
    ("page/start.js", include_str!("../../page/start.js")),
    ("page/store.js", include_str!("../../page/store.js")),
    ("page/style.css", include_str!("../../page/style.css")),
    ("page/trial.js", include_str!("../../page/trial.js")),
    ("page/wav.js", include_str!("../../page/wav.js")),
    ("page/words.js", include_str!("../../page/words.js")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn what_the_page_asks_for_is_there_and_nothing_else() {
        let index = PAGE[0].1;
        let asked = index.split(['"', '\'']).filter(|word| word.starts_with("page/"));
        let there = PAGE.iter().map(|(name, _)| *name).filter(|name| name.starts_with("page/"));
        assert_eq!(asked.collect::<BTreeSet<_>>(), there.collect::<BTreeSet<_>>());
    }
}
