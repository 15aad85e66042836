//! HTML that cannot be broken out of.

/// A growing piece of HTML. Text and attribute values are escaped on the way in.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// An element with content.
    pub(crate) fn element<R>(
        &mut self,
        tag: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.void(tag, attributes);
        let result = content(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
        result
    }

    /// An element that has no content and no end tag.
    pub(crate) fn void(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// An element that holds only text.
    pub(crate) fn leaf(&mut self, tag: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// Text, wherever text may stand.
    pub(crate) fn text(&mut self, text: &str) {
        text.chars().for_each(|letter| match letter {
            '&' => self.0.push_str("&amp;"),
            '<' => self.0.push_str("&lt;"),
            '>' => self.0.push_str("&gt;"),
            '"' => self.0.push_str("&quot;"),
            '\'' => self.0.push_str("&#39;"),
            '\n' | '\t' => self.0.push(letter),
            // Control characters have no place on a page, and those that reverse the reading direction of what follows
            // could make a file name read like another.
            _ if letter.is_control() || is_direction_control(letter) => self.0.push('\u{fffd}'),
            _ => self.0.push(letter),
        });
    }

    /// HTML of this crate's own making.
    pub(crate) fn trusted(&mut self, html: &str) {
        self.0.push_str(html);
    }

    /// The finished piece.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

fn is_direction_control(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_text_or_attributes() {
        let mut html = Html::default();
        html.leaf("a", &[("title", "\"><script>alert('x')</script>")], "<b>&amp;\u{202e}gnp.exe\0");
        let expected = "<a title=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\">\
                        &lt;b&gt;&amp;amp;\u{fffd}gnp.exe\u{fffd}</a>";
        assert_eq!(html.into_string(), expected);
    }
}
