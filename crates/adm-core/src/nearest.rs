//! The word that was probably meant.

/// The candidate most like `given`, if any is alike at all.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(given, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// serde says "unknown field `x`, expected one of `a`, `b`": the one most like `x`.
pub fn nearest_key(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let given = quoted.next()?;
    nearest(given, quoted).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_like_nothing_has_no_nearest() {
        assert_eq!(nearest("participant", ["participants", "pages"]), Some("participants"));
        assert_eq!(nearest("zzz", ["participants", "pages"]), None);
    }

    #[test]
    fn a_message_of_serde_names_the_nearest() {
        assert_eq!(nearest_key("unknown field `rat`, expected `rate` or `name`").as_deref(), Some("rate"));
        assert_eq!(nearest_key("missing field `rate`"), None);
    }
}
