//! Rows and columns.

use crate::html::Html;

/// A table of text. Columns whose cells are all numbers are set to the right.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    caption: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with a caption, which also names it to a screen reader, and column headings.
    pub fn new<C: Into<String>>(caption: impl Into<String>, columns: impl IntoIterator<Item = C>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self { caption: caption.into(), columns, rows: Vec::new() }
    }

    /// The same table with one more row. A short row is filled with empty cells; what is too much is left out.
    #[must_use]
    pub fn row<C: ToString>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        let mut row: Vec<String> = cells.into_iter().map(|cell| cell.to_string()).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
        self
    }

    pub(crate) fn render(&self, html: &mut Html) {
        // Scrolling sideways must be possible from the keyboard too.
        let scroller = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", &*self.caption)];
        html.element("figure", &[], |html| {
            html.leaf("figcaption", &[], &self.caption);
            html.element("div", &scroller, |html| {
                html.element("table", &[], |html| {
                    html.element("thead", &[], |html| self.render_row(html, "th", &self.columns));
                    html.element("tbody", &[], |html| {
                        self.rows.iter().for_each(|row| self.render_row(html, "td", row))
                    });
                });
            });
        });
    }

    fn render_row(&self, html: &mut Html, tag: &str, cells: &[String]) {
        html.element("tr", &[], |html| {
            for (column, cell) in cells.iter().enumerate() {
                let scope = (tag == "th").then_some(("scope", "col"));
                let class = match (self.is_numeric(column), self.is_wordy(column)) {
                    (true, _) => Some(("class", "number")),
                    (_, true) => Some(("class", "words")),
                    _ => None,
                };
                let attributes: Vec<_> = scope.into_iter().chain(class).collect();
                html.leaf(tag, &attributes, cell);
            }
        });
    }

    /// Whether a column holds more than a word or two, which would stand one under the other where many columns share the width.
    fn is_wordy(&self, column: usize) -> bool {
        self.rows.iter().filter_map(|row| row.get(column)).any(|cell| cell.chars().count() > LONGEST_NUMBER)
    }

    fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        cells.peek().is_some() && cells.all(|cell| starts_like_a_number(cell))
    }
}

/// Longer cells are words, or a UUID, even where they begin with a digit: no number with its unit.
const LONGEST_NUMBER: usize = 24;

fn starts_like_a_number(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['+', '-', '−', '±', '~', '<', '>', ' ']);
    cell.chars().count() <= LONGEST_NUMBER && digits.starts_with(|letter: char| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_with_a_digit_stand_left() {
        let numeric = |cell: &str| Table::new("x", ["a"]).row([cell]).is_numeric(0);
        assert!(numeric("53.48 to 61.03 %") && numeric("< 0.0001"));
        assert!(!numeric("6f1c2b0e-0000-4000-8000-000000000000") && !numeric("0 % of attention items answered"));
    }

    #[test]
    fn rows_fit_and_numbers_stand_right() {
        let table = Table::new("Sizes", ["name", "size"]).row(["a", "−1.5 MB"]).row(["b"]).row(["c", "20", "lost"]);
        let mut html = Html::default();
        table.render(&mut html);
        let html = html.into_string();
        assert!(html.contains("<th scope=\"col\">name</th><th scope=\"col\" class=\"number\">size</th>"), "{html}");
        assert!(html.contains("<tr><td>b</td><td class=\"number\"></td></tr>"), "{html}");
        assert!(!html.contains("lost") && !html.contains("words"));
    }

    #[test]
    fn columns_of_words_are_told_from_names() {
        let table = Table::new("Methods", ["name", "method"]).row(["a", "Wilcoxon's signed-rank test, exact"]);
        let mut html = Html::default();
        table.render(&mut html);
        assert!(html.into_string().contains("<td>a</td><td class=\"words\">Wilcoxon"));
    }
}
