//! Tables as CSV files that a spreadsheet may open.

use super::sheet::{Cell, Sheet};
use crate::csv::line;

/// What spreadsheets take for a formula at a cell's beginning, full-width forms and the white space before them included.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// A sheet as CSV (RFC 4180, UTF-8). Numbers have all their digits, intervals two columns; words that a spreadsheet would take for a
/// formula begin with an apostrophe.
pub(super) fn csv(sheet: &Sheet) -> String {
    let mut text = String::new();
    let headings = sheet.columns.iter().flat_map(|column| match column.is_span {
        true => vec![format!("{}_low", heading(column.name)), format!("{}_high", heading(column.name))],
        false => vec![heading(column.name)],
    });
    line(&mut text, headings);
    for row in &sheet.rows {
        let cells = sheet.columns.iter().zip(row);
        line(&mut text, cells.flat_map(|(column, cell)| fields(cell, column.is_span)));
    }
    text
}

fn heading(name: &str) -> String {
    let name = name.to_lowercase();
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

fn fields(cell: &Cell, is_span: bool) -> Vec<String> {
    match cell {
        Cell::Text(words) => vec![guarded(&words.replace('\u{a0}', " "))],
        Cell::Count(count) => vec![count.to_string()],
        Cell::Number(value) | Cell::Share(value) | Cell::P(value) => vec![value.to_string()],
        Cell::Span(low, high) | Cell::Shares(low, high) => vec![low.to_string(), high.to_string()],
        Cell::Empty if is_span => vec![String::new(); 2],
        Cell::Empty => vec![String::new()],
    }
}

/// Words as a spreadsheet shows them rather than runs them. Numbers stay numbers.
fn guarded(words: &str) -> String {
    let is_number = words.parse::<f64>().is_ok_and(f64::is_finite);
    match words.starts_with(FORMULA) && !is_number {
        true => format!("'{words}"),
        false => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_never_formulas() {
        for hostile in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            assert_eq!(guarded(hostile), format!("'{hostile}"));
        }
        for plain in ["-3", "+1.5", "techno", "a=b", "", "'quoted"] {
            assert_eq!(guarded(plain), plain);
        }
    }

    #[test]
    fn headings_are_names() {
        assert_eq!(
            ["p, Holm", "d′", "share of people", "left_out"].map(heading),
            ["p_holm", "d", "share_of_people", "left_out"]
        );
    }

    #[test]
    fn intervals_have_two_columns_and_words_are_quoted() {
        let mut sheet = Sheet::new("x", "X", &["who", "Wilson…", "said"]);
        sheet.push(["all".into(), Cell::Shares(0.25, 0.5), Cell::text("a \"b\", c\nd")]);
        sheet.push(["all".into(), Cell::Empty, Cell::Empty]);
        assert_eq!(csv(&sheet), "who,wilson_low,wilson_high,said\r\nall,0.25,0.5,\"a \"\"b\"\", c\nd\"\r\nall,,,\r\n");
    }
}
