//! Lines of CSV (RFC 4180).

/// Appends a line: commas between fields, quotes only where they are needed, CR LF at the end.
pub(crate) fn line<S: AsRef<str>>(text: &mut String, fields: impl IntoIterator<Item = S>) {
    for (column, words) in fields.into_iter().enumerate() {
        if column > 0 {
            text.push(',');
        }
        field(text, words.as_ref());
    }
    text.push_str("\r\n");
}

fn field(text: &mut String, words: &str) {
    if !words.contains([',', '"', '\n', '\r']) {
        return text.push_str(words);
    }
    text.push('"');
    text.push_str(&words.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_would_end_a_field_is_quoted() {
        let mut text = String::new();
        super::line(&mut text, ["a b", "", "a,b", "say \"a\"", "two\nlines", "\r"]);
        super::line(&mut text, [String::new()]);
        assert_eq!(text, "a b,,\"a,b\",\"say \"\"a\"\"\",\"two\nlines\",\"\r\"\r\n\r\n");
    }
}
